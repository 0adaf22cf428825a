"""Sessions at work: opened, saved, begun anew, remembered, and which of them the window shows.

Closing the window never asks. What was not saved is kept beside the session (``gui.kept.autosave``), which stays as it
is in its file, and the next start goes on with both, the change still marked. Asked is only where changes would be gone
for good: before another session takes the place of one that was changed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.contract import Failure, FailureKind
from gui.guide.help import help_text
from gui.kept.session_file import SUFFIX, UnreadableSessionError, UnwritableSessionError, load_session, save_session
from gui.kept.settings import RECENT_SESSIONS
from gui.opening.origin import Origin, Origins, stamp_of
from gui.opening.things import SUFFIXES, CannotOpenError, Kind, kind_of, state_from
from gui.shown import Shown
from gui.state import AppState

NAMED_WORDS = 5  # of the text, in the name proposed for a session
CHANGED = "• "


class Sessions(QObject):
    """``opened`` tells a state that was opened, ``model_requested`` a model folder, ``examples_requested`` a list.

    ``failed`` tells a :class:`Failure` to be shown, or None; ``said`` a remark of the moment; ``titled`` what the
    window is to be called; ``belongs`` the session the work belongs to, "" for none.
    """

    opened = Signal(object)
    model_requested = Signal(str)
    examples_requested = Signal(str)
    failed = Signal(object)
    said = Signal(str)
    titled = Signal(str)
    belongs = Signal(str)

    def __init__(self, window: QWidget, shown: Shown, recent: tuple[str, ...]) -> None:
        super().__init__(window)
        self._window = window
        self._state = shown.state
        self._origins = Origins(Origin(None, shown.state))
        self._waiting: tuple[AppState, Origin] | None = None  # until it is known what becomes of the changes
        self.recent = recent

    @property
    def origin(self) -> Origin:
        """Where the work comes from."""
        return self._origins.now

    @property
    def is_changed(self) -> bool:
        """Whether there is more than the session's file has."""
        return self.origin.is_changed(self._state)

    def watch(self, shown: Shown) -> None:
        """Follow what is shown."""
        if shown.state is not self._state:
            self._state = shown.state
            self._origins.follow(shown)
            self._tell()

    def resume(self, path: str) -> None:
        """Go on with the session the last start ended in, if it is still there; the work itself was kept apart."""
        try:
            saved = load_session(Path(path))
        except UnreadableSessionError:
            return
        self._origins = Origins(Origin(Path(path), saved, stamp_of(Path(path))))
        self._tell()

    @Slot(str)
    def open(self, name: str) -> None:
        """Open whatever this is; where it cannot be opened everything stays as it is."""
        path = Path(name)
        try:
            kind = kind_of(path)
            if kind is Kind.MODEL:
                self.model_requested.emit(str(path))
            elif kind is Kind.EXAMPLES:
                self.examples_requested.emit(str(path))
            else:
                stamp, state = stamp_of(path), state_from(path, kind)
                is_session = kind is Kind.SESSION
                self._enter(state, Origin(path.absolute(), state, stamp) if is_session else Origin(None, state))
        except CannotOpenError as error:
            self.recent = tuple(other for other in self.recent if other != name)
            self._fail("cannot_open", path, str(error))
            return
        self.failed.emit(None)

    @Slot()
    def begin(self) -> None:
        """An empty text, without slides or a list; model and method stay."""
        now = self._state
        fresh = AppState(model=now.model, method=now.method, parameters=now.parameters)
        view = replace(fresh.view, view=now.view.view, whole_words=now.view.whole_words)
        fresh = replace(fresh, view=view)
        self._enter(fresh, Origin(None, fresh))

    @Slot()
    def choose(self) -> None:
        """Ask for a file and open it."""
        endings = " ".join(f"*{suffix}" for suffixes in SUFFIXES.values() for suffix in suffixes)
        kinds = f"{help_text('sessions', 'all_kinds')} ({endings})"
        name, _ = QFileDialog.getOpenFileName(self._window, help_text("sessions", "open"), self._folder(), kinds)
        if name:
            self.open(name)

    @Slot()
    def save(self) -> bool:
        """Save the session under its name, or ask for one. Returns whether it was saved."""
        path = self.origin.path
        if path is None:
            return self.save_as()
        if self.origin.is_changed_elsewhere:
            self._fail("cannot_save", path, help_text("sessions", "changed_elsewhere"))
            return False
        return self._write(path)

    @Slot()
    def save_as(self) -> bool:
        """Ask for a name and save the session under it. Returns whether it was saved."""
        kind = f"{help_text('sessions', 'kind')} (*{SUFFIX})"
        start = self.origin.path or Path(self._folder()) / f"{self._proposed_name()}{SUFFIX}"
        dialog = QFileDialog(self._window, help_text("sessions", "save_as"), str(start), kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))  # before it asks whether a file is to be replaced
        dialog.selectFile(start.name)
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        return self._write(Path(chosen[0])) if chosen else False

    def _write(self, path: Path) -> bool:
        state = self._state
        try:
            save_session(path, state)
        except (OSError, UnwritableSessionError) as error:
            said = str(error) if isinstance(error, UnwritableSessionError) else f"{error.strerror or error}."
            self._fail("cannot_save", path, said)
            return False
        self._origins.now = Origin(path, state, stamp_of(path))
        self._tell()
        self.failed.emit(None)
        self.said.emit(help_text("sessions", "saved", name=path.name))
        return True

    def _enter(self, state: AppState, origin: Origin) -> None:
        """Put another state in the place of this one, once it is known that nothing is lost by it."""
        is_kept = self.origin.path is not None or bool(self._state.slides)
        if not (is_kept and self.is_changed):
            self._replace(state, origin)
            return
        self._waiting = (state, origin)
        name = self.origin.path.stem if self.origin.path is not None else help_text("sessions", "unnamed")
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(help_text("window", "name"))
        box.setText(help_text("sessions", "keep_changes", name=name))
        box.setInformativeText(help_text("sessions", "keep_changes_hint"))
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        for button, key in ((buttons.Save, "save_first"), (buttons.Discard, "discard"), (buttons.Cancel, "stay")):
            box.button(button).setText(help_text("sessions", key))
        box.finished.connect(self._on_answered)
        box.open()

    @Slot(int)
    def _on_answered(self, answer: int) -> None:
        waiting, self._waiting = self._waiting, None
        box = self.sender()
        if isinstance(box, QMessageBox):
            box.deleteLater()
        is_kept = answer == QMessageBox.StandardButton.Save.value and self.save()
        if waiting is not None and (is_kept or answer == QMessageBox.StandardButton.Discard.value):
            self._replace(*waiting)

    def _replace(self, state: AppState, origin: Origin) -> None:
        self._origins.open(self._state, origin)
        self.opened.emit(state)
        self._tell()

    def _tell(self) -> None:
        path = self.origin.path
        program = help_text("window", "name")
        mark = CHANGED if self.is_changed else ""
        self.titled.emit(program if path is None else f"{mark}{path.stem} – {program}")
        self.belongs.emit("" if path is None else str(path))
        if path is not None and self.recent[:1] != (str(path),):
            others = tuple(other for other in self.recent if other != str(path))
            self.recent = (str(path), *others)[:RECENT_SESSIONS]

    def _fail(self, key: str, path: Path, why: str) -> None:
        title = help_text("sessions", key, name=path.name or str(path))
        self.failed.emit(Failure(0, FailureKind.USER, "file", title, why, help_text("sessions", f"{key}_hint")))

    def _folder(self) -> str:
        return str(Path(self.recent[0]).parent if self.recent else Path.home())

    def _proposed_name(self) -> str:
        words = re.findall(r"\w+", self._state.text)[:NAMED_WORDS]
        return "-".join(words).lower() or "session"
