"""Lists of examples to walk through: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gui.annotation import Annotation


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence, or the two of a minimal pair: ``text`` is A, ``other`` is B.

    ``target`` and ``against`` are the answers it is about, None where the model's own are; ``note`` says in a few words
    what to look for.
    """

    text: str
    other: str | None = None
    target: str | None = None
    against: str | None = None
    annotation: Annotation | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExampleSet:
    """Examples in the order they are walked through; ``model`` is the one they are made for, "" for any."""

    title: str
    examples: tuple[Example, ...]
    model: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """A list and the place in it."""

    examples: ExampleSet
    at: int = 0

    @property
    def example(self) -> Example:
        """The one walked to."""
        return self.examples.examples[self.at]

    def stepped(self, by: int) -> Walk:
        """So many further, as far as the list goes."""
        return replace(self, at=min(max(self.at + by, 0), len(self.examples.examples) - 1))
