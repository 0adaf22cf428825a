"""How large a figure is, on the slide or on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

DPI = 96  # a pixel of a picture is 1/96 inch, as in a browser
INCH = 2.54  # centimetres
SMALLEST, LARGEST = 120, 10_000  # pixels
# Dots to the pixel of a PNG.
DENSITIES: Mapping[str, float] = {"1x": 1.0, "2x": 2.0, "300 dpi": 300 / DPI, "600 dpi": 600 / DPI}


def pixels_of(centimetres: float) -> int:
    """So many centimetres of paper in pixels of a picture."""
    return round(centimetres / INCH * DPI)


def centimetres_of(pixels: int) -> float:
    """How many centimetres of paper so many pixels take."""
    return pixels / DPI * INCH


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's size in pixels of 1/96 inch; ``scale`` is how many dots a PNG has to the pixel.

    A height of 0 leaves it to the view (:attr:`gui.viewkit.View.aspect`).
    """

    width: int
    height: int
    scale: float = 1.0

    def fitted(self, aspect: float) -> Size:
        """The same with the height that suits this ``aspect`` (height in widths) where none is given."""
        return self if self.height else replace(self, height=min(LARGEST, round(self.width * aspect)))


# The ACL's style has columns of 7.7 cm and a text of 16 cm; other journals differ by millimetres.
SIZES: Mapping[str, Size] = {
    "slide": Size(1280, 720, 1.5),
    "column": Size(pixels_of(7.7), 0, DENSITIES["300 dpi"]),
    "page": Size(pixels_of(16), pixels_of(11.4), DENSITIES["300 dpi"]),
}


def custom_size(width: int, height: int, scale: float = 1.0) -> Size:
    """A size of a person's own in pixels; a height of 0 leaves it to the view. Raises ValueError with a sentence."""
    if not all(SMALLEST <= side <= LARGEST for side in (width, height or width)):
        least, most = centimetres_of(SMALLEST), centimetres_of(LARGEST)
        raise ValueError(
            f"A figure may be {SMALLEST} to {LARGEST} pixels wide and high ({least:.1f} to {most:.0f} cm); "
            f"this one would be {width} × {height}."
        )
    return Size(width, height, scale)


def parse_size(text: str) -> Size:
    """A preset's name, or ``WIDTHxHEIGHT`` in pixels. Raises ValueError with a sentence for the person."""
    if text in SIZES:
        return SIZES[text]
    parts = text.lower().split("x")
    if len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) < 9 for part in parts):
        width, height = int(parts[0]), int(parts[1])
        if min(width, height) >= SMALLEST and max(width, height) <= LARGEST:
            return Size(width, height)
    raise ValueError(
        f"The size “{text}” is not known. Choose {', '.join(SIZES)}, or WIDTHxHEIGHT between {SMALLEST} and {LARGEST}."
    )
