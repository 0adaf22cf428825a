"""Why two explanations cannot be compared in a picture, in one sentence each. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.compare.difference import Difference


def why_not(difference: Difference) -> str:
    """The first reason there is, "" where A and B can be compared."""
    return ""
