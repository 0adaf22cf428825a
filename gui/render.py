"""The ``render`` command: pictures of one sentence, of a comparison or of a whole list, straight into files."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from engine.cli import LineParser, add_request_options, request_of
from engine.context import RunContext
from engine.contract import Against, Explanation, Head, Request
from engine.errors import EngineError, MethodError, TextError
from engine.interruption import STOPPED, stopped_by_keys
from engine.tables import KINDS as TABLES
from gui.batch.drawing import COMPARISON, COMPOSITION, Drawing, pictures, write_comparison
from gui.batch.painting import PaintingBeside, draw_without_a_screen
from gui.batch.rendering import (
    OF_ONE_SENTENCE,
    as_defaults,
    kept_parameters,
    order_of,
    refuse_idle,
    settings_in,
    state_of,
)
from gui.batch.running import Batch, BatchProgress
from gui.compare.rendering import OPTIONS as COMPARED
from gui.compare.rendering import Engine, add_comparison_options, compared, compared_state, is_comparison
from gui.examples.gaps import with_gaps
from gui.examples.reading import read_list
from gui.figures.files import KINDS
from gui.figures.sizes import SIZES, Size, parse_size
from gui.paint.palette import PALETTES
from gui.state import SHOWS_ALL_LAYERS, AppState, boundaries_of
from gui.told.wording import rough_duration
from gui.trust import rendering as trust
from gui.trust.exporting import TRUST
from gui.viewkit import DRAWS_A_FLOW

if TYPE_CHECKING:
    from engine.session import Session

EXAMPLES = """examples:
  headstream render --text "A wonderful film." --view flow --out flow.svg
  headstream render --text "A wonderful film." --view components --layer 4 --size page --out layer4.pdf
  headstream render --text "A wonderful film." --view words --theme dark --size 1200x300 --no-caption --out words.png
  headstream render --text "A good film." --compare "Not a good film." --compared-as words --out compared.svg
  headstream render --text "A good film." --method decompx --view trust --others gradient,rollout --out trust.svg
  headstream render --session talk.headstream --theme grey --out printed.pdf
  headstream render --input pairs.tsv --view flow --view compare --table xlsx --out figures

With --input every sentence of a list (one a line, pairs in two columns, .csv, .jsonl as BLiMP's, .conllu) becomes a
figure of each view, and all their numbers one table. Ctrl+C stops it; the same command goes on where it was.
"""
TOLD_EVERY = 5.0  # seconds, where the progress goes into a file


def main(arguments: Sequence[str]) -> int:
    """Render; returns the exit status: 0, 2 with one line for what the person can mend, 130 where Ctrl+C stopped it."""
    draw_without_a_screen()
    application = QGuiApplication.instance() or QGuiApplication(["headstream"])
    try:
        return _render(arguments)
    except EngineError as error:
        _say(str(error))
        return 2
    finally:
        del application


def _render(arguments: Sequence[str]) -> int:
    parser = _parser()
    parsed = parser.parse_args(arguments)
    kept = settings_in(parsed.session) if parsed.session is not None else None
    if kept is not None:
        is_of_another = parsed.ids is not None or parsed.input is not None
        parser.set_defaults(**as_defaults(kept, is_of_another=is_of_another))
        parsed = parser.parse_args(arguments)
        parsed.set = kept_parameters(parsed, kept)
    in_front = kept.view.view if kept is not None and kept.view.view in pictures() else "flow"
    shows_comparison = is_comparison(parsed) or (kept is not None and kept.comparison is not None and not parsed.view)
    parsed.view = parsed.view or [in_front]
    if parsed.input is not None:
        return _render_list(parsed, kept)
    _check_file(parser, parsed)
    if parsed.view == [TRUST]:
        _render_trust(parsed, kept)
        return 0
    refuse_idle(parsed, trust.OPTIONS, "another view than trust")
    if shows_comparison:
        _render_comparison(parsed, kept)
    else:
        _render_one(parsed, kept)
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
        raise argparse.ArgumentTypeError("layers and heads are counted from 1")
    return layer


def _size(text: str) -> Size:
    try:
        return parse_size(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _parser() -> argparse.ArgumentParser:
    parser = LineParser(
        prog="headstream render",
        description="Draw one view of one sentence into a file, a comparison, or every sentence of a list.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_request_options(parser)
    parser.add_argument("--session", type=Path, metavar="FILE", help="settings: a .headstream file, or a figure's own")
    parser.add_argument("--input", type=Path, metavar="FILE", help="draw every sentence of this list")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="a .svg, .pdf or .png; with --input a new folder"
    )
    told = "; ".join(f"{view.id}: {view.sentence.removesuffix('.')}" for view in pictures().values())
    parser.add_argument(
        "--view",
        action="append",
        choices=(*pictures(), TRUST, COMPARISON),
        help=f"{told}; {TRUST}: the answer as words are taken away; {COMPARISON}: both sentences of a pair. "
        "Default: flow. With --input it can be given again",
    )
    add_comparison_options(parser, _layer)
    trust.add_trust_options(parser)
    parser.add_argument("--theme", choices=tuple(PALETTES), default="light", help="grey is for printing without colour")
    parser.add_argument(
        "--size", type=_size, default=SIZES["slide"], help=f"{', '.join(SIZES)} or WIDTHxHEIGHT in pixels"
    )
    parser.add_argument("--layer", type=_layer, help="layer to look into, counted from 1; default: the middle one")
    parser.add_argument("--head", type=_layer, help="attention head to look at, counted from 1; default: all")
    parser.add_argument("--coverage", type=_coverage, default=0.8, help="share of the flow to draw in every layer")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--words", action="store_true", help="whole words (the default)")
    kind.add_argument("--pieces", action="store_true", help="the pieces the model reads")
    parser.add_argument("--hide-special", action="store_true", help="leave out what the model adds, such as [CLS]")
    parser.add_argument("--no-caption", action="store_true", help="leave out the lines below the picture")
    of_lists = parser.add_argument_group("with --input")
    of_lists.add_argument("--kind", choices=[kind[1:] for kind in KINDS], default="svg", help="kind of the figures")
    of_lists.add_argument("--table", choices=[kind[1:] for kind in TABLES], default="csv", help="kind of the table")
    return parser


def _check_file(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> None:
    path: Path = parsed.out
    if path.suffix.lower() not in KINDS:
        parser.error(f"the file should end in {', '.join(KINDS[:-1])} or {KINDS[-1]}")
    if not path.resolve().parent.is_dir():
        parser.error(f"there is no folder {path.resolve().parent}")
    if len(parsed.view) > 1:
        parser.error("one file holds one picture: name one --view, or a list with --input")
    if parsed.view == [COMPARISON] and not is_comparison(parsed):
        parser.error("a comparison needs a second sentence: --compare TEXT")


def _open_session(parsed: argparse.Namespace) -> Session:
    from engine.session import Session

    return Session(parsed.dtype, parsed.device)


def _render_one(parsed: argparse.Namespace, kept: AppState | None) -> None:
    (picture,) = parsed.view
    request_of(parsed, Against.OTHER)  # what is wrong with it is said before anything is opened
    session = _open_session(parsed)
    model = session.open(parsed.model)
    state = state_of(parsed, kept, model)
    dear = {SHOWS_ALL_LAYERS: tuple(range(model.layers))}
    dear |= dict.fromkeys(("components", COMPOSITION), (state.view.layer,))
    asked = request_of(parsed, Against.OTHER, dear.get(picture, ()))
    asked = replace(asked, boundaries=boundaries_of(state.view.grouping, model.layers))
    explanation = session.run(asked, RunContext(seed=parsed.seed))
    drawing = Drawing(picture, state, explanation, None, parsed.size, not parsed.no_caption)
    if drawing.missing:
        fits = DRAWS_A_FLOW not in explanation.model.unavailable and parsed.method != DRAWS_A_FLOW
        hint = f"Use --method {DRAWS_A_FLOW}." if fits else "Choose another picture with --view."
        raise MethodError("There is no such picture", drawing.missing, hint)
    with _written():
        drawing.write(parsed.out)


def _render_trust(parsed: argparse.Namespace, kept: AppState | None) -> None:
    refuse_idle(parsed, COMPARED, f"--view {TRUST}")
    asked = replace(request_of(parsed, Against.OTHER), components=False)
    session = _open_session(parsed)
    state = state_of(parsed, kept, session.open(parsed.model))
    made = trust.tried(parsed, asked, state.view.whole_words, session, RunContext(seed=parsed.seed))
    with _written():
        trust.write(made, parsed.out, parsed.size, state, captioned=not parsed.no_caption)


def _render_comparison(parsed: argparse.Namespace, kept: AppState | None) -> None:
    session = _open_session(parsed)
    look = state_of(parsed, kept, session.open(parsed.model))
    if is_comparison(parsed):
        state = compared_state(parsed, look.view)
    else:
        assert kept is not None
        refuse_idle(parsed, ("ids",), "a comparison")
        state = replace(look, comparison=kept.comparison)  # what is said on the command line changes B alone

    def explain(request: Request) -> Explanation:
        return session.run(request, RunContext(seed=parsed.seed))

    made = compared(state, Engine(explain, session.open), parsed.seed)
    with _written():
        write_comparison(made, parsed.out, parsed.size, parsed.theme, captioned=not parsed.no_caption)


def _render_list(parsed: argparse.Namespace, kept: AppState | None) -> int:
    refuse_idle(parsed, (*OF_ONE_SENTENCE, *COMPARED, *trust.OPTIONS), "--input")
    if TRUST in parsed.view:
        hint = "Use headstream evaluate for a list, or --text."
        raise TextError("There is no such picture of a list", f"--view {TRUST} tries one sentence.", hint)
    read = read_list(parsed.input)
    session = _open_session(parsed)
    model = session.open(parsed.model)
    examples = with_gaps(read.examples) if model.head is Head.MASKED_WORD else read.examples
    order = order_of(parsed, state_of(parsed, kept, model), examples)
    for remark in read.remarks:
        _say(remark)
    telling = _Telling()
    batch = Batch(order, parsed.out, PaintingBeside(), telling.tell)
    with stopped_by_keys(batch.stop):
        report = batch.run(session)
    telling.end()
    progress = report.progress
    made = f"{progress.done - progress.skipped} of {progress.of}"
    if report.is_stopped:
        _say(f"stopped after {progress.done} of {progress.of} sentences; the same command goes on from there.")
        return STOPPED
    if progress.skipped:
        _say(f"{made} sentences drawn, {progress.skipped} skipped: {parsed.out / 'problems'}{order.table} says why.")
    return 0 if progress.done > progress.skipped else 2


class _Telling:
    """Says how far a list is: on one line of a terminal, now and then in a file."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._told = time.monotonic()
        self._is_open = False

    def tell(self, progress: BatchProgress) -> None:
        """Say it, if it is time."""
        now = time.monotonic()
        if not self._is_terminal and now - self._told < TOLD_EVERY:
            return
        self._told = now
        left = f", {rough_duration(progress.left)} left" if progress.left else ""
        line = f"headstream: {progress.done} of {progress.of}{left}"
        sys.stderr.write(f"\r{line:<60}" if self._is_terminal else f"{line}\n")
        sys.stderr.flush()
        self._is_open = self._is_terminal

    def end(self) -> None:
        """Leave the line."""
        if self._is_open:
            sys.stderr.write("\n")


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TextError("The file cannot be written", str(error), "Choose another place with --out.") from error


def _say(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"headstream: {' '.join(text.split())}\n")
