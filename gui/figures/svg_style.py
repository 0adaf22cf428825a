"""How things look, in SVG's attributes: each begins with a space, and what is usual is not said."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPen, QTransform

from gui.figures.svg_path import number
from gui.figures.xml_text import BLANK, escaped, is_right_to_left

# What the file says once, for everything in it.
USUAL = 'fill="none" stroke-linejoin="bevel" text-anchor="middle"'
CAPS = {Qt.PenCapStyle.SquareCap: "square", Qt.PenCapStyle.RoundCap: "round"}
JOINS = {Qt.PenJoinStyle.MiterJoin: "miter", Qt.PenJoinStyle.RoundJoin: "round"}


def matrix(transform: QTransform) -> str:
    """A transformation that is no mere shift."""
    entries = (transform.m11(), transform.m12(), transform.m21(), transform.m22(), transform.dx(), transform.dy())
    return f' transform="matrix({" ".join(f"{round(entry, 5) + 0.0:.9g}" for entry in entries)})"'


def box(rect: QRectF) -> str:
    """Where a rectangle lies."""
    x, y, width, height = number(rect.x()), number(rect.y()), number(rect.width()), number(rect.height())
    return f' x="{x}" y="{y}" width="{width}" height="{height}"'


def colour_of(colour: QColor, role: str, attribute: str = "") -> str:
    """A colour as what it is for: ``fill``, ``stroke`` or ``stop``."""
    opacity = "" if colour.alpha() == 255 else f' {role}-opacity="{colour.alphaF():.3g}"'
    return f' {attribute or role}="{colour.name()}"{opacity}'


def stroke_of(pen: QPen) -> str:
    """A pen."""
    if pen.style() is Qt.PenStyle.NoPen:
        return ""
    width = pen.widthF() or 1.0
    said = colour_of(pen.color(), "stroke") + (f' stroke-width="{number(width)}"' if width != 1 else "")
    if pen.style() is not Qt.PenStyle.SolidLine:
        said += f' stroke-dasharray="{" ".join(number(dash * width) for dash in pen.dashPattern())}"'
    cap, join = CAPS.get(pen.capStyle()), JOINS.get(pen.joinStyle())
    said += f' stroke-linecap="{cap}"' if cap else ""
    return said + (f' stroke-linejoin="{join}"' if join else "")


def type_of(font: QFont) -> str:
    """A font."""
    weight = f' font-weight="{int(font.weight())}"' if font.weight() != QFont.Weight.Normal else ""
    slant = ' font-style="italic"' if font.italic() else ""
    features = ",".join(f"'{escaped(bytes(tag.toString().data()).decode())}'" for tag in font.featureTags())
    style = f' style="font-feature-settings:{features}"' if features else ""
    own = font.family() != QGuiApplication.font().family()
    family = f""" font-family="'{escaped(font.family())}', sans-serif\"""" if own else ""
    pixels = font.pixelSize() if font.pixelSize() > 0 else QFontInfo(font).pixelSize()
    return f'{family} font-size="{pixels}"{weight}{slant}{style}'


def line_of_text(text: str, x: float, y: float, width: float) -> str:
    """One line of text in the room it has here: in its middle, and as wide as it, whatever the reader's font.

    Not from right to left: Inkscape stretches such lines beyond recognition.
    """
    line = BLANK.sub(" ", text)
    more = ' xml:space="preserve"' if "  " in line or line != line.strip() else ""
    if is_right_to_left(line):
        more += ' direction="rtl"'
    else:
        more += f' textLength="{number(width)}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{number(x + width / 2)}" y="{number(y)}"{more}>{escaped(line)}</text>'
