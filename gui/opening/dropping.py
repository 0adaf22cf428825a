"""What is dropped onto the window: one file or folder at a time, anywhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.guide.help import help_text
from gui.paint.colour import qcolor
from gui.paint.palette import LIGHT, Palette
from gui.paint.typeface import CENTRE, Ink, place
from gui.style import sized

EDGE, RADIUS, VEIL = 3, 10, 225  # pixels, pixels, opacity


def dropped_paths(mime: QMimeData) -> list[Path]:
    """The files and folders of this computer that are dragged; what a browser offers has no place here."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile() and url.toLocalFile()]


class DropVeil(QWidget):
    """Lies over the window while something is dragged over it, and says what letting go will do."""

    def __init__(self, window: QWidget, palette: Palette = LIGHT) -> None:
        super().__init__(window)
        self._colours = palette
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self._colours = palette
        self.update()

    def cover(self, paths: list[Path]) -> None:
        """Cover the window."""
        name = paths[0].name or str(paths[0])
        self._words = help_text("drop", "one", name=name) if len(paths) == 1 else help_text("drop", "many")
        around = self.parentWidget()
        if around is not None:
            self.setGeometry(around.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A pale card with a frame and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = qcolor(self._colours.card)
        card.setAlpha(VEIL)
        painter.fillRect(self.rect(), card)
        painter.setPen(QPen(qcolor(self._colours.accent), EDGE))
        inset = 4 * EDGE
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
        ink = Ink(sized(20), "text", bold=True)
        middle = (self.width() / 2, self.height() / 2)
        place(self._words, ink, middle, CENTRE, self.width() - 8 * inset).paint(painter, self._colours)
        painter.end()
