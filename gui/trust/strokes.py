"""How each line is drawn: no two alike in both colour and dashes, and told apart in grey."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from gui.paint.colour import qcolor
from gui.paint.palette import Palette
from gui.trust.lines import Role

DASHES = ((5.0, 2.4), (5.0, 1.8, 1.0, 1.8), (1.0, 1.6), (9.0, 2.4), (9.0, 1.8, 1.0, 1.8, 1.0, 1.8))  # in pen widths
BY_CHANCE = (2.2, 2.2)
OWN_WIDE, OTHER_WIDE = 0.19, 0.11  # in body letters
OTHER_ROLES = ("beside", "text")


@dataclass(frozen=True, slots=True)
class Stroke:
    """``role`` names the palette's colour, ``dashes`` are in widths, none for a solid line."""

    role: str
    width: float
    dashes: tuple[float, ...] = ()

    def pen(self, palette: Palette) -> QPen:
        """The pen, with flat ends so that dashes are as long as they say."""
        pen = QPen(qcolor(getattr(palette, self.role)), self.width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if self.dashes:
            pen.setDashPattern(self.dashes)
        return pen


def stroke_of(role: Role, index: int, unit: float) -> Stroke:
    """The stroke of the ``index``-th line of its role, in a picture with body letters of ``unit`` pixels."""
    thin = max(1.2, OTHER_WIDE * unit)
    match role:
        case Role.OWN:
            return Stroke("accent", max(2.0, OWN_WIDE * unit))
        case Role.CHANCE:
            return Stroke("muted", thin, BY_CHANCE)
        case Role.OTHER:
            return Stroke(OTHER_ROLES[index % len(OTHER_ROLES)], thin, DASHES[index % len(DASHES)])
