"""Colours of the themes: light, dark, both with high contrast, and grey for printing without colour.

Blue speaks for the answer, orange against it; one hue from pale to deep where a number has no sign. Both pairs are
told apart by readers with any common colour blindness, and by lightness in grey. ``text``, ``muted``, ``faint``,
``accent``, ``beside``, ``towards`` and ``against`` can be read as words on a card: 4.5 to 1, in the themes of high
contrast 7 to 1.
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
    """One theme. ``scale`` are the stops of the one-hue map from nothing to most.

    ``beside`` is for a curve beside one of ``accent``.
    """

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
    beside: Rgb
    towards: Rgb
    against: Rgb
    on_colour: Rgb
    scale: tuple[Rgb, ...]
    more: str  # what a larger number looks like where it has no sign
    dashes_against: bool = False  # where lightness already says how much, dashes say that it speaks against
    is_strong: bool = False  # high contrast: every edge is seen, a focus is framed twice as thick

    @property
    def idle(self) -> Rgb:
        """Words of a control that can do nothing now; they alone may be paler than what has to be read."""
        return blend(self.card, self.muted, 0.75 if self.is_strong else 0.55)

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
    faint=(101, 112, 128),
    grid=(232, 236, 241),
    accent=(31, 95, 147),
    accent_soft=(228, 238, 247),
    beside=(140, 100, 0),
    towards=(31, 111, 181),
    against=(190, 84, 24),
    on_colour=(255, 255, 255),
    scale=((244, 248, 252), (190, 215, 235), (107, 167, 211), (39, 110, 168), (16, 56, 100)),
    more="Deeper blue",
)
DARK = Palette(
    name="dark",
    page=(16, 20, 26),
    card=(25, 31, 39),
    border=(47, 56, 68),
    text=(232, 237, 243),
    muted=(163, 175, 190),
    faint=(131, 143, 159),
    grid=(40, 48, 59),
    accent=(104, 171, 222),
    accent_soft=(34, 55, 76),
    beside=(214, 178, 84),
    towards=(92, 164, 224),
    against=(232, 136, 74),
    on_colour=(12, 16, 22),
    scale=((29, 38, 49), (33, 72, 107), (48, 117, 170), (113, 178, 223), (214, 236, 250)),
    more="Brighter",
)
CONTRAST = Palette(
    name="contrast",
    page=(238, 240, 242),
    card=(255, 255, 255),
    border=(104, 112, 122),
    text=(0, 0, 0),
    muted=(48, 54, 62),
    faint=(74, 80, 88),
    grid=(196, 202, 210),
    accent=(10, 64, 112),
    accent_soft=(208, 228, 246),
    beside=(104, 70, 0),
    towards=(10, 78, 140),
    against=(140, 52, 4),
    on_colour=(255, 255, 255),
    scale=((244, 248, 252), (176, 208, 235), (78, 146, 200), (20, 84, 140), (4, 30, 62)),
    more="Deeper blue",
    is_strong=True,
)
CONTRAST_DARK = Palette(
    name="contrast-dark",
    page=(22, 24, 28),
    card=(0, 0, 0),
    border=(150, 158, 170),
    text=(255, 255, 255),
    muted=(214, 220, 228),
    faint=(178, 186, 196),
    grid=(70, 78, 88),
    accent=(138, 204, 255),
    accent_soft=(16, 52, 82),
    beside=(240, 204, 100),
    towards=(112, 190, 255),
    against=(255, 160, 92),
    on_colour=(0, 0, 0),
    scale=((16, 20, 26), (20, 66, 106), (40, 124, 186), (120, 196, 248), (232, 246, 255)),
    more="Brighter",
    is_strong=True,
)
GREY = Palette(
    name="grey",
    page=(255, 255, 255),
    card=(255, 255, 255),
    border=(205, 205, 205),
    text=(20, 20, 20),
    muted=(90, 90, 90),
    faint=(110, 110, 110),
    grid=(230, 230, 230),
    accent=(60, 60, 60),
    accent_soft=(232, 232, 232),
    beside=(115, 115, 115),
    towards=(40, 40, 40),
    against=(150, 150, 150),
    on_colour=(255, 255, 255),
    scale=((250, 250, 250), (205, 205, 205), (145, 145, 145), (85, 85, 85), (20, 20, 20)),
    more="Darker",
    dashes_against=True,
)
PALETTES = {palette.name: palette for palette in (LIGHT, DARK, CONTRAST, CONTRAST_DARK, GREY)}
