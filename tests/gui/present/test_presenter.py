"""On the stage and off it again: everything is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QWidget

from gui.compare.pane import Hit
from gui.paint.palette import Palette
from gui.present.presenter import Presenter
from gui.present.slides import slide_of, with_slide
from gui.present.stage import Stage
from gui.shown import Shown
from gui.state import AppState, Hover, Node, pinned
from gui.views.flow import FlowView
from tests.gui.dressed import Dressed, dressed
from tests.gui.pictures import point
from tests.gui.samples import SENTENCE
from tests.gui.stage import answer, application, wait_until

TEXTS = ("A dull film.", "A good book.", "The keys to the cabinet are here.")


@pytest.fixture
def on() -> Iterator[Dressed]:
    with dressed() as made:
        yield made
        made.window.presenter.leave()


@pytest.fixture
def presenter(on: Dressed) -> Presenter:
    return on.window.presenter


def stage_of(on: Dressed) -> Stage:
    stage = on.window.presenter.stage
    assert stage is not None
    return stage


def press(on: Dressed, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(application().focusWidget() or on.window, key, modifier)
    on.settle()


def keep_slides(on: Dressed) -> None:
    for text in TEXTS:
        on.controller.text_edited(text)
        reply(on)
        on.window.slides.keep_shown()
    on.controller.text_edited(SENTENCE)
    reply(on)


def reply(on: Dressed) -> None:
    on.controller.start()
    on.controller.outcome_arrived(answer(on.bridge.requests[-1]))
    on.settle()


def picture(on: Dressed) -> QImage:
    on.window.more.setFocus(Qt.FocusReason.MouseFocusReason)
    on.settle()
    return on.window.grab().toImage()


def pixels(image: QImage) -> np.ndarray:
    """[row, column, red/green/blue]"""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return flat[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).astype(int)


def test_only_the_sentence_and_the_figure_are_seen(on: Dressed) -> None:
    press(on, Qt.Key.Key_F11)
    assert on.window.isFullScreen()
    stage = stage_of(on)
    assert stage.isVisible()
    assert stage.size() == on.window.size()
    chosen_by = [w for w in on.window.findChildren(QWidget) if isinstance(w, QAbstractButton | QAbstractSlider)]
    seen = [w for w in chosen_by if not w.visibleRegion().isEmpty()]
    assert seen == [], "no chrome"
    words = stage.sentence.words
    assert words is not None
    assert [chip.text.full for chip in words.chips][:2] == ["The", "plot"]
    assert stage.caption.full_text() == "English sentiment · DecompX · Positive instead of Negative"
    assert "Blue" in stage.legend.text()


def test_letters_grow_and_the_figure_with_them(on: Dressed) -> None:
    flow = on.window.desk.decks["middle"].widget("flow")
    assert isinstance(flow, FlowView)
    small = flow.scene().labels[0].ink.pixels  # type: ignore[union-attr]
    on.window.presenter.turn()
    on.settle()  # a screen that is only pretended is small: first it fills that
    on.window.resize(1920, 1080)
    wait_until(lambda: stage_of(on).figure.width() > 1500)
    figure = stage_of(on).figure
    assert isinstance(figure, FlowView)
    scene = figure.scene()
    assert scene is not None
    assert scene.labels[0].ink.pixels >= 1.6 * small
    assert figure.canvas.width() > 0.9 * 1920
    assert figure.canvas.height() > 0.65 * 1080
    words = stage_of(on).sentence.words
    assert words is not None
    assert words.chips[0].text.ink.pixels >= 0.035 * 1080


@pytest.mark.parametrize("folded", [False, True])
def test_afterwards_every_pixel_is_as_it_was(on: Dressed, folded: bool) -> None:
    if folded:
        on.window.desk.turn_fold()
    on.window.desk.setSizes([300, 610, 330])
    before, font, widths = picture(on), application().font().pixelSize(), on.window.desk.sizes()
    geometry, focused = on.window.geometry(), on.window.focusWidget()
    press(on, Qt.Key.Key_F11)
    on.window.resize(1920, 1080)
    on.settle()
    press(on, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    press(on, Qt.Key.Key_Escape)
    assert not on.window.presenter.is_on
    assert not on.window.isFullScreen()
    on.settle()
    assert (on.window.geometry(), application().font().pixelSize()) == (geometry, font)
    assert on.window.desk.sizes() == widths
    assert on.window.appearance.percent == 100
    assert on.window.focusWidget() is focused
    assert picture(on) == before


def test_a_maximised_window_is_maximised_again(on: Dressed) -> None:
    on.window.showMaximized()
    on.settle()
    on.window.presenter.turn()
    assert on.window.isFullScreen()
    on.window.presenter.turn()
    assert on.window.isMaximized()
    assert not on.window.isFullScreen()


def test_what_is_remembered_is_the_window_and_not_the_stage(on: Dressed) -> None:
    before = on.window.remembered()
    on.window.presenter.turn()
    on.window.close()
    after = on.window.remembered()
    assert (after.type_scale, after.columns, after.geometry) == (before.type_scale, before.columns, before.geometry)


def test_hover_and_click_live_on_the_stage(on: Dressed) -> None:
    on.window.presenter.turn()
    on.window.resize(1280, 720)
    on.settle()
    stage = stage_of(on)
    words = stage.sentence.words
    assert words is not None
    chip = next(chip for chip in words.chips if chip.text.full == "wonderful")
    at = chip.rect.center().toPoint()
    QTest.mouseMove(stage.sentence.canvas, at - QPoint(1, 0))
    QTest.mouseMove(stage.sentence.canvas, at)
    assert on.controller.shown.state.view.hover == Hover(chip.tokens[0])
    QTest.mouseClick(stage.sentence.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert on.controller.shown.state.view.traced == Node(0, chip.tokens[0])
    press(on, Qt.Key.Key_Escape)
    assert on.controller.shown.state.view.traced is None, "first back to the answer"
    assert on.window.presenter.is_on
    figure = stage.figure
    assert isinstance(figure, FlowView)
    scene = figure.scene()
    assert scene is not None
    node = QPoint(round(float(scene.columns[2])), round(float(scene.lines[1])))
    QTest.mouseClick(figure.canvas, Qt.MouseButton.LeftButton, pos=node)
    assert on.controller.shown.state.view.traced is not None
    press(on, Qt.Key.Key_F11)
    assert not on.window.presenter.is_on, "F11 leaves at once"


@pytest.mark.parametrize("view", ["flow", "layers", "heads", "overview", "table"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_view_fills_the_stage(on: Dressed, view: str, theme: str) -> None:
    on.window.appearance.choose(theme)
    on.controller.view_chosen(view)
    on.window.presenter.turn()
    on.window.resize(1280, 720)
    on.settle()
    figure = stage_of(on).figure
    assert not figure.failed  # type: ignore[attr-defined]  # all of them are hosted
    shown = pixels(figure.grab().toImage())
    ground = shown[2, 2]
    used = np.flatnonzero((np.abs(shown - ground).sum(2) > 30).any(0))
    assert used[-1] - used[0] > 0.5 * shown.shape[1], "the picture takes more than half of the width"


def test_the_keys_of_wireless_presenters_step_through_the_slides(on: Dressed) -> None:
    keep_slides(on)
    press(on, Qt.Key.Key_F11)
    seen = []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_PageUp):
        press(on, key)
        seen.append((on.controller.shown.state.text, stage_of(on).counter.text()))
        reply(on)
    assert seen == [
        (TEXTS[0], "1 / 3"),
        (TEXTS[1], "2 / 3"),
        (TEXTS[2], "3 / 3"),
        (TEXTS[2], "3 / 3"),
        (TEXTS[1], "2 / 3"),
    ]
    press(on, Qt.Key.Key_Home)
    assert on.controller.shown.state.text == TEXTS[0]
    press(on, Qt.Key.Key_End)
    assert on.controller.shown.state.text == TEXTS[2]


def test_keys_step_although_the_figure_was_clicked(on: Dressed) -> None:
    keep_slides(on)
    on.window.presenter.turn()
    on.settle()
    stage_of(on).figure.setFocus()
    press(on, Qt.Key.Key_Right)
    assert on.controller.shown.state.text == TEXTS[0]


def test_stepping_leaves_the_work_and_its_history_as_they_were(on: Dressed) -> None:
    keep_slides(on)
    on.controller.method_chosen("alti", ())
    working = on.controller.shown.state
    kept: list[AppState] = []
    on.window.presenter.worked.connect(lambda shown: kept.append(shown.state))
    press(on, Qt.Key.Key_F11)
    for _ in range(3):
        press(on, Qt.Key.Key_Right)
        reply(on)
    assert {state.text for state in kept} == {SENTENCE}, "what is kept meanwhile is the work"
    press(on, Qt.Key.Key_Escape)
    assert on.controller.shown.state == working
    on.controller.undo()
    assert on.controller.shown.state.method == "decompx", "the last change, and no slide"
    assert on.controller.shown.state.text == SENTENCE


def test_what_is_done_on_stage_without_slides_stays(on: Dressed) -> None:
    on.window.presenter.turn()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Space, Qt.Key.Key_PageDown, Qt.Key.Key_Home):
        press(on, key)
        assert on.controller.shown.state.text == SENTENCE
        assert on.window.presenter.is_on
    assert stage_of(on).counter.isHidden()
    press(on, Qt.Key.Key_2)
    assert on.controller.shown.state.view.layer == 1
    press(on, Qt.Key.Key_Escape)
    assert on.controller.shown.state.view.layer == 1


def test_a_slide_that_is_open_already_is_where_stepping_begins(on: Dressed) -> None:
    keep_slides(on)
    on.window.slides.buttons[1].click()
    reply(on)
    press(on, Qt.Key.Key_F11)
    press(on, Qt.Key.Key_Right)
    assert on.controller.shown.state.text == TEXTS[2]


def test_saving_on_stage_saves_the_work(on: Dressed, tmp_path: object) -> None:
    from pathlib import Path

    from gui.kept.session_file import load_session

    keep_slides(on)
    path = Path(str(tmp_path)) / "talk.headstream"
    assert on.window.opening.sessions._write(path)
    press(on, Qt.Key.Key_F11)
    press(on, Qt.Key.Key_Right)
    press(on, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    saved = load_session(path)
    assert saved.text == SENTENCE
    assert [slide.text for slide in saved.slides] == list(TEXTS)


def test_a_comparison_and_a_view_come_with_their_slide(on: Dressed) -> None:
    view = replace(on.controller.shown.state.view, view="heads", layer=2)
    on.controller.slides_changed(with_slide((), replace(on.controller.shown.state, text="A film.", view=view)))
    press(on, Qt.Key.Key_F11)
    press(on, Qt.Key.Key_Right)
    assert (on.controller.shown.state.view.view, on.controller.shown.state.view.layer) == ("heads", 2)
    press(on, Qt.Key.Key_Escape)
    assert on.controller.shown.state.view.view == "flow"


def test_a_failure_is_said_on_stage(on: Dressed) -> None:
    from engine.contract import Failure, FailureKind

    press(on, Qt.Key.Key_F11)
    on.controller.text_edited("Another text.")
    on.controller.start()
    told = Failure(
        on.bridge.requests[-1].generation, FailureKind.USER, "text", "It is too long", "600 tokens.", "Cut it."
    )
    on.controller.outcome_arrived(told)
    assert stage_of(on).caption.full_text() == "It is too long. 600 tokens."


def test_the_pointer_is_as_ever_after_leaving(on: Dressed) -> None:
    on.window.presenter.turn()
    pointer = on.window.presenter._pointer
    pointer._since -= 3
    pointer.look()
    cursor = QGuiApplication.overrideCursor()
    assert cursor is not None
    assert cursor.shape() is Qt.CursorShape.BlankCursor
    on.window.presenter.turn()
    assert QGuiApplication.overrideCursor() is None


def test_a_comparison_fills_the_stage_as_it_is_drawn_for_export(on: Dressed) -> None:
    drawn: list[tuple[str, float]] = []
    widths: list[float] = []

    class Drawn:
        notes: tuple[str, ...] = ()

        def paint(self, painter: QPainter) -> None:
            painter.fillRect(0, 0, 4000, 4000, Qt.GlobalColor.red)

        def hit(self, x: float, y: float) -> Hit | None:
            return Hit(0, None, "what is here") if x > widths[-1] / 2 else None

        def paint_lit(self, painter: QPainter, hit: Hit) -> None:
            painter.fillRect(0, 0, 4000, 4000, Qt.GlobalColor.green)

    def draw(shown: Shown, rect: QRectF, palette: Palette) -> Drawn:
        drawn.append((shown.state.text, rect.width()))
        widths.append(rect.width())
        return Drawn()

    keep_slides(on)
    compared = replace(on.controller.shown.state, comparison=pinned(on.controller.shown.state), text="B.", slides=())
    on.controller.slides_changed((AppState(text="A film."), slide_of(compared)))
    on.window.presenter.draw_compared = draw
    press(on, Qt.Key.Key_F11)
    stage = stage_of(on)
    assert stage.compared is not None
    for key, is_compared in ((Qt.Key.Key_End, True), (Qt.Key.Key_Home, False)):
        press(on, key)
        reply(on)
        assert stage.compared.isVisible() is is_compared
        assert stage.sentence.isVisible() is not is_compared
        if is_compared:
            image = stage.compared.grab().toImage()
            assert image.pixelColor(image.width() - 5, image.height() - 5) == Qt.GlobalColor.red
            canvas = stage.compared.canvas
            for across, colour in ((0.75, Qt.GlobalColor.green), (0.25, Qt.GlobalColor.red)):
                point(canvas, QPointF(across * canvas.width(), 40))
                assert canvas.grab().toImage().pixelColor(5, 5) == colour
    text, width = drawn[-1]
    assert text == "B."
    assert width > stage.compared.width(), "letters of the wanted size: painted larger, and shrunk"


def test_nothing_is_framed_on_the_stage(on: Dressed) -> None:
    on.window.desk.text.field.setFocus(Qt.FocusReason.TabFocusReason)
    press(on, Qt.Key.Key_F11)
    assert on.window._ring.isHidden()
