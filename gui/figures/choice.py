"""How a figure is to be made into a file: its size, kind, colours and caption, as a person chose them last."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gui.figures.sizes import DENSITIES, SIZES, Size, centimetres_of, custom_size, pixels_of
from gui.kept.settings import Settings
from gui.paint.palette import DARK, GREY, LIGHT

FILES = (".svg", ".pdf", ".png")
CUSTOM = "custom"
SIZE_NAMES = (*SIZES, CUSTOM)
COLOURS = (LIGHT.name, DARK.name, GREY.name)
NARROWEST, WIDEST = 40, 2000  # millimetres of a custom size


@dataclass(frozen=True, slots=True)
class FigureChoice:
    """``what`` is the figure (:attr:`gui.figures.exported.Exported.id`), "" the first there is.

    ``width`` and ``height`` are in millimetres and hold where ``size`` is CUSTOM. ``density`` is a PNG's, ``outlines``
    an SVG's.
    """

    what: str = ""
    kind: str = ".svg"
    size: str = "slide"
    width: int = 160
    height: int = 90
    density: str = "2x"
    colours: str = LIGHT.name
    outlines: bool = False
    captioned: bool = True

    def size_of(self, aspect: float) -> Size:
        """The size in pixels for a figure of this aspect (height in widths)."""
        scale = DENSITIES[self.density]
        if self.size == CUSTOM:
            return custom_size(pixels_of(self.width / 10), pixels_of(self.height / 10), scale)
        return replace(SIZES[self.size].fitted(aspect), scale=scale)


def choice_in(settings: Settings) -> FigureChoice:
    """What was chosen last; anything that is no choice any more is as on the first start."""
    usual = FigureChoice()
    wide, high = settings.figure_width, settings.figure_height
    is_sized = all(NARROWEST <= side <= WIDEST for side in (wide, high))
    return FigureChoice(
        what=settings.figure_what,
        kind=_one_of(FILES, settings.figure_kind, usual.kind),
        size=_one_of(SIZE_NAMES, settings.figure_size, usual.size),
        width=wide if is_sized else usual.width,
        height=high if is_sized else usual.height,
        density=_one_of(tuple(DENSITIES), settings.figure_density, usual.density),
        colours=_one_of(COLOURS, settings.figure_colours, usual.colours),
        outlines=settings.figure_outlines,
        captioned=settings.figure_captioned,
    )


def with_choice(settings: Settings, choice: FigureChoice) -> Settings:
    """The settings with this choice as the last one."""
    return replace(
        settings,
        figure_what=choice.what,
        figure_kind=choice.kind,
        figure_size=choice.size,
        figure_width=choice.width,
        figure_height=choice.height,
        figure_density=choice.density,
        figure_colours=choice.colours,
        figure_outlines=choice.outlines,
        figure_captioned=choice.captioned,
    )


def paper_words(choice: FigureChoice, size: Size) -> str:
    """How large the file will be: on paper, and for a PNG in dots."""
    paper = f"{centimetres_of(size.width):.1f} × {centimetres_of(size.height):.1f} cm"
    if choice.kind == ".png":
        return f"{round(size.width * size.scale)} × {round(size.height * size.scale)} pixels · {paper}"
    return f"{size.width} × {size.height} pixels · {paper}"


def _one_of(choices: tuple[str, ...], found: str, usual: str) -> str:
    return found if found in choices else usual


def proposed_name(text: str) -> str:
    """What a file about this text may be called: its first words."""
    return "-".join(re.findall(r"\w+", text)[:5]).lower() or "headstream"
