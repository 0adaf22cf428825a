"""Files stand whole or not at all, whatever ends their writing."""

from __future__ import annotations

import errno
import gc
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine import writing
from engine.cli import WRITERS
from engine.tables import write_table
from engine.writing import check_place, draft_of, reason, write_whole
from tests.full_disk import contents, survives_a_full_disk

ROOT = Path(__file__).parents[2]
LINES = [(f"{number}", number * 1.5) for number in range(3000)]
ARRAYS = {"a": np.random.default_rng(0).normal(size=(40, 40)), "meta": np.array('{"kind": "all"}')}


def _table(path: Path) -> int:
    return write_table(path, ("word", "share"), LINES)


def _arrays(path: Path) -> None:
    WRITERS[path.suffix](path, ARRAYS)


# Where a disk is full xlsxwriter leaves files of its own open until they are collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("any.bin", lambda path: write_whole(path, b"x" * 9000)),
        ("lasting.bin", lambda path: write_whole(path, b"x" * 9000, is_lasting=True)),
        ("shares.csv", _table),
        ("shares.tsv", _table),
        ("shares.xlsx", _table),
        ("all.npz", _arrays),
        ("all.json", _arrays),
    ],
)
def test_a_full_disk_leaves_what_was_there(name: str, write: Callable[[Path], object], tmp_path: Path) -> None:
    survives_a_full_disk(tmp_path / name, write)
    gc.collect()


def test_an_error_in_the_middle_of_the_rows_leaves_what_was_there(tmp_path: Path) -> None:
    def rows():
        yield ("a", 1.0)
        raise RuntimeError("the engine broke")

    for ending in ("csv", "xlsx"):
        path = tmp_path / f"old.{ending}"
        path.write_bytes(b"old")
        with pytest.raises(RuntimeError, match="the engine broke"):
            write_table(path, ("word", "share"), rows())
    assert contents(tmp_path) == {"old.csv": b"old", "old.xlsx": b"old"}


@pytest.mark.parametrize("step", ["replace", "chmod", "fsync"])
def test_a_failure_at_the_last_step_leaves_what_was_there(step: str, tmp_path: Path, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "kept.bin"
    path.write_bytes(b"old")
    monkeypatch.setattr(*((os, step) if step == "fsync" else (Path, step)), fail)
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(path, b"new", is_lasting=True)
    assert caught.value.filename == str(path)
    assert contents(tmp_path) == {"kept.bin": b"old"}


KILLED = """
import sys
from pathlib import Path
from engine.writing import write_whole
path, number = Path(sys.argv[1]), 0
while True:
    write_whole(path, bytes([number % 250]) * 2_000_000)
    if number == 0:
        print("begun", flush=True)
    number += 1
"""


def test_a_program_killed_while_it_writes_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.bin"
    for wait in (0.0, 0.003, 0.011, 0.023):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, cwd=ROOT)
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        time.sleep(wait)
        process.kill()
        process.wait()
        process.stdout.close()
        content = path.read_bytes()
        assert len(content) == 2_000_000
        assert len(set(content)) == 1


HALF = """
import sys, time
from pathlib import Path
from engine.writing import draft_of
with draft_of(Path(sys.argv[1])) as draft:
    draft.write_bytes(b"half")
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_program_killed_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.bin"
    path.write_bytes(b"old")
    process = subprocess.Popen([sys.executable, "-c", HALF, str(path)], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"half\n"
    process.kill()
    process.wait()
    process.stdout.close()
    assert path.read_bytes() == b"old"


def test_two_programs_writing_at_once_leave_one_of_both_files(tmp_path: Path) -> None:
    path = tmp_path / "kept.bin"
    with draft_of(path) as first, draft_of(path) as second:
        assert first != second
        first.write_bytes(b"first")
        second.write_bytes(b"second")
    assert contents(tmp_path) == {"kept.bin": b"first"}


def test_a_link_stays_a_link_and_rights_stay(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "kept.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert contents(tmp_path / "far") == {"kept.csv": b"new"}


def test_a_new_file_has_the_rights_that_new_files_have(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "new.bin", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.bin").stat().st_mode) == 0o640


def _folder(path: Path) -> None:
    path.mkdir()


def _loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("folder.csv", _folder, "it is a folder"),
        ("pipe.csv", os.mkfifo, "it is no ordinary file"),
        ("missing/inside.csv", lambda _: None, "there is no such folder"),
        ("x" * 300 + ".csv", lambda _: None, "File name too long"),
    ],
    ids=["folder", "pipe", "missing folder", "long name"],
)
def test_a_place_where_no_file_can_stand_is_told_at_once(
    name: str, make: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    make(path)
    for attempt in (check_place, lambda path: write_whole(path, b"new")):
        with pytest.raises(OSError, match=said) as caught:
            attempt(path)
        assert "\n" not in reason(caught.value)
    assert [entry.name for entry in tmp_path.iterdir()] in ([], [name])


def test_a_link_to_itself_becomes_no_file_in_the_dark(tmp_path: Path) -> None:
    path = tmp_path / "loop.csv"
    path.symlink_to(path)
    with pytest.raises(OSError, match="symbolic links"):
        write_whole(path, b"new")
    assert path.is_symlink()


def test_a_file_that_may_only_be_read_is_not_replaced(tmp_path: Path, monkeypatch) -> None:
    """The rights are asked of the system; whoever runs the tests may have all of them."""
    path = tmp_path / "kept.csv"
    path.write_bytes(b"old")
    monkeypatch.setattr(writing.os, "access", lambda target, _: target != path)
    with pytest.raises(PermissionError, match="may only be read"):
        write_whole(path, b"new")
    assert contents(tmp_path) == {"kept.csv": b"old"}


def test_names_of_every_kind_can_be_written(tmp_path: Path) -> None:
    for name in ("é" * 100 + ".csv", "😀" * 60, ".hidden", "a.b.c.csv", "with space .csv", "日本語.tsv"):
        write_whole(tmp_path / name, b"new")
        assert (tmp_path / name).read_bytes() == b"new"
        assert len(list(tmp_path.iterdir())) == 1
        (tmp_path / name).unlink()


def test_a_reason_is_a_sentence() -> None:
    assert (
        reason(OSError(errno.ENOSPC, "No space left on device", "/x/a.csv")) == "“/x/a.csv”: No space left on device."
    )
    assert reason(OSError("odd")) == "odd."
