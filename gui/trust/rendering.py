"""An explanation tried from the command line: what its options mean, and asking for what is drawn."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from engine.contract import Request
from engine.errors import MethodError
from engine.faithfulness.candidates import parse_candidates
from engine.faithfulness.protocol import MASK, PROTOCOLS
from engine.faithfulness.trial import Door, Plan, Trying
from gui.figures.composing import compose
from gui.figures.files import save
from gui.figures.sizes import Size
from gui.paint.palette import PALETTES
from gui.state import AppState
from gui.trust.exporting import exported
from gui.trust.tried import Tried
from gui.viewkit import Figure

if TYPE_CHECKING:
    from engine.context import RunContext

OPTIONS = ("protocol", "orders", "others")
USUAL_ORDERS, MOST_ORDERS = 20, 1000


def add_trust_options(parser: argparse.ArgumentParser) -> None:
    """``--protocol``, ``--orders`` and ``--others``; that none was given is None."""
    group = parser.add_argument_group("with --view trust")
    told = "; ".join(f"{each.id}: {each.label.lower()}" for each in PROTOCOLS)
    group.add_argument(
        "--protocol", choices=[each.id for each in PROTOCOLS], help=f"how words are taken away; {told}. Default: mask"
    )
    group.add_argument(
        "--orders", type=_orders, metavar="N", help=f"random orders beside it, 0 for none; default: {USUAL_ORDERS}"
    )
    group.add_argument("--others", metavar="ID[:NAME=VALUE…],…", help="methods beside it")


def _orders(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST_ORDERS:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to {MOST_ORDERS}")
    return number


def tried(parsed: argparse.Namespace, request: Request, whole_words: bool, door: Door, context: RunContext) -> Tried:
    """The explanation the request asks for, tried as the options say; all methods for the same answer.

    Raises MethodError for what is wrong with an option, TextError where nothing can be tried, and what the door does.
    """
    others = parse_candidates(parsed.others) if parsed.others else ()
    if any(other.is_random for other in others):
        raise MethodError("Random orders have an option of their own", "They are no other method.", "Use --orders.")
    orders = USUAL_ORDERS if parsed.orders is None else parsed.orders
    plan = Plan(parsed.protocol or MASK.id, whole_words, drawn=True, orders=orders, seed=request.seed)
    own = door.run(request, context)
    trying = Trying(door, own, plan)
    asked = replace(request, target=own.target, against=own.against if own.against >= 0 else request.against)
    found = [door.run(replace(asked, method=other.method, parameters=other.parameters), context) for other in others]
    trying.ask_ahead([own, *found], context)
    return Tried(
        explanation=own,
        plan=plan,
        units=trying.units,
        own=trying.explained(own, context),
        others=tuple(trying.explained(each, context) for each in found),
        chance=trying.by_chance(context),
    )


def write(made: Tried, path: Path, size: Size, state: AppState, *, captioned: bool) -> None:
    """Write the figure, with the state's settings. Raises OSError where it cannot be."""
    what, palette = exported(made), PALETTES[state.view.theme]
    size = size.fitted(what.aspect)

    def figure_of(rect: QRectF) -> Figure:
        return what.figure_of(rect, palette)

    figure = compose(figure_of, size, palette, what.caption_of if captioned else None)
    save(figure, path, size, title=state.text, state=state if state.text else None)
