"""A slower second writing of the frozen network, DecompX with a bias column and GlobEnc, for comparison.

Written from the papers' equations with every vector formed: [receiver, source, hidden] tensors pushed forward, no Gram
matrix, no backward pass, nothing of the engine. What it freezes comes from transformers' own attention
(``tests.engine.second_reading``).
"""

from __future__ import annotations

import torch
from torch import Tensor

from tests.engine.second_reading import EPSILON, Layer, Norm, Reading, normalise, read

__all__ = [
    "EPSILON",
    "Layer",
    "Norm",
    "Reading",
    "answer_from",
    "answered",
    "component_maps",
    "component_vectors",
    "decompx",
    "gradient",
    "layer_out",
    "mixing_ratio",
    "normalise",
    "read",
    "states_at",
]

# DecompX, ``include_bias_token`` with ``bias_decomp_type=None``: the last column holds the biases.


def _normalised(vectors: Tensor, norm: Norm | None) -> Tensor:
    """[receiver, source + bias, hidden], beta in the last column."""
    if norm is None:
        return vectors.clone()
    normed = normalise(vectors, norm.gamma, norm.sigma)
    normed[:, -1] += norm.beta
    return normed


def _fed(layer: Layer, vectors: Tensor) -> Tensor:
    """Through the feed-forward: [receiver, source + bias, hidden]."""
    inner = vectors @ layer.w_1.T
    inner[:, -1] += layer.b_1
    added = (layer.theta[:, None] * inner) @ layer.w_2.T
    added[:, -1] += layer.b_2
    return added


def _attended(layer: Layer, vectors: Tensor) -> Tensor:
    """Through attention: [receiver, source + bias, hidden]."""
    values = vectors @ layer.w_v.T
    values[:, -1] += layer.b_v
    added = torch.einsum("hij,hjkd->ikd", layer.alpha, layer.heads(values)) @ layer.w_o.T
    added[:, -1] += layer.b_o
    return added


def _alone(states: Tensor) -> Tensor:
    """Every state in its own column, no bias: [token, hidden] -> [token, token + 1, hidden]."""
    apart = torch.eye(len(states), dtype=states.dtype)[:, :, None] * states
    return torch.cat([apart, torch.zeros_like(apart[:, :1])], dim=1)


def _pushed(layer: Layer, vectors: Tensor, *, first: bool) -> Tensor:
    """Through one layer: [receiver, source + bias, hidden]."""
    if layer.norm_first:
        vectors = vectors + _attended(layer, _normalised(vectors, layer.first))
        return vectors + _fed(layer, _normalised(vectors, layer.second))
    if first:  # the value bias stays with its source
        sent = layer.attend(layer.x @ layer.w_v.T + layer.b_v)
        vectors = vectors + torch.cat([sent, layer.b_o.expand_as(sent[:, :1])], dim=1)
    else:
        vectors = vectors + _attended(layer, vectors)
    vectors = _normalised(vectors, layer.first)
    return _normalised(vectors + _fed(layer, vectors), layer.second)


def answered(head: Reading, vectors: Tensor) -> Tensor:
    """The head's answers to [token, source + bias, hidden]: [source + bias, class]."""
    pooled = torch.einsum("t,tkd->kd", head.pooling, _normalised(vectors, head.final))
    if head.ratio is not None:
        pooled = pooled @ head.w_p.T
        pooled[-1] += head.b_p
        pooled = head.ratio * pooled
    if head.norm is not None:
        pooled = _normalised(pooled[None], head.norm)[0]
    found = pooled @ head.w_c.T
    found[-1] += head.b_c
    return found


def decompx(reading: Reading) -> tuple[list[Tensor], Tensor]:
    """Vectors after every layer [receiver, source + bias, hidden], and the shares [class, source + bias]."""
    stages, vectors = [], _alone(reading.layers[0].x)
    for number, layer in enumerate(reading.layers):
        vectors = _pushed(layer, vectors, first=number == 0)
        stages.append(vectors)
    return stages, answered(reading, vectors).T


# The frozen network as a plain affine function of states, for gradients and interventions.


def layer_out(layer: Layer, states: Tensor, values: Tensor | None = None) -> Tensor:
    """One frozen layer with all its biases: states [token, hidden] -> [token, hidden].

    ``values`` [token, hidden] replaces the value vectors where given, which frees them from the states.
    """
    values = layer.values(states) if values is None else values
    mixed = torch.einsum("hij,hjd->id", layer.alpha, layer.heads(values)) @ layer.w_o.T + layer.b_o + states
    nearer = layer.second if layer.norm_first else layer.first
    normed = normalise(mixed, nearer.gamma, nearer.sigma) + nearer.beta
    fed = (layer.theta * (normed @ layer.w_1.T + layer.b_1)) @ layer.w_2.T + layer.b_2
    return mixed + fed if layer.norm_first else normalise(normed + fed, layer.gamma_2, layer.sigma_2) + layer.beta_2


def answer_from(reading: Reading, boundary: int, states: Tensor, values: Tensor | None = None) -> Tensor:
    """The frozen network's logits [class] from the states entering layer ``boundary``."""
    for number, layer in enumerate(reading.layers[boundary:]):
        states = layer_out(layer, states, values if number == 0 else None)
    return answered(reading, torch.stack([states, torch.zeros_like(states)], dim=1)).sum(0)


def states_at(reading: Reading, boundary: int) -> Tensor:
    """The real states [token, hidden] at a boundary."""
    return reading.layers[boundary].x if boundary < len(reading.layers) else reading.x_out


def gradient(reading: Reading, boundary: int, towards: Tensor) -> Tensor:
    """Gradient [token, hidden] of a combination of logits, by torch's own differentiation of the frozen network."""
    states = states_at(reading, boundary).clone().requires_grad_(True)
    with torch.enable_grad():
        value = answer_from(reading, boundary, states) @ towards
    return torch.autograd.grad(value, states)[0]


# GlobEnc and the component maps, with the full [receiver, source, hidden] tensor.


def component_vectors(layer: Layer) -> dict[str, Tensor]:
    """What every source sends every receiver after each component, [receiver, source, hidden]."""
    sent = layer.attend(layer.values(layer.x))
    kept = sent + torch.eye(len(layer.x), dtype=sent.dtype)[:, :, None] * layer.x
    nearer = layer.second if layer.norm_first else layer.first
    normed = normalise(kept, nearer.gamma, nearer.sigma)
    fed = (layer.theta[:, None] * (normed @ layer.w_1.T)) @ layer.w_2.T
    found = {"attention_values": sent, "residual_1": kept, "layernorm_1": normed, "feed_forward": fed}
    if layer.norm_first:
        return found | {"residual_2": kept + fed, "layer": kept + fed}
    return found | {
        "residual_2": normed + fed,
        "layer": normalise(normed + fed, layer.gamma_2, layer.sigma_2),
        # GlobEnc's own last map: both norms, no feed-forward.
        "N_Enc": normalise(normed, layer.gamma_2, layer.sigma_2),
    }


def component_maps(layer: Layer) -> dict[str, Tensor]:
    """Norms [receiver, source] after each component, and the head mean of attention."""
    norms = {name: vectors.norm(dim=-1) for name, vectors in component_vectors(layer).items()}
    return norms | {"attention": layer.alpha.mean(0)}


def mixing_ratio(vectors: Tensor) -> Tensor:
    """m / (m + p) per receiver: m the norm of all that came from others together, p of what is its own."""
    own = vectors.diagonal(dim1=0, dim2=1).T  # [receiver, hidden]
    m, p = (vectors.sum(1) - own).norm(dim=-1), own.norm(dim=-1)
    return m / (m + p)
