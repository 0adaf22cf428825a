"""Python's garbage, collected in the window's thread alone.

Python collects wherever an object is made, in the worker's thread as well. What Qt made in the window's thread may not
die there: a timer cannot be stopped from another thread, and a widget takes the program down.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 100  # between two looks at how much there is
DUE = (700, 10, 10)  # Python's own thresholds: new objects, and collections of the younger before the older
GROWN = 0.25  # Python's own: by how much the oldest generation grows before all of it is gone through again
MIDDLE, OLDEST = 1, 2


class RubbishInTurn(QObject):
    """From now until :meth:`end` only this object's thread collects, as often as Python would by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._before = gc.get_threshold()
        gc.set_threshold(0)  # and not gc.disable: libraries switch it off and on again for themselves
        self._old, self._new = 0, 0  # objects that outlived the last collection of everything, and that came since
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_time)
        self._timer.start()

    def end(self) -> None:
        """Collection is Python's again; called when nothing works in another thread any more."""
        self._timer.stop()
        gc.set_threshold(*self._before)

    @Slot()
    def _on_time(self) -> None:
        """Collect the oldest generation that is due.

        How many objects there are is reckoned from Python's own counts: a list of them (gc.get_objects) holds tuples
        that another thread is still building, which then fails there.
        """
        counts = gc.get_count()
        due = max((age for age, count in enumerate(counts) if count > DUE[age]), default=None)
        if due == OLDEST and self._new <= GROWN * self._old:
            due = MIDDLE  # going through everything takes a fifth of a second with the engine loaded
        if due is None:
            return
        self._new += counts[0] - gc.collect(due)
        if due == OLDEST:
            self._old, self._new = max(0, self._old + self._new), 0
