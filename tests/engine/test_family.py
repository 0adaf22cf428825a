"""How a family is described, and what it refuses."""

from __future__ import annotations

import json

import pytest
import torch
import transformers
from transformers.activations import ACT2FN

from engine.contract import Head
from engine.errors import ModelError
from engine.family import INERT_KEYS, LEFT_BEHIND, RATIO_ACTIVATIONS, SERVED_BY_ALL, families, family_of
from tests.engine.models import FAMILIES, REFERENCE, REFERENCE_NAMES, SPELLED, Tiny, build
from tests.engine.published import CONFIGURATIONS

NAMES = ["albert", "bert", "distilbert", "electra", "modernbert", "roberta"]
ACTIVATIONS = [
    (family, key)
    for family in families()
    for key in sorted(set(family.served_values) & {"hidden_act", "activation", "hidden_activation"})
]


def test_every_file_describes_one_family_and_no_class_twice():
    known = families()
    assert [family.id for family in known] == NAMES
    classes = [name for family in known for name in family.classes]
    assert len(set(classes)) == len(classes)


@pytest.mark.parametrize("family", families(), ids=lambda family: family.id)
def test_every_class_is_transformers_own_and_every_kind_of_head_is_served(family):
    for name, served in family.classes.items():
        assert getattr(transformers, name).__module__ == served.module
    prefixes = [spelled for name, spelled in SPELLED.items() if f"{spelled}Model" in family.classes]
    assert {served.head for served in family.classes.values()} == set(Head)
    assert len(family.classes) == len(Head) * len(prefixes)


@pytest.mark.parametrize(
    "name",
    [
        "ElectraForPreTraining",
        "BertForPreTraining",
        "GPT2LMHeadModel",
        "",
        "(nothing)",
        "bertforsequenceclassification",
    ],
)
def test_an_unread_class_is_refused_naming_what_is_read(name):
    with pytest.raises(
        ModelError, match=r"reads Albert, Bert, DistilBert, Electra, ModernBert, Roberta, XLMRoberta, Camembert: "
    ) as caught:
        family_of(name)
    assert f"“{name}”" in caught.value.message


@pytest.mark.parametrize("name", REFERENCE_NAMES)
def test_a_stock_configuration_has_no_unread_key(name):
    config = json.loads((REFERENCE / name / "config.json").read_text(encoding="utf-8"))
    assert family_of(config["architectures"][0]).check(config) == ()


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("head", Head)
def test_a_configuration_that_transformers_writes_has_no_unread_key(name, head):
    model = build(Tiny(name, layers=1, head=head))
    written = json.loads(model.config.to_json_string(use_diff=False))
    own = {"architectures": [type(model).__name__]}
    assert family_of(type(model).__name__).check(written | own) == ()


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_published_configuration_is_served_without_a_warning(name):
    class_name, config = CONFIGURATIONS[name]
    assert family_of(class_name).check({"architectures": [class_name]} | config) == ()


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_published_configuration_is_of_the_kind_its_class_is_read_for(name):
    class_name, config = CONFIGURATIONS[name]
    assert getattr(transformers, class_name).config_class.model_type == config["model_type"]


@pytest.mark.parametrize("family", families(), ids=lambda family: family.id)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("position_embedding_type", "relative_key"),
        ("position_embedding_type", "relative_key_query"),
        ("is_decoder", True),
        ("is_decoder", "yes"),
        ("is_encoder_decoder", True),
        ("add_cross_attention", True),
        ("pruned_heads", {"0": [1]}),
        ("problem_type", "guessing"),
        ("quantization_config", {"bits": 4}),
    ],
)
def test_a_computing_value_that_was_not_read_is_refused_naming_it(family, key, value):
    with pytest.raises(ModelError, match=f"sets {key} to"):
        family.check({key: value})


@pytest.mark.parametrize(("family", "key"), ACTIVATIONS, ids=lambda part: getattr(part, "id", part))
@pytest.mark.parametrize("value", ["mish", "linear", "leaky_relu", ["gelu"]], ids=str)
def test_an_activation_that_is_no_ratio_is_refused_naming_it(family, key, value):
    with pytest.raises(ModelError, match=f"sets {key} to"):
        family.check({key: value})


def test_every_family_says_which_activations_it_serves():
    assert [family.id for family, _ in ACTIVATIONS] == NAMES


@pytest.mark.parametrize(("family", "key"), ACTIVATIONS, ids=lambda part: getattr(part, "id", part))
def test_served_values_pass_without_a_word(family, key):
    for act in RATIO_ACTIVATIONS:
        served = {key: act, "position_embedding_type": "absolute", "is_decoder": False, "pruned_heads": {}}
        assert family.check(served) == ()
    assert family.check({}) == ()


@pytest.mark.parametrize("key", ["classifier_pooling", "classifier_activation"])
def test_a_modernbert_head_that_was_not_read_is_refused(key):
    with pytest.raises(ModelError, match=f"sets {key} to “max”"):
        family_of("ModernBertModel").check({key: "max"})


@pytest.mark.parametrize("family", families(), ids=lambda family: family.id)
def test_an_unread_key_is_warned_of_by_name(family):
    assert [warning.split("”")[0] for warning in family.check({"warp": 9, "alpha_gate": 1, "vocab_size": 5})] == [
        "The configuration key “alpha_gate",
        "The configuration key “warp",
    ]


def test_no_computing_key_is_called_inert():
    for family in families():
        assert not (INERT_KEYS | LEFT_BEHIND | family.inert) & (set(family.served_values) | set(SERVED_BY_ALL))


@pytest.mark.parametrize("act", sorted(RATIO_ACTIVATIONS))
def test_every_ratio_activation_gives_nothing_for_nothing(act):
    """Otherwise it would hold a bias that no input times a ratio can give back."""
    assert float(ACT2FN[act](torch.zeros(1))) == 0
