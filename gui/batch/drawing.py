"""One figure of a batch: a view of an explained sentence, or a whole comparison, into a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from engine.contract import Explanation
from gui.compare.comparison_figure import comparison_figure
from gui.compare.difference import difference
from gui.figures.caption import caption
from gui.figures.composing import compose, compose_view
from gui.figures.composition import COMPOSITION, composition
from gui.figures.files import save
from gui.figures.sizes import Size
from gui.paint.palette import PALETTES
from gui.state import AppState
from gui.viewkit import View, discover

__all__ = ["COMPARISON", "COMPOSITION", "Drawing", "pictures"]

COMPARISON = "compare"
COMPARISON_ASPECT = 0.6


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
        if self.picture == COMPARISON:
            return "" if self.first is not None else "There is nothing to compare it with."
        return pictures()[self.picture].missing(self.explanation, self.state.view)

    def write(self, path: Path) -> None:
        """Write the figure. Raises OSError where it cannot be, ValueError for an unknown kind of file."""
        if self.picture == COMPARISON and self.first is not None:
            self._write_comparison(self.first, path)
            return
        view = pictures()[self.picture]
        size = self.size.fitted(view.aspect)
        figure = compose_view(view, self.explanation, self.state.view, size, captioned=self.captioned)
        save(figure, path, size, title=self.state.text, state=self.state)

    def _write_comparison(self, first: Explanation, path: Path) -> None:
        size = self.size.fitted(COMPARISON_ASPECT)
        palette = PALETTES[self.state.view.theme]
        made = difference(first, self.explanation, self.state)
        figure_of = partial(comparison_figure, made, palette=palette)
        caption_of = partial(caption, self.explanation) if self.captioned else None
        figure = compose(figure_of, size, palette, caption_of)
        save(figure, path, size, title=f"{first.request.text} / {self.state.text}", state=self.state)
