"""What is remembered survives; what is damaged is forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gui.kept.settings import (
    RECENT_FOLDERS,
    Settings,
    load_settings,
    save_settings,
    with_recent_folder,
)

FULL = Settings(
    ("a", "Ein Ordner 😀"),
    "out",
    "00ff",
    (300, 700, 330),
    folded=True,
    appearance="contrast",
    type_scale=130,
    tour_seen=True,
    recent_texts=("Ein Satz 😀.", "שלום"),
)


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    save_settings(path, FULL)
    assert load_settings(path) == FULL
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '"text"', "[" * 100_000, '{"text": NaN', "\x00"])
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


DAMAGED = {
    "text": [None, 3, ["x"], {}, "\ud800"],
    "geometry": ["zürich", 1],
    "columns": [[1, 2.5], [True, 1, 2], [-5, 1, 2], [10**30, 1, 2], "300", {"0": 300}, [None]],
    "folded": [1, "yes", None, []],
    "appearance": ["neon", 2, None, ["dark"], ""],
    "type_scale": [0, 79, 176, -100, 10**20, 130.0, "130", True, None, float("inf")],
    "tour_seen": [1, "true", None],
    "recent_texts": ["text", [1], [None], ["\udfff"], {}],
    "recent_folders": [[["a"]], 7],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in DAMAGED for value in DAMAGED[name]], ids=str)
def test_no_damage_of_a_value_is_believed_or_spreads(tmp_path: Path, name: str, value: object) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"export_folder": "kept", name: value}), encoding="utf-8")
    read = load_settings(path)
    assert read == Settings(export_folder="kept")
    save_settings(path, read)
    assert load_settings(path) == read


def test_bytes_that_are_no_text_are_a_first_start(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"\xff\xfe{}\x80")
    assert load_settings(path) == Settings()
    assert load_settings(tmp_path) == Settings(), "a folder in the file's place too"


def test_sizes_of_type_between_the_ends_are_believed(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    for percent in (80, 117, 175):
        save_settings(path, Settings(type_scale=percent))
        assert load_settings(path).type_scale == percent


def test_recent_texts_are_few(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"recent_texts": list("abcdefghijklmnop")}))
    assert load_settings(path).recent_texts == tuple("abcdefghijkl")


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
