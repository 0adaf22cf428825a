"""What the headless commands share."""

from __future__ import annotations

import argparse
import io
import sys

import pytest

from engine import headless
from engine.headless import Progress, add_answer_options, add_model_option, add_run_options, label, say


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1", 1), ("-1", -1), ('"7"', "7"), ("good", "good"), ('"good"', '"good"'), ('""', '""'), ("1.5", "1.5")],
)
def test_a_number_is_an_index_unless_it_is_quoted(text, meant):
    assert label(text) == meant


def test_a_message_is_one_line(capsys):
    say("two\nlines  and\ttabs")
    assert capsys.readouterr().err == "headstream: two lines and tabs\n"


def test_the_options_have_defaults():
    parser = argparse.ArgumentParser()
    add_model_option(parser)
    add_answer_options(parser)
    add_run_options(parser)
    found = vars(parser.parse_args(["--target", "1", "--against", "bad"]))
    assert found == {
        "model": "english-sentiment",
        "target": 1,
        "against": "bad",
        "dtype": "float32",
        "device": "auto",
        "seed": 0,
    }


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_told_on_a_terminal_with_the_time_left(monkeypatch):
    now = iter([100.0, 130.0, 160.0, 100_000.0])
    monkeypatch.setattr(headless.time, "monotonic", lambda: next(now))
    monkeypatch.setattr(sys, "stderr", Terminal())
    progress = Progress(10, "sentence")
    for number in (4, 5, 6, 7):  # three were known
        progress.tell(number)
    progress.clear()
    told = sys.stderr.getvalue().split("\r\x1b[K")
    assert told[1:5] == [
        "sentence 4 of 10",
        "sentence 5 of 10, about 3 min left",
        "sentence 6 of 10, about 2 min left",
        "sentence 7 of 10, about 37 h 00 min left",
    ]
    assert told[-1] == ""


def test_progress_is_silent_elsewhere(capsys):
    progress = Progress(10, "sentence")
    progress.tell(1)
    progress.tell(2)
    progress.clear()
    assert capsys.readouterr().err == ""
