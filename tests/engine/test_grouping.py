"""The flow between groups of layers: its definition by brute force, its sums, and what the door makes of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import torch

from engine import forecast, registry
from engine import session as rooms
from engine.context import RunContext
from engine.contract import Against, Request
from engine.errors import Cancelled, MethodError, TextError
from engine.flow import conservation, map_flow, network_flow
from engine.forecast import Size, pulled_between, recorded_pass
from engine.frozen import EVERY
from engine.grouping import check_boundaries, grouped_map_flow, grouped_network_flow
from tests.engine import second_writing
from tests.engine.allowed import explain_allowed
from tests.engine.models import Tiny, every_kind, explain, folder, fresh_session, ids_of, opened, record
from tests.engine.stopping import CancelledAt
from tests.tolerances import FLOAT32, FLOAT64, OF, agree

EXACT = 1e-10
LAYERS = 4
GROUPINGS = [(0, 2, 4), (0, 3, 4), (0, 1, 4), (0, 4)]
MODELS = [*every_kind(seed=71, layers=LAYERS), Tiny("bert", layers=LAYERS, seed=72, act="relu", heads=1)]
IDS = ids_of(6)
TINY = MODELS[0]


@pytest.fixture(scope="module", params=MODELS, ids=str)
def case(request):
    """The frozen network, the second writing of the same pass, one combination of answers, and the flow to it."""
    tiny = request.param
    model = opened(tiny)
    captured, network = record(model, IDS, position=tiny.position)
    target = torch.zeros_like(captured.logits)
    target[0], target[-1] = 1, -0.5
    with torch.no_grad():
        flow = network_flow(network, network.pull(target[None], RunContext()), torch.ones(1, dtype=torch.float64))
        return network, second_writing.read(model.model, IDS, tiny.position), target, flow


def grouped(case, boundaries):
    network, _, target, flow = case
    with torch.no_grad():
        return grouped_network_flow(network, target, flow, boundaries, RunContext())


def _through(reading, low, high, states, values=None):
    """The frozen layers between two boundaries, all their biases with them: [token, hidden] -> [token, hidden]."""
    for number in range(low, high):
        states = second_writing.layer_out(reading.layers[number], states, values if number == low else None)
    return states


def _only(token, states):
    kept = torch.zeros_like(states)
    kept[token] = states[token]
    return kept


@torch.no_grad()
@pytest.mark.parametrize("boundaries", GROUPINGS, ids=str)
def test_every_edge_is_what_one_state_sends_through_its_group_as_far_as_the_target_notices(case, boundaries):
    """<g[b, j], J(b<-a)(j<-i) x[a, i]>; from the very beginning post-norm families send the value bias of i besides."""
    _, reading, target, _ = case
    found = grouped(case, boundaries)
    for group, (low, high) in enumerate(pairwise(boundaries)):
        layer = reading.layers[low]
        whole = low == 0 and not layer.norm_first
        nothing = torch.zeros_like(layer.x)
        silent = _through(reading, low, high, nothing, nothing if whole else None)
        wanted = torch.zeros_like(found.edge[group])
        gradients = second_writing.gradient(reading, high, target)
        for source in range(len(IDS)):
            values = _only(source, layer.values(layer.x)) if whole else None
            sent = _through(reading, low, high, _only(source, layer.x), values) - silent
            wanted[:, source] = (gradients * sent).sum(-1)
        agree(found.edge[group], wanted, EXACT)


@torch.no_grad()
@pytest.mark.parametrize("boundaries", GROUPINGS, ids=str)
def test_biases_of_a_group_are_its_layers_own_as_far_as_the_target_notices(case, boundaries):
    _, reading, target, flow = case
    found = grouped(case, boundaries)
    for group, (low, high) in enumerate(pairwise(boundaries)):
        nothing = torch.zeros_like(reading.x_out)
        silent = nothing if low == 0 and not reading.layers[0].norm_first else None
        biases = _through(reading, low, high, nothing, silent)
        wanted = (second_writing.gradient(reading, high, target) * biases).sum(-1)
        assert float((found.bias_in[group] - wanted).abs().max()) <= EXACT * float(flow.nodes.abs().max())


@pytest.mark.parametrize("boundaries", GROUPINGS, ids=str)
def test_between_groups_everything_is_conserved_and_nodes_are_those_of_the_whole_flow(case, boundaries):
    _, reading, target, flow = case
    found = grouped(case, boundaries)
    scale = max(1.0, float(flow.nodes.abs().max()))
    assert torch.equal(found.nodes, flow.nodes[list(boundaries)])
    assert float((found.edge.sum(1) - found.nodes[:-1]).abs().max()) <= EXACT * scale
    assert float((found.edge.sum(2) + found.bias_in - found.nodes[1:]).abs().max()) <= EXACT * scale
    assert conservation(found) <= EXACT * scale
    logit = float(reading.logits @ target)
    head = logit - float(flow.nodes[-1].sum())
    assert float(found.nodes[0].sum() + found.bias.sum()) + head == pytest.approx(logit, abs=EXACT * scale)
    agree(found.bias, found.bias_in.sum(1), EXACT)


def test_a_group_of_one_layer_is_that_layer(case):
    flow = case[-1]
    for boundaries in (tuple(range(LAYERS + 1)), (0, 1, 3, 4)):
        found = grouped(case, boundaries)
        for group, (low, high) in enumerate(pairwise(boundaries)):
            if high - low == 1:
                assert torch.equal(found.edge[group], flow.edge[low])
                agree(found.bias_in[group], flow.bias_in[low], EXACT)


def test_one_group_of_everything_sends_each_words_share_to_where_the_answer_is_read(case):
    network, _, _, flow = case
    found = grouped(case, (0, LAYERS))
    agree(found.edge[0].sum(0), flow.nodes[0], EXACT)
    if network.head.rows is not EVERY:
        agree(found.edge[0, network.position], flow.nodes[0], EXACT)
        assert torch.count_nonzero(found.edge[0].abs().sum(1)) == 1


def test_layers_do_not_compose_by_their_shares():
    """What makes this a pull of its own: a chain of shares gives other links than the layers together."""
    tiny = Tiny("bert", layers=3, seed=73)
    found = explain(tiny, "decompx", ids=IDS, boundaries=(0, 1, 2, 3))
    flow, whole = found.flow, found.grouped
    two = explain(tiny, "decompx", ids=IDS, boundaries=(0, 2, 3)).grouped
    composed = flow.edge[1] @ (flow.edge[0] / flow.nodes[1][:, None])
    agree(composed.sum(0), flow.nodes[0], FLOAT64)
    assert np.array_equal(whole.edge, flow.edge)
    assert np.abs(composed - two.edge[0]).max() > 0.01 * np.abs(composed).max()


@pytest.mark.parametrize("pairs", [1, 6, 13, 10_000])
def test_how_many_receivers_are_pulled_together_changes_no_number(case, monkeypatch, pairs):
    wanted = grouped(case, (0, 3, 4))
    monkeypatch.setattr(forecast, "PAIRS_AT_ONCE", pairs)
    agree(grouped(case, (0, 3, 4)).edge, wanted.edge, EXACT)


def test_progress_names_the_layers(case):
    told = []
    network, _, target, flow = case
    with torch.no_grad():
        grouped_network_flow(network, target, flow, (0, 2, 4), RunContext(lambda *step: told.append(step)))
    assert [doing for _, doing in told] == [f"Following the flow through layers {few}" for few in ("1 to 2", "3 to 4")]
    assert all(0 <= fraction < 1 for fraction, _ in told)


# Flows drawn from maps.


def test_maps_of_a_group_are_multiplied():
    maps = torch.rand(4, 5, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    maps[1, 2] = 0  # passes everything straight on
    pooling = torch.tensor([0.5, 0, 0.25, 0.25, 0], dtype=torch.float64)
    flow = map_flow(maps, pooling)
    found = grouped_map_flow(maps, flow, (0, 3, 4))
    rows = maps / maps.sum(-1, keepdim=True)
    rows[1, 2] = torch.eye(5, dtype=torch.float64)[2]
    agree(found.nodes, torch.stack([pooling @ rows[3] @ rows[2] @ rows[1] @ rows[0], pooling @ rows[3], pooling]))
    agree(found.edge[0], (pooling @ rows[3])[:, None] * (rows[2] @ rows[1] @ rows[0]), EXACT)
    agree(found.edge[1], flow.edge[3], EXACT)
    assert not found.bias_in.any()
    assert conservation(found) <= EXACT


# At the door.


def request_to(model=TINY, method="decompx", **changes):
    given = {"ids": IDS, "boundaries": (0, 2, 4)} | changes
    return Request(0, str(folder(model)), method, **given)


@pytest.mark.parametrize("dtype", OF)
@pytest.mark.parametrize("method", [method.id for method in registry.discover()])
def test_every_flow_can_be_grouped_and_nothing_else(method, dtype):
    found = explain_allowed(TINY, method, dtype, ids=IDS, boundaries=(0, 3, 4))
    assert (found.grouped is None) == (found.flow is None)
    if found.grouped is None:
        assert "grouped_conservation" not in found.checks
        return
    made, whole = found.grouped, found.flow
    assert (made.boundaries, made.total, made.from_map) == ((0, 3, 4), whole.total, whole.from_map)
    assert {array.dtype for array in (made.edge, made.nodes, made.bias_in, made.bias)} == {np.dtype(dtype)}
    assert np.array_equal(made.nodes, whole.nodes[[0, 3, 4]])
    scale = max(1.0, float(np.abs(whole.nodes).max()))
    assert float(made.nodes[0].sum() + made.bias.sum()) == pytest.approx(made.total, abs=OF[dtype] * scale)
    assert made.bias[-1] == whole.bias[-1]
    assert found.checks["grouped_conservation"] <= OF[dtype] * scale


def test_the_flow_to_a_contrast_is_grouped_as_the_contrast():
    both, one, other = (
        explain(TINY, "decompx", ids=IDS, boundaries=(0, 2, 4), target=target, against=against)
        for target, against in ((0, 2), (0, Against.NOTHING), (2, Against.NOTHING))
    )
    for name in ("edge", "nodes", "bias_in", "bias"):
        agree(getattr(both.grouped, name), getattr(one.grouped, name) - getattr(other.grouped, name), FLOAT64)


def test_a_filler_of_a_gap_is_followed_through_groups():
    found = explain("alti-tiny-bert-mlm", "decompx", text="the [MASK] was good", target="film", against="walk")
    layers = found.model.layers
    found = explain("alti-tiny-bert-mlm", "decompx", text="the [MASK] was good", boundaries=(0, layers))
    agree(found.grouped.edge[0, found.position], found.flow.nodes[0], FLOAT64)


def test_none_is_made_where_none_is_asked_for():
    found = explain(TINY, "decompx", ids=IDS)
    assert found.grouped is None
    assert "grouped_conservation" not in found.checks


@pytest.mark.parametrize("boundaries", [(0,), (4,), (0, 3), (1, 4), (0, 2, 2, 4), (0, 3, 2, 4), (0, 5), (-1, 4)])
def test_what_does_not_rise_from_the_beginning_to_the_end_is_refused(boundaries):
    with pytest.raises(MethodError, match=r"does not rise from 0 to the model's 4 layers.*end with 4"):
        check_boundaries(boundaries, 4)
    session = fresh_session(TINY)
    with pytest.raises(MethodError):
        session.run(request_to(boundaries=boundaries), RunContext())
    assert session._recorded is None


@pytest.mark.parametrize("boundaries", [(), (0, 4), (0, 1, 2, 3, 4), (0, 2, 3, 4)])
def test_what_does_is_taken(boundaries):
    check_boundaries(boundaries, 4)


def test_grouping_is_done_once_beside_the_other_looks(monkeypatch):
    done = []
    session = fresh_session(TINY)
    for name in ("capture", "grouped_network_flow", "feed_forward_components"):
        real = getattr(rooms, name)

        def counted(*given, name=name, real=real):
            done.append(name)
            return real(*given)

        monkeypatch.setattr(rooms, name, counted)
    first = session.run(request_to(boundaries=()), RunContext())
    looks = [
        session.run(request_to(**look), RunContext())
        for look in ({}, {"feed_forward_layers": (1,)}, {"boundaries": (0, 4)}, {"feed_forward_layers": (1, 2)})
    ]
    assert done == [
        "capture",
        "grouped_network_flow",
        "feed_forward_components",
        "grouped_network_flow",
        "feed_forward_components",
    ]
    assert [found.grouped.boundaries for found in looks] == [(0, 2, 4), (0, 2, 4), (0, 4), (0, 2, 4)]
    assert all(found.flow is first.flow for found in looks)
    assert looks[1].grouped is looks[0].grouped
    assert looks[1].components.feed_forward_layers == (1,)


def test_another_answer_is_grouped_anew():
    session = fresh_session(TINY)
    kept = session.run(request_to(target=0), RunContext()).grouped
    other = session.run(request_to(target=1), RunContext()).grouped
    assert not np.array_equal(kept.edge, other.edge)
    assert np.array_equal(session.run(request_to(target=0), RunContext()).grouped.edge, kept.edge)


def test_a_cancel_is_noticed_at_every_layer_and_spoils_nothing(monkeypatch):
    monkeypatch.setattr(forecast, "PAIRS_AT_ONCE", 2 * len(IDS))
    wanted = explain(TINY, "decompx", ids=IDS, boundaries=(0, 3, 4)).grouped
    session = fresh_session(TINY)
    session.run(request_to(boundaries=()), RunContext())
    cancelled = 0
    for looks in range(1, 100):
        try:
            session.run(request_to(boundaries=(0, 3, 4)), CancelledAt(looks))
        except Cancelled:
            cancelled += 1
        else:
            break
    # The pull of all layers; three chunks, each before and in both layers below the group's last.
    assert cancelled == LAYERS + 3 * 3
    agree(session.run(request_to(boundaries=(0, 3, 4)), RunContext()).grouped.edge, wanted.edge, EXACT)


def test_groups_too_dear_for_the_memory_are_refused_and_the_flow_itself_stays(monkeypatch):
    session, size = fresh_session(TINY), Size.of(opened(TINY).info, len(IDS), 1)
    first = session.run(request_to(boundaries=()), RunContext())
    enough = pulled_between(size, (0, 2, 4)).numbers * 8
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=enough - 1))
    with pytest.raises(TextError, match="The flow between groups of layers would need about"):
        session.run(request_to(), RunContext())
    assert session.run(request_to(boundaries=()), RunContext()).flow is first.flow
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=enough))
    assert session.run(request_to(), RunContext()).grouped is not None


def test_groups_cost_a_pull_per_receiver_of_all_layers_but_each_groups_last():
    base = Size(layers=12, heads=12, hidden=768, intermediate=3072, tokens=64, classes=2, explained=2)
    one = pulled_between(base, tuple(range(13)))
    assert one.work < recorded_pass(base).work
    twos, all_together = pulled_between(base, (0, 2, 4, 6, 8, 10, 12)), pulled_between(base, (0, 12))
    assert (twos.work - one.work) / one.work == pytest.approx(64 * 6 / 12)
    assert (all_together.work - one.work) / one.work == pytest.approx(64 * 11 / 12)
    longer = pulled_between(replace(base, tokens=512), (0, 12))
    assert longer.numbers < 4 * pulled_between(replace(base, tokens=256), (0, 12)).numbers


def test_single_precision_keeps_to_its_tolerance():
    tiny = Tiny("bert", layers=6, seed=74)
    found, wanted = (explain(tiny, "decompx", dtype, ids=IDS, boundaries=(0, 3, 6)) for dtype in ("float32", "float64"))
    agree(found.grouped.edge, wanted.grouped.edge, FLOAT32)
