"""What a person orders, and how they hear of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, get_ident

import pytest

from engine.contract import FailureKind
from gui.batch.form import BatchForm
from gui.batch.journal import folder_for
from gui.batch.order import Order
from gui.batch.painting import PaintingHere
from gui.batch.runner import BatchRunner
from gui.batch.strip import BatchStrip
from gui.bridge import Aside
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.figures.sizes import SIZES
from gui.state import AppState, ViewState
from tests.gui.batch.bench import FakeEngine, order, refuse
from tests.gui.dressed import dressed
from tests.gui.stage import application, wait_until

PAIRS = ExampleSet("My pairs", (Example("One.", "Two."), Example("Three.", "Four.")))
STATE = AppState(method="globenc", view=ViewState(view="layers", theme="dark"))


class Desk:
    """A strip over a batch in a thread, whose engine is a stand-in."""

    def __init__(self, engine: FakeEngine) -> None:
        application()
        self.quiet = Event()
        self.quiet.set()
        self.runner = BatchRunner(lambda work: Aside(work, lambda: engine, self.quiet), PaintingHere)  # type: ignore[arg-type,return-value]
        self.strip = BatchStrip(self.runner)
        self.ended: list[object] = []
        self.bugs: list[object] = []
        self.runner.ended.connect(self.ended.append)
        self.runner.failed.connect(self.ended.append)
        self.strip.bug_noticed.connect(self.bugs.append)

    def make(self, made: Order, folder: Path) -> None:
        self.strip.begin(made, folder)
        wait_until(lambda: bool(self.ended))


@pytest.fixture
def desk() -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def build(before: Callable[[str], None] = lambda text: None) -> Desk:
        made.append(Desk(FakeEngine(before)))
        return made[-1]

    yield build
    for each in made:
        each.runner.shutdown()


def test_the_order_is_what_is_seen_and_chosen() -> None:
    application()
    form = BatchForm(STATE, PAIRS, is_busy=False)
    assert form.order() == Order(STATE, PAIRS, ("layers",))
    form.pictures["layers"].click()
    assert not form.start.isEnabled()
    assert form.remark.text() == "Choose a picture first."
    form.pictures["compare"].click()
    form.kinds.choose(2)
    form.sizes.choose(1)
    form.themes.choose(2)
    form.tables.choose(2)
    form.caption.click()
    grey = replace(STATE, view=replace(STATE.view, theme="grey"))
    assert form.order() == Order(grey, PAIRS, ("compare",), ".png", SIZES["column"], False, ".xlsx")


def test_a_comparison_is_offered_for_pairs_alone_and_nothing_while_another_works() -> None:
    application()
    alone = BatchForm(STATE, ExampleSet("", (Example("One."),)), is_busy=True)
    assert "compare" not in alone.pictures
    assert not alone.start.isEnabled()
    assert alone.remark.text() == "Another batch is still at work."
    unknown = replace(STATE, view=ViewState(view="gone", theme="contrast"))
    assert BatchForm(unknown, PAIRS, is_busy=False).order().pictures == ("flow",)


def test_a_batch_tells_how_far_it_is_and_where_its_files_are(desk: Callable[..., Desk], tmp_path: Path) -> None:
    at = desk(refuse("Two."))
    at.make(order("One.", "Two.", "Three."), tmp_path)
    assert at.strip.told.full_text() == "Figures of 2 sentences are in “ours”, 1 skipped"
    assert (tmp_path / "ours" / "problems.csv").exists()
    assert not at.strip.isHidden()
    assert (at.strip.stop.isHidden(), at.strip.show_folder.isHidden()) == (True, False)
    at.strip.away.click()
    assert at.strip.isHidden()


def test_it_is_stopped_and_gone_on_with(desk: Callable[..., Desk], tmp_path: Path) -> None:
    at = desk(lambda text: at.runner.stop() if text == "Two." else None)
    made = order("One.", "Two.", "Three.")
    at.make(made, tmp_path)
    assert at.strip.told.full_text() == "Stopped after 2 of 3"
    again = desk()
    again.make(made, tmp_path)
    assert again.strip.told.full_text() == "Figures of 3 sentences are in “ours”"
    assert [path.name for path in tmp_path.iterdir()] == ["ours"]


def test_what_a_person_can_mend_is_said_and_a_bug_is_told(desk: Callable[..., Desk], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    at = desk()
    at.make(order("One."), tmp_path / "file")
    assert at.strip.isHidden()
    assert not at.strip.notice.isHidden()
    assert at.bugs == []

    def broken(_: str) -> None:
        raise ZeroDivisionError

    worse = desk(broken)
    worse.make(order("One."), tmp_path)
    assert [bug.kind for bug in worse.bugs] == [FailureKind.BUG]  # type: ignore[attr-defined]
    assert not worse.runner.is_running


def test_the_window_goes_first(desk: Callable[..., Desk], tmp_path: Path) -> None:
    threads: set[int] = set()
    at = desk(lambda text: threads.add(get_ident()))
    at.quiet.clear()
    at.strip.begin(order("One.", "Two."), tmp_path)
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        application().processEvents()
    assert not threads, "it waits while the window wants an answer"
    at.quiet.set()
    wait_until(lambda: bool(at.ended))
    assert threads
    assert get_ident() not in threads


def test_folders_are_never_shared(tmp_path: Path) -> None:
    assert folder_for(tmp_path, "ours", "x") == tmp_path / "ours"
    (tmp_path / "ours").mkdir()
    assert folder_for(tmp_path, "ours", "x") == tmp_path / "ours-2"


def test_the_menu_of_the_window_begins_a_batch(desk: Callable[..., Desk], tmp_path: Path) -> None:
    with dressed() as on:
        at = desk()
        on.window.offer_batches(at.runner)
        on.controller.walked(Walk(PAIRS))
        on.window.walking.batch_wanted.emit()
        popup = application().activePopupWidget()
        assert popup is not None
        form = popup.findChild(BatchForm)
        assert form is not None
        assert form.order().examples == PAIRS
        form.fold.click()
        assert form.rest.isVisible()
        popup.close()
