"""A quick selection of the soak (``tests/bench/hostile_soak.py``): folders made to do harm are read or refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.context import RunContext
from engine.contract import Request
from engine.errors import EngineError
from engine.session import Session
from tests.engine import hostile
from tests.engine.models import MEAN, REFERENCE, Tiny, folder_of

GOOD = {
    "bert": (REFERENCE / "alti-tiny-bert", {"text": "the film was good"}),
    "roberta": (REFERENCE / "alti-tiny-roberta", {"text": "the film was good"}),
    "bert gap": (REFERENCE / "alti-tiny-bert-mlm", {"text": "the film was [MASK]"}),
    "modernbert": (Tiny("modernbert", seed=7, extras=MEAN), {"ids": (5, 6, 7)}),
}
# Of every kind of damage one after the other; 62 is the pipe that was waited for without end.
NUMBERS = (62, *range(100_000, 100_026))
REACHING = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "pickle.find_class")


class Watch:
    """Hears of every reach beyond the program while it is awake. Python never lets go of such a listener."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        self.is_awake = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _: object) -> None:
        if self.is_awake and event in REACHING:
            self.reached.append(event)


@pytest.fixture(scope="module")
def watch() -> Watch:
    """One listener for all tests of this module."""
    return Watch()


@pytest.fixture
def nothing_reached(watch: Watch) -> Iterator[None]:
    """Assert that a test reaches no network, starts no program and reads no pickle."""
    watch.is_awake = True
    yield
    watch.is_awake = False
    assert watch.reached == []


def _asked(model: Path, asked: dict[str, Any]) -> EngineError | None:
    """Open the folder and ask it; returns why that is refused, None where it answers."""
    try:
        made = Session("float32", "cpu").run(Request(0, str(model), "attention", **asked), RunContext())
    except EngineError as error:
        return error
    assert len(made.scores) > 0
    return None


@pytest.mark.parametrize("name", GOOD)
def test_a_folder_made_to_do_harm_is_read_or_refused(name: str, tmp_path: Path, nothing_reached: None) -> None:
    good, asked = GOOD[name]
    source = good if isinstance(good, Path) else folder_of(good)
    ended = {"read": 0, "refused": 0}
    for number in NUMBERS:
        model = hostile.copy(source, tmp_path / "model")
        done = hostile.spoil(model, number)
        refusal = _asked(model, asked)
        if refusal is not None:
            assert refusal.hint, done
            assert len(str(refusal).splitlines()) == 1, done
            assert len(str(refusal)) < 1500, done
        ended["read" if refusal is None else "refused"] += 1
        assert not (tmp_path / hostile.MARK).exists(), done
    assert all(ended.values()), "a selection that knows one end only tells little"


def test_the_same_number_does_the_same_damage(tmp_path: Path) -> None:
    source = REFERENCE / "alti-tiny-bert"
    told = []
    for _ in range(2):
        model = hostile.copy(source, tmp_path / "model")
        told.append([hostile.spoil(model, number) for number in (3, 5, 8)])
        content = {
            path.name: path.read_bytes() for path in model.iterdir() if path.is_file() and path.stat().st_size < 10**7
        }
        told.append(sorted(content.items()))
    assert told[:2] == told[2:]


def test_code_beside_the_weights_would_be_seen(tmp_path: Path) -> None:
    """The trap that every folder holds really leaves its mark when somebody runs it."""
    model = hostile.copy(REFERENCE / "alti-tiny-bert", tmp_path / "model")
    hostile.spoil(model, 1)
    os.system(f"{sys.executable} {model / 'evil.py'}")
    assert (tmp_path / hostile.MARK).exists()
