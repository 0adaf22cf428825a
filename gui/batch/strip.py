"""The strip in the status line that tells how far a batch is, and the menu that begins one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QWidget

from engine.contract import Failure
from gui.batch.form import BatchForm
from gui.batch.journal import folder_for
from gui.batch.naming import slug
from gui.batch.order import Order
from gui.batch.runner import BatchRunner
from gui.batch.running import BatchProgress, BatchReport
from gui.controls.card import Notice
from gui.controls.chooser import Popup
from gui.controls.elided import ElidedLabel
from gui.examples.example_set import ExampleSet
from gui.guide.help import help_text
from gui.state import AppState
from gui.style import sized
from gui.told.wording import rough_duration

BAR, TOLD = 80, 230  # pixels, in usual type
SOON = 2.0  # seconds nobody needs to be told of


class BatchStrip(QWidget):
    """Hidden while there is nothing to tell. ``bug_noticed`` tells of what only we can mend."""

    bug_noticed = Signal(object)

    def __init__(self, runner: BatchRunner) -> None:
        super().__init__()
        self._runner = runner
        self.folder = ""  # where figures were put last
        self.notice = Notice()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(help_text("batch", "title"))
        self.bar.setToolTip(help_text("batch", "title"))
        self.told = ElidedLabel(least=TOLD)
        self.stop, self.show_folder, self.away = (_link(key) for key in ("stop", "show", "away"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 10, 0)
        row.setSpacing(6)
        for widget in (self.bar, self.told, self.stop, self.show_folder, self.away):
            row.addWidget(widget)
        self.stop.clicked.connect(self._on_stop_clicked)
        self.show_folder.clicked.connect(self._on_show_clicked)
        self.away.clicked.connect(self.hide)
        runner.progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)
        runner.ended.connect(self._on_ended)
        runner.failed.connect(self._on_failed)
        self.hide()

    def open_menu(self, opener: QWidget, state: AppState, examples: ExampleSet) -> None:
        """Ask what is to be made of these examples."""
        popup = Popup(opener, help_text("batch", "title"))
        form = BatchForm(state, examples, is_busy=self._runner.is_running)
        form.grown.connect(popup.fit)
        form.ordered.connect(popup.close)
        form.ordered.connect(self._on_ordered)
        popup.add_heading(help_text("batch", "title"))
        popup.add_form(form)
        popup.open_under_opener()
        form.start.setFocus(Qt.FocusReason.PopupFocusReason)

    def begin(self, order: Order, chosen: Path) -> None:
        """Make the files of an order in a folder of their own inside the one that was chosen."""
        self.folder = str(chosen)
        self.notice.show_failure(None)
        name = slug(order.examples.title, "figures")
        self._runner.start(order, folder_for(chosen, name, order.digest()))
        self._tell(help_text("batch", "going", done="0", of=f"{len(order):,}"), is_going=True)
        self.bar.setRange(0, len(order))
        self.bar.setValue(0)

    def fit(self) -> None:
        """Take the type there is now."""
        self.bar.setFixedWidth(sized(BAR))

    def _tell(self, words: str, *, is_going: bool) -> None:
        self.told.show_text(words)
        self.fit()
        for widget in (self.bar, self.stop):
            widget.setVisible(is_going)
        for widget in (self.show_folder, self.away):
            widget.setVisible(not is_going)
        self.show()

    @Slot(object)
    def _on_ordered(self, order: Order) -> None:
        folder = QFileDialog.getExistingDirectory(
            self.window(), help_text("batch", "start"), self.folder or str(Path.home())
        )
        if folder:
            self.begin(order, Path(folder))

    @Slot()
    def _on_stop_clicked(self) -> None:
        self._runner.stop()
        self.told.show_text(help_text("batch", "stopping"))

    @Slot()
    def _on_show_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._runner.folder)))

    @Slot(object)
    def _on_progressed(self, progress: BatchProgress) -> None:
        if not self._runner.is_running:
            return
        counts = {"done": f"{progress.done:,}", "of": f"{progress.of:,}"}
        is_soon = progress.left is None or progress.left < SOON
        left = "" if is_soon or progress.left is None else rough_duration(progress.left)
        self.told.show_text(help_text("batch", "left" if left else "going", **counts, left=left))
        self.bar.setValue(progress.done)

    @Slot(object)
    def _on_ended(self, report: BatchReport) -> None:
        progress, folder = report.progress, self._runner.folder.name
        made = f"{progress.done - progress.skipped:,}"
        key = "stopped" if report.is_stopped else "skipped" if progress.skipped else "done"
        counts = {"done": f"{progress.done:,}" if report.is_stopped else made, "of": f"{progress.of:,}"}
        words = help_text("batch", key, **counts, folder=folder, skipped=f"{progress.skipped:,}")
        self._tell(words, is_going=False)

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        self.hide()
        if failure.details:
            self.bug_noticed.emit(failure)
        else:
            self.notice.show_failure(failure)


def _link(key: str) -> QPushButton:
    link = QPushButton(help_text("batch", key))
    link.setObjectName("link")
    link.setToolTip(help_text("batch", f"{key}_hint"))
    return link
