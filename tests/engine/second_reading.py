"""What the second writing freezes: one pass of transformers' own model, nothing of the engine.

Attention weights are those of transformers' eager attention. ModernBERT's eager softmax is single precision even in a
double-precision model, so its weights are made here from queries, keys and the window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from transformers.models.modernbert.modeling_modernbert import apply_rotary_pos_emb

LAYERS = {
    *("BertLayer", "RobertaLayer", "XLMRobertaLayer", "CamembertLayer", "ElectraLayer"),
    *("TransformerBlock", "AlbertLayer", "ModernBertEncoderLayer"),
}
Passed = list[tuple[nn.Module, Tensor, dict[str, Any], Tensor]]

EPSILON = 1e-12


class Norm(NamedTuple):
    """A LayerNorm with its deviation frozen: gamma, beta [width] and sigma [token]."""

    gamma: Tensor
    beta: Tensor
    sigma: Tensor


@dataclass
class Layer:
    """One layer: weights by the names of the papers, and what the real pass had there.

    ``norm_first``: both norms stand in front of what they serve; where the first is missing it changes nothing.
    ``theta`` is the ratio of the activation, or in a gated feed-forward the gate.
    """

    w_v: Tensor
    b_v: Tensor
    w_o: Tensor
    b_o: Tensor
    w_1: Tensor
    b_1: Tensor
    w_2: Tensor
    b_2: Tensor
    x: Tensor  # [token, hidden] entering
    alpha: Tensor  # [head, receiver, source]
    norm_first: bool = False
    first: Norm | None = None
    second: Norm | None = None
    theta: Tensor | None = None  # [token, intermediate]

    @property
    def gamma_1(self) -> Tensor:
        return self.first.gamma

    @property
    def beta_1(self) -> Tensor:
        return self.first.beta

    @property
    def sigma_1(self) -> Tensor:
        return self.first.sigma

    @property
    def gamma_2(self) -> Tensor:
        return self.second.gamma

    @property
    def beta_2(self) -> Tensor:
        return self.second.beta

    @property
    def sigma_2(self) -> Tensor:
        return self.second.sigma

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

    def values(self, states: Tensor) -> Tensor:
        """The value vectors of states, biases and all: [token, hidden] -> [token, hidden]."""
        if self.norm_first and self.first is not None:
            states = normalise(states, self.gamma_1, self.sigma_1) + self.beta_1
        return states @ self.w_v.T + self.b_v


@dataclass
class Reading:
    """One real pass read for freezing: ``x_out`` [token, hidden] leaves the last layer.

    The head is a norm of every state (``final``), a weighted mean of states (``pooling`` [token]), dense x ratio, a
    norm, dense; None for what it lacks.
    """

    layers: list[Layer]
    x_out: Tensor
    logits: Tensor
    final: Norm | None
    pooling: Tensor
    w_p: Tensor | None
    b_p: Tensor | None
    ratio: Tensor | None
    norm: Norm | None
    w_c: Tensor
    b_c: Tensor


def normalise(vectors: Tensor, gamma: Tensor, sigma: Tensor) -> Tensor:
    """LayerNorm without beta: each vector's own mean, the real sigma of its receiver. [receiver, ..., hidden]."""
    centred = gamma * (vectors - vectors.mean(-1, keepdim=True))
    return centred / sigma.view(-1, *[1] * (vectors.dim() - 1))


def read(model: Any, ids: tuple[int, ...], position: int | None = None, **inputs: tuple[int, ...]) -> Reading:
    """Run ``model`` once and keep what is to be frozen; the answer is read at ``position``, by default the first."""
    given = {name: torch.tensor([values]) for name, values in inputs.items()}
    modern = model.config.model_type == "modernbert"
    kept = model.config._attn_implementation
    model.set_attn_implementation("sdpa" if modern else "eager")
    with torch.no_grad(), _passed(model) as passed:
        answer = model(torch.tensor([ids]), output_attentions=not modern, **given)
    model.set_attn_implementation(kept)
    layers = []
    with torch.no_grad():
        for number, (module, x, told, _) in enumerate(passed):
            if modern:
                layers.append(_pre_norm(module, x, _rotary_weights(module, x, told, inputs)))
            else:
                layers.append(_post_norm(module, x, answer.attentions[number][0]))
        spoken = answer[0][0] if answer[0].dim() == 2 else answer[0][0, position or 0]
        return _with_head(model, layers, passed[-1][3], _pooling(model, len(ids), position or 0, inputs), spoken)


@contextmanager
def _passed(model: nn.Module) -> Iterator[Passed]:
    """Every layer in the order it ran, the states [token, hidden] entering, what else it was told, those leaving."""
    seen: Passed = []
    handles = [
        module.register_forward_hook(
            lambda module, given, told, out: seen.append((module, given[0][0], told, out[0])), with_kwargs=True
        )
        for module in model.modules()
        if type(module).__name__ in LAYERS
    ]
    yield seen
    for handle in handles:
        handle.remove()


def _weights(module: nn.Linear, rows: slice = slice(None)) -> tuple[Tensor, Tensor]:
    """Weight and bias; a bias that is not there is nothing."""
    weight = module.weight.detach()[rows]
    return weight, torch.zeros(len(weight), dtype=weight.dtype) if module.bias is None else module.bias.detach()[rows]


def _norm(module: nn.LayerNorm, entering: Tensor) -> Norm:
    sigma = (entering.var(-1, correction=0) + module.eps).sqrt()
    gamma = module.weight.detach()
    return Norm(gamma, torch.zeros_like(gamma) if module.bias is None else module.bias.detach(), sigma)


def _post_norm_modules(module: Any) -> tuple[Any, ...]:
    """Value, output, norm 1, dense 1, activation, dense 2, norm 2."""
    if hasattr(module, "sa_layer_norm"):  # DistilBERT
        own, ffn = module.attention, module.ffn
        return (
            own.v_lin,
            own.out_lin,
            module.sa_layer_norm,
            ffn.lin1,
            ffn.activation,
            ffn.lin2,
            module.output_layer_norm,
        )
    own = module.attention
    if hasattr(module, "full_layer_layer_norm"):  # ALBERT
        fed = module.ffn, module.activation, module.ffn_output
        return own.value, own.dense, own.LayerNorm, *fed, module.full_layer_layer_norm
    fed = module.intermediate.dense, module.intermediate.intermediate_act_fn, module.output.dense
    return own.self.value, own.output.dense, own.output.LayerNorm, *fed, module.output.LayerNorm


def _post_norm(module: nn.Module, x: Tensor, alpha: Tensor) -> Layer:
    value, output, norm_1, dense_1, act, dense_2, norm_2 = _post_norm_modules(module)
    (w_v, b_v), (w_o, b_o) = _weights(value), _weights(output)
    (w_1, b_1), (w_2, b_2) = _weights(dense_1), _weights(dense_2)
    layer = Layer(w_v, b_v, w_o, b_o, w_1, b_1, w_2, b_2, x, alpha)
    z_1 = layer.attend(x @ w_v.T + b_v).sum(1) + b_o + x
    middle = norm_1(z_1)
    p = middle @ w_1.T + b_1
    z_2 = act(p) @ w_2.T + b_2 + middle
    layer.first, layer.theta, layer.second = _norm(norm_1, z_1), act(p) / (p + EPSILON), _norm(norm_2, z_2)
    return layer


def _pre_norm(module: Any, x: Tensor, alpha: Tensor) -> Layer:
    hidden, width = x.shape[-1], module.mlp.Wi.out_features // 2
    (w_v, b_v), (w_o, b_o) = _weights(module.attn.Wqkv, slice(2 * hidden, None)), _weights(module.attn.Wo)
    (w_a, b_a), (w_1, b_1) = _weights(module.mlp.Wi, slice(width)), _weights(module.mlp.Wi, slice(width, None))
    w_2, b_2 = _weights(module.mlp.Wo)
    first = None if isinstance(module.attn_norm, nn.Identity) else _norm(module.attn_norm, x)
    layer = Layer(w_v, b_v, w_o, b_o, w_1, b_1, w_2, b_2, x, alpha, norm_first=True, first=first)
    mixed = layer.attend(layer.values(x)).sum(1) + b_o + x
    entering = module.mlp_norm(mixed)
    layer.second, layer.theta = _norm(module.mlp_norm, mixed), module.mlp.act(entering @ w_a.T + b_a)
    return layer


def _rotary_weights(module: Any, x: Tensor, told: dict[str, Any], inputs: dict[str, tuple[int, ...]]) -> Tensor:
    """ModernBERT's attention weights [head, receiver, source] in the precision of the states ``x`` [token, hidden]."""
    settings, tokens = module.config, len(x)
    projected = module.attn.Wqkv(module.attn_norm(x)).view(tokens, 3, settings.num_attention_heads, -1)
    query, key = (projected[:, which].transpose(0, 1)[None] for which in (0, 1))  # [1, head, token, head_size]
    query, key = apply_rotary_pos_emb(query, key, *told["position_embeddings"])
    scores = (query @ key.transpose(2, 3))[0] / query.shape[-1] ** 0.5
    place = torch.arange(tokens)
    seen = torch.tensor(inputs.get("attention_mask", (1,) * tokens), dtype=torch.bool)[None]
    if module.attention_type == "sliding_attention":
        seen = seen & ((place[:, None] - place).abs() <= settings.local_attention // 2)
    return torch.softmax(scores.masked_fill(~seen, torch.finfo(scores.dtype).min), dim=-1)


def _task(model: Any) -> str:
    return type(model).__name__.partition("For")[2] or "Model"


def _pooling(model: Any, tokens: int, position: int, inputs: dict[str, tuple[int, ...]]) -> Tensor:
    weights = torch.zeros(tokens, dtype=model.dtype)
    if _task(model) == "SequenceClassification" and getattr(model.config, "classifier_pooling", "cls") == "mean":
        read_too = torch.tensor(inputs.get("attention_mask", (1,) * tokens), dtype=model.dtype)
        return read_too / read_too.sum()
    weights[position] = 1
    return weights


def _head_modules(model: Any) -> tuple[Any, Callable[[Tensor], Tensor] | None, Any, Any]:
    """Dense, its activation, norm, last dense; None for what is not there."""
    family, task = model.config.model_type, _task(model)
    if family == "modernbert":
        return model.head.dense, model.head.act, model.head.norm, getattr(model, "decoder", None) or model.classifier
    if task == "TokenClassification":
        return None, None, None, model.classifier
    return _filling(family, model) if task == "MaskedLM" else (*_classifying(family, model), None, _last(model))


def _filling(family: str, model: Any) -> tuple[Any, Callable[[Tensor], Tensor], Any, Any]:
    if family == "bert":
        made = model.cls.predictions.transform
        return made.dense, made.transform_act_fn, made.LayerNorm, model.cls.predictions.decoder
    if family == "distilbert":
        return model.vocab_transform, model.activation, model.vocab_layer_norm, model.vocab_projector
    if family == "electra":
        made = model.generator_predictions
        return made.dense, nn.functional.gelu, made.LayerNorm, model.generator_lm_head
    if family == "albert":
        made = model.predictions
        return made.dense, made.activation, made.LayerNorm, made.decoder
    return model.lm_head.dense, nn.functional.gelu, model.lm_head.layer_norm, model.lm_head.decoder


def _classifying(family: str, model: Any) -> tuple[Any, Callable[[Tensor], Tensor]]:
    if family == "bert":
        return model.bert.pooler.dense, torch.tanh
    if family == "distilbert":
        return model.pre_classifier, torch.relu
    if family == "albert":
        return model.albert.pooler, torch.tanh
    return model.classifier.dense, nn.functional.gelu if family == "electra" else torch.tanh


def _last(model: Any) -> Any:
    return getattr(model.classifier, "out_proj", model.classifier)


def _with_head(model: Any, layers: list[Layer], states: Tensor, pooling: Tensor, spoken: Tensor) -> Reading:
    """The reading with the head at the ``states`` [token, hidden] leaving the last layer; ``spoken`` is the answer."""
    base = model.base_model
    final = _norm(base.final_norm, states) if hasattr(base, "final_norm") else None
    normed = states if final is None else normalise(states, final.gamma, final.sigma) + final.beta
    pooled = pooling @ normed
    w_p, b_p, ratio, after = None, None, None, None
    if _task(model) == "Model":
        along = (spoken / spoken.norm())[None]
        nothing = torch.zeros(1, dtype=along.dtype)
        return Reading(layers, states, along @ spoken, final, pooling, w_p, b_p, ratio, after, along, nothing)
    dense, act, norm, last = _head_modules(model)
    if dense is not None and act is not None:
        w_p, b_p = _weights(dense)
        p = w_p @ pooled + b_p
        ratio, pooled = act(p) / (p + EPSILON), act(p)
    if norm is not None:
        after = _norm(norm, pooled[None])
    return Reading(layers, states, spoken, final, pooling, w_p, b_p, ratio, after, *_weights(last))
