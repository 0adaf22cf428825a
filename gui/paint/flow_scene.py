"""The flow picture with every point in its place: words are rows reading down, layers run towards the answer.

All geometry is laid out left to right and mirrored at the end for scripts written from right to left. Nothing is
painted here, so every number on the picture can be tested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from PySide6.QtCore import QRectF

from engine.contract import Array, Explanation
from gui.paint import numerals
from gui.paint.flow_camera import WHOLE, Camera, Lens
from gui.paint.flow_frame import Answer, Frame, seen_frame, whole_frame
from gui.paint.flow_names import baseline_texts, footer, glosses, heads, labels
from gui.paint.flow_numbers import FlowContent, FlowNumbers, chosen_links, flow_content
from gui.paint.flow_strands import DrawnLinks, Strands, answer_strands, baseline_strands, drawn_strands, no_strands
from gui.paint.kept import kept
from gui.paint.links import Trace
from gui.paint.typeface import CENTRE, Ink, Text, body_pixels, metrics, place
from gui.state import ViewState
from gui.told.wording import answer_name, probability

READ_HERE = Answer("read for", "the answer", is_class=False)


@dataclass(frozen=True, slots=True)
class AnswerBox:
    """One answer at the end of the flow; ``towards`` tells what is explained from what it is explained instead of.

    Where ``is_class`` is False it is no answer but the place where one is read.
    """

    rect: QRectF
    name: Text
    figure: Text
    towards: bool
    is_class: bool


@dataclass(frozen=True, eq=False)
class FlowScene:
    """Where everything stands. ``columns`` [layer+1] and ``lines`` [row] are the places of the nodes.

    ``radii`` [layer+1, row] are their sizes, ``baseline_radii`` [layer+1] those of the baseline at height
    ``baseline`` (NaN where there is none). ``labels`` name the rows ``label_rows``, with ``glosses`` under them,
    ``heads`` the columns ``head_columns``; ``texts`` are all other words. ``camera`` is what it is seen through,
    ``lens`` what it can show. ``goals`` are the points where bands enter the boxes, ``band`` the width of all the flow
    of a layer.
    """

    numbers: FlowNumbers
    width: float
    height: float
    unit: float
    pitch: float
    columns: Array
    lines: Array
    baseline: float
    radii: Array
    baseline_radii: Array
    band: float
    goals: tuple[tuple[float, float], ...]
    labels: tuple[Text, ...]
    label_rows: tuple[int, ...]
    glosses: tuple[Text, ...]
    heads: tuple[Text, ...]
    head_columns: tuple[int, ...]
    texts: tuple[Text, ...]
    boxes: tuple[AnswerBox, ...]
    badge: Text | None
    camera: Camera
    lens: Lens

    @property
    def is_whole(self) -> bool:
        """Whether all of the picture is seen."""
        return self.camera.zoom <= 1

    @property
    def interior(self) -> QRectF:
        """The part of the picture that can be enlarged."""
        lens = self.lens
        left = self.width - lens.left - lens.width if self.numbers.right_to_left else lens.left
        return QRectF(left, lens.top, lens.width, lens.height)

    @property
    def links(self) -> Strands:
        """The chosen links as they lie where no node is traced, weakest first."""
        return drawn_links(self, None).strands

    @cached_property
    def fan(self) -> Strands:
        """What enters from the baseline."""
        if not self.numbers.has_baseline:
            return no_strands()
        return baseline_strands(self.numbers, self.columns, self.lines, self.baseline, self.goals, self.band)

    @cached_property
    def answer(self) -> Strands:
        """What the last states give to the answers."""
        if not self.goals:
            return no_strands()
        return answer_strands(self.numbers, self.columns, self.lines, self.goals, self.band)


@kept(4)  # asked at every paint and every move of the pointer
def drawn_links(scene: FlowScene, trace: Trace | None) -> DrawnLinks:
    """How the links of a scene are drawn, with what ``trace`` reaches set off."""
    inner = scene.interior
    room = (inner.left(), inner.right(), inner.top(), inner.bottom())
    return drawn_strands(scene.numbers, (scene.columns, scene.lines), scene.band, room, trace)


def _answers(explanation: Explanation, content: FlowContent) -> tuple[Answer, ...]:
    """What is explained, then what it is explained instead of."""
    if content.local:
        return ()
    if not content.signed:
        # A flow made from maps knows how words mix, not what speaks for one answer and against the other.
        return (READ_HERE,)
    said = explanation.prediction
    classes = [explanation.target, explanation.against] if explanation.against >= 0 else [explanation.target]
    if said.probabilities is None:
        return tuple(Answer(answer_name(explanation, index), numerals.plain(said.logits[index])) for index in classes)
    return tuple(Answer(answer_name(explanation, index), probability(said.probabilities[index])) for index in classes)


def _boxes(
    answers: tuple[Answer, ...], content: FlowContent, frame: Frame, size: tuple[float, float]
) -> list[AnswerBox]:
    """The answers beside the rows whose states are read: the explained one level with them where there is room."""
    pixels = round(frame.unit)
    line = metrics(pixels).height()
    tall, gap = 2 * line + 0.7 * frame.unit, 1.1 * frame.unit
    whole = len(answers) * tall + (len(answers) - 1) * gap
    row = frame.top + sum(content.answer_rows) / max(1, len(content.answer_rows)) * frame.pitch
    highest = frame.line + 0.9 * frame.unit
    top = max(highest, min(row - whole / 2, size[1] - whole - 2 * frame.unit))
    boxes = []
    for index, answer in enumerate(answers):
        rect = QRectF(frame.box_left, top + index * (tall + gap), frame.box_width, tall)
        middle, room = rect.center(), frame.box_width - 0.8 * frame.unit
        role = "on_colour" if index == 0 and answer.is_class else "text" if answer.is_class else "muted"
        boxes.append(
            AnswerBox(
                rect,
                place(
                    answer.name, Ink(pixels, role, answer.is_class), (middle.x(), middle.y() - line / 2), CENTRE, room
                ),
                place(answer.figure, Ink(pixels, role), (middle.x(), middle.y() + line / 2), CENTRE, room),
                towards=index == 0,
                is_class=answer.is_class,
            )
        )
    return boxes


def _radii(frame: Frame, held: Array, most: float) -> Array:
    """Areas are shares held. In crowded pictures the nodes that hold next to nothing are left out (radius 0)."""
    largest = max(1.6, min(0.3 * frame.pitch, 0.55 * frame.unit * frame.grown))
    radii = largest * np.sqrt(np.abs(held) / most) if most > 0 else np.zeros_like(held)
    least = 0.14 * frame.unit
    return np.where(radii >= least, radii, least if frame.pitch >= 0.6 * frame.unit else 0.0)


def _flip(text: Text, width: float) -> Text:
    rect = QRectF(text.rect)
    rect.moveLeft(width - text.rect.right())
    return replace(text, rect=rect)


def _flip_box(box: AnswerBox, width: float) -> AnswerBox:
    rect = QRectF(box.rect)
    rect.moveLeft(width - box.rect.right())
    return replace(box, rect=rect, name=_flip(box.name, width), figure=_flip(box.figure, width))


def _mirrored(scene: FlowScene) -> FlowScene:
    width = scene.width
    return replace(
        scene,
        columns=width - scene.columns,
        goals=tuple((width - x, y) for x, y in scene.goals),
        labels=tuple(_flip(text, width) for text in scene.labels),
        glosses=tuple(_flip(text, width) for text in scene.glosses),
        heads=tuple(_flip(text, width) for text in scene.heads),
        texts=tuple(_flip(text, width) for text in scene.texts),
        boxes=tuple(_flip_box(box, width) for box in scene.boxes),
        badge=_flip(scene.badge, width) if scene.badge else None,
    )


def flow_scene(
    explanation: Explanation, view: ViewState, size: tuple[float, float], camera: Camera = WHOLE
) -> FlowScene:
    """Lay the picture out. The same scene comes back for the same arrays looked at alike."""
    content = flow_content(explanation, view)
    answers = _answers(explanation, content)
    whole = whole_frame(content, answers, size, body_pixels(*size))
    return content_scene(content, answers, view.coverage, whole, size, camera)


@kept(8)  # the explored picture, and the three of a comparison
def content_scene(
    content: FlowContent,
    answers: tuple[Answer, ...],
    coverage: float,
    whole: Frame,
    size: tuple[float, float],
    camera: Camera,
) -> FlowScene:
    """The picture of some content with its ``answers`` at the end, inside a ``whole`` frame."""
    frame = seen_frame(content, whole, camera)
    numbers = chosen_links(content, coverage)
    columns, lines = frame.columns(content.layers), frame.lines(len(content.rows))
    baseline = float(lines[-1] + max(frame.pitch, frame.baseline_apart)) if content.has_baseline else float("nan")
    boxes = _boxes(answers, content, frame, size)
    named, label_rows = labels(content, frame, lines)
    over, head_columns = heads(content, frame, columns, is_answer_named=any(answer.is_class for answer in answers))
    notes, badge = footer(content, size, frame.unit)
    scene = FlowScene(
        numbers=numbers,
        width=size[0],
        height=size[1],
        unit=frame.unit,
        pitch=frame.pitch,
        columns=columns,
        lines=lines,
        baseline=baseline,
        radii=_radii(frame, content.nodes, 0 if content.local else content.largest_node),
        baseline_radii=_radii(frame, content.bias, content.largest_node) if content.has_baseline else np.zeros(0),
        band=frame.band,
        goals=tuple((frame.box_left, box.rect.center().y()) for box in boxes),
        labels=named,
        label_rows=label_rows,
        glosses=glosses(content, frame, lines, label_rows),
        heads=over,
        head_columns=head_columns,
        texts=(*baseline_texts(content, frame, columns, baseline), *notes),
        boxes=tuple(boxes),
        badge=badge,
        camera=camera,
        lens=whole.lens,
    )
    return _mirrored(scene) if content.right_to_left else scene
