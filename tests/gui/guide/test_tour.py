"""The tour: five cards beside what they explain, left at any time, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest

from gui.guide.tour import Tour, card_corner, steps
from gui.kept.settings import Settings
from tests.gui.dressed import Dressed, dressed
from tests.gui.stage import answer, application

ROOM = QRect(12, 12, 1256, 696)
CARD = QSize(320, 160)


@pytest.fixture
def on() -> Iterator[Dressed]:
    with dressed() as made:
        yield made


def key(tour: Tour, which: Qt.Key) -> None:
    focused = application().focusWidget()
    assert focused is not None
    assert tour.isAncestorOf(focused), "the focus is inside"
    QTest.keyClick(focused, which)


def test_five_steps_each_with_a_place_of_the_window(on: Dressed) -> None:
    assert len(steps()) == 5
    on.window.guide.take_tour()
    seen = []
    for number, step in enumerate(steps(), start=1):
        tour = on.window.guide.tour
        assert tour.step is step
        assert tour.card.progress.text() == f"{number} of 5"
        assert not tour.hole().isEmpty(), step.place
        assert tour.rect().contains(tour.card.geometry())
        assert step.title in tour.card.accessibleName()
        assert tour.card.accessibleDescription() == step.text
        seen.append(tour.hole().topLeft())
        key(tour, Qt.Key.Key_Return)
    assert len(set(map(QPoint.toTuple, seen))) == 5
    assert tour.isHidden(), "after the last it is over"


def test_the_keyboard_goes_back_and_on_and_out_and_the_focus_returns(on: Dressed) -> None:
    on.window.question.method.button.setFocus()
    on.window.guide.take_tour()
    tour = on.window.guide.tour
    for which, place in (
        (Qt.Key.Key_Right, "words"),
        (Qt.Key.Key_Right, "flow"),
        (Qt.Key.Key_Left, "words"),
        (Qt.Key.Key_Left, "text"),
        (Qt.Key.Key_Left, "text"),
    ):
        key(tour, which)
        assert tour.step.place == place
    for _ in range(7):
        key(tour, Qt.Key.Key_Tab)
        assert tour.isAncestorOf(application().focusWidget())
    tour.card.skip.setFocus()
    key(tour, Qt.Key.Key_Escape)
    assert tour.isHidden()
    assert on.window.question.method.button.hasFocus()
    assert on.window.remembered().tour_seen


def test_all_but_what_is_explained_is_darkened(on: Dressed) -> None:
    before = on.window.grab().toImage()
    on.window.guide.take_tour()
    now = on.window.grab().toImage()
    inside, outside = on.window.guide.tour.hole().center(), QPoint(640, 700)
    assert now.pixelColor(inside) == before.pixelColor(inside)
    assert now.pixelColor(outside).lightness() < before.pixelColor(outside).lightness() - 60


def test_it_follows_the_window_its_theme_and_its_type(on: Dressed) -> None:
    on.window.guide.take_tour()
    tour = on.window.guide.tour
    tour.go_on()
    before = tour.card.height()
    on.window.resize(1440, 900)
    on.settle()
    assert tour.size() == on.window.size()
    on.window.appearance.set_percent(130)
    on.window.appearance.choose("dark")
    on.settle()
    assert tour.isVisible()
    assert tour.card.height() > before
    assert tour.rect().contains(tour.card.geometry())
    words = on.window.desk.decks["left"]
    assert tour.hole().contains(words.mapTo(on.window, words.rect().center()))


@pytest.mark.parametrize("percent", [100, 130])
@pytest.mark.parametrize("size", [(1000, 600), (1280, 720), (2560, 1440)])
def test_every_card_fits_and_leaves_most_of_the_place_to_be_seen(size: tuple[int, int], percent: int) -> None:
    with dressed(percent=percent, size=size) as on:
        on.window.guide.take_tour()
        for _ in steps():
            tour = on.window.guide.tour
            assert tour.rect().contains(tour.card.geometry())
            hole, covered = tour.hole(), tour.hole().intersected(tour.card.geometry())
            share = covered.width() * covered.height() / (hole.width() * hole.height())
            assert share < 0.2, (tour.step.place, share)
            tour.go_on()


def test_the_card_stands_beside_the_hole_where_there_is_room() -> None:
    assert card_corner(CARD, QRect(12, 60, 284, 150), ROOM) == QPoint(295 + 14, 60)
    right = card_corner(CARD, QRect(968, 60, 300, 600), ROOM)
    assert right == QPoint(968 - 14 - 320, 60)
    assert card_corner(CARD, QRect(12, 12, 1256, 52), ROOM).y() == 63 + 14
    assert ROOM.contains(QRect(card_corner(CARD, QRect(20, 20, 1240, 680), ROOM), CARD))
    assert card_corner(CARD, QRect(), ROOM) == ROOM.center() - QPoint(160, 80)


def test_a_place_that_is_folded_away_leaves_the_card_in_the_middle(on: Dressed) -> None:
    on.window.desk.turn_fold()
    on.window.guide.take_tour()
    for _ in range(3):
        on.window.guide.tour.go_on()
    assert on.window.guide.tour.step.place == "layer"
    assert on.window.guide.tour.hole().isEmpty()
    assert on.window.rect().contains(on.window.guide.tour.card.geometry())


def test_it_starts_by_itself_once_and_only_over_an_answer(on: Dressed) -> None:
    on.controller.text_edited("")
    on.window.guide.offer_tour()
    assert on.window.guide.tour.isHidden(), "over an empty window there is nothing to show"
    on.controller.text_edited("A film.")
    on.controller.start()
    on.controller.outcome_arrived(answer(on.bridge.requests[-1]))
    assert on.window.guide.tour.isVisible()
    on.window.guide.tour.end()
    on.window.guide.offer_tour()
    on.controller.method_chosen("rollout", ())
    on.controller.outcome_arrived(answer(on.bridge.requests[-1]))
    assert on.window.guide.tour.isHidden(), "seen is seen"
    assert Settings().tour_seen is False


def test_the_menu_plays_it_again(on: Dressed) -> None:
    for _ in range(2):
        on.window.more.asked.emit("tour")
        assert on.window.guide.tour.isVisible()
        assert on.window.guide.tour.step is steps()[0]
        on.window.guide.tour.card.skip.click()
        assert on.window.guide.tour.isHidden()


def test_it_ends_with_the_window(on: Dressed) -> None:
    on.window.guide.take_tour()
    on.window.close()
    on.window.guide.tour.end()
    assert on.window.guide.tour.isHidden()


def test_its_words_are_data() -> None:
    source = (Path(__file__).resolve().parents[3] / "gui" / "guide" / "tour.py").read_text(encoding="utf-8")
    assert not any(step.title in source or step.text in source for step in steps())


def test_shortcuts_of_the_window_wait_until_it_is_over(on: Dressed) -> None:
    on.window.guide.take_tour()
    before = on.controller.shown.state
    for which in (Qt.Key.Key_1, Qt.Key.Key_2):
        QTest.keyClick(application().focusWidget(), which)
    assert on.controller.shown.state == before
    on.window.guide.tour.end()
    on.window.question.method.button.setFocus()
    QTest.keyClick(on.window.question.method.button, Qt.Key.Key_2)
    assert on.controller.shown.state.view.layer == 1
