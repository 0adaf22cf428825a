"""Explanations made by hand for window tests: no model, no torch, every number known and conserved."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.contract import (
    COMPONENTS,
    FEED_FORWARD_COMPONENTS,
    Components,
    Explanation,
    Flow,
    Head,
    ModelInfo,
    Prediction,
    Request,
    Token,
)

SENTENCE = "The plot was thin, but the actors were absolutely wonderful."


def model_info(layers: int = 6, heads: int = 4) -> ModelInfo:
    return ModelInfo(
        name="english-sentiment",
        title="English sentiment",
        folder="somewhere",
        family="BERT",
        head=Head.SEQUENCE_CLASSIFICATION,
        labels=("negative", "positive"),
        layers=layers,
        heads=heads,
        hidden=32,
        intermediate=64,
        max_tokens=512,
        parameters=22_700_000,
        weights_sha256="0" * 64,
        device="CPU, 2 threads",
        dtype="float32",
        has_tokenizer=True,
    )


VOCABULARY = 30_000


def filling(text: str = "The keys to the cabinet [MASK] here.", **changes: object) -> Explanation:
    """A masked-word answer over a whole vocabulary: "are" before "is", at the gap."""
    labels = ("is", "are", "\u0120was", *(f"piece {index}" for index in range(3, VOCABULARY)))
    logits = np.linspace(0, -5, VOCABULARY)
    logits[:3] = 4.0, 5.0, 3.0
    shares = np.exp(logits) / np.exp(logits).sum()
    made = explanation(text)
    position = next(place for place, token in enumerate(made.tokens) if token.text == "mask")
    given = {
        "model": replace(made.model, head=Head.MASKED_WORD, labels=labels),
        "prediction": Prediction(labels, logits, shares),
        "target": 1,
        "against": -1,
        "explained": (1,),
        "scores_all": made.scores[None],
        "bias": np.array([made.flow.bias.sum()]) if made.flow is not None else None,
        "position": position,
    }
    return replace(made, **(given | changes))  # type: ignore[arg-type]


def words_alone(**changes: object) -> dict[str, object]:
    """What is missing from the answer of a method that gives a number per word and nothing else."""
    nothing = dict.fromkeys(("flow", "scores_all", "bias", "layer_maps", "rollout"))
    return nothing | {"checks": {}} | changes


def tokens_of(text: str) -> tuple[Token, ...]:
    """[CLS], every run of letters or single mark, [SEP]; words of more than eight letters are cut in two pieces."""
    import re

    tokens = [Token("[CLS]", 0, -1, -1, -1, 0, True)]
    for word, match in enumerate(re.finditer(r"\w+|[^\w\s]", text)):
        start, end = match.span()
        cuts = [start, start + 6, end] if end - start > 8 else [start, end]
        for piece, (a, b) in enumerate(pairwise(cuts)):
            tokens.append(Token(("##" if piece else "") + text[a:b].lower(), 7, a, b, word, 0, False))
    tokens.append(Token("[SEP]", 1, -1, -1, -1, 0, True))
    return tuple(tokens)


def flow_of(count: int, layers: int, total: float, seed: int = 0) -> Flow:
    """A signed flow into token 0 that is conserved at every node: shares are split backwards from the answer."""
    random = np.random.default_rng(seed)
    edge = np.zeros((layers, count, count))
    nodes = np.zeros((layers + 1, count))
    bias_in = np.zeros((layers, count))
    bias = np.zeros(layers + 1)
    bias[-1] = -0.1 * total
    nodes[layers, 0] = total - bias[-1]
    for layer in reversed(range(layers)):
        for receiver in range(count):
            held = nodes[layer + 1, receiver]
            bias_in[layer, receiver] = 0.04 * held
            weights = random.random(count) ** 6 * np.where(random.random(count) < 0.25, -0.4, 1.0)
            weights[receiver] += 1.5
            edge[layer, receiver] = (held - bias_in[layer, receiver]) * weights / weights.sum()
        nodes[layer] = edge[layer].sum(0)
        bias[layer] = bias_in[layer].sum()
    return Flow(edge=edge, nodes=nodes, bias_in=bias_in, bias=bias, total=total, from_map=False)


def explanation(
    text: str = SENTENCE, layers: int = 6, heads: int = 4, generation: int = 1, **changes: object
) -> Explanation:
    """A whole, self-consistent answer; ``changes`` replace fields."""
    tokens = tokens_of(text)
    count = len(tokens)
    random = np.random.default_rng(len(text))
    attention = random.random((layers, heads, count, count)) ** 4 + 1e-3
    attention /= attention.sum(-1, keepdims=True)
    maps = {name: random.random((layers, count, count)) ** 3 + 2 * np.eye(count) for name in COMPONENTS[:4]}
    maps["attention"] = attention.mean(1)
    feed_forward = {name: random.random((1, count, count)) ** 3 + 2 * np.eye(count) for name in FEED_FORWARD_COMPONENTS}
    flow = flow_of(count, layers, total=2.75)
    fields: dict[str, object] = {
        "request": Request(generation=generation, model="english-sentiment", method="decompx", text=text),
        "model": model_info(layers, heads),
        "tokens": tokens,
        "prediction": Prediction(("negative", "positive"), np.array([-1.3, 1.45]), np.array([0.06, 0.94])),
        "target": 1,
        "against": 0,
        "explained": (0, 1),
        "position": 0,
        "unit": "logit",
        "signed": True,
        "scores": np.array(flow.nodes[0]),
        "scores_all": np.stack([-flow.nodes[0] / 2, flow.nodes[0] / 2]),
        "bias": np.array([-flow.bias.sum() / 2, flow.bias.sum() / 2]),
        "attention": attention,
        "components": Components(maps, feed_forward, (min(3, layers - 1),)),
        "flow": flow,
        "checks": {"completeness": 2e-7, "conservation": 3e-7},
        "seconds": 0.038,
    }
    return Explanation(**(fields | changes))  # type: ignore[arg-type]
