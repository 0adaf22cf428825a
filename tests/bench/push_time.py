"""Forward-pushed DecompX beside the plain forward pass and beside its own matrix products alone, in one process.

The floor is the matrix products of taking every pair of tokens through every layer, with the shapes they have there,
into memory that is already there: value and output of all layers but the first, the mixing, the feed-forward of all
layers. The last layer is counted whole, because its map of norms needs every row. A run holds besides the recorded
forward pass and the backward pass of the flow, each about as long as the plain pass; the propagation alone is timed
too. Rounds take all four in turn, and medians are compared.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch

from engine.context import RunContext
from engine.contract import Request
from engine.push.propagation import NUMBERS_AT_ONCE, Setting, propagate
from engine.session import Session
from tests.bench.engine_time import medians, random_bert_base

LENGTHS = (16, 32, 64, 128)


def products(config: object, tokens: int, dtype: torch.dtype) -> Callable[[], None]:
    """The matrix products of one propagation of ``tokens`` tokens, alone."""
    hidden, inner = config.hidden_size, config.intermediate_size  # type: ignore[attr-defined]
    heads, layers = config.num_attention_heads, config.num_hidden_layers  # type: ignore[attr-defined]
    step = max(1, NUMBERS_AT_ONCE // hidden // tokens) * tokens
    vectors, made = (torch.randn(step, hidden, dtype=dtype) for _ in range(2))
    between = torch.randn(step, inner, dtype=dtype)
    square, wide, narrow = (
        torch.randn(size, dtype=dtype) for size in ((hidden,) * 2, (inner, hidden), (hidden, inner))
    )
    attention = torch.rand(heads, tokens, tokens, dtype=dtype)
    mixed = torch.empty(heads, tokens, hidden // heads, dtype=dtype)

    def layer(*, first: bool) -> None:
        for start in range(0, tokens * tokens, step):
            rows = min(step, tokens * tokens - start)
            some, other, inside = vectors[:rows], made[:rows], between[:rows]
            if not first:
                torch.mm(some, square.T, out=other)
                for source in other.view(-1, tokens, heads, hidden // heads):
                    torch.bmm(attention, source.transpose(0, 1), out=mixed)
                torch.mm(other, square.T, out=some)
            torch.mm(some, wide.T, out=inside)
            torch.mm(inside, narrow.T, out=other)

    def run() -> None:
        for number in range(layers):
            layer(first=number == 0)

    return run


def measure(model: str, tokens: int, precision: str, rounds: int) -> list[float]:
    """Median seconds of the plain pass, of the products alone, of a complete run, and of its propagation alone."""
    session = Session("float32", "cpu")
    network = session._open(model).model
    size = session._open(model).vocabulary
    ids = tuple(map(int, np.random.default_rng(tokens).integers(min(1000, size // 2), size, tokens)))
    inputs = torch.tensor([ids])

    def plain() -> None:
        with torch.no_grad():
            network(inputs)

    def method() -> None:
        session._recorded = session._made = None
        parameters = (("bias", "absdot"), ("precision", precision))
        session.run(Request(1, model, "decompx", ids=ids, parameters=parameters, components=False), RunContext())

    dtype = torch.float32 if precision == "full" else torch.bfloat16
    setting = Setting("absdot", "zo", "zo", (True, True), dtype)

    def propagation() -> None:
        with torch.no_grad():
            propagate(session._recorded[1].network, setting, RunContext())

    runs = (plain, products(network.config, tokens, dtype), method, propagation)
    return medians(runs, rounds)


def main() -> None:
    """Print one Markdown row per model, precision and length."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bert-base", type=Path, required=True, help="where the random BERT-base is kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS)
    given = parser.parse_args()
    take = partial(measure, rounds=given.rounds)
    told = "plain ms | products ms | propagation ms | × products | whole run ms | × products | × plain"
    print(f"| model, tokens | precision | {told} |")
    print("|---" * 9 + "|")
    models = {"english-sentiment": "english-sentiment", "random BERT-base": str(random_bert_base(given.bert_base))}
    for title, model in models.items():
        for precision in ("full", "bf16"):
            for tokens in given.lengths:
                plain, floor, own, alone = take(model, tokens, precision)
                figures = f"{1000 * plain:.1f} | {1000 * floor:.1f} | {1000 * alone:.1f} | {alone / floor:.2f}"
                figures += f" | {1000 * own:.1f} | {own / floor:.2f} | {own / plain:.1f}"
                print(f"| {title}, {tokens} | {precision} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
