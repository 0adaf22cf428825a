"""Who may import whom, and what a fresh program has loaded."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def fresh(program: str) -> str:
    """What a program prints in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def loaded_after(program: str, *packages: str) -> str:
    """Which of some packages a fresh interpreter has loaded after ``program``."""
    return fresh(f"import sys; {program}; print(*sorted(set(sys.modules) & set({packages!r})))")


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """import-linter on the contracts in ``root``'s pyproject.toml."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return subprocess.run([*command, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)


def test_the_borders_are_kept():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("engine/words.py", "import PySide6", "The engine knows no window"),
        ("engine/flow.py", "from gui import state", "The engine knows no window"),
        ("gui/state.py", "import torch", "The window never reaches a tensor"),
        ("gui/state.py", "from engine import session", "The window never reaches a tensor"),
        ("engine/methods/rollout.py", "from engine.methods import attention", "Methods are independent"),
        ("engine/families/bert.py", "from engine.families import roberta", "Families are independent"),
    ],
)
def test_a_border_that_is_crossed_is_noticed(tmp_path, file, line, broken):
    for name in ("engine", "gui"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / file
    head, _, rest = path.read_text(encoding="utf-8").partition("from __future__ import annotations\n")
    path.write_text(f"{head}from __future__ import annotations\n{line}\n{rest}", encoding="utf-8")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert (
        f"{broken} BROKEN" in " ".join(done.stdout.split()) or f"{broken}" in done.stdout.split("Broken contracts")[1]
    )


def test_describing_the_methods_loads_no_torch():
    program = "from engine import registry; assert registry.discover()"
    assert loaded_after(program, "torch", "transformers", "safetensors", "tokenizers", "PySide6") == ""


def test_the_command_line_is_read_without_torch():
    program = "from engine import cli; cli._parser().parse_args(['methods'])"
    assert loaded_after(program, "torch", "transformers", "PySide6") == ""


def test_the_engine_loads_no_window():
    program = "import engine.session; assert 'torch' in sys.modules"
    assert loaded_after(program, "PySide6", "shiboken6", "pyqtgraph", "gui") == ""


def test_what_the_window_needs_of_the_engine_loads_no_torch():
    program = "import engine.contract, engine.registry, engine.words, engine.bundled, engine.errors, engine.context"
    assert loaded_after(program, "torch", "transformers", "PySide6") == ""


def test_the_window_opens_before_torch_is_loaded():
    assert loaded_after("import gui.app", "torch", "transformers", "safetensors", "tokenizers") == ""
