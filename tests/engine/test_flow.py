"""The conserved flow: its definition by brute force, its sums, and flows drawn from maps."""

from __future__ import annotations

import pytest
import torch

from engine.context import RunContext
from engine.flow import conservation, map_flow, network_flow, rollout, shares
from tests.engine import second_writing
from tests.engine.models import Tiny, every_kind, ids_of, opened, record
from tests.tolerances import FLOAT64, agree

MODELS = [
    Tiny("bert", layers=3, seed=51),
    Tiny("roberta", layers=2, seed=52, act="silu"),
    Tiny(layers=1, seed=53),
    Tiny("modernbert", layers=1, seed=54),
    *every_kind(seed=55),
]
IDS = ids_of(6)


@pytest.fixture(params=MODELS, ids=str)
def case(request):
    """The frozen network, the second writing of the same pass and the flow to one class; which is given too."""
    model = opened(request.param)
    captured, network = record(model, IDS, position=request.param.position)
    target = torch.zeros_like(captured.logits)
    target[min(1, len(target) - 1)] = 1
    with torch.no_grad():
        flow = network_flow(network, network.pull(target[None], RunContext()), torch.ones(1, dtype=torch.float64))
        yield network, second_writing.read(model.model, IDS, request.param.position), flow, target


def _only(token, states):
    """The states with every token but one emptied."""
    kept = torch.zeros_like(states)
    kept[token] = states[token]
    return kept


def test_every_edge_is_what_one_state_sends_to_one_receiver_as_far_as_the_target_notices(case):
    """edge[l, j, i] = <g[l+1, j], J[l](j<-i) x[l, i]>; in layer 1 of post-norm families the value bias of i besides."""
    _network, reading, flow, target = case
    for number, layer in enumerate(reading.layers):
        gradients, nothing = second_writing.gradient(reading, number + 1, target), torch.zeros_like(layer.x)
        whole = number == 0 and not layer.norm_first
        silent = second_writing.layer_out(layer, nothing, nothing if whole else None)
        for source in range(len(IDS)):
            alone = _only(source, layer.x)
            values = _only(source, layer.values(layer.x)) if whole else None
            sent = second_writing.layer_out(layer, alone, values) - silent
            agree(flow.edge[number, :, source], (gradients * sent).sum(-1), FLOAT64)


def test_every_node_is_the_share_its_state_holds(case):
    network, reading, flow, target = case
    for boundary in range(1, len(network.blocks) + 1):
        gradients = second_writing.gradient(reading, boundary, target)
        agree(flow.nodes[boundary], (gradients * second_writing.states_at(reading, boundary)).sum(-1), FLOAT64)


def test_emptying_a_state_halfway_takes_exactly_its_node_from_the_answer(case):
    network, reading, flow, target = case
    for boundary in range(1, len(network.blocks) + 1):
        states = network.states(boundary)
        whole = second_writing.answer_from(reading, boundary, states) @ target
        for token in range(len(IDS)):
            less = second_writing.answer_from(reading, boundary, states - _only(token, states)) @ target
            assert float(whole - less) == pytest.approx(float(flow.nodes[boundary, token]), abs=1e-10)


def test_the_flow_is_conserved_at_every_node_and_sums_to_the_logit(case):
    _, reading, flow, target = case
    layers, logit = len(flow.edge), float(reading.logits @ target)
    for layer in range(layers):
        agree(flow.edge[layer].sum(0), flow.nodes[layer], FLOAT64)
        agree(flow.edge[layer].sum(1) + flow.bias_in[layer], flow.nodes[layer + 1], FLOAT64)
    agree(flow.bias, flow.bias_in.sum(1), FLOAT64)
    head = logit - flow.nodes[-1].sum()
    scale = max(1, float(flow.nodes.abs().max()))
    assert float(flow.nodes[0].sum() + flow.bias.sum() + head) == pytest.approx(logit, abs=FLOAT64 * scale)
    assert conservation(flow) <= FLOAT64 * float(flow.nodes.abs().max())


def test_biases_entering_are_the_layers_own_biases_as_far_as_the_target_notices(case):
    """b_o, both betas, b_1, b_2 and what value vectors hold of no state: never a remainder that hides an error.

    Layer 1 of post-norm families keeps its value bias with its tokens.
    """
    network, reading, flow, target = case
    for number, layer in enumerate(reading.layers):
        nothing = torch.zeros_like(network.states(number))
        biases = second_writing.layer_out(layer, nothing, nothing if number == 0 and not layer.norm_first else None)
        gradients = second_writing.gradient(reading, number + 1, target)
        wanted = (gradients * biases).sum(-1)
        assert float((flow.bias_in[number] - wanted).abs().max()) <= FLOAT64 * float(flow.nodes.abs().max())


def test_the_head_adds_only_its_own_biases(case):
    _, reading, flow, target = case
    nothing = torch.zeros_like(reading.x_out)
    head = second_writing.answer_from(reading, len(reading.layers), nothing) @ target
    scale = float(flow.nodes[-1].abs().max())
    assert float(reading.logits @ target - flow.nodes[-1].sum() - head) == pytest.approx(0, abs=FLOAT64 * scale)


def test_only_what_the_head_reads_holds_a_share_at_the_top(case):
    _, reading, flow, _ = case
    read = reading.pooling > 0
    assert flow.nodes[-1, read].all()
    assert not flow.nodes[-1, ~read].any()
    assert not flow.edge[-1, ~read].any()


def test_the_flow_to_a_contrast_is_the_difference_of_the_flows(case):
    network, reading, _, _ = case
    drawn = torch.Generator().manual_seed(1)
    towards = torch.randn(3, len(reading.logits), generator=drawn, dtype=torch.float64)
    pulled = network.pull(towards, RunContext())

    def flow_to(*weights):
        return network_flow(network, pulled, torch.tensor(weights, dtype=torch.float64))

    both, one, other = flow_to(1, 0, -1), flow_to(1, 0, 0), flow_to(0, 0, 1)
    for name in ("edge", "nodes", "bias_in", "bias"):
        apart = (getattr(both, name) - getattr(one, name) + getattr(other, name)).abs().max()
        assert float(apart) <= FLOAT64 * float(max(one.nodes.abs().max(), other.nodes.abs().max()))


def test_shares_are_where_the_flow_begins(case):
    network, _, flow, target = case
    pulled = network.pull(torch.stack([torch.ones_like(target), target]), RunContext())
    agree(shares(network, pulled)[1], flow.nodes[0], FLOAT64)


def test_a_violation_of_conservation_is_noticed(case):
    _, _, flow, _ = case
    flow.edge[0, 0, 1] += 0.5
    assert conservation(flow) == pytest.approx(0.5)


# Flows drawn from maps.


def _maps(*layers):
    return torch.tensor(layers, dtype=torch.float64)


def _read_at(position, tokens):
    """Pooling [token] of a head that reads one position."""
    return torch.eye(tokens, dtype=torch.float64)[position]


def test_a_map_flow_runs_one_unit_back_through_the_rows_of_the_maps():
    flow = map_flow(_maps([[1, 3], [2, 2]], [[1, 1], [5, 0]]), _read_at(0, 2))
    agree(flow.nodes, _maps([3 / 8, 5 / 8], [1 / 2, 1 / 2], [1, 0]), FLOAT64)
    agree(flow.edge, _maps([[1 / 8, 3 / 8], [1 / 4, 1 / 4]], [[1 / 2, 1 / 2], [0, 0]]), FLOAT64)
    assert not flow.bias.any()
    assert not flow.bias_in.any()
    assert conservation(flow) <= FLOAT64


def test_an_empty_row_passes_everything_straight_on():
    flow = map_flow(_maps([[0, 1], [0, 0]], [[0, 0], [1, 1]]), _read_at(0, 2))
    agree(flow.edge[1], _maps([1, 0], [0, 0]), FLOAT64)
    agree(flow.nodes, _maps([0, 1], [1, 0], [1, 0]), FLOAT64)
    assert conservation(flow) <= FLOAT64


def test_a_map_flow_is_read_at_the_given_position():
    maps = torch.rand(3, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    rows = maps / maps.sum(-1, keepdim=True)
    for position in range(4):
        agree(map_flow(maps, _read_at(position, 4)).nodes[0], (rows[2] @ rows[1] @ rows[0])[position], FLOAT64)


def test_a_map_flow_may_start_from_several_positions():
    maps = torch.rand(3, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    pooling = torch.tensor([0.5, 0.25, 0.25, 0], dtype=torch.float64)
    found = map_flow(maps, pooling)
    apart = [map_flow(maps, _read_at(position, 4)) for position in range(4)]
    for name in ("edge", "nodes"):
        wanted = sum(weight * getattr(one, name) for weight, one in zip(pooling, apart, strict=True))
        agree(getattr(found, name), wanted, FLOAT64)
    assert conservation(found) <= FLOAT64


def test_a_rollout_is_each_map_times_all_below_it():
    maps = torch.rand(3, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    agree(rollout(maps), torch.stack([maps[0], maps[1] @ maps[0], maps[2] @ maps[1] @ maps[0]]), FLOAT64)
    assert torch.equal(rollout(maps[:1]), maps[:1])
