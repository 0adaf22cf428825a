"""What can be opened, and what is said about the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.figures.files import save
from gui.figures.sizes import Size
from gui.kept.session_file import save_session
from gui.opening.things import CannotOpenError, Kind, kind_of, state_from
from gui.state import AppState, pinned
from tests.gui.kept.test_stored_state import FULL
from tests.gui.stage import application

KNOWN = replace(
    FULL, method="alti", parameters=(), comparison=None, slides=(replace(AppState(text="A film."), method="decompx"),)
)


class Blank:
    notes: tuple[str, ...] = ()

    def paint(self, painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, 10, 10), "white")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.headstream", Kind.SESSION),
        ("A.HEADSTREAM", Kind.SESSION),
        ("a.svg", Kind.FIGURE),
        ("a.b.PNG", Kind.FIGURE),
        ("a.pdf", Kind.FIGURE),
        ("pairs.jsonl", Kind.EXAMPLES),
        ("pairs.tsv", Kind.EXAMPLES),
        ("list.txt", Kind.EXAMPLES),
        ("bank.conllu", Kind.EXAMPLES),
    ],
)
def test_files_are_known_by_their_endings(name: str, kind: Kind) -> None:
    assert kind_of(Path(name)) is kind


@pytest.mark.parametrize("name", ["a.docx", "a", "a.headstream.exe", "null\0byte", "x" * 5000])
def test_what_is_not_known_is_told_what_is(name: str) -> None:
    with pytest.raises(CannotOpenError, match="lists of examples"):
        kind_of(Path(name))


def test_a_folder_is_a_model_where_it_has_a_configuration(tmp_path: Path) -> None:
    with pytest.raises(CannotOpenError, match="folder without a model"):
        kind_of(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    assert kind_of(tmp_path) is Kind.MODEL


def test_a_session_comes_back(tmp_path: Path) -> None:
    save_session(tmp_path / "a.headstream", KNOWN)
    assert state_from(tmp_path / "a.headstream", Kind.SESSION) == KNOWN


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_a_figure_gives_its_state_back(tmp_path: Path, ending: str) -> None:
    application()
    alone = replace(KNOWN, slides=(), walk=None)
    save(Blank(), tmp_path / f"a.{ending}", Size(200, 200), state=alone)
    assert state_from(tmp_path / f"a.{ending}", Kind.FIGURE) == alone
    save(Blank(), tmp_path / f"b.{ending}", Size(200, 200))
    with pytest.raises(CannotOpenError, match="no settings of Headstream"):
        state_from(tmp_path / f"b.{ending}", Kind.FIGURE)


@pytest.mark.parametrize(
    "state",
    [
        replace(KNOWN, method="telepathy"),
        replace(KNOWN, parameters=(("mood", "good"),)),
        replace(KNOWN, parameters=(("norm", "no such norm"),)),
        replace(KNOWN, slides=(AppState(method="telepathy"),)),
        replace(KNOWN, comparison=replace(pinned(KNOWN), method="telepathy")),
    ],
)
def test_a_method_nobody_has_is_named(tmp_path: Path, state: AppState) -> None:
    save_session(tmp_path / "a.headstream", state)
    with pytest.raises(CannotOpenError, match="method that is not known here"):
        state_from(tmp_path / "a.headstream", Kind.SESSION)
