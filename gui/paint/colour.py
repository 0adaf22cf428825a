"""From the palette's plain numbers to Qt colours, and which ink can be read on which ground."""

from __future__ import annotations

from PySide6.QtGui import QColor

from gui.paint.palette import Palette, Rgb

READABLE = 4.5  # the contrast WCAG AA asks of body text


def qcolor(rgb: Rgb) -> QColor:
    """The same colour for Qt."""
    return QColor(*rgb)


def css(rgb: Rgb) -> str:
    """The same colour for a style sheet or rich text."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def _luminance(rgb: Rgb) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (value / 255 for value in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Rgb, b: Rgb) -> float:
    """How well one colour stands out from the other: 1 (not at all) to 21 (black on white)."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_ink(ground: Rgb, palette: Palette) -> Rgb:
    """The ink for text on ``ground``: the theme's own where it can be read, else the better of black and white."""
    best = max((palette.text, palette.on_colour), key=lambda ink: contrast(ink, ground))
    if contrast(best, ground) >= READABLE:
        return best
    return max(((0, 0, 0), (255, 255, 255)), key=lambda ink: contrast(ink, ground))
