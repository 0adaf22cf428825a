"""What all layers show together, in words made from their numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.contract import Explanation
from gui.paint.component_maps import TITLES
from gui.paint.map_rows import map_rows, shares_between
from gui.paint.numerals import percent
from gui.paint.overview_maps import Moved, moved
from gui.state import ViewState
from gui.told.prose import Paragraph, Run, target_words

KEEPS = "residual_1"  # the map that says what a word keeps of itself when it has looked around


def told(explanation: Explanation, view: ViewState) -> tuple[Paragraph, ...]:
    """In which layer most is moved between words and in which it is mostly kept; hidden words are counted too."""
    flow = moved(explanation, map_rows(explanation, replace(view, show_special=True)))
    said = (_of_flow(explanation, flow),) if flow is not None else ()
    return (*said, *_kept(explanation, view))


def _of_flow(explanation: Explanation, flow: Moved) -> Paragraph:
    most, least = int(flow.share.argmax()), int(flow.share.argmin())
    towards = f" towards {target_words(explanation)[0]}" if explanation.explains_answer else ""
    runs = [
        Run(f"Of what flows{towards}, most moves from word to word in "),
        Run(f"layer {most + 1}", is_bold=True),
        Run(f": {percent(float(flow.share[most]))} of it"),
    ]
    if flow.read[most] > 0 and flow.at:
        runs += [Run(f", {percent(float(flow.read[most]))} into "), Run(flow.at, is_bold=True)]
    if most != least:
        kept = percent(1 - float(flow.share[least]))
        runs += [
            Run(". In "),
            Run(f"layer {least + 1}", is_bold=True),
            Run(f" {kept} stays with the word it came in at"),
        ]
    return (*runs, Run("."))


def _kept(explanation: Explanation, view: ViewState) -> tuple[Paragraph, ...]:
    """How much of itself a word keeps beside what attention brings, whatever the answer."""
    components = explanation.components
    if components is None or KEEPS not in components.maps:
        return ()
    rows = map_rows(explanation, replace(view, show_special=True))
    shares = shares_between(components.maps[KEEPS], rows)  # [layer, receiver, source]
    kept = np.trace(shares, axis1=1, axis2=2) / len(rows)
    most, least = int(kept.argmax()), int(kept.argmin())
    runs = [
        Run(
            f"Whatever the answer, a word keeps most of itself beside what attention brings (“{TITLES[KEEPS][0]}”) in "
        ),
        Run(f"layer {most + 1}", is_bold=True),
        Run(f", {percent(float(kept[most]))} on average"),
    ]
    if most != least:
        at_least = Run(f" layer {least + 1}", is_bold=True)
        runs += [Run(", and least in"), at_least, Run(f", {percent(float(kept[least]))}")]
    return ((*runs, Run(".")),)
