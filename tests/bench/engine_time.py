"""Engine time as a ratio to the plain forward pass of the same model, in the same process, interleaved.

Machines are noisy, so every round times the plain pass and one method in turn, and medians are compared; the plain
pass is transformers' own, with its default attention.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from engine.context import RunContext
from engine.contract import Against, Request
from engine.session import Session

LENGTHS = (16, 32, 64, 128)
METHODS = {
    "decompx": "DecompX, biases apart, both classes and flow",
    "globenc": "GlobEnc, maps and rollout",
    "alti": "ALTI",
    "norms": "norms",
}
SETTINGS = {"decompx": (("bias", "token"),)}


def contenders(session: Session, model: str, ids: tuple[int, ...]) -> dict[str, Callable[[], object]]:
    """Name -> one complete run on a fresh sentence (nothing is taken from a cache)."""
    network = session._open(model).model
    inputs = torch.tensor([ids])

    def plain() -> None:
        with torch.no_grad():
            network(inputs)

    def run(method: str) -> None:
        session._recorded = session._made = None
        asked = Request(1, model, method, ids=ids, target=1, against=Against.NOTHING, components=False)
        session.run(replace(asked, parameters=SETTINGS.get(method, ())), RunContext())

    return {"plain": plain} | {method: partial(run, method) for method in METHODS}


def measure(model: str, length: int, rounds: int) -> dict[str, tuple[float, float]]:
    """Median seconds of the plain pass and of every method at one length, each method in turn with the plain pass."""
    session = Session("float32", "cpu")
    size = session._open(model).vocabulary
    random = np.random.default_rng(length)
    ids = tuple(int(number) for number in random.integers(min(1000, size // 2), size, length))
    runs = contenders(session, model, ids)
    found: dict[str, tuple[float, float]] = {}
    for method in METHODS:
        plain, own = medians((runs["plain"], runs[method]), rounds)
        found[method] = (plain, own)
    return found


def medians(runs: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Median seconds of each run, all of them in turn, a first round not counted."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds + 1):
        for run, taken in zip(runs, times, strict=True):
            begun = time.perf_counter()
            run()
            taken.append(time.perf_counter() - begun)
    return [statistics.median(taken[1:]) for taken in times]


def random_bert_base(folder: Path) -> Path:
    """A BERT-base with random weights and two classes, written once."""
    from transformers.models.bert.configuration_bert import BertConfig
    from transformers.models.bert.modeling_bert import BertForSequenceClassification

    if not (folder / "config.json").is_file():
        torch.manual_seed(0)
        BertForSequenceClassification(BertConfig(num_labels=2)).save_pretrained(folder)
    return folder


def main() -> None:
    """Print one Markdown row per model and length."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bert-base", type=Path, required=True, help="where the random BERT-base is kept")
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    models = {"english-sentiment": "english-sentiment", "random BERT-base": str(random_bert_base(given.bert_base))}
    print(f"| model, tokens | plain ms | {' | '.join(METHODS.values())} |")
    print("|---|---" + "|---" * len(METHODS) + "|")
    for title, model in models.items():
        for length in LENGTHS:
            found = measure(model, length, given.rounds)
            plain = statistics.median(plain for plain, _ in found.values())
            ratios = " | ".join(f"{own * 1000:.0f} ms × {own / beside:.2f}" for beside, own in found.values())
            print(f"| {title}, {length} | {plain * 1000:.1f} | {ratios} |", flush=True)


if __name__ == "__main__":
    main()
