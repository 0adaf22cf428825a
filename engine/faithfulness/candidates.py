"""The methods that are compared: ids with parameters, as one word of a command line. Loads no torch."""

from __future__ import annotations

from dataclasses import dataclass

from engine import registry
from engine.contract import ModelInfo
from engine.errors import MethodError
from engine.faithfulness.trial import RANDOM

ORDERS = registry.Number("orders", "Random orders", "How many are tried; their mean counts.", 1, 1000, "1", whole=True)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A method with the parameters that were set, or ``random`` with how many ``orders`` are drawn (0 for a method)."""

    method: str
    parameters: tuple[tuple[str, str], ...] = ()
    orders: int = 0

    @property
    def settings(self) -> str:
        """The parameters as tables have them: ``bias=token ffn=la``."""
        return " ".join(f"{name}={value}" for name, value in self.parameters)

    @property
    def name(self) -> str:
        """The candidate as it is asked for: ``decompx:bias=token:ffn=la``."""
        return ":".join([self.method, *(f"{name}={value}" for name, value in self.parameters)])

    @property
    def is_random(self) -> bool:
        """Whether it stands for random orders."""
        return self.method == RANDOM


def parse_candidates(text: str) -> tuple[Candidate, ...]:
    """The candidates of ``attention,decompx:bias=token,random:orders=20``.

    Raises MethodError for an unknown method, an unknown parameter or value, and one that is asked for twice.
    """
    found: dict[object, Candidate] = {}
    for word in text.split(","):
        candidate, values = _parse(word.strip())
        if (candidate.method, values) in found or (candidate.is_random and any(each.orders for each in found.values())):
            raise MethodError("One method twice", f"“{candidate.name}” is there already.", "Name it once.")
        found[candidate.method, values] = candidate
    return tuple(found.values())


def _parse(word: str) -> tuple[Candidate, frozenset[tuple[str, object]]]:
    """A candidate, and the values of all its parameters, those that were left out too."""
    method, *settings = (part.strip() for part in word.split(":"))
    parameters = tuple(registry.split_setting(setting) for setting in settings)
    _refuse_repeated(method, parameters)
    if method != RANDOM:
        values = registry.find(method).parse(parameters)
        return Candidate(method, parameters), frozenset(values.items())
    for name, _ in parameters:
        if name != ORDERS.name:
            raise MethodError("Unknown parameter", f"{RANDOM} has no parameter “{name}”.", f"It has: {ORDERS.name}.")
    orders = int(ORDERS.parse(dict(parameters).get(ORDERS.name, ORDERS.default)))
    return Candidate(method, parameters, orders), frozenset()


def _refuse_repeated(method: str, parameters: tuple[tuple[str, str], ...]) -> None:
    names = [name for name, _ in parameters]
    for name in names:
        if names.count(name) > 1:
            raise MethodError("One parameter twice", f"“{method}” sets “{name}” more than once.", "Set it once.")


def refuse_unfit(candidates: tuple[Candidate, ...], model: ModelInfo) -> None:
    """Raise MethodError where one of them does not fit the model."""
    for candidate in candidates:
        reason = model.unavailable.get(candidate.method)
        if reason is not None:
            raise MethodError(f"{candidate.method} does not fit this model", reason, "Leave it out of --methods.")
