"""Whoever shows a number can cite where it comes from."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import yaml

from engine import registry
from engine.cli import main

ROOT = Path(__file__).parents[2]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
METHODS = registry.discover()


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_every_method_is_among_the_references(method):
    (found,) = [entry for entry in CITATION["references"] if entry["title"] == method.citation.title]
    assert (found["year"], found["journal"]) == (method.citation.year, method.citation.venue)
    for author in found["authors"]:
        assert author["family-names"] in method.citation.authors


def test_nothing_is_cited_that_is_not_there():
    assert {entry["title"] for entry in CITATION["references"]} == {method.citation.title for method in METHODS}


def test_the_version_is_the_programs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert CITATION["version"] == project["version"]


def test_the_headless_list_carries_every_citation(capsys):
    assert main(["methods", "--json"]) == 0
    told = {entry["name"]: entry["citation"] for entry in json.loads(capsys.readouterr().out)}
    assert told == {method.id: str(method.citation) for method in METHODS}
