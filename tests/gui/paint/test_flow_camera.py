from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.paint.flow_camera import GROWN, MOST, WHOLE, Camera, Lens

CROWDED = Lens(left=100, top=50, width=800, height=600, opened=3.0)
ROOMY = Lens(left=100, top=50, width=800, height=600, opened=1.0)
LENSES = st.sampled_from([CROWDED, ROOMY])
PLACES = st.tuples(st.floats(100, 900), st.floats(50, 650))
FACTORS = st.lists(st.floats(0.5, 2.0), min_size=1, max_size=6)


def test_rows_move_apart_before_columns_do():
    assert CROWDED.scales(Camera(zoom=2.0)) == (1.0, 2.0)
    assert CROWDED.scales(Camera(zoom=6.0)) == (2.0, 6.0)
    assert ROOMY.scales(Camera(zoom=2.0)) == (2.0, 2.0)


def test_the_whole_picture_is_left_as_it_is():
    assert (CROWDED.across(WHOLE, 321.0), CROWDED.down(WHOLE, 123.0)) == (321.0, 123.0)
    assert CROWDED.panned(WHOLE, 40, 40) == WHOLE, "there is nowhere to go"


@given(LENSES, PLACES)
def test_what_is_under_the_pointer_stays_there(lens, place):
    x, y = place
    camera = lens.zoomed(WHOLE, 2.5, x, y)
    assert lens.across(camera, x) == pytest.approx(x)
    assert lens.down(camera, y) == pytest.approx(y)
    nearer = lens.zoomed(camera, 1.7, 500, 350)
    world = 100 + 800 * (camera.left + (500 - 100) / 800 / lens.scales(camera)[0])
    if 0 < nearer.left < 1 - 1 / lens.scales(nearer)[0]:
        assert lens.across(nearer, world) == pytest.approx(500)


@given(LENSES, FACTORS, PLACES, st.floats(-2000, 2000), st.floats(-2000, 2000))
def test_nothing_beyond_the_edges_of_the_graph_is_ever_seen(lens, factors, place, right, down):
    camera = WHOLE
    for factor in factors:
        camera = lens.panned(lens.zoomed(camera, factor, *place), right, down)
        assert 1 <= camera.zoom <= MOST * lens.opened
        assert 1 <= lens.grown(camera) <= GROWN
        assert lens.across(camera, 100) <= 100 + 1e-6
        assert lens.across(camera, 900) >= 900 - 1e-6
        assert lens.down(camera, 50) <= 50 + 1e-6
        assert lens.down(camera, 650) >= 650 - 1e-6


def test_moving_follows_the_hand():
    camera = ROOMY.zoomed(WHOLE, 2.0, 500, 350)
    moved = ROOMY.panned(camera, 30, -20)
    assert ROOMY.across(moved, 400) - ROOMY.across(camera, 400) == pytest.approx(30)
    assert ROOMY.down(moved, 300) - ROOMY.down(camera, 300) == pytest.approx(-20)


def test_a_place_out_of_view_is_brought_just_inside():
    camera = ROOMY.zoomed(WHOLE, 4.0, 500, 350)
    x, y = ROOMY.across(camera, 800), ROOMY.down(camera, 350)
    shown = ROOMY.revealing(camera, x, y, 30)
    assert ROOMY.across(shown, 800) == pytest.approx(900 - 30)
    assert ROOMY.down(shown, 350) == pytest.approx(y)
    assert ROOMY.revealing(shown, ROOMY.across(shown, 800), y, 30) == shown


@given(LENSES, FACTORS, PLACES, PLACES)
def test_the_kept_picture_drifts_to_where_the_new_one_will_stand(lens, factors, one, other):
    painted = lens.zoomed(WHOLE, factors[0], *one)
    now = painted
    for factor in factors:
        now = lens.zoomed(now, factor, *other)
    drift = lens.drift(painted, now)
    for x, y in (one, other):
        assert drift.across * lens.across(painted, x) + drift.right == pytest.approx(lens.across(now, x), abs=1e-6)
        assert drift.down * lens.down(painted, y) + drift.below == pytest.approx(lens.down(now, y), abs=1e-6)
