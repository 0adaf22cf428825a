"""What was worked out of the answers that are shown, kept so that no look and no move of the pointer does it twice.

It holds on to the answers themselves: whoever shows others tells them to :func:`keep_for`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar
from weakref import ref

from engine.contract import Array, Explanation

Given = ParamSpec("Given")
Made = TypeVar("Made")

_FORGETTING: list[Callable[[], None]] = []
_shown: list[ref[Array]] = []


def kept(most: int) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Remember what a pure function made of the ``most`` arguments it was given last, until all of it is forgotten."""

    def keeping(make: Callable[Given, Made]) -> Callable[Given, Made]:
        remembering = lru_cache(maxsize=most)(make)
        _FORGETTING.append(remembering.cache_clear)
        return remembering  # type: ignore[return-value]  # takes what ``make`` takes

    return keeping


def is_same_answer(one: Explanation | None, other: Explanation | None) -> bool:
    """Whether both explain one and the same run of the model, of which one may tell more about some layers."""
    return one is other or (one is not None and other is not None and one.attention is other.attention)


def keep_for(*answers: Explanation | None) -> None:
    """These are shown now, None for none: where one went that was shown before, all that was kept goes with it."""
    known = [made.attention for made in answers if made is not None]
    if not all(any(before() is now for now in known) for before in _shown):
        forget()
    _shown[:] = [ref(attention) for attention in known]


def forget() -> None:
    """Let go of everything that was kept."""
    for letting_go in _FORGETTING:
        letting_go()
