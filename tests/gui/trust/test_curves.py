from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from gui.paint.colour import READABLE, contrast
from gui.paint.palette import DARK, GREY, LIGHT, PALETTES, blend
from gui.trust.curves import Role, curve_figure, step_at
from tests.gui.pictures import far, inside, painted
from tests.gui.trust.drawn import four, line, words
from tests.gui.vision import DEFICIENCIES, apart, seen_with

SIZES = ((320, 220), (380, 520), (640, 280), (1280, 720))
FALLING = (0.9, 0.4, 0.2, 0.1)
STAYING = (0.9, 0.9, 0.8, 0.1)


def drawn(lines, size, *, count=3, palette=LIGHT, at=None, turning=0.5):
    return curve_figure(lines, words(count, turning), QRectF(0, 0, *size), palette, at=at)


def all_texts(figure):
    texts = list(figure.title)
    for plot in figure.plots:
        texts += [*plot.texts, *plot.labels]
    return texts


def test_a_point_stands_where_its_numbers_say():
    figure = drawn([line("DecompX", Role.OWN, FALLING, STAYING)], (1280, 720))
    for plot, shares in zip(figure.plots, (FALLING, STAYING), strict=True):
        (own,) = plot.drawn
        area = plot.area
        for count, (point, share) in enumerate(zip(own.points, shares, strict=True)):
            assert point.x() == pytest.approx(area.left() + area.width() * count / 3)
            assert point.y() == pytest.approx(area.bottom() - area.height() * share)


def test_the_band_goes_forth_above_and_back_below():
    lines = [line("Random order", Role.CHANCE, FALLING, spread=0.05), line("DecompX", Role.OWN, FALLING)]
    plot = drawn(lines, (1280, 720)).plots[0]
    area, band = plot.area, plot.drawn[0].band
    above = [area.bottom() - area.height() * (share + 0.05) for share in FALLING]
    below = [area.bottom() - area.height() * (share - 0.05) for share in reversed(FALLING)]
    assert [point.y() for point in band] == pytest.approx(above + below)
    assert not plot.drawn[1].band


def test_the_answer_turns_on_a_line_at_one_half():
    plot = drawn(four(FALLING), (1280, 720)).plots[0]
    assert plot.turning is not None
    start, end, _, label = plot.turning.points
    assert start.y() == end.y() == pytest.approx(plot.area.center().y())
    assert plot.turning.label is not None
    assert label.y() == pytest.approx(plot.turning.label.rect.center().y())


def test_what_wins_below_is_named_where_it_is_known():
    def said(made):
        plot = curve_figure(four(FALLING), made, QRectF(0, 0, 1280, 720), LIGHT).plots[0]
        return plot.turning and plot.turning.label and plot.turning.label.text

    assert said(words(3)) == "answer changes"
    assert said(replace(words(3), other="Negative")) == "below: Negative"


def test_of_many_answers_the_turn_is_a_ring_on_the_own_line():
    lines = [line("DecompX", Role.OWN, FALLING, turned=2)]
    plot = drawn(lines, (1280, 720), turning=None).plots[0]
    assert plot.turning is None
    assert plot.ring == plot.drawn[0].points[2]
    assert drawn(lines, (1280, 720)).plots[0].ring is None
    assert drawn([line("DecompX", Role.OWN, FALLING)], (1280, 720), turning=None).plots[0].ring is None


def test_room_decides_how_many_plots_and_the_note_says_so():
    assert [len(drawn(four(FALLING), size).plots) for size in SIZES] == [1, 2, 2, 2]
    column, wide = drawn(four(FALLING), SIZES[1]).plots, drawn(four(FALLING), SIZES[2]).plots
    assert column[0].area.left() == column[1].area.left()
    assert wide[0].area.top() == wide[1].area.top()
    assert drawn(four(FALLING), SIZES[0]).notes == (
        "a note",
        "weakest words first is left out for want of room",
    )
    assert drawn(four(FALLING), SIZES[3]).notes == ("a note",)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "shares",
    [
        (0.5, 0.5),
        (0.0, 0.0, 0.0),
        (1.0, 1.0, 1.0),
        (1.0, 0.0),
        tuple(np.linspace(1, 0, 61)),
        tuple(np.resize((0.0, 1.0), 61)),
    ],
    ids=("one word", "all at 0", "all at 1", "one falls", "60 words", "60 up and down"),
)
def test_nothing_overlaps_and_nothing_leaves_the_room(size, shares):
    for at in (None, 0, 1, 7, 60):
        figure = drawn(four(shares), size, count=len(shares) - 1, at=at)
        texts = all_texts(figure)
        for a, b in combinations(texts, 2):
            assert not a.rect.adjusted(0.5, 0.5, -0.5, -0.5).intersects(b.rect), (a.text, b.text)
        for text in texts:
            assert inside(text.rect, *size), text.text
            assert text.text == text.full
        for plot in figure.plots:
            assert inside(plot.area, *size)
            assert plot.area.height() > 40
            assert plot.area.width() > 60
            for part in plot.drawn:
                assert all(plot.area.adjusted(-1, -1, 1, 1).contains(point) for point in part.points)


def test_lines_that_meet_at_the_end_are_named_in_the_order_they_came():
    lines = [
        line("lowest", Role.OTHER, (0.9, 0.2, 0.3)),
        line("highest", Role.CHANCE, (0.9, 0.8, 0.3)),
        line("between", Role.OWN, (0.9, 0.5, 0.3)),
    ]
    plot = drawn(lines, (640, 280), turning=None).plots[0]
    assert [text.text for text in sorted(plot.labels, key=lambda text: text.rect.top())] == [
        "highest",
        "between",
        "lowest",
    ]


def test_a_long_name_ends_in_dots_and_keeps_its_room():
    lines = [line("A method with a name that goes on and on and on", Role.OWN, FALLING)]
    plot = drawn(lines, (320, 220)).plots[0]
    label = plot.drawn[0].label
    assert label is not None
    assert label.text.endswith("…")
    assert label.full == lines[0].label
    assert label.rect.right() <= 320
    assert plot.area.width() > 100


def test_pointing_finds_the_nearest_step_and_nothing_outside():
    figure = drawn(four(FALLING), (1280, 720))
    first, second = figure.plots
    at = QPointF(first.area.left() + 0.6 * first.area.width(), first.area.center().y())
    assert step_at(figure, at) == 2
    assert step_at(figure, QPointF(second.area.left() - 1, second.area.top())) == 0
    assert step_at(figure, QPointF(second.area.right() + 1, second.area.top())) == 3
    assert step_at(figure, QPointF(5, 5)) is None


def test_what_is_pointed_at_is_marked_and_said():
    figure = drawn(four(FALLING, STAYING), (1280, 720), at=2)
    first, second = figure.plots
    assert first.marked == first.drawn[-1].points[2]
    assert first.upright is not None
    assert first.upright.x1() == first.marked.x()
    said = [{text.text for text in plot.texts} for plot in (first, second)]
    assert "Positive 20\N{NO-BREAK SPACE}% without wonderful and absolutely" in said[0]
    assert "Positive 80\N{NO-BREAK SPACE}% without actors and absolutely" in said[1]
    whole = {text.text for text in drawn(four(FALLING), (1280, 720), at=0).plots[0].texts}
    assert "Positive 90\N{NO-BREAK SPACE}% with all words" in whole


def test_as_many_words_are_named_as_fit():
    shares = tuple(np.linspace(1, 0.1, 61))
    texts = {text.text for text in drawn(four(shares), (320, 220), count=60, at=40).plots[0].texts}
    (said,) = (text for text in texts if "without" in text)
    assert said.startswith("Positive 40\N{NO-BREAK SPACE}% without wonderful, absolutely")
    assert said.endswith(" more")
    named = said.removesuffix(" more").split(" and ")
    assert int(named[1]) + named[0].count(",") + 1 == 40


def test_marks_are_quoted_and_hebrew_is_set_apart():
    made = replace(words(3), order=("נפלאים", ".", "film"))
    figure = curve_figure(four(FALLING), made, QRectF(0, 0, 1280, 720), LIGHT, at=2)
    assert any("without \u2068נפלאים\u2069 and “.”" in text.text for text in figure.plots[0].texts)


def test_hardly_certain_is_not_certain():
    figure = drawn([line("DecompX", Role.OWN, (0.9991, 0.001))], (640, 280), count=1, at=0)
    assert any(text.text.startswith("Positive >99\N{NO-BREAK SPACE}%") for text in figure.plots[0].texts)


def numbers_below(count, size=(320, 220)):
    plot = drawn(four(tuple(np.linspace(1, 0, count + 1))), size, count=count).plots[0]
    return [int(text.text) for text in plot.texts if text.text.isdecimal()]


def test_words_are_counted_in_whole_numbers():
    assert numbers_below(1) == [0, 1]
    assert numbers_below(3) == [0, 1, 2, 3]
    assert numbers_below(60) == [*range(0, 61, 10)]
    for count in (7, 11, 19, 23, 59, 200):
        found = numbers_below(count)
        assert found[0] == 0
        assert found[-1] <= count
        assert found == sorted(set(found))


@pytest.mark.parametrize("palette", [LIGHT, DARK, GREY], ids=lambda palette: palette.name)
def test_pixels_have_the_colours_of_what_is_there(palette):
    lines = [
        line("Random order", Role.CHANCE, (0.9, 0.6, 0.6, 0.2), spread=0.08),
        line("DecompX", Role.OWN, (0.9, 0.3, 0.3, 0.2)),
    ]
    figure = drawn(lines, (640, 280), palette=palette)
    image = painted(figure, 640, 280, palette)
    plot = figure.plots[0]

    def at(count, share):
        x = plot.area.left() + plot.area.width() * count / 3
        return image.pixelColor(round(x), round(plot.area.bottom() - plot.area.height() * share))

    assert far(at(1.5, 0.3), palette.accent) < 40
    assert far(at(1.5, 0.65), blend(palette.card, palette.muted, 0.17)) < 3
    assert far(at(1.5, 0.85), palette.card) == 0


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_a_second_line_is_told_from_the_first_by_every_reader(palette):
    assert contrast(palette.beside, palette.card) >= (7 if palette.is_strong else READABLE)
    for deficiency in DEFICIENCIES:
        own, beside, text = (seen_with(deficiency, colour) for colour in (palette.accent, palette.beside, palette.text))
        assert min(apart(own, beside), apart(own, text), apart(beside, text)) > 12


def test_no_two_strokes_are_alike():
    lines = [line(f"method {index}", Role.OTHER, FALLING) for index in range(5)]
    lines += [line("Random order", Role.CHANCE, FALLING), line("DecompX", Role.OWN, FALLING)]
    strokes = [part.stroke for part in drawn(lines, (1280, 720)).plots[0].drawn]
    assert len({stroke.dashes for stroke in strokes}) == len(strokes)
    assert all(stroke.width < strokes[-1].width for stroke in strokes[:-1])
