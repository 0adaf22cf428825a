from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from engine import registry
from engine.attribution import Attribution
from engine.session import Session
from gui.render import main

ROOT = Path(__file__).resolve().parents[2]
MODEL = str(ROOT / "tests" / "parity" / "models" / "tiny-bert")
IDS = ["--model", MODEL, "--ids", "2,15,3,9,21", "--device", "cpu"]


def rendered(tmp_path, *options, name="figure.svg"):
    path = tmp_path / name
    status = main([*IDS, "--out", str(path), *options])
    return status, path


@pytest.mark.parametrize("view", ["flow", "components", "words", "heads", "overview"])
def test_each_view_becomes_a_file(tmp_path, view):
    status, path = rendered(tmp_path, "--view", view, "--size", "700x500")
    assert status == 0
    text = path.read_text(encoding="utf-8")
    assert "<image" not in text
    assert "Model" in text


def test_options_reach_the_picture(tmp_path):
    status, path = rendered(
        tmp_path, "--view", "components", "--layer", "1", "--theme", "dark", "--size", "640x480", name="a.png"
    )
    assert status == 0
    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == (640, 480)
    assert picture.pixelColor(1, 1).lightness() < 60


def test_components_include_the_second_half_of_the_layer(tmp_path):
    status, path = rendered(tmp_path, "--view", "components", "--layer", "2")
    text = path.read_text(encoding="utf-8")
    assert status == 0
    assert "not computed" not in text
    assert "layer 2 of" in text


def test_the_caption_can_be_left_out(tmp_path):
    status, path = rendered(tmp_path, "--no-caption")
    assert status == 0
    assert "explained:" not in path.read_text(encoding="utf-8")


def test_coverage_and_method_are_stated(tmp_path):
    status, path = rendered(tmp_path, "--method", "globenc", "--coverage", "1")
    text = path.read_text(encoding="utf-8")
    assert status == 0
    assert "GlobEnc" in text
    assert "whatever the answer" in text
    assert "100\N{NO-BREAK SPACE}%" in text
    assert "baseline" not in text


def test_a_picture_a_method_has_not_is_refused_in_one_line(tmp_path, capsys, monkeypatch):
    def words_alone(given):
        return Attribution(scores=given.capture.pooling)

    alone = replace(registry.find("attention"), id="alone", label="Alone", run=words_alone)
    monkeypatch.setitem(registry._METHODS, "alone", alone)
    status, path = rendered(tmp_path, "--method", "alone", "--view", "flow")
    assert (status, path.exists()) == (2, False)
    told = capsys.readouterr().err
    assert "Alone says how much each word counts, but draws no flow" in told
    assert told.endswith("Use --method decompx.\n")
    assert rendered(tmp_path, "--method", "alone", "--view", "words")[0] == 0


def test_a_file_is_never_a_preview(tmp_path, monkeypatch):
    contexts = []
    run = Session.run

    def watched(self, request, context):
        contexts.append(context)
        return run(self, request, context)

    monkeypatch.setattr(Session, "run", watched)
    assert rendered(tmp_path)[0] == 0
    assert [context.show for context in contexts] == [None]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--method", "magic"], "magic"),
        (["--layer", "99"], "--layer 1 to"),
        (["--target", "nobody"], "nobody"),
        (["--set", "bias"], "NAME=VALUE"),
        (["--text", "both"], "--text"),
    ],
)
def test_what_a_person_can_mend_is_one_line(tmp_path, capsys, options, told):
    status, path = rendered(tmp_path, *options)
    assert status == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert told in lines[0]
    assert not path.exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--size", "huge"],
        ["--coverage", "0"],
        ["--layer", "0"],
        ["--view", "pie"],
        ["--words", "--pieces"],
        ["--theme", "pink"],
    ],
)
def test_malformed_options_exit_with_two_and_one_line(tmp_path, capsys, options):
    with pytest.raises(SystemExit) as ended:
        rendered(tmp_path, *options)
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["figure.gif", "nowhere/figure.svg"])
def test_a_file_that_cannot_be_is_refused_before_the_run(tmp_path, name):
    with pytest.raises(SystemExit) as ended:
        rendered(tmp_path, name=name)
    assert ended.value.code == 2


def test_the_command_runs_by_itself(tmp_path):
    path = tmp_path / "figure.pdf"
    done = subprocess.run(
        [sys.executable, "main.py", "render", *IDS, "--view", "words", "--out", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert path.read_bytes().startswith(b"%PDF")
