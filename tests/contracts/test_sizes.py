"""Files stay short, names say something, and every engine module has its test beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("engine", "gui") for path in (ROOT / room).rglob("*.py"))
FORBIDDEN = ("util", "helper", "common", "misc", "manager")
MOST_LINES, MOST_LINES_OF_MAIN = 400, 40

# Modules without a test file of their own, and why.
UNTESTED = {
    "engine/attribution.py": "two records without behaviour; every method test makes and reads them",
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_file_stops_before_it_is_too_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_the_entrance_is_short():
    assert len((ROOT / "main.py").read_text(encoding="utf-8").splitlines()) <= MOST_LINES_OF_MAIN


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_file_is_not_called_after_nothing(path):
    assert not any(word in path.stem.split("_") or f"{word}s" in path.stem.split("_") for word in FORBIDDEN)


ENGINE = [path for path in SOURCES if path.is_relative_to(ROOT / "engine") and path.stem != "__init__"]


@pytest.mark.parametrize("path", ENGINE, ids=_name)
def test_every_engine_module_has_a_test_file_in_the_same_place(path):
    place = path.relative_to(ROOT).with_name(f"test_{path.name}")
    assert (ROOT / "tests" / place).is_file() or _name(path) in UNTESTED


def test_exceptions_are_modules_that_exist_and_have_no_test():
    for name, reason in UNTESTED.items():
        assert (ROOT / name).is_file()
        assert not (ROOT / "tests" / Path(name).with_name(f"test_{Path(name).name}")).exists()
        assert reason
