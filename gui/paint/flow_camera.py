"""Which part of the flow picture is seen, and how large: plain arithmetic of a picture laid out from left to right.

Rows move apart first, until their names have room; only then do columns too. A long text is read in full names while
all its layers are still in view. Letters keep their size at every zoom.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

MOST = 8.0  # how far rows that had room from the start can be moved apart
GROWN = 2.0  # how much larger nodes and bands become at most


@dataclass(frozen=True, slots=True)
class Camera:
    """``zoom`` 1 is the whole picture; ``left`` and ``top`` are the shares of the graph beyond those edges."""

    zoom: float = 1.0
    left: float = 0.0
    top: float = 0.0


WHOLE = Camera()


@dataclass(frozen=True, slots=True)
class Drift:
    """How what was painted for one camera lies for another: ``x`` becomes ``across * x + right``, y likewise."""

    across: float
    right: float
    down: float
    below: float


@dataclass(frozen=True, slots=True)
class Lens:
    """The part of a picture that can be enlarged, in pixels; ``opened`` is the zoom at which all rows have room."""

    left: float
    top: float
    width: float
    height: float
    opened: float

    def scales(self, camera: Camera) -> tuple[float, float]:
        """How many times wider and taller the graph is than the whole of it."""
        return max(1.0, camera.zoom / self.opened), camera.zoom

    def grown(self, camera: Camera) -> float:
        """How much larger nodes and bands are drawn."""
        return min(GROWN, sqrt(self.scales(camera)[0]))

    def across(self, camera: Camera, x: float) -> float:
        """Where a place across the whole picture is seen."""
        return self.left + (x - self.left - camera.left * self.width) * self.scales(camera)[0]

    def down(self, camera: Camera, y: float) -> float:
        """Where a place down the whole picture is seen."""
        return self.top + (y - self.top - camera.top * self.height) * self.scales(camera)[1]

    def zoomed(self, camera: Camera, factor: float, x: float, y: float) -> Camera:
        """Enlarged by a factor around a point of the screen, which stays where it is."""
        after = replace(camera, zoom=min(MOST * self.opened, max(1.0, camera.zoom * factor)))
        (wide, tall), (wider, taller) = self.scales(camera), self.scales(after)
        right, below = (x - self.left) / self.width, (y - self.top) / self.height
        moved = replace(
            after,
            left=camera.left + right / wide - right / wider,
            top=camera.top + below / tall - below / taller,
        )
        return self.within(moved)

    def panned(self, camera: Camera, right: float, down: float) -> Camera:
        """The graph moved by so many pixels of the screen."""
        wide, tall = self.scales(camera)
        moved = replace(
            camera, left=camera.left - right / (wide * self.width), top=camera.top - down / (tall * self.height)
        )
        return self.within(moved)

    def revealing(self, camera: Camera, x: float, y: float, margin: float) -> Camera:
        """Moved just so far that a point of the screen lies inside, this far from the edges."""
        right = max(0.0, self.left + margin - x) + min(0.0, self.left + self.width - margin - x)
        down = max(0.0, self.top + margin - y) + min(0.0, self.top + self.height - margin - y)
        return self.panned(camera, right, down)

    def within(self, camera: Camera) -> Camera:
        """Not beyond the edges of the graph."""
        wide, tall = self.scales(camera)
        return replace(
            camera,
            left=min(max(0.0, camera.left), 1 - 1 / wide),
            top=min(max(0.0, camera.top), 1 - 1 / tall),
        )

    def drift(self, painted: Camera, now: Camera) -> Drift:
        """Where to lay a picture painted for one camera to stand in for another's."""
        across = self.scales(now)[0] / self.scales(painted)[0]
        down = self.scales(now)[1] / self.scales(painted)[1]
        right = self.across(now, 0.0) - across * self.across(painted, 0.0)
        below = self.down(now, 0.0) - down * self.down(painted, 0.0)
        return Drift(across, right, down, below)
