"""Whoever cannot use a mouse, cannot see colours, or needs strong letters can use the whole window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from gui.columns import Columns
from gui.controls.chooser import Chooser, Popup
from gui.controls.segments import Segments
from gui.controls.sheet import Sheet
from gui.paint.chips import Chip, chip_fill
from gui.paint.colour import READABLE, contrast, readable_ink
from gui.paint.palette import PALETTES, Palette, Rgb, blend
from gui.paint.typeface import Ink, place
from gui.style import style_sheet
from gui.viewkit import ViewWidget
from tests.gui import vision
from tests.gui.dressed import CONTROLS, Dressed, controls, dressed, tabbed
from tests.gui.stage import application

APPEARANCES = ("light", "dark", "contrast")
THEMES = ("light", "dark", "contrast", "contrast-dark")  # grey is for paper
ROOMY = (1440, 900)
STRONG = 7.0  # the contrast WCAG AAA asks of text


@pytest.fixture(scope="module", params=APPEARANCES)
def on(request: pytest.FixtureRequest) -> Iterator[Dressed]:
    with dressed(request.param) as made:
        yield made


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def told_of(widget: QWidget) -> str:
    """What is said about it: a row of segments has one tooltip for all, a picture is told by its view."""
    own = widget.toolTip() or widget.accessibleDescription() or widget.whatsThis()
    around = widget.parentWidget()
    if own or around is None:
        return own
    if isinstance(around, Segments):
        return around.toolTip()
    return "" if isinstance(widget, CONTROLS) else around.whatsThis() or told_of(around)


def reachable(root: QWidget, visited: list[QWidget]) -> set[QWidget]:
    """What the keyboard reaches: what Tab visits, and by arrows the others of a row of which it visits one."""
    rows = {widget.parentWidget() for widget in visited if isinstance(widget.parentWidget(), Segments)}
    beside = {button for row in rows for button in row.findChildren(QPushButton)}
    return {*visited, *beside}


def test_every_control_is_named_and_told(on: Dressed) -> None:
    found = controls(on.window)
    assert len(found) > 20
    assert [widget for widget in found if not name_of(widget)] == []
    assert [name_of(widget) for widget in found if not told_of(widget)] == []


def test_tab_goes_through_the_whole_window_and_comes_back(on: Dressed) -> None:
    field = on.window.desk.text.field
    field.setFocus()
    visited = tabbed(field)
    missed = [w for w in controls(on.window) if w.isEnabled() and w not in reachable(on.window, visited)]
    assert [name_of(widget) for widget in missed] == []
    for view in on.window.findChildren(ViewWidget):
        if view.isVisible():
            assert any(view is widget or view.isAncestorOf(widget) for widget in visited), view
    for one, next_one in pairwise(visited):
        next_one.setFocus()
        QTest.keyClick(next_one, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        assert application().focusWidget() is one, "Shift+Tab goes the same way back"


def seen(window: QWidget, widget: QWidget) -> QImage:
    """What the window shows in the widget's place."""
    corner = widget.mapTo(window, QPoint(0, 0))
    return window.grab(QRect(corner, widget.size()).adjusted(-3, -3, 3, 3)).toImage()


def test_wherever_the_focus_is_it_is_seen(on: Dressed) -> None:
    field = on.window.desk.text.field
    field.setFocus()
    unseen = []
    for widget in tabbed(field):
        elsewhere = on.window.more if widget is not on.window.more else field
        elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
        without = seen(on.window, widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        with_focus = seen(on.window, widget)
        unlike = sum(
            with_focus.pixel(x, y) != without.pixel(x, y)
            for x in range(without.width())
            for y in range(without.height())
        )
        if unlike < 2 * min(without.width(), without.height()):  # less than the shorter two sides of a frame
            unseen.append((name_of(widget), unlike))
    assert unseen == []


def popups_of(on: Dressed) -> list[tuple[str, Popup]]:
    """Every menu of the window, opened one after another by the caller of the list."""
    openers = [
        *(chooser.button for chooser in on.window.findChildren(Chooser)),
        on.window.more,
        on.window.desk.text.examples,
    ]
    return [(name_of(opener), opener) for opener in openers if opener.isVisible() and opener.isEnabled()]


def test_every_menu_obeys_the_same_rules(on: Dressed) -> None:
    openers = popups_of(on)
    assert len(openers) >= 5
    for name, opener in openers:
        opener.click()
        popup = application().activePopupWidget()
        assert isinstance(popup, Popup), name
        found = controls(popup)
        assert [widget for widget in found if not name_of(widget)] == [], name
        assert [name_of(widget) for widget in found if not told_of(widget)] == [], name
        first = application().focusWidget()
        assert first is not None
        missed = [w for w in found if w.isEnabled() and w not in reachable(popup, tabbed(first))]
        assert [name_of(widget) for widget in missed] == [], name
        QTest.keyClick(popup, Qt.Key.Key_Escape)
        assert application().activePopupWidget() is None, "Esc closes it"


def test_sheets_are_named_and_closed_by_escape(on: Dressed) -> None:
    for what in ("shortcuts", "methods", "help", "about"):
        on.window.more.asked.emit(what)
        sheet = application().activePopupWidget()
        assert isinstance(sheet, Sheet), what
        assert sheet.accessibleName()
        assert all(name_of(widget) and told_of(widget) for widget in controls(sheet))
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        assert application().activePopupWidget() is None


def least(palette: Palette) -> float:
    """The contrast that words of this theme need."""
    return STRONG if palette.is_strong else READABLE


def coloured_words(palette: Palette) -> list[tuple[str, Rgb, Rgb]]:
    """(rule, ink, ground) of every rule of the style sheet that colours words; what can do nothing now is exempt.

    A rule without a ground of its own stands on a card, or on the page where the pointer is over it.
    """
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", style_sheet(palette)):
        said = dict(re.findall(r"(?:^|[;\s])(background|color)\s*:\s*(#[0-9a-f]{6})", body))
        if ":disabled" in selector or "color" not in said:
            continue
        grounds = [said["background"]] if "background" in said else [palette.card, palette.page]
        found += [(" ".join(selector.split()), rgb(said["color"]), rgb(ground)) for ground in grounds]
    return found


def rgb(colour: str | Rgb) -> Rgb:
    if not isinstance(colour, str):
        return colour
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@pytest.mark.parametrize("theme", THEMES)
def test_all_words_of_the_window_can_be_read(theme: str) -> None:
    palette = PALETTES[theme]
    pairs = coloured_words(palette)
    assert len(pairs) > 20
    assert [
        (rule, contrast(ink, ground)) for rule, ink, ground in pairs if contrast(ink, ground) < least(palette)
    ] == []


@pytest.mark.parametrize("theme", THEMES)
def test_words_that_pictures_and_controls_write_can_be_read(theme: str) -> None:
    palette = PALETTES[theme]
    on_card = ("text", "muted", "faint", "accent", "towards", "against")
    pairs = [(role, getattr(palette, role), palette.card) for role in on_card]
    pairs += [
        (f"{role} on a badge", getattr(palette, role), palette.accent_soft) for role in ("text", "muted", "accent")
    ]
    pairs += [
        ("primary", palette.on_colour, palette.accent),
        ("warning", palette.text, blend(palette.card, palette.against, 0.08)),
    ]
    assert [
        (name, contrast(ink, ground)) for name, ink, ground in pairs if contrast(ink, ground) < least(palette)
    ] == []


@pytest.mark.parametrize("theme", PALETTES)
def test_words_on_coloured_grounds_can_be_read(theme: str) -> None:
    """A ground of middle lightness allows black or white 4.58 at most, so that no theme can promise 7 here."""
    palette = PALETTES[theme]
    text = place("word", Ink(13), (0, 0))
    for step in range(-100, 101):
        for signed in (True, False):
            chip = Chip(text.rect, text, (0,), 0.0, step / 100, is_special=False)
            fill = chip_fill(chip, palette, signed=signed)
            assert contrast(readable_ink(fill, palette), fill) >= READABLE


@pytest.mark.parametrize("theme", ["contrast", "contrast-dark"])
def test_high_contrast_draws_every_edge(theme: str) -> None:
    palette = PALETTES[theme]
    for ground in (palette.card, palette.page):
        assert contrast(palette.border, ground) >= 3.0
    for ends in (palette.towards, palette.against, palette.accent):
        assert contrast(ends, palette.card) >= STRONG


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("deficiency", vision.DEFICIENCIES)
def test_for_and_against_stay_apart_for_every_eye(theme: str, deficiency: str) -> None:
    """Full colours differ in hue by far more than can be noticed, half ones too, and each from the card."""
    palette = PALETTES[theme]
    for share, enough in ((1.0, 40), (0.5, 20)):
        towards, against = (vision.seen_with(deficiency, palette.signed(sign * share)) for sign in (1, -1))
        card = vision.seen_with(deficiency, palette.card)
        assert vision.apart(towards, against) > enough
        assert min(vision.apart(towards, card), vision.apart(against, card)) > enough / 2


def test_the_simulation_is_the_published_one() -> None:
    for matrix in vision.DEFICIENCIES.values():
        np.testing.assert_allclose(matrix.sum(1), 1, atol=2e-6)  # grey stays grey
    red, green = vision.seen_with("deuteranopia", (200, 60, 60)), vision.seen_with("deuteranopia", (110, 120, 50))
    assert vision.apart(red, green) < vision.apart(vision.linear((200, 60, 60)), vision.linear((110, 120, 50))) / 2


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("deficiency", vision.DEFICIENCIES)
def test_the_one_hue_scale_only_grows_for_every_eye(theme: str, deficiency: str) -> None:
    palette = PALETTES[theme]
    lightness = [vision.lab(vision.seen_with(deficiency, palette.sequential(step / 20)))[0] for step in range(21)]
    steps = np.diff(lightness)
    assert (steps < 0).all() or (steps > 0).all()


@pytest.mark.parametrize("appearance", ["dark", "contrast"])
def test_a_theme_chosen_while_the_window_is_open_leaves_nothing_of_the_old_one(appearance: str) -> None:
    with dressed(appearance, size=ROOMY) as fresh:
        wanted = pictured(fresh)
    with dressed("light", size=ROOMY) as on:
        before = pictured(on)
        on.window.appearance.choose(appearance)
        on.settle()
        assert on.controller.shown.state.view.theme == appearance
        now = pictured(on)
    assert now != before
    assert now == wanted


def test_type_made_larger_while_the_window_is_open_leaves_nothing_small() -> None:
    with dressed(percent=130, size=ROOMY) as fresh:
        widths = fresh.window.remembered().columns
        wanted = pictured(fresh)
    with dressed(percent=100, size=ROOMY) as on:
        on.window.appearance.set_percent(130)
        on.settle()
        on.window.findChild(Columns).setSizes(list(widths))  # the widths a person chose stay as they are
        assert pictured(on) == wanted


def pictured(on: Dressed) -> QImage:
    """The whole window without a blinking cursor."""
    on.window.more.setFocus(Qt.FocusReason.MouseFocusReason)
    on.settle()
    return on.window.grab().toImage()
