"""Saving the picture in the middle as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from engine.contract import Failure, FailureKind
from gui.controls.card import Notice
from gui.figures.composing import compose_view
from gui.figures.files import save
from gui.figures.sizes import Size
from gui.guide.help import help_text
from gui.shown import Shown
from gui.viewkit import View

KINDS = {"SVG (*.svg)": ".svg", "PDF (*.pdf)": ".pdf", "PNG (*.png)": ".png"}
PNG_SCALE = 2.0  # dots to the pixel: sharp on a projector


class ExportButton(QPushButton):
    """Asks where to, writes the file, and tells ``saved`` with its path."""

    saved = Signal(str)

    def __init__(self, folder: str) -> None:
        super().__init__(help_text("figure", "export"))
        self.setObjectName("primary")
        self.setToolTip(help_text("figure", "export_hint"))
        self.clicked.connect(self.export)
        self.notice = Notice()
        self.folder = folder
        self._shown: Shown | None = None
        self._view: View | None = None
        self._picture: QWidget | None = None

    def show_figure(self, shown: Shown, view: View, picture: QWidget) -> None:
        """Offer this view, as large as ``picture`` shows it; nothing while it does not belong to the text."""
        self._shown, self._view, self._picture = shown, view, picture
        made = shown.explanation
        self.setEnabled(made is not None and not shown.stale and not view.missing(made, shown.state.view))

    def export(self) -> None:
        """Ask for a file and write it."""
        if not self.isEnabled():
            return
        start = Path(self.folder or Path.home()) / f"{self._proposed_name()}.svg"
        chosen, kind = QFileDialog.getSaveFileName(
            self.window(), help_text("figure", "export"), str(start), ";;".join(KINDS)
        )
        if chosen:
            path = Path(chosen)
            self._write(path if path.suffix.lower() in KINDS.values() else path.with_name(path.name + KINDS[kind]))

    def _proposed_name(self) -> str:
        text = self._shown.state.text if self._shown is not None else ""
        words = re.findall(r"\w+", text)[:5]
        return "-".join(words).lower() or "headstream"

    def _write(self, path: Path) -> None:
        shown, view, picture = self._shown, self._view, self._picture
        if shown is None or shown.explanation is None or view is None or picture is None:
            return
        size = Size(picture.width(), picture.height(), PNG_SCALE)
        try:
            figure = compose_view(view, shown.explanation, shown.state.view, size)
            save(figure, path, size, title=shown.state.text, state=shown.state)
        except (OSError, ValueError) as error:
            title, hint = help_text("figure", "failed"), help_text("figure", "failed_hint")
            self.notice.show_failure(Failure(0, FailureKind.USER, "figure", title, f"{error}.", hint))
            return
        self.folder = str(path.parent)
        self.notice.show_failure(None)
        self.saved.emit(str(path))
