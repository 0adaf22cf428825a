"""How a family is described, and what it refuses."""

from __future__ import annotations

import json

import pytest
import torch
from transformers.activations import ACT2FN

from engine.errors import ModelError
from engine.family import INERT_KEYS, RATIO_ACTIVATIONS, SERVED_BY_ALL, families, family_of
from tests.engine.models import REFERENCE, REFERENCE_NAMES


def test_every_file_describes_one_family_and_no_class_twice():
    known = families()
    assert [family.id for family in known] == ["bert", "roberta"]
    classes = [name for family in known for name in family.classes]
    assert len(set(classes)) == len(classes)


@pytest.mark.parametrize("name", ["BertModel", "GPT2LMHeadModel", "", "(nothing)", "bertforsequenceclassification"])
def test_an_unread_class_is_refused_naming_what_is_read(name):
    with pytest.raises(ModelError, match="BertForSequenceClassification, RobertaForSequenceClassification") as caught:
        family_of(name)
    assert f"“{name}”" in caught.value.message


@pytest.mark.parametrize("name", REFERENCE_NAMES)
def test_a_stock_configuration_has_no_unread_key(name):
    config = json.loads((REFERENCE / name / "config.json").read_text(encoding="utf-8"))
    assert family_of(config["architectures"][0]).check(config) == ()


@pytest.mark.parametrize("family", families(), ids=lambda family: family.id)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("position_embedding_type", "relative_key"),
        ("position_embedding_type", "relative_key_query"),
        ("is_decoder", True),
        ("is_decoder", "yes"),
        ("add_cross_attention", True),
        ("hidden_act", "mish"),
        ("hidden_act", "linear"),
        ("hidden_act", ["gelu"]),
        ("pruned_heads", {"0": [1]}),
        ("problem_type", "guessing"),
        ("quantization_config", {"bits": 4}),
    ],
)
def test_a_computing_value_that_was_not_read_is_refused_naming_it(family, key, value):
    with pytest.raises(ModelError, match=f"sets {key} to"):
        family.check({key: value})


@pytest.mark.parametrize("family", families(), ids=lambda family: family.id)
def test_served_values_pass_without_a_word(family):
    for act in RATIO_ACTIVATIONS:
        served = {"hidden_act": act, "position_embedding_type": "absolute", "is_decoder": False, "pruned_heads": {}}
        assert family.check(served) == ()
    assert family.check({}) == ()


@pytest.mark.parametrize("family", families(), ids=lambda family: family.id)
def test_an_unread_key_is_warned_of_by_name(family):
    assert [warning.split("”")[0] for warning in family.check({"warp": 9, "alpha_gate": 1, "vocab_size": 5})] == [
        "The configuration key “alpha_gate",
        "The configuration key “warp",
    ]


def test_no_computing_key_is_called_inert():
    for family in families():
        assert not (INERT_KEYS | family.inert) & (set(family.served_values) | set(SERVED_BY_ALL))


@pytest.mark.parametrize("act", sorted(RATIO_ACTIVATIONS))
def test_every_ratio_activation_gives_nothing_for_nothing(act):
    """Otherwise it would hold a bias that no input times a ratio can give back."""
    assert float(ACT2FN[act](torch.zeros(1))) == 0
