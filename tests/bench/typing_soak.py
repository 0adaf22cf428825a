"""Somebody types into the real window for a minute, whatever comes: order of the pictures, memory, stalls.

Ends with status 1 when a picture of an older text is painted after one of a newer, or when memory grows by more than
20 MB between two rests on the same sentence, the first of them after a time to warm up. Counted is what is in use: the
C library keeps some thirty megabytes of free pages for itself, which it gathers over the first minutes. The longest
stall is how late a 5 ms timer of the GUI thread was served while somebody typed.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import sys
import time

import psutil

from gui.shown import Activity
from tests.bench.window_time import SENTENCE, Stalls, percentile, program, rest, until
from tests.gui.typist import PaintedOrder, Typist

MOST_GROWTH_MB, MOST_STALL_MS = 20.0, 100.0
PAUSES = (0.01, 0.25)  # between two edits; shorter and longer than the pause after which the engine is asked


class Soak:
    """The window, somebody who types, and somebody who watches."""

    def __init__(self, seed: int) -> None:
        self.application, self.bridge, self.controller, self.window = program()
        field = self.window.desk.text.field
        self.order = PaintedOrder(self.window, self.controller, self.bridge, field)
        self.typist = Typist(field, self.controller.undo, self.controller.redo, seed)

    def type_for(self, seconds: float) -> int:
        """Type, with pauses; returns the number of edits."""
        end, edits = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            self.typist.edit()
            rest(self.application, self.typist.random.uniform(*PAUSES))
            edits += 1
        return edits

    def resident(self) -> float:
        """Resident memory in MB at rest on one and the same sentence."""
        self.window.desk.text.field.setPlainText(SENTENCE)
        until(self.application, self._rests, 60)
        rest(self.application, 0.5)
        gc.collect()
        _hand_back()
        return float(psutil.Process().memory_info().rss) / 1e6

    def _rests(self) -> bool:
        shown = self.controller.shown
        is_there = shown.state.text == SENTENCE and shown.activity is Activity.UP_TO_DATE
        return is_there and bool(shown.explanation.components.feed_forward_layers)


def _hand_back() -> None:
    """Free pages back to the system, where the C library knows how."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def main() -> None:
    """Print the figures as rows of a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long somebody types after the warm-up")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    soak = Soak(given.seed)
    soak.resident()
    soak.type_for(max(5.0, given.seconds / 4))
    before = soak.resident()
    stalls = Stalls()
    edits = soak.type_for(given.seconds)
    late, busy = stalls.late[:], stalls.busy[:]
    growth = soak.resident() - before
    soak.bridge.shutdown()
    order = soak.order
    spell = f"typing for {given.seconds:.0f} s:"
    print(f"| {spell} edits, answers painted | {edits}, {len(order.painted)} |")
    print(f"| {spell} pictures out of order | {len(order.violations)} |")
    print(f"| {spell} memory grown after the warm-up (at most {MOST_GROWTH_MB:.0f} MB) | {growth:.1f} MB |")
    print(f"| {spell} GUI thread late by, 95th percentile | {percentile(late, 0.95):.0f} ms |")
    print(f"| {spell} GUI thread late by, worst (aim {MOST_STALL_MS:.0f} ms) | {max(late):.0f} ms |")
    print(f"| {spell} GUI thread itself at work at a stretch, worst | {max(busy):.0f} ms |")
    for violation in order.violations[:20]:
        print(violation, file=sys.stderr)
    sys.exit(1 if order.violations or growth > MOST_GROWTH_MB else 0)


if __name__ == "__main__":
    main()
