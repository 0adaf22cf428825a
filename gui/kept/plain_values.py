"""Values of JSON that may have been edited by hand or damaged: each is of the kind that is asked for, or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

MOST_LETTERS = 1_000_000  # of a text, a name or a gloss: nothing a person writes is longer

T = TypeVar("T")
E = TypeVar("E", bound=Enum)


class UnreadableStateError(ValueError):
    """The data is no state; the message says where."""


def read(given: Mapping[str, Any], name: str, reader: Callable[[object, str], T], usual: T) -> T:
    """The field read, or what is usual where an older version did not write it."""
    return reader(given[name], name) if name in given else usual


def optional(reader: Callable[[object, str], T]) -> Callable[[object, str], T | None]:
    """A reader that takes null for None."""

    def read_optional(value: object, name: str) -> T | None:
        return None if value is None else reader(value, name)

    return read_optional


def mapping(value: object, name: str) -> Mapping[str, Any]:
    """Named values. All readers raise UnreadableStateError for anything else; ``name`` is what they call the value."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise UnreadableStateError(f"{name} is no set of named values")
    return value


def listing(value: object, name: str) -> list[Any]:
    """Values in their order."""
    if not isinstance(value, (list, tuple)):
        raise UnreadableStateError(f"{name} is no list")
    return list(value)


def text(value: object, name: str) -> str:
    """Letters that can be written again, not too many."""
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        raise UnreadableStateError(f"{name} is no text of reasonable length")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise UnreadableStateError(f"{name} holds half a letter")
    return value


def flag(value: object, name: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise UnreadableStateError(f"{name} is neither true nor false")
    return value


def count(value: object, name: str) -> int:
    """A whole number from 0."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_LETTERS:
        raise UnreadableStateError(f"{name} is no number of reasonable size")
    return value


def number(value: object, name: str) -> float:
    """A finite number above 0."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value < 1e300:
        raise UnreadableStateError(f"{name} is no number above zero")
    return float(value)


def share(value: object, name: str) -> float:
    """A number above 0 and at most 1."""
    found = number(value, name)
    if found > 1:
        raise UnreadableStateError(f"{name} is no share")
    return found


def one_of(kind: type[E]) -> Callable[[object, str], E]:
    """A reader of the names of an enumeration's members."""

    def read_member(value: object, name: str) -> E:
        found = next((member for member in kind if member.name == value), None)
        if found is None:
            raise UnreadableStateError(f"{name} is not one of {', '.join(member.name for member in kind)}")
        return found

    return read_member
