"""The Compare page in the whole window: what it shows, what it tells, and that everybody can use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFont, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

import gui.compare.paneview
from engine.contract import Failure, FailureKind
from gui.compare.difference import Difference, Pane
from gui.compare.marked_field import MarkedField
from gui.compare.pane import Hit, PaneFigure
from gui.compare.paneview import SMALLEST, PaneView
from gui.compare.side import predicted_words
from gui.controls.chooser import Popup
from gui.controls.entry import Entry
from gui.paint.palette import Palette
from gui.state import Compared, ComparedAs, Grouping
from tests.gui import samples
from tests.gui.compare.comparing import FIRST, SECOND, Comparing, comparing
from tests.gui.dressed import controls, tabbed
from tests.gui.stage import application
from tests.gui.test_access import name_of, reachable, told_of


@pytest.fixture
def on() -> Iterator[Comparing]:
    with comparing() as made:
        yield made


def bold(field: MarkedField) -> list[str]:
    """The stretches of a one-line text that are written bold."""
    layout = field.document().begin().layout()
    text = field.toPlainText()
    return [
        text[one.start : one.start + one.length]
        for one in layout.formats()
        if one.format.fontWeight() == QFont.Weight.DemiBold
    ]


def marked(field: MarkedField) -> list[str]:
    """The stretches that are lit up."""
    selections = field.extraSelections()
    return [one.cursor.selectedText() for one in selections]


def choose(opener: QWidget, title: str) -> None:
    """Open a menu with a click and take the entry called so."""
    QTest.mouseClick(opener, Qt.MouseButton.LeftButton)
    popup = application().activePopupWidget()
    assert isinstance(popup, Popup)
    entry = next(entry for entry in popup.findChildren(Entry) if entry.accessibleName() == title)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    application().processEvents()


def point(pane: PaneView, word: str) -> Hit:
    """Move over a pane until this word lights up."""
    made = pane._difference
    assert made is not None
    for across in range(30, pane.canvas.width(), 12):
        for down in range(0, pane.canvas.height(), 6):
            pane.canvas.moved.emit(QPointF(across, down))
            hit = pane._hit
            if hit is not None and hit.row is not None and word in made.shown[hit.row].label:
                return hit
    raise AssertionError(f"nothing that can be pointed at is called {word}")


def picture(pane: PaneView) -> QImage:
    return pane.canvas.grab().toImage()


def test_control_d_turns_to_the_board_and_back(on: Comparing) -> None:
    window = on.window
    assert on.seen(on.board, window.desk) == [True, False]
    assert window.compare.isChecked()
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    on.finish()
    assert on.seen(on.board, window.desk) == [False, True]
    assert window.desk.text.field.toPlainText() == SECOND, "B is kept"
    assert not window.compare.isChecked()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    on.finish()
    assert (on.board.first.field.toPlainText(), on.board.second.field.toPlainText()) == (FIRST, SECOND)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    on.finish()
    assert on.seen(on.board, window.desk) == [False, True]
    QTest.mouseClick(window.compare, Qt.MouseButton.LeftButton)
    on.finish()
    assert on.board.second.field.hasFocus(), "what is written next is B"
    assert on.board.first.field.toPlainText() == SECOND


def test_both_sentences_are_live_and_what_differs_is_bold(on: Comparing) -> None:
    first, second = on.board.first.field, on.board.second.field
    assert (bold(first), bold(second)) == (["good"], ["bad"])
    first.setFocus()
    first.moveCursor(first.textCursor().MoveOperation.End)
    QTest.keyClicks(first, " At all.")
    assert on.shown.state.comparison is not None
    assert on.shown.state.comparison.text == f"{FIRST} At all."
    assert bold(first) == ["good", "At all."], "at once, before any answer"
    QTest.keyClicks(second, "X")
    assert on.shown.state.text == f"X{SECOND}" or "X" in on.shown.state.text
    on.finish()
    assert not on.shown.stale
    assert not on.shown.first_stale


def test_marking_letters_is_no_edit(on: Comparing) -> None:
    on.finish()
    count, told = len(on.bridge.requests), []
    on.board.first.text_edited.connect(told.append)
    for field in (on.board.first.field, on.board.second.field):
        field._marker.rehighlight()
        field.show_marks(((0, 3),), "")
    application().processEvents()
    assert told == []
    assert len(on.bridge.requests) == count
    assert on.shown.state.comparison is not None
    assert on.shown.state.comparison.text == FIRST


def test_each_card_says_what_the_model_answers_there(on: Comparing) -> None:
    # e / (e + 1/e) = 0.88: explained for both is what is predicted for A.
    assert on.board.first.predicted.full_text() == "Positive 0.88\u2003Negative 0.12"
    assert on.board.second.predicted.full_text() == "Positive 0.12\u2003Negative 0.88"
    on.controller.text_edited("Another bad plot.")
    assert not on.board.second.predicted.isEnabled(), "dimmed with the picture"
    assert on.board.first.predicted.isEnabled()


def test_an_answer_that_is_likelier_than_both_explained_is_told_too() -> None:
    made = samples.filling("The keys [MASK] here.", target=2, against=0)
    assert predicted_words(made) == "was <0.01\u2003is 0.01\u2003are 0.02"
    assert predicted_words(replace(made, target=1, against=-1)) == "are 0.02\u2003is 0.01"


def test_the_status_line_counts_both(on: Comparing) -> None:
    assert on.window.status.tokens.text() == "2\u00a0×\u00a07 tokens"
    on.controller.text_edited("A bad plot.")
    on.finish()
    assert on.window.status.tokens.text() == "7 and 6 tokens"


def test_what_differs_has_its_chooser_and_the_rest_is_shared(on: Comparing) -> None:
    board, window = on.board, on.window
    first, second = board.first, board.second
    assert on.seen(board.both, first.field, first.method, first.model, first.layer) == [
        False,
        True,
        False,
        False,
        False,
    ]
    choose(board.strip.compared, "Two methods")
    on.finish()
    assert on.shown.state.comparison is not None
    assert on.shown.state.comparison.compared is Compared.METHODS
    assert on.seen(board.both, board.both.field, first.field, first.method, second.method) == [
        True,
        True,
        False,
        True,
        True,
    ]
    assert on.seen(window.question.method, window.question.model) == [False, True], (
        "what is compared is chosen on the cards"
    )
    choose(first.method.button, "GlobEnc")
    on.finish()
    assert (on.shown.state.comparison.method, on.shown.state.method) == ("globenc", "decompx")
    choose(board.strip.compared, "Two models")
    on.finish()
    assert on.seen(window.question.method, window.question.model, first.model, second.model) == [
        True,
        False,
        True,
        True,
    ]
    assert on.seen(first.predicted, board.both.predicted) == [True, False], "two models answer each for themselves"
    choose(board.strip.compared, "Two layers")
    on.finish()
    assert on.seen(first.layer, second.layer, board.strip.layer, board.both.predicted) == [True, True, False, True]
    choose(first.layer, "Layer 6")
    on.finish()
    assert on.shown.state.comparison.layer == 5
    assert first.layer.text() == "Layer 6"
    board.both.field.moveCursor(board.both.field.textCursor().MoveOperation.Start)
    QTest.keyClicks(board.both.field, "So ")
    assert on.shown.state.text.startswith("So "), "the sentence of both is B's"


def test_the_strip_changes_how_both_are_looked_at(on: Comparing) -> None:
    strip = on.board.strip
    strip.flow.coverage.setValue(55)
    strip.flow.grouping_chosen.emit(Grouping.THIRDS)
    strip.flow.words.click()
    view = on.shown.state.view
    assert (view.coverage, view.grouping, view.whole_words) == (0.55, Grouping.THIRDS, False)
    maps = next(button for button in strip.picture.children() if getattr(button, "text", str)() == "Maps")
    QTest.mouseClick(maps, Qt.MouseButton.LeftButton)
    assert on.shown.state.view.compared_as is ComparedAs.MAPS
    assert on.seen(strip.flow, strip.rows, strip.component, strip.layer) == [False, True, True, True]
    choose(strip.component, "Attention")
    choose(strip.layer, "Layer 2")
    assert (on.shown.state.view.component, on.shown.state.view.layer) == ("attention", 1)
    on.board.statement.scale.click()
    assert not on.shown.state.view.one_scale
    on.finish()
    assert not any(pane.failed for pane in on.panes)


@pytest.mark.parametrize("compared_as", list(ComparedAs))
def test_the_pointer_lights_the_same_line_in_all_three_and_in_the_sentences(
    on: Comparing, compared_as: ComparedAs
) -> None:
    on.controller.looked(replace(on.shown.state.view, compared_as=compared_as))
    on.finish()
    before = [picture(pane) for pane in on.panes]
    hit = point(on.panes[0], "good")
    on.settle()
    assert [pane._hit for pane in on.panes] == [hit] * 3
    assert all(picture(pane) != was for pane, was in zip(on.panes, before, strict=True))
    assert [marked(card.field) for card in (on.board.first, on.board.second)] == [["good"], ["bad"]]
    assert "A" in hit.words
    assert "B" in hit.words
    on.panes[0].canvas.left.emit()
    on.settle()
    assert [picture(pane) == was for pane, was in zip(on.panes, before, strict=True)] == [True] * 3
    assert marked(on.board.first.field) == []


def test_the_keyboard_walks_from_word_to_word(on: Comparing) -> None:
    pane = on.panes[2]
    pane.setFocus()
    rows = []
    for _ in range(3):
        QTest.keyClick(pane, Qt.Key.Key_Down)
        assert pane._hit is not None
        rows.append(pane._hit.row)
    QTest.keyClick(pane, Qt.Key.Key_Up)
    assert rows == [0, 1, 2]
    assert pane._hit is not None
    assert pane._hit.row == 1
    assert pane.canvas.accessibleDescription() == pane._hit.words


def test_the_keyboard_walks_over_the_cells_of_a_map(on: Comparing) -> None:
    on.controller.looked(replace(on.shown.state.view, compared_as=ComparedAs.MAPS))
    on.finish()
    pane, cells = on.panes[0], []
    pane.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(pane, key)
        assert pane._hit is not None
        cells.append((pane._hit.receiver, pane._hit.row))
    (receiver, source), *rest = cells
    assert receiver == 0
    assert source is not None
    assert rest == [(1, source), (1, source - 1), (0, source - 1)]


def test_what_is_on_its_way_is_dimmed_where_it_belongs(on: Comparing) -> None:
    on.controller.first_text_edited("A good one.")
    assert [pane.canvas._stale for pane in on.panes] == [True, False, True]
    assert not on.board.statement.words.isEnabled()
    on.finish()
    assert [pane.canvas._stale for pane in on.panes] == [False] * 3
    on.controller.text_edited("A bad one.")
    assert [pane.canvas._stale for pane in on.panes] == [False, True, True]


def test_a_failure_is_said_on_its_own_card_and_an_empty_one_too(on: Comparing) -> None:
    board = on.board
    on.controller.first_text_edited("Much too long.")
    on.controller._inquiry._pause.end()
    generation = on.bridge.requests[-1].generation
    on.controller.outcome_arrived(
        Failure(generation, FailureKind.USER, "text", "Too long", "600 tokens.", "Shorten it.")
    )
    assert "Too long" in board.first.notice.text()
    assert on.seen(board.first.notice, board.second.notice, board.both.notice) == [True, False, False]
    on.controller.first_text_edited(FIRST)
    on.finish()
    assert on.seen(board.first.notice) == [False]
    on.controller.text_edited(" ")
    assert on.seen(board.first.notice, board.second.notice) == [False, True]


def test_swapping_is_one_click(on: Comparing) -> None:
    QTest.mouseClick(on.board.swap, Qt.MouseButton.LeftButton)
    on.finish()
    assert (on.board.first.field.toPlainText(), on.board.second.field.toPlainText()) == (SECOND, FIRST)
    assert on.board.first.predicted.full_text().startswith("Negative 0.88"), "the answer of the new A is explained"


def test_a_pane_that_cannot_be_drawn_costs_itself_alone(on: Comparing, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = gui.compare.paneview.pane_figure

    def broken(difference: Difference, pane: Pane, rect: object, palette: Palette) -> PaneFigure:
        if pane is Pane.DIFFERENCE:
            raise RuntimeError("broken on purpose")
        return drawn(difference, pane, rect, palette)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(gui.compare.paneview, "pane_figure", broken)
    on.controller.text_edited("A bad day.")
    on.finish()
    assert [pane.failed for pane in on.panes] == [False, False, True]
    monkeypatch.undo()
    on.controller.text_edited("A bad night.")
    on.finish()
    assert not any(pane.failed for pane in on.panes)


@pytest.mark.parametrize("compared", list(Compared))
def test_everything_is_named_told_and_reached_by_tab(on: Comparing, compared: Compared) -> None:
    on.controller.compared_chosen(compared)
    on.finish()
    found = [widget for widget in controls(on.board) if not isinstance(widget, PaneView) or widget.isVisible()]
    assert [widget for widget in found if not name_of(widget)] == []
    assert [name_of(widget) for widget in found if not told_of(widget) and not isinstance(widget, PaneView)] == []
    on.board.take_focus()
    focused = application().focusWidget()
    assert focused is not None
    visited = tabbed(focused)
    missed = [name_of(widget) for widget in found if widget.isEnabled() and widget not in reachable(on.window, visited)]
    assert missed == []
    assert set(on.panes) <= set(visited)


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (2560, 1440)], ids=str)
@pytest.mark.parametrize("percent", [100, 150])
def test_nothing_is_cut_and_nothing_overlaps(size: tuple[int, int], percent: int) -> None:
    with comparing("dark", percent, size) as on:
        for compared in Compared:
            on.controller.compared_chosen(compared)
            on.finish()
            for compared_as in ComparedAs:
                on.controller.looked(replace(on.shown.state.view, compared_as=compared_as))
                on.settle()
                assert (on.window.width(), on.window.height()) == size
                _check_layout(on)


def _check_layout(on: Comparing) -> None:
    board = on.board
    blocks = [board.both, board.first, board.swap, board.second, board.strip, *board.cards.values(), board.statement]
    places = [_place(block, on.window) for block in blocks if block.isVisible()]
    assert all(on.window.rect().contains(place) for place in places)
    assert not [(one, two) for at, one in enumerate(places) for two in places[at + 1 :] if one.intersects(two)]
    assert all(pane.canvas.width() >= SMALLEST[0] and pane.canvas.height() >= SMALLEST[1] for pane in on.panes)
    assert len({pane.canvas.height() for pane in on.panes}) == 1, "lines of all three line up"
    for widget in controls(board):
        around = widget.parentWidget()
        assert around is not None
        assert around.rect().contains(widget.geometry()), name_of(widget)
        if not isinstance(widget, (PaneView, MarkedField)):
            assert widget.width() >= widget.minimumSizeHint().width(), name_of(widget)


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


@pytest.fixture
def paired(on: Comparing) -> Comparing:
    """Both sides are pairs with the same second text."""
    on.controller.pair_edited("It rained.")
    on.controller.comparison_changed(replace(on.shown.state.comparison, pair="It rained."))
    on.finish()
    return on


def test_the_second_text_of_either_side_is_written_on_its_card(paired: Comparing) -> None:
    board = paired.board
    assert paired.seen(board.first.pair, board.second.pair, board.both.pair) == [True, True, False]
    assert (board.first.pair.toPlainText(), board.second.pair.toPlainText()) == ("It rained.", "It rained.")
    board.second.pair.setFocus()
    QTest.keyClicks(board.second.pair, "?")
    paired.finish()
    assert paired.shown.state.pair == "It rained.?"
    assert paired.shown.state.comparison.pair == "It rained."
    board.first.pair.setFocus()
    QTest.keyClicks(board.first.pair, "!")
    paired.finish()
    assert (paired.shown.state.comparison.pair, paired.shown.state.pair) == ("It rained.!", "It rained.?")
    assert paired.bridge.requests[-1].pair == "It rained.!"
    paired.controller.undo()
    assert paired.shown.state.comparison.pair == "It rained."


def test_what_differs_in_a_second_text_is_bold_and_a_single_text_has_no_second(paired: Comparing) -> None:
    board = paired.board
    paired.controller.pair_edited("It snowed.")
    paired.finish()
    assert board.first.pair._marker.bold == ((3, 9),)
    assert board.second.pair._marker.bold == ((3, 9),)
    assert board.first.pair.accessibleName() != board.second.pair.accessibleName()
    paired.controller.pair_edited(None)
    paired.finish()
    assert paired.seen(board.first.pair, board.second.pair) == [True, False]


def test_of_two_methods_both_share_one_second_text(paired: Comparing) -> None:
    board = paired.board
    paired.controller.compared_chosen(Compared.METHODS)
    paired.finish()
    assert paired.seen(board.first.pair, board.second.pair, board.both.pair) == [False, False, True]
    board.both.pair.setFocus()
    QTest.keyClicks(board.both.pair, "?")
    assert paired.shown.state.pair == "It rained.?"
