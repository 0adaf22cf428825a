"""What the headless commands share: options, and how they say something."""

from __future__ import annotations

import argparse
import sys
import time

from engine.bundled import bundled_models


def say(text: str) -> None:
    """One line on standard error; half a letter, as a name of a file can hold one, is written as its number."""
    told = " ".join(text.split()).encode("utf-8", "backslashreplace").decode("utf-8")
    sys.stderr.write(f"headstream: {told}\n")


def label(text: str) -> int | str:
    """An answer: a number is an index; in quotation marks of its own it is the answer that reads so."""
    if text.removeprefix("-").isdecimal():
        return int(text)
    is_quoted = len(text) > 2 and text[0] == text[-1] == '"' and text[1:-1].isdecimal()
    return text[1:-1] if is_quoted else text


def add_model_option(parser: argparse.ArgumentParser) -> None:
    """``--model``."""
    parser.add_argument("--model", default=bundled_models()[0].name, help="a bundled model's name or a model folder")


def add_answer_options(parser: argparse.ArgumentParser) -> None:
    """``--target`` and ``--against``."""
    parser.add_argument(
        "--target",
        type=label,
        help="answer to explain, a label or an index, '\"7\"' for the label 7; default: the predicted one",
    )
    parser.add_argument("--against", type=label, help="answer to explain it instead of")


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """``--dtype``, ``--device`` and ``--seed``."""
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32", help="precision of the run")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="where to compute")
    parser.add_argument("--seed", type=_seed, default=0, help="seed of whatever draws random numbers")


def _seed(text: str) -> int:
    seed = int(text)
    if seed < 0:
        raise argparse.ArgumentTypeError("a seed is 0 or more")
    return seed


class Progress:
    """How far the run is, in one line on a terminal that is written over; nothing anywhere else."""

    def __init__(self, count: int, thing: str) -> None:
        self._count = count
        self._thing = thing
        self._began: tuple[int, float] | None = None
        self._is_shown = sys.stderr.isatty()

    def tell(self, number: int) -> None:
        """The ``number``-th of the things begins, counted from 1."""
        now = time.monotonic()
        first, began = self._began = self._began or (number, now)
        done = number - first
        left = f", about {_duration((now - began) / done * (self._count - number + 1))} left" if done else ""
        self._write(f"{self._thing} {number} of {self._count}{left}")

    def clear(self) -> None:
        """Leave the line empty."""
        self._write("")

    def _write(self, text: str) -> None:
        if self._is_shown:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"
