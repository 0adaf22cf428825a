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


def unmixed(layer: Layer, sources: int) -> list[Row]:
    """Every token's own state, and nothing of the others."""
    nothing = torch.zeros_like(layer.x[0])
    return [
        [layer.x[receiver] if source == receiver else nothing for source in range(sources)]
        for receiver in range(len(layer.x))
    ]


def mixed(layer: Layer, before: list[Row], entering: list[Row], receiver: int) -> Row:
    """Attention without any bias, and residual, of one receiver; values are made of the rows ``entering``."""
    made = []
    for source, kept in enumerate(before[receiver]):
        sent = torch.zeros_like(kept)
        for token, row in enumerate(entering):
            value = row[source] @ layer.w_v.T
            for alpha, part in zip(layer.alpha, layer.heads(value), strict=True):
                sent = sent + alpha[receiver, token] * part
        made.append(layer.w_o @ sent + kept)
    return made


def begun(layer: Layer, receiver: int, sources: int) -> Row:
    """Attention and residual of one receiver from the real states, the value bias with its source."""
    row = []
    for source in range(sources):
        if source >= len(layer.x):
            row.append(torch.zeros_like(layer.x[0]))
            continue
        value = layer.x[source] @ layer.w_v.T + layer.b_v
        sent = sum(alpha[receiver, source] * part for alpha, part in zip(layer.alpha, layer.heads(value), strict=True))
        row.append(layer.w_o @ sent + (layer.x[source] if source == receiver else 0))
    return row


def fed(layer: Layer, row: Row, receiver: int, *, kind: str | None, ffn: str, act: str) -> Row:
    """What the feed-forward makes of one receiver's row; a gate is what it was."""
    p = layer.theta[receiver] if layer.norm_first else real_pre_activation(layer)[receiver]
    inner = shared([layer.w_1 @ vector for vector in row], layer.b_1, kind)
    inner = activated(inner, p, layer.theta[receiver], ffn, act, kind)
    return shared([layer.w_2 @ vector for vector in inner], layer.b_2, kind)


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
    sources = len(layer.x) + (kind == "token")
    if layer.norm_first:
        return through_pre_norm(layer, before or unmixed(layer, sources), kind=kind, ffn=ffn, norms=norms)
    bias, rows = layer.b_o if before is None else layer.b_o + layer.w_o @ layer.b_v, []
    for receiver in range(len(layer.x)):
        row = begun(layer, receiver, sources) if before is None else mixed(layer, before, before, receiver)
        row = shared(row, bias, kind)
        if norms in ("both", "first"):
            row = normed(row, layer.gamma_1, layer.beta_1, layer.sigma_1[receiver], kind)
        if ffn != "off":
            added = fed(layer, row, receiver, kind=kind, ffn=ffn, act=act)
            row = [vector + more for vector, more in zip(row, added, strict=True)]
        if norms in ("both", "second"):
            row = normed(row, layer.gamma_2, layer.beta_2, layer.sigma_2[receiver], kind)
        rows.append(row)
    return rows


def through_pre_norm(layer: Layer, before: list[Row], *, kind: str | None, ffn: str, norms: str) -> list[Row]:
    """One layer whose norms stand in front of what they serve."""
    entering, rows = before, []
    if layer.first is not None and norms in ("both", "first"):
        entering = [
            normed(row, layer.gamma_1, layer.beta_1, layer.sigma_1[token], kind) for token, row in enumerate(before)
        ]
    for receiver in range(len(layer.x)):
        row = shared(mixed(layer, before, entering, receiver), layer.w_o @ layer.b_v + layer.b_o, kind)
        if ffn != "off":
            inner = row
            if norms in ("both", "second"):
                inner = normed(row, layer.gamma_2, layer.beta_2, layer.sigma_2[receiver], kind)
            added = fed(layer, inner, receiver, kind=kind, ffn=ffn, act="")
            row = [vector + more for vector, more in zip(row, added, strict=True)]
        rows.append(row)
    return rows


def stacked(rows: list[Row]) -> Tensor:
    """[receiver, source, hidden]."""
    return torch.stack([torch.stack(row) for row in rows])


def layers_of(reading: Reading, *, kind: str | None, **kept: str) -> list[list[Row]]:
    """The rows after every layer."""
    rows, stages = None, []
    for layer in reading.layers:
        rows = through(layer, rows, kind=kind, **kept)
        stages.append(rows)
    return stages


def pooled(reading: Reading, rows: list[Row], kind: str | None) -> Row:
    """The row of the one vector the head works on, and behind the final norm."""
    whole = [torch.zeros_like(vector) for vector in rows[0]]
    for token, (weight, row) in enumerate(zip(reading.pooling.tolist(), rows, strict=True)):
        if reading.final is not None:
            gamma, beta, sigma = reading.final
            row = normed(row, gamma, beta, sigma[token], kind)
        whole = [sum_ + weight * vector for sum_, vector in zip(whole, row, strict=True)]
    return whole


def answered(reading: Reading, row: Row, kind: str | None, tanh: str = "zo", act: str = "tanh") -> Tensor:
    """The shares [class, source] of the row the head works on; ``act`` is the head's own activation."""
    if reading.ratio is not None:
        states = reading.x_out
        if reading.final is not None:
            gamma, beta, sigma = reading.final
            states = torch.stack([gamma * (x - x.mean()) / s + beta for x, s in zip(states, sigma, strict=True)])
        p = reading.w_p @ (reading.pooling @ states) + reading.b_p
        row = shared([reading.w_p @ vector for vector in row], reading.b_p, kind)
        row = activated(row, p, reading.ratio, tanh, act, kind)
    if reading.norm is not None:
        gamma, beta, sigma = reading.norm
        row = normed(row, gamma, beta, sigma[0], kind)
    return torch.stack(shared([reading.w_c @ vector for vector in row], reading.b_c, kind)).T
