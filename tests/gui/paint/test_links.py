from __future__ import annotations

import numpy as np
import pytest

from gui.paint.links import reachable, strongest, strongest_entries

ALL = np.ones(3, dtype=bool)
EDGE = np.array(
    [
        [[4.0, -3.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, -1.0]],  # sum of sizes 10
        [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]],  # 9
    ]
)


def drawn(links):
    return {(int(a), int(b), int(c)) for a, b, c in zip(links.layer, links.receiver, links.source, strict=True)}


def test_largest_first_until_the_share_is_reached():
    links = strongest(EDGE[:1], 0.7, ALL)
    assert drawn(links) == {(0, 0, 0), (0, 0, 1)}
    assert links.coverage == pytest.approx(0.7)
    assert links.weight.tolist() == [-3.0, 4.0], "weakest first, so that the strongest is painted last"


def test_a_hair_more_takes_one_link_more():
    assert drawn(strongest(EDGE[:1], 0.7001, ALL)) == {(0, 0, 0), (0, 0, 1), (0, 1, 1)}


def test_the_stated_share_is_the_smallest_layers_own():
    links = strongest(EDGE, 0.75, ALL)
    by_layer = [np.abs(links.weight[links.layer == layer]).sum() / np.abs(EDGE[layer]).sum() for layer in range(2)]
    assert by_layer == pytest.approx([0.9, 7 / 9])
    assert links.coverage == pytest.approx(min(by_layer))


def test_hidden_rows_are_not_drawn_and_not_claimed():
    links = strongest(EDGE[:1], 1.0, np.array([True, False, True]))
    assert drawn(links) == {(0, 0, 0), (0, 2, 2)}
    assert links.coverage == pytest.approx(0.5), "counted against the whole layer"


def test_the_number_of_links_is_bounded_and_the_share_stays_true():
    links = strongest(EDGE[1:], 1.0, ALL, most=4)
    assert len(links) == 4
    assert links.coverage == pytest.approx(4 / 9)


def test_nothing_flows_nothing_is_drawn():
    links = strongest(np.zeros((2, 3, 3)), 0.8, ALL)
    assert len(links) == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(bad):
    edge = EDGE.copy()
    edge[1, 2, 0] = bad
    with pytest.raises(ValueError, match="not finite"):
        strongest(edge, 0.8, ALL)


def test_entries_per_layer():
    layer, row = strongest_entries(np.array([[3.0, -5.0, 2.0], [0.0, 0.0, 0.0]]), 0.6, ALL, 5)
    assert (layer.tolist(), row.tolist()) == ([0, 0], [1, 0])


def test_a_trace_follows_drawn_links_both_ways_and_no_others():
    edge = np.zeros((3, 3, 3))
    edge[0, 1, 0] = edge[1, 2, 1] = edge[2, 2, 2] = 1.0  # 0 -> 1 -> 2 -> 2
    edge[0, 0, 2] = edge[2, 0, 1] = 1.0  # elsewhere
    links = strongest(edge, 1.0, ALL)
    trace = reachable(links, 3, 3, 1, 1)
    used = {
        place
        for place, on in zip(zip(links.layer, links.receiver, links.source, strict=True), trace.links, strict=True)
        if on
    }
    assert used == {(0, 1, 0), (1, 2, 1), (2, 2, 2)}
    assert np.argwhere(trace.nodes).tolist() == [[0, 0], [1, 1], [2, 2], [3, 2]]
