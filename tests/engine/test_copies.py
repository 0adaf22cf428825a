"""Shuffled copies are made once, and only where there is room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.copies import Copies, refuse_copies
from engine.errors import ModelError
from tests.gui import samples


class StandIn:
    def __init__(self):
        self.made = []

    def run(self, request, context):
        return "explained", request, context

    def without(self, *asked):
        return "answered", *asked

    def shuffled(self, *key):
        self.made.append(key)
        return StandIn()


def test_each_copy_is_made_once():
    session = StandIn()
    copies = Copies(session)
    first = copies.shuffled("m", 2, 0)
    assert copies.shuffled("m", 2, 0) is first
    assert copies.shuffled("m", 3, 0) is not first
    assert copies.shuffled("m", 2, 1) is not first
    assert session.made == [("m", 2, 0), ("m", 3, 0), ("m", 2, 1)]


def test_the_whole_model_answers_itself():
    copies = Copies(StandIn())
    assert copies.run(1, 2) == ("explained", 1, 2)
    assert copies.without(1, 2, 3, 4) == ("answered", 1, 2, 3, 4)


def test_copies_that_do_not_fit_are_refused():
    refuse_copies(samples.model_info())
    with pytest.raises(ModelError, match="7 copies would need about 28000"):
        refuse_copies(replace(samples.model_info(), parameters=10**12))
