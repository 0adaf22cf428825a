"""The sheet that makes files: what is seen is what is written, and every choice is kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton

from engine.contract import Request
from engine.rows import COLUMNS, rows_of
from gui.controls.segments import Segments
from gui.figures.choice import CUSTOM, FigureChoice, choice_in, with_choice
from gui.figures.embedded import state_in
from gui.kept.settings import Settings, load_settings, save_settings
from gui.paint.colour import qcolor
from gui.paint.palette import DARK, LIGHT
from gui.paint.shown_rows import shown_rows
from gui.panels import numbers, table_writing
from gui.panels.exporting import ExportSheet
from gui.state import AppState, Hover
from gui.viewkit import discover
from gui.window import MainWindow
from tests.gui import samples
from tests.gui.pictures import far
from tests.gui.stage import FakeBridge, FakePause, answer, application, wait_until

VIEWS = discover()


class Desk:
    """A window whose answers come when the test says so."""

    def __init__(self, settings: Settings) -> None:
        from engine import registry
        from engine.bundled import bundled_models
        from gui.controller import Controller
        from gui.window import Furniture

        self.bridge = FakeBridge()
        self.pause = FakePause()
        self.controller = Controller(AppState(text=samples.SENTENCE), self.bridge, self.pause)
        self.window = MainWindow(self.controller, Furniture(VIEWS, registry.discover(), bundled_models()), settings)
        self.window.appearance.apply()
        self.window.resize(1440, 900)
        self.window.show()
        self.controller.start()

    @property
    def sheet(self) -> ExportSheet:
        return self.window.exporting

    def answer(self, **changes: object) -> None:
        self.controller.outcome_arrived(answer(self.bridge.requests[-1], **changes))
        application().processEvents()

    def edit(self, text: str) -> None:
        self.controller.text_edited(text)
        self.pause.end()

    def open(self) -> None:
        QTest.keyClick(self.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        application().processEvents()

    def choose(self, segments: Segments, label: str) -> None:
        buttons = (button for button in segments.findChildren(QPushButton) if button.isVisible())
        button = next(button for button in buttons if button.text() == label)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk() -> Iterator[Callable[..., Desk]]:
    application()
    made: list[Desk] = []

    def make(settings: Settings | None = None, *, is_open: bool = True) -> Desk:
        found = Desk(settings or Settings())
        made.append(found)
        found.answer()
        if is_open:
            found.open()
        return found

    yield make
    for one in made:
        one.close()


@pytest.fixture
def saved_as(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], list[str]]:
    """What the person types into the file chooser; the list gets what was proposed."""

    def choose(path: Path) -> list[str]:
        proposed: list[str] = []

        def ask(parent: object, title: str, start: str, kinds: str) -> tuple[str, str]:
            proposed.append(start)
            return str(path), kinds

        monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
        return proposed

    return choose


def saved(on: Desk, button: str = "save_button") -> None:
    QTest.mouseClick(getattr(on.sheet, button), Qt.MouseButton.LeftButton)


# The sheet itself.


def test_ctrl_e_opens_it_beside_the_text_and_esc_closes_it(desk):
    on = desk(is_open=False)
    assert on.sheet.isHidden()
    on.open()
    assert on.sheet.isVisible()
    assert not on.sheet.geometry().intersects(on.window.bar.geometry())
    assert not on.sheet.geometry().intersects(on.window.status.geometry())
    text = on.window.desk.text
    assert on.sheet.geometry().left() > text.mapTo(on.window, text.rect().topRight()).x()
    assert on.sheet.isAncestorOf(on.window.focusWidget())
    QTest.keyClick(on.window.focusWidget(), Qt.Key.Key_Escape)
    assert on.sheet.isHidden()
    assert on.window.focusWidget() is on.window.export


def test_esc_in_the_text_closes_it_too_before_anything_else(desk):
    on = desk()
    on.window.desk.text.field.setFocus()
    QTest.keyClick(on.window.desk.text.field, Qt.Key.Key_Escape)
    assert on.sheet.isHidden()


def test_it_goes_when_the_window_presents_and_is_not_opened_there(desk):
    on = desk()
    on.window.bar.hide()
    assert on.sheet.isHidden()
    on.open()
    assert on.sheet.isHidden()
    on.window.bar.show()
    on.open()
    assert on.sheet.isVisible()


def test_tab_never_leaves_for_what_lies_under_it(desk):
    on = desk()
    under = [region for name, region in on.window.desk.decks.items() if name != "left"]
    seen = set()
    for _ in range(60):
        QTest.keyClick(on.window.focusWidget(), Qt.Key.Key_Tab)
        seen.add(on.window.focusWidget())
    assert {on.sheet.save_button, on.sheet.copy_button, on.sheet.close_button, on.sheet.form.what.button} <= seen
    assert not any(region.isAncestorOf(widget) for region in under for widget in seen)


@pytest.mark.parametrize("size", [(1000, 600), (1280, 720), (2560, 1440)])
@pytest.mark.parametrize("percent", [100, 150])
def test_it_fits_into_every_window(desk, size, percent):
    on = desk(Settings(type_scale=percent))
    on.window.resize(*size)
    application().processEvents()
    assert on.window.rect().contains(on.sheet.geometry())
    for button in (on.sheet.save_button, on.sheet.copy_button, on.sheet.close_button):
        corner = button.mapTo(on.sheet, button.rect().bottomRight())
        assert on.sheet.rect().contains(corner)
        assert button.width() >= button.fontMetrics().horizontalAdvance(button.text())


def test_nothing_is_drawn_while_it_is_closed(desk, monkeypatch):
    on = desk(is_open=False)
    monkeypatch.setattr(on.sheet, "_show_figure", lambda shown: pytest.fail("drawn for nobody"))
    on.edit("A dull film.")
    on.answer()


def test_pointing_at_a_word_draws_nothing_anew(desk):
    on = desk()
    before = on.sheet._figure
    on.controller.hovered(Hover(3))
    assert on.sheet._figure is before


# The figure.


def test_the_preview_is_what_is_written(desk, tmp_path, saved_as):
    on = desk()
    on.choose(on.sheet.form.kinds, "PNG")
    on.choose(on.sheet.form.densities, "1x")
    saved_as(tmp_path / "f.png")
    saved(on)
    written = QImage(str(tmp_path / "f.png"))
    assert (written.width(), written.height()) == (1280, 720)
    paper = on.sheet.preview.paper().toRect()
    shown = on.sheet.preview.canvas.grab().toImage().copy(paper)
    small = written.scaled(
        shown.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    places = [(x, y) for x in range(2, small.width() - 2, 5) for y in range(2, small.height() - 2, 5)]
    unlike = [(x, y) for x, y in places if far(small.pixelColor(x, y), shown.pixelColor(x, y).getRgb()[:3]) > 110]
    assert len(unlike) < 0.01 * len(places)


def test_it_follows_the_text_and_nothing_old_can_be_saved(desk):
    on = desk()
    assert on.sheet.save_button.isEnabled()
    on.edit("A dull film.")
    assert not on.sheet.save_button.isEnabled()
    assert not on.sheet.copy_button.isEnabled()
    on.answer()
    assert on.sheet.save_button.isEnabled()
    assert on.sheet._shown is not None
    assert on.sheet._shown.explanation is not None
    assert on.sheet._shown.explanation.request.text == "A dull film."


def test_every_figure_there_is_can_be_chosen_and_the_first_follows_the_view_in_front(desk):
    on = desk()
    form = on.sheet.form
    ids = [identifier for identifier, _, _ in form.what._offered]
    assert ids[:2] == ["flow", "composition"]
    assert set(ids) == {"flow", "composition", "words", "layers", "heads", "table", "components"}
    for what in ids:
        form.what.figure_chosen.emit(what)
        assert not on.sheet.preview.failed
    form.what.figure_chosen.emit("flow")
    on.controller.view_chosen("table")
    assert form.what.button.text_shown() == "Show Table"
    form.what.figure_chosen.emit("words")
    on.controller.view_chosen("layers")
    assert form.what.button.text_shown() == "Show Words"


def test_a_figure_that_is_gone_gives_way_to_the_first(desk):
    on = desk()
    on.sheet.form.what.figure_chosen.emit("flow")
    on.edit("A dull film.")
    on.answer(**samples.words_alone())
    assert on.sheet.form.what.button.text_shown() == "Show Everything together"
    assert on.sheet.save_button.isEnabled()


@pytest.mark.parametrize(
    ("label", "size"), [("Slide 16:9", (1280, 720)), ("Two columns", (605, 431)), ("Custom", (605, 340))]
)
def test_sizes_reach_the_file(desk, tmp_path, saved_as, label, size):
    on = desk()
    on.choose(on.sheet.form.sizes, label)
    assert on.sheet.form.width_field.isVisible() == (label == "Custom")
    on.choose(on.sheet.form.kinds, "PNG")
    on.choose(on.sheet.form.densities, "300 dpi")
    saved_as(tmp_path / "f.png")
    saved(on)
    written = QImage(str(tmp_path / "f.png"))
    assert written.size() == QSize(*(round(side * 300 / 96) for side in size))
    assert f"{written.width()} × {written.height()} pixels" in on.sheet.paper.text()


def test_colours_are_the_files_own_and_not_the_windows(desk, tmp_path, saved_as):
    on = desk(Settings(appearance="dark"))
    corner = on.sheet.preview.paper().topLeft().toPoint()
    for label, palette in (("Light", LIGHT), ("Dark", DARK)):
        on.choose(on.sheet.form.colours, label)
        shown = on.sheet.preview.canvas.grab().toImage()
        assert far(shown.pixelColor(corner.x() + 4, corner.y() + 4), palette.card) <= 1
        saved_as(tmp_path / f"{label}.svg")
        saved(on)
        assert qcolor(palette.card).name() in (tmp_path / f"{label}.svg").read_text(encoding="utf-8").lower()


def test_letters_may_be_outlines_in_an_svg_alone(desk, tmp_path, saved_as):
    on = desk()
    assert on.sheet.form.outlines.isVisible()
    for is_on, name in ((False, "text.svg"), (True, "shapes.svg")):
        on.sheet.form.outlines.setChecked(is_on)
        saved_as(tmp_path / name)
        saved(on)
        assert ("<text" in (tmp_path / name).read_text(encoding="utf-8")) == (not is_on)
    on.choose(on.sheet.form.kinds, "PDF")
    assert not on.sheet.form.outlines.isVisible()


def test_the_file_brings_the_state_back(desk, tmp_path, saved_as):
    on = desk()
    saved_as(tmp_path / "f.svg")
    saved(on)
    assert state_in(tmp_path / "f.svg") == replace(
        on.controller.shown.state, view=replace(on.controller.shown.state.view, theme="light")
    )


def test_another_ending_typed_by_hand_counts_and_none_is_added_to(desk, tmp_path, saved_as):
    on = desk()
    for name, begins in (("typed.pdf", b"%PDF"), ("dotted.name", None)):
        saved_as(tmp_path / name)
        saved(on)
        path = tmp_path / (name if begins else "dotted.name.svg")
        assert path.read_bytes().startswith(begins or b"<?xml")


def test_the_clipboard_has_shapes_and_pixels(desk):
    on = desk()
    saved(on, "copy_button")
    found = QGuiApplication.clipboard().mimeData()
    assert found.hasFormat("image/svg+xml")
    assert found.hasImage()
    assert on.sheet.copy_button.text() == "Copied"


# The caption.


def drawn_caption(on: Desk) -> str:
    assert on.sheet._figure is not None
    return " ".join(" ".join(line.full for line in on.sheet._figure.lines).split())


def test_the_automatic_caption_is_shown_and_follows_the_figure(desk):
    on = desk()
    field = on.sheet.form.caption.field
    assert field.toPlainText() == drawn_caption(on)
    assert "method DecompX" in field.toPlainText()
    on.sheet.form.what.figure_chosen.emit("components")
    assert field.toPlainText() == drawn_caption(on)
    assert "layer 4 of 6" in field.toPlainText()
    assert not on.sheet.form.caption.note.isVisible()


def test_what_a_person_writes_stays_until_it_is_reset_and_says_whose_it_is(desk):
    on = desk()
    caption = on.sheet.form.caption
    caption.field.setPlainText("Our own\nwords")
    assert drawn_caption(on) == "Our own words"
    assert caption.note.text() == "Your own words."
    on.edit("A dull film.")
    on.answer()
    on.sheet.form.what.figure_chosen.emit("components")
    assert drawn_caption(on) == "Our own words"
    assert "has changed since" in caption.note.text()
    QTest.mouseClick(caption.reset, Qt.MouseButton.LeftButton)
    assert drawn_caption(on) == caption.field.toPlainText() != "Our own words"
    assert not caption.note.isVisible()


def test_a_caption_can_be_switched_off_and_be_empty(desk):
    on = desk()
    on.sheet.form.caption.field.setPlainText("  ")
    assert drawn_caption(on) == ""
    on.sheet.form.caption.reset.click()
    on.sheet.form.captioned.setChecked(False)
    assert drawn_caption(on) == ""
    assert not on.sheet.form.caption.isVisible()


# What is remembered.


def test_choices_are_there_again_at_the_next_start(desk, tmp_path):
    on = desk()
    on.choose(on.sheet.form.kinds, "PNG")
    on.choose(on.sheet.form.sizes, "Custom")
    on.sheet.form.width_field.setValue(12.3)
    on.choose(on.sheet.form.colours, "Grey")
    on.sheet.form.captioned.setChecked(False)
    on.sheet.form.what.figure_chosen.emit("composition")
    on.choose(on.sheet.tabs, "Numbers")
    on.choose(on.sheet.numbers.form.kinds, "TSV")
    on.sheet.numbers.form.switches["flow"].setChecked(True)
    save_settings(tmp_path / "s.json", on.window.remembered())
    again = desk(load_settings(tmp_path / "s.json"))
    wanted = FigureChoice("composition", ".png", CUSTOM, 123, 90, "2x", "grey", False, False)
    assert again.sheet.form.choice == on.sheet.form.choice == wanted
    assert (again.sheet.numbers.form.kind, again.sheet.numbers.form.fields) == (".tsv", ("scores", "flow"))


def test_what_is_no_choice_is_as_on_the_first_start():
    spoiled = Settings(figure_kind=".exe", figure_size="huge", figure_width=-1, figure_density="9x", figure_colours="x")
    assert choice_in(spoiled) == FigureChoice()
    kept = FigureChoice("words", ".pdf", CUSTOM, 50, 60, "600 dpi", "dark", True, False)
    assert choice_in(with_choice(Settings(), kept)) == kept


# The numbers.


def numbers_of(on: Desk) -> numbers.NumbersPage:
    on.choose(on.sheet.tabs, "Numbers")
    return on.sheet.numbers


@pytest.mark.parametrize("kind", ["CSV", "TSV"])
def test_the_rows_that_are_chosen_are_written(desk, tmp_path, saved_as, kind):
    on = desk()
    page = numbers_of(on)
    page.form.switches["maps"].setChecked(True)
    on.choose(page.form.kinds, kind)
    path = tmp_path / f"n.{kind.lower()}"
    proposed = saved_as(path)
    saved(on)
    assert proposed == [str(Path.home() / f"the-plot-was-thin-but.{kind.lower()}")]
    with path.open(encoding="utf-8", newline="") as stream:
        found = list(csv.reader(stream, "excel" if kind == "CSV" else "excel-tab"))
    made = on.controller.shown.explanation
    assert made is not None
    merged = shown_rows(made, on.controller.shown.state.view)
    assert tuple(found[0]) == COLUMNS
    wanted = [[str(cell) for cell in row] for row in rows_of(made, page.form.chosen(), merged)]
    assert found[1:] == wanted
    assert len(wanted) == page.rows == len(merged) + 1 + 7 * len(merged) ** 2
    assert on.window.status.remark.text() == f"Saved {path.name}"


def test_all_layers_say_which_maps_were_never_made(desk):
    on = desk()
    page = numbers_of(on)
    page.form.switches["maps"].setChecked(True)
    one = page.rows
    assert not page.form.missing.isVisible()
    on.choose(page.form.layers, "All layers")
    assert page.rows > 3 * one
    assert "for layer 4 only" in page.form.missing.text()
    assert page.form.missing.isVisible()


def test_what_a_method_has_not_cannot_be_chosen(desk):
    on = desk()
    page = numbers_of(on)
    page.form.switches["flow"].setChecked(True)
    assert {row[9] for row in rows_of(samples.explanation(), page.form.chosen())} == {"scores", "flow"}
    on.edit("A dull film.")
    on.answer(**samples.words_alone())
    assert not page.form.switches["flow"].isEnabled()
    assert page.form.fields == ("scores",)


def test_without_any_numbers_there_is_nothing_to_save(desk):
    on = desk()
    page = numbers_of(on)
    page.form.switches["scores"].setChecked(False)
    assert page.rows == 0
    assert not on.sheet.save_button.isEnabled()
    assert page.count.text() == "Choose which numbers to write."


def test_a_table_is_copied_for_a_spreadsheet(desk):
    on = desk()
    page = numbers_of(on)
    assert on.sheet.copy_button.text() == "Copy table"
    saved(on, "copy_button")
    found = QGuiApplication.clipboard().mimeData()
    lines = list(csv.reader(io.StringIO(found.text(), newline=""), "excel-tab"))
    assert tuple(lines[0]) == COLUMNS
    assert len(lines) == page.rows + 1
    assert found.html().count("<tr>") == page.rows + 1


def test_too_many_rows_are_not_copied(desk, monkeypatch):
    monkeypatch.setattr(numbers, "MOST_COPIED", 3)
    on = desk()
    numbers_of(on)
    assert not on.sheet.copy_button.isEnabled()
    assert on.sheet.save_button.isEnabled()
    assert "Too many rows" in on.sheet.copy_button.toolTip()


def test_a_long_table_is_written_aside_and_can_be_stopped(desk, tmp_path, saved_as, monkeypatch):
    monkeypatch.setattr(table_writing, "MANY", 0)
    on = desk()
    page = numbers_of(on)
    saved_as(tmp_path / "n.csv")
    saved(on)
    wait_until(lambda: on.window.status.remark.text() == "Saved n.csv")
    assert len((tmp_path / "n.csv").read_text(encoding="utf-8").splitlines()) == page.rows + 1

    def endless(*_: object) -> Iterator[tuple[object, ...]]:
        while True:
            yield ("",) * len(COLUMNS)

    monkeypatch.setattr(table_writing, "rows_of", endless)
    saved_as(tmp_path / "m.csv")
    saved(on)
    wait_until(lambda: page.stop.isVisible() and page._writing.done > 0)
    QTest.mouseClick(page.stop, Qt.MouseButton.LeftButton)
    assert not page._writing.is_running
    assert [path.name for path in tmp_path.iterdir()] == ["n.csv"]
    saved(on)
    on.window.close()
    assert not page._writing.is_running, "what is being written ends with the window"
    assert [path.name for path in tmp_path.iterdir()] == ["n.csv"]


def test_a_place_that_cannot_be_written_is_said(desk, tmp_path, saved_as):
    on = desk()
    numbers_of(on)
    saved_as(tmp_path / "none" / "n.xlsx")
    saved(on)
    assert "The numbers could not be saved" in on.sheet.notice.text()
    assert on.sheet.notice.isVisible()


def test_the_answer_of_another_request_is_never_written(desk):
    on = desk()
    numbers_of(on)
    on.edit("A dull film.")
    assert not on.sheet.save_button.isEnabled()
    assert isinstance(on.bridge.requests[-1], Request)
