"""Everything the window writes stands whole or not at all."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gui.examples.example_set import Example, ExampleSet, Walk
from gui.figures.files import KINDS, save
from gui.figures.sizes import SIZES
from gui.kept.autosave import Autosave, load_state
from gui.kept.kept_list import KeptList
from gui.kept.session_file import load_session, save_session
from gui.kept.settings import Settings, load_settings, save_settings
from gui.state import AppState
from tests.full_disk import contents, room_for, survives_a_full_disk
from tests.gui.figures.writing import Lines

LONG = AppState(text="a long sentence " * 200)


def test_a_full_disk_leaves_the_old_session(tmp_path: Path) -> None:
    survives_a_full_disk(tmp_path / "kept.headstream", lambda path: save_session(path, LONG))


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_leaves_the_old_figure(kind: str, tmp_path: Path) -> None:
    survives_a_full_disk(
        tmp_path / f"figure{kind}", lambda path: save(Lines(("one",)), path, SIZES["slide"], state=LONG)
    )


def test_a_full_disk_leaves_the_old_settings_and_says_so_in_the_log(tmp_path: Path, caplog) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, Settings(recent_texts=("old",)))
    with room_for(20), caplog.at_level(logging.WARNING):
        save_settings(path, Settings(recent_texts=("new",)))
    assert load_settings(path).recent_texts == ("old",)
    assert list(contents(tmp_path)) == ["settings.json"]
    assert "settings could not be saved" in caplog.text


def test_a_full_disk_leaves_the_last_state_and_it_is_written_when_there_is_room(
    tmp_path: Path,
) -> None:
    path = tmp_path / "autosave.json"
    autosave = Autosave(path, AppState())
    for text in ("first", "second"):
        autosave._state = AppState(text=text)
        with room_for(10**6 if text == "first" else 100):
            autosave.flush()
    found = load_state(path)
    assert found is not None
    assert found.text == "first"
    assert list(contents(tmp_path)) == ["autosave.json"]
    autosave.flush()
    found = load_state(path)
    assert found is not None
    assert found.text == "second"


def test_a_full_disk_leaves_no_half_of_a_list(tmp_path: Path) -> None:
    kept = KeptList(tmp_path / "autosave.json")
    walk = Walk(ExampleSet("many", tuple(Example(f"Sentence {number}.") for number in range(500))))
    with room_for(1000), pytest.raises(OSError, match="File too large"):
        kept.reference(walk)
    assert contents(tmp_path) == {}
    name = kept.reference(walk)["in_file"]
    assert json.loads((tmp_path / name).read_text(encoding="utf-8"))["title"] == "many"


@pytest.mark.parametrize("write", [lambda path: save_session(path, LONG), lambda path: save_settings(path, Settings())])
def test_a_link_is_written_through(write: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "kept").symlink_to(tmp_path / "far" / "kept")
    write(tmp_path / "kept")
    assert (tmp_path / "kept").is_symlink()
    assert (tmp_path / "far" / "kept").stat().st_size > 100


def test_a_session_is_read_back_after_many_failures(tmp_path: Path) -> None:
    path = tmp_path / "kept.headstream"
    save_session(path, LONG)
    for room in range(0, 3000, 150):
        with room_for(room), pytest.raises(OSError, match="File too large"):
            save_session(path, replace(LONG, model="other"))
    assert load_session(path) == LONG
