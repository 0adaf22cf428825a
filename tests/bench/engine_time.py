"""Engine time as a ratio to the plain forward pass of the same model, in the same process, interleaved.

Machines are noisy, so every round times all contenders one after the other and the medians of a fresh process are
compared; the plain pass is transformers' own, with its default attention.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch

from engine.context import RunContext
from engine.contract import Against, Request
from engine.session import Session

LENGTHS = (16, 32, 64, 128)
METHODS = {
    "decompx": "DecompX, both classes and flow",
    "globenc": "GlobEnc, maps and rollout",
    "alti": "ALTI",
    "norms": "norms",
}


def contenders(session: Session, model: str, ids: tuple[int, ...]) -> dict[str, Callable[[], object]]:
    """Name -> one complete run on a fresh sentence (nothing is taken from a cache)."""
    network = session._open(model).model
    inputs = torch.tensor([ids])

    def plain() -> None:
        with torch.no_grad():
            network(inputs)

    def run(method: str) -> None:
        session._recorded = session._made = None
        request = Request(1, model, method, ids=ids, target=1, against=Against.NOTHING, components=False)
        session.run(request, RunContext())

    return {"plain": plain} | {method: partial(run, method) for method in METHODS}


def measure(model: str, length: int, rounds: int) -> dict[str, float]:
    """Median seconds of every contender at one length."""
    session = Session("float32", "cpu")
    size = session._open(model).vocabulary
    random = np.random.default_rng(length)
    ids = tuple(int(number) for number in random.integers(min(1000, size // 2), size, length))
    runs = contenders(session, model, ids)
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds + 2):
        for name, run in runs.items():
            begun = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - begun)
    return {name: statistics.median(taken[2:]) for name, taken in times.items()}


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
            plain = found["plain"]
            ratios = " | ".join(f"{found[name] * 1000:.0f} ms × {found[name] / plain:.2f}" for name in METHODS)
            print(f"| {title}, {length} | {plain * 1000:.1f} | {ratios} |", flush=True)


if __name__ == "__main__":
    main()
