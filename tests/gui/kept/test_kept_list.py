"""A walk through thousands of sentences costs the autosave nothing while it goes on."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gui.events import Walked, reduce
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.kept.autosave import Autosave, load_state
from gui.kept.history import History, recorded, undone
from gui.shown import Shown
from gui.state import AppState
from tests.gui.stage import application

MANY = ExampleSet("Many", tuple(Example(f"Sentence {n} is here.", f"Sentence {n} are here.") for n in range(10_000)))
FEW = ExampleSet("Few", (Example("A."), Example("B.")))
FIRST = AppState(text="A film.")


def walked(examples: ExampleSet, at: int = 0) -> AppState:
    return reduce(FIRST, Walked(Walk(examples, at)))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def autosave(tmp_path: Path) -> Autosave:
    application()
    return Autosave(tmp_path / "autosave.json", FIRST)


def keep(autosave: Autosave, state: AppState) -> None:
    autosave.keep(Shown(state))
    autosave.flush()


def test_the_list_is_written_once_and_comes_back(autosave: Autosave, tmp_path: Path) -> None:
    path = tmp_path / "autosave.json"
    keep(autosave, walked(MANY, 7))
    (name,) = [name for name in names(tmp_path) if name != path.name]
    listed = tmp_path / name
    before = listed.stat().st_mtime_ns
    keep(autosave, walked(MANY, 8))
    assert listed.stat().st_mtime_ns == before
    assert path.stat().st_size < 10_000
    assert load_state(path) == walked(MANY, 8)


def test_another_list_takes_its_place_and_none_takes_it_away(autosave: Autosave, tmp_path: Path) -> None:
    keep(autosave, walked(MANY))
    keep(autosave, walked(FEW, 1))
    assert len(names(tmp_path)) == 2
    assert load_state(tmp_path / "autosave.json") == walked(FEW, 1)
    keep(autosave, reduce(walked(FEW), Walked(None)))
    assert names(tmp_path) == ["autosave.json"]
    keep(autosave, walked(FEW))
    assert load_state(tmp_path / "autosave.json") == walked(FEW)


@pytest.mark.parametrize("damage", [None, "", "{", "[]", "[[]]", '{"title": 3}', "[" * 100_000])
def test_a_list_that_is_gone_costs_the_walk_alone(autosave: Autosave, tmp_path: Path, damage: str | None) -> None:
    keep(autosave, walked(FEW))
    (listed,) = tmp_path.glob("autosave-list-*.json")
    listed.unlink() if damage is None else listed.write_text(damage)
    assert load_state(tmp_path / "autosave.json") == replace(walked(FEW), walk=None)


def test_a_name_leads_nowhere_else(autosave: Autosave, tmp_path: Path) -> None:
    keep(autosave, walked(FEW))
    path = tmp_path / "inside" / "autosave.json"
    path.parent.mkdir()
    data = json.loads((tmp_path / "autosave.json").read_text(encoding="utf-8"))
    data["walk"]["in_file"] = f"../{data['walk']['in_file']}"
    path.write_text(json.dumps(data), encoding="utf-8")
    found = load_state(path)
    assert found is not None
    assert found.walk is None


def test_a_step_is_written_and_undone_in_no_time(autosave: Autosave) -> None:
    state, history = walked(MANY), History()
    keep(autosave, state)
    began = time.perf_counter()
    for step in range(100):
        assert state.walk is not None
        now = reduce(state, Walked(state.walk.stepped(1)))
        history = recorded(history, state, now, "Walked", 2.0 * step)
        state = now
        keep(autosave, state)
    for _ in range(100):
        back = undone(history, state)
        assert back is not None
        history, state = back
    assert state == walked(MANY)
    assert (time.perf_counter() - began) / 100 < 0.02  # 100 ms each where the list is written every time
