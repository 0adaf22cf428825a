"""The conserved flow: its definition by brute force, its sums, and flows drawn from maps."""

from __future__ import annotations

import pytest
import torch

from engine.context import RunContext
from engine.flow import conservation, map_flow, network_flow, rollout, shares
from tests.engine import second_writing
from tests.engine.models import Tiny, ids_of, opened, record
from tests.tolerances import FLOAT64, agree

MODELS = [Tiny("bert", layers=3, seed=51), Tiny("roberta", layers=2, seed=52, act="silu"), Tiny(layers=1, seed=53)]
IDS = ids_of(6)


@pytest.fixture(params=MODELS, ids=str)
def case(request):
    """The frozen network, the second writing of the same pass and the flow to the second class."""
    model = opened(request.param)
    _, network = record(model, IDS)
    with torch.no_grad():
        towards = torch.eye(3, dtype=torch.float64)[[1]]
        flow = network_flow(network, network.pull(towards, RunContext()), torch.ones(1, dtype=torch.float64))
        yield network, second_writing.read(model.model, IDS), flow


def _only(token, states):
    """The states with every token but one emptied."""
    kept = torch.zeros_like(states)
    kept[token] = states[token]
    return kept


def test_every_edge_is_what_one_state_sends_to_one_receiver_as_far_as_the_target_notices(case):
    """edge[l, j, i] = <g[l+1, j], J[l](j<-i) x[l, i]>, and in layer 1 the value bias of i besides."""
    network, reading, flow = case
    target = torch.tensor([0, 1, 0], dtype=torch.float64)
    for number, block in enumerate(network.blocks):
        gradients = second_writing.gradient(reading, number + 1, target)
        layer, nothing = reading.layers[number], torch.zeros_like(block.states)
        silent = second_writing.layer_out(layer, nothing, nothing)
        for source in range(len(IDS)):
            sent = block.push(_only(source, block.states))
            if number == 0:
                bias = _only(source, layer.b_v.expand_as(block.states))
                sent = sent + second_writing.layer_out(layer, nothing, bias) - silent
            agree(flow.edge[number, :, source], (gradients * sent).sum(-1), FLOAT64)


def test_every_node_is_the_share_its_state_holds(case):
    network, reading, flow = case
    target = torch.tensor([0, 1, 0], dtype=torch.float64)
    for boundary in range(1, len(network.blocks) + 1):
        gradients = second_writing.gradient(reading, boundary, target)
        agree(flow.nodes[boundary], (gradients * network.states(boundary)).sum(-1), FLOAT64)


def test_emptying_a_state_halfway_takes_exactly_its_node_from_the_answer(case):
    network, reading, flow = case
    for boundary in range(1, len(network.blocks) + 1):
        states = network.states(boundary)
        whole = second_writing.answer_from(reading, boundary, states)[1]
        for token in range(len(IDS)):
            less = second_writing.answer_from(reading, boundary, states - _only(token, states))[1]
            assert float(whole - less) == pytest.approx(float(flow.nodes[boundary, token]), abs=1e-11)


def test_the_flow_is_conserved_at_every_node_and_sums_to_the_logit(case):
    _, reading, flow = case
    layers = len(flow.edge)
    for layer in range(layers):
        agree(flow.edge[layer].sum(0), flow.nodes[layer], FLOAT64)
        agree(flow.edge[layer].sum(1) + flow.bias_in[layer], flow.nodes[layer + 1], FLOAT64)
    agree(flow.bias, flow.bias_in.sum(1), FLOAT64)
    head = reading.logits[1] - flow.nodes[-1].sum()
    assert float(flow.nodes[0].sum() + flow.bias.sum() + head) == pytest.approx(float(reading.logits[1]), rel=FLOAT64)
    assert conservation(flow) <= FLOAT64 * float(flow.nodes.abs().max())


def test_biases_entering_are_the_layers_own_biases_as_far_as_the_target_notices(case):
    """b_o, beta_1, b_1, b_2, beta_2, and from layer 2 on W_o b_v: never a remainder that hides an error."""
    network, reading, flow = case
    target = torch.tensor([0, 1, 0], dtype=torch.float64)
    for number, layer in enumerate(reading.layers):
        nothing = torch.zeros_like(network.states(number))
        biases = second_writing.layer_out(layer, nothing, nothing if number == 0 else None)
        gradients = second_writing.gradient(reading, number + 1, target)
        agree(flow.bias_in[number], (gradients * biases).sum(-1), FLOAT64)


def test_the_head_adds_only_its_own_biases(case):
    _, reading, flow = case
    head = reading.w_c @ (reading.ratio * reading.b_p) + reading.b_c
    agree(reading.logits[1] - flow.nodes[-1].sum(), head[1], FLOAT64)


def test_only_the_explained_position_holds_a_share_at_the_top(case):
    _, _, flow = case
    assert flow.nodes[-1, 0] != 0
    assert not flow.nodes[-1, 1:].any()
    assert not flow.edge[-1, 1:].any()


def test_the_flow_to_a_contrast_is_the_difference_of_the_flows(case):
    network, _, _ = case
    pulled = network.pull(torch.eye(3, dtype=torch.float64), RunContext())

    def towards(*weights):
        return network_flow(network, pulled, torch.tensor(weights, dtype=torch.float64))

    both, one, other = towards(1, 0, -1), towards(1, 0, 0), towards(0, 0, 1)
    for name in ("edge", "nodes", "bias_in", "bias"):
        agree(getattr(both, name), getattr(one, name) - getattr(other, name), FLOAT64)


def test_shares_are_where_the_flow_begins(case):
    network, _, flow = case
    pulled = network.pull(torch.eye(3, dtype=torch.float64), RunContext())
    agree(shares(network, pulled)[1], flow.nodes[0], FLOAT64)


def test_a_violation_of_conservation_is_noticed(case):
    _, _, flow = case
    flow.edge[0, 0, 1] += 0.5
    assert conservation(flow) == pytest.approx(0.5)


# Flows drawn from maps.


def _maps(*layers):
    return torch.tensor(layers, dtype=torch.float64)


def test_a_map_flow_runs_one_unit_back_through_the_rows_of_the_maps():
    flow = map_flow(_maps([[1, 3], [2, 2]], [[1, 1], [5, 0]]), position=0)
    agree(flow.nodes, _maps([3 / 8, 5 / 8], [1 / 2, 1 / 2], [1, 0]), FLOAT64)
    agree(flow.edge, _maps([[1 / 8, 3 / 8], [1 / 4, 1 / 4]], [[1 / 2, 1 / 2], [0, 0]]), FLOAT64)
    assert not flow.bias.any()
    assert not flow.bias_in.any()
    assert conservation(flow) <= FLOAT64


def test_an_empty_row_passes_everything_straight_on():
    flow = map_flow(_maps([[0, 1], [0, 0]], [[0, 0], [1, 1]]), position=0)
    agree(flow.edge[1], _maps([1, 0], [0, 0]), FLOAT64)
    agree(flow.nodes, _maps([0, 1], [1, 0], [1, 0]), FLOAT64)
    assert conservation(flow) <= FLOAT64


def test_a_map_flow_is_read_at_the_given_position():
    maps = torch.rand(3, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    rows = maps / maps.sum(-1, keepdim=True)
    for position in range(4):
        agree(map_flow(maps, position).nodes[0], (rows[2] @ rows[1] @ rows[0])[position], FLOAT64)


def test_a_rollout_is_each_map_times_all_below_it():
    maps = torch.rand(3, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    agree(rollout(maps), torch.stack([maps[0], maps[1] @ maps[0], maps[2] @ maps[1] @ maps[0]]), FLOAT64)
    assert torch.equal(rollout(maps[:1]), maps[:1])
