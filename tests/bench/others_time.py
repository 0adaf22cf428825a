"""The methods that ask the model again: ratios to the plain forward pass, and to the same passes in plain batches.

Occlusion runs one pass per token and value zeroing one pass of every layer per token; beside them stand the plain
model on as many copies of the text, in batches as large. All in one process, in turn; medians.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from engine import registry
from engine.context import RunContext
from engine.contract import Request
from engine.methods.occlusion import TOKENS_AT_ONCE
from engine.session import Session
from tests.bench.engine_time import METHODS as TIMED_APART
from tests.bench.engine_time import medians, random_bert_base

LENGTHS = (16, 32, 128)
# The random model has no mask token.
SETTINGS = {"occlusion": (("replace", "delete"),)}
ONLY_UP_TO = {"attention_flow": 32}
BATCHED = ("occlusion", "value_zeroing")


def runs_of(session: Session, model: str, method: str, tokens: int) -> list[Callable[[], object]]:
    """The plain pass, one complete run of the method, and as many plain passes as tokens, in batches."""
    network, size = session._open(model).model, session._open(model).vocabulary
    ids = tuple(map(int, np.random.default_rng(tokens).integers(min(1000, size // 2), size, tokens)))
    request = Request(1, model, method, ids=ids, parameters=SETTINGS.get(method, ()), target=1, components=False)
    step = max(1, TOKENS_AT_ONCE // tokens)
    # Deleting leaves one token less.
    inputs = torch.tensor([ids if method != "occlusion" else ids[1:]])

    def plain() -> None:
        with torch.no_grad():
            network(torch.tensor([ids]))

    def run() -> None:
        session._recorded = session._made = None
        session.run(request, RunContext())

    def batched() -> None:
        with torch.no_grad():
            for start in range(0, tokens, step):
                network(inputs.repeat(min(step, tokens - start), 1))

    return [plain, run, batched] if method in BATCHED else [plain, run]


def measure(session: Session, model: str, method: str, tokens: int, rounds: int) -> list[float]:
    """Median seconds of each of :func:`runs_of`."""
    runs = runs_of(session, model, method, tokens)
    return medians(runs, rounds)


def main() -> None:
    """Print one Markdown row per method."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bert-base", type=Path, required=True, help="where the random BERT-base is kept")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    model, session = str(random_bert_base(given.bert_base)), Session("float32", "cpu")
    print("| method | " + " | ".join(f"{tokens} tokens" for tokens in LENGTHS) + " |")
    print("|---" * (len(LENGTHS) + 1) + "|")
    for method in registry.discover():
        if method.id in TIMED_APART or method.id in session.open(model).unavailable:
            continue
        cells = []
        for tokens in LENGTHS:
            if tokens > ONLY_UP_TO.get(method.id, tokens):
                cells.append("-")
                continue
            plain, own, *batched = measure(session, model, method.id, tokens, given.rounds)
            beside = f", {own / batched[0]:.2f} × batched" if batched else ""
            cells.append(f"{1000 * own:.0f} ms × {own / plain:.1f}{beside}")
        print(f"| {method.id} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
