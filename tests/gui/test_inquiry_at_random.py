"""A restless person at two sides: whatever is done in whatever order, both answers fit in the end."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from engine.contract import Against, Request
from gui.asking import Side, fits
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.shown import Activity
from gui.state import Compared, Grouping, Hover
from tests.gui.two_sides import STATE, Table, reply

WORDS = ("A film.", "A bad film.", "A good, bad film.", "", "Keys are here.")


def _step(table: Table, dice: random.Random) -> None:
    """Something a restless person does."""
    controller, view = table.controller, table.shown.state.view
    pairs = ExampleSet("Pairs", (Example("The key is.", "The keys is."), Example("A bad day.")))
    text = dice.choice(WORDS)
    does = (
        lambda: controller.text_edited(text),
        lambda: controller.first_text_edited(text),
        controller.compare_toggled,
        controller.sides_swapped,
        lambda: controller.compared_chosen(dice.choice(tuple(Compared))),
        lambda: controller.first_method_chosen(dice.choice(("decompx", "globenc")), ()),
        lambda: controller.method_chosen(dice.choice(("decompx", "globenc")), ()),
        lambda: controller.first_model_chosen(dice.choice(("names", STATE.model))),
        lambda: controller.model_chosen(dice.choice(("names", STATE.model))),
        lambda: controller.first_layer_chosen(dice.randrange(8)),
        lambda: controller.layer_chosen(dice.randrange(6)),
        lambda: controller.target_chosen(*dice.choice(((None, Against.OTHER), (0, 1), (1, Against.NOTHING)))),
        lambda: controller.looked(replace(view, grouping=dice.choice(tuple(Grouping)))),
        lambda: controller.hovered(Hover(dice.randrange(3))),
        lambda: controller.walked(Walk(pairs, dice.randrange(2))),
        controller.undo,
        controller.redo,
    )
    dice.choice(does)()


@pytest.mark.parametrize("seed", range(60))
def test_whatever_happens_both_answers_fit_in_the_end(seed: int) -> None:
    dice = random.Random(seed)
    table = Table()
    table.controller.start()
    late: list[Request] = []
    for _ in range(60):
        _step(table, dice)
        if dice.random() < 0.3 and table.pause.ended is not None:
            table.pause.end()
        if dice.random() < 0.5 and table.asked:
            late.append(table.bridge.requests[-1])
            table.answer(preview=dice.random() < 0.2)
        if dice.random() < 0.1 and table.asked:
            table.fail(dice.choice(("text", "method", "model")))
        if dice.random() < 0.1 and late:
            table.controller.outcome_arrived(reply(late.pop()))
    table.controller.text_edited("At last a film.")
    if table.shown.state.comparison is not None:
        table.controller.first_text_edited("At first a bad film.")
    table.settle()
    shown = table.shown
    if table.bridge.requests and shown.activity is not Activity.UP_TO_DATE:
        table.controller.text_edited("At the very last a film.")  # what failed is tried again when something changes
        table.settle()
    shown = table.shown
    assert shown.activity is Activity.UP_TO_DATE
    assert shown.explanation is not None
    assert fits(shown.explanation, shown.state, Side.SECOND, shown.first)
    assert not shown.waiting
    if shown.state.comparison is None:
        assert shown.first is None
    else:
        table.assert_both_stand()
        first, second = shown.first, shown.explanation
        assert first is not None
        names = [made.prediction.labels[made.target] for made in (first, second)]
        assert names[0] == names[1], "both are explained for the same answer"
