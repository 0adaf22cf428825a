"""What a PDF's letters say: Qt writes glyphs, and from glyphs alone no reader gets words back in many scripts.

While a figure is painted every text has a colour of its own, so that its glyphs are found again in the page. There the
colours are put right, and around the glyphs the text is written as it was meant (``ActualText``): complete and in the
order it is read, which is what is searched, copied and read aloud. Not around texts with letters that run to the left:
readers turn those round a second time. They, too, are read right from their glyphs once each stands for a plain letter
(``ToUnicode``), which Qt gives as shapes of letters: Arabic ends, Latin ligatures, parts of Chinese signs.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QGlyphRun, QImage, QPaintDevice, QPainter, QTextLayout

from gui.figures.xml_text import legal
from gui.paint.typeface import has_images, is_image

FINE = 6  # dots to the pixel of signs that exist as images only

SIGN = 12345  # of 65535: the red of texts' colours while they are painted, which is no red of 256
COLOUR = re.compile(rb"/CSp (cs|CS)\n([.\d]+) ([.\d]+) ([.\d]+) (scn|SCN)\n")
SHOWN = re.compile(rb"q\n(/CSp cs\n([.\d]+) ([.\d]+) ([.\d]+) scn\n)(/\w+ gs\n)BT\n(.*?)ET\nQ\n", re.DOTALL)
LETTERS = re.compile(rb"(?<=[\[ ])<([0-9A-F]{4})> ")
ALPHABET = re.compile(rb"<< /Length \d+ >>\nstream\n(/CIDInit.*?)\nendstream", re.DOTALL)
CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
STREAM = re.compile(rb"(.*?/Length (\d+) 0 R.*?\nstream\n)(.*)(\nendstream\n.*)", re.DOTALL)
CLOSED = b"EMC\nET\nQ\n"
SHAPES = (("\u2e80", "\u2fdf"), ("\uf900", "\ufdff"), ("\ufe30", "\ufeff"))  # signs' parts, ligatures, forms
ENTRY = re.compile(rb"(\d{10}) \d{5} n")


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and the colour it is to have."""

    text: str
    colour: QColor


class PdfPainter(QPainter):
    """Paints each text in a colour that is the text's number in ``said``."""

    def __init__(self, device: QPaintDevice) -> None:
        super().__init__(device)
        self.said: list[Said] = []

    def drawText(self, at: QPointF, text: str) -> None:  # type: ignore[override]
        """As QPainter's: one line, its beginning on the baseline at ``at``."""
        pen, number = self.pen(), len(self.said)
        self.said.append(Said(text, pen.color()))
        own = pen.color().rgba64()
        own.setRed(SIGN)
        own.setGreen(number >> 16)
        own.setBlue(number & 0xFFFF)
        self.setPen(QColor.fromRgba64(own))
        if has_images(text, self.font()):
            self._draw_runs(at, text)
        else:
            super().drawText(at, text)
        self.setPen(pen)

    def _draw_runs(self, at: QPointF, text: str) -> None:
        """What has outlines as letters, the rest as images: as letters Qt leaves it out, here and ever after."""
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        start = at - QPointF(0, line.ascent())
        for run in layout.glyphRuns():
            if is_image(run):
                self._draw_image(start, run)
            else:
                self.drawGlyphRun(start, run)

    def _draw_image(self, start: QPointF, run: QGlyphRun) -> None:
        font = run.rawFont()
        left, down = run.positions()[0].x(), run.positions()[0].y()
        width = sum(advance.x() for advance in font.advancesForGlyphIndexes(run.glyphIndexes()))
        room = QRectF(left, down - font.ascent(), width, font.ascent() + font.descent())
        image = QImage((room.size() * FINE).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.scale(FINE, FINE)
        painter.drawGlyphRun(-room.topLeft(), run)
        painter.end()
        self.drawImage(room.translated(start), image)


def with_words(data: bytes, said: list[Said]) -> bytes:
    """The one-page file Qt has written from a :class:`PdfPainter`, its texts in their colours and with their words."""
    objects, table_at = _objects(data)
    found = CONTENTS.search(data)
    number = int(found[1]) if found else 0
    page = STREAM.fullmatch(objects.get(number, b""))
    if page is None:
        raise ValueError("Qt writes its pages in a way that is not known here")
    content = zlib.compress(_worded(zlib.decompress(page[3]), said))
    objects[number] = page[1] + content + page[4]
    objects[int(page[2])] = b"%d 0 obj\n%d\nendobj\n" % (int(page[2]), len(content))
    plain = {other: ALPHABET.sub(_plain_alphabet, held) for other, held in objects.items() if b"begincmap" in held}
    return _assembled(data, objects | plain, table_at)


def _plain_alphabet(match: re.Match[bytes]) -> bytes:
    letters = LETTERS.sub(_plain, match[1])
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(letters), letters)


def _plain(match: re.Match[bytes]) -> bytes:
    """The letters that a shape of letters stands for."""
    letter = chr(int(match[1], 16))
    if letter == "\t":  # shares the glyph of the space
        plain = " "
    elif any(first <= letter <= last for first, last in SHAPES):
        plain = unicodedata.normalize("NFKC", letter)
    else:
        return match[0]
    return b"<%s> " % plain.encode("utf-16-be").hex().upper().encode()


def _objects(data: bytes) -> tuple[dict[int, bytes], int]:
    """The numbered objects in the order of the file, and where the table of them begins."""
    table_at = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    places = sorted((int(entry), number) for number, entry in enumerate(ENTRY.findall(data, table_at), 1))
    ends = [begin for begin, _ in places[1:]] + [table_at]
    return {number: data[begin:end] for (begin, number), end in zip(places, ends, strict=True)}, table_at


def _assembled(data: bytes, objects: dict[int, bytes], table_at: int) -> bytes:
    """The file anew, with a table of where its objects now are."""
    parts, at, places = [data[: data.index(next(iter(objects.values())))]], 0, {}
    at = len(parts[0])
    for number, content in objects.items():
        places[number] = at
        parts.append(content)
        at += len(content)
    entries = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    trailer = data[data.index(b"trailer", table_at) : data.rindex(b"startxref")]
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + entries
    return b"".join([*parts, table, trailer, b"startxref\n%d\n%%%%EOF\n" % at])


def _worded(page: bytes, said: list[Said]) -> bytes:
    """The page with each text's glyphs marked with the text where they first come, and in its own colour."""
    parts: list[bytes] = []
    told: set[int] = set()
    end, is_open, open_look = 0, False, (-1, b"")
    for match in SHOWN.finditer(page):
        number, between = _number(match), page[end : match.start()]
        look, end = (number, match[5]), match.end()
        if is_open and not between and look == open_look:
            parts.append(match[6])
            continue
        parts += [CLOSED if is_open else b"", between]
        is_open, open_look = number >= 0, look
        if is_open:
            parts += [b"q\n", match[1], match[5], b"BT\n", _marked(said[number].text, number in told), match[6]]
            told.add(number)
        else:
            parts.append(match[0])
    worded = b"".join([*parts, CLOSED if is_open else b"", page[end:]])
    return COLOUR.sub(lambda match: _coloured(match, said), worded)


def _coloured(match: re.Match[bytes], said: list[Said]) -> bytes:
    number = _number(match)
    if number < 0:
        return match[0]
    colour = said[number].colour
    shares = colour.redF(), colour.greenF(), colour.blueF()
    return b"/CSp %s\n%.5g %.5g %.5g %s\n" % (match[1], *shares, match[5])


def _number(match: re.Match[bytes]) -> int:
    """Which text has this colour, -1 for none."""
    red, green, blue = (round(float(match[part]) * 65535) for part in (2, 3, 4))
    return green << 16 | blue if red == SIGN else -1


def _marked(text: str, is_told: bool) -> bytes:
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        return b"/Span BMC\n"
    meant = "" if is_told else legal(text)
    return b"/Span <</ActualText <FEFF%s>>> BDC\n" % meant.encode("utf-16-be").hex().upper().encode()
