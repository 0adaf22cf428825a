from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from engine import registry
from engine.attribution import Attribution
from engine.session import Session
from gui.batch.drawing import pictures
from gui.figures.embedded import state_in
from gui.figures.sizes import SIZES
from gui.kept.session_file import save_session
from gui.paint.palette import PALETTES
from gui.render import main
from tests.gui.stage import wait_until

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


PLAIN = ["--device", "cpu", "--size", "500x400"]
TEXT = ["--text", "A wonderful film.", *PLAIN]


def made(tmp_path, *options, name="figure.svg"):
    path = tmp_path / name
    return main([*options, "--out", str(path)]), path


@pytest.mark.parametrize("view", list(pictures()))
@pytest.mark.parametrize("theme", list(PALETTES))
def test_every_view_in_every_theme(tmp_path, view, theme):
    status, path = made(tmp_path, *TEXT, "--view", view, "--theme", theme, name="f.png")
    assert status == 0
    corner = QImage(str(path)).pixelColor(0, 0)
    assert (corner.red(), corner.green(), corner.blue()) == tuple(PALETTES[theme].card)


@pytest.mark.parametrize("size", list(SIZES))
def test_every_size(tmp_path, size):
    status, path = made(tmp_path, *TEXT, "--size", size, "--view", "words", name="f.png")
    assert status == 0
    assert QImage(str(path)).width() == round(SIZES[size].width * SIZES[size].scale)


@pytest.mark.parametrize("picture", ["flow", "maps", "words"])
def test_two_sentences_are_compared(tmp_path, picture):
    compared = ["--compare", "A dreadful film.", "--compared-as", picture]
    status, path = made(tmp_path, *TEXT, *compared)
    assert status == 0
    kept = state_in(path)
    assert kept.text == "A dreadful film."
    assert kept.comparison.text == "A wonderful film."
    status, again = made(tmp_path, "--session", str(path), *PLAIN, name="again.svg")
    assert status == 0
    assert state_in(again) == kept
    assert again.read_bytes() == path.read_bytes()


def test_the_map_that_is_compared_can_be_chosen(tmp_path):
    maps = [*TEXT, "--compare", "A dreadful film.", "--compared-as", "maps"]
    status, path = made(tmp_path, *maps, "--component", "attention")
    assert status == 0
    assert state_in(path).view.component == "attention"
    assert "A: attention, layer" in path.read_text()
    status, usual = made(tmp_path, *maps, name="usual.svg")
    assert state_in(usual).view.component == "layer"
    assert "A: whole layer, layer" in usual.read_text()
    status, again = made(tmp_path, "--session", str(path), "--component", "feed_forward", *PLAIN, name="again.svg")
    assert status == 0
    assert state_in(again).view.component == "feed_forward"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--view", "components"], "nothing is compared here"),
        (["--compare", "A bad film."], "the picture of this comparison is “flow”"),
        (["--compare-method", "globenc", "--compared-as", "maps"], "each one's own map"),
    ],
)
def test_a_component_beside_what_shows_none_is_refused(tmp_path, capsys, options, told):
    status, path = made(tmp_path, *TEXT, "--component", "attention", *options)
    assert status == 2
    assert not path.exists()
    assert told in capsys.readouterr().err


def test_a_figure_or_a_session_is_drawn_again_and_otherwise(tmp_path):
    options = ["--method", "globenc", "--set", "map=N_Res", "--target", "negative", "--layer", "2", "--pieces"]
    status, path = made(tmp_path, *TEXT, *options, "--coverage", "0.5", "--view", "layers")
    assert status == 0
    status, again = made(tmp_path, "--session", str(path), *PLAIN, name="again.svg")
    assert status == 0
    assert again.read_bytes() == path.read_bytes()
    save_session(tmp_path / "s.headstream", replace(state_in(path), text="Another one."))
    other = ["--session", str(tmp_path / "s.headstream"), "--method", "decompx", "--view", "flow", *PLAIN]
    status, third = made(tmp_path, *other, name="third.svg")
    assert status == 0
    kept = state_in(third)
    assert (kept.text, kept.method, kept.parameters) == ("Another one.", "decompx", ())
    assert (kept.target, kept.view.layer, kept.view.whole_words) == ("negative", 1, False)


def test_settings_that_cannot_be_read_are_said_in_one_line(tmp_path, capsys):
    for name, content in (("s.headstream", "{"), ("f.svg", "<svg/>"), ("f.png", "no picture")):
        (tmp_path / name).write_text(content)
        status, path = made(tmp_path, "--session", str(tmp_path / name), *PLAIN, name="out.svg")
        assert (status, path.exists()) == (2, False)
        told = capsys.readouterr().err.strip().splitlines()
        assert len(told) == 1
        assert name in told[0]


LIST = "A good film.\tA bad film.\nOne more film.\t{}\nThe end.\tThe start.\n"


def test_a_whole_list(tmp_path, capsys):
    (tmp_path / "pairs.tsv").write_text(LIST.format("film " * 600), encoding="utf-8")
    folder = tmp_path / "figures"
    options = ["--input", str(tmp_path / "pairs.tsv"), "--view", "flow", "--view", "compare", "--table", "tsv", *PLAIN]
    assert main([*options, "--kind", "png", "--out", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "001-a-good-film-a-flow.png",
        "001-a-good-film-b-flow.png",
        "001-a-good-film-compare.png",
        "003-the-end-a-flow.png",
        "003-the-end-b-flow.png",
        "003-the-end-compare.png",
        "headstream-batch.jsonl",
        "numbers.tsv",
        "problems.tsv",
    ]
    told = capsys.readouterr().err.strip().splitlines()
    assert told[-1].startswith("headstream: 2 of 3 sentences drawn, 1 skipped: ")
    assert "512" in (folder / "problems.tsv").read_text(encoding="utf-8")
    assert main([*options, "--kind", "pdf", "--out", str(folder)]) == 2
    assert "other settings" in capsys.readouterr().err


def test_ctrl_c_leaves_a_folder_that_is_gone_on_with(tmp_path):
    (tmp_path / "list.txt").write_text("".join(f"Film number {n} is good.\n" for n in range(400)), encoding="utf-8")
    command = [sys.executable, "main.py", "render", "--input", str(tmp_path / "list.txt"), "--method", "attention"]
    command += [*PLAIN, "--view", "words", "--out", str(tmp_path / "f")]
    journal = tmp_path / "f" / "headstream-batch.jsonl"
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: journal.exists() and journal.read_bytes().count(b"\n") > 5, 50)
    running.send_signal(signal.SIGINT)
    told = running.communicate(timeout=30)[1]
    assert running.returncode == 130
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    done = journal.read_bytes().count(b"\n") - 1
    assert 5 <= done < 400
    figures = list((tmp_path / "f").glob("*.svg"))
    assert len(figures) == done
    assert not list((tmp_path / "f").glob(".*")), "no half of a file"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--text", "A film.", "--view", "flow", "--view", "words"], "one picture"),
        (["--text", "A film.", "--view", "compare"], "--compare TEXT"),
    ],
)
def test_what_does_not_go_together_is_refused_at_once(tmp_path, capsys, options, told):
    with pytest.raises(SystemExit) as ended:
        made(tmp_path, *options)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("idle", [["--text", "A film."], ["--compare", "B."], ["--position", "3"], ["--ids", "1,2"]])
def test_options_of_one_sentence_say_nothing_to_a_list(tmp_path, capsys, idle):
    (tmp_path / "list.txt").write_text("A film.\n")
    assert made(tmp_path, "--input", str(tmp_path / "list.txt"), *idle, name="f")[0] == 2
    assert f"{idle[0]} says nothing where --input is given" in capsys.readouterr().err


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
