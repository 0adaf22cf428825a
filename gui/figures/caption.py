"""What a reader of a figure must know, in one line of text."""

from __future__ import annotations

from engine import registry
from engine.contract import Explanation
from engine.version import version
from gui.told.prose import target_words


def program() -> str:
    """The program and, where it is installed, its version."""
    return f"Headstream {version()}".removesuffix(" unknown")


def caption(explanation: Explanation, notes: tuple[str, ...]) -> str:
    """Model, method, what is explained, what is shown and hidden (``notes``), version."""
    known = {method.id: method for method in registry.discover()}
    method = known.get(explanation.request.method)
    said = f"method {method.label if method else explanation.request.method}"
    given = ", ".join(f"{name}={value}" for name, value in explanation.request.parameters)
    if given:
        said += f" ({given})"
    if explanation.preview:
        said += f", preview{f': {method.preview_note}' if method is not None and method.preview_note else ''}"
    target = "how words mix, whatever the answer"
    if explanation.explains_answer:
        answer, other = target_words(explanation)
        target = f"{answer} instead of {other}" if other else answer
    parts = [f"Model {explanation.model.title}", said, f"explained: {target}", *notes, program()]
    return " · ".join(parts)
