"""How far to trust this: the words that a picture calls strongest are taken away, and the model is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.contract import Explanation, Failure
from engine.faithfulness.forecast import forecast
from engine.faithfulness.trial import Plan
from engine.registry import Method
from gui.controls.card import Card, Notice
from gui.controls.closable import is_escape
from gui.figures.exported import Exported
from gui.guide.help import help_text
from gui.paint.kept import is_same_answer
from gui.paint.palette import Palette
from gui.shown import Shown
from gui.told.wording import rough_duration
from gui.trust.exporting import exported
from gui.trust.findings import Findings, link
from gui.trust.form import TrialForm
from gui.trust.pace import Pace
from gui.trust.refusing import problem_of
from gui.trust.runner import TrialRunner
from gui.trust.running import Question, Wanted, question_of
from gui.trust.tried import Tried

ORDERS, SEED = 10, 0
LONG = 10.0  # seconds: from here on a person is warned
FINE = 1000  # steps of the progress bar


class TrustPanel(Card):
    """Tries the explanation that is shown, when asked to; nothing runs by itself.

    ``dismissed`` tells that it is not wanted any more, ``hovered`` the word that goes at the step looked at,
    ``changed`` that there is another trial to export, ``bug_noticed`` what only we can mend.
    """

    dismissed = Signal()
    hovered = Signal(object)
    changed = Signal()
    bug_noticed = Signal(object)

    def __init__(self, methods: Sequence[Method]) -> None:
        super().__init__(help_text("trust", "title"))
        self.setAccessibleName(help_text("trust", "title"))
        self._runner: TrialRunner | None = None
        self._shown: Shown | None = None
        self._asked: Question | None = None  # what is being tried, or was tried last
        self._tried: tuple[Question, Tried] | None = None
        self._failure: Failure | None = None
        self._expected = 0.0  # seconds that what follows the first curve will take
        self._pace = Pace()
        self.form = TrialForm(methods)
        self.what, self.cost = _quiet(), _quiet()
        self.go, self.stop = _button("try", "primary"), _button("stop", "")
        self.close_button = link("close")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, FINE)
        self.bar.setAccessibleName(help_text("trust", "progress"))
        self.bar.setToolTip(help_text("trust", "progress"))
        self.notice = Notice()
        self.findings = Findings()
        self._lay_out()
        self.close_button.clicked.connect(self.dismissed)
        self.form.changed.connect(self._refresh)
        self.go.clicked.connect(self._on_go)
        self.stop.clicked.connect(self._on_stop)
        self.findings.hovered.connect(self.hovered)
        self.hide()

    def offer(self, runner: TrialRunner) -> None:
        """Let trials be made."""
        self._runner = runner
        runner.advanced.connect(self._on_advanced)
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)
        runner.failed.connect(self._on_failed)
        self._refresh()

    def show_shown(self, shown: Shown) -> None:
        """Follow what is shown; what was tried stays, marked where it belongs to something else."""
        before, self._shown = self._shown, shown
        if before is not None and before.state.model != shown.state.model:
            self._pace.forget()
            if self._runner is not None:
                self._runner.let_go()
        if shown.explanation is not None and shown.explanation.request.model == shown.state.model:
            self._pace.seen(shown.explanation)
        if not self.isHidden():
            self._refresh()

    def forget(self, shown: Shown) -> None:
        """Out of sight: let go of an answer that is no longer shown."""
        if self._shown is not None and not is_same_answer(self._shown.explanation, shown.explanation):
            self._shown = replace(self._shown, explanation=None, first=None)

    def open(self) -> None:
        """Show it, as things stand."""
        self.show()
        self._refresh()

    def exports(self) -> tuple[Exported, ...]:
        """The figure of the trial, if it is one of what is shown."""
        return (exported(self._tried[1]),) if self._tried is not None and self._tried[0] == self._question() else ()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        for part in (self.form, self.findings):
            part.dress(palette)

    def take_focus(self) -> None:
        """The keyboard comes here."""
        (self.go if self.go.isEnabled() else self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window's shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and is_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if is_escape(event):
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight nothing runs, and no second model is kept."""
        super().hideEvent(event)
        if self._runner is not None and not event.spontaneous():
            self._runner.let_go()

    def _lay_out(self) -> None:
        self.header.addWidget(self.close_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.go)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.bar, 1)
        buttons.addWidget(self.cost, 1)
        content = QWidget()
        content.setObjectName("column")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        column.addWidget(self.what)
        column.addWidget(self.form)
        column.addLayout(buttons)
        column.addWidget(self.notice)
        column.addWidget(self.findings, 100)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        self.body.addWidget(area, 1)

    @Slot()
    def _refresh(self) -> None:
        """Show what can be tried now, and how far what was tried belongs to it."""
        made = self._explanation()
        if made is not None:
            self.form.show_explanation(made)
        plan = self._plan()
        problem = problem_of(made, plan) if made is not None else None
        if self._is_running() and self._asked != self._question():
            self._stop()
        is_running = self._is_running()
        had_keyboard = self.go.hasFocus() or self.stop.hasFocus()
        self.what.setVisible(self._tried is None)
        self.what.setText(help_text("trust", "what", unit=_unit(plan)))
        self.go.setText(help_text("trust", "try" if self._tried is None else "again"))
        self.go.setEnabled(made is not None and problem is None and self._runner is not None)
        for widget, is_seen in ((self.go, not is_running), (self.cost, not is_running), (self.stop, is_running)):
            widget.setVisible(is_seen)
        self.bar.setVisible(is_running)
        if had_keyboard:
            (self.stop if is_running else self.go).setFocus(Qt.FocusReason.OtherFocusReason)
        self.cost.setText(help_text("trust", "wait") if made is None else "" if problem else self._cost(made))
        self.notice.show_failure(problem or (self._failure if self._asked == self._question() else None))
        self._show_found(is_running=is_running)

    def _show_found(self, *, is_running: bool) -> None:
        if self._tried is None or self._shown is None:
            return
        question, tried = self._tried
        is_stale = question != self._question()
        remark = ""
        if is_stale:
            state, asked = self._shown.state, question.request
            is_of_text = (state.text, state.pair) == (asked.text, asked.pair)
            remark = help_text("trust", "before_choices" if is_of_text else "before_text")
        elif not tried.chance and not is_running:
            remark = help_text("trust", "stopped")
        self.findings.show_tried(tried, self._shown.state.view, remark, is_stale=is_stale)

    def _explanation(self) -> Explanation | None:
        """What can be tried: the full answer to what is chosen."""
        shown = self._shown
        if shown is None or shown.explanation is None or shown.stale or shown.explanation.preview:
            return None
        return shown.explanation

    def _plan(self) -> Plan:
        whole_words = self._shown is None or self._shown.state.view.whole_words
        return Plan(self.form.protocol, whole_words=whole_words, drawn=True, orders=ORDERS, seed=SEED)

    def _question(self) -> Question | None:
        made = self._explanation()
        others = tuple(method.id for method in self.form.others)
        return None if made is None else Question(question_of(made), self._plan(), others)

    def _is_running(self) -> bool:
        return self._runner is not None and self._runner.is_running

    def _cost(self, explanation: Explanation) -> str:
        cost = forecast(explanation, self._plan(), self.form.others, self._pace.value)
        readings = f"{cost.readings:,}"
        if cost.seconds is None:
            return help_text("trust", "cost_unknown", readings=readings)
        said = help_text("trust", "cost", seconds=rough_duration(cost.seconds), readings=readings)
        return (
            said if cost.seconds <= LONG else help_text("trust", "long" if self._tried is None else "mark", cost=said)
        )

    @Slot()
    def _on_go(self) -> None:
        made = self._explanation()
        if made is None or self._runner is None:
            return
        plan, others = self._plan(), self.form.others
        stages = forecast(made, plan, others, self._pace.value).stages or (1.0, float(ORDERS), *(2.0 for _ in others))
        self._expected = sum(stages[1:])
        wanted = Wanted(made, plan, tuple(method.id for method in others), stages)
        self._asked, self._failure = wanted.question, None
        self.bar.setValue(0)
        self._runner.start(wanted)
        self._refresh()

    @Slot()
    def _on_stop(self) -> None:
        self._stop()
        self._refresh()

    def _stop(self) -> None:
        if self._runner is not None:
            self._runner.stop()

    @Slot(object)
    def _on_advanced(self, tried: Tried) -> None:
        if self._asked is not None:
            if not tried.chance:  # what comes before is opening the model, which the next trial finds open
                self._pace.begun(self._expected)
            self._tried = self._asked, tried
            self._refresh()
            self.changed.emit()

    @Slot(float)
    def _on_progressed(self, done: float) -> None:
        self.bar.setValue(round(FINE * done))

    @Slot()
    def _on_ended(self) -> None:
        self._pace.ended()
        self._refresh()

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        """A bug goes where all bugs go; what a person can mend is said here."""
        if failure.details:
            self.bug_noticed.emit(failure)
        else:
            self._failure = failure
        self._refresh()


def _unit(plan: Plan) -> str:
    return help_text("trust", "words" if plan.whole_words else "pieces")


def _quiet() -> QLabel:
    label = QLabel()
    label.setObjectName("quiet")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _button(key: str, name: str) -> QPushButton:
    button = QPushButton(help_text("trust", key))
    button.setObjectName(name)
    button.setToolTip(help_text("trust", f"{key}_hint"))
    return button
