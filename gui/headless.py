"""What draws without a window, for the commands: asked whether it can before any work, and loaded only when it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.faithfulness.evaluation import Evaluation


def drawing_problem(arguments: Sequence[str]) -> str | None:
    """One line saying why what a command is to draw cannot be drawn here; None where it can, or draws nothing."""
    # An option may be shortened, and may have its file behind a sign.
    is_plotted = arguments[:1] == ["evaluate"] and any(argument.startswith("--pl") for argument in arguments)
    if not is_plotted and arguments[:1] != ["render"]:
        return None
    from gui.platform_check import window_problem

    return window_problem({"QT_QPA_PLATFORM": "offscreen"})


def draw(evaluation: Evaluation, path: Path) -> None:
    """Write an evaluation's picture."""
    from gui.trust.evaluation_figure import draw as write

    write(evaluation, path)
