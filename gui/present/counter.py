"""Which slide is shown, of how many: seen for a moment, then gone."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QSequentialAnimationGroup, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from gui.guide.help import help_text

STANDS_MS, FADES_MS = 1600, 500


class SlideCounter(QLabel):
    """``3 / 7``; faded, it still keeps its room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("quiet")
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self._opacity = 1.0
        fade = QVariantAnimation(self)
        fade.setStartValue(1.0)
        fade.setEndValue(0.0)
        fade.setDuration(FADES_MS)
        fade.setEasingCurve(QEasingCurve.Type.InQuad)
        fade.valueChanged.connect(self._on_faded)
        self._course = QSequentialAnimationGroup(self)
        self._course.addPause(STANDS_MS)
        self._course.addAnimation(fade)
        self._course.finished.connect(self.hide)
        self.hide()

    def tell(self, at: int, count: int) -> None:
        """Show it, from 0, and let it fade."""
        self._course.stop()
        self._opacity = 1.0
        self.setText(f"{at + 1} / {count}")
        self.setAccessibleName(help_text("slides", "counter", at=str(at + 1), count=str(count)))
        self.show()
        self._course.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words, as faint as they are by now."""
        painter = QPainter(self)
        painter.setOpacity(self._opacity)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

    @Slot(object)
    def _on_faded(self, opacity: float) -> None:
        self._opacity = opacity
        self.update()
