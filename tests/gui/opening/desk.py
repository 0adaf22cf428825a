"""A window over hand-made answers, with files to open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QPushButton

from gui.kept.session_file import load_session, save_session
from gui.opening.sessions import Sessions
from gui.state import AppState
from tests.gui.dressed import Dressed
from tests.gui.stage import answer, application, wait_until


class FileDesk:
    """The window's sessions, and what a person sees of them."""

    def __init__(self, on: Dressed, folder: Path) -> None:
        self.on, self.folder = on, folder

    @property
    def sessions(self) -> Sessions:
        return self.on.window.opening.sessions

    @property
    def state(self) -> AppState:
        return self.on.controller.shown.state

    @property
    def title(self) -> str:
        return self.on.window.windowTitle()

    @property
    def notice(self) -> str:
        notice = self.on.window.opening.notice
        return "" if notice.isHidden() else notice.accessibleName()

    def file(self, name: str, state: AppState) -> Path:
        save_session(self.folder / name, state)
        return self.folder / name

    def open(self, path: Path) -> None:
        self.sessions.open(str(path))
        self.answer()

    def write(self, text: str) -> None:
        self.on.controller.text_edited(text)
        self.answer()

    def answer(self) -> None:
        if self.state.text.strip():
            self.on.controller.start()
            self.on.controller.outcome_arrived(answer(self.on.bridge.requests[-1]))
        self.on.settle()

    def reply(self, button: str) -> None:
        """Press this button of the question that is asked."""
        box = self.question()
        pressed = next(one for one in box.findChildren(QPushButton) if one.text() == button)
        pressed.click()
        self.on.settle()

    def question(self) -> QMessageBox:
        wait_until(lambda: isinstance(application().activeModalWidget(), QMessageBox), 5)
        box = application().activeModalWidget()
        assert isinstance(box, QMessageBox)
        return box

    @property
    def is_asked(self) -> bool:
        self.on.settle()
        return application().activeModalWidget() is not None

    def saved(self, name: str) -> AppState:
        return load_session(self.folder / name)
