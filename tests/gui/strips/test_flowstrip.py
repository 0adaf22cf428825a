from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.controls.chooser import Entry, Popup
from gui.controls.switch import ToggleSwitch
from gui.guide.help import help_text
from gui.paint.palette import DARK, LIGHT
from gui.state import Grouping, ViewState
from gui.strips.flowstrip import FlowStrip, grouping_name, groupings
from tests.gui import samples

APPLICATION = QApplication.instance() or QApplication(["headstream-tests"])


@pytest.mark.parametrize(
    ("layers", "names"),
    [
        (1, ["every layer"]),
        (2, ["every layer"]),
        (3, ["every layer", "by 2"]),
        (4, ["every layer", "early, middle, late", "by 2", "by 3"]),
        (6, ["every layer", "early, middle, late", "by 3", "by 4"]),
        (12, ["every layer", "early, middle, late", "by 2", "by 3"]),
        (24, ["every layer", "early, middle, late", "by 2", "by 3", "by 4"]),
    ],
)
def test_only_groupings_that_make_a_picture_of_their_own(layers, names):
    assert [grouping_name(grouping) for grouping in groupings(layers, Grouping.EVERY)] == names


def test_the_chosen_one_of_two_alike_keeps_its_name():
    offered = groupings(12, Grouping.FOURS)
    assert Grouping.FOURS in offered
    assert Grouping.THIRDS not in offered


@pytest.fixture
def strip():
    made = FlowStrip()
    made.resize(700, 40)
    made.show()
    yield made
    made.close()


def show(strip, view=None, layers=6, is_awaited=False):
    made = samples.explanation(layers=layers)
    strip.show_choices(made, view or ViewState(), LIGHT, is_awaited=is_awaited)
    strip.show_statement("81 % in 37 links")


def opened() -> Popup:
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, Popup)
    return popup


def test_at_most_three_controls_stand_beside_more(strip):
    show(strip)
    buttons = [strip.words, strip.grouping, strip.more]
    assert all(button.isVisible() and button.accessibleName() and button.toolTip() for button in buttons)
    assert all(button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in (*buttons, strip.coverage))
    assert strip.grouping.text() == "Layers: every layer"


def test_a_grouping_is_picked_from_its_menu(strip):
    told = []
    strip.grouping_chosen.connect(told.append)
    show(strip, ViewState(grouping=Grouping.THREES))
    QTest.mouseClick(strip.grouping, Qt.MouseButton.LeftButton)
    entries = {entry.accessibleName(): entry for entry in opened().findChildren(Entry)}
    assert list(entries) == ["Every layer", "Early, middle, late", "By 3", "By 4"]
    assert [name for name, entry in entries.items() if entry.isChecked()] == ["By 3"]
    assert entries["Early, middle, late"].accessibleDescription() == "Three steps: layers 1–2, 3–4 and 5–6."
    entries["Early, middle, late"].click()
    assert told == [Grouping.THIRDS]


def test_groups_on_their_way_are_marked(strip):
    show(strip, ViewState(grouping=Grouping.TWOS), is_awaited=True)
    assert strip.grouping.text() == "Layers: by 2 …"


def test_mixing_is_not_grouped_and_says_why(strip):
    show(strip, ViewState(grouping=Grouping.TWOS, paths_only=False))
    assert not strip.grouping.isEnabled()
    assert strip.grouping.text() == "Layers: every layer"
    assert strip.grouping.toolTip() == help_text("strip", "layers_off")


def test_two_layers_have_nothing_to_group(strip):
    show(strip, layers=2)
    assert strip.grouping.isHidden()


def test_what_is_asked_for_rarely_stands_under_more(strip):
    told = []
    strip.special_chosen.connect(lambda on: told.append(("special", on)))
    strip.paths_chosen.connect(lambda on: told.append(("paths", on)))
    show(strip)
    QTest.mouseClick(strip.more, Qt.MouseButton.LeftButton)
    switches = {switch.text(): switch for switch in opened().findChildren(ToggleSwitch)}
    assert list(switches) == ["[CLS] and [SEP]", "Paths to the answer"]
    for switch in switches.values():
        switch.click()
    assert told == [("special", False), ("paths", False)]
    opened().close()


@pytest.mark.parametrize("grouping", [Grouping.EVERY, Grouping.THIRDS])
@pytest.mark.parametrize("width", [420, 480, 700, 1200])
def test_nothing_is_cut_however_narrow(strip, width, grouping):
    strip.resize(width, 80)
    view = ViewState(theme="dark", grouping=grouping)
    show(strip, view)
    strip.show_choices(samples.explanation(), view, DARK, is_awaited=False)
    APPLICATION.processEvents()
    controls = (strip.coverage, strip.statement, strip.words, strip.grouping, strip.more)
    for index, control in enumerate(controls):
        assert strip.rect().contains(control.geometry())
        assert control.width() >= control.minimumSizeHint().width()
        assert not any(control.geometry().intersects(other.geometry()) for other in controls[index + 1 :])
    assert strip.width() == width
    assert strip.minimumSizeHint().width() <= width
