"""Colours and sizes of the three themes: light, dark, and grey for printing without colour.

Blue speaks for the answer, orange against it; one hue from pale to deep where a number has no sign. Both pairs are
told apart by readers with any common colour blindness, and by lightness in grey.
"""

from __future__ import annotations

from dataclasses import dataclass

Rgb = tuple[int, int, int]


def blend(a: Rgb, b: Rgb, share: float) -> Rgb:
    """``a`` mixed with ``share`` (0 to 1) of ``b``."""
    share = min(1.0, max(0.0, share))
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. ``scale`` are the stops of the one-hue map from nothing to most."""

    name: str
    page: Rgb
    card: Rgb
    border: Rgb
    text: Rgb
    muted: Rgb
    faint: Rgb
    grid: Rgb
    accent: Rgb
    accent_soft: Rgb
    towards: Rgb
    against: Rgb
    on_colour: Rgb
    scale: tuple[Rgb, ...]
    dashes_against: bool = False  # where lightness already says how much, dashes say that it speaks against

    def signed(self, share: float) -> Rgb:
        """The colour of a signed share between -1 and 1 on a card: white at zero."""
        return blend(self.card, self.towards if share >= 0 else self.against, abs(share))

    def sequential(self, share: float) -> Rgb:
        """The one-hue colour of a share between 0 and 1."""
        place = min(1.0, max(0.0, share)) * (len(self.scale) - 1)
        step = min(int(place), len(self.scale) - 2)
        return blend(self.scale[step], self.scale[step + 1], place - step)


LIGHT = Palette(
    name="light",
    page=(243, 245, 247),
    card=(255, 255, 255),
    border=(224, 229, 236),
    text=(22, 29, 39),
    muted=(91, 103, 120),
    faint=(143, 154, 170),
    grid=(232, 236, 241),
    accent=(31, 95, 147),
    accent_soft=(228, 238, 247),
    towards=(31, 111, 181),
    against=(194, 87, 26),
    on_colour=(255, 255, 255),
    scale=((244, 248, 252), (190, 215, 235), (107, 167, 211), (39, 110, 168), (16, 56, 100)),
)
DARK = Palette(
    name="dark",
    page=(16, 20, 26),
    card=(25, 31, 39),
    border=(47, 56, 68),
    text=(232, 237, 243),
    muted=(163, 175, 190),
    faint=(120, 132, 148),
    grid=(40, 48, 59),
    accent=(104, 171, 222),
    accent_soft=(34, 55, 76),
    towards=(92, 164, 224),
    against=(232, 136, 74),
    on_colour=(12, 16, 22),
    scale=((29, 38, 49), (33, 72, 107), (48, 117, 170), (113, 178, 223), (214, 236, 250)),
)
GREY = Palette(
    name="grey",
    page=(255, 255, 255),
    card=(255, 255, 255),
    border=(205, 205, 205),
    text=(20, 20, 20),
    muted=(90, 90, 90),
    faint=(140, 140, 140),
    grid=(230, 230, 230),
    accent=(60, 60, 60),
    accent_soft=(232, 232, 232),
    towards=(40, 40, 40),
    against=(150, 150, 150),
    on_colour=(255, 255, 255),
    scale=((250, 250, 250), (205, 205, 205), (145, 145, 145), (85, 85, 85), (20, 20, 20)),
    dashes_against=True,
)
PALETTES = {palette.name: palette for palette in (LIGHT, DARK, GREY)}
