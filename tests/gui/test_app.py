"""How the program starts: light, with something to see, and with a Qt that counts its references."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont

import main
from engine import registry
from engine.bundled import bundled_models
from gui.app import first_state
from gui.guide import help as help_texts
from gui.kept.settings import load_settings
from gui.paint.palette import PALETTES
from gui.state import AppState, ViewState
from gui.style import interface_font, style_sheet, tabular
from tests.gui.stage import application

ROOT = Path(__file__).resolve().parents[2]
METHODS, BUNDLED = registry.discover(), bundled_models()


def test_everything_the_window_is_made_of_loads_no_torch() -> None:
    code = (
        "import sys, gui.app, gui.bridge, gui.window, gui.viewkit, engine.registry;"
        "gui.viewkit.discover(); engine.registry.discover();"
        "heavy = {'torch', 'transformers', 'engine.session'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_importing_the_program_loads_no_qt() -> None:
    code = "import sys, gui.app; sys.exit('PySide6.QtWidgets' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def test_closing_the_window_ends_the_program_and_remembers(tmp_path: Path) -> None:
    """Closed while the engine is still loading: the hardest moment to go."""
    code = """
import sys
from PySide6.QtCore import QTimer
from gui import app, window
opened = window.MainWindow.showEvent
def open_and_close(self, event):
    opened(self, event)
    QTimer.singleShot(200, self.close)
window.MainWindow.showEvent = open_and_close
status = app.main()
assert "PySide6.QtWidgets" in sys.modules
sys.exit(status)
"""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path),
        "HOME": str(tmp_path),
    }
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(load_settings(next(tmp_path.rglob("settings.json"))).columns) == 3


class Bell(QObject):
    rung = Signal(bool, object)


def test_qt_counts_references_to_singletons() -> None:
    """PySide6 6.12.0 on Python 3.11 loses one reference to True or None per call, and aborts at zero."""
    bell = Bell()
    heard: list[bool] = []
    bell.rung.connect(lambda flag, _: heard.append(flag))
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(500):
        bell.rung.emit(True, None)
    heard.clear()
    assert sys.getrefcount(True) > before[0] - 100
    assert sys.getrefcount(None) > before[1] - 100


def test_the_first_start_shows_the_example() -> None:
    state = first_state(None, METHODS, BUNDLED)
    assert state.text == BUNDLED[0].example
    assert state.model == BUNDLED[0].name
    assert state.method == "decompx"


def test_what_was_remembered_comes_back_as_far_as_it_exists(tmp_path: Path) -> None:
    saved = AppState(text="Mine.", model=str(tmp_path), method="rollout", target=1, view=ViewState(view="table"))
    assert first_state(saved, METHODS, BUNDLED) == saved
    lost = replace(saved, text=" ", model=str(tmp_path / "gone"), method="vanished", parameters=(("a", "b"),))
    gone = first_state(lost, METHODS, BUNDLED)
    assert (gone.text, gone.model) == (BUNDLED[0].example, BUNDLED[0].name)
    assert (gone.method, gone.parameters, gone.target) == ("decompx", (), None)


def test_the_font_is_body_size_and_its_figures_stand_in_columns() -> None:
    application()
    font = interface_font(QFont())
    assert font.pixelSize() == 13
    assert tabular(font).featureTags()


def test_style_sheets_of_all_themes_use_their_own_colours() -> None:
    sheets = {name: style_sheet(palette) for name, palette in PALETTES.items()}
    assert len(set(sheets.values())) == len(sheets)
    assert all(sheet.count("{") == sheet.count("}") for sheet in sheets.values())


def test_every_example_and_the_icon_are_there() -> None:
    assert help_texts.icon_path().read_text(encoding="utf-8").startswith("<svg")
    for model in BUNDLED:
        found = help_texts.examples(model.name)
        assert found
        assert all(example.text.strip() and example.about.strip() for example in found)
    assert help_texts.examples("/some/folder") == ()
    assert help_texts.help_text("prediction", "logit", logit="1.00").startswith("Raw score (logit): 1.00")


def test_a_process_of_a_frozen_program_turns_to_its_work_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> None:
        sys.exit(7)

    monkeypatch.setattr(main, "freeze_support", work)
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 7
