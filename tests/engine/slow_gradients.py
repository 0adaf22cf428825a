"""A slower second writing of attention gradients and of Beyond Intuition: one scaling and one layer at a time.

transformers' own eager attention and torch.autograd over the whole model; nothing of the engine is asked for a number.
Value vectors and output weights are found by the family's module paths.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from engine.contract import Head
from tests.engine.models import Tiny, folder, opened

# transformers' eager ModernBERT computes its softmax in float32 whatever the model's dtype is.
APART = {"modernbert": 1e-5}


def apart(model: Tiny, dtype_tolerance: float) -> float:
    """How far the second writing may lie from the engine's float64."""
    return APART.get(model.family, dtype_tolerance)


class SlowModel:
    """One model on one input, read at its tiny position: y is the logit of a class, or one less another."""

    def __init__(self, tiny: Tiny, ids: tuple[int, ...]) -> None:
        known = opened(tiny)
        self.tiny, self.paths = tiny, known.family.block
        kind = type(known.model)
        self.model: Any = kind.from_pretrained(folder(tiny), attn_implementation="eager", dtype=torch.float64).eval()
        places = {id(module): name for name, module in known.model.named_modules()}
        self.layers = [self.model.get_submodule(places[id(parts.layer)]) for parts in known.layers]
        self.ids = torch.tensor([ids])
        self.position = tiny.position or 0
        self.values: list[Tensor] = []
        self.attention, self.states, self.last = self._read(1.0)
        self.direction = (self.last[self.position] / self.last[self.position].norm()).detach()

    def _run(self, scale: float) -> Any:
        """One pass with the states entering the first layer multiplied by ``scale``."""
        self.values, entered = [], []

        def enter(_module: Any, inputs: tuple[Any, ...]) -> Any:
            entered.append(True)
            return (inputs[0] * scale, *inputs[1:]) if len(entered) == 1 else None

        handles = [self.layers[0].register_forward_pre_hook(enter)]
        for layer in dict.fromkeys(self.layers):
            value = layer.get_submodule(self.paths.value)
            handles.append(value.register_forward_hook(lambda _m, _i, output: self.values.append(output[0].detach())))
        try:
            return self.model(input_ids=self.ids, output_attentions=True, output_hidden_states=True)
        finally:
            for handle in handles:
                handle.remove()

    def _read(self, scale: float) -> tuple[list[Tensor], list[Tensor], Tensor]:
        output = self._run(scale)
        states = [state[0].detach() for state in output.hidden_states]
        return [weights[0].detach() for weights in output.attentions], states, output[0][0].detach()

    def scalar(self, output: Any, target: int, against: int) -> Tensor:
        """y, from the model's output."""
        first: Tensor = output[0][0]
        if self.tiny.head is Head.STATE:
            return first[self.position] @ self.direction
        logits = first if self.tiny.head is Head.SEQUENCE_CLASSIFICATION else first[self.position]
        return logits[target] if against < 0 else logits[target] - logits[against]

    def gradients(self, target: int, against: int = -1, scale: float = 1.0) -> list[Tensor]:
        """dy/dA of every layer, each [head, receiver, source]."""
        output = self._run(scale)
        found = torch.autograd.grad(self.scalar(output, target, against), output.attentions)
        return [gradient[0] for gradient in found]

    def feedback(self, target: int, against: int, steps: int) -> Tensor:
        """F [receiver, source]: the plain mean over the scalings, then what is positive, then the head mean."""
        total = torch.zeros_like(self.attention[-1])
        for step in range(steps):
            total += self.gradients(target, against, step / (steps - 1))[-1]
        return torch.relu(total / steps).mean(0)

    def read(self, matrix: Tensor) -> Tensor:
        """[receiver, source] -> [source]: the row read without its own entry, or the mean of all rows."""
        if dict(self.tiny.extras).get("classifier_pooling") == "mean":
            return matrix.mean(0)
        row = matrix[self.position].clone()
        row[self.position] = 0
        return row

    def token_ratio(self, layer: int) -> Tensor:
        """|W_o v| / |z| of every token."""
        weight = self.layers[layer].get_submodule(self.paths.attention_output).weight.detach()
        ratios = []
        for token, value in enumerate(self.values_of(layer)):
            ratios.append((weight @ value).norm() / self.states[layer][token].norm())
        return torch.stack(ratios)

    def values_of(self, layer: int) -> Tensor:
        """[token, head * head_size]."""
        self._run(1.0)
        found = self.values[layer]
        return found[:, found.shape[1] // 3 * 2 :] if self.paths.fused else found


def beyond_intuition(slow: SlowModel, maps: list[Tensor], weighing: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """R = (I + C_last) ... (I + C_first) as a product, and the scores read out of it times F."""
    product = torch.eye(maps[0].shape[-1], dtype=torch.float64)
    for layer in reversed(maps):
        product = product @ (torch.eye(len(layer), dtype=torch.float64) + layer)
    return product, slow.read(product if weighing is None else product * weighing)
