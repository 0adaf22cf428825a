"""Maximum flow: against every cut of small stacks, and what any flow must keep to."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from engine.errors import Cancelled
from engine.maxflow import maximum_flows
from tests.tolerances import agree

WIDTHS = 1e-7  # what rounding to integers may cost, relative to the widest


def _stack(layers, tokens, seed, zeros=0.0):
    random = np.random.default_rng(seed)
    maps = random.gamma(0.5, size=(layers, tokens, tokens))
    return maps * (random.random(maps.shape) >= zeros)


def _flows(maps):
    return maximum_flows(maps, lambda layer, receiver: None)


def _smallest_cut(maps, layer, receiver, source):
    """The narrowest set of pipes that parts two tokens, by trying every side each node may be on."""
    tokens = maps.shape[-1]
    nodes = [(level, token) for level in range(layer + 1) for token in range(tokens)]
    free = [node for node in nodes if node != (0, source)]
    least = np.inf
    for sides in product((False, True), repeat=len(free)):
        above = dict(zip(free, sides, strict=True)) | {(layer + 1, receiver): True, (0, source): False}
        cut = 0.0
        for level, token in above:
            if level > 0 and above[level, token]:
                cut += sum(maps[level - 1, token, below] for below in range(tokens) if not above[level - 1, below])
        least = min(least, cut)
    return least


@pytest.mark.parametrize("zeros", [0.0, 0.5])
@pytest.mark.parametrize("seed", range(4))
def test_every_flow_is_as_wide_as_the_narrowest_cut(seed, zeros):
    maps = _stack(2, 3, seed, zeros)
    wanted = np.array(
        [
            [[_smallest_cut(maps, layer, receiver, source) for source in range(3)] for receiver in range(3)]
            for layer in range(2)
        ]
    )
    agree(_flows(maps), wanted, WIDTHS)


def test_three_layers_of_two_tokens():
    maps = _stack(3, 2, 9)
    wanted = [[_smallest_cut(maps, 2, receiver, source) for source in range(2)] for receiver in range(2)]
    agree(_flows(maps)[2], wanted, WIDTHS)


def test_no_flow_is_wider_than_what_leaves_or_arrives():
    maps = _stack(5, 7, 1)
    flows = _flows(maps)
    slack = 1 + WIDTHS * maps.sum(-1).max()
    assert (flows <= maps.sum(2)[:, :, None] * slack).all()
    assert (flows <= maps[0].sum(0) * slack).all()
    assert np.array_equal(flows[0], maps[0])


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_the_unit_of_the_widths_does_not_matter(factor):
    maps = _stack(3, 5, 2)
    agree(_flows(maps * factor) / factor, _flows(maps), WIDTHS)


def test_nothing_flows_through_nothing():
    assert not _flows(np.zeros((2, 3, 3))).any()


def test_a_step_may_stop_the_search():
    asked = []

    def step(layer, receiver):
        asked.append((layer, receiver))
        if len(asked) == 10:
            raise Cancelled

    with pytest.raises(Cancelled):
        maximum_flows(_stack(3, 4, 3), step)
    assert asked == [(1, receiver) for receiver in (0, 0, 0, 0, 1, 1, 1, 1, 2, 2)]
