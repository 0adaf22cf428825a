"""A slower second writing of the frozen network, DecompX with a bias column and GlobEnc, for comparison.

Written from the papers' equations with every vector formed: [receiver, source, hidden] tensors pushed forward, no Gram
matrix, no backward pass, nothing of the engine. What it freezes comes from transformers' own eager attention.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

EPSILON = 1e-12


@dataclass
class Layer:
    """One layer: weights by the names of the papers, and what the real pass had there."""

    w_v: Tensor
    b_v: Tensor
    w_o: Tensor
    b_o: Tensor
    w_1: Tensor
    b_1: Tensor
    w_2: Tensor
    b_2: Tensor
    gamma_1: Tensor
    beta_1: Tensor
    gamma_2: Tensor
    beta_2: Tensor
    x: Tensor  # [token, hidden] entering
    alpha: Tensor  # [head, receiver, source]
    sigma_1: Tensor  # [token]
    theta: Tensor  # [token, intermediate]
    sigma_2: Tensor  # [token]

    def heads(self, values: Tensor) -> Tensor:
        """[..., hidden] -> [head, ..., hidden], each head's columns and zeros elsewhere."""
        count, size = len(self.alpha), values.shape[-1] // len(self.alpha)
        kept = torch.zeros(count, values.shape[-1], dtype=values.dtype)
        for head in range(count):
            kept[head, head * size : (head + 1) * size] = 1
        return values * kept.view(count, *[1] * (values.dim() - 1), -1)

    def attend(self, values: Tensor) -> Tensor:
        """Value vectors [source, hidden] -> what receiver i gets from source j, [receiver, source, hidden]."""
        return torch.einsum("hij,hjd->ijd", self.alpha, self.heads(values)) @ self.w_o.T


@dataclass
class Reading:
    """One real pass read for freezing: ``x_out`` [token, hidden] leaves the last layer."""

    layers: list[Layer]
    x_out: Tensor
    logits: Tensor
    w_p: Tensor
    b_p: Tensor
    ratio: Tensor
    w_c: Tensor
    b_c: Tensor


def read(model: Any, ids: tuple[int, ...], **inputs: tuple[int, ...]) -> Reading:
    """Run ``model`` once with transformers' eager attention and keep what is to be frozen."""
    kept = model.config._attn_implementation
    model.set_attn_implementation("eager")
    given = {name: torch.tensor([values]) for name, values in inputs.items()}
    with torch.no_grad():
        answer = model(torch.tensor([ids]), output_hidden_states=True, output_attentions=True, **given)
        model.set_attn_implementation(kept)
        states = [state[0] for state in answer.hidden_states]
        layers = [
            _layer(module, entering, attention[0])
            for module, entering, attention in zip(
                model.base_model.encoder.layer, states, answer.attentions, strict=False
            )
        ]
        bert = hasattr(model.base_model, "pooler") and model.base_model.pooler is not None
        dense = model.base_model.pooler.dense if bert else model.classifier.dense
        out = model.classifier if bert else model.classifier.out_proj
        pre = dense(states[-1][0])
        return Reading(
            layers=layers,
            x_out=states[-1],
            logits=answer.logits[0],
            w_p=dense.weight,
            b_p=dense.bias,
            ratio=torch.tanh(pre) / (pre + EPSILON),
            w_c=out.weight,
            b_c=out.bias,
        )


def _layer(module: Any, x: Tensor, alpha: Tensor) -> Layer:
    attention, own = module.attention, module.attention.self
    norm_1, norm_2 = attention.output.LayerNorm, module.output.LayerNorm
    layer = Layer(
        w_v=own.value.weight,
        b_v=own.value.bias,
        w_o=attention.output.dense.weight,
        b_o=attention.output.dense.bias,
        w_1=module.intermediate.dense.weight,
        b_1=module.intermediate.dense.bias,
        w_2=module.output.dense.weight,
        b_2=module.output.dense.bias,
        gamma_1=norm_1.weight,
        beta_1=norm_1.bias,
        gamma_2=norm_2.weight,
        beta_2=norm_2.bias,
        x=x,
        alpha=alpha,
        sigma_1=x,
        theta=x,
        sigma_2=x,
    )
    z_1 = layer.attend(x @ layer.w_v.T + layer.b_v).sum(1) + layer.b_o + x
    middle = norm_1(z_1)
    p = middle @ layer.w_1.T + layer.b_1
    f = module.intermediate.intermediate_act_fn(p)
    z_2 = f @ layer.w_2.T + layer.b_2 + middle
    layer.sigma_1 = (z_1.var(-1, correction=0) + norm_1.eps).sqrt()
    layer.theta = f / (p + EPSILON)
    layer.sigma_2 = (z_2.var(-1, correction=0) + norm_2.eps).sqrt()
    return layer


def normalise(vectors: Tensor, gamma: Tensor, sigma: Tensor) -> Tensor:
    """LayerNorm without beta: each vector's own mean, the real sigma of its receiver. [receiver, ..., hidden]."""
    centred = gamma * (vectors - vectors.mean(-1, keepdim=True))
    return centred / sigma.view(-1, *[1] * (vectors.dim() - 1))


# DecompX, ``include_bias_token`` with ``bias_decomp_type=None``: the last source column holds the biases.


def decompx(reading: Reading) -> tuple[list[Tensor], Tensor]:
    """Vectors after every layer [receiver, source + bias, hidden], and the shares [class, source + bias]."""
    stages, vectors = [], torch.empty(0)
    for number, layer in enumerate(reading.layers):
        tokens = len(layer.x)
        if number == 0:
            sent = layer.attend(layer.x @ layer.w_v.T + layer.b_v)  # the value bias stays with its source
            sent = sent + torch.eye(tokens, dtype=sent.dtype)[:, :, None] * layer.x
            vectors = torch.cat([sent, torch.zeros_like(sent[:, :1])], dim=1)
            vectors[:, -1] += layer.b_o
        else:
            values = layer.heads(vectors @ layer.w_v.T)  # [head, receiver, source, hidden]
            vectors = vectors + torch.einsum("hij,hjkd->ikd", layer.alpha, values) @ layer.w_o.T
            vectors[:, -1] += layer.w_o @ layer.b_v + layer.b_o
        vectors = normalise(vectors, layer.gamma_1, layer.sigma_1)
        vectors[:, -1] += layer.beta_1
        inner = vectors @ layer.w_1.T
        inner[:, -1] += layer.b_1
        added = (layer.theta[:, None] * inner) @ layer.w_2.T
        added[:, -1] += layer.b_2
        vectors = normalise(vectors + added, layer.gamma_2, layer.sigma_2)
        vectors[:, -1] += layer.beta_2
        stages.append(vectors.clone())
    pooled = vectors[0] @ reading.w_p.T
    pooled[-1] += reading.b_p
    shares = (reading.ratio * pooled) @ reading.w_c.T  # [source + bias, class]
    shares[-1] += reading.b_c
    return stages, shares.T


# The frozen network as a plain affine function of states, for gradients and interventions.


def layer_out(layer: Layer, states: Tensor, values: Tensor | None = None) -> Tensor:
    """One frozen layer with all its biases: states [token, hidden] -> [token, hidden].

    ``values`` [token, hidden] replaces the value vectors where given, which frees them from the states.
    """
    values = states @ layer.w_v.T + layer.b_v if values is None else values
    mixed = torch.einsum("hij,hjd->id", layer.alpha, layer.heads(values)) @ layer.w_o.T + layer.b_o
    middle = normalise(mixed + states, layer.gamma_1, layer.sigma_1) + layer.beta_1
    inner = layer.theta * (middle @ layer.w_1.T + layer.b_1)
    return normalise(inner @ layer.w_2.T + layer.b_2 + middle, layer.gamma_2, layer.sigma_2) + layer.beta_2


def answer_from(reading: Reading, boundary: int, states: Tensor, values: Tensor | None = None) -> Tensor:
    """The frozen network's logits [class] from the states entering layer ``boundary``."""
    for number, layer in enumerate(reading.layers[boundary:]):
        states = layer_out(layer, states, values if number == 0 else None)
    inner = reading.ratio * (reading.w_p @ states[0] + reading.b_p)
    return reading.w_c @ inner + reading.b_c


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
    sent = layer.attend(layer.x @ layer.w_v.T + layer.b_v)
    kept = sent + torch.eye(len(layer.x), dtype=sent.dtype)[:, :, None] * layer.x
    normed = normalise(kept, layer.gamma_1, layer.sigma_1)
    fed = (layer.theta[:, None] * (normed @ layer.w_1.T)) @ layer.w_2.T
    return {
        "attention_values": sent,
        "residual_1": kept,
        "layernorm_1": normed,
        "feed_forward": fed,
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
