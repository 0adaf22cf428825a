"""What somebody does at the window, at random, by mouse and keyboard: every act, and how often it is done."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from gui.batch.form import BatchForm
from gui.controls.canvas import Canvas
from gui.controls.chooser import Chooser
from gui.controls.entry import Entry
from gui.guide.help import help_text
from gui.panels.glosses import GlossForm
from gui.panels.more import LookForm
from gui.present.slide_strip import SlideButton
from gui.window import MainWindow
from tests.gui.wild.hands import Hands, names
from tests.gui.wild.things import TABLES, Shelf, some_text

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
KEYS = (
    *((Qt.Key(Qt.Key.Key_1 + number), NONE) for number in range(9)),
    *((key, NONE) for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) * 3),
    *((key, NONE) for key in (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape) * 4),
    *((key, NONE) for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)),
    *((key, NONE) for key in (Qt.Key.Key_Delete, Qt.Key.Key_Menu, Qt.Key.Key_0, Qt.Key.Key_F1, Qt.Key.Key_F11)),
    *((Qt.Key(ord(letter)), CTRL) for letter in "ZZZYYDACVXKET"),
    *((key, CTRL) for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_Left, Qt.Key.Key_Right)),
    *((key, ALT) for key in (Qt.Key.Key_Left, Qt.Key.Key_Right) * 2),
    (Qt.Key.Key_Backtab, SHIFT),
    (Qt.Key.Key_K, CTRL | SHIFT),
)
SIZES = ((1000, 600), (1280, 720), (1440, 900), (1920, 1080), (2560, 1440))
PICTURES: tuple[type[QWidget], ...] = (Canvas, QGraphicsView, QAbstractItemView)
FIELDS: tuple[type[QWidget], ...] = (QLineEdit, QPlainTextEdit, QAbstractSpinBox)


class Acts:
    """Of one person at one window. ``tell`` hears what is done, before it is done."""

    def __init__(self, window: MainWindow, shelf: Shelf, models: Path, tell: Callable[[str], None]) -> None:
        self.shelf, self.models, self.tell = shelf, models, tell
        self.dice, self.name = random.Random(), ""
        self.take(window)
        self.weights: dict[Callable[[], None], int] = {
            self.write: 12,
            self.letters: 8,
            self.erase: 4,
            self.button: 26,
            self.picture: 14,
            self.chooser: 12,
            self.field: 5,
            self.slider: 4,
            self.key: 16,
            self.open_model: 2,
            self.view: 5,
            self.trust: 6,
            self.compare: 4,
            self.slide: 4,
            self.present: 2,
            self.export: 6,
            self.session: 4,
            self.drop: 5,
            self.walk: 5,
            self.batch: 2,
            self.more: 4,
            self.gloss: 2,
            self.word_menu: 4,
            self.resize: 5,
        }

    def take(self, window: MainWindow) -> None:
        """From now on at this window."""
        self.window, self.hands = window, Hands(window, self.dice)

    def by_chance(self, seed: str) -> None:
        """One act; the same seed decides on the same act, though what it meets in the window may differ."""
        self.dice.seed(seed)
        act = self.dice.choices(list(self.weights), list(self.weights.values()))[0]
        if act not in (self.button, self.key, self.field) and self.dice.random() < 0.7:
            self._close_what_is_open()
        self.name = act.__name__
        self.tell(self.name)
        act()

    def write(self) -> None:
        text = some_text(self.dice)
        field = self.hands.some((QPlainTextEdit,))
        if field is None:
            return
        self.tell(f"into {names(field)}: {text[:60]!a}")
        self.hands.click(field)
        if self.dice.random() < 0.8:
            self.hands.press(Qt.Key.Key_A, CTRL)
        self.hands.type(text)

    def letters(self) -> None:
        field = self.window.desk.text.field
        self.hands.click(field.viewport(), twice=self.dice.random() < 0.2)
        self.hands.type("".join(self.dice.choices("abcdefghij .,", k=self.dice.randint(1, 6))))

    def erase(self) -> None:
        field = self.hands.some((QPlainTextEdit,))
        if field is not None:
            self.hands.click(field)
            for _ in range(self.dice.randint(1, 12)):
                self.hands.press(self.dice.choice((Qt.Key.Key_Backspace, Qt.Key.Key_Delete)))

    def button(self) -> None:
        """Anything that can be pressed; a menu is closed as often as it is gone on with."""
        button = self.hands.some((QAbstractButton,))
        if button is None or (self.hands.front() is not self.window and self.dice.random() < 0.15):
            self.hands.press(Qt.Key.Key_Escape)
            return
        self.tell(names(button))
        which = Qt.MouseButton.RightButton if self.dice.random() < 0.06 else Qt.MouseButton.LeftButton
        self.hands.click(button, button=which)

    def picture(self) -> None:
        picture = self.hands.some(PICTURES)
        if picture is None:
            return
        on = picture.viewport() if isinstance(picture, (QGraphicsView, QAbstractItemView)) else picture
        hands = self.hands
        act = self.dice.choice(
            (hands.hover, hands.hover, hands.click, hands.click, hands.drag, hands.wheel, self._twice)
        )
        self.tell(f"{act.__name__} {names(picture)}")
        act(on)
        for _ in range(self.dice.choice((0, 0, 3))):
            self.hands.press(*self.dice.choice(KEYS[9:28]))

    def chooser(self) -> None:
        """A menu of the window is opened, and something in it chosen or set."""
        chooser = self.hands.some((Chooser,))
        if chooser is None:
            return
        assert isinstance(chooser, Chooser)
        self.tell(names(chooser.button))
        self.hands.click(chooser.button)
        QApplication.processEvents()
        if self.hands.front() is self.window:
            return
        for _ in range(self.dice.randint(0, 3)):
            self.dice.choice((self.field, self.slider, self._combo, self._scroll))()
        if self.dice.random() < 0.7:
            self._choose()

    def field(self) -> None:
        field = self.hands.some(FIELDS)
        if field is None:
            return
        self.hands.click(field)
        self.hands.press(Qt.Key.Key_A, CTRL)
        text = self.dice.choice((some_text(self.dice)[:50], str(self.dice.randint(-9, 99)), "great", "1.5", "7,"))
        self.tell(f"{names(field)}: {text!a}")
        self.hands.type(text)
        self.hands.press(self.dice.choice((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Down)))

    def slider(self) -> None:
        slider = self.hands.some((QAbstractSlider,))
        if slider is not None:
            self.dice.choice((self.hands.click, self.hands.drag, self.hands.wheel))(slider)
            self.hands.press(self.dice.choice((Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)))

    def key(self) -> None:
        key, keys = self.dice.choice(KEYS)
        self.tell(f"{keys.name} {key.name}")
        self.hands.press(key, keys)

    def open_model(self) -> None:
        """Through the menu: a bundled model, or a folder (what the chooser of folders answers is by chance)."""
        button = self.window.question.model.button
        if button.isVisible():
            self.hands.click(button)
            QApplication.processEvents()
            entries = [entry for entry in self.hands.seen(Entry) if isinstance(entry, Entry)]
            if entries:
                self.hands.click(self.dice.choice(entries))

    def view(self) -> None:
        deck = self.dice.choice(list(self.window.desk.decks.values()))
        self._press_one(deck)

    def trust(self) -> None:
        """The panel is opened or closed, a trial begun, set otherwise or looked into."""
        panel = self.window.desk.trust
        if not panel.isVisible() or self.dice.random() < 0.1:
            self.hands.press(Qt.Key.Key_T, CTRL)
            QApplication.processEvents()
        for _ in range(self.dice.randint(1, 4)):
            self._press_one(panel)
            self.pause(self.dice.choice((0, 0, 200, 1000)))
        picture = self.hands.some((Canvas,), panel)
        if picture is not None:
            self.dice.choice((self.hands.hover, self.hands.click))(picture)

    def compare(self) -> None:
        """The page is turned to where it is not, and what is compared and looked at is chosen on it."""
        if not self.window.board.isVisible() or self.dice.random() < 0.2:
            self.hands.press(Qt.Key.Key_D, CTRL)
            QApplication.processEvents()
        for _ in range(self.dice.randint(1, 3)):
            self._press_one(self.dice.choice((self.window.board.strip, self.window.board, self.window.board.statement)))

    def slide(self) -> None:
        buttons = self.hands.seen(SlideButton)
        if not buttons or self.dice.random() < 0.4:
            self.hands.press(Qt.Key.Key_K, CTRL | SHIFT)
            return
        button = self.dice.choice(buttons)
        act = self.dice.choice((self.hands.click, self.hands.drag, self._menu))
        self.tell(f"{act.__name__} {names(button)}")
        act(button)
        if len(buttons) > 5 or self.dice.random() < 0.3:
            self.hands.press(Qt.Key.Key_Delete)

    def present(self) -> None:
        self.hands.press(Qt.Key.Key_F11)
        QApplication.processEvents()
        for _ in range(self.dice.randint(1, 6)):
            self.hands.press(*self.dice.choice(KEYS))
            QApplication.processEvents()
        self.picture()
        if self.dice.random() < 0.8:
            for _ in range(3):
                self.hands.press(Qt.Key.Key_Escape)

    def export(self) -> None:
        """The sheet is opened, something is chosen on it, and a file written or the clipboard filled."""
        sheet = self.window.exporting
        if sheet.isHidden():
            self.hands.press(Qt.Key.Key_E, CTRL)
            QApplication.processEvents()
        for _ in range(self.dice.randint(0, 4)):
            self._press_one(sheet)
        self.hands.click(self.dice.choice((sheet.save_button, sheet.save_button, sheet.copy_button)))
        if self.dice.random() < 0.5:
            self.hands.press(Qt.Key.Key_Escape)

    def session(self) -> None:
        key, keys = self.dice.choice(
            ((Qt.Key.Key_S, CTRL), (Qt.Key.Key_S, CTRL | SHIFT), (Qt.Key.Key_O, CTRL), (Qt.Key.Key_N, CTRL))
        )
        self.tell(f"{keys.name} {key.name}")
        self.hands.press(key, keys)

    def drop(self) -> None:
        paths = [str(self.shelf.something(self.dice)) for _ in range(self.dice.choice((1, 1, 1, 2)))]
        self.tell(", ".join(paths))
        self._close_what_is_open()
        self.hands.drop(paths)

    def walk(self) -> None:
        walking = self.window.walking
        if walking.walk is None or self.dice.random() < 0.3:
            self.hands.click(walking.title)
            QApplication.processEvents()
            self._choose()
        for _ in range(self.dice.randint(1, 5)):
            self.hands.click(self.dice.choice((walking.next, walking.next, walking.previous)))
            self.pause(self.dice.choice((0, 300)))

    def batch(self) -> None:
        """Of the list that is walked through: begun, or stopped."""
        walking = self.window.walking
        self.hands.click(walking.title)
        QApplication.processEvents()
        wanted = "batch" if walking.walk is not None else None
        if not self._choose(help_text("walk", wanted)) if wanted else self._choose():
            return
        QApplication.processEvents()
        for form in self.hands.front().findChildren(BatchForm):
            if self.dice.random() < 0.5:
                self._press_one(form)
            self.hands.click(form.start)
            self.pause(self.dice.choice((200, 2000)))

    def more(self) -> None:
        """Theme and type, or something to read."""
        self.hands.click(self.window.more)
        QApplication.processEvents()
        forms = self.hands.front().findChildren(LookForm)
        if forms and self.dice.random() < 0.6:
            self._press_one(forms[0])
            self.hands.press(Qt.Key.Key_Escape)
            return
        self._choose()
        QApplication.processEvents()
        for _ in range(self.dice.randint(0, 5)):
            self.hands.press(*self.dice.choice(KEYS[9:40]))

    def gloss(self) -> None:
        self.hands.click(self.window.desk.text.glosses)
        QApplication.processEvents()
        for form in self.hands.front().findChildren(GlossForm):
            self.hands.click(form.field)
            self.hands.press(Qt.Key.Key_A, CTRL)
            self.hands.type(self.dice.choice(TABLES))
            for button in (form.take, form.take_text):
                self.hands.click(button)

    def word_menu(self) -> None:
        """A right click, and often something of what it offers."""
        on = self.hands.some((Canvas, QPlainTextEdit, SlideButton))
        if on is not None:
            self._menu(on)
            if self.dice.random() < 0.6:
                self._choose()

    def resize(self) -> None:
        width, height = self.dice.choice(SIZES)
        if self.dice.random() < 0.5:
            width, height = self.dice.randint(1000, 2560), self.dice.randint(600, 1440)
        self.tell(f"{width} x {height}")
        if not self.window.presenter.is_on:
            self.window.resize(QSize(width, height))

    def pause(self, milliseconds: int) -> None:
        """Look at it for a while."""
        QTest.qWait(milliseconds)

    def _choose(self, title: str | None = None) -> bool:
        """An entry of the menu in front, by chance or the one called so. Returns whether one was chosen."""
        if self.hands.front() is self.window:
            return False
        entries = [entry for entry in self.hands.seen(Entry) if title in (None, entry.accessibleName())]
        if entries:
            entry = self.dice.choice(entries)
            self.tell(f"chooses {names(entry)}")
            self.hands.click(entry)
        return bool(entries)

    def _press_one(self, within: QWidget) -> None:
        button = self.hands.some((QAbstractButton,), within)
        if button is not None:
            self.tell(names(button))
            self.hands.click(button)
            QApplication.processEvents()

    def _combo(self) -> None:
        combo = self.hands.some((QComboBox,))
        if combo is not None:
            self.tell(names(combo))
            self.hands.click(combo)
            QApplication.processEvents()
            for _ in range(self.dice.randint(0, 4)):
                self.hands.press(Qt.Key.Key_Down)
            self.hands.press(Qt.Key.Key_Return)

    def _scroll(self) -> None:
        self.hands.wheel(self.hands.front())

    def _twice(self, widget: QWidget) -> None:
        self.hands.click(widget, twice=True)

    def _menu(self, widget: QWidget) -> None:
        self.hands.click(widget, button=Qt.MouseButton.RightButton)
        QApplication.processEvents()
        self.hands.press(Qt.Key.Key_Menu)
        QApplication.processEvents()

    def _close_what_is_open(self) -> None:
        for _ in range(4):
            if self.hands.front() is self.window and self.window.guide.tour.isHidden():
                return
            self.hands.press(Qt.Key.Key_Escape)
            QApplication.processEvents()
