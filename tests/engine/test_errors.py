"""Errors in words a person can act on."""

from __future__ import annotations

import pytest

from engine import errors


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (errors.TextError, "text"),
        (errors.ModelError, "model"),
        (errors.MethodError, "method"),
        (errors.TargetError, "target"),
    ],
)
def test_each_kind_belongs_to_a_part_of_the_window_and_reads_as_one_line(kind, place):
    error = kind("Title", "What was found.", "What to do.")
    assert isinstance(error, errors.EngineError)
    assert error.place == place
    assert str(error) == "Title: What was found. What to do."
    assert (error.title, error.message, error.hint) == ("Title", "What was found.", "What to do.")


def test_giving_up_is_no_error_of_the_engine():
    assert not issubclass(errors.Cancelled, errors.EngineError)
