"""200 sentences to figures and one table: how much of the time the engine is at work, and how memory grows.

    python tests/bench/batch_time.py [SENTENCES]

“engine” is the time spent inside the engine's runs, of the whole; “alone” is how long the same runs take with nothing
drawn beside them, so that an engine that is merely slowed down by the drawing does not count as busy.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"

PICTURES = (("flow",), ("flow", "words", "components"))


def main() -> None:
    from PySide6.QtGui import QGuiApplication

    from engine.context import RunContext
    from engine.session import Session
    from gui.batch.order import Order
    from gui.batch.painting import PaintingBeside
    from gui.batch.running import Batch, BatchProgress
    from gui.examples.bundled import offered_sets
    from gui.examples.example_set import Example, ExampleSet
    from gui.state import AppState

    sentences = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    application = QGuiApplication(["batch"])
    assert application is not None
    found = [text for offered in offered_sets() for e in offered.examples.examples for text in (e.text, e.other or "")]
    examples = ExampleSet("bench", tuple(Example(text.replace("[MASK]", "are")) for text in found[:sentences]))
    session, program = Session(), psutil.Process()
    session.open(AppState().model)

    def in_memory() -> int:
        """Megabytes of this process and those that draw."""
        return sum(each.memory_info().rss for each in (program, *program.children(recursive=True))) // 2**20

    for pictures in PICTURES:
        order = Order(AppState(), examples, pictures)
        info = session.open(order.state.model)
        requests = [order.request(order.sides(number)[""], info) for number in range(1, len(order) + 1)]
        session.run(requests[0], RunContext())
        began = time.perf_counter()
        for request in requests:
            session.run(request, RunContext())
        alone = time.perf_counter() - began
        at: dict[int, int] = {}

        def tell(progress: BatchProgress, at: dict[int, int] = at) -> None:
            if progress.done in (50, 100, 150, 200) and progress.done not in at:
                at[progress.done] = in_memory()

        with tempfile.TemporaryDirectory() as folder:
            report = Batch(order, Path(folder) / "batch", PaintingBeside(), tell).run(session)
            files = len(list((Path(folder) / "batch").iterdir()))
        print(
            f"- {', '.join(pictures)}: {len(order)} sentences, {files} files in {report.seconds:.1f} s; "
            f"engine {report.engine_seconds / report.seconds:.0%} of it, alone {alone / report.seconds:.0%}; "
            f"memory in MB {at}"
        )


if __name__ == "__main__":
    main()
