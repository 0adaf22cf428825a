"""How large a figure is, on the slide or on the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

DPI = 96  # a pixel of a picture is 1/96 inch, as in a browser
SMALLEST, LARGEST = 120, 10_000


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
        return self if self.height else replace(self, height=round(self.width * aspect))


SIZES = {
    "slide": Size(1280, 720, 1.5),
    "column": Size(336, 0, 300 / DPI),
    "page": Size(672, 480, 300 / DPI),
}


def parse_size(text: str) -> Size:
    """A preset's name, or ``WIDTHxHEIGHT`` in pixels. Raises ValueError with a sentence for the person."""
    if text in SIZES:
        return SIZES[text]
    parts = text.lower().split("x")
    if len(parts) == 2 and all(part.isascii() and part.isdigit() for part in parts):
        width, height = int(parts[0]), int(parts[1])
        if min(width, height) >= SMALLEST and max(width, height) <= LARGEST:
            return Size(width, height)
    raise ValueError(
        f"The size “{text}” is not known. Choose {', '.join(SIZES)}, or WIDTHxHEIGHT between {SMALLEST} and {LARGEST}."
    )
