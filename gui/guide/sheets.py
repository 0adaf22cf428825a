"""What there is to read: help on one control, the shortcuts, what the methods can say, about the program."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from engine.registry import Method
from engine.version import version
from gui.controls.sheet import Sheet
from gui.guide import shortcuts
from gui.guide.help import help_text
from gui.panels.method import told_of

HELP_WIDTH = 340  # pixels, in usual type


def help_on(widget: QWidget | None) -> tuple[str, str, QWidget] | None:
    """What a control is called, what it does, and the control itself; the nearest around it that has help."""
    while widget is not None:
        words = widget.whatsThis() or widget.toolTip() or widget.accessibleDescription()
        name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        if words and name:
            return name, words, widget
        widget = widget.parentWidget() if not widget.isWindow() else None
    return None


def asked_about(window: QWidget, *, by_key: bool) -> QWidget | None:
    """What a person who presses F1 means: where the keyboard has gone, else what is under the pointer."""
    focused, pointed = window.focusWidget(), QApplication.widgetAt(QCursor.pos())
    is_inside = pointed is not None and window.isAncestorOf(pointed)
    if not by_key and is_inside and help_on(pointed) is not None:
        return pointed
    return focused


def help_sheet(owner: QWidget, widget: QWidget | None) -> Sheet | None:
    """The card for one control, opened beside it; None where nothing is known of it."""
    found = help_on(widget)
    if found is None:
        return None
    name, words, place = found
    sheet = Sheet(owner, name, HELP_WIDTH)
    sheet.add_words(words)
    sheet.open_near(QRect(place.mapToGlobal(QPoint(0, 0)), place.size()))
    return sheet


def shortcut_sheet(owner: QWidget) -> Sheet:
    """Every shortcut, by where it works."""
    sheet = Sheet(owner, help_text("more", "shortcuts"))
    for place in shortcuts.places():
        sheet.add_heading(place.title)
        sheet.add_pairs([(entry.shown, entry.does) for entry in place.shortcuts])
    return _opened(sheet, owner)


def method_sheet(owner: QWidget, methods: Iterable[Method]) -> Sheet:
    """What each method can say and cannot, and its paper."""
    sheet = Sheet(owner, help_text("more", "methods"), 560)
    for method in methods:
        sheet.add_heading(method.label)
        sheet.add_words(method.sentence)
        for name, text in told_of(method):
            sheet.add_words(f"{name}: {text}", "quiet")
    return _opened(sheet, owner)


def about_sheet(owner: QWidget) -> Sheet:
    """Version, licence, citation."""
    sheet = Sheet(owner, help_text("about", "title"), 400)
    sheet.add_words(help_text("about", "what"))
    sheet.add_words(help_text("about", "version", version=version()), "quiet")
    for part in ("licence", "cite"):
        sheet.add_heading(help_text("about", part))
        sheet.add_words(help_text("about", f"{part}_words", version=version()))
    return _opened(sheet, owner)


def _opened(sheet: Sheet, owner: QWidget) -> Sheet:
    sheet.open_amid(QRect(owner.mapToGlobal(QPoint(0, 0)), owner.size()))
    return sheet
