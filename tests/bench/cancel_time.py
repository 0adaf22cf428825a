"""How long each method takes to notice a cancel: random BERT-base, 128 tokens (maximum flow: its 32).

A run starts in a thread of its own, is cancelled at some moment, and the clock runs until it has stopped. Moments are
spread over the run; a run that ends by itself before its moment is not counted.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time

from engine import registry
from engine.context import RunContext
from engine.contract import Request
from engine.errors import Cancelled, EngineError
from engine.session import Session

MOMENTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.8, 1.2, 1.8, 2.5)
TOKENS = {"attention_flow": 32}


def stopping(session: Session, request: Request, moment: float) -> float | None:
    """Seconds from the cancel to the end of the run, None where the run had ended before."""
    context, ended, stopped = RunContext(), threading.Event(), []
    session._recorded = session._made = None

    def run() -> None:
        try:
            session.run(request, context)
        except Cancelled:
            stopped.append(time.perf_counter())
        except EngineError as error:
            print(f"{request.method}: {error.title}", file=sys.stderr)
        finally:
            ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    ended.wait(moment)
    asked = time.perf_counter()
    context.cancel()
    thread.join()
    return stopped[0] - asked if stopped else None


def main() -> None:
    """Print one Markdown row per method: the worst of all moments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    given = parser.parse_args()
    session = Session("float32", "cpu")
    unfit = session.open(given.model).unavailable
    print("| method | worst | moments counted |\n|---|---|---|")
    for method in registry.discover():
        ids = tuple(range(1000, 1000 + TOKENS.get(method.id, 128)))
        request = Request(1, given.model, method.id, ids=ids, target=1, components=False)
        found = [stopping(session, request, moment) for moment in MOMENTS] if method.id not in unfit else []
        counted = [seconds for seconds in found if seconds is not None]
        worst = f"{max(counted) * 1000:.0f} ms" if counted else "-"
        print(f"| {method.id} | {worst} | {len(counted)} |", flush=True)


if __name__ == "__main__":
    main()
