"""What is not shown any more is let go of, wherever it was seen."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from engine.contract import Explanation
from gui import viewkit
from gui.paint import kept
from gui.state import Hover
from tests.gui.dressed import Dressed, dressed
from tests.gui.stage import answer

LONG = " ".join(f"word{number}" for number in range(40))
SHORT = "It rains."


@pytest.fixture
def window() -> Iterator[Dressed]:
    with dressed(text=SHORT) as made:
        yield made


def reply(made: Dressed) -> None:
    """Answer until nothing is asked any more."""
    seen = 0
    while len(made.bridge.requests) != seen:
        seen = len(made.bridge.requests)
        made.controller.outcome_arrived(answer(made.bridge.requests[-1]))
        made.settle()


def write(made: Dressed, text: str) -> None:
    made.window.desk.text.text_edited.emit(text)
    made.controller._on_rested()
    reply(made)


def turn_pages(made: Dressed) -> None:
    """Every view, with the pointer on a word, and one of its maps and heads enlarged."""
    for view in viewkit.discover():
        made.controller.view_chosen(view.id)
        reply(made)
        made.controller.hovered(Hover(1))
        made.settle()
        made.controller.hovered(None)
    made.controller.view_chosen("flow")
    made.settle()


def open_sheet(made: Dressed) -> None:
    made.window.exporting.open()
    for page in (1, 0):
        made.window.exporting.tabs.chosen.emit(page)
        made.settle()
    made.window.exporting.dismiss()


def compare(made: Dressed) -> None:
    made.controller.compare_toggled()
    reply(made)
    open_sheet(made)
    made.controller.compare_toggled()
    reply(made)


def present(made: Dressed) -> None:
    made.window.presenter.start()
    made.settle()
    turn_pages(made)
    compare_there(made)
    made.window.presenter.leave()
    made.settle()


def compare_there(made: Dressed) -> None:
    made.controller.compare_toggled()
    reply(made)
    made.controller.compare_toggled()
    reply(made)


def trust(made: Dressed) -> None:
    made.window.desk.open_trust()
    made.settle()
    made.window.desk.close_trust()


def alive(text: str) -> list[Explanation]:
    gc.collect()
    return [made for made in gc.get_objects() if type(made) is Explanation and made.request.text == text]


EVERYWHERE = {"views": turn_pages, "sheet": open_sheet, "comparison": compare, "stage": present, "trust": trust}


@pytest.mark.parametrize("place", EVERYWHERE)
def test_a_long_answer_is_let_go_of_wherever_it_was_seen(window: Dressed, place: str) -> None:
    write(window, LONG)
    EVERYWHERE[place](window)
    assert alive(LONG)

    write(window, SHORT)

    assert not alive(LONG)


@pytest.mark.parametrize("place", ["stage", "comparison", "sheet"])
def test_nothing_behind_what_is_in_front_keeps_an_answer(window: Dressed, place: str) -> None:
    write(window, LONG)
    turn_pages(window)
    made = window.window
    {"stage": made.presenter.start, "comparison": window.controller.compare_toggled, "sheet": made.exporting.open}[
        place
    ]()
    reply(window)

    if place == "comparison":
        window.controller.first_text_edited(SHORT)
        window.controller._on_rested()
        reply(window)
    write(window, SHORT)

    assert not alive(LONG)


def test_what_is_kept_of_the_answer_that_stays_is_not_worked_out_again() -> None:
    made: list[int] = []

    @kept.kept(2)
    def doubled(number: int) -> int:
        made.append(number)
        return 2 * number

    one, other = answer_of("One."), answer_of("Two.")
    kept.keep_for(None, one)
    assert (doubled(1), doubled(1), made) == (2, 2, [1])
    kept.keep_for(other, one)
    assert (doubled(1), made) == (2, [1])
    kept.keep_for(None, other)
    assert (doubled(1), made) == (2, [1, 1])


def answer_of(text: str) -> Explanation:
    from tests.gui import samples

    return samples.explanation(text)
