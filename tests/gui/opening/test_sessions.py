"""Sessions at the window: opened whole or not at all, and nothing is lost by it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from gui.kept.session_file import save_session
from gui.present.slides import with_slide
from gui.state import AppState, Compared, Grouping, Node, Place, Sorting, pinned
from tests.gui.dressed import dressed
from tests.gui.opening.desk import FileDesk
from tests.gui.samples import SENTENCE

FILM, BOOK = AppState(text="A dull film."), AppState(text="A good book.", method="alti")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FileDesk]:
    with dressed() as on:
        yield FileDesk(on, tmp_path)


def test_a_session_is_opened_and_named_in_the_title(desk: FileDesk) -> None:
    assert desk.title == "Headstream"
    desk.open(desk.file("agreement.headstream", BOOK))
    assert desk.state == BOOK
    assert desk.on.window.desk.text.field.toPlainText() == BOOK.text
    assert desk.title == "agreement – Headstream"
    desk.write("Another book.")
    assert desk.title == "• agreement – Headstream"
    desk.write(BOOK.text)
    assert desk.title == "agreement – Headstream"


def test_where_a_person_looks_from_is_no_change(desk: FileDesk) -> None:
    desk.open(desk.file("a.headstream", FILM))
    view = desk.state.view
    desk.on.controller.looked(replace(view, view="table", layer=1, traced=Node(1, 1)))
    assert not desk.sessions.is_changed
    desk.on.controller.looked(replace(view, coverage=0.5))
    assert desk.sessions.is_changed


@pytest.mark.parametrize("spoiled", ["", "{", '{"format": "x"}', "[" * 100_000], ids=len)
def test_a_failed_opening_changes_nothing_and_says_so_once(desk: FileDesk, spoiled: str) -> None:
    desk.open(desk.file("good.headstream", FILM))
    before, asked = desk.state, len(desk.on.bridge.requests)
    path = desk.folder / "bad.headstream"
    path.write_text(spoiled)
    desk.sessions.open(str(path))
    assert desk.state == before
    assert desk.title == "good – Headstream"
    assert len(desk.on.bridge.requests) == asked
    assert desk.notice.startswith("“bad.headstream” cannot be opened.")
    assert desk.notice.endswith("Everything is as it was.")
    desk.open(desk.folder / "good.headstream")
    assert desk.notice == ""


@pytest.mark.parametrize("name", ["missing.headstream", "paper.docx", "picture.svg", ".", "null\0byte.headstream"])
def test_what_is_not_there_or_nothing_is_told(desk: FileDesk, name: str) -> None:
    before = desk.state
    desk.sessions.open(str(desk.folder / name))
    assert desk.state == before
    assert "cannot be opened" in desk.notice


HOSTILE = [
    replace(FILM, view=replace(FILM.view, view="no such view", layer=1_000_000, head=999_999)),
    replace(FILM, view=replace(FILM.view, view="heads", head=999_999)),
    replace(FILM, view=replace(FILM.view, view="table", sorting=Sorting("no such column", True))),
    replace(FILM, view=replace(FILM.view, traced=Node(999, 999))),
    replace(FILM, view=replace(FILM.view, traced=Node(0, 999), grouping=Grouping.FOURS)),
    replace(FILM, view=replace(FILM.view, split_words=("", "film"), scale_top=1e-300, coverage=1e-12)),
    replace(FILM, place=Place(900_000, 900_000)),
    replace(FILM, target="no such answer", against=900_000),
    replace(FILM, model="<b>no\nsuch model</b>"),
    replace(FILM, text="\u202e\u0000<script>" + "x" * 5000),
    replace(FILM, pair="\n"),
    replace(FILM, comparison=replace(pinned(FILM), compared=Compared.LAYERS, layer=1_000_000)),
]


@pytest.mark.parametrize("state", HOSTILE, ids=lambda state: str(HOSTILE.index(state)))
def test_a_well_formed_but_hostile_session_breaks_nothing(desk: FileDesk, state: AppState) -> None:
    path = desk.file("hostile.headstream", replace(state, slides=(state,)))
    desk.open(path)
    for view in ("flow", "layers", "heads", "overview", "table"):
        desk.on.controller.view_chosen(view)
        desk.on.settle()
        assert not desk.on.window.desk.decks["middle"].widget(view).failed, view
    desk.on.window.presenter.turn()
    desk.on.window.presenter.step(1)
    desk.answer()
    desk.on.window.presenter.leave()
    assert desk.on.controller.shown.bug is None


def test_opening_is_one_step_of_undo_and_the_name_goes_with_it(desk: FileDesk) -> None:
    desk.open(desk.file("film.headstream", FILM))
    desk.open(desk.file("book.headstream", BOOK))
    desk.write("Mine.")
    controller = desk.on.controller
    controller.undo()
    assert (desk.state, desk.title) == (BOOK, "book – Headstream")
    controller.undo()
    assert (desk.state, desk.title) == (FILM, "film – Headstream")
    controller.undo()
    assert (desk.state.text, desk.title) == (SENTENCE, "Headstream")
    for title in ("film – Headstream", "book – Headstream", "• book – Headstream"):
        controller.redo()
        assert desk.title == title


def test_saving_after_an_undo_never_writes_one_session_over_another(desk: FileDesk) -> None:
    desk.open(desk.file("film.headstream", FILM))
    desk.open(desk.file("book.headstream", BOOK))
    desk.on.controller.undo()
    desk.write("A long film.")
    assert desk.sessions.save()
    assert desk.saved("book.headstream") == BOOK
    assert desk.saved("film.headstream").text == "A long film."
    assert desk.title == "film – Headstream"


def test_a_session_equal_to_what_is_there_is_still_that_session(desk: FileDesk) -> None:
    desk.open(desk.file("same.headstream", desk.state))
    assert desk.title == "same – Headstream"


@pytest.mark.parametrize(
    ("button", "opens", "kept"), [("Save", True, "New."), ("Don't save", True, FILM.text), ("Cancel", False, FILM.text)]
)
def test_changes_are_asked_about_before_another_session_takes_their_place(
    desk: FileDesk, button: str, opens: bool, kept: str
) -> None:
    desk.open(desk.file("film.headstream", FILM))
    desk.write("New.")
    desk.sessions.open(str(desk.file("book.headstream", BOOK)))
    assert "film" in desk.question().text()
    assert desk.state.text == "New.", "nothing happens before the answer"
    desk.reply(button)
    assert desk.state.text == (BOOK.text if opens else "New.")
    assert desk.title == ("book – Headstream" if opens else "• film – Headstream")
    assert desk.saved("film.headstream").text == kept


def test_nothing_is_asked_where_nothing_is_lost(desk: FileDesk) -> None:
    desk.write("Never saved, and to be had back by undo.")
    desk.sessions.open(str(desk.file("film.headstream", FILM)))
    assert not desk.is_asked
    desk.sessions.begin()
    assert not desk.is_asked
    assert (desk.state.text, desk.title) == ("", "Headstream")


def test_slides_that_were_never_saved_are_asked_about(desk: FileDesk) -> None:
    desk.on.controller.slides_changed(with_slide((), desk.state))
    desk.sessions.begin()
    assert desk.is_asked
    desk.reply("Cancel")
    assert len(desk.state.slides) == 1


def test_a_file_changed_elsewhere_is_not_written_over(desk: FileDesk) -> None:
    path = desk.file("film.headstream", FILM)
    desk.open(path)
    desk.write("Mine.")
    save_session(path, replace(BOOK, text="Somebody else's, longer than it was."))
    assert not desk.sessions.save()
    assert "Another program has changed this file" in desk.notice
    assert desk.saved("film.headstream").text.startswith("Somebody")
    path.unlink()
    assert desk.sessions.save(), "a file that is gone can be written again"
    assert desk.saved("film.headstream").text == "Mine."


def test_what_cannot_be_saved_is_told_and_kept(desk: FileDesk) -> None:
    folder = desk.folder / "sub"
    folder.mkdir()
    save_session(folder / "film.headstream", FILM)
    desk.open(folder / "film.headstream")
    desk.write("Mine.")
    (folder / "film.headstream").unlink()
    folder.rmdir()
    assert not desk.sessions.save()
    assert desk.notice.startswith("“film.headstream” was not saved.")
    assert (desk.state.text, desk.title) == ("Mine.", "• film – Headstream")


def test_saving_under_a_name_adds_the_ending(desk: FileDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    suffixes = []

    def choose(dialog: QFileDialog) -> int:
        suffixes.append(dialog.defaultSuffix())
        dialog.selectFile(str(desk.folder / "mine.headstream"))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", choose)
    desk.write("Mine.")
    assert desk.sessions.save(), "without a name one is asked for"
    assert suffixes == ["headstream"]
    assert desk.saved("mine.headstream").text == "Mine."
    assert desk.title == "mine – Headstream"
    assert desk.sessions.recent == (str(desk.folder / "mine.headstream"),)


def test_sessions_opened_before_are_offered_again_and_forgotten_when_gone(desk: FileDesk) -> None:
    film, book = desk.file("film.headstream", FILM), desk.file("book.headstream", BOOK)
    desk.open(film)
    desk.open(book)
    desk.open(film)
    assert desk.sessions.recent == (str(film), str(book))
    assert desk.on.window.remembered().recent_sessions == (str(film), str(book))
    book.unlink()
    desk.sessions.open(str(book))
    assert desk.sessions.recent == (str(film),)


def test_a_list_and_a_model_are_handed_on(desk: FileDesk) -> None:
    wanted: list[str] = []
    desk.sessions.examples_requested.connect(wanted.append)
    desk.sessions.open(str(desk.folder / "pairs.tsv"))
    assert wanted == [str(desk.folder / "pairs.tsv")]
    (desk.folder / "config.json").write_text("{}")
    desk.sessions.open(str(desk.folder))
    assert desk.state.model == str(desk.folder)
    assert desk.state.text == SENTENCE


def test_the_next_start_goes_on_with_the_session_and_its_unsaved_change(desk: FileDesk) -> None:
    path = desk.file("film.headstream", replace(FILM, text=SENTENCE))
    desk.sessions.resume(str(path))
    assert desk.title == "film – Headstream"
    desk.write("Changed.")
    desk.sessions.resume(str(path))
    assert desk.title == "• film – Headstream"
    desk.sessions.resume(str(desk.folder / "gone.headstream"))
    assert desk.title == "• film – Headstream"


def test_a_session_keeps_its_name_through_a_relative_path(desk: FileDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.file("film.headstream", FILM)
    monkeypatch.chdir(desk.folder)
    desk.open(Path("film.headstream"))
    os.chdir("/")
    desk.write("Mine.")
    assert desk.sessions.save()
    assert desk.saved("film.headstream").text == "Mine."
