"""What there is to choose from, for people and for programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from engine import cli, registry
from engine.bundled import bundled_models

ROOT = Path(__file__).parents[2]


def test_models_lists_the_bundled_models(capsys):
    assert cli.main(["models"]) == 0
    plain = capsys.readouterr().out
    assert cli.main(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in listed] == [model.name for model in bundled_models()]
    for entry in listed:
        assert entry["what"] in plain
        assert entry["explains"]


def test_methods_lists_every_method_with_its_parameters(capsys):
    assert cli.main(["methods"]) == 0
    plain = capsys.readouterr().out
    assert cli.main(["methods", "--json"]) == 0
    listed = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert list(listed) == [method.id for method in registry.discover()]
    for method in registry.discover():
        assert f"{method.label}: {method.sentence}" in plain
        assert [parameter["name"] for parameter in listed[method.id]["parameters"]] == [
            parameter.name for parameter in method.parameters
        ]


def test_whoever_reads_a_list_may_stop_reading():
    beginning = [sys.executable, str(ROOT / "main.py"), "methods"]
    with subprocess.Popen(beginning, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.close()
        assert listing.stderr.read() == b""
    assert listing.returncode == 0
