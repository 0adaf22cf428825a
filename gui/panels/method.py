"""How the answer is traced back to the words: the method, and a form made from its own description."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QLabel, QSpinBox, QWidget

from engine.registry import Choice, Method, Number
from gui.chooser import Chooser, Popup
from gui.help import help_text

Parameters = tuple[tuple[str, str], ...]


class MethodChooser(Chooser):
    """The method button. ``method_chosen`` tells the identifier and the parameters that differ from its defaults."""

    method_chosen = Signal(str, object)

    def __init__(self, methods: tuple[Method, ...]) -> None:
        super().__init__(help_text("method", "name"), help_text("method", "hint"))
        self._methods = {method.id: method for method in methods}
        self._method = ""
        self._parameters: Parameters = ()
        self._unavailable: Mapping[str, str] = {}

    def show_method(self, method: str, parameters: Parameters) -> None:
        """Show which method is chosen."""
        self._method, self._parameters = method, parameters
        known = self._methods.get(method)
        self.button.show_parts(help_text("method", "name"), known.label if known is not None else method)

    def show_unavailable(self, reasons: Mapping[str, str]) -> None:
        """Grey out what does not fit the opened model, with the reason."""
        self._unavailable = reasons

    def fill(self, popup: Popup) -> None:
        """Methods that explain an answer, those that show the mixing, and the chosen one's settings."""
        for heading, is_specific in ((help_text("method", "explains"), True), (help_text("method", "mixes"), False)):
            methods = [method for method in self._methods.values() if method.class_specific is is_specific]
            if methods:
                popup.add_heading(heading)
            for method in methods:
                self._add(popup, method)
        chosen = self._methods.get(self._method)
        if chosen is not None and any(_can_be_set(parameter) for parameter in chosen.parameters):
            popup.add_rule()
            popup.add_heading(help_text("method", "parameters", method=chosen.label))
            form = ParameterForm(chosen, self._parameters)
            form.changed.connect(self._on_parameters_changed)
            popup.add_widget(form)

    def take(self, value: str) -> None:
        """A method, with its own defaults."""
        self.method_chosen.emit(value, ())

    def _add(self, popup: Popup, method: Method) -> None:
        reason = self._unavailable.get(method.id)
        entry = popup.add_entry(
            method.label,
            reason if reason is not None else method.sentence,
            method.id,
            is_current=method.id == self._method,
        )
        entry.setEnabled(reason is None)
        entry.setToolTip(f"{method.can_say}\n\n{method.cannot_say}\n\n{method.citation}")

    def _on_parameters_changed(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self.method_chosen.emit(self._method, parameters)


def _can_be_set(parameter: Choice | Number) -> bool:
    return isinstance(parameter, Number) or len(parameter.values) > 1


class ParameterForm(QWidget):
    """One field per parameter; ``changed`` tells all that differ from their defaults whenever one changes."""

    changed = Signal(object)

    def __init__(self, method: Method, given: Parameters) -> None:
        super().__init__()
        self._method = method
        self._values = {parameter.name: parameter.default for parameter in method.parameters} | dict(given)
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 4, 10, 8)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, parameter in enumerate(filter(_can_be_set, method.parameters)):
            label, field = QLabel(parameter.label), self._field(parameter)
            field.setAccessibleName(parameter.label)
            field.setAccessibleDescription(parameter.help)
            for widget in (label, field):
                widget.setToolTip(parameter.help)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignRight)

    def _field(self, parameter: Choice | Number) -> QWidget:
        value = self._values[parameter.name]
        if isinstance(parameter, Choice):
            choice = QComboBox()
            choice.addItems(list(parameter.values))
            choice.setCurrentText(value)
            choice.currentTextChanged.connect(self._setter(parameter.name))
            return choice
        if parameter.whole:
            whole = QSpinBox()
            whole.setRange(int(parameter.low), int(parameter.high))
            whole.setValue(int(value))
            whole.setKeyboardTracking(False)
            whole.textChanged.connect(self._setter(parameter.name))
            return whole
        number = QDoubleSpinBox()
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
