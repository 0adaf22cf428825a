"""All measurements, one after the other, into ``RESULTS.md``. Takes some minutes on a quiet machine.

Speed is given as ratios inside one process, because machines differ and are noisy; times stand beside them for scale.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
LENGTHS = (16, 128, 512)
# The first reopening belongs to the warm-up.
SOAKED = ("--actions", "1000000", "--minutes", "10", "--patience", "5", "--reopen-every", "150")


def run(script: str, *arguments: str, **environment: str) -> str:
    """What one measurement prints."""
    paths = {"PYTHONPATH": str(HERE.parents[1])}
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env=os.environ | paths | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def processor() -> str:
    """The processor's own name, where the system tells it."""
    told = Path("/proc/cpuinfo")
    names = [line for line in told.read_text().splitlines() if line.startswith("model name")] if told.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor()


def memory_table(bert_base: str) -> str:
    """Peak memory per method and length."""
    methods = {"the model alone": "plain", "DecompX, biases apart": "decompx --set bias=token"}
    methods |= {"DecompX as published": "decompx", "GlobEnc": "globenc"}
    lines = [f"| random BERT-base, tokens | {' | '.join(methods)} |", "|---" * (len(methods) + 1) + "|"]
    for length in LENGTHS:
        asked = [method.partition(" ")[::2] for method in methods.values()]
        figures = [run("memory.py", bert_base, method, str(length), *more.split()) for method, more in asked]
        lines.append(f"| {length} | " + " | ".join(f"{figure} MB" for figure in figures) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--platform", default="offscreen", help="Qt platform of the window measurements")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = run("engine_time.py", "--bert-base", folder)
        pushed = run("push_time.py", "--bert-base", folder)
        others = run("others_time.py", "--bert-base", folder)
        cancelled = run("cancel_time.py", folder)
        memory = memory_table(folder)
        forecasts = run("forecast_memory.py", folder)
    window = run("window_time.py", "typing", QT_QPA_PLATFORM=given.platform)
    begin = run("window_time.py", "start", QT_QPA_PLATFORM=given.platform)
    typed = run("typing_soak.py", QT_QPA_PLATFORM=given.platform)
    soak = run("soak.py", *SOAKED, QT_QPA_PLATFORM=given.platform)
    frames = run("frames.py", QT_QPA_PLATFORM=given.platform)
    figures = run("figure_time.py")
    batch = run("batch_time.py")
    text = f"""# Measured

`python tests/bench/run.py` writes this page. {processor()}, {os.cpu_count()} cores, {platform.system()},
Python {platform.python_version()}, torch {version("torch")}, float32.

## Engine

Medians of rounds in one process, each method in turn with the plain forward pass (transformers' own, sdpa); × is the
ratio. Every run is complete: tokens to arrays, with the recorded forward pass in it, nothing from a cache.

{engine}

## DecompX as published

Every word is followed forward, a vector per pair of words. “Products” are the matrix products this takes, alone, with
the same shapes; a whole run has the recorded forward pass and the flow's backward pass besides.

{pushed}

## The other methods

Random BERT-base; × is the ratio to the plain forward pass. “Batched” are plain passes of as many copies of the text.

{others}

## Cancelling

Random BERT-base, 128 tokens (maximum flow: 32): the longest time from a cancel to the end of the run.

{cancelled}

## Memory

Peak resident size of a fresh process that opens the model and answers one request.

{memory}

What the engine says beforehand a run will take beside the model, and what it took beside the model alone:

{forecasts}

## Window

The bundled model, a 20-word sentence, Qt platform “{given.platform}”. A keystroke counts from the end of the debounce
to the first paint of the flow with the new text's result.

| | |
|---|---|
{window}
{begin}
{typed}

Somebody does anything at all with the real program, at random, for ten minutes (`soak.py`): memory, threads, files and
processes are counted at rest on one and the same sentence. The bar: no tracebacks, memory grown by less than 50 MB,
everything else as after the warm-up.

| | |
|---|---|
{soak}

Frames at 1600 x 1000 on hand-made explanations: from a gesture until everything that changed is painted, in every card.
× is the ratio to the frame of an empty window of that size. Aims are median / 95th percentile in milliseconds.

{frames}

## Figures

A hand-made answer of 12 layers and 30 words, laid out and written as a slide.

{figures}

200 sentences to figures and one table; drawing goes on beside the engine. “Alone” is how
long the engine takes for the same sentences when nothing is drawn beside it, over the whole.

{batch}
"""
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
