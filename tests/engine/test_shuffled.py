"""Shuffled weights: the same values, in a copy, from the head downwards and nowhere else."""

from __future__ import annotations

import pytest
import torch

from engine.context import RunContext
from engine.contract import Head, Request
from engine.shuffled import shuffled
from tests.engine.models import FAMILIES, Tiny, folder, ids_of, opened, record, unchanged
from tests.engine.models import session as shared
from tests.tolerances import FLOAT64, agree

KINDS = [
    *(Tiny(family, layers=3, seed=740) for family in FAMILIES),
    *(Tiny("bert", layers=3, seed=740, head=head) for head in (Head.TOKEN_CLASSIFICATION, Head.STATE)),
    *(Tiny("modernbert", layers=3, seed=740, head=head) for head in (Head.MASKED_WORD, Head.STATE)),
]
EVERY = pytest.mark.parametrize("model", KINDS, ids=str)
BERT = Tiny("bert", layers=3, seed=741)
FILLS = [Tiny(family, seed=742, head=Head.MASKED_WORD) for family in FAMILIES]


def changed(before, after):
    """Names of the parameters that are not what they were."""
    old = dict(before.named_parameters())
    return {name for name, parameter in after.named_parameters() if not torch.equal(parameter, old[name])}


def of_layers(model, number):
    """Names of the parameters of the last ``number`` layers, as they run."""
    modules = [parts.layer for parts in model.layers][::-1][:number]
    inside = {id(parameter) for module in modules for parameter in module.parameters()}
    return {name for name, parameter in model.model.named_parameters() if id(parameter) in inside}


def of_the_head(model):
    parts = (model.head.out, model.head.norm, model.head.dense, model.head.final_norm)
    inside = {id(parameter) for module in parts if module is not None for parameter in module.parameters()}
    inside.discard(id(model.model.get_input_embeddings().weight))
    return {name for name, parameter in model.model.named_parameters() if id(parameter) in inside}


@EVERY
def test_the_head_and_the_last_layers_are_shuffled_and_nothing_else(model):
    whole = opened(model)
    for layers in range(model.layers + 1):
        made = shuffled(whole, layers, seed=0)
        may = of_the_head(whole) | of_layers(whole, layers)
        assert changed(whole.model, made.model) <= may
        # Only what holds one value, or two that fell back into their places, can look as it did.
        large = {name for name, parameter in whole.model.named_parameters() if parameter.numel() > 8}
        assert changed(whole.model, made.model) & large == may & large


@EVERY
def test_every_tensor_keeps_its_values(model):
    whole, made = opened(model), shuffled(opened(model), model.layers, seed=0)
    for (name, old), (same, new) in zip(whole.model.named_parameters(), made.model.named_parameters(), strict=True):
        assert name == same
        assert torch.equal(old.flatten().sort().values, new.flatten().sort().values)


@EVERY
def test_the_original_is_left_as_it_was(model):
    whole = opened(model)
    with unchanged(whole.model):
        made = shuffled(whole, model.layers, seed=0)
        with torch.no_grad():
            for parameter in made.model.parameters():
                parameter.zero_()  # in memory of its own
    assert "shuffled" not in " ".join(whole.info.warnings)


@EVERY
def test_more_layers_leave_those_above_as_they_were_shuffled(model):
    whole = opened(model)
    two, three = shuffled(whole, 2, seed=5), shuffled(whole, 3, seed=5)
    above = of_the_head(whole) | of_layers(whole, 2)
    assert not changed(two.model, three.model) & above
    assert changed(two.model, three.model) <= of_layers(whole, 3)


def test_the_seed_decides():
    whole = opened(BERT)
    assert not changed(shuffled(whole, 2, seed=1).model, shuffled(whole, 2, seed=1).model)
    assert changed(shuffled(whole, 2, seed=1).model, shuffled(whole, 2, seed=2).model) >= {"classifier.weight"}


@pytest.mark.parametrize("model", FILLS, ids=str)
def test_a_decoder_that_shares_the_words_table_keeps_it(model):
    made = shuffled(opened(model), model.layers, seed=0).model
    words = made.get_input_embeddings().weight
    assert torch.equal(words, opened(model).model.get_input_embeddings().weight)
    assert made.get_output_embeddings().weight is words


def test_albert_shuffles_a_module_once_wherever_it_runs():
    """Four layers, two modules: the last layer's is the third's too."""
    model = Tiny("albert", layers=4, seed=743)
    whole = opened(model)
    depths = [shuffled(whole, layers, seed=0).model for layers in range(5)]
    assert not changed(depths[1], depths[2])
    assert not changed(depths[3], depths[4])
    assert changed(depths[0], depths[1]).isdisjoint(changed(depths[2], depths[3]))
    assert len(changed(depths[2], depths[3])) > 8


@EVERY
def test_the_parts_are_the_copys_own_and_read_its_weights(model):
    """A network frozen from them computes what the shuffled model computes."""
    made = shuffled(opened(model), 2, seed=0)
    captured, network = record(made, ids_of(6), position=model.position)
    agree(network.final_states, captured.layers[-1].states_out, FLOAT64)
    assert {parts.layer for parts in made.layers} <= set(made.model.modules())
    own = {parameter.data_ptr() for parameter in made.model.parameters()}
    assert all(parts.attention_output.weight.data_ptr() in own for parts in made.layers)


def test_a_shuffled_model_says_so():
    info = shuffled(opened(BERT), 2, seed=0).info
    assert info.warnings[-1] == "The weights of the head and of the last 2 layers are shuffled."
    assert info.weights_sha256 == ""


# Through the door.


def test_a_shuffled_session_answers_for_its_copy_and_the_others_for_the_original():
    session = shared(BERT)
    request = Request(0, str(folder(BERT)), "decompx", ids=ids_of(7))
    before = session.run(request, RunContext())
    other = session.shuffled(request.model, 2, seed=0)
    found = other.run(request, RunContext())
    after = session.run(request, RunContext())
    assert (after.scores == before.scores).all()
    assert (after.prediction.logits == before.prediction.logits).all()
    assert abs(found.prediction.logits - before.prediction.logits).max() > 1e-3
    made = shuffled(opened(BERT), 2, seed=0)
    agree(found.prediction.logits, made.model(torch.tensor([ids_of(7)]))[0][0].detach().numpy(), FLOAT64)


def test_a_shuffled_explanation_is_exact_about_the_shuffled_model():
    found = (
        shared(BERT)
        .shuffled(str(folder(BERT)), 3, seed=0)
        .run(Request(0, str(folder(BERT)), "decompx", ids=ids_of(7)), RunContext())
    )
    assert found.checks["completeness"] <= FLOAT64 * abs(found.prediction.logits).max()
