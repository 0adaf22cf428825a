"""ModernBERT: norms in front, gates, windows, rotary positions, a final norm; read from the first state or the mean."""

from __future__ import annotations

import pytest
import torch

from engine.contract import Head
from engine.errors import TextError
from engine.families.modernbert import FAMILY
from tests.engine.models import MEAN, UNBIASED, Tiny, explain, ids_of, opened, record
from tests.tolerances import FLOAT64, agree

POOLED = [(), MEAN, UNBIASED, MEAN + UNBIASED]


@pytest.mark.parametrize("act", sorted(FAMILY.served_values["hidden_activation"]))
def test_every_served_activation_adds_up_to_the_logits(act):
    found = explain(Tiny("modernbert", act=act, seed=161), "decompx", ids=ids_of(6))
    agree(found.scores_all.sum(1) + found.bias, found.prediction.logits, FLOAT64)


@pytest.mark.parametrize("act", ["relu", "silu"])
def test_head_and_layers_may_have_different_activations(act):
    model = opened(Tiny("modernbert", seed=162, extras=(("classifier_activation", act),)))
    captured, _ = record(model, ids_of(6))
    agree(captured.head.activation, getattr(torch.nn.functional, act)(captured.head.dense), FLOAT64)


@pytest.mark.parametrize("extras", POOLED, ids=str)
@torch.no_grad()
def test_the_answer_is_transformers_own(extras):
    model, ids = opened(Tiny("modernbert", layers=3, seed=163, extras=extras)), ids_of(9)
    stock = model.model(torch.tensor([ids])).logits[0]
    agree(record(model, ids)[0].logits, stock, 1e-12)
    found = explain(Tiny("modernbert", layers=3, seed=163, extras=extras), "decompx", ids=ids)
    agree(found.scores_all.sum(1) + found.bias, stock, FLOAT64)


@pytest.mark.parametrize("head", [Head.TOKEN_CLASSIFICATION, Head.MASKED_WORD, Head.STATE])
def test_a_text_is_read_from_the_mean_but_a_position_from_itself(head):
    model = opened(Tiny("modernbert", seed=164, head=head, extras=MEAN))
    assert not model.mean_pooling
    captured, _ = record(model, ids_of(6), position=3)
    assert captured.pooling.tolist() == [0, 0, 0, 1, 0, 0]


def test_attention_reaches_no_further_than_the_window_in_all_layers_but_the_global_ones():
    """A window of 4 is two tokens to each side; every second layer, the first included, sees everything."""
    captured, _ = record(opened(Tiny("modernbert", layers=4, seed=165)), ids_of(9))
    place = torch.arange(9)
    near = (place[:, None] - place).abs() <= 2
    for number, weights in enumerate(captured.attention):
        seen = torch.ones_like(near) if number % 2 == 0 else near
        assert (weights[:, seen] > 0).all()
        assert not weights[:, ~seen].any()


@torch.no_grad()
def test_positions_turn_queries_and_keys_only():
    """The same piece at two places: other attention, but the same value vector in the first layer."""
    captured, _ = record(opened(Tiny("modernbert", seed=166)), (7, 9, 7, 11))
    values, attention = captured.layers[0].values, captured.layers[0].attention
    assert torch.equal(values[:, 0], values[:, 2])
    assert not torch.allclose(attention[:, 0], attention[:, 2])


def test_what_the_published_models_lack_is_zero():
    parts = opened(Tiny("modernbert", seed=167, extras=UNBIASED)).layers[1]
    for affine in (parts.value, parts.attention_output, parts.feed_forward_in, parts.feed_forward_out):
        assert not affine.bias.any()
    _, network = record(opened(Tiny("modernbert", seed=167, extras=UNBIASED)), ids_of(6))
    assert not network.blocks[1].value_offset.any()
    found = explain(Tiny("modernbert", seed=167, extras=UNBIASED), "decompx", ids=ids_of(6))
    assert abs(found.flow.bias_in).max() <= FLOAT64 * abs(found.flow.nodes).max()


def test_gate_and_multiplied_branch_are_told_apart():
    model = opened(Tiny("modernbert", seed=168))
    captured, network = record(model, ids_of(6))
    layer, record_ = model.model.model.layers[1], captured.layers[1]
    gate, branch = layer.mlp.Wi(layer.mlp_norm(record_.norm_2_in)).chunk(2, dim=-1)
    agree(record_.activation, layer.mlp.act(gate).detach(), FLOAT64)
    agree(network.blocks[1].pre_activation, branch.detach(), FLOAT64)
    agree(network.blocks[1].ratio, layer.mlp.act(gate).detach(), FLOAT64)


def test_no_segments_are_told_and_none_but_the_first_may_be_given():
    model = opened(Tiny("modernbert", seed=169))
    assert set(record(model, ids_of(6))[0].inputs) == {"input_ids", "attention_mask"}
    with pytest.raises(TextError, match="no segment 1"):
        record(model, ids_of(6), segments=(0, 0, 0, 1, 1, 1))


def test_a_text_may_be_as_long_as_the_positions_that_were_learned():
    assert opened(Tiny("modernbert")).info.max_tokens == 34
