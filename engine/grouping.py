"""The flow between groups of layers: straight from one boundary to a later one, whatever way it takes in between.

For the frozen network edge[j, i] = <g[b, j], J(b<-a)(j<-i) x[a, i]>, with J what all layers from a to b make together:
the receivers' gradients at b are pulled back to a, each by itself. The edges of single layers do not compose to that;
only flows drawn from maps do, whose group is the product of its layers' maps, as in rollout.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.attribution import NetworkFlow
from engine.errors import MethodError
from engine.flow import rollout, row_shares
from engine.forecast import receivers_at_once
from engine.frozen import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.context import RunContext
    from engine.frozen import FewParts, FrozenNetwork, Pullback


def check_boundaries(boundaries: tuple[int, ...], layers: int) -> None:
    """Raise MethodError unless they rise from 0 to the number of layers."""
    rising = all(first < last for first, last in pairwise(boundaries))
    if boundaries and not (rising and boundaries[0] == 0 and boundaries[-1] == layers):
        raise MethodError(
            "These are no groups of layers",
            f"{', '.join(map(str, boundaries))} does not rise from 0 to the model's {layers} layers.",
            f"Begin with 0, end with {layers}, and name each boundary once.",
        )


def grouped_map_flow(maps: Tensor, flow: NetworkFlow, boundaries: tuple[int, ...]) -> NetworkFlow:
    """Between boundaries, of a ``flow`` drawn from local ``maps`` [layer, receiver, source]."""
    rows = row_shares(maps)
    nodes = flow.nodes[list(boundaries)]
    between = torch.stack([rollout(rows[low:high])[-1] for low, high in pairwise(boundaries)])
    bias_in = torch.zeros_like(nodes[1:])
    return NetworkFlow(nodes[1:, :, None] * between, nodes, bias_in, bias_in.sum(1))


def grouped_network_flow(
    network: FrozenNetwork, target: Tensor, flow: NetworkFlow, boundaries: tuple[int, ...], context: RunContext
) -> NetworkFlow:
    """Between boundaries, of the frozen network's ``flow`` to one combination of logits, ``target`` [class]."""
    nodes = flow.nodes[list(boundaries)]
    edge = torch.zeros_like(flow.edge[: len(boundaries) - 1])
    for group, (low, high) in enumerate(pairwise(boundaries)):
        if high - low == 1:
            edge[group] = flow.edge[low]
    pulled = network.pull(target[None], context)
    chunks = list(_chunks(pulled, boundaries, nodes.shape[-1]))
    most = max((len(receivers) for _, receivers in chunks), default=0)
    space = edge.new_empty(most + 1, *network.blocks[0].activation.shape)
    for done, (group, receivers) in enumerate(chunks):
        low, high = boundaries[group : group + 2]
        context.progress(done / len(chunks), f"Following the flow through layers {low + 1} to {high}")
        edge[group, receivers] = _received(network, pulled, (low, high), receivers, space, context)
    bias_in = nodes[1:] - edge.sum(2)
    return NetworkFlow(edge, nodes, bias_in, bias_in.sum(1))


def _chunks(pulled: Pullback, boundaries: tuple[int, ...], tokens: int) -> Iterator[tuple[int, list[int]]]:
    """A group and some of its receivers, as many as are pulled back together."""
    for group, (low, high) in enumerate(pairwise(boundaries)):
        rows = pulled.rows[high - 1]
        receivers = rows if isinstance(rows, list) else list(range(tokens))
        step = receivers_at_once(tokens)
        if high - low > 1:
            yield from ((group, receivers[start : start + step]) for start in range(0, len(receivers), step))


def _received(
    network: FrozenNetwork,
    pulled: Pullback,
    between: tuple[int, int],
    receivers: list[int],
    space: Tensor,
    context: RunContext,
) -> Tensor:
    """What some receivers get from every source, through two layers at least: [receiver, source].

    ``space`` [receiver + 1, token, intermediate] or longer is written over.
    """
    low, high = between
    rows = pulled.rows[high - 1]
    # At the top a receiver is noticed at its own row alone: its layer needs no pull but the one already made.
    places = [rows.index(receiver) for receiver in receivers] if isinstance(rows, list) else receivers
    before, by_head = (made[high - 1][0, places, None] for made in (pulled.attention, pulled.heads))
    few = network.blocks[high - 1].spread(before, by_head, receivers)
    gradients = few.whole()  # [receiver, token, hidden]
    parts: FewParts | None = few
    for number in reversed(range(low, high - 1)):
        context.raise_if_cancelled()
        block = network.blocks[number]
        before, _ = block.pull_to_attention(gradients, EVERY, space[: len(receivers) + 1], parts)
        values = block.pull_to_values(block.pull_to_heads(before))
        if number > low:
            gradients, parts = block.pull_from_values(values).add_(before), None
    carried = torch.einsum("khie,hie->ki", values, network.credited_values(low))
    return carried + (before * network.states(low)).sum(-1)
