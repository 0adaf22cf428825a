"""What a window is furnished with."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bundled import BundledModel
from engine.registry import Method
from gui.viewkit import View


@dataclass(frozen=True, slots=True)
class Furniture:
    """What there is to choose from: views, methods and bundled models."""

    views: tuple[View, ...]
    methods: tuple[Method, ...]
    bundled: tuple[BundledModel, ...]
