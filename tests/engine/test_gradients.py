"""Gradients where the words enter: against differences of the untouched model's own answers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import gradients
from engine.contract import Head
from engine.errors import MethodError
from tests.engine.models import MEAN, Tiny, explain, ids_of, opened
from tests.engine.stopping import stops_everywhere
from tests.tolerances import FLOAT64, agree

MODELS = [
    Tiny("bert", seed=411),
    Tiny("roberta", seed=412, act="silu"),
    Tiny("distilbert", seed=413),
    Tiny("electra", seed=414),
    Tiny("albert", seed=415),
    Tiny("modernbert", seed=416),
    Tiny("modernbert", seed=417, extras=MEAN),
    Tiny("bert", seed=418, head=Head.MASKED_WORD),
    Tiny("albert", seed=419, head=Head.TOKEN_CLASSIFICATION),
    Tiny("distilbert", seed=420, head=Head.STATE),
]
IDS = ids_of(6)
STEP, ROUGH_STEP = 1e-5, 1e-3
# What central differences of these steps can tell. ModernBERT turns queries and keys in float32 whatever the dtype.
TOLD, ROUGHLY_TOLD = 1e-7, 1e-4
REDUCED = {
    "l1": lambda vectors: vectors.abs().sum(-1),
    "l2": lambda vectors: vectors.square().sum(-1).sqrt(),
}


def answers(model, at, states):
    """The stock model's logits [batch, class] with ``states`` [batch, token, size] put at the place."""
    network, tiny = opened(model).model, model
    ids = torch.tensor([IDS]).expand(len(states), -1)
    if at == "word":
        handle = network.get_input_embeddings().register_forward_hook(lambda *_: states)
    else:
        first, seen = opened(model).layers[0].layer, []

        def enter(_module, inputs):
            seen.append(True)
            return (states, *inputs[1:]) if len(seen) == 1 else None

        handle = first.register_forward_pre_hook(enter)
    try:
        output = network(ids)[0]
    finally:
        handle.remove()
    if tiny.head is Head.SEQUENCE_CLASSIFICATION:
        return output
    read = output[:, tiny.position]
    if tiny.head is Head.STATE:
        state = network(torch.tensor([IDS]))[0][0, tiny.position]
        return (read @ (state / state.norm()))[:, None]
    return read


def states_at(model, at):
    """What stands at the place for the real text, [token, size]."""
    network, seen = opened(model).model, []
    if at == "word":
        return network.get_input_embeddings()(torch.tensor(IDS))
    handle = opened(model).layers[0].layer.register_forward_pre_hook(lambda _m, inputs: seen.append(inputs[0][0]))
    try:
        network(torch.tensor([IDS]))
    finally:
        handle.remove()
    return seen[0]


def differences(model, at, output, quantity):
    """Central differences of a quantity of the outputs [batch, class], for every number of every token."""
    states = states_at(model, at)
    step = ROUGH_STEP if model.family == "modernbert" else STEP
    moves = step * torch.eye(states.numel(), dtype=states.dtype).view(-1, *states.shape)

    def asked(moved):
        logits = answers(model, at, moved)
        return quantity(logits if output == "logit" else logits.softmax(-1))

    return ((asked(states + moves) - asked(states - moves)) / (2 * step)).view(states.shape)


@pytest.mark.parametrize("reduce", REDUCED)
@pytest.mark.parametrize("at", ["word", "embedding"])
@pytest.mark.parametrize("model", MODELS, ids=str)
@torch.no_grad()
def test_gradients_are_what_small_changes_do(model, at, reduce):
    parameters = (("at", at), ("reduce", reduce))
    told = ROUGHLY_TOLD if model.family == "modernbert" else TOLD
    found = explain(model, "gradient", ids=IDS, parameters=parameters)
    slopes = differences(model, at, "logit", lambda logits: logits[:, found.target])
    agree(found.scores, REDUCED[reduce](slopes), told)
    times = explain(model, "gradient_x_input", ids=IDS, parameters=parameters)
    agree(times.scores, REDUCED[reduce](slopes * states_at(model, at)), told)
    if model.family == "modernbert" and at == "word":
        return  # zero, and refused: see below
    summed = explain(model, "gradient_x_input", ids=IDS, parameters=parameters[:1])
    agree(summed.scores, (slopes * states_at(model, at)).sum(-1), told)


@torch.no_grad()
def test_where_only_a_words_direction_counts_its_length_is_not_asked():
    model = next(model for model in MODELS if model.family == "modernbert")
    states = states_at(model, "word")[None]
    # ROUGHLY_TOLD: the norm's epsilon keeps a trace of the length.
    agree(answers(model, "word", 3 * states), answers(model, "word", states), ROUGHLY_TOLD)
    for method in ("gradient_x_input", "integrated_gradients"):
        with pytest.raises(MethodError, match="at=embedding"):
            explain(model, method, ids=IDS)
        assert np.abs(explain(model, method, ids=IDS, parameters=(("at", "embedding"),)).scores).max() > 0.01


@pytest.mark.parametrize("output", ["logit", "prob"])
@pytest.mark.parametrize("reduce", REDUCED)
@torch.no_grad()
def test_a_contrast_is_explained_as_one_difference(reduce, output):
    model, parameters = MODELS[0], (("output", output), ("reduce", reduce))
    found = explain(model, "gradient", ids=IDS, parameters=parameters, target=2, against=0)
    slopes = differences(model, "word", output, lambda answer: answer[:, 2] - answer[:, 0])
    agree(found.scores, REDUCED[reduce](slopes), TOLD)
    assert np.abs(found.scores - (found.scores_all[2] - found.scores_all[0])).max() > 0.01 * found.scores.max()


@pytest.mark.parametrize("output", ["logit", "prob"])
def test_a_contrast_of_sums_is_their_difference(output):
    parameters = (("output", output),)
    found = explain(MODELS[0], "gradient_x_input", ids=IDS, parameters=parameters, target=2, against=0)
    agree(found.scores, found.scores_all[2] - found.scores_all[0], FLOAT64)


@pytest.mark.parametrize("method", ["gradient", "gradient_x_input"])
def test_every_class_gets_its_own_row(method):
    model = MODELS[0]
    rows = explain(model, method, ids=IDS).scores_all
    for target in range(model.labels):
        agree(explain(model, method, ids=IDS, target=target).scores, rows[target], FLOAT64)


@pytest.mark.parametrize("against", [{}, {"against": 0}])
def test_with_many_classes_only_the_explained_ones_are_followed_back(monkeypatch, against):
    request = {"ids": ids_of(7), "target": 1, **against}
    wanted = explain(MODELS[0], "gradient", **request).scores
    explain(MODELS[0], "gradient", ids=IDS)  # a session keeps its last answer
    monkeypatch.setattr(gradients, "CLASSES_AT_MOST", 2)
    found = explain(MODELS[0], "gradient", **request)
    assert found.scores_all is None
    agree(found.scores, wanted, FLOAT64)


@pytest.mark.parametrize(
    ("method", "reduce", "signed", "unit"),
    [
        ("gradient", "l2", False, "gradient"),
        ("gradient", "l1", False, "gradient"),
        ("gradient_x_input", "sum", True, "logit"),
        ("gradient_x_input", "l1", False, "gradient"),
        ("integrated_gradients", "sum", True, "logit"),
        ("integrated_gradients", "l2", False, "gradient"),
    ],
)
def test_lengths_claim_no_sign_and_nothing_that_adds_up(method, reduce, signed, unit):
    found = explain(MODELS[0], method, ids=IDS, parameters=(("reduce", reduce),))
    assert (found.signed, found.unit) == (signed, unit)
    assert signed or found.scores.min() >= 0
    assert (found.scores < 0).any() or not signed


@pytest.mark.parametrize("method", ["gradient", "gradient_x_input", "integrated_gradients"])
@pytest.mark.parametrize("model", MODELS[:1], ids=str)
def test_a_run_stops_on_the_way_there_and_back(model, method):
    parameters = (("steps", "2"),) if method == "integrated_gradients" else ()
    moments = stops_everywhere(model, method, ids=IDS, parameters=parameters)
    ways_back = 1 if method == "integrated_gradients" else model.labels
    assert moments >= model.layers * (2 + ways_back)  # the recorded pass, one more, and each way back


def test_no_gradient_and_no_wish_for_one_is_left_behind():
    network = opened(MODELS[0]).model
    for method in ("gradient", "integrated_gradients"):
        explain(MODELS[0], method, ids=ids_of(8))
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in network.parameters())
