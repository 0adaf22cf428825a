"""The commands that list what there is: ``models`` and ``methods``."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from engine import registry
from engine.bundled import bundled_models
from engine.registry import Choice


def list_models(parsed: argparse.Namespace) -> None:
    """The bundled models."""
    models = [
        {
            "name": model.name,
            "title": model.title,
            "what": model.sentence,
            "explains": model.explains,
        }
        for model in bundled_models()
    ]
    _list(models, as_json=parsed.json)


def list_methods(parsed: argparse.Namespace) -> None:
    """The methods and their parameters."""
    methods = [
        {
            "name": method.id,
            "title": method.label,
            "what": method.sentence,
            "explains": "a class" if method.class_specific else "how words mix, whatever the class",
            "signed": method.signed,
            "unit": method.unit,
            "can_say": method.can_say,
            "cannot_say": method.cannot_say,
            "citation": str(method.citation),
            "parameters": [
                {
                    "name": parameter.name,
                    "default": parameter.default,
                    "values": list(parameter.values)
                    if isinstance(parameter, Choice)
                    else [parameter.low, parameter.high],
                    "help": parameter.help,
                }
                for parameter in method.parameters
            ],
        }
        for method in registry.discover()
    ]
    _list(methods, as_json=parsed.json)


def _list(entries: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(entries, ensure_ascii=False, indent=1) + "\n")
        return
    for entry in entries:
        explains = entry["explains"] if isinstance(entry["explains"], str) else ", ".join(entry["explains"])
        sys.stdout.write(f"{entry['name']:20} {entry['title']}: {entry['what']}\n{'':20} Explains {explains}.\n")
