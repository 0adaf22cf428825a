"""Theme and size of type: chosen, followed, applied to the whole application, and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip, QWidget

from gui.appearance import Appearance, SystemLook, system_look, theme_of
from gui.controls.chooser import Popup
from gui.kept.settings import APPEARANCES, TYPE_SCALES
from gui.paint.colour import qcolor
from gui.paint.palette import DARK, PALETTES
from gui.panels.more import LookForm
from gui.style import sized
from tests.gui.dressed import Dressed, as_it_was, dressed
from tests.gui.stage import application


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    with as_it_was():
        yield


LOOKS = {
    ("system", SystemLook()): "light",
    ("system", SystemLook(is_dark=True)): "dark",
    ("system", SystemLook(is_strong=True)): "contrast",
    ("system", SystemLook(is_dark=True, is_strong=True)): "contrast-dark",
    ("light", SystemLook(is_dark=True, is_strong=True)): "light",
    ("dark", SystemLook()): "dark",
    ("contrast", SystemLook()): "contrast",
    ("contrast", SystemLook(is_dark=True)): "contrast-dark",
}


@pytest.mark.parametrize(("look", "theme"), LOOKS.items(), ids=str)
def test_every_choice_has_its_theme_on_every_system(look: tuple[str, SystemLook], theme: str) -> None:
    assert theme_of(*look) == theme
    assert theme in PALETTES
    assert look[0] in APPEARANCES


def test_a_system_that_says_nothing_is_light() -> None:
    assert application().styleHints().colorScheme() is Qt.ColorScheme.Unknown
    assert system_look() == SystemLook()


def test_the_application_is_dressed_with_fonts_colours_and_tooltips() -> None:
    appearance = Appearance("dark", 130)
    appearance.apply()
    assert application().font().pixelSize() == 17
    assert QToolTip.font().pixelSize() == 17
    for colours in (application().palette(), QToolTip.palette()):
        assert colours.color(QPalette.ColorRole.ToolTipBase) == qcolor(DARK.card)
        assert colours.color(QPalette.ColorRole.Base) == qcolor(DARK.card)
        assert colours.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == qcolor(DARK.idle)
    appearance.usual()
    assert application().font().pixelSize() == 13
    assert sized(100) == 100


def test_the_system_is_followed_only_where_that_was_chosen() -> None:
    now = [SystemLook()]
    told: list[str] = []
    appearance = Appearance("system", 100, lambda: now[0])
    appearance.changed.connect(lambda: told.append(appearance.palette.name))
    now[0] = SystemLook(is_dark=True)
    application().styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert told == ["dark"]
    appearance.choose("light")
    now[0] = SystemLook()
    application().styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    appearance.choose("light")
    assert told == ["dark", "light"]


def test_sizes_go_step_by_step_and_stop_at_the_ends() -> None:
    appearance = Appearance("light", 100)
    seen = []
    for _ in range(len(TYPE_SCALES)):
        appearance.larger()
        seen.append(appearance.percent)
    assert seen == [115, 130, 150, 150, 150]
    for _ in range(9):
        appearance.smaller()
    assert appearance.percent == 90
    appearance.set_percent(120)
    appearance.smaller()
    assert appearance.percent == 115, "from a size that is none of the steps to the next one"


def test_larger_type_by_keyboard_is_larger_everywhere() -> None:
    with dressed("light", 100) as on:
        window, before = on.window, sizes(on)
        QTest.keyClick(window.desk.text.field, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(window.desk.text.field, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
        assert window.appearance.percent == 130
        on.settle()
        now = sizes(on)
        assert all(now[name] > before[name] for name in before), (before, now)
        QTest.keyClick(window.desk.text.field, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
        assert window.appearance.percent == 115
        QTest.keyClick(window.desk.text.field, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
        on.settle()
        assert sizes(on) == before


def sizes(on: Dressed) -> dict[str, int]:
    """Heights that follow the type, in every corner of the window."""
    window = on.window
    rows = window.desk.prediction.rows
    widgets: dict[str, QWidget] = {
        "field": window.desk.text.field,
        "bar": window.bar,
        "chooser": window.question.method.button,
        "undo": window.bar.undo,
        "title": window.desk.text.title,
        "answer": rows[0].name,
        "status": window.status,
        "fold": window.desk.fold,
    }
    heights = {name: widget.height() for name, widget in widgets.items()}
    flow = window.desk.decks["middle"].widget("flow")
    scene = flow.scene()  # type: ignore[attr-defined]  # a flow view
    return heights | {"prose": QFontInfo(window.desk.explanation.prose.font()).pixelSize(), "flow": scene.unit}


def test_the_menu_changes_the_look_while_it_stays_open() -> None:
    with dressed("light", 100) as on:
        on.window.more.click()
        popup = application().activePopupWidget()
        assert isinstance(popup, Popup)
        form = popup.findChild(LookForm)
        low = popup.height()
        form.sizes.chosen.emit(TYPE_SCALES.index(150))
        form.themes.chosen.emit(APPEARANCES.index("contrast"))
        assert popup.isVisible()
        assert popup.height() > low
        assert (on.window.appearance.choice, on.window.appearance.percent) == ("contrast", 150)
        assert on.controller.shown.state.view.theme == "contrast"
        assert on.window.remembered().appearance == "contrast"
        assert on.window.remembered().type_scale == 150
        popup.close()


def test_undo_never_changes_the_theme() -> None:
    with dressed("light") as on:
        on.controller.text_edited("Another text.")
        on.window.appearance.choose("dark")
        on.controller.undo()
        assert on.controller.shown.state.view.theme == "dark"
