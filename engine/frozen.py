"""The network with attention weights, LayerNorm deviations and activation ratios frozen at the values of one input.

Frozen, every layer is an affine map. ``push`` sends vectors forward through its linear part, ``pull`` brings gradients
back; neither ever sees a bias. In all shapes the receiver (or token) is the last axis but one.

The ratio of an activation is act(p) / (p + 1e-12), the convention of DecompX (Modarressi et al. 2023, section 3.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from transformers.activations import ACT2FN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.capture import Capture
    from engine.context import RunContext
    from engine.loading import OpenModel

RATIO_EPSILON = 1e-12

Rows = slice | list[int]
Activation = Callable[[Tensor], Tensor]
EVERY = slice(None)


def activation_ratio(pre_activation: Tensor, activation: Tensor) -> Tensor:
    """act(p) / (p + 1e-12), element by element, any shape."""
    return activation / (pre_activation + RATIO_EPSILON)


def activation_slope(act: Activation, pre_activation: Tensor) -> Tensor:
    """act'(p), element by element, any shape."""
    with torch.enable_grad():
        at = pre_activation.detach().requires_grad_(True)
        return torch.autograd.grad(act(at).sum(), at)[0]


@dataclass(frozen=True, slots=True, eq=False)
class FrozenNorm:
    """LayerNorm with its deviation frozen: ``gamma``, ``beta`` [hidden], ``sigma`` [token] from the real input.

    ``epsilon`` is the model's, already inside ``sigma``.
    """

    gamma: Tensor
    beta: Tensor
    sigma: Tensor
    epsilon: float = 0.0

    @classmethod
    def of(cls, module: nn.LayerNorm, entering: Tensor) -> FrozenNorm:
        """Freeze ``module`` at the states ``entering`` it [token, hidden]."""
        # Several times faster than torch.var, whose running update is not vectorised along this axis.
        variance = (entering - entering.mean(-1, keepdim=True)).square_().mean(-1)
        sigma = torch.sqrt_(variance + module.eps)
        return cls(module.weight.detach(), module.bias.detach(), sigma, module.eps)

    def bare_sigma(self) -> Tensor:
        """The deviation without the epsilon, [token]."""
        return torch.sqrt((self.sigma.square() - self.epsilon).clamp_min(0))

    def centred(self, vectors: Tensor) -> Tensor:
        """gamma * (v - mean v): the part that is the same for every receiver. [..., hidden] -> [..., hidden]."""
        return (vectors - vectors.mean(-1, keepdim=True)).mul_(self.gamma)

    def push(self, vectors: Tensor) -> Tensor:
        """[..., receiver, hidden] -> [..., receiver, hidden]."""
        return self.centred(vectors) / self.sigma[:, None]

    def pull_centred(self, gradients: Tensor) -> Tensor:
        """The transpose of ``centred``: [..., hidden] -> [..., hidden]."""
        scaled: Tensor = gradients * self.gamma
        return scaled.sub_(scaled.mean(-1, keepdim=True))

    def pull(self, gradients: Tensor, rows: Rows = EVERY) -> Tensor:
        """The transpose of ``push`` at the receivers ``rows``: [..., row, hidden] -> [..., row, hidden]."""
        sigma = self.sigma[rows][:, None]
        # (g gamma - mean) / sigma in two passes: the mean is a product with gamma, and the division joins the scaling.
        mean = (gradients @ self.gamma)[..., None] / (sigma * len(self.gamma))
        return (gradients * (self.gamma / sigma)).sub_(mean)


@dataclass(frozen=True, slots=True, eq=False)
class FewParts:
    """Gradients that are combinations of a few vectors: ``weights`` [token, part], ``vectors`` [target, part, hidden].

    So they are below the last layer: the answer is read at one position, and every head spreads one vector of its own.
    """

    weights: Tensor
    vectors: Tensor

    def whole(self) -> Tensor:
        """[target, token, hidden]."""
        return self.weights @ self.vectors


@dataclass(frozen=True, eq=False)
class FrozenBlock:
    """One post-norm layer: attention, residual, LayerNorm 1, feed-forward, residual, LayerNorm 2.

    ``states`` [token, hidden] are the real states entering, ``attention`` [head, receiver, source], ``values``
    [head, source, head_size] the real value vectors with their bias.
    """

    states: Tensor
    attention: Tensor
    values: Tensor
    value: nn.Linear
    output: nn.Linear
    norm_1: FrozenNorm
    feed_forward_in: nn.Linear
    pre_activation: Tensor
    activation: Tensor
    feed_forward_out: nn.Linear
    norm_2: FrozenNorm
    act: Activation

    @cached_property
    def ratio(self) -> Tensor:
        """Frozen activation ratio [token, intermediate]."""
        return activation_ratio(self.pre_activation, self.activation)

    @cached_property
    def norm_1_out(self) -> Tensor:
        """The real output of LayerNorm 1, [token, hidden]."""
        entering = self.push_attention(self.states) + self.carried_value_bias + self.output.bias
        return self.norm_1.push(entering) + self.norm_1.beta

    @cached_property
    def values_without_bias(self) -> Tensor:
        """[head, source, head_size]."""
        heads, _, size = self.values.shape
        return self.values - self.value.bias.detach().view(heads, 1, size)

    @cached_property
    def head_outputs(self) -> Tensor:
        """W_o^h v_j^h, what each head would carry from each source: [head, source, hidden]."""
        heads, _, size = self.values.shape
        return self.values @ self.output.weight.detach().view(-1, heads, size).permute(1, 2, 0)

    def push_attention(self, vectors: Tensor) -> Tensor:
        """Through attention and the first residual: [..., source, hidden] -> [..., receiver, hidden]."""
        heads, _, size = self.values.shape
        values = nn.functional.linear(vectors, self.value.weight)  # [..., source, head * head_size]
        values = values.view(*vectors.shape[:-1], heads, size).transpose(-2, -3)  # [..., head, source, head_size]
        mixed = (self.attention @ values).transpose(-2, -3).flatten(-2)  # [..., receiver, head * head_size]
        return vectors + nn.functional.linear(mixed, self.output.weight)

    def push_feed_forward(self, vectors: Tensor) -> Tensor:
        """Through the feed-forward alone, ratio frozen: [..., receiver, hidden] -> [..., receiver, hidden]."""
        inner = nn.functional.linear(vectors, self.feed_forward_in.weight) * self.ratio
        return nn.functional.linear(inner, self.feed_forward_out.weight)

    def push(self, vectors: Tensor) -> Tensor:
        """Through the whole layer: [..., source, hidden] -> [..., receiver, hidden]."""
        middle = self.norm_1.push(self.push_attention(vectors))
        return self.norm_2.push(middle + self.push_feed_forward(middle))

    def pull_to_attention(
        self, gradients: Tensor, rows: Rows = EVERY, space: Tensor | None = None, parts: FewParts | None = None
    ) -> tuple[Tensor, Tensor]:
        """Back to the input of LayerNorm 1, token by token: [target, row, hidden] -> [target, row, hidden].

        The second result [target] is what beta_2, b_2, b_1, beta_1 and b_o of these rows add to the targets. ``space``
        [target + 1, row, intermediate] is written over: fresh pages for every layer cost as much as the arithmetic.
        ``parts``, where given, are the same gradients as few vectors, which makes the widest product a small one.
        """
        after = self.norm_2.pull(gradients, rows)
        pre_activation = self.pre_activation[rows]
        if space is None:
            space = after.new_empty(len(after) + 1, *pre_activation.shape)
        inner, below = space[:-1], space[-1]
        if parts is None:
            torch.matmul(after, self.feed_forward_out.weight, out=inner)
        else:
            few = self.norm_2.pull_centred(parts.vectors) @ self.feed_forward_out.weight  # [target, part, intermediate]
            torch.matmul(parts.weights / self.norm_2.sigma[:, None], few, out=inner)
        torch.add(pre_activation, RATIO_EPSILON, out=below)
        inner.mul_(torch.div(self.activation[rows], below, out=below))
        middle = (inner @ self.feed_forward_in.weight).add_(after)
        before = self.norm_1.pull(middle, rows)
        added = (
            (gradients, self.norm_2.beta),
            (after, self.feed_forward_out.bias),
            (inner, self.feed_forward_in.bias),
            (middle, self.norm_1.beta),
            (before, self.output.bias),
        )
        return before, torch.stack([(there @ bias).sum(1) for there, bias in added]).sum(0)

    def pull_to_heads(self, gradients: Tensor) -> Tensor:
        """Back through the output projection: [target, row, hidden] -> [target, row, head * head_size]."""
        pulled: Tensor = gradients @ self.output.weight
        return pulled

    @property
    def carried_value_bias(self) -> Tensor:
        """W_o b_v, what the value bias adds to every receiver because attention rows sum to one: [hidden]."""
        return self.output.weight @ self.value.bias

    def pull_to_values(self, head_gradients: Tensor, rows: Rows = EVERY) -> Tensor:
        """Back through the mixing: [target, row, head * head_size] -> [target, head, source, head_size]."""
        heads, _, size = self.values.shape
        targets, count = head_gradients.shape[:2]
        # The targets stand side by side in one product per head: [head, row, target * head_size].
        by_head = head_gradients.view(targets, count, heads, size)
        beside = by_head.permute(2, 1, 0, 3).reshape(heads, count, targets * size)
        mixed = self.attention[:, rows].transpose(1, 2) @ beside
        return mixed.view(heads, -1, targets, size).permute(2, 0, 1, 3)

    def spread(self, gradients: Tensor, head_gradients: Tensor, row: int) -> FewParts:
        """Gradients at the states entering, from one receiver's: [target, 1, hidden] and [target, 1, head * head_size].

        Each head's part is pulled through the value projection once instead of once per source.
        """
        heads, tokens, size = self.values.shape
        by_head = self.value.weight.view(heads, size, -1)  # [head, head_size, hidden]
        carried = torch.einsum("khe,hed->khd", head_gradients.view(-1, heads, size), by_head)
        weights = self.attention.new_zeros(tokens, heads + 1)
        weights[:, :heads] = self.attention[:, row].T
        weights[row, heads] = 1
        return FewParts(weights, torch.cat([carried, gradients], dim=1))

    def pull_from_values(self, value_gradients: Tensor) -> Tensor:
        """Back through the value projection: [target, head, source, head_size] -> [target, source, hidden]."""
        return value_gradients.transpose(1, 2).flatten(2) @ self.value.weight


@dataclass(frozen=True, slots=True, eq=False)
class FrozenHead:
    """Dense, activation, dense, read at one position: ``pre_activation``, ``activation`` [inner] are the real ones."""

    dense: nn.Linear
    pre_activation: Tensor
    activation: Tensor
    act: Activation
    out: nn.Linear

    @property
    def ratio(self) -> Tensor:
        """Frozen activation ratio [inner]."""
        return activation_ratio(self.pre_activation, self.activation)

    def push(self, vectors: Tensor) -> Tensor:
        """[..., hidden] -> [..., class]."""
        inner = nn.functional.linear(vectors, self.dense.weight) * self.ratio
        return nn.functional.linear(inner, self.out.weight)

    def pull(self, targets: Tensor) -> tuple[Tensor, Tensor]:
        """[target, class] -> [target, hidden], and what the head's two biases add to the targets [target]."""
        inner = (targets @ self.out.weight) * self.ratio
        return inner @ self.dense.weight, targets @ self.out.bias + inner @ self.dense.bias


@dataclass(frozen=True, slots=True, eq=False)
class Pullback:
    """The gradients of some targets everywhere in the frozen network.

    ``states[l]`` [target, token, hidden] at the states entering layer l (``states[L]`` is what leaves the last; absent
    for l = 0), ``attention[l]`` [target, row, hidden] at the input of LayerNorm 1, ``heads[l]``
    [target, row, head * head_size] at the mixed values, ``values_0`` [target, head, source, head_size] at layer 1's
    value vectors. Rows are all tokens, in the last layer only the explained position. ``bias`` [target] is what all
    biases add, layer 1's value bias excepted: that one stays with its tokens.
    """

    states: Sequence[Tensor | None]
    attention: Sequence[Tensor]
    heads: Sequence[Tensor]
    values_0: Tensor
    rows: Sequence[Rows]
    bias: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class FrozenNetwork:
    """All layers and the head; ``final_states`` [token, hidden] are the real states the head reads at ``position``."""

    blocks: tuple[FrozenBlock, ...]
    final_states: Tensor
    head: FrozenHead
    position: int

    def states(self, boundary: int) -> Tensor:
        """Real states [token, hidden] at a boundary: 0 before the first layer, L after the last."""
        return self.blocks[boundary].states if boundary < len(self.blocks) else self.final_states

    def pull(self, targets: Tensor, context: RunContext) -> Pullback:
        """Gradients of the logit combinations ``targets`` [target, class], in one pass from the head down."""
        count, tokens = len(targets), len(self.final_states)
        top, bias = self.head.pull(targets)
        top = top[:, None]  # [target, row, hidden]
        states: list[Tensor | None] = [top]
        attention, heads, places = [], [], []
        rows: Rows = [self.position]
        space: Tensor | None = None
        parts: FewParts | None = None
        gradients = values = top
        for number, block in reversed(list(enumerate(self.blocks))):
            context.raise_if_cancelled()
            before, added = block.pull_to_attention(gradients, rows, space, parts)
            by_head = block.pull_to_heads(before)
            attention.append(before)
            heads.append(by_head)
            places.append(rows)
            bias = bias + added
            if number == 0:
                values = block.pull_to_values(by_head, rows)
                break
            # What W_o b_v adds to every receiver, because attention rows sum to one.
            bias = bias + (by_head @ block.value.bias).sum(1)
            if rows is not EVERY:
                parts = block.spread(before, by_head, self.position)
                gradients = parts.whole()
                space, rows = top.new_empty(count + 1, tokens, block.activation.shape[-1]), EVERY
            else:
                parts = None
                gradients = block.pull_from_values(block.pull_to_values(by_head, rows)).add_(before)
            states.append(gradients)
        states.append(None)
        full = top.new_zeros(count, tokens, top.shape[-1])
        full[:, self.position] = top[:, 0]
        states[0] = full
        return Pullback(states[::-1], attention[::-1], heads[::-1], values, places[::-1], bias)


def freeze(opened: OpenModel, captured: Capture, position: int) -> FrozenNetwork:
    """The frozen network of one recorded pass, read at ``position``. Shares the model's weights, copies none."""
    blocks = []
    act = ACT2FN[opened.model.config.hidden_act]
    for parts, record in zip(opened.layers, captured.layers, strict=True):
        heads, tokens, _ = record.attention.shape
        blocks.append(
            FrozenBlock(
                states=record.states,
                attention=record.attention,
                values=record.values.view(tokens, heads, -1).transpose(0, 1),
                value=parts.value,
                output=parts.attention_output,
                norm_1=FrozenNorm.of(parts.norm_1, record.norm_1_in),
                feed_forward_in=parts.feed_forward_in,
                pre_activation=record.pre_activation,
                activation=record.activation,
                feed_forward_out=parts.feed_forward_out,
                norm_2=FrozenNorm.of(parts.norm_2, record.norm_2_in),
                act=act,
            )
        )
    head = FrozenHead(opened.head.dense, captured.head_dense, captured.head_activation, torch.tanh, opened.head.out)
    return FrozenNetwork(tuple(blocks), captured.layers[-1].states_out, head, position)
