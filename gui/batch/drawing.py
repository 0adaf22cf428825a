"""One figure of a batch: a view of an explained sentence, or a whole comparison, into a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from engine.contract import Explanation
from gui.compare.comparison_figure import aspect, comparison_figure
from gui.compare.difference import Difference, difference
from gui.compare.exporting import comparison_caption
from gui.figures.composing import compose, compose_view
from gui.figures.composition import COMPOSITION, composition
from gui.figures.files import save
from gui.figures.sizes import Size
from gui.paint.palette import PALETTES
from gui.state import AppState
from gui.viewkit import View, discover

__all__ = ["COMPARISON", "COMPOSITION", "Drawing", "pictures"]

COMPARISON = "compare"


@cache
def pictures() -> dict[str, View]:
    """Whatever can be drawn of one explanation, by its identifier."""
    views = discover()
    return {view.id: view for view in (*views, composition(views))}


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What is drawn: the view ``picture`` of ``explanation``, or of a pair COMPARISON, where ``first`` is A's."""

    picture: str
    state: AppState
    explanation: Explanation
    first: Explanation | None
    size: Size
    captioned: bool

    @property
    def missing(self) -> str:
        """Why there is no such picture, "" where there is one."""
        if self.first is not None:
            return self._difference(self.first).why_not
        return pictures()[self.picture].missing(self.explanation, self.state.view)

    def write(self, path: Path) -> None:
        """Write the figure. Raises OSError where it cannot be, ValueError for an unknown kind of file."""
        if self.first is not None:
            look = self.state.view
            write_comparison(self._difference(self.first), path, self.size, look.theme, captioned=self.captioned)
            return
        view = pictures()[self.picture]
        size = self.size.fitted(view.aspect)
        figure = compose_view(view, self.explanation, self.state.view, size, captioned=self.captioned)
        save(figure, path, size, title=self.state.text, state=self._kept)

    @property
    def _kept(self) -> AppState | None:
        """What brings this picture back; of mere numbers of tokens there is no text to come back to."""
        if not self.state.text:
            return None
        front = self.state.view.view if self.picture == COMPOSITION else self.picture
        return replace(self.state, view=replace(self.state.view, view=front))

    def _difference(self, first: Explanation) -> Difference:
        return difference(first, self.explanation, self.state)


def write_comparison(made: Difference, path: Path, size: Size, theme: str, *, captioned: bool) -> None:
    """Write the figure of a comparison. Raises OSError where it cannot be, ValueError for an unknown kind of file."""
    size = size.fitted(aspect(made, size.width))
    palette = PALETTES[theme]
    figure_of = partial(comparison_figure, made, palette=palette)
    figure = compose(figure_of, size, palette, partial(comparison_caption, made) if captioned else None)
    title = " / ".join(dict.fromkeys((made.first.request.text, made.second.request.text)))
    save(figure, path, size, title=title, state=made.state)
