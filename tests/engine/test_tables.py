"""Tables in files: what is written is read back, and a file is there whole or not at all."""

from __future__ import annotations

import csv
import io
import math
import tracemalloc
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import tables
from engine.errors import TextError
from engine.tables import KINDS, separated, write_table

HEAD = ("sentence", "source", "value")
HOSTILE = ["=1+1", '=cmd|"/C calc"!A0', "+2", "-3", "@SUM(A1)", '"', "a\tb", "a\nb", "a\r\nb", ";", ",", "'", "{=1}"]
SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def read_back(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, "excel-tab" if path.suffix == ".tsv" else "excel"))


def sheets(path):
    """Of every sheet its rows, cells being numbers or texts as the file has them; fails where there is a formula."""
    with zipfile.ZipFile(path) as book:
        assert "xl/vbaProject.bin" not in book.namelist()
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        return [_rows(ElementTree.fromstring(book.read(name))) for name in names]


def _rows(sheet):
    assert sheet.find(".//x:f", SPACE) is None
    pane = sheet.find(".//x:pane", SPACE)
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    return [[_cell(cell) for cell in row] for row in sheet.findall(".//x:row", SPACE)]


def _cell(cell):
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iterfind(".//x:t", SPACE))
    assert cell.get("t") in (None, "n")
    return float(cell.find("x:v", SPACE).text)


@pytest.mark.parametrize("kind", [".csv", ".tsv"])
def test_every_text_and_number_is_read_back_as_it_was(tmp_path, kind):
    path = tmp_path / f"t{kind}"
    lines = [(text, "קול 👨‍👩‍👧 ɡʊ̃t", 0.1 + 0.2) for text in HOSTILE]
    assert write_table(path, HEAD, iter(lines)) == len(HOSTILE)
    found = read_back(path)
    assert tuple(found[0]) == HEAD
    assert [(row[0], row[1], float(row[2])) for row in found[1:]] == lines


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.integers(), st.floats(allow_nan=False)))
)
def test_any_rows_are_read_back_from_the_clipboard(lines):
    found = list(csv.reader(io.StringIO(separated(HEAD, lines), newline=""), "excel-tab"))
    assert [(row[0], int(row[1]), float(row[2])) for row in found[1:]] == lines


def test_excel_reads_numbers_as_numbers_and_no_text_as_a_formula(tmp_path):
    path = tmp_path / "t.xlsx"
    lines = [(text, 3, -1.5e-7) for text in [*HOSTILE, "http://example.org", "12", "true"]]
    assert write_table(path, HEAD, iter(lines)) == len(lines)
    (found,) = sheets(path)
    assert found[0] == list(HEAD)
    assert [row[1:] for row in found[1:]] == [[3.0, -1.5e-7]] * len(lines)
    kept = [row[0] for row in found[1:]]
    assert [text.replace("_x000D_", "\r") for text in kept] == [text for text, _, _ in lines]


def test_no_number_is_written_as_a_text_and_nothing_as_nothing(tmp_path):
    path = tmp_path / "t.xlsx"
    write_table(path, HEAD, [("", math.nan, -math.inf)])
    assert sheets(path)[0][1] == ["nan", "-inf"]


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "SHEET_ROWS", 4)
    path = tmp_path / "t.xlsx"
    assert write_table(path, HEAD, ((str(row), "", row) for row in range(7))) == 7
    found = sheets(path)
    assert [len(rows) for rows in found] == [4, 4, 2]
    assert {tuple(rows[0]) for rows in found} == {HEAD}
    assert [row[-1] for rows in found for row in rows[1:]] == [float(row) for row in range(7)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_of_nothing_has_its_header(tmp_path, kind):
    path = tmp_path / f"t{kind}"
    assert write_table(path, HEAD, iter(())) == 0
    assert (sheets(path)[0] if kind == ".xlsx" else read_back(path)) == [list(HEAD)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_that_breaks_off_leaves_what_was_there(tmp_path, kind):
    path = tmp_path / f"t{kind}"
    path.write_text("before")

    def breaking():
        yield ("a", "b", 1.0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_table(path, HEAD, breaking())
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_text_too_long_for_excel_is_refused(tmp_path):
    long = "x" * (tables.CELL_LETTERS + 1)
    with pytest.raises(TextError, match=r"holds 32767 letters.*Write it as \.csv"):
        write_table(tmp_path / "t.xlsx", HEAD, [(long, "", 1)])
    assert list(tmp_path.iterdir()) == []
    write_table(tmp_path / "t.xlsx", HEAD, [(long[1:], "", 1)])
    assert sheets(tmp_path / "t.xlsx")[0][1][0] == long[1:]


def test_another_ending_and_another_place_are_refused(tmp_path):
    with pytest.raises(TextError, match=r"Use \.csv, \.tsv, \.xlsx"):
        write_table(tmp_path / "t.ods", HEAD, [])
    with pytest.raises(FileNotFoundError):
        write_table(tmp_path / "none" / "t.csv", HEAD, [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_table_takes_no_more_memory_than_a_short_one(tmp_path, kind):
    def peak(count):
        tracemalloc.start()
        write_table(tmp_path / f"t{kind}", HEAD, ((f"sentence {row}", "word", row / 7) for row in range(count)))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)  # what is loaded once
    assert peak(20_000) < peak(500) + 300_000
