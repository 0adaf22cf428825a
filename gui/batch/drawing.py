"""One figure of a batch: a view of an explained sentence into a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.contract import Explanation
from gui.batch.order import Order
from gui.figures.composing import compose_view
from gui.figures.files import save
from gui.state import AppState
from gui.viewkit import View, discover


@cache
def pictures() -> dict[str, View]:
    """Whatever can be drawn of one explanation, by its identifier."""
    return {view.id: view for view in discover()}


def draw(order: Order, picture: str, side: AppState, explanation: Explanation, path: Path) -> bool:
    """Write one figure; whether there is such a picture of this explanation. Raises OSError."""
    view, look = pictures()[picture], side.view
    if view.missing(explanation, look):
        return False
    size = order.size.fitted(view.aspect)
    figure = compose_view(view, explanation, look, size, captioned=order.captioned)
    save(figure, path, size, title=side.text, state=side)
    return True
