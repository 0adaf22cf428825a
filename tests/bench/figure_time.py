"""How long figures take to become files, and how large those are: a hand-made answer of 12 layers and 30 words.

python tests/bench/figure_time.py
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TEXT = " ".join(f"word{number}" for number in range(30))
ROUNDS = 5
SHARPEST = 600 / 96  # dots to the pixel


def main() -> None:
    """One line of a table per view."""
    from PySide6.QtGui import QGuiApplication

    from gui.figures.composing import compose_view
    from gui.figures.composition import composition
    from gui.figures.files import save
    from gui.figures.sizes import SIZES, Size
    from gui.state import AppState, ViewState
    from gui.viewkit import discover
    from tests.gui.samples import explanation

    application = QGuiApplication(["figures"])
    assert application is not None
    made, views = explanation(TEXT, layers=12), discover()
    state, slide = AppState(text=TEXT), SIZES["slide"]
    print("| view, as a slide | SVG | | PDF | | PNG, 600 dpi |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:

        def seconds(path: Path, view: object, size: Size) -> float:
            began = time.perf_counter()
            figure = compose_view(view, made, ViewState(), size)  # type: ignore[arg-type]
            save(figure, path, size, title=TEXT, state=state)
            return time.perf_counter() - began

        for view in (*views, composition(views)):
            cells = []
            for kind in ("svg", "pdf"):
                path = Path(folder) / f"figure.{kind}"
                seconds(path, view, slide)
                taken = median(seconds(path, view, slide) for _ in range(ROUNDS))
                cells += [f"{path.stat().st_size / 1000:.0f} kB", f"{1000 * taken:.0f} ms"]
            sharp = seconds(Path(folder) / "figure.png", view, replace(slide, scale=SHARPEST))
            print(f"| {view.id} | {' | '.join(cells)} | {sharp:.1f} s |")


if __name__ == "__main__":
    main()
