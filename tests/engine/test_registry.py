"""Methods described as data, and how their parameters are read."""

from __future__ import annotations

import pytest

from engine import registry
from engine.errors import MethodError
from engine.registry import Choice, Citation, Number

METHODS = {method.id: method for method in registry.discover()}
CHOICE = Choice("map", "Map", "help", ("a", "b"), "a")
HALF = Number("residual", "Residual", "help", 0.0, 1.0, "0.5")
STEPS = Number("steps", "Steps", "help", 1, 200, "50", whole=True)


def test_methods_are_found_and_found_again_in_the_same_order():
    assert registry.discover() == registry.discover()
    assert set(METHODS) >= {"decompx", "globenc", "attention", "rollout"}


def test_methods_that_explain_an_answer_come_first():
    explains = [method.class_specific for method in registry.discover()]
    assert explains == sorted(explains, reverse=True)
    assert registry.discover()[0].id == "decompx"


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_method_says_what_it_can_and_cannot_say(method):
    for text in (method.label, method.sentence, method.can_say, method.cannot_say):
        assert text.strip() == text
        assert "\n" not in text
    assert all(text.endswith(".") for text in (method.sentence, method.can_say, method.cannot_say))
    assert method.unit in ("logit", "probability", "fraction", "gradient")
    assert 1990 < method.citation.year < 2030
    assert str(method.citation.year) in str(method.citation)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_default_is_a_value_the_parameter_takes(method):
    parsed = method.parse(())
    assert set(parsed) == {parameter.name for parameter in method.parameters}
    for parameter in method.parameters:
        assert parsed[parameter.name] == parameter.parse(parameter.default)
        assert parameter.help.endswith(".")


def test_an_unknown_method_is_refused_naming_the_known():
    with pytest.raises(MethodError, match=r"no method “magic”.*decompx"):
        registry.find("magic")


def test_an_unknown_parameter_is_refused_naming_the_known():
    with pytest.raises(MethodError, match=r"no parameter “mapp”. It has: map"):
        registry.find("globenc").parse((("mapp", "N"),))
    with pytest.raises(MethodError, match=r"It has: none"):
        registry.find("attention").parse((("map", "N"),))


def test_the_last_of_two_settings_holds():
    assert registry.find("globenc").parse((("map", "N"), ("map", "N_Res")))["map"] == "N_Res"


def test_a_choice_takes_its_values_and_no_other():
    assert CHOICE.parse("b") == "b"
    for text in ("c", "", "A", " a"):
        with pytest.raises(MethodError, match=r"Use a, b"):
            CHOICE.parse(text)


def test_a_number_takes_what_lies_between_its_bounds():
    assert HALF.parse("0") == 0
    assert HALF.parse("1.0") == 1
    assert STEPS.parse("7") == 7
    assert isinstance(STEPS.parse("7"), int)
    for parameter, text in ((HALF, "1.01"), (HALF, "nan"), (HALF, "inf"), (HALF, "x"), (STEPS, "0"), (STEPS, "1.5")):
        with pytest.raises(MethodError, match=r"outside its range"):
            parameter.parse(text)


@pytest.mark.parametrize(
    ("setting", "pair"),
    [("map=N", ("map", "N")), (" map = N ", ("map", "N")), ("a=b=c", ("a", "b=c")), ("a=", ("a", ""))],
)
def test_a_setting_is_a_name_and_a_value(setting, pair):
    assert registry.split_setting(setting) == pair


def test_a_setting_without_a_value_is_refused():
    with pytest.raises(MethodError, match=r"NAME=VALUE"):
        registry.split_setting("map")


def test_two_methods_cannot_have_one_name():
    description = {
        "id": "decompx",
        "label": "",
        "sentence": "",
        "can_say": "",
        "cannot_say": "",
        "citation": Citation("A", 2000, "T", "V"),
        "signed": True,
        "class_specific": True,
        "unit": "logit",
        "parameters": (),
    }
    with pytest.raises(ValueError, match=r"two methods are called decompx"):
        registry.attribution_method(**description)(lambda given: None)
    assert METHODS["decompx"] is registry.find("decompx")
