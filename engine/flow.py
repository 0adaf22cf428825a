"""The conserved flow towards a target, from the frozen network or from a method's maps.

For the frozen network, with g the target's gradient and x the real states, layer l >= 1 has
edge[j, i] = <g[l+1, j], J(j<-i) x[i]>; layer 0 of post-norm families adds K(j<-i) b_v, which
credits the first layer's value bias to its tokens as DecompX does. Summed over receivers an edge column is the node it
leaves, summed over sources plus the biases entering it is the node it reaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.attribution import NetworkFlow

if TYPE_CHECKING:
    from engine.frozen import FrozenNetwork, Pullback


def shares(network: FrozenNetwork, pulled: Pullback) -> Tensor:
    """Each token's share of each target, in post-norm families layer 1's value bias with its tokens: [target, token].

    One backward pass of the frozen network gives what the published DecompX program gives with a bias token
    (Modarressi et al. 2023, section 3.4; ``bias_decomp_type=None``).
    """
    carried = torch.einsum("khie,hie->ki", pulled.values_0, network.credited_values(0))  # through attention
    rows = pulled.rows[0]
    stayed = (pulled.attention_0 * network.states(0)[rows]).sum(-1)  # through the residual
    carried[:, rows] += stayed
    return carried


def network_flow(network: FrozenNetwork, pulled: Pullback, weights: Tensor) -> NetworkFlow:
    """Flow to one combination of what was kept of a pull: ``weights`` [kept], such as (1, -1) for a contrast."""
    layers, tokens = len(network.blocks), len(network.final_states)
    like = network.final_states
    edge = like.new_zeros(layers, tokens, tokens)
    nodes = like.new_zeros(layers + 1, tokens)
    by_head = torch.empty_like(network.blocks[0].attention)  # written over by every layer
    for number, block in enumerate(network.blocks):
        rows = pulled.rows[number]
        mixed = torch.einsum("k,kjx->jx", weights, pulled.heads[number])  # [row, head * head_size]
        heads = mixed.view(len(mixed), *block.values.shape[::2]).transpose(0, 1)  # [head, row, head_size]
        products = by_head[:, : len(mixed)]  # [head, row, source]
        torch.matmul(heads, network.credited_values(number).transpose(1, 2), out=products)
        edge[number, rows] = products.mul_(block.attention[:, rows]).sum(0)
        inner = torch.einsum("k,kjd->jd", weights, pulled.attention[number])  # [row, hidden]
        edge[number].diagonal()[rows] += (inner * block.states[rows]).sum(-1)
    nodes[0] = edge[0].sum(0)
    for boundary in range(1, layers + 1):
        gradients = pulled.states[boundary]
        if gradients is None:
            raise ValueError(f"no gradients were kept at boundary {boundary}")
        combined = torch.einsum("k,kid->id", weights, gradients)  # [token, hidden]
        nodes[boundary] = (combined * network.states(boundary)).sum(-1)
    bias_in = nodes[1:] - edge.sum(2)
    return NetworkFlow(edge, nodes, bias_in, bias_in.sum(1))


def row_shares(maps: Tensor) -> Tensor:
    """Rows divided by their sums, [..., receiver, source]; a row of zeros passes everything straight on."""
    totals = maps.sum(-1, keepdim=True)
    passing = torch.eye(maps.shape[-1], dtype=maps.dtype, device=maps.device).expand_as(maps)
    return torch.where(totals == 0, passing, maps / totals.masked_fill(totals == 0, 1))


def map_flow(maps: Tensor, pooling: Tensor) -> NetworkFlow:
    """Flow drawn from local maps [layer, receiver, source]: what is read, ``pooling`` [token], runs back their rows."""
    rows = row_shares(maps)
    edge, nodes = torch.zeros_like(rows), rows.new_zeros(len(rows) + 1, rows.shape[-1])
    nodes[-1] = pooling
    for layer in reversed(range(len(rows))):
        edge[layer] = nodes[layer + 1][:, None] * rows[layer]  # [receiver, source]
        nodes[layer] = edge[layer].sum(0)
    return NetworkFlow(edge, nodes, torch.zeros_like(nodes[1:]), nodes.new_zeros(len(rows)))


def conservation(flow: NetworkFlow) -> float:
    """The largest violation of conservation at any node, in the flow's unit."""
    leaving = (flow.edge.sum(1) - flow.nodes[:-1]).abs().max()
    entering = (flow.edge.sum(2) + flow.bias_in - flow.nodes[1:]).abs().max()
    return float(torch.maximum(leaving, entering))


def rollout(maps: Tensor) -> Tensor:
    """Mixing from the input up to every layer, [layer, receiver, source]: each map times all below it.

    Abnar and Zuidema 2020, equation 1; nothing is added and nothing normalised here.
    """
    products = [maps[0]]
    for layer in maps[1:]:
        products.append(layer @ products[-1])
    return torch.stack(products)
