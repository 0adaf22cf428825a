"""A sentence to edit in which what differs from another is bold, and a gap stands out."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from gui.compare.differing import Stretch
from gui.paint.colour import qcolor
from gui.paint.palette import Palette
from gui.panels.sentence import SentenceField, utf16_position


class _Marker(QSyntaxHighlighter):
    """Changes how letters look and nothing of the text: no edit is told, and none can be undone."""

    def __init__(self, document: QTextDocument, palette: Palette) -> None:
        super().__init__(document)
        self.palette = palette
        self.bold: tuple[Stretch, ...] = ()
        self.gap = ""

    def highlightBlock(self, text: str) -> None:
        """One line."""
        start, whole = self.currentBlock().position(), self.document().toPlainText()
        strong = QTextCharFormat()
        strong.setFontWeight(QFont.Weight.DemiBold)
        for stretch in self.bold:
            first, end = (utf16_position(whole, place) - start for place in stretch)
            self.setFormat(max(0, first), max(0, end) - max(0, first), strong)
        place = text.find(self.gap) if self.gap else -1
        if place >= 0:
            chip = QTextCharFormat()
            chip.setForeground(qcolor(self.palette.accent))
            chip.setBackground(qcolor(self.palette.accent_soft))
            before = utf16_position(text, place)
            self.setFormat(before, utf16_position(self.gap, len(self.gap)), chip)


class MarkedField(SentenceField):
    """Without an edge of its own: the card around it is the field.

    ``edited`` tells the text a person changed. Qt's ``textChanged`` also speaks when only the look of letters changes.
    """

    edited = Signal(str)

    def __init__(self, name: str, hint: str, palette: Palette) -> None:
        super().__init__(name, hint, palette, fewest_lines=1)
        self.setObjectName("side")
        self._known = ""
        self._marker = _Marker(self.document(), palette)
        self.textChanged.connect(self._on_text_changed)

    def show_text(self, text: str) -> None:
        """Show this text; the field a person is typing in is left alone."""
        super().show_text(text)
        self._known = self.toPlainText()

    def show_marks(self, bold: tuple[Stretch, ...], gap: str) -> None:
        """Write these stretches bold, and the gap as one; the text is shown already."""
        if (bold, gap) != (self._marker.bold, self._marker.gap):
            self._marker.bold, self._marker.gap = bold, gap
            self._marker.rehighlight()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        super().dress(palette)
        self._marker.palette = palette
        self._marker.rehighlight()

    @Slot()
    def _on_text_changed(self) -> None:
        text = self.toPlainText()
        if text != self._known:
            self._known = text
            self.edited.emit(text)
