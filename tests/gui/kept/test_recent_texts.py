"""Which texts are worth coming back to."""

from __future__ import annotations

import pytest

from gui.asking import request_of
from gui.kept.recent_texts import RecentTexts, remembered
from gui.kept.settings import RECENT_TEXTS
from gui.shown import Shown
from gui.state import AppState
from tests.gui.stage import answer, application, wait_until


@pytest.mark.parametrize(
    ("texts", "text", "now"),
    [
        ((), "A film.", ("A film.",)),
        (("One.", "Two."), "Two.", ("Two.", "One.")),
        (("A fil", "Two."), "A film.", ("A film.", "Two.")),
        (("A film.", "Two."), "A fil", ("A film.", "Two.")),
        (("One.", "A film."), "A film", ("A film", "One.", "A film.")),
    ],
)
def test_the_newest_stands_in_front_and_half_a_sentence_gives_way(
    texts: tuple[str, ...], text: str, now: tuple[str, ...]
) -> None:
    assert remembered(texts, text) == now


def test_the_oldest_are_forgotten() -> None:
    texts: tuple[str, ...] = ()
    for number in range(20):
        texts = remembered(texts, f"{number}.")
    assert len(texts) == RECENT_TEXTS
    assert texts[0] == "19."


def test_only_a_text_that_was_looked_at_counts() -> None:
    application()
    recent = RecentTexts(("Old.",), milliseconds=60)
    told: list[tuple[str, ...]] = []
    recent.changed.connect(told.append)

    def shown(text: str, *, answered: bool) -> Shown:
        state = AppState(text=text)
        return Shown(state, answer(request_of(state, 1)) if answered else None, waiting=not answered)

    recent.watch(shown("Passing.", answered=True))
    recent.watch(shown("Typed over.", answered=False))
    recent.watch(shown("Looked at.", answered=True))
    recent.watch(shown("Looked at, and typed on", answered=False))
    recent.watch(shown("Looked at.", answered=True))
    recent.watch(shown("Looked at.", answered=True))
    wait_until(lambda: bool(told))
    assert told == [("Looked at.", "Old.")]
