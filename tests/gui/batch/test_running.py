"""A folder full of figures and one table, whatever happens on the way."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from engine.errors import EngineError, MethodError, TextError
from engine.tables import KINDS
from gui.batch import running
from gui.batch.journal import NAME
from gui.batch.order import Order
from gui.batch.painting import Job, PaintingBeside, PaintingHere
from gui.batch.running import Batch, BatchProgress, BatchReport
from gui.examples.example_set import Example
from gui.figures.embedded import state_in
from gui.state import AppState, Grouping, ViewState
from tests.gui.batch.bench import FakeEngine, order, refuse
from tests.gui.stage import application

TEXTS = ("One film.", "Two films.", "Three films.", "Four films.")


class Run:
    """One batch in a folder, with what it told."""

    def __init__(self, made: Order, folder: Path, engine: FakeEngine | None = None) -> None:
        application()
        self.engine = engine or FakeEngine()
        self.told: list[BatchProgress] = []
        self.batch = Batch(made, folder, PaintingHere(), self.told.append)

    def run(self) -> BatchReport:
        return self.batch.run(self.engine)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_sentence_becomes_figures_and_rows(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    ran = Run(order(*TEXTS, pictures=("words", "layers"), kind=".png"), folder)
    report = ran.run()
    figures = [
        f"00{n}-{word}-{view}.png"
        for n, word in enumerate(("one-film", "two-films"), 1)
        for view in ("layers", "words")
    ]
    assert set(figures) < set(names(folder))
    assert len(names(folder)) == 2 * 4 + 2
    rows = table(folder / "numbers.csv")
    assert [row["source"] for row in rows if row["number"] == "2"][1:3] == ["Two", "films"]
    assert Counter(row["sentence"] for row in rows).keys() == set(TEXTS)
    assert (report.progress, report.is_stopped) == (BatchProgress(4, 0, 4), False)
    assert 0 < report.engine_seconds < report.seconds


def test_figures_hold_the_settings_they_were_made_with(tmp_path: Path) -> None:
    made = order("One film.", kind=".svg")
    made = replace(
        made, state=replace(made.state, method="globenc", text="not this", view=ViewState(view="words", layer=1))
    )
    Run(made, tmp_path / "f").run()
    found = state_in(tmp_path / "f" / "001-one-film.svg")
    assert (found.text, found.method, found.view.layer, found.walk) == ("One film.", "globenc", 1, None)


def test_both_sentences_of_a_pair_are_made(tmp_path: Path) -> None:
    pair = Example("One film is.", "One film are.", "positive", "negative")
    ran = Run(order(pair, "Alone."), tmp_path / "f")
    ran.run()
    assert [name for name in names(tmp_path / "f") if name.endswith(".svg")] == [
        "001-one-film-is-a.svg",
        "001-one-film-is-b.svg",
        "002-alone.svg",
    ]
    assert ran.engine.asked == ["One film is.", "One film are.", "Alone."]
    assert [(r.target, r.against) for r in ran.engine.requests][:2] == [
        ("positive", "negative"),
        (1, 0),
    ], "B is asked for the answer of A"
    assert ran.engine.requests[2].target is None
    sides = {(row["sentence"], row["label"]) for row in table(tmp_path / "f" / "numbers.csv")}
    assert sides == {("One film is.", "a"), ("One film are.", "b"), ("Alone.", "")}


def test_pictures_ask_for_what_they_show(tmp_path: Path) -> None:
    state = AppState(view=ViewState(layer=99, grouping=Grouping.TWOS))
    for number, (picture, layers) in enumerate((("words", ()), ("components", (5,)), ("overview", tuple(range(6))))):
        ran = Run(replace(order("One film.", pictures=(picture,)), state=state), tmp_path / str(number))
        ran.run()
        (asked,) = ran.engine.requests
        assert (asked.feed_forward_layers, asked.boundaries) == (layers, (0, 2, 4, 6))


def test_a_bad_sentence_is_reported_and_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    report = Run(order(*TEXTS), folder, FakeEngine(refuse(TEXTS[1]))).run()
    assert report.progress == BatchProgress(4, 1, 4)
    assert table(folder / "problems.csv") == [
        {
            "number": "2",
            "sentence": "Two films.",
            "problem": "The text is too long: It has 999 tokens.",
            "what to do": "Shorten it.",
        }
    ]
    assert {row["number"] for row in table(folder / "numbers.csv")} == {"1", "3", "4"}
    assert not list(folder.glob("002-*"))


def test_what_is_wrong_with_the_method_stops_it_at_once(tmp_path: Path) -> None:
    def before(_: str) -> None:
        raise MethodError("It does not fit", "No.", "Choose another.")

    ran = Run(order(*TEXTS), tmp_path / "f", FakeEngine(before))
    with pytest.raises(MethodError):
        ran.run()
    assert len(ran.engine.asked) == 1


def test_stopped_and_gone_on_with_it_is_the_same_folder(tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    Run(order(*TEXTS), whole).run()
    ran = Run(order(*TEXTS), parts)
    ran.engine.before = lambda text: ran.batch.stop() if text == TEXTS[1] else None
    report = ran.run()
    assert report.is_stopped
    assert report.progress.done == 2
    assert {row["number"] for row in table(parts / "numbers.csv")} == {"1", "2"}, "what is finished can be used"
    again = Run(order(*TEXTS), parts)
    assert not again.run().is_stopped
    assert again.engine.asked == list(TEXTS[2:])
    assert names(parts) == names(whole)
    for name in names(whole):
        assert (parts / name).read_bytes() == (whole / name).read_bytes(), name


def test_a_killed_batch_loses_what_it_had_not_written_down(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    Run(order(*TEXTS), folder).run()
    journal = folder / NAME
    whole = journal.read_bytes()
    for cut in (len(whole) - 7, whole.index(b"\n") + 5, 10, 0):
        journal.write_bytes(whole[:cut])
        again = Run(order(*TEXTS), folder)
        again.run()
        assert again.engine.asked == list(TEXTS[whole[:cut].count(b"\n") - 1 if b"\n" in whole[:cut] else 0 :])
        assert journal.read_bytes() == whole


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    Run(order(*TEXTS), folder).run()
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    for other in (order(*TEXTS[:3]), order(*TEXTS, kind=".png"), order(*TEXTS, pictures=("flow",))):
        with pytest.raises(TextError, match="other settings"):
            Run(other, folder).run()
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(TextError, match="not empty"):
        Run(order(*TEXTS), tmp_path / "mine").run()
    assert names(tmp_path / "mine") == ["thesis.txt"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(TextError):
        Run(order(*TEXTS), tmp_path / "file").run()


def test_a_full_disk_stops_it_and_leaves_what_can_be_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(PaintingHere):
        def submit(self, jobs: Sequence[Job]) -> Future[tuple[str, ...]]:
            if any("three" in path.name for _, path in jobs):
                failed: Future[tuple[str, ...]] = Future()
                failed.set_exception(OSError(28, "No space left on device"))
                return failed
            return super().submit(jobs)

    application()
    engine = FakeEngine()
    with pytest.raises(EngineError, match="No space left"):
        Batch(order(*TEXTS), tmp_path / "f", Full(), lambda progress: None).run(engine)
    again = Run(order(*TEXTS), tmp_path / "f")
    again.run()
    assert again.engine.asked == list(TEXTS[2:])


def test_the_time_left_is_told_from_the_pace(tmp_path: Path) -> None:
    ran = Run(order(*TEXTS), tmp_path / "f")
    ran.run()
    lefts = [progress.left for progress in ran.told]
    assert [progress.done for progress in ran.told] == [1, 2, 3, 4]
    assert lefts[-1] == 0
    assert all(left is not None and left >= 0 for left in lefts)


def test_never_more_stands_undrawn_than_the_memory_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(PaintingHere):
        """Draws nothing until it is waited for."""

        most = 0
        waiting: ClassVar[list[Future[tuple[str, ...]]]] = []

        def submit(self, jobs: Sequence[Job]) -> Future[tuple[str, ...]]:
            drawn: Future[tuple[str, ...]] = Future()
            self.waiting.append(drawn)
            Slow.most = max(Slow.most, len(self.waiting))
            drawn.result = lambda timeout=None: self.waiting.remove(drawn) or ()  # type: ignore[assignment,func-returns-value]
            return drawn

    application()
    texts = [f"Film {n}." for n in range(20)]
    monkeypatch.setattr(running, "MOST_AHEAD", 5)
    Batch(order(*texts), tmp_path / "a", Slow(), lambda progress: None).run(FakeEngine())
    assert Slow.most == 6
    Slow.most = 0
    monkeypatch.setattr(running, "HEAVIEST_AHEAD", 1)
    Batch(order(*texts), tmp_path / "b", Slow(), lambda progress: None).run(FakeEngine())
    assert Slow.most == 2


def test_another_process_draws_the_same(tmp_path: Path) -> None:
    made = order(Example("One film.", "Two films."), "Three.", pictures=("words", "flow"), table=".tsv")
    Run(made, tmp_path / "here").run()
    Batch(made, tmp_path / "beside", PaintingBeside(), lambda progress: None).run(FakeEngine())
    assert names(tmp_path / "here") == names(tmp_path / "beside")
    assert len(names(tmp_path / "here")) == 3 * 2 + 2
    for name in names(tmp_path / "here"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "beside" / name).read_bytes(), name


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table(tmp_path: Path, kind: str) -> None:
    Run(order(*TEXTS, table=kind), tmp_path / "f", FakeEngine(refuse(TEXTS[0]))).run()
    assert {f"numbers{kind}", f"problems{kind}"} < set(names(tmp_path / "f"))
