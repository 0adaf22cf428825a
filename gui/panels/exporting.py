"""The sheet that "Export figure" opens: the figure as it will be, how it is made, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.contract import Failure, FailureKind
from engine.writing import reason
from gui.controls.card import Notice
from gui.controls.closable import is_escape
from gui.controls.segments import Segments
from gui.figures.choice import FILES, choice_in, paper_words, proposed_name, with_choice
from gui.figures.clipboard import copy
from gui.figures.composing import CaptionedFigure, compose
from gui.figures.exported import Exported
from gui.figures.files import save
from gui.figures.preview import FigurePreview
from gui.figures.sizes import Size
from gui.guide.help import help_text
from gui.kept.settings import Settings
from gui.paint.palette import LIGHT, PALETTES, Palette
from gui.panels.figure_form import FigureForm, said
from gui.panels.numbers import KINDS, NumbersPage
from gui.shown import Shown
from gui.style import GAP, sized
from gui.viewkit import Figure

OPTIONS_WIDE = 306  # pixels, in usual type
NARROWEST = 800  # pixels, in usual type
MARGIN = 16
THANKED_MS = 1500
PAGES = ("figure", "numbers")

ExportsOf = Callable[[Shown], tuple[Exported, ...]]


class ExportButton(QPushButton):
    """Opens the sheet."""

    def __init__(self) -> None:
        super().__init__(help_text("figure", "export"))
        self.setObjectName("primary")
        self.setToolTip(help_text("figure", "export_hint"))


class ExportSheet(QFrame):
    """Lies over the right of the window, from the top bar to the status line, and leaves the text in reach.

    ``exports_of`` says what there is to make a file of. ``saved`` tells the name of a file that was written.
    """

    saved = Signal(str)

    def __init__(
        self, window: QWidget, around: tuple[QWidget, QWidget, QWidget], exports_of: ExportsOf, settings: Settings
    ) -> None:
        """The sheet stands between widgets of the window: one above, one at its left and one below."""
        super().__init__(window)
        self.setObjectName("card")
        self.setAccessibleName(said("title"))
        self.hide()
        self.folder = settings.export_folder
        self._exports_of = exports_of
        self._opener: QWidget | None = None
        self._shown: Shown | None = None
        self._drawn: tuple[object, ...] = ()
        self._figure: CaptionedFigure | None = None
        self._size = Size(16, 9)
        self._page = 0
        self._colours = LIGHT
        self._above, self._beside, self._below = around
        self.form = FigureForm(choice_in(settings))
        self.numbers = NumbersPage(settings)
        self.preview = FigurePreview()
        self.paper = QLabel()
        self.paper.setObjectName("quiet")
        self.notice = Notice()
        self.tabs = Segments(said("page"))
        self.close_button = _button("close", "link")
        self.save_button, self.copy_button = _button("save", "primary"), _button("copy", "")
        self._thanks = QTimer(self)
        self._thanks.setSingleShot(True)
        self._thanks.setInterval(THANKED_MS)
        self._lay_out()
        self._connect()
        window.installEventFilter(self)
        self._above.installEventFilter(self)

    def open(self, opener: QWidget | None = None) -> None:
        """Show it, the keyboard in it; ``opener`` gets the keyboard back. Not while the window presents."""
        if self._above.isHidden():
            return
        self._opener = opener
        self._fit()
        self.raise_()
        self.show()
        self._refresh()
        self.form.what.button.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def dismiss(self) -> None:
        """Back to the window; what is being written is written on."""
        had_keyboard = self.isAncestorOf(self.window().focusWidget() or self.window())
        self.hide()
        if had_keyboard and self._opener is not None:
            self._opener.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_shown(self, shown: Shown) -> None:
        """Follow what is shown, while the sheet is open."""
        self.forget(shown)
        if not self.isHidden():
            self._fit()
            self._refresh()

    def forget(self, shown: Shown) -> None:
        """Out of sight: let go of answers that are no longer shown."""
        self._shown = shown
        if self.isHidden() and self._drawn[:2] not in ((), (shown.explanation, shown.first)):
            self._drawn, self._figure = (), None
            self.preview.forget()
            self.numbers.forget()

    @Slot()
    def show_anew(self) -> None:
        """There may be other figures now, of what is shown."""
        self._drawn = ()
        if not self.isHidden():
            self._refresh()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours around the figure, and the type's measures."""
        self._colours = palette
        self._drawn = ()
        for part in (self.form, self.numbers, self.preview):
            part.dress(palette)
        for area in self._areas:
            area.setFixedWidth(sized(OPTIONS_WIDE))
        self._show_page()
        self._fit()
        if not self.isHidden():
            self._refresh()

    def remembered(self, settings: Settings) -> Settings:
        """The settings with what was chosen here."""
        kept = self.numbers.remembered(with_choice(settings, self.form.choice))
        return replace(kept, export_folder=self.folder)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window's shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and is_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if is_escape(event):
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size; go with the bar above; what is being written ends with the window."""
        if watched is self._above:
            if event.type() == QEvent.Type.Hide and self._above.isHidden():
                self.hide()
        elif event.type() == QEvent.Type.Resize and not self.isHidden():
            self._fit()
        elif event.type() == QEvent.Type.Close:
            self.numbers.give_up()
        return False

    def _lay_out(self) -> None:
        title = QLabel(said("title"))
        title.setObjectName("sheet_title")
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(title)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.close_button)
        seen = QVBoxLayout()
        seen.setSpacing(6)
        seen.addWidget(self.preview, 1)
        seen.addWidget(self.paper, 0, Qt.AlignmentFlag.AlignHCenter)
        figure = QWidget()
        figure.setLayout(seen)
        seen.setContentsMargins(0, 0, 0, 0)
        self._left, self._right = QStackedWidget(), QStackedWidget()
        self._areas: list[QScrollArea] = []
        for page, form in ((figure, self.form), (self.numbers, self.numbers.form)):
            self._left.addWidget(page)
            self._right.addWidget(self._scrolled(form))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copy_button, 1)
        buttons.addWidget(self.save_button, 1)
        options = QVBoxLayout()
        options.setSpacing(10)
        options.addWidget(self._right, 1)
        options.addWidget(self.notice)
        options.addLayout(buttons)
        body = QHBoxLayout()
        body.setSpacing(MARGIN)
        body.addWidget(self._left, 1)
        body.addLayout(options)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 10, MARGIN, MARGIN)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(body, 1)

    def _scrolled(self, form: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(form)
        self._areas.append(area)
        return area

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._on_page)
        self.form.changed.connect(self._refresh)
        self.numbers.form.changed.connect(self._refresh)
        self.numbers.saved.connect(self._on_saved)
        self.numbers.failed.connect(self._on_numbers_failed)
        self.close_button.clicked.connect(self.dismiss)
        self.save_button.clicked.connect(self._on_save)
        self.copy_button.clicked.connect(self._on_copy)
        self._thanks.timeout.connect(self._show_page)

    def _fit(self) -> None:
        """The window's right, from beside the text where there is room; all of a narrow window."""
        whole = self.window().rect()
        top, bottom = self._above.geometry().bottom() + 1 + GAP, self._below.geometry().top() - GAP
        left = self._beside.mapTo(self.window(), self._beside.rect().topRight()).x() + 1 + GAP
        if not self._beside.isVisible() or whole.width() - GAP - left < sized(NARROWEST):
            left = GAP
        self.setGeometry(left, top, whole.width() - GAP - left, max(200, bottom - top))

    @Slot()
    def _show_page(self) -> None:
        self.tabs.show_labels([said(page) for page in PAGES], self._page, self._colours)
        wide = self.tabs.sizeHint().width()
        self.tabs.setFixedSize(wide, self.tabs.heightForWidth(wide))
        self._left.setCurrentIndex(self._page)
        self._right.setCurrentIndex(self._page)
        place = ("exporting", "numbers")[self._page]
        for button, key in ((self.save_button, "save"), (self.copy_button, "copy")):
            button.setText(help_text(place, key))
            button.setToolTip(help_text(place, f"{key}_hint"))

    @Slot()
    def _refresh(self) -> None:
        """Make anew what has changed since it was drawn."""
        self._show_page()
        shown = self._shown
        if shown is None or shown.explanation is None:
            self.preview.say(said("empty"))
            self._enable(figure=False, numbers=False)
            return
        exports = () if shown.stale else self._exports_of(shown)
        if shown.stale or not (exports or self._page):
            # Of two sentences that are compared one may not be answered yet.
            self.preview.fade() if self._figure is not None else self.preview.say(said("empty"))
            self._enable(figure=False, numbers=False)
            return
        look = replace(shown.state.view, hover=None)
        numbers = (self.numbers.form.chosen(), self.numbers.form.kind) if self._page else ()
        made = (shown.explanation, shown.first, shown.state.comparison, look)
        wanted = (*made, self.form.choice, self.form.caption.own, self._page, numbers)
        if wanted != self._drawn:
            self._drawn = wanted
            if self._page:
                self.numbers.show_explanation(shown.explanation, look)
            else:
                self._show_figure(exports)
        has_figure = self._figure is not None and not self.preview.failed
        self._enable(figure=has_figure, numbers=self.numbers.rows > 0)

    def _show_figure(self, exports: tuple[Exported, ...]) -> None:
        choice = self.form.choice
        exported = next((found for found in exports if found.id == choice.what), exports[0])
        self.form.show_exports(exports, exported.id)
        self._size = choice.size_of(exported.aspect)
        palette = PALETTES[choice.colours]
        self._figure = None

        def figure_of(rect: QRectF) -> Figure:
            return exported.figure_of(rect, palette)

        def caption_of(notes: tuple[str, ...]) -> str:
            automatic = exported.caption_of(notes)
            self.form.caption.show_automatic(automatic)
            return automatic if self.form.caption.own is None else self.form.caption.own

        with self.preview.guarded():
            figure = compose(figure_of, self._size, palette, caption_of if choice.captioned else None)
            self.preview.show_figure(figure, self._size, stale=False)
            self._figure = figure
        self.paper.setText(paper_words(choice, self._size))

    def _enable(self, *, figure: bool, numbers: bool) -> None:
        self.save_button.setEnabled(numbers if self._page else figure)
        can_copy = self.numbers.can_copy if self._page else figure
        self.copy_button.setEnabled(can_copy and self.save_button.isEnabled())
        if self._page and numbers and not can_copy:
            self.copy_button.setToolTip(help_text("numbers", "copy_many"))

    @Slot(int)
    def _on_page(self, page: int) -> None:
        self._page = page
        self.notice.show_failure(None)
        self._refresh()

    @Slot()
    def _on_save(self) -> None:
        """Ask for a file and write it."""
        kinds = KINDS if self._page else FILES
        kind = self.numbers.form.kind if self._page else self.form.choice.kind
        text = self._shown.state.text if self._shown is not None else ""
        start = Path(self.folder or Path.home()) / f"{proposed_name(text)}{kind}"
        title = said("numbers" if self._page else "title")
        chosen, _ = QFileDialog.getSaveFileName(self.window(), title, str(start), f"{kind[1:].upper()} (*{kind})")
        if chosen:
            path = Path(chosen if Path(chosen).suffix.lower() in kinds else f"{chosen}{kind}")
            self.numbers.write(path) if self._page else self._write(path)

    def _write(self, path: Path) -> None:
        if self._figure is None or self._shown is None:
            return
        state = self._shown.state
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)  # a PNG for print takes seconds
        try:
            save(self._figure, path, self._size, title=state.text, state=state, outlines=self.form.choice.outlines)
        except (OSError, ValueError) as error:
            self._fail(help_text("figure", "failed"), reason(error) if isinstance(error, OSError) else str(error))
            return
        finally:
            QGuiApplication.restoreOverrideCursor()
        self._on_saved(str(path))

    @Slot()
    def _on_copy(self) -> None:
        if self._page:
            self.numbers.copy()
        elif self._figure is not None and self._shown is not None:
            try:
                copy(self._figure, self._size, self._shown.state)
            except OSError as error:
                self._fail(help_text("figure", "failed"), str(error))
                return
        self.notice.show_failure(None)
        self.copy_button.setText(said("copied"))
        self._thanks.start()

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        self.folder = str(Path(path).parent)
        self.notice.show_failure(None)
        self.saved.emit(path)

    @Slot(str)
    def _on_numbers_failed(self, problem: str) -> None:
        self._fail(help_text("numbers", "failed"), problem)

    def _fail(self, title: str, problem: str) -> None:
        told = problem if problem.endswith(".") else f"{problem}."
        self.notice.show_failure(
            Failure(0, FailureKind.USER, "figure", title, told, help_text("figure", "failed_hint"))
        )


def _button(key: str, name: str) -> QPushButton:
    button = QPushButton(said(key))
    if name:
        button.setObjectName(name)
    button.setToolTip(said(f"{key}_hint"))
    return button
