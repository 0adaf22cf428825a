"""The status line in every situation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from engine.contract import Progress
from gui.asking import request_of
from gui.paint.palette import LIGHT
from gui.panels.status import StatusPanel, time_left
from gui.shown import Activity, Shown
from gui.state import AppState, first_side, pinned
from tests.gui.stage import answer, application, wait_until

STATE = AppState(text="A film.")


@pytest.fixture
def panel() -> StatusPanel:
    application()
    return StatusPanel(LIGHT)


def test_up_to_date_with_time_tokens_and_device(panel: StatusPanel) -> None:
    panel.show_status(Shown(STATE, answer(request_of(STATE, 1)), seconds=0.038))
    assert panel.doing.text().replace("\N{NO-BREAK SPACE}", " ") == "Up to date, 38 ms"
    assert (panel.tokens.text(), panel.device.text()) == ("5 tokens", "CPU, 2 threads")
    assert panel.offline.text() == "Offline"


def test_loading_computing_waiting(panel: StatusPanel) -> None:
    panel.show_status(Shown(STATE, waiting=True))
    assert panel.doing.text() == "Loading the model…"
    panel.show_status(Shown(AppState(text="B."), answer(request_of(STATE, 1)), waiting=True))
    assert panel.doing.text() == "Computing…"
    panel.show_status(Shown(AppState(text="")))
    assert panel.doing.text() == "Waiting for a sentence"


def test_only_a_slow_run_shows_its_progress(panel: StatusPanel) -> None:
    busy = Shown(AppState(text="B."), answer(request_of(STATE, 1)), waiting=True, progress=Progress(2, 0.4, "Layer 3"))
    panel.show_status(busy)
    assert panel.bar.isHidden(), "a quick run must not flash a bar"
    wait_until(lambda: not panel.bar.isHidden(), seconds=3)
    assert panel.bar.value() == 400
    assert panel.doing.text() == "Layer 3…"
    panel.show_status(Shown(STATE, answer(request_of(STATE, 1))))
    assert panel.bar.isHidden()


def test_a_preview_of_one_side_of_a_comparison_is_said(panel: StatusPanel) -> None:
    compared = replace(STATE, text="Another film.", comparison=pinned(STATE))
    first = answer(request_of(first_side(compared), 1), preview=True)
    shown = Shown(compared, answer(request_of(compared, 2)), waiting=True, first=first)
    assert shown.activity is Activity.PREVIEW
    panel.show_status(shown)
    assert panel.doing.text().endswith("The full result is being computed…")


def test_a_preview_is_said_and_keeps_its_words_beside_the_bar(panel: StatusPanel) -> None:
    first = Shown(STATE, answer(request_of(STATE, 1), preview=True), waiting=True)
    panel.show_status(first)
    assert panel.doing.text().endswith("The full result is being computed…")
    panel.show_status(replace(first, progress=Progress(1, 0.4, "Layer 3")))
    wait_until(lambda: not panel.bar.isHidden(), seconds=3)
    assert panel.doing.text().startswith("Preview")
    panel.show_status(replace(first, waiting=False))
    assert panel.doing.text().endswith("The full result was not reached.")
    assert panel.bar.isHidden()


@pytest.mark.parametrize(
    ("fraction", "seconds", "left"),
    [
        (0.0, 3.0, ""),
        (0.04, 9.0, ""),
        (0.5, 1.0, ""),
        (0.1, 2.0, "About 18 s left."),
        (0.25, 60.0, "About 3 min left."),
    ],
)
def test_how_long_it_will_take_is_foretold_once_it_can_be(fraction: float, seconds: float, left: str) -> None:
    assert time_left(fraction, seconds).replace("\N{NO-BREAK SPACE}", " ") == left


def test_the_time_left_stands_beside_the_bar() -> None:
    application()
    now = [100.0]
    panel = StatusPanel(LIGHT, lambda: now[0])
    begun = Shown(AppState(text="A film."), waiting=True)
    panel.show_status(begun)
    now[0] += 5
    panel._on_patience_ended()
    panel._patience.stop()
    panel.show_status(replace(begun, progress=Progress(1, 0.25, "Layer 3")))
    assert panel.doing.text().replace("\N{NO-BREAK SPACE}", " ") == "Layer 3… About 15 s left."


def test_a_remark_goes_away(panel: StatusPanel) -> None:
    panel.say("Saved figure.svg")
    assert panel.remark.text() == "Saved figure.svg"


def test_what_matters_least_goes_when_something_else_needs_the_room(panel: StatusPanel) -> None:
    panel.show_status(Shown(STATE, answer(request_of(STATE, 1))))
    guest = QLabel("a batch at work, and how far it is")
    panel.add(guest)
    window = QWidget()
    panel.setParent(window)
    panel.resize(900, 30)
    window.show()
    seen = (panel.offline, panel.tokens, panel.device)
    wait_until(lambda: all(label.isVisible() for label in seen))
    guest.setText("a batch at work, and how far it is. " * 3)
    wait_until(lambda: panel.device.isHidden())
    assert panel.offline.isVisible()
    wait_until(lambda: guest.width() >= guest.sizeHint().width())
    guest.setText("done")
    wait_until(lambda: all(label.isVisible() for label in seen))
    panel.resize(60, 30)
    wait_until(lambda: all(label.isHidden() for label in seen))
