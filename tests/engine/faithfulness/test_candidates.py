"""Methods with parameters in one word, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import MethodError
from engine.faithfulness.candidates import Candidate, parse_candidates, refuse_unfit
from tests.gui import samples


def test_methods_carry_parameters_between_colons():
    found = parse_candidates("attention, decompx:bias=token:ffn=la,random:orders=20")
    assert found == (
        Candidate("attention"),
        Candidate("decompx", (("bias", "token"), ("ffn", "la"))),
        Candidate("random", (("orders", "20"),), orders=20),
    )
    assert [each.name for each in found] == ["attention", "decompx:bias=token:ffn=la", "random:orders=20"]
    assert [each.settings for each in found] == ["", "bias=token ffn=la", "orders=20"]
    assert [each.is_random for each in found] == [False, False, True]


def test_one_random_order_is_drawn_where_nothing_is_said():
    assert parse_candidates("random") == (Candidate("random", (), orders=1),)


def test_a_value_may_hold_a_plus():
    with pytest.raises(MethodError, match=r"“a\+b” is not one of its values"):
        parse_candidates("decompx:bias=a+b")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no method “”"),
        ("attention,", "There is no method “”"),
        ("attention decompx", "There is no method “attention decompx”"),
        ("nothing", "There is no method “nothing”"),
        ("decompx:bias", "“bias” sets nothing"),
        ("decompx:", "“” sets nothing"),
        ("decompx:blue=1", "has no parameter “blue”"),
        ("decompx:bias=blue", "“blue” is not one of its values"),
        ("decompx:bias=token:bias=absdot", "sets “bias” more than once"),
        ("attention,attention", "“attention” is there already"),
        ("decompx,decompx:bias=absdot", "“decompx:bias=absdot” is there already"),
        ("decompx:bias=norm:ffn=la,decompx:ffn=la:bias=norm", "is there already"),
        ("random,random:orders=5", "“random:orders=5” is there already"),
        ("random:orders=0", "outside its range. Use 1 to 1000"),
        ("random:orders=2.5", "outside its range"),
        ("random:seed=5", "random has no parameter “seed”"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(text, said):
    with pytest.raises(MethodError) as caught:
        parse_candidates(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_method_with_two_settings_is_two_candidates():
    assert len(parse_candidates("decompx:bias=token,decompx:bias=absdot,decompx:bias=token:ffn=la")) == 3


def test_a_method_that_does_not_fit_the_model_is_refused():
    model = replace(samples.model_info(), unavailable={"attention": "It has none."})
    refuse_unfit(parse_candidates("decompx,random"), model)
    with pytest.raises(MethodError, match="attention does not fit this model: It has none"):
        refuse_unfit(parse_candidates("random,attention"), model)
