"""What holds for every model, input and precision: properties over random tiny models and random inputs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import registry
from tests.engine.models import VOCABULARY, Tiny, explain
from tests.tolerances import FLOAT32, FLOAT64, OF, agree

METHODS = [method.id for method in registry.discover()]
# Their rules divide by sums that may be next to nothing; the published program's own precisions lie as far apart.
UNSTEADY = {"transformer_lrp", "partial_lrp"}
# Gradients in masked columns are not zero and enter their means, as published.
MOVED_BY_PADDING = {"beyond_intuition_head", "attention_grad_cam"}
FEW = settings(max_examples=30, deadline=None, derandomize=True)

MODELS = st.builds(
    Tiny,
    family=st.sampled_from(["bert", "roberta"]),
    layers=st.integers(1, 4),
    labels=st.sampled_from([1, 2, 5]),
    act=st.sampled_from(["gelu", "relu"]),
    seed=st.just(7),
    heads=st.sampled_from([1, 3]),
)
IDS = st.lists(st.integers(5, VOCABULARY - 1), min_size=1, max_size=12).map(tuple)


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
    model=MODELS, ids=IDS, dtype=st.sampled_from(sorted(OF)), bias=st.sampled_from(["absdot", "norm", "equal", "token"])
)
def test_shares_and_bias_complete_every_logit(model, ids, dtype, bias):
    found = explain(model, "decompx", dtype, ids=ids, parameters=(("bias", bias),))
    scale = max(1.0, float(np.abs(found.scores_all).max()))
    total = found.scores_all.sum(1) + found.bias
    assert np.abs(total - found.prediction.logits).max() <= OF[dtype] * scale
    assert found.checks["completeness"] <= OF[dtype] * scale


@FEW
@given(model=MODELS, ids=IDS, dtype=st.sampled_from(sorted(OF)), method=st.sampled_from(METHODS))
def test_every_flow_is_conserved_at_every_node(model, ids, dtype, method):
    found = explain(model, method, dtype, ids=ids)
    if found.flow is None:
        assert method not in ("decompx", "attention", "rollout", "globenc", "norms", "alti")
        return
    conserved(found, dtype)
    assert found.flow.total == (1.0 if found.flow.from_map else pytest.approx(found.target_value))


@FEW
@given(model=MODELS.filter(lambda model: model.labels > 1), ids=IDS, classes=st.permutations(range(5)))
def test_a_contrast_is_the_difference_of_two_explanations(model, ids, classes):
    target, against = [index for index in classes if index < model.labels][:2]
    both = explain(model, "decompx", ids=ids, target=target, against=against)
    one, other = (explain(model, "decompx", ids=ids, target=which) for which in (target, against))
    for name in ("edge", "nodes", "bias_in", "bias"):
        wanted = getattr(one.flow, name) - getattr(other.flow, name)
        scale = max(1.0, float(np.abs(getattr(one.flow, name)).max()))
        assert np.abs(getattr(both.flow, name) - wanted).max() <= FLOAT64 * scale
    agree(both.scores_all, one.scores_all)
    assert np.abs(both.scores - (one.scores - other.scores)).max() <= FLOAT64 * max(1, np.abs(one.scores).max())
    conserved(both, "float64")


@FEW
@given(model=MODELS, ids=IDS, method=st.sampled_from(["attention", "rollout"]))
def test_rollouts_of_maps_whose_rows_sum_to_one_have_rows_that_sum_to_one(model, ids, method):
    found = explain(model, method, ids=ids)
    for maps in (found.layer_maps, found.rollout, found.attention):
        agree(maps.sum(-1), np.ones(maps.shape[:-1]))
        assert maps.min() >= 0
    agree(found.flow.nodes.sum(1), np.ones(model.layers + 1))
    agree(found.flow.nodes[0], found.rollout[-1, 0])


@FEW
@given(
    model=MODELS.filter(lambda model: model.act == "gelu"),
    ids=IDS,
    method=st.sampled_from([method for method in METHODS if method not in UNSTEADY]),
)
def test_single_precision_is_close_to_double(model, ids, method):
    """Smooth activations only: ReLU's ratio jumps where its input changes sign, which rounding can do."""
    rough, fine = (
        explain(model, method, dtype, ids=ids, feed_forward_layers=(0,), target=0) for dtype in ("float32", "float64")
    )
    agree(rough.scores, fine.scores, FLOAT32)
    agree(rough.prediction.logits, fine.prediction.logits, FLOAT32)
    if fine.flow is not None:
        agree(rough.flow.edge, fine.flow.edge, FLOAT32)
        agree(rough.flow.nodes, fine.flow.nodes, FLOAT32)
    for name, array in fine.components.maps.items():
        agree(rough.components.maps[name], array, FLOAT32)
    for name, array in fine.components.feed_forward.items():
        agree(rough.components.feed_forward[name], array, FLOAT32)
    if fine.layer_maps is not None:
        agree(rough.layer_maps, fine.layer_maps, FLOAT32)
        agree(rough.rollout, fine.rollout, FLOAT32)


@FEW
@given(
    model=MODELS,
    ids=IDS,
    padding=st.integers(1, 4),
    method=st.sampled_from([method for method in METHODS if method not in MOVED_BY_PADDING]),
)
def test_padding_changes_no_share_and_gets_none(model, ids, padding, method):
    pad = 1 if model.family == "roberta" else 0
    mask = (1,) * len(ids) + (0,) * padding
    padded = explain(model, method, ids=ids + (pad,) * padding, attention_mask=mask, feed_forward_layers=(0,))
    alone = explain(model, method, ids=ids, feed_forward_layers=(0,))
    length = len(ids)
    agree(padded.prediction.logits, alone.prediction.logits)
    agree(padded.scores[:length], alone.scores)
    assert not padded.scores[length:].any()
    if alone.flow is not None:
        agree(padded.flow.edge[:, :length, :length], alone.flow.edge)
        agree(padded.flow.nodes[:, :length], alone.flow.nodes)
        assert not padded.flow.nodes[:, length:].any()
    for name, array in alone.components.maps.items():
        agree(padded.components.maps[name][:, :length, :length], array)
    agree(padded.components.feed_forward["layer"][:, :length, :length], alone.components.feed_forward["layer"])


@FEW
@given(model=MODELS, ids=IDS)
def test_one_token_alone_takes_everything_but_the_bias(model, ids):
    found = explain(model, "decompx", ids=ids[:1])
    agree(found.scores_all[:, 0], found.prediction.logits - found.bias)
    assert explain(model, "rollout", ids=ids[:1]).scores.tolist() == [1.0]


@FEW
@given(model=MODELS, ids=IDS)
def test_norms_are_never_negative_and_never_less_than_the_norm_of_their_sum(model, ids):
    found = explain(model, "globenc", ids=ids, parameters=(("map", "N"),))
    assert found.layer_maps.min() >= 0
    ratios = found.extra["mixing_ratio"]
    assert ratios.min() >= 0
    assert ratios.max() <= 1
    own = np.diagonal(found.layer_maps, axis1=1, axis2=2)
    others = found.layer_maps.sum(-1) - own
    # The triangle inequality: what came from others together is at most their norms added up.
    assert (ratios * (others + own) <= others + FLOAT64 * found.layer_maps.max()).all()
