"""Session files: what is saved comes back, and nothing else gets in."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gui.kept import session_file
from gui.kept.session_file import (
    FORMAT,
    MOST_BYTES,
    UnreadableSessionError,
    UnwritableSessionError,
    load_session,
    save_session,
    session_of,
    session_text,
    written_by,
)
from gui.kept.stored_state import VERSION
from gui.state import AppState
from tests.gui.kept.states import states
from tests.gui.kept.test_stored_state import FULL, PLAIN

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and rights are those of POSIX")


def refused(text: str) -> str:
    with pytest.raises(UnreadableSessionError) as caught:
        session_of(text)
    said = str(caught.value)
    assert said.endswith(".")
    assert len(said) < 250
    return said


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(session_text(FULL)) | fields)


@given(states())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_chosen_comes_back_from_its_file(tmp_path: Path, state: AppState) -> None:
    path = tmp_path / "kept.headstream"
    save_session(path, state)
    assert load_session(path) == state


def test_the_file_says_what_it_is_before_anything_else() -> None:
    lines = session_text(FULL).splitlines()
    assert lines[1:4] == [f' "format": "{FORMAT}",', ' "format_version": 1,', f' "program": "{written_by()}",']
    assert "Die Schlüssel 🗝️ der Kiste" in session_text(FULL), "it can be read and searched"


def test_every_truncation_is_refused() -> None:
    written = session_text(FULL).rstrip()
    for length in range(len(written)):
        refused(written[:length])
    assert session_of(written) == FULL


@given(st.integers(0, len(session_text(FULL)) - 1), st.characters(codec="utf-8"))
def test_one_letter_changed_is_refused_or_read_never_worse(at: int, letter: str) -> None:
    written = session_text(FULL)
    try:
        state = session_of(written[:at] + letter + written[at + 1 :])
    except UnreadableSessionError:
        return
    assert session_of(session_text(state)) == state


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_refused(tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "bytes.headstream"
    path.write_bytes(written)
    with pytest.raises(UnreadableSessionError):
        load_session(path)


@given(PLAIN)
def test_any_other_json_is_refused(plain: Any) -> None:
    refused(json.dumps(plain))
    refused(changed(state=plain))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 200_000,
        '{"a":' * 200_000,
        "9" * 10_000,
        session_text(FULL).replace('"coverage": 0.55', '"coverage": NaN'),
        session_text(FULL).replace('"coverage": 0.55', '"coverage": Infinity'),
        session_text(FULL).replace('"coverage": 0.55', '"coverage": 1e999'),
        session_text(FULL).replace('"layer": 7', '"layer": ' + "9" * 5000),
        session_text(FULL).replace('"layer": 7', '"layer": 99999999999'),
        session_text(FULL).replace('"layer": 7', '"layer": 7, "layer": 8'),
        session_text(FULL).replace('"layer": 7', '"layer": "7"'),
        session_text(FULL).replace('"are"', '"\\ud83d"'),
        session_text(FULL) + session_text(FULL),
        changed(format="Headstream figure"),
        changed(format_version="1"),
        changed(format_version=True),
        changed(format_version=None),
        changed(state=None),
        changed(state={"version": -1}),
        changed(state={"version": VERSION, "slides": [{"slides": [{}]}]}),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_edited_or_hostile_is_refused(text: str) -> None:
    refused(text)


def test_a_future_version_is_refused_with_the_program_that_wrote_it() -> None:
    for newer in (
        changed(format_version=2, program="Headstream 7.1"),
        changed(state={"version": VERSION + 1, "a field": "nobody knows"}, program="Headstream 7.1"),
    ):
        assert refused(newer) == "A newer program wrote it, Headstream 7.1. Open it with that one."
    for nameless in (None, 3, "", "a\nb", ["x"]):
        assert "does not say its name" in refused(changed(format_version=2, program=nameless))
    assert len(refused(changed(format_version=2, program="x" * 10_000))) < 150


def test_a_file_beyond_all_reason_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "large.headstream"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(UnreadableSessionError, match="larger than 32 MB"):
        load_session(path)


@pytest.mark.timeout(10)
@POSIX
def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.headstream")
    (tmp_path / "loop.headstream").symlink_to(tmp_path / "loop.headstream")
    (tmp_path / "dangling.headstream").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.headstream").mkdir()
    for name in ("pipe", "loop", "dangling", "folder", "missing", "null\0byte"):
        with pytest.raises(UnreadableSessionError):
            load_session(tmp_path / f"{name}.headstream")
    with pytest.raises(UnreadableSessionError):
        load_session(Path("/dev/zero"))


@POSIX
def test_a_link_stays_a_link_and_rights_stay_as_they_were(tmp_path: Path) -> None:
    real, link = tmp_path / "real.headstream", tmp_path / "link.headstream"
    save_session(real, AppState(text="first"))
    umask = os.umask(0)
    os.umask(umask)
    assert real.stat().st_mode & 0o777 == 0o666 & ~umask
    real.chmod(0o600)
    link.symlink_to(real)
    save_session(link, AppState(text="second"))
    assert link.is_symlink()
    assert load_session(real).text == load_session(link).text == "second"
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_failed_saving_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.headstream"
    save_session(path, AppState(text="first"))

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(session_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_session(path, AppState(text="second"))
    assert load_session(path).text == "first"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name], "no draft is left behind"
    with pytest.raises(FileNotFoundError):
        save_session(tmp_path / "no folder" / "kept.headstream", FULL)


def test_what_could_not_be_opened_again_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(UnwritableSessionError, match="text of reasonable length"):
        save_session(tmp_path / "long.headstream", AppState(text="x" * 1_000_001))
    slide = AppState(text="x" * 1_000_000)
    with pytest.raises(UnwritableSessionError, match="too large"):
        save_session(tmp_path / "large.headstream", replace(slide, slides=(slide,) * (MOST_BYTES // 1_000_000 + 1)))
    assert list(tmp_path.iterdir()) == []


def test_half_a_letter_costs_no_more_than_itself(tmp_path: Path) -> None:
    path = tmp_path / "kept.headstream"
    save_session(path, AppState(text="good \ud83d film"))
    assert load_session(path).text == "good ? film"
