"""The ``render`` command: one view of one sentence straight into a file, no window."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from engine.cli import LineParser, add_request_options, request_of
from engine.contract import Against
from engine.errors import EngineError, MethodError, TextError
from gui.figures.composing import compose_view
from gui.figures.composition import COMPOSITION, composition
from gui.figures.files import KINDS, save
from gui.figures.sizes import SIZES, Size, parse_size
from gui.paint.palette import PALETTES
from gui.state import SHOWS_ALL_LAYERS, ViewState
from gui.viewkit import DRAWS_A_FLOW, View, discover

EXAMPLES = """examples:
  headstream render --text "A wonderful film." --view flow --out flow.svg
  headstream render --text "A wonderful film." --view components --layer 4 --size page --out layer4.pdf
  headstream render --text "A wonderful film." --view words --theme dark --size 1200x300 --no-caption --out words.png
"""


def main(arguments: Sequence[str]) -> int:
    """Render one picture; returns the exit status: 0, or 2 with one line for what the person can mend."""
    found = discover()
    views = {view.id: view for view in (*found, composition(found))}
    parsed = _parser(views).parse_args(arguments)
    try:
        _render(views[parsed.view], parsed)
    except EngineError as error:
        sys.stderr.write(f"headstream: {error}\n")
        return 2
    return 0


def _coverage(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError("a share above 0 and at most 1, such as 0.8")
    return share


def _layer(text: str) -> int:
    """Counted from 1 as on the screen."""
    layer = int(text)
    if layer < 1:
        raise argparse.ArgumentTypeError("layers are counted from 1")
    return layer


def _size(text: str) -> Size:
    try:
        return parse_size(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _file(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in KINDS:
        raise argparse.ArgumentTypeError(f"the file should end in {', '.join(KINDS[:-1])} or {KINDS[-1]}")
    if not path.resolve().parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.resolve().parent}")
    return path


def _parser(views: dict[str, View]) -> argparse.ArgumentParser:
    parser = LineParser(
        prog="headstream render",
        description="Draw one view of one sentence into a file.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_request_options(parser)
    told = "; ".join(f"{view.id}: {view.sentence}" for view in views.values())
    parser.add_argument("--view", choices=tuple(views), default="flow", help=told)
    parser.add_argument("--out", type=_file, required=True, metavar="FILE.(svg|pdf|png)", help="where to write")
    parser.add_argument("--theme", choices=tuple(PALETTES), default="light", help="grey is for printing without colour")
    parser.add_argument(
        "--size", type=_size, default=SIZES["slide"], help=f"{', '.join(SIZES)} or WIDTHxHEIGHT in pixels"
    )
    parser.add_argument("--layer", type=_layer, help="layer to look into, counted from 1; default: the middle one")
    parser.add_argument("--coverage", type=_coverage, default=0.8, help="share of the flow to draw in every layer")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--words", action="store_true", help="whole words (the default)")
    kind.add_argument("--pieces", action="store_true", help="the pieces the model reads")
    parser.add_argument("--no-caption", action="store_true", help="leave out the lines below the picture")
    return parser


def _render(view: View, parsed: argparse.Namespace) -> None:
    from engine.context import RunContext
    from engine.session import Session

    session = Session(parsed.dtype, parsed.device)
    request = request_of(parsed, Against.OTHER)
    layers = session.open(parsed.model).layers
    layer = layers // 2 if parsed.layer is None else parsed.layer - 1
    if layer >= layers:
        raise TextError("There is no such layer", f"The model has {layers} layers.", f"Use --layer 1 to {layers}.")
    look = ViewState(
        view=view.id, layer=layer, coverage=parsed.coverage, whole_words=not parsed.pieces, theme=parsed.theme
    )
    dear = {"components": (layer,), COMPOSITION: (layer,), SHOWS_ALL_LAYERS: tuple(range(layers))}.get(view.id, ())
    request = request_of(parsed, Against.OTHER, dear)
    explanation = session.run(request, RunContext(seed=parsed.seed))
    why = view.missing(explanation, look)
    if why:
        fits = DRAWS_A_FLOW not in explanation.model.unavailable and parsed.method != DRAWS_A_FLOW
        hint = f"Use --method {DRAWS_A_FLOW}." if fits else "Choose another picture with --view."
        raise MethodError("There is no such picture", why, hint)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication(["headstream"])
    try:
        size = parsed.size.fitted(view.aspect)
        figure = compose_view(view, explanation, look, size, captioned=not parsed.no_caption)
        save(figure, parsed.out, size, title=explanation.request.text)
    except OSError as error:
        raise TextError("The file cannot be written", str(error), "Choose another place with --out.") from error
    finally:
        del application
