"""The page on faithfulness says what its tables say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def make():
    return runpy.run_path(str(DOCS / "faithfulness" / "make.py"))


def test_the_page_is_made_from_its_tables(make):
    assert (DOCS / "faithfulness.md").read_text(encoding="utf-8") == make["page"]()


def test_every_method_of_the_papers_that_is_set_beside_one_here_was_measured(make):
    measured = {key[1] for key in make["read_found"]("tokens.csv")}
    assert {each.here for each in make["read_published"]()} <= measured | {""}


def test_the_order_is_the_one_found(make):
    found = {("mask", name, "aopc_most", ""): make["Found"](value, 0, 1, 9) for name, value in (("a", 1.0), ("b", 2.0))}
    found |= {
        ("mask", name, "aopc_least", ""): make["Found"](value, 0, 1, 9) for name, value in (("a", 1.0), ("b", 2.0))
    }
    assert make["in_order"](found, "mask", "aopc_most") == ["b", "a"]
    assert make["in_order"](found, "mask", "aopc_least") == ["a", "b"]


def test_pairs_the_other_way_round_are_named(make):
    published = [
        make["Published"]("P (x)", "1", "M", "mask", "aopc_most", name.upper(), name, value)
        for name, value in (("a", 0.1), ("b", 0.2), ("c", 0.3), ("d", 0.4))
    ]
    found = {
        ("mask", name, "aopc_most", ""): make["Found"](value, value - 0.1, value + 0.1, 9)
        for name, value in (("a", 1.0), ("b", 3.0), ("c", 2.0))
    }
    row = make["orders_compared"](found, published).splitlines()[-1]
    assert row == "| P, M | AOPC, most first ↑ | 2 of 3 | b and c (3.000, 2.000; 0.200, 0.300) |"
