"""What holds for every model, input and precision: properties over random tiny models and random inputs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import registry
from engine.contract import Head
from tests.engine.allowed import explain_allowed
from tests.engine.models import FAMILIES, MEAN, UNBIASED, VOCABULARY, Tiny, opened
from tests.tolerances import FLOAT32, FLOAT64, OF, agree

METHODS = [method.id for method in registry.discover()]
# Their rules divide by sums that may be next to nothing; the published program's own precisions lie as far apart.
UNSTEADY = {"transformer_lrp", "partial_lrp"}
# Gradients in masked columns are not zero and enter their means, as published.
MOVED_BY_PADDING = {"beyond_intuition_head", "attention_grad_cam"}
STEADY = [method for method in METHODS if method not in UNSTEADY]
UNMOVED = [method for method in METHODS if method not in MOVED_BY_PADDING]
FEW = settings(max_examples=30, deadline=None, derandomize=True)

PLACES = st.integers(0, 11)
IDS = st.lists(st.integers(5, VOCABULARY - 1), min_size=1, max_size=12).map(tuple)
APART = (("bias", "token"),)
# ALTI adds 1e-6 to every component of a difference, which leaves padding a share of that order (its own tolerance).
NEARLY = {"alti": 1e-5}


@st.composite
def _models(draw, families=FAMILIES):
    family = draw(st.sampled_from(families))
    return Tiny(
        family=family,
        layers=draw(st.integers(1, 4)),
        labels=draw(st.sampled_from([1, 2, 5])),
        act=draw(st.sampled_from(["gelu", "relu"])),
        seed=7,
        heads=draw(st.sampled_from([1, 3])),
        head=draw(st.sampled_from(list(Head))),
        extras=draw(st.sampled_from([(), MEAN, UNBIASED])) if family == "modernbert" else (),
    )


MODELS = _models()


def asked(model, method, dtype="float64", *, place, ids, **request):
    """An explanation at some place of the text where the head answers about one; None where the method does not fit."""
    if method in opened(model).info.unavailable:
        return None
    position = None if model.position is None else place % len(ids)
    return explain_allowed(model, method, dtype, ids=ids, position=position, **request)


def conserved(found, dtype):
    """Every node gives on what it gets, and everything adds up to the target."""
    flow, allowed = found.flow, OF[dtype]
    scale = max(1.0, float(np.abs(flow.nodes).max()))
    assert np.abs(flow.edge.sum(1) - flow.nodes[:-1]).max() <= allowed * scale
    assert np.abs(flow.edge.sum(2) + flow.bias_in - flow.nodes[1:]).max() <= allowed * scale
    assert np.abs(flow.bias_in.sum(1) - flow.bias[:-1]).max() <= allowed * scale
    assert abs(flow.nodes[0].sum() + flow.bias.sum() - flow.total) <= allowed * scale
    assert found.checks["conservation"] <= allowed * scale


@FEW
@given(
    model=MODELS,
    ids=IDS,
    place=PLACES,
    dtype=st.sampled_from(sorted(OF)),
    bias=st.sampled_from(["absdot", "norm", "abssim", "equal", "cls", "token"]),
)
def test_shares_and_bias_complete_every_logit(model, ids, place, dtype, bias):
    found = asked(model, "decompx", dtype, ids=ids, place=place, parameters=(("bias", bias),))
    scale = max(1.0, float(np.abs(found.scores_all).max()))
    total = found.scores_all.sum(1) + found.bias
    assert np.abs(total - found.prediction.logits[list(found.explained)]).max() <= OF[dtype] * scale
    assert found.checks["completeness"] <= OF[dtype] * scale
    if bias == "token":
        assert found.checks["scores_vs_flow"] <= OF[dtype] * scale


@FEW
@given(model=MODELS, ids=IDS, place=PLACES, dtype=st.sampled_from(sorted(OF)), method=st.sampled_from(METHODS))
def test_every_flow_is_conserved_at_every_node(model, ids, place, dtype, method):
    found = asked(model, method, dtype, ids=ids, place=place)
    if found is not None and found.flow is not None:
        conserved(found, dtype)
        assert found.flow.total == (1.0 if found.flow.from_map else pytest.approx(found.target_value))


@FEW
@given(
    model=MODELS.filter(lambda model: model.head is Head.MASKED_WORD or model.labels > 1),
    ids=IDS,
    place=PLACES,
    classes=st.permutations(range(5)),
)
def test_a_contrast_is_the_difference_of_two_explanations(model, ids, place, classes):
    if model.head is Head.STATE:
        return
    target, against = [index for index in classes if index < len(opened(model).info.labels)][:2]

    def towards(target, **request):
        return asked(model, "decompx", ids=ids, place=place, target=target, parameters=APART, **request)

    both, one, other = towards(target, against=against), towards(target), towards(against)
    for name in ("edge", "nodes", "bias_in", "bias"):
        wanted = getattr(one.flow, name) - getattr(other.flow, name)
        scale = max(1.0, *(float(np.abs(getattr(found.flow, name)).max()) for found in (one, other)))
        assert np.abs(getattr(both.flow, name) - wanted).max() <= FLOAT64 * scale
    for index, found in ((target, one), (against, other)):
        agree(both.scores_all[both.explained.index(index)], found.scores)
    assert np.abs(both.scores - (one.scores - other.scores)).max() <= FLOAT64 * max(1, np.abs(one.scores).max())
    conserved(both, "float64")


@FEW
@given(model=MODELS, ids=IDS, place=PLACES, method=st.sampled_from(["attention", "rollout"]))
def test_rollouts_of_maps_whose_rows_sum_to_one_have_rows_that_sum_to_one(model, ids, place, method):
    found = asked(model, method, ids=ids, place=place)
    for maps in (found.layer_maps, found.rollout, found.attention):
        agree(maps.sum(-1), np.ones(maps.shape[:-1]))
        assert maps.min() >= 0
    agree(found.flow.nodes.sum(1), np.ones(model.layers + 1))
    agree(found.flow.nodes[0], found.scores if method == "rollout" else found.flow.nodes[-1] @ found.rollout[-1])


@FEW
@given(model=MODELS.filter(lambda model: model.act == "gelu"), ids=IDS, place=PLACES, method=st.sampled_from(STEADY))
def test_single_precision_is_close_to_double(model, ids, place, method):
    """Smooth activations only: ReLU's ratio jumps where its input changes sign, which rounding can do."""
    rough, fine = (
        asked(model, method, dtype, ids=ids, place=place, feed_forward_layers=(0,), target=0)
        for dtype in ("float32", "float64")
    )
    if fine is None:
        return
    agree(rough.scores, fine.scores, FLOAT32)
    agree(rough.prediction.logits, fine.prediction.logits, FLOAT32)
    for name, array in fine.components.maps.items():
        agree(rough.components.maps[name], array, FLOAT32)
    for name, array in fine.components.feed_forward.items():
        agree(rough.components.feed_forward[name], array, FLOAT32)
    if fine.flow is not None:
        agree(rough.flow.edge, fine.flow.edge, FLOAT32)
        agree(rough.flow.nodes, fine.flow.nodes, FLOAT32)
    for name in ("layer_maps", "rollout"):
        if getattr(fine, name) is not None:
            agree(getattr(rough, name), getattr(fine, name), FLOAT32)


@FEW
@given(model=MODELS, ids=IDS, place=PLACES, padding=st.integers(1, 4), method=st.sampled_from(UNMOVED))
def test_padding_changes_no_share_and_gets_none(model, ids, place, padding, method):
    length = len(ids)
    mask = (1,) * length + (0,) * padding
    request = {"place": place % length, "feed_forward_layers": (0,)}
    padded = asked(model, method, ids=ids + (model.padding,) * padding, attention_mask=mask, **request)
    alone = asked(model, method, ids=ids, **request)
    if alone is None:
        return
    allowed = NEARLY.get(method, FLOAT64)
    agree(padded.prediction.logits, alone.prediction.logits)
    agree(padded.scores[:length], alone.scores, allowed)
    nothing = 0 if method not in NEARLY else allowed
    assert np.abs(padded.scores[length:]).max() <= nothing
    for name, array in alone.components.maps.items():
        agree(padded.components.maps[name][:, :length, :length], array)
    agree(padded.components.feed_forward["layer"][:, :length, :length], alone.components.feed_forward["layer"])
    if alone.flow is not None:
        agree(padded.flow.edge[:, :length, :length], alone.flow.edge, allowed)
        agree(padded.flow.nodes[:, :length], alone.flow.nodes, allowed)
        assert np.abs(padded.flow.nodes[:, length:]).max() <= nothing


@FEW
@given(model=MODELS, texts=st.lists(IDS, min_size=2, max_size=4), place=PLACES, chosen=st.integers(0, 3))
def test_a_text_alone_is_answered_as_in_a_padded_batch_of_the_untouched_model(model, texts, place, chosen):
    ids, longest = texts[chosen % len(texts)], max(map(len, texts))
    rows = [text + (model.padding,) * (longest - len(text)) for text in texts]
    masks = [(1,) * len(text) + (0,) * (longest - len(text)) for text in texts]
    with torch.no_grad():
        stock = opened(model).model(torch.tensor(rows), attention_mask=torch.tensor(masks))[0][chosen % len(texts)]
    stock = stock if model.position is None else stock[place % len(ids)]
    found = asked(model, "attention", ids=ids, place=place).prediction.logits
    agree(found, stock.norm()[None] if model.head is Head.STATE else stock)


@FEW
@given(model=MODELS, ids=IDS)
def test_one_token_alone_takes_everything_but_the_bias(model, ids):
    found = asked(model, "decompx", ids=ids[:1], place=0, parameters=APART)
    logits = found.prediction.logits[list(found.explained)]
    scale = max(1.0, float(np.abs(found.scores_all).max()))
    assert np.abs(found.scores_all[:, 0] - logits + found.bias).max() <= FLOAT64 * scale
    assert asked(model, "rollout", ids=ids[:1], place=0).scores.tolist() == [1.0]


@FEW
@given(model=_models(families=[name for name in FAMILIES if name != "modernbert"]), ids=IDS, place=PLACES)
def test_norms_are_never_negative_and_never_less_than_the_norm_of_their_sum(model, ids, place):
    found = asked(model, "globenc", ids=ids, place=place, parameters=(("map", "N"),))
    assert found.layer_maps.min() >= 0
    ratios = found.extra["mixing_ratio"]
    assert ratios.min() >= 0
    assert ratios.max() <= 1
    own = np.diagonal(found.layer_maps, axis1=1, axis2=2)
    others = found.layer_maps.sum(-1) - own
    # The triangle inequality: what came from others together is at most their norms added up.
    assert (ratios * (others + own) <= others + FLOAT64 * found.layer_maps.max()).all()
