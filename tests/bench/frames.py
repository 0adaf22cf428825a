"""Frames of the living window: how long it is busy from a gesture until everything that changed is painted.

A window of 1600 x 1000 shows hand-made explanations (``tests.gui.samples``). Every view of the middle card is brought
forward in turn; in each the pointer moves over the picture, the wheel enlarges it, a drag moves it, the coverage and
the layer change, and the view is left and entered again. One frame is the handling of one event and all painting that
follows from it, in every card. × is the ratio to the frame of an empty window of the same size.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine import registry
from engine.bundled import bundled_models
from engine.contract import FEED_FORWARD_COMPONENTS, Components, Explanation, Request
from gui import viewkit
from gui.controller import Controller
from gui.inquiry import TimedPause
from gui.kept.settings import Settings
from gui.state import AppState
from gui.window import Furniture, MainWindow
from tests.bench.window_time import percentile
from tests.gui import samples

SIZES = ((12, 64), (24, 256))
# Median and 95th percentile that are aimed at, in milliseconds; switches have their own, whatever the size.
AIMS = {(12, 64): (16, 33), (24, 256): (50, 50)}
SWITCHES = ("layer", "view")
SWITCH_AIM = 50
WORDS = ("The", "plot", "was", "thin", ",", "but", "all", "actors", "were", "absolutely", "wonderful", "again", ".")
DRAG_STEP = 7
NOTCH = 120  # one step of a wheel
CLOCKS = {"wall": time.perf_counter, "processor": time.thread_time}

Frames = dict[str, list[float]]


def sample(layers: int, words: int) -> Explanation:
    """A hand-made answer to a text of so many words, with the maps of every component of every layer."""
    made = samples.explanation(" ".join(islice(cycle(WORDS), words)), layers=layers, heads=12)
    drawn, tokens = np.random.default_rng(1), len(made.tokens)
    assert made.components is not None
    maps = {
        name: drawn.random((layers, tokens, tokens), dtype=np.float32) ** 3 + 2 * np.eye(tokens, dtype=np.float32)
        for name in FEED_FORWARD_COMPONENTS
    }
    return replace(made, components=Components(dict(made.components.maps), maps, tuple(range(layers))))


class Answers:
    """Stands in for the bridge: answers every request at once with the one explanation."""

    def __init__(self, made: Explanation) -> None:
        self.made = made
        self.controller: Controller | None = None

    def submit(self, request: Request) -> None:
        """The explanation as the answer to this request."""
        layers = tuple(range(self.made.model.layers))
        if self.controller is not None:
            asked = replace(request, feed_forward_layers=layers)
            self.controller.outcome_arrived(replace(self.made, request=asked))

    def give_up(self) -> None:
        """Nothing is on its way."""


class Painted(QObject):
    """Counts the paint events of a widget and of all that lie in it."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.count = 0
        self._inside = inside
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look, never touch."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.count += watched is self._inside or self._inside.isAncestorOf(watched)
        return False


class Blank(QWidget):
    """An empty window, for the ratio."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """One colour."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        painter.end()


class Stage:
    """A window that shows one explanation."""

    def __init__(self, made: Explanation, clock: Callable[[], float]) -> None:
        self._clock = clock
        bridge = Answers(made)
        self.controller = bridge.controller = Controller(AppState(text=made.request.text), bridge, TimedPause())
        furniture = Furniture(viewkit.discover(), registry.discover(), bundled_models())
        self.views = [view.id for view in furniture.views if view.place == "middle"]
        self.window = MainWindow(self.controller, furniture, Settings())
        self.window.resize(1600, 1000)
        self.window.show()
        self.controller.start()
        self.settle()

    def settle(self) -> None:
        """Let everything that waits happen."""
        for _ in range(5):
            QApplication.processEvents()

    def enter(self, identifier: str) -> QWidget:
        """Bring a view forward; returns its widget."""
        self.controller.view_chosen(identifier)
        self.settle()
        return self.window.desk.decks["middle"].widget(identifier)

    def frame(self, act: Callable[[], object]) -> float:
        """Milliseconds of one act and the painting that follows from it."""
        begun = self._clock()
        act()
        QApplication.processEvents()
        return (self._clock() - begun) * 1000

    def blank(self) -> float:
        """Median milliseconds of a frame of an empty window of the same size."""
        empty = Blank()
        empty.resize(self.window.size())
        empty.show()
        self.settle()
        taken = statistics.median(self.frame(empty.repaint) for _ in range(100))
        empty.hide()
        empty.deleteLater()
        self.settle()
        return taken


def pointed(widget: QWidget, at: QPoint) -> tuple[QWidget, QPointF]:
    """What lies under a point of a widget, and the point in its own coordinates."""
    under = widget.childAt(at) or widget
    return under, QPointF(under.mapFrom(widget, at))


def mouse(kind: QEvent.Type, widget: QWidget, at: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    """One event of the pointer, sent to what lies under it."""
    under, place = pointed(widget, at)
    button = held if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
    event = QMouseEvent(kind, place, QPointF(under.mapToGlobal(place)), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(under, event)


def wheel(widget: QWidget, notches: int) -> None:
    """The wheel turned over the middle of a widget."""
    under, place = pointed(widget, widget.rect().center())
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turned = QPoint(0, NOTCH * notches)
    phase = Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(
        under, QWheelEvent(place, QPointF(under.mapToGlobal(place)), QPoint(), turned, no_button, no_key, phase, False)
    )


def gestures(stage: Stage, identifier: str, count: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """What a person does with a view in front, one act after the other, each with the name of its kind."""
    widget, controller = stage.enter(identifier), stage.controller
    drawn = random.Random(3)
    area = widget.rect().adjusted(8, 8, -8, -40)
    for _ in range(count):
        at = QPoint(drawn.randint(area.left(), area.right()), drawn.randint(area.top(), area.bottom()))
        yield "hover", lambda at=at: mouse(QEvent.Type.MouseMove, widget, at)
    for number in range(count):
        notch = 1 if number % 10 < 5 else -1
        yield "zoom", lambda notch=notch: wheel(widget, notch)
    wheel(widget, 5)
    left, centre = Qt.MouseButton.LeftButton, widget.rect().center()
    mouse(QEvent.Type.MouseButtonPress, widget, centre, left)
    stage.settle()
    for number in range(count):
        at = centre + QPoint(DRAG_STEP * (number % 20 + 2), DRAG_STEP * (number % 7))
        yield "pan", lambda at=at: mouse(QEvent.Type.MouseMove, widget, at, left)
    mouse(QEvent.Type.MouseButtonRelease, widget, centre, left)
    wheel(widget, -20)
    stage.settle()
    for number in range(count):
        coverage = 0.5 + 0.02 * (number % 20)
        yield (
            "threshold",
            lambda share=coverage: controller.looked(replace(controller.shown.state.view, coverage=share)),
        )
    layers = controller.shown.explanation.model.layers  # type: ignore[union-attr]
    for number in range(count):
        yield "layer", lambda layer=number % layers: controller.layer_chosen(layer)
    others = cycle([view for view in stage.views if view != identifier])
    for _ in range(count if len(stage.views) > 1 else 0):
        controller.view_chosen(next(others))
        stage.settle()
        yield "view", lambda: controller.view_chosen(identifier)


def measure(stage: Stage, identifier: str, count: int) -> Frames:
    """Milliseconds of the frames in which the view painted something, by kind of gesture."""
    widget = stage.window.desk.decks["middle"].widget(identifier)
    painted, frames = Painted(widget), Frames()
    for kind, act in gestures(stage, identifier, count):
        before = painted.count
        taken = stage.frame(act)
        frames.setdefault(kind, [])
        if painted.count > before:
            frames[kind].append(taken)
        stage.settle()
    return frames


def verdict(size: tuple[int, int], kind: str, middle: float, late: float) -> str:
    """Whether the aim is met."""
    aims = (SWITCH_AIM, SWITCH_AIM) if kind in SWITCHES else AIMS[size]
    return "met" if middle <= aims[0] and late <= aims[1] else f"aim {aims[0]} / {aims[1]}"


def main() -> None:
    """Print one Markdown row per size, view and gesture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=40, help="of each gesture in each view")
    parser.add_argument("--view", help="only this one")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="processor: where others are at work as well")
    parser.add_argument("--size", type=int, choices=range(len(SIZES)), help="only this one of the sizes")
    given = parser.parse_args()
    application = QApplication(["bench"])
    application.setStyle("Fusion")
    print(
        "| layers x words | view | gesture | median | 95th percentile | × empty | aim |\n|---|---|---|---|---|---|---|"
    )
    for number, size in enumerate(SIZES):
        if given.size not in (None, number):
            continue
        stage = Stage(sample(*size), CLOCKS[given.clock])
        empty = stage.blank()
        for identifier in stage.views:
            if given.view not in (None, identifier):
                continue
            for kind, taken in measure(stage, identifier, given.frames).items():
                if not taken:
                    print(f"| {size[0]} x {size[1]} | {identifier} | {kind} | - | - | - | nothing to paint |")
                    continue
                middle, late = statistics.median(taken), percentile(taken, 0.95)
                told = f"{middle:.1f} ms | {late:.1f} ms | {middle / empty:.1f} | {verdict(size, kind, middle, late)}"
                print(f"| {size[0]} x {size[1]} | {identifier} | {kind} | {told} |", flush=True)
        stage.window.close()
        stage.window.deleteLater()
        stage.settle()


if __name__ == "__main__":
    main()
