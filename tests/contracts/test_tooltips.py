"""What a tooltip says can come from a model or a person: Qt must never take it for rich text."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from gui.told.wording import tooltip

GUI = Path(__file__).resolve().parents[2] / "gui"
SHOWN = [
    (path, call.args[1])
    for path in sorted(GUI.rglob("*.py"))
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(call, ast.Call) and ast.unparse(call.func) == "QToolTip.showText"
]


def test_there_are_tooltips_to_look_at() -> None:
    assert len(SHOWN) > 5


@pytest.mark.parametrize(("path", "said"), SHOWN, ids=lambda given: getattr(given, "name", ""))
def test_every_tooltip_is_plain_text(path: Path, said: ast.expr) -> None:
    calls = [ast.unparse(node.func) for node in ast.walk(said) if isinstance(node, ast.Call)]
    assert "tooltip" in calls, f"{path.name}: {ast.unparse(said)}"


def test_special_tokens_are_seen_and_not_obeyed() -> None:
    assert tooltip("<s> after layer 3\nholds +1.2") == "&lt;s&gt; after layer 3<br>holds +1.2"
    assert tooltip("[CLS] after layer 3\nholds +1.2") == "[CLS] after layer 3\nholds +1.2"
