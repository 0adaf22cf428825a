"""Options nobody means: one line on standard error and status 2, whatever they say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.cli import main
from tests.engine.models import REFERENCE

CLASSIFIER, GAP = str(REFERENCE / "alti-tiny-bert"), str(REFERENCE / "alti-tiny-bert-mlm")
EXPLAIN = ["explain", "--model", CLASSIFIER, "--text", "the film was good"]
OPTIONS = [
    "--position -1", "--position 99999999999999999999", "--position nan", "--seed nan", "--seed -1", "--target 99",
    "--target -1",
    "--target nan", "--against 0 --target 0", "--method nope", "--method ../x", "--set a", "--set =b", "--set bias=x",
    "--method integrated_gradients --set steps=-1", "--method integrated_gradients --set steps=nan",
    "--method integrated_gradients --set steps=1e99", "--dtype float16", "--device mps", "--fields nope",
    "--boundaries nan", "--boundaries 3,0", "--words --out o.npz", "--ids 1", "--segments 0", "--input list.txt",
    "--model /dev/zero", "--model missing", "--model /", "--pair \udcff", "--target \udcff", "--model \udcff",
    f"--model {'x' * 9000}", f"--position {'9' * 5000}", f"--target {'x' * 9000}", "--nope",
    "--out o.npz --boundaries 0,-1",
]  # fmt: skip
PLACES = ["folder.csv", "missing/o.csv", "o", "o.txt", "pipe.csv", "x" * 300 + ".csv", "list.txt/o.csv", "loop.csv", ""]
LISTS = [
    "empty.txt",
    "noise.csv",
    "noise.jsonl",
    "noise.txt",
    "zero.tsv",
    "pipe.txt",
    "folder",
    "loop.csv",
    "/dev/zero",
    "",
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of odd things to work in; nothing is left in it that was not there."""
    monkeypatch.chdir(tmp_path)
    for name in ("folder.csv", "folder"):
        (tmp_path / name).mkdir()
    for name in ("pipe.csv", "pipe.txt"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "list.txt").write_text("A film.\n", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "zero.tsv").write_bytes(b"text\n\0\n")
    for ending in ("csv", "jsonl", "txt"):
        (tmp_path / f"noise.{ending}").write_bytes(bytes(range(255, 0, -1)) * 9)
    before = {path.name for path in tmp_path.iterdir()}
    yield tmp_path
    assert {path.name for path in tmp_path.iterdir()} == before


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a command says, ended with status 2."""
    try:
        status = main(arguments)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0
    said = capsys.readouterr().err
    assert status == 2, said
    assert said.startswith("headstream: ")
    assert said.count("\n") == 1
    assert len(said) < 1200
    return said


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: ascii(options[:60]))
def test_an_option_that_cannot_be_is_refused_in_one_line(options: str, place: Path, capsys) -> None:
    refused(capsys, *EXPLAIN, "--out", "o.csv", *options.split(" "))


@pytest.mark.parametrize(
    "ids", ["", "a", "1,,2", "-1", "9" * 30, "1,2.5", "nan", ",".join(["5"] * 5000)], ids=lambda ids: ids[:9]
)
def test_ids_that_cannot_be_are_refused_in_one_line(ids: str, place: Path, capsys) -> None:
    refused(capsys, "explain", "--model", CLASSIFIER, "--ids", ids, "--out", "o.npz")


@pytest.mark.parametrize("out", PLACES, ids=lambda out: out[:20])
@pytest.mark.parametrize("ending", ["", "list"])
def test_a_place_where_nothing_can_stand_is_refused_before_any_model_is_opened(
    out: str, ending: str, place: Path, capsys, monkeypatch
) -> None:
    monkeypatch.setattr("engine.session.Session.open", lambda *_: pytest.fail("the model was opened"))
    given = ["explain", "--input", "list.txt"] if ending else EXPLAIN
    refused(capsys, *given, "--out", out)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_none_is_refused_in_one_line(name: str, place: Path, capsys) -> None:
    """Found by hand: a pipe was waited for without end, and /dev/zero filled the memory until the system ended it."""
    said = refused(capsys, "explain", "--model", CLASSIFIER, "--input", name, "--out", "o.csv")
    assert "cannot be read" in said or "no sentence" in said.lower()


@pytest.mark.parametrize("target", ["nope", "\udcff", "x" * 9999, ""], ids=ascii)
def test_a_word_that_fills_no_gap_is_refused_in_one_line(target: str, place: Path, capsys) -> None:
    refused(capsys, "explain", "--model", GAP, "--text", "a [MASK]", "--target", target, "--out", "o.csv")


@pytest.mark.parametrize("name", ["o.CSV", "o.NPZ", "o.Json", "o.XLSX"])
def test_an_ending_in_capitals_is_the_same_ending(name: str, tmp_path: Path) -> None:
    assert main([*EXPLAIN, "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / name).stat().st_size > 100


@pytest.mark.parametrize(
    "arguments", [["nope"], [], ["explain"], ["models", "x"], ["methods", "--nope"], ["\udcff"]], ids=str
)
def test_a_command_that_is_none_is_refused_in_one_line(arguments: list[str], capsys) -> None:
    refused(capsys, *arguments)
