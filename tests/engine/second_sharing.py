"""A slower second writing of DecompX with its biases shared among the tokens, one receiver and one vector at a time.

Written from the paper's equations (Modarressi et al. 2023, section 3.2) on lists of vectors; it shares nothing with the
engine, and with the other second writing only the reading of a real pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from tests.engine.second_writing import EPSILON, Layer, Reading

Row = list[Tensor]  # what each source gives one receiver


def weights_of(row: Row, bias: Tensor, kind: str) -> list[float]:
    """Which part of a bias each source takes."""
    scores = []
    for place, vector in enumerate(row):
        product, length = float(vector @ bias), math.sqrt(float(vector @ vector))
        cosine = product / (max(length, 1e-8) * max(math.sqrt(float(bias @ bias)), 1e-8))
        scores.append(
            {
                "absdot": abs(product),
                "dot": product,
                "abssim": abs(cosine) if length != 0 else 0.0,
                "norm": length,
                "equal": float(length != 0),
                "cls": float(place == 0),
                "token": float(place == len(row) - 1),
            }[kind]
        )
    return [score / (sum(scores) + EPSILON) for score in scores]


def shared(row: Row, bias: Tensor, kind: str | None) -> Row:
    """The row with a bias shared out."""
    if kind is None:
        return row
    return [vector + weight * bias for vector, weight in zip(row, weights_of(row, bias, kind), strict=True)]


SLOPES: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": lambda p: (1 + torch.erf(p / 2**0.5)) / 2 + p * torch.exp(-(p**2) / 2) / (2 * math.pi) ** 0.5,
    "relu": lambda p: (p > 0).double(),
    "silu": lambda p: torch.sigmoid(p) * (1 + p * (1 - torch.sigmoid(p))),
    "tanh": lambda p: 1 - torch.tanh(p) ** 2,
}


def activated(row: Row, p: Tensor, ratio: Tensor, how: str, act: str, kind: str | None) -> Row:
    """A row behind an activation; ``ratio`` is act(p) / (p + 1e-12)."""
    if how == "zo":
        return [ratio * vector for vector in row]
    if how == "relu":
        return [(p > 0) * vector for vector in row]
    slope = SLOPES[act](p)
    return shared([slope * vector for vector in row], ratio * (p + EPSILON) - slope * p, kind or "absdot")


def normed(row: Row, gamma: Tensor, beta: Tensor, sigma: Tensor, kind: str | None) -> Row:
    """A row behind a LayerNorm."""
    return shared([gamma * (vector - vector.mean()) / sigma for vector in row], beta, kind)


def real_pre_activation(layer: Layer) -> Tensor:
    """p of the real pass, [token, intermediate]."""
    z = layer.attend(layer.x @ layer.w_v.T + layer.b_v).sum(1) + layer.b_o + layer.x
    middle = layer.gamma_1 * (z - z.mean(-1, keepdim=True)) / layer.sigma_1[:, None] + layer.beta_1
    return middle @ layer.w_1.T + layer.b_1


def mixed(layer: Layer, before: list[Row] | None, receiver: int, sources: int) -> Row:
    """Attention and residual of one receiver: from the rows of the layer below, or from the real states."""
    tokens, row = len(layer.x), []
    for source in range(sources):
        if before is None and source < tokens:
            value = layer.x[source] @ layer.w_v.T + layer.b_v
            sent = sum(
                alpha[receiver, source] * part for alpha, part in zip(layer.alpha, layer.heads(value), strict=True)
            )
            row.append(layer.w_o @ sent + (layer.x[source] if source == receiver else 0))
        elif before is None:
            row.append(torch.zeros_like(layer.x[0]))
        else:
            sent = torch.zeros_like(layer.x[0])
            for token in range(tokens):
                value = before[token][source] @ layer.w_v.T
                for alpha, part in zip(layer.alpha, layer.heads(value), strict=True):
                    sent = sent + alpha[receiver, token] * part
            row.append(layer.w_o @ sent + before[receiver][source])
    return row


def through(
    layer: Layer,
    before: list[Row] | None,
    *,
    kind: str | None,
    ffn: str = "zo",
    norms: str = "both",
    act: str = "gelu",
) -> list[Row]:
    """One layer; ``before`` None starts from the real states."""
    p, rows = real_pre_activation(layer), []
    bias = layer.b_o if before is None else layer.b_o + layer.w_o @ layer.b_v
    for receiver in range(len(layer.x)):
        row = shared(mixed(layer, before, receiver, len(layer.x) + (kind == "token")), bias, kind)
        if norms in ("both", "first"):
            row = normed(row, layer.gamma_1, layer.beta_1, layer.sigma_1[receiver], kind)
        if ffn != "off":
            inner = shared([layer.w_1 @ vector for vector in row], layer.b_1, kind)
            inner = activated(inner, p[receiver], layer.theta[receiver], ffn, act, kind)
            added = shared([layer.w_2 @ vector for vector in inner], layer.b_2, kind)
            row = [vector + more for vector, more in zip(row, added, strict=True)]
        if norms in ("both", "second"):
            row = normed(row, layer.gamma_2, layer.beta_2, layer.sigma_2[receiver], kind)
        rows.append(row)
    return rows


def stacked(rows: list[Row]) -> Tensor:
    """[receiver, source, hidden]."""
    return torch.stack([torch.stack(row) for row in rows])


def decompx(reading: Reading, *, kind: str | None, tanh: str = "zo", **kept: str) -> tuple[list[Tensor], Tensor]:
    """Vectors after every layer [receiver, source, hidden], and the shares [class, source]."""
    rows, stages = None, []
    for layer in reading.layers:
        rows = through(layer, rows, kind=kind, **kept)
        stages.append(stacked(rows))
    p = reading.w_p @ reading.x_out[0] + reading.b_p
    pooled = shared([reading.w_p @ vector for vector in rows[0]], reading.b_p, kind)
    pooled = activated(pooled, p, reading.ratio, tanh, "tanh", kind)
    logits = shared([reading.w_c @ vector for vector in pooled], reading.b_c, kind)
    return stages, torch.stack(logits).T
