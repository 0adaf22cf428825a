"""What is remembered survives; what is damaged is forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gui.settings import RECENT_FOLDERS, Settings, load_settings, save_settings, with_recent_folder

FULL = Settings(("a", "Ein Ordner 😀"), "out", "00ff", (300, 700, 330))


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    save_settings(path, FULL)
    assert load_settings(path) == FULL
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '"text"'])
def test_a_damaged_file_is_a_first_start(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(content, encoding="utf-8")
    assert load_settings(path) == Settings()
    assert load_settings(tmp_path / "missing.json") == Settings()


def test_one_bad_value_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps({"export_folder": "kept", "geometry": 3, "columns": ["a"], "recent_folders": "x", "new": 1})
    )
    assert load_settings(path) == Settings(export_folder="kept")


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    save_settings(blocked / "settings.json", FULL)


def test_recent_folders_are_few_and_newest_first() -> None:
    settings = Settings()
    for name in "abcdefghb":
        settings = with_recent_folder(settings, name)
    assert settings.recent_folders == tuple("bhgfed")
    assert len(settings.recent_folders) == RECENT_FOLDERS
