"""The whole window, offscreen, with a real bridge and thread and a session without a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QPlainTextEdit, QWidget

from engine import registry
from engine.bundled import bundled_models
from engine.context import RunContext
from engine.contract import Explanation, Head, Request
from engine.errors import GapError, MethodError, ModelError, TargetError, TextError
from gui import viewkit
from gui.annotation import AnnotatedWord, Annotation
from gui.bridge import Bridge
from gui.controller import Controller
from gui.figures.embedded import state_in
from gui.inquiry import TimedPause
from gui.kept.settings import Settings
from gui.paint.palette import Palette
from gui.shown import Activity
from gui.state import AppState, Hover, Node, Place, ViewState
from gui.viewkit import Figure, View, ViewWidget
from gui.views.flow import FlowView
from gui.window import Furniture, MainWindow
from tests.gui import samples
from tests.gui.stage import FakeSession, application, wait_until


@dataclass(frozen=True)
class FakeFigure:
    """A picture of nothing."""

    notes: tuple[str, ...] = ("shown: all",)

    def paint(self, painter: QPainter) -> None:
        painter.drawRect(10, 10, 50, 50)


def fake_figure(explanation: Explanation, view: ViewState, rect: QRectF, palette: Palette) -> Figure:
    return FakeFigure()


class FakeView(ViewWidget):
    """Keeps what it is told to show."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.stale = False
        self.view = ViewState()

    def show_result(self, explanation: Explanation | None, view: ViewState, *, stale: bool) -> None:
        assert explanation is not None
        self.texts.append(explanation.request.text)
        self.view, self.stale = view, stale

    def forget(self) -> None:
        self.texts.append("")


def fake_views() -> tuple[View, ...]:
    places = {"flow": "middle", "table": "middle", "words": "left", "components": "right"}
    return tuple(
        View(name, name.title(), f"The {name}.", place, fake_figure, FakeView) for name, place in places.items()
    )


class Stage:
    """A window with a thread behind it."""

    def __init__(self, session: FakeSession, views: tuple[View, ...], settings: Settings, state: AppState) -> None:
        self.session = session
        self.bridge = Bridge(lambda: session)
        self.controller = Controller(state, self.bridge, TimedPause(20))
        self.bridge.outcome_arrived.connect(self.controller.outcome_arrived)
        self.bridge.progress_arrived.connect(self.controller.progress_arrived)
        self.window = MainWindow(self.controller, Furniture(views, registry.discover(), bundled_models()), settings)
        self.window.show()
        self.controller.start()

    @property
    def field(self) -> QPlainTextEdit:
        return self.window.desk.text.field

    def view(self, place: str, name: str) -> FakeView:
        widget = self.window.desk.decks[place].widget(name)
        assert isinstance(widget, FakeView)
        return widget

    def type(self, text: str) -> None:
        self.field.selectAll()
        QTest.keyClicks(self.field, text)

    def settle(self) -> None:
        wait_until(lambda: self.controller.shown.activity is Activity.UP_TO_DATE)

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        self.bridge.shutdown()


@pytest.fixture
def stage() -> Iterator[Callable[..., Stage]]:
    before = set(application().topLevelWidgets())
    stages: list[Stage] = []

    def make(
        session: FakeSession | None = None,
        views: tuple[View, ...] = (),
        settings: Settings | None = None,
        state: AppState | None = None,
    ) -> Stage:
        made = Stage(
            session or FakeSession(),
            views or fake_views(),
            settings or Settings(),
            state or AppState(text=samples.SENTENCE),
        )
        stages.append(made)
        return made

    yield make
    for made in stages:
        made.close()
    assert not any(made.bridge.worker.isRunning() for made in stages)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in application().topLevelWidgets() if widget not in before]
    assert left == [], "every window a test opens is gone after it"


def test_it_opens_with_the_example_computed(stage: Callable[..., Stage]) -> None:
    on = stage()
    assert on.field.toPlainText() == samples.SENTENCE
    assert on.window.status.doing.text() == "Loading the model…"
    on.settle()
    assert on.view("middle", "flow").texts[-1] == samples.SENTENCE
    assert on.view("left", "words").texts[-1] == samples.SENTENCE
    assert on.window.desk.prediction.shown()[0] == ("Positive", "0.94")
    assert "DecompX" in on.window.desk.explanation.prose.text()
    assert on.window.question.target.button.text_shown() == "Explain Positive instead of Negative"
    assert on.field.hasFocus()


def test_typing_reaches_every_view_and_dims_until_then(stage: Callable[..., Stage]) -> None:
    on = stage(FakeSession(seconds=0.1))
    on.settle()
    words = on.view("left", "words")
    on.type("A dull film.")
    assert words.texts[-1] == samples.SENTENCE
    assert words.stale, "the last picture stays, dimmed"
    assert not on.window.export.isEnabled()
    wait_until(lambda: words.texts[-1] == "A dull film.")
    assert not words.stale
    on.settle()
    assert on.view("middle", "flow").texts[-1] == "A dull film."
    assert on.field.toPlainText() == "A dull film."


def test_no_text_is_no_error(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.settle()
    on.field.clear()
    assert on.window.desk.text.notice.text() == "Type a sentence."
    assert on.view("middle", "flow").stale
    assert on.window.status.doing.text() == "Waiting for a sentence"
    on.type("Again.")
    on.settle()
    assert on.window.desk.text.notice.isHidden()


@pytest.mark.parametrize("error", [TextError, ModelError, MethodError, TargetError])
def test_a_failure_is_said_where_it_belongs(stage: Callable[..., Stage], error: type) -> None:
    bad = "Bad."
    on = stage(FakeSession(raises=lambda asked: error("Wrong", "It is.", "Mend it.") if asked.text == bad else None))
    on.settle()
    on.type(bad)
    wait_until(lambda: on.controller.shown.failure is not None)
    window = on.window
    notices = {
        "text": window.desk.text,
        "model": window.question.model,
        "method": window.question.method,
        "target": window.question.target,
    }
    said = {place for place, panel in notices.items() if panel.notice.isVisible()}
    assert said == {error.place}
    assert notices[error.place].notice.text() == "<b>Wrong.</b> It is. Mend it."
    assert on.view("middle", "flow").texts[-1] == samples.SENTENCE
    assert on.view("middle", "flow").stale
    on.type("Good.")
    on.settle()
    assert not any(panel.notice.isVisible() for panel in notices.values())


def test_our_own_bug_is_a_quiet_banner_with_details(stage: Callable[..., Stage]) -> None:
    on = stage(FakeSession(raises=lambda asked: ValueError("boom") if asked.text == "Bad." else None))
    on.settle()
    assert on.window.banner.isHidden()
    on.type("Bad.")
    wait_until(on.window.banner.isVisible)
    on.window.banner.copy.click()
    assert "ValueError: boom" in application().clipboard().text()
    assert "Traceback" in application().clipboard().text()
    on.window.banner.dismissed.emit()
    assert on.window.banner.isHidden()


def test_choices_in_the_top_bar_are_asked(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.settle()
    on.window.question.method.method_chosen.emit("rollout", ())
    on.settle()
    assert on.session.asked[-1].method == "rollout"
    assert on.window.question.method.button.text_shown() == "Method Attention rollout"
    assert not on.window.question.target.button.isEnabled(), "rollout explains no class"
    on.window.question.method.method_chosen.emit("decompx", ())
    on.window.question.target.target_chosen.emit(0, 1)
    on.settle()
    assert (on.session.asked[-1].target, on.session.asked[-1].against) == (0, 1)


def test_a_folder_that_was_opened_is_remembered(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.settle()
    on.window.question.model.model_chosen.emit("/models/mine")
    on.window.question.model.model_chosen.emit("english-sentiment")
    remembered = on.window.remembered()
    assert remembered.recent_folders == ("/models/mine",)


def test_one_selection_for_the_whole_window(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.settle()
    flow, words, maps = on.view("middle", "flow"), on.view("left", "words"), on.view("right", "components")
    words.hovered.emit(Hover(3))
    assert (flow.view.hover, maps.view.hover) == (Hover(3), Hover(3))
    assert on.field.extraSelections()[0].cursor.selectedText() == "was"
    flow.picked.emit(Node(2, 5))
    assert words.view.traced == Node(2, 5)
    QTest.keyClick(on.field, Qt.Key.Key_Escape)
    assert flow.view.traced is None
    maps.look_requested.emit(replace(maps.view, layer=0))
    assert flow.view.layer == 0


def test_digits_choose_a_layer_but_not_while_typing(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.settle()
    QTest.keyClick(on.field, "2")
    assert on.controller.shown.state.view.layer == 3
    assert on.field.toPlainText().endswith("2")
    on.settle()
    on.window.question.method.button.setFocus()
    QTest.keyClick(on.window.question.method.button, "2")
    assert on.controller.shown.state.view.layer == 1


def test_only_the_view_in_front_works(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.settle()
    table = on.view("middle", "table")
    assert table.texts == []
    deck = on.window.desk.decks["middle"]
    assert not deck.segments.isHidden()
    assert on.window.desk.decks["right"].segments.isHidden(), "one view needs no choice"
    buttons = deck.segments.findChildren(QAbstractButton)
    QTest.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert table.isVisible()
    assert table.texts == [samples.SENTENCE]
    assert on.controller.shown.state.view.view == "table"


def test_the_picture_in_front_is_exported(
    stage: Callable[..., Stage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = stage(settings=Settings(export_folder=str(tmp_path)))
    on.settle()
    asked: list[str] = []

    def choose(parent: QWidget, title: str, start: str, kinds: str) -> tuple[str, str]:
        asked.append(start)
        return str(tmp_path / "figure"), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    QTest.keyClick(on.field, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    sheet = on.window.exporting
    assert sheet.isVisible()
    sheet.save_button.click()
    assert asked == [str(tmp_path / "the-plot-was-thin-but.svg")]
    assert "<svg" in (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert state_in(tmp_path / "figure.svg") == on.controller.shown.state
    assert on.window.status.remark.text() == "Saved figure.svg"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "x.svg"), "SVG (*.svg)"))
    sheet.save_button.click()
    assert "could not be saved" in sheet.notice.text()
    assert sheet.notice.isVisible()


def test_geometry_and_columns_come_back(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.settle()
    on.window.resize(790, 700)  # the offscreen screen has 800 × 800
    application().processEvents()
    remembered = on.window.remembered()
    again = stage(settings=remembered)
    again.settle()
    assert again.window.size() == on.window.size()
    assert again.window.remembered().columns == remembered.columns


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (2560, 1440)])
def test_nothing_is_cut_at_any_size(stage: Callable[..., Stage], size: tuple[int, int]) -> None:
    on = stage(views=viewkit.discover())
    on.window.resize(*size)
    on.settle()
    application().processEvents()
    assert (on.window.width(), on.window.height()) == size
    for child in on.window.findChildren(QAbstractButton):
        if child.isVisible():
            assert child.width() >= min(child.minimumSizeHint().width(), 24), child.accessibleName()
    desk = on.window.desk
    for card in [desk.text, desk.prediction, desk.explanation, *desk.decks.values()]:
        parent = card.parentWidget()
        assert parent is not None
        assert parent.rect().contains(card.geometry()), card.title.full_text()


def test_every_control_can_be_reached_and_named(stage: Callable[..., Stage]) -> None:
    on = stage(views=viewkit.discover())
    on.settle()
    for child in on.window.findChildren(QAbstractButton):
        assert child.accessibleName() or child.text(), child
    reached: set[QWidget] = set()
    for _ in range(200):
        focused = application().focusWidget()
        if focused is None or focused in reached:
            break
        reached.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    window = on.window
    wanted = {
        window.question.model.button,
        window.question.method.button,
        window.question.target.button,
        window.export,
        window.desk.text.field,
    }
    assert wanted | {window.desk.text.examples, window.desk.explanation.copy} <= reached


def test_the_real_views_follow_the_text(stage: Callable[..., Stage]) -> None:
    on = stage(views=viewkit.discover())
    on.settle()
    before = on.window.desk.decks["middle"].grab().toImage()
    on.type("Quite another and shorter film.")
    on.settle()
    application().processEvents()
    assert on.window.desk.decks["middle"].grab().toImage() != before
    widgets = [on.window.desk.decks[place].widget(view.id) for view in viewkit.discover() for place in [view.place]]
    assert not any(getattr(widget, "failed", False) for widget in widgets)


def test_a_preview_is_marked_and_gives_way(stage: Callable[..., Stage]) -> None:
    on = stage(FakeSession(seconds=0.6, previews=True))
    wait_until(lambda: on.controller.shown.activity is Activity.PREVIEW)
    assert not on.view("middle", "flow").stale
    title = on.window.desk.decks["middle"].title.full_text()
    assert title.endswith(" · preview")
    assert on.window.status.doing.text().startswith("Preview")
    on.settle()
    assert on.window.desk.decks["middle"].title.full_text() == title.removesuffix(" · preview")
    assert on.window.status.doing.text().startswith("Up to date")


def test_a_missing_flow_is_one_click_from_decompx(stage: Callable[..., Stage]) -> None:
    class Wordless(FakeSession):
        def run(self, request: Request, context: RunContext) -> Explanation:
            made = super().run(request, context)
            return made if request.method == "decompx" else replace(made, **samples.words_alone())  # type: ignore[arg-type]

    on = stage(Wordless(), views=viewkit.discover(), state=AppState(text=samples.SENTENCE, method="alti"))
    on.settle()
    flow = on.window.desk.decks["middle"].widget("flow")
    assert isinstance(flow, FlowView)
    assert flow.offer.button.isVisible()
    on.window.export.click()
    assert on.window.exporting.form.what.button.text_shown() == "Show Everything together", "there is no flow to export"
    on.window.exporting.close_button.click()
    flow.offer.button.setFocus()
    QTest.keyClick(flow.offer.button, Qt.Key.Key_Space)
    on.settle()
    assert on.session.asked[-1].method == "decompx"
    assert flow.canvas.isVisible()
    assert on.window.export.isEnabled()


def test_a_gap_that_is_missing_is_said_in_the_empty_window(stage: Callable[..., Stage]) -> None:
    error = GapError("There is no gap to fill", "None is left out.", "Write [MASK] in place of a word.", "[MASK]")
    on = stage(FakeSession(raises=lambda asked: None if "[MASK]" in asked.text else error))
    on.type("The keys are here.")
    wait_until(lambda: on.controller.shown.failure is not None)
    assert on.window.question.target.notice.isHidden()
    assert "press “Insert gap”" in on.window.desk.text.notice.text()
    said = [label.text() for label in on.window.desk.decks["middle"].findChildren(QLabel) if label.isVisible()]
    assert "None is left out.\nWrite [MASK] in place of a word." in said
    on.window.desk.text.leave_out.click()
    on.settle()
    assert on.session.asked[-1].text == "The keys are [MASK]."
    assert on.window.desk.text.leave_out.isHidden()


def test_a_second_text_reaches_the_engine_and_leaves_it_again(stage: Callable[..., Stage]) -> None:
    class Pairing(FakeSession):
        def run(self, request: Request, context: RunContext) -> Explanation:
            made = super().run(request, context)
            return replace(made, model=replace(made.model, takes_pairs=True))

    on = stage(Pairing())
    on.settle()
    text = on.window.desk.text
    assert text.add_second.isVisible()
    text.add_second.click()
    assert text.second.isVisible()
    QTest.keyClicks(text.second, "Why?")
    on.settle()
    assert on.session.asked[-1].pair == "Why?"
    text.remove_second.click()
    on.settle()
    assert on.session.asked[-1].pair is None
    on.controller.undo()
    assert text.second.toPlainText() == "Why?"


def test_glosses_are_a_way_of_looking_that_can_be_taken_back(stage: Callable[..., Stage]) -> None:
    on = stage(views=viewkit.discover())
    wait_until(lambda: len(on.session.asked) == 2)  # the picture, and the maps of the layer that is looked at
    on.settle()
    known = Annotation((AnnotatedWord("plot", "story"),))
    on.window.desk.text.annotation_changed.emit(known)
    assert on.controller.shown.state.view.annotation == known
    assert on.window.desk.text.glosses.text() == "Glosses…"
    on.controller.undo()
    assert on.controller.shown.state.view.annotation is None
    assert len(on.session.asked) == 2, "the engine has nothing to do with it"


def test_however_long_a_word_is_the_cards_keep_to_their_column(stage: Callable[..., Stage]) -> None:
    on = stage(views=viewkit.discover(), state=AppState(text="Rindfleischetikettierungsueberwachung" * 3))
    on.settle()
    card = on.window.desk.text
    column = card.parentWidget()
    assert column is not None
    assert column.width() <= column.parentWidget().width()


def test_a_word_is_chosen_where_the_model_answers_for_each(stage: Callable[..., Stage]) -> None:
    class Tagging(FakeSession):
        def run(self, request: Request, context: RunContext) -> Explanation:
            made = super().run(request, context)
            model = replace(made.model, head=Head.TOKEN_CLASSIFICATION)
            return replace(made, model=model, position=1 if request.position is None else request.position)

    on = stage(Tagging(), views=viewkit.discover())
    on.settle()
    assert on.window.question.place.isVisible()
    assert on.window.question.place.button.text_shown() == "At The"
    on.window.question.place.place_chosen.emit(Place(4, 2))
    on.settle()
    assert on.session.asked[-1].position == 2
    assert on.window.question.place.button.text_shown() == "At plot"
    assert on.window.desk.prediction.title.full_text() == "Prediction at “plot”"


def test_closing_while_a_run_is_on_leaves_no_thread(stage: Callable[..., Stage]) -> None:
    on = stage(FakeSession(seconds=5))
    wait_until(lambda: len(on.session.asked) == 1)
    assert isinstance(on.session.asked[0], Request)
    on.window.close()
    on.bridge.shutdown()
    assert on.bridge.worker.isFinished()
