"""Painting the table of all numbers: the same cells in the window and in a file, where its head and lines are text."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from gui.paint.colour import qcolor
from gui.paint.numerals import counted
from gui.paint.palette import Palette, blend
from gui.paint.table_columns import NUMBER, WORD, Column, Tail
from gui.paint.table_numbers import TableNumbers
from gui.paint.typeface import LEFT, RIGHT, Ink, body_pixels, face, metrics, place, width_of
from gui.state import Sorting

PAD = 0.7  # body heights beside the text of a cell
BAR, LEAST_BAR = 0.46, 2.5  # of a line's height; body heights a bar needs at least
PALE = 0.35  # how far a bar is blended into the card, so that numbers of one hue stay in front
BEYOND = 0.01  # of the scale: a bar that ends later is drawn with a gap
WIDEST = 0.34  # of the table: a longer word is cut with an ellipsis
RISING, FALLING = "▴", "▾"


@dataclass(frozen=True, slots=True, eq=False)
class TableLook:
    """A table in one size: ``rooms`` [column] is what the widest text of each column needs."""

    numbers: TableNumbers
    pixels: int
    rooms: tuple[float, ...]

    def widths(self, whole: float) -> list[float]:
        """[column] pixels: each what it needs, the columns with bars share what is left over."""
        widths = self._needed(LEAST_BAR * self.pixels, whole)
        if sum(widths) > whole:
            widths = self._needed(0.0, whole)
        measured = [index for index, column in enumerate(self.numbers.columns) if column.is_measured]
        spare = max(0.0, whole - sum(widths))
        for index in measured:
            widths[index] += spare / len(measured)
        return widths

    def _needed(self, bar: float, whole: float) -> list[float]:
        columns, pad = self.numbers.columns, 2 * PAD * self.pixels
        heads = [width_of(f"{column.title} {FALLING}", Ink(self.pixels, bold=True)) for column in columns]
        widths = [
            max(head, room + (bar if column.is_measured else 0)) + pad
            for head, room, column in zip(heads, self.rooms, columns, strict=True)
        ]
        words = next(index for index, column in enumerate(columns) if column.id == WORD)
        widths[words] = min(widths[words], max(WIDEST * whole, 6 * self.pixels))
        return widths


def table_look(numbers: TableNumbers, pixels: int) -> TableLook:
    """Measure every text once."""
    ink = Ink(pixels, bold=True)
    rooms = tuple(max(width_of(text, ink) for text in {"", *column.texts}) for column in numbers.columns)
    return TableLook(numbers, pixels, rooms)


def head_text(column: Column, sorting: Sorting | None) -> str:
    """The column's title, with an arrow where the table is sorted by it."""
    if sorting is None or sorting.column != column.id:
        return column.title
    return f"{column.title} {FALLING if sorting.is_falling else RISING}"


def is_flush_right(column: Column) -> bool:
    """Whether its texts end at the right: numbers do, in every script."""
    return column.values is not None or column.id == NUMBER


def _figures(pixels: int, bold: bool) -> QFont:
    """The face of the table: figures of one width, so that they stand in columns."""
    font = face(pixels, bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def paint_cell(painter: QPainter, look: TableLook, palette: Palette, rect: QRectF, at: tuple[int, int]) -> None:
    """The cell of (line, column): its bar, and its text over it."""
    (line, index), numbers = at, look.numbers
    column = numbers.columns[index]
    tail = numbers.tails[line - len(numbers.rows)] if line >= len(numbers.rows) else None
    pad = PAD * look.pixels
    if column.is_measured and tail is None:
        room = QRectF(rect.left() + pad, rect.top(), rect.width() - look.rooms[index] - 2.6 * pad, rect.height())
        _paint_bar(painter, column, palette, room, line)
    is_quiet = tail is Tail.HIDDEN or (tail is None and numbers.rows[line].is_special) or column.id == NUMBER
    ink = Ink(look.pixels, "muted" if is_quiet else "text", bold=tail is Tail.SUM)
    flush = is_flush_right(column) or numbers.right_to_left
    x = rect.right() - pad if flush else rect.left() + pad
    text = place(column.texts[line], ink, (x, rect.center().y()), RIGHT if flush else LEFT, rect.width() - 2 * pad + 1)
    painter.setFont(_figures(look.pixels, ink.bold))
    painter.setPen(qcolor(getattr(palette, ink.role)))
    painter.drawText(QPointF(text.rect.left(), text.baseline), text.text)


def _paint_bar(painter: QPainter, column: Column, palette: Palette, room: QRectF, line: int) -> None:
    """From the column's zero: blue to the right, orange to the left; what lies beyond the scale is cut open."""
    least, most = column.reach
    if column.values is None or room.width() <= 2 or most <= least:
        return
    scale = room.width() / (most - least)
    share = min(most, max(least, float(column.values[line]) / column.most))
    zero = room.left() - least * scale
    end = zero + share * scale
    hue = palette.towards if share >= 0 else palette.against
    if not column.is_signed:
        hue = palette.sequential(0.65)
    tall = BAR * room.height()
    bar = QRectF(min(zero, end), room.center().y() - tall / 2, abs(end - zero), tall)
    is_framed = palette.dashes_against and column.is_signed and share < 0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(qcolor(palette.text), 1, Qt.PenStyle.DashLine) if is_framed else Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(blend(palette.card, hue, 1 - PALE)))
    if bar.width() >= 0.5:
        painter.drawRoundedRect(bar, 1.5, 1.5)
    if abs(float(column.values[line])) > column.most * (1 + BEYOND):
        cut = end - 7 if share > 0 else end + 4
        painter.fillRect(QRectF(cut, room.top() + 1, 3, room.height() - 2), qcolor(palette.card))
    if least < 0:
        painter.setPen(QPen(qcolor(palette.border), 1))
        painter.drawLine(QLineF(zero, room.top() + 3, zero, room.bottom() - 3))


@dataclass(frozen=True, slots=True)
class TableFigure:
    """The table as a finished drawing: as many lines as fit, the tails always."""

    look: TableLook
    lines: tuple[int, ...]
    sorting: Sorting | None
    pitch: float
    rect: QRectF
    palette: Palette

    @property
    def left_out(self) -> int:
        """How many words found no room."""
        return len(self.look.numbers.rows) + len(self.look.numbers.tails) - len(self.lines)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is hidden, how the lines are sorted, and how many found no room."""
        numbers = self.look.numbers
        titles = {column.id: column.title for column in numbers.columns}
        title = titles.get(self.sorting.column, "") if self.sorting else ""
        return tuple(
            note
            for note in (
                f"hidden: {', '.join(numbers.hidden)}" if numbers.hidden else "",
                f"sorted by {title}" if title else "",
                f"{counted(self.left_out, 'word')} left out, counted in the sum" if self.left_out else "",
            )
            if note
        )

    def paint(self, painter: QPainter) -> None:
        """The head, a thin rule under each line, a stronger one over the tails."""
        numbers, palette = self.look.numbers, self.palette
        widths = self._widths()
        top = self.rect.top() + 0.5 * self.look.pixels
        for rect, column in zip(self._cells(top, widths), numbers.columns, strict=True):
            self._paint_head(painter, rect, column)
        for place_in_order, line in enumerate(self.lines):
            y = top + (place_in_order + 1) * self.pitch
            is_first_tail = line == len(numbers.rows)
            painter.setPen(QPen(qcolor(palette.faint if is_first_tail or not place_in_order else palette.grid), 1))
            painter.drawLine(QLineF(self.rect.left(), y, self.rect.left() + sum(widths), y))
            for index, rect in enumerate(self._cells(y, widths)):
                paint_cell(painter, self.look, palette, rect, (line, index))

    def _widths(self) -> list[float]:
        widths = self.look.widths(self.rect.width())
        shrunk = min(1.0, self.rect.width() / sum(widths))
        return [width * shrunk for width in widths]

    def _cells(self, y: float, widths: list[float]) -> list[QRectF]:
        """The cells of one line; the first column stands where the script begins."""
        cells, x = [], self.rect.left()
        for width in widths:
            cells.append(QRectF(x, y, width, self.pitch))
            x += width
        if self.look.numbers.right_to_left:
            both = self.rect.left() + x
            cells = [QRectF(both - cell.right(), y, cell.width(), self.pitch) for cell in cells]
        return cells

    def _paint_head(self, painter: QPainter, rect: QRectF, column: Column) -> None:
        pad = PAD * self.look.pixels
        flush = is_flush_right(column) or self.look.numbers.right_to_left
        at = (rect.right() - pad if flush else rect.left() + pad, rect.center().y())
        ink = Ink(self.look.pixels, "muted", bold=True)
        text = head_text(column, self.sorting)
        place(text, ink, at, RIGHT if flush else LEFT, rect.width() - 2 * pad + 1).paint(painter, self.palette)


def table_figure(numbers: TableNumbers, sorting: Sorting | None, rect: QRectF, palette: Palette) -> TableFigure:
    """Lay the table out for one size: first smaller lines, then fewer."""
    unit = body_pixels(rect.width(), rect.height())
    pixels = round(unit)
    inner = rect.adjusted(0.5 * unit, 0.5 * unit, -0.5 * unit, -0.5 * unit)
    order, tails = numbers.order(sorting), len(numbers.tails)
    roomy = inner.height() / (len(order) + 1.5)
    pixels = max(round(0.8 * unit), min(pixels, int(roomy / 1.5)))
    pitch = max(1.35 * metrics(pixels).height(), min(roomy, 2.2 * pixels))
    fitting = max(1, int(inner.height() / pitch - 0.5 - 1 - tails))
    words = order[: len(numbers.rows)][:fitting]
    return TableFigure(table_look(numbers, pixels), (*words, *order[-tails:]), sorting, pitch, inner, palette)
