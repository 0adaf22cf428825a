"""Running the model again: on changed inputs, from changed states, with changed value vectors, with gradients."""

from __future__ import annotations

import pytest
import torch

from engine.attribution import MethodInput
from engine.context import RunContext
from engine.contract import Head
from engine.errors import Cancelled
from engine.passes import EMBEDDING, PLACES, WORD, explained_scalar, run_again
from tests.engine.models import MEAN, Tiny, every_kind, ids_of, opened, record, unchanged
from tests.tolerances import FLOAT64, agree

KINDS = every_kind(seed=401, layers=3)
IDS = ids_of(7)
SHARED = Tiny("albert", layers=3, seed=402, extras=(("num_hidden_groups", 1),))


def given_of(tiny, context=None, target=0, against=-1):
    """A run as a method sees it."""
    model = opened(tiny)
    captured, network = record(model, IDS, position=tiny.position)
    position = tiny.position or 0
    return MethodInput(model, captured, network, target, against, (target,), position, {}, context or RunContext())


@pytest.mark.parametrize("tiny", [*KINDS, SHARED], ids=str)
@torch.no_grad()
def test_a_pass_that_changes_nothing_is_the_recorded_one(tiny):
    given = given_of(tiny)
    again = run_again(given)
    assert torch.equal(again.logits[0], given.capture.logits)
    assert len(again.weights) == len(again.values) == len(given.capture.layers)
    for weights, values, layer in zip(again.weights, again.values, given.capture.layers, strict=True):
        assert torch.equal(weights[0], layer.attention)
        assert torch.equal(values[0], layer.values)


@pytest.mark.parametrize("tiny", KINDS, ids=str)
@torch.no_grad()
def test_other_inputs_are_answered_as_if_they_were_the_run(tiny):
    """Several at once, each row on its own; a state is measured along the run's direction."""
    given, other = given_of(tiny), ids_of(7, seed=1)
    rows = torch.tensor([IDS, other])
    found = run_again(given, {"input_ids": rows, "attention_mask": torch.ones_like(rows)}).logits
    agree(found[0], given.capture.logits, 1e-12)
    alone, _ = record(opened(tiny), other, position=tiny.position)
    if tiny.head is Head.STATE:
        state = opened(tiny).model(rows)[0][1, tiny.position]
        agree(found[1], (state @ given.capture.direction)[None], 1e-12)
    else:
        agree(found[1], alone.logits, 1e-12)


@pytest.mark.parametrize("head", [Head.TOKEN_CLASSIFICATION, Head.MASKED_WORD])
@torch.no_grad()
def test_the_answer_may_be_read_elsewhere(head):
    tiny = Tiny("electra", seed=403, head=head)
    found = run_again(given_of(tiny), position=2).logits[0]
    assert torch.equal(found, record(opened(tiny), IDS, position=2)[0].logits)


@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("tiny", [*KINDS, SHARED], ids=str)
@torch.no_grad()
def test_states_are_replaced_where_asked_and_once(tiny, at):
    given, seen = given_of(tiny), []

    def change(states):
        seen.append(states.clone())
        return states

    same = run_again(given, at=at, change=change)
    assert torch.equal(same.logits[0], given.capture.logits)
    assert len(seen) == 1
    if at == EMBEDDING:
        assert torch.equal(seen[0][0], given.capture.layers[0].states)
    else:
        table = opened(tiny).model.get_input_embeddings().weight
        assert torch.equal(seen[0][0], table[list(IDS)])


@pytest.mark.parametrize("tiny", KINDS, ids=str)
@torch.no_grad()
def test_word_vectors_of_other_words_make_the_text_of_those_words(tiny):
    given, other = given_of(tiny), torch.tensor([ids_of(7, seed=1)])
    table = opened(tiny).model.get_input_embeddings().weight
    swapped = run_again(given, at=WORD, change=lambda _: table[other])
    written = run_again(given, {**given.capture.inputs, "input_ids": other})
    agree(swapped.logits, written.logits, 1e-12)


@pytest.mark.parametrize("tiny", [*KINDS, SHARED], ids=str)
@torch.no_grad()
def test_value_vectors_are_replaced_in_the_layer_that_was_named(tiny):
    given = given_of(tiny)

    def emptied(layer, values):
        return torch.zeros_like(values) if layer == 1 else values

    found = run_again(given, change_values=emptied)
    for before, after in zip(given.capture.layers[:2], found.values[:2], strict=True):
        assert torch.equal(after[0], before.values)  # what the model made is told, not what it was given instead
    assert not torch.allclose(found.values[2][0], given.capture.layers[2].values)
    assert not torch.allclose(found.logits[0], given.capture.logits)


@torch.no_grad()
def test_emptied_value_vectors_leave_a_layer_its_residual_alone():
    """Checked in a one-layer model whose output is what LayerNorm makes of the states and the output bias."""
    tiny = Tiny("bert", layers=1, seed=404, head=Head.STATE)
    given = given_of(tiny)
    layer = opened(tiny).layers[0]
    states = given.capture.layers[0].states
    middle = layer.norm_1(states + layer.attention_output.bias)
    bert = opened(tiny).model.encoder.layer[0]
    wanted = bert.output(bert.intermediate(middle), middle)[tiny.position]
    found = run_again(given, change_values=lambda _, values: torch.zeros_like(values))
    agree(found.logits[0], (wanted @ given.capture.direction)[None], FLOAT64)


@pytest.mark.parametrize("tiny", [*KINDS, SHARED], ids=str)
def test_gradients_reach_weights_values_and_states(tiny):
    """A step along the gradient changes the answer by its length, to first order."""
    given, started = given_of(tiny), []

    def start(states):
        started.append(states.detach().clone().requires_grad_(True))
        return started[0]

    with torch.enable_grad():
        found = run_again(given, at=EMBEDDING, change=start)
        scalar = explained_scalar(given, found.logits)
        wanted = [started[0], *found.weights, *found.values]
        slope, *others = torch.autograd.grad(scalar.sum(), wanted, allow_unused=True)
    assert all(other is not None for other in others)
    rotary = tiny.family == "modernbert"  # transformers turns queries and keys in single precision
    length = 1e-4 if rotary else 1e-6
    step = length * slope / slope.norm()
    with torch.no_grad():
        up, down = (run_again(given, at=EMBEDDING, change=lambda states, s=s: states + s).logits for s in (step, -step))
    moved = explained_scalar(given, up) - explained_scalar(given, down)
    assert float(moved) == pytest.approx(float(2 * length * slope.norm()), rel=1e-2 if rotary else 1e-4)


def test_a_contrast_is_the_difference_of_two_logits():
    given = given_of(Tiny("bert", seed=405), target=2, against=1)
    logits = torch.tensor([[1.0, 2.0, 4.0], [0.0, 0.0, -3.0]])
    assert explained_scalar(given, logits).tolist() == [2.0, -3.0]
    assert explained_scalar(given_of(Tiny("bert", seed=405), target=2), logits).tolist() == [4.0, -3.0]


@torch.no_grad()
def test_a_mean_is_read_over_the_tokens_of_every_row():
    tiny = Tiny("modernbert", seed=406, extras=MEAN)
    rows, mask = torch.tensor([[*IDS[:4], 0, 0, 0], IDS]), torch.tensor([[1] * 4 + [0] * 3, [1] * 7])
    found = run_again(given_of(tiny), {"input_ids": rows, "attention_mask": mask}).logits
    agree(found[0], record(opened(tiny), IDS[:4])[0].logits, FLOAT64)
    agree(found[1], record(opened(tiny), IDS)[0].logits, FLOAT64)


# Whatever happens, nothing is left behind.


@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("tiny", [Tiny("bert", seed=407), Tiny("modernbert", seed=407), SHARED], ids=str)
def test_a_change_that_raises_leaves_nothing_behind(tiny, at):
    given = given_of(tiny)

    def fail(_):
        raise ArithmeticError("on purpose")

    with unchanged(opened(tiny).model), pytest.raises(ArithmeticError, match="on purpose"):
        run_again(given, at=at, change=fail)
    with torch.no_grad():
        assert torch.equal(run_again(given).logits[0], given.capture.logits)


@pytest.mark.parametrize("tiny", [Tiny("bert", layers=3, seed=408), SHARED], ids=str)
def test_a_pass_is_cancelled_at_the_next_layer_forth_and_back(tiny):
    context = RunContext()
    given = given_of(tiny, context)
    looks = []
    with torch.enable_grad():
        found = run_again(given, at=EMBEDDING, change=lambda states: states.detach().requires_grad_(True))
        context.cancel()
        with unchanged(opened(tiny).model), pytest.raises(Cancelled):
            torch.autograd.grad(found.logits.sum(), found.weights[0])
    with unchanged(opened(tiny).model), torch.no_grad(), pytest.raises(Cancelled):
        run_again(given, change_values=lambda layer, values: looks.append(layer) or values)
    assert not looks
