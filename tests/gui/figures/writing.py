"""A figure of texts in many scripts, and the programs that open figures elsewhere."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontDatabase, QPainter

from gui.paint.palette import LIGHT
from gui.paint.typeface import LEFT, Ink, place

System = QFontDatabase.WritingSystem
SCRIPTS = {
    "latin": "plain words, affinity waffle",
    "phonetic": "ɪntəˈnæʃənəl fəˈnɛtɪk ŋ̍ é õ̤ a̰ x͡y",
    "arabic": "مرحبا بالعالم",
    "hebrew": "שלום עולם",
    "both ways": "שלום abc 12",
    "chinese": "中文句子，漢字",
    "devanagari": "देवनागरी क्षत्रिय हिन्दी",
    "signs": "a < & > \" ' ]]> x",
}
NEEDS = {
    "arabic": System.Arabic,
    "hebrew": System.Hebrew,
    "both ways": System.Hebrew,
    "chinese": System.SimplifiedChinese,
    "devanagari": System.Devanagari,
}


@dataclass(frozen=True)
class Lines:
    """Texts below one another."""

    texts: Sequence[str]
    notes: tuple[str, ...] = ()

    def paint(self, painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, 400, 30 * len(self.texts) + 20), QColor(255, 255, 255))
        for index, text in enumerate(self.texts):
            place(text, Ink(18), (20, 25 + 30 * index), LEFT).paint(painter, LIGHT)


def needs_letters(script: str) -> None:
    """Skip where this system has no letters of the script."""
    needed = NEEDS.get(script)
    if needed is not None and not QFontDatabase.families(needed):
        pytest.skip(f"no font with letters of {script} is installed")


def program(name: str) -> str:
    """Where the program is; the test is skipped where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def told_by(name: str, *arguments: str | Path) -> str:
    """What a program prints."""
    run = subprocess.run([program(name), *map(str, arguments)], capture_output=True, check=True, timeout=50)
    return run.stdout.decode()
