from __future__ import annotations

import csv
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gui.annotation import AnnotatedWord, Annotation
from gui.paint.numerals import MINUS
from gui.paint.palette import LIGHT, PALETTES
from gui.paint.table_columns import Tail
from gui.paint.table_numbers import table_numbers
from gui.paint.table_picture import table_figure, table_look
from gui.state import Hover, Sorting, ViewState
from gui.told.table_prose import tell_table
from gui.views.table import TableView, figure
from tests.gui import samples
from tests.gui.pictures import far, painted

HEBREW = "הסרט היה ארוך מדי, אבל השחקנים היו נפלאים באמת"
# [CLS] The plot was thin , but the actors were absolu tely wonder ful . [SEP]
SCORES = np.array([0.5, 0.1, -1.25, 0, -2, 0, 0.1, 0, 0, 0, 1, 1, 2, 2.26, 0, 0.25])
GLOSSES = Annotation((AnnotatedWord("the", "the", "DET", 2, "det"), AnnotatedWord("plot", "", "NOUN", 0, "root")))


def explained(**changes):
    given = {"scores": SCORES, "scores_all": np.stack([-SCORES / 2, SCORES / 2]), "bias": np.array([0.4, -0.3])}
    return samples.explanation(**(given | changes))


def mixing(**changes):
    given = {"scores": np.abs(SCORES), "unit": "fraction", "signed": False, "explains_answer": False}
    return samples.explanation(**samples.words_alone(**(given | changes)))


def column(numbers, identifier):
    return next(column for column in numbers.columns if column.id == identifier)


def titles(numbers):
    return [column.title for column in numbers.columns]


def words(numbers, sorting=None):
    return [column(numbers, "word").texts[line] for line in numbers.order(sorting)]


def test_every_word_has_its_number_and_its_share():
    numbers = table_numbers(explained(), ViewState())
    assert titles(numbers) == ["#", "word", "share", "coming in", "Negative", "Positive"]
    by_word = dict(zip(column(numbers, "word").texts, column(numbers, "share").texts, strict=True))
    assert by_word["wonderful"] == "+4.26"
    assert by_word["thin"] == f"{MINUS}2.00"
    assert by_word["was"] == "0.00"
    assert column(numbers, "number").texts[:4] == ("", "1", "2", "3"), "the model's own marks have no number"
    assert column(numbers, "class 0").texts[4] == "+1.00"


def test_the_last_lines_add_up():
    numbers = table_numbers(explained(), ViewState())
    share = column(numbers, "share").values
    assert numbers.tails == (Tail.BASELINE, Tail.SUM)
    assert share[-2] == pytest.approx(-0.7)
    assert share[-1] == pytest.approx(share[:-1].sum()) == pytest.approx(SCORES.sum() - 0.7)
    flow = explained().flow
    coming = column(numbers, "coming in").values
    assert coming[-2] == pytest.approx(flow.bias.sum())
    assert coming[-1] == pytest.approx(flow.total)


def test_what_is_hidden_is_counted_in_a_line_of_its_own():
    numbers = table_numbers(explained(), ViewState(show_special=False))
    assert numbers.tails == (Tail.HIDDEN, Tail.BASELINE, Tail.SUM)
    assert words(numbers)[-3] == "hidden: [CLS], [SEP]"
    share = column(numbers, "share").values
    assert share[-3] == pytest.approx(0.75)
    assert share[-1] == pytest.approx(share[:-1].sum())
    assert numbers.hidden == ("[CLS]", "[SEP]")


def test_a_column_that_says_the_same_twice_is_left_out():
    whole = samples.explanation()
    assert "coming in" not in titles(table_numbers(whole, ViewState()))
    alone = replace(whole, against=-1, explained=(1,), scores_all=whole.scores[None], bias=np.array([0.2]))
    assert titles(table_numbers(alone, ViewState())) == ["#", "word", "share"]
    assert len(table_numbers(samples.filling(), ViewState()).columns) == 3, "no column for a vocabulary"


def test_fractions_are_parts_of_the_whole_and_the_methods_own():
    numbers = table_numbers(mixing(), ViewState())
    assert titles(numbers) == ["#", "word", "share", "own number"]
    share = column(numbers, "share")
    whole = np.abs(SCORES).sum()
    assert share.values[4] == pytest.approx(2 / whole)
    assert share.texts[4].replace("\N{NO-BREAK SPACE}", " ") == f"{200 / whole:.1f} %"
    assert column(numbers, "own number").texts[4] == "2.00"
    assert share.texts[-1].replace("\N{NO-BREAK SPACE}", " ") == "100.0 %"
    assert titles(table_numbers(mixing(scores=np.full(16, 1 / 16)), ViewState())) == ["#", "word", "share"]


def test_points_stand_below_one_another():
    numbers = table_numbers(explained(unit="gradient", signed=False, scores=np.abs(SCORES) / 1000), ViewState())
    share = column(numbers, "share")
    assert share.title == "share (gradient)"
    assert share.texts[4] == "0.00200"
    assert {len(text.split(".")[1]) for text in share.texts if text} == {5}
    assert table_numbers(explained(scores=SCORES / 1e7), ViewState()).columns[2].texts[4] == "0.00"
    tiny = explained(unit="gradient", signed=False, scores=np.abs(SCORES) / 1e7)
    assert column(table_numbers(tiny, ViewState()), "share").texts[4].replace("\N{NO-BREAK SPACE}", " ") == "2 × 10⁻⁷"


def test_logits_get_more_digits_where_every_word_gives_little():
    assert column(table_numbers(explained(scores=SCORES / 100), ViewState()), "share").texts[4] == f"{MINUS}0.020"
    assert column(table_numbers(explained(scores=SCORES / 1000), ViewState()), "share").texts[4] == f"{MINUS}0.0020"


@pytest.mark.parametrize("special", [True, False])
def test_sorting_is_stable_and_leaves_the_tails(special):
    numbers = table_numbers(explained(), ViewState(show_special=special))
    falling = words(numbers, Sorting("share", is_falling=True))
    tails = [tail.value for tail in numbers.tails if tail is not Tail.HIDDEN]
    assert falling[:2] == ["wonderful", "absolutely"]
    assert falling[-2:] == tails
    zeros = [word for word in falling if word in ("was", ",", "the", "actors", "were", ".")]
    assert zeros == ["was", ",", "the", "actors", "were", "."], "equals keep the order of the text"
    rising = words(numbers, Sorting("share", is_falling=False))
    assert rising[:2] == ["thin", "plot"]
    assert [word for word in rising if word in zeros] == zeros
    assert rising[-2:] == tails


def test_words_sort_as_in_a_dictionary_and_numbers_as_in_the_text():
    numbers = table_numbers(explained(), ViewState(show_special=False))
    assert words(numbers, Sorting("word", is_falling=False))[2:7] == ["absolutely", "actors", "but", "plot", "The"]
    assert words(numbers, Sorting("number", is_falling=True))[:3] == [".", "wonderful", "absolutely"]
    text = words(numbers)
    assert words(numbers, Sorting("number", is_falling=False)) == text
    assert words(numbers, Sorting("gloss", is_falling=True)) == text, "a column that is gone sorts nothing"


def test_what_was_pasted_has_columns_of_its_own():
    numbers = table_numbers(samples.explanation("The plot"), ViewState(annotation=GLOSSES))
    assert titles(numbers)[-3:] == ["gloss", "part of speech", "head"]
    assert column(numbers, "gloss").texts == ("", "the", "", "", "", "")
    assert column(numbers, "part of speech").texts[1:3] == ("DET", "NOUN")
    assert column(numbers, "head").texts[1:3] == ("plot · det", "root")
    sorted_words = words(numbers, Sorting("gloss", is_falling=True))
    assert sorted_words[0] == "The", "what says nothing goes last"
    without = replace(GLOSSES, words=tuple(replace(word, gloss="") for word in GLOSSES.words))
    assert "gloss" not in titles(table_numbers(samples.explanation("The plot"), ViewState(annotation=without)))


def test_copied_numbers_are_whole_and_plain():
    numbers = table_numbers(explained(), ViewState())
    text = numbers.separated(numbers.order(None), range(len(numbers.columns)))
    lines = list(csv.reader(text.splitlines(), dialect="excel-tab"))
    assert lines[0] == titles(numbers)
    assert lines[5][:3] == ["4", "thin", "-2"]
    assert MINUS not in text
    assert [float(line[2]) for line in lines[1:-2]] == column(numbers, "share").values[:-2].tolist()
    assert float(lines[-1][3]) == pytest.approx(explained().flow.total, abs=1e-12)
    thirds = table_numbers(explained(scores=(SCORES / 3).astype(np.float32)), ViewState())
    copied = thirds.separated([4], [2]).splitlines()[1]
    assert np.float32(copied) == np.float32(-2 / 3), "no more digits than the run has, and no fewer"


def test_a_quotation_mark_does_not_swallow_the_next_lines():
    numbers = table_numbers(samples.explanation('He said "no" twice'), ViewState())
    text = numbers.separated(numbers.order(None), [1, 2])
    read_back = list(csv.reader(text.splitlines(keepends=True), dialect="excel-tab"))
    assert len(read_back) == 1 + len(numbers.rows) + 2
    assert [line[0] for line in read_back].count('"') == 2


def test_bars_share_one_measure_and_the_models_marks_set_none():
    strong = SCORES.copy()
    strong[0] = 50
    numbers = table_numbers(explained(scores=strong), ViewState())
    ends = {column.title: column.most for column in numbers.columns if column.is_measured}
    assert ends == dict.fromkeys(("share", "coming in", "Negative", "Positive"), pytest.approx(4.26))
    assert column(numbers, "share").reach == (pytest.approx(-2 / 4.26), 1.0)
    assert not column(table_numbers(mixing(), ViewState()), "own number").is_measured


def bar_colours(explanation, word, theme="light"):
    palette = PALETTES[theme]
    rect = QRectF(0, 0, 900, 600)
    drawing = figure(explanation, ViewState(theme=theme), rect, palette)
    numbers = drawing.look.numbers
    image = painted(drawing, 900, 600, palette)
    line = list(drawing.lines).index(column(numbers, "word").texts.index(word))
    widths = drawing._widths()
    cell = drawing._cells(drawing.rect.top() + 0.5 * drawing.look.pixels + (line + 1) * drawing.pitch, widths)[2]
    y = round(cell.center().y())
    numbers_begin = round(cell.right() - drawing.look.rooms[2] - 0.8 * drawing.look.pixels)
    pixels = [image.pixelColor(x, y) for x in range(round(cell.left()) + 4, numbers_begin)]
    return pixels, palette


def test_bars_go_right_in_blue_and_left_in_orange():
    towards, palette = bar_colours(explained(), "wonderful")
    blue = [index for index, colour in enumerate(towards) if colour.blue() > colour.red() + 40]
    against, _ = bar_colours(explained(), "thin")
    orange = [index for index, colour in enumerate(against) if colour.red() > colour.blue() + 40]
    assert blue
    assert orange
    assert max(orange) <= min(blue), "both from the same zero"
    assert len(blue) / len(orange) == pytest.approx(4.26 / 2, rel=0.1)
    nothing, _ = bar_colours(explained(), "was")
    assert sum(far(colour, palette.card) > 40 for colour in nothing) <= 2, "the line of zero alone"


def test_a_bar_beyond_the_scale_is_cut_open():
    strong = SCORES.copy()
    strong[0] = 50
    for scores, gaps in ((strong, 1), (SCORES, 0)):
        pixels, _ = bar_colours(explained(scores=scores), "[CLS]")
        filled = [colour.blue() > colour.red() + 20 for colour in pixels]
        runs = sum(now and not before for before, now in pairwise([False, *filled]))
        assert runs == 1 + gaps


@pytest.mark.parametrize("size", [(480, 360), (1280, 720), (2560, 1440)])
def test_as_many_lines_as_fit_and_the_rest_is_said(size):
    numbers = table_numbers(samples.explanation(" ".join(f"w{index}" for index in range(254))), ViewState())
    drawing = table_figure(numbers, None, QRectF(0, 0, *size), LIGHT)
    assert drawing.lines[-2:] == (256, 257), "baseline and sum stay"
    assert drawing.lines[:3] == (0, 1, 2)
    assert drawing.left_out == 258 - len(drawing.lines) > 0
    assert f"{drawing.left_out} words left out, counted in the sum" in drawing.notes
    bottom = drawing.rect.top() + 0.5 * drawing.look.pixels + (len(drawing.lines) + 1) * drawing.pitch
    assert bottom <= size[1]
    assert len(drawing.lines) > 0.4 * size[1] / (2 * drawing.look.pixels)


def test_the_figure_is_sorted_as_the_screen():
    look = ViewState(sorting=Sorting("share", is_falling=True), show_special=False)
    drawing = figure(explained(), look, QRectF(0, 0, 900, 600), LIGHT)
    assert drawing.notes == ("hidden: [CLS], [SEP]", "sorted by share")
    assert column(drawing.look.numbers, "word").texts[drawing.lines[0]] == "wonderful"
    assert not drawing.left_out


@pytest.mark.parametrize("width", [480.0, 700.0, 1300.0])
def test_columns_fill_the_width_and_long_words_do_not_push_the_numbers_out(width):
    look = table_look(table_numbers(samples.explanation("Donaudampfschifffahrt" * 20), ViewState()), 13)
    widths = look.widths(width)
    assert sum(widths) == pytest.approx(width)
    assert widths[1] <= 0.35 * width
    for index, room in enumerate(look.rooms):
        if index != 1:
            assert widths[index] >= room


def test_numbers_that_are_not_finite_are_refused():
    for changes in ({"scores": SCORES * np.nan}, {"scores_all": np.full((2, 16), np.inf)}):
        with pytest.raises(ValueError, match="not finite"):
            table_numbers(explained(**changes), ViewState())


def told(explanation, view=None):
    paragraphs = tell_table(explanation, view or ViewState())
    return " ".join("".join(run.text for run in paragraph) for paragraph in paragraphs).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_the_columns_and_sums_are_told():
    total = explained().flow
    assert told(explained(), ViewState(show_special=False)) == (
        "A word's share is what it gives to Positive instead of Negative; the largest is that of wonderful, +4.26. "
        f"All shares come to +3.26, the baseline of {MINUS}0.70 included. "
        f"“coming in” is what the word holds where the flow begins; the baseline, +{total.bias.sum():.2f}, "
        "is kept apart there. The columns Negative and Positive hold what each answer gets by itself. "
        "Hidden, but counted: [CLS], [SEP]."
    )
    assert told(mixing()).startswith(
        "A word's share is how much of what reaches [CLS] comes from it; the largest is that of wonderful, 40.7 %. "
        "All shares come to 100.0 %. “own number” is what the method gives before it is made a part of the whole."
    )


@pytest.fixture
def shown():
    widget = TableView()
    widget.resize(760, 640)
    widget.show_result(explained(), ViewState(view="table"), stale=False)
    widget.show()
    widget.grab()
    yield widget
    widget.close()


def heard(signal) -> list:
    told_so_far: list = []
    signal.connect(told_so_far.append)
    return told_so_far


def spot(widget: TableView, row: int, column: int) -> QPoint:
    return widget.grid.visualRect(widget.grid.table.index(row, column)).center()


def test_the_table_needs_no_bar_to_scroll_sideways(shown):
    assert shown.grid.horizontalScrollBar().maximum() == 0
    assert shown.grid.verticalScrollBar().maximum() == 0
    assert shown.grid.table.rowCount() == 16
    assert shown.grid.table.columnCount() == 6
    assert shown.grid.table.rowCount(shown.grid.table.index(0, 0)) == 0


def test_a_click_on_a_heading_asks_for_the_order(shown):
    asked = heard(shown.look_requested)
    head = shown.grid.horizontalHeader()

    def click(section):
        at = QPoint(head.sectionViewportPosition(section) + 20, head.height() // 2)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)

    click(2)
    assert asked[-1].sorting == Sorting("share", is_falling=True)
    click(1)
    assert asked[-1].sorting == Sorting("word", is_falling=False)
    shown.show_result(shown._explanation, asked[0], stale=False)
    click(2)
    assert asked[-1].sorting == Sorting("share", is_falling=False), "again turns round"
    model = shown.grid.table
    assert model.headerData(2, Qt.Orientation.Horizontal) == "share ▾"
    assert model.index(0, 1).data() == "wonderful"
    assert model.index(15, 1).data() == "sum"


def test_the_keyboard_sorts(shown):
    asked = heard(shown.look_requested)
    shown.grid.setCurrentIndex(shown.grid.table.index(3, 5))
    QTest.keyClick(shown.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(shown.grid, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [view.sorting for view in asked] == [Sorting("class 1", True), Sorting("class 1", False)]


def test_numbers_stand_at_the_right_words_where_they_begin(shown):
    model = shown.grid.table

    def side(column):
        return Qt.AlignmentFlag(model.index(4, column).data(Qt.ItemDataRole.TextAlignmentRole))

    assert side(2) & Qt.AlignmentFlag.AlignRight
    assert side(1) & Qt.AlignmentFlag.AlignLeft
    shown.show_result(samples.explanation(HEBREW), ViewState(), stale=False)
    assert side(1) & Qt.AlignmentFlag.AlignRight
    assert side(2) & Qt.AlignmentFlag.AlignRight
    assert shown.grid.columnViewportPosition(0) > shown.grid.columnViewportPosition(2)


def test_copying_takes_what_is_selected_or_all(shown):
    clipboard = QGuiApplication.clipboard()
    shown.grid.clearSelection()
    QTest.keyClick(shown.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert len(clipboard.text().splitlines()) == 17
    QTest.mouseClick(shown.grid.viewport(), Qt.MouseButton.LeftButton, pos=spot(shown, 4, 1))
    QTest.keyClick(shown.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(shown.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(shown.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "word\tshare\nthin\t-2\n,\t0\n"
    shown.copy.click()
    assert len(clipboard.text().splitlines()) == 17, "the button takes everything"
    assert shown.copy.text() == "Copied"
    shown._on_thanked()
    assert shown.copy.text() == "Copy table"


def test_the_sorted_table_is_copied_as_it_is_seen(shown):
    shown.show_result(shown._explanation, ViewState(sorting=Sorting("share", is_falling=True)), stale=False)
    assert shown.grid.copied(everything=True).splitlines()[1].split("\t")[1] == "wonderful"


def test_pointing_and_walking_light_the_word_everywhere(shown):
    hovered = heard(shown.hovered)
    QTest.mouseMove(shown.grid.viewport(), spot(shown, 4, 1))
    assert hovered[-1] == Hover(4)
    shown.show_result(shown._explanation, ViewState(view="table", hover=Hover(4)), stale=False)
    QTest.mouseMove(shown.grid.viewport(), spot(shown, 15, 1))
    assert hovered[-1] is None, "the sum is no word"
    shown.grid.setCurrentIndex(shown.grid.table.index(2, 1))
    assert hovered[-1] == Hover(2)
    shown.grid.viewportEvent(QEvent(QEvent.Type.Leave))
    assert hovered[-1] is None


def test_a_word_lit_elsewhere_is_tinted_wherever_it_was_sorted_to(shown):
    look = ViewState(sorting=Sorting("share", is_falling=True))
    shown.show_result(shown._explanation, look, stale=False)
    cell = shown.grid.visualRect(shown.grid.table.index(0, 1))
    at = (cell.right() - 3, cell.center().y())
    before = shown.grid.viewport().grab().toImage().pixelColor(*at)
    shown.show_result(shown._explanation, replace(look, hover=Hover(13)), stale=False)
    after = shown.grid.viewport().grab().toImage().pixelColor(*at)
    assert far(before, LIGHT.card) <= 2
    assert far(after, LIGHT.card) > 10


def test_hovering_keeps_the_selection(shown):
    shown.grid.setCurrentIndex(shown.grid.table.index(4, 2))
    shown.show_result(shown._explanation, ViewState(view="table", hover=Hover(4)), stale=False)
    assert shown.grid.currentIndex().row() == 4
    shown.show_result(explained(), ViewState(view="table"), stale=False)
    assert (shown.grid.currentIndex().row(), shown.grid.currentIndex().column()) == (4, 2), "a new answer keeps it too"


def test_a_shorter_answer_with_fewer_columns_keeps_no_place_that_is_gone(shown):
    shown.grid.setCurrentIndex(shown.grid.table.index(15, 5))
    shown.show_result(mixing(), ViewState(view="table"), stale=False)
    shown.show_result(samples.explanation("x"), ViewState(view="table"), stale=False)
    shown.grab()
    assert not shown.failed
    index: QModelIndex = shown.grid.currentIndex()
    assert not index.isValid() or index.row() < shown.grid.table.rowCount()


def test_tab_leads_on(shown):
    assert not shown.grid.tabKeyNavigation()
    assert shown.focusProxy() is shown.grid


def test_what_the_pointer_is_told(shown):
    model = shown.grid.table
    assert model.index(4, 2).data(Qt.ItemDataRole.ToolTipRole) == f"thin, share: {MINUS}2.00"
    assert model.headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) == (
        "What the word holds when it comes into the flow, the baseline kept apart. Click to sort."
    )


def test_the_switches_ask_for_other_rows(shown):
    asked = heard(shown.look_requested)
    shown.strip.words.click()
    shown.strip.special.click()
    assert not asked[0].whole_words
    assert not asked[1].show_special
