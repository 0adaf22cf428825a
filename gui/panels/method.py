"""How the answer is traced back to the words: the method, and a form made from its own description."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QPushButton, QWidget

from engine.contract import Explanation, Failure
from engine.errors import MethodError
from engine.forecast import Size, forecast
from engine.registry import Choice, Method, Number
from gui.controls.card import Notice
from gui.controls.chooser import Chooser, Popup, paint_chevron
from gui.controls.entry import ENTRY_WIDTH
from gui.controls.numberfields import NumberField, WholeField
from gui.guide.help import help_text
from gui.style import sized
from gui.told.wording import memory, rough_duration

FIELD_WIDTH = 120  # pixels
Parameters = tuple[tuple[str, str], ...]


def told_of(method: Method) -> tuple[tuple[str, str], ...]:
    """What a method can say, what it cannot, and where it was published, each with its name."""
    texts = {"can_say": method.can_say, "cannot_say": method.cannot_say, "published": str(method.citation)}
    return tuple((help_text("method", key), text) for key, text in texts.items())


class MethodChooser(Chooser):
    """The method button. ``method_chosen`` tells the identifier and the parameters that differ from its defaults.

    ``failed`` passes on what is wrong with the settings to the form that is open.
    """

    method_chosen = Signal(str, object)
    failed = Signal(object)

    def __init__(self, methods: tuple[Method, ...]) -> None:
        super().__init__(help_text("method", "name"), help_text("method", "hint"))
        self._methods = {method.id: method for method in methods}
        self._method = ""
        self._parameters: Parameters = ()
        self._last: Explanation | None = None

    def show_method(self, method: str, parameters: Parameters) -> None:
        """Show which method is chosen."""
        self._method, self._parameters = method, parameters
        known = self._methods.get(method)
        self.button.show_parts(help_text("method", "name"), known.label if known is not None else method)
        if known is not None:
            told = (f"{name}: {text}" for name, text in told_of(known))
            paragraphs = (help_text("method", "hint"), f"{known.label}: {known.sentence}", *told)
            self.button.setWhatsThis("\n\n".join(paragraphs))

    def show_last(self, last: Explanation | None) -> None:
        """An explanation of the opened model, if there is one: what does not fit it, and how fast it runs."""
        self._last = last

    def show_failure(self, failure: Failure | None) -> None:
        """In the notice line, and at the open form."""
        super().show_failure(failure)
        self.failed.emit(failure)

    def fill(self, popup: Popup) -> None:
        """Methods that explain an answer, those that show the mixing, and the rare ones behind a fold."""
        common = [method for method in self._methods.values() if method.common]
        rare = [method for method in self._methods.values() if not method.common]
        self._fill_group(popup, common)
        if rare:
            is_open = not common or any(method.id == self._method for method in rare)
            popup.add_fold(
                (help_text("method", "more", count=str(len(rare))), help_text("method", "fewer")), is_open=is_open
            )
            self._fill_group(popup, rare)

    def take(self, value: str) -> None:
        """A method, with its own defaults."""
        self.method_chosen.emit(value, ())

    def _fill_group(self, popup: Popup, group: list[Method]) -> None:
        for heading, is_specific in (("explains", True), ("mixes", False)):
            methods = [method for method in group if method.class_specific is is_specific]
            if methods:
                popup.add_heading(help_text("method", heading))
            for method in methods:
                self._add(popup, method)

    def _add(self, popup: Popup, method: Method) -> None:
        reason = self._last.model.unavailable.get(method.id) if self._last is not None else None
        entry = popup.add_entry(
            method.label,
            reason if reason is not None else method.sentence,
            method.id,
            is_current=method.id == self._method,
            facts=self._facts(method) if reason is None else "",
            details=told_of(method),
        )
        entry.setEnabled(reason is None)
        if method.id == self._method and any(map(_can_be_set, method.parameters)):
            form = ParameterForm(method, self._parameters)
            form.changed.connect(self._on_parameters_changed)
            form.resized.connect(popup.fit)
            self.failed.connect(form.show_failure)
            popup.add_form(form)

    def _facts(self, method: Method) -> str:
        """``For and against, about 0.2 s, 30 MB``."""
        kind = "signed" if method.signed else "unsigned" if method.class_specific else "agnostic"
        told = help_text("method", kind)
        if self._last is None:
            return f"{told}."
        last = self._last
        given = self._parameters if method.id == self._method else ()
        try:
            parameters = method.parse(given)
        except MethodError:
            parameters = method.parse(())
        size = Size.of(last.model, len(last.tokens), len(last.explained) if method.class_specific else 1)
        cost = forecast(method, parameters, size, last.model.dtype, last)
        seconds = (
            "" if cost.seconds is None else f" {help_text('method', 'about', seconds=rough_duration(cost.seconds))},"
        )
        return f"{told}.{seconds} {memory(cost.bytes)}."

    def _on_parameters_changed(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self.method_chosen.emit(self._method, parameters)


def _can_be_set(parameter: Choice | Number) -> bool:
    return isinstance(parameter, Number) or len(parameter.values) > 1


class _ChoiceField(QComboBox):
    """A list of named values with the chevron of all choosers."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, and a chevron at its right."""
        super().paintEvent(event)
        paint_chevron(self)


class ParameterForm(QWidget):
    """One field per parameter; ``changed`` tells all that differ from their defaults whenever one changes.

    Settings that do not go together are said below them; ``resized`` tells that it now needs other room.
    """

    changed = Signal(object)
    resized = Signal()

    def __init__(self, method: Method, given: Parameters) -> None:
        super().__init__()
        self.notice = Notice()
        self._method = method
        self._values = {parameter.name: parameter.default for parameter in method.parameters} | dict(given)
        self._helps: list[QLabel] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(22, 2, 10, 8)
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, parameter in enumerate(filter(_can_be_set, method.parameters)):
            label, field, words = QLabel(parameter.label), self._field(parameter), QLabel(parameter.help)
            field.setAccessibleName(parameter.label)
            field.setAccessibleDescription(parameter.help)
            for widget in (label, field):
                widget.setToolTip(parameter.help)
            label.setBuddy(field)
            grid.addWidget(label, 2 * row, 0)
            field.setMinimumWidth(sized(FIELD_WIDTH))
            grid.addWidget(field, 2 * row, 1, Qt.AlignmentFlag.AlignRight)
            words.setObjectName("entry_facts")
            words.setWordWrap(True)
            words.setFixedWidth(sized(ENTRY_WIDTH) - 12)
            words.setContentsMargins(0, 0, 0, 6)
            words.hide()
            grid.addWidget(words, 2 * row + 1, 0, 1, 2)
            self._helps.append(words)
        self.notice.setFixedWidth(sized(ENTRY_WIDTH) - 12)
        grid.addWidget(self.notice, grid.rowCount(), 0, 1, 2)
        self.explain = QPushButton(help_text("method", "explain"))
        self.explain.setObjectName("link")
        self.explain.setCheckable(True)
        self.explain.setToolTip(help_text("method", "explain_hint"))
        self.explain.toggled.connect(self._on_explain_toggled)
        grid.addWidget(self.explain, grid.rowCount(), 0, 1, 2, Qt.AlignmentFlag.AlignLeft)

    @Slot(object)
    def show_failure(self, failure: Failure | None) -> None:
        """What is wrong with these settings, or nothing."""
        if failure is None and self.notice.isHidden():
            return
        self.notice.show_failure(failure)
        self.resized.emit()

    @Slot(bool)
    def _on_explain_toggled(self, is_open: bool) -> None:
        for words in self._helps:
            words.setVisible(is_open)
        self.resized.emit()

    def _field(self, parameter: Choice | Number) -> QWidget:
        value = self._values[parameter.name]
        if isinstance(parameter, Choice):
            choice = _ChoiceField()
            choice.addItems(list(parameter.values))
            choice.setCurrentText(value)
            choice.currentTextChanged.connect(self._setter(parameter.name))
            return choice
        if parameter.whole:
            whole = WholeField()
            whole.setRange(int(parameter.low), int(parameter.high))
            whole.setValue(int(value))
            whole.setKeyboardTracking(False)
            whole.textChanged.connect(self._setter(parameter.name))
            return whole
        number = NumberField()
        number.setDecimals(3)
        number.setSingleStep((parameter.high - parameter.low) / 20)
        number.setRange(parameter.low, parameter.high)
        number.setValue(float(value))
        number.setKeyboardTracking(False)
        number.valueChanged.connect(self._number_setter(parameter.name))
        return number

    def _setter(self, name: str) -> Callable[[str], None]:
        def set_text(text: str) -> None:
            self._values[name] = text
            defaults = {parameter.name: parameter.default for parameter in self._method.parameters}
            self.changed.emit(tuple((key, value) for key, value in self._values.items() if value != defaults[key]))

        return set_text

    def _number_setter(self, name: str) -> Callable[[float], None]:
        set_text = self._setter(name)
        return lambda value: set_text(f"{value:g}")
