"""The methods there are, described as data. Importing this module, and ``discover()``, load no torch.

One file under ``engine/methods`` registers one method; menus, forms, tooltips, command-line choices and contract
tests are made from these descriptions.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from engine.errors import MethodError
from engine.forecast import Cost

if TYPE_CHECKING:
    from engine.attribution import Attribution, MethodInput
    from engine.contract import Head
    from engine.forecast import Size


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a method was published."""

    authors: str
    year: int
    title: str
    venue: str

    def __str__(self) -> str:
        return f"{self.authors} ({self.year}). {self.title}. {self.venue}."


@dataclass(frozen=True, slots=True)
class Choice:
    """A parameter that takes one of a few named values."""

    name: str
    label: str
    help: str
    values: tuple[str, ...]
    default: str

    def parse(self, text: str) -> str:
        """The value ``text`` names; raises MethodError naming the choices."""
        if text not in self.values:
            raise MethodError(
                f"Unknown value for {self.name}",
                f"“{text}” is not one of its values.",
                f"Use {', '.join(self.values)}.",
            )
        return text


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter that takes a number between two bounds, both included; whole numbers where ``whole``."""

    name: str
    label: str
    help: str
    low: float
    high: float
    default: str
    whole: bool = False

    def parse(self, text: str) -> float | int:
        """The number ``text`` names; raises MethodError naming the range."""
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            value = float("nan")
        if not self.low <= value <= self.high:
            raise MethodError(
                f"Unfit value for {self.name}", f"“{text}” is outside its range.", f"Use {self.low:g} to {self.high:g}."
            )
        return value


@dataclass(frozen=True, slots=True)
class Traits:
    """What decides whether a method fits a model: its family's id, what it answers, and how its layers are built."""

    family: str
    head: Head
    norm_first: bool
    gated: bool
    masks: bool  # the tokenizer has a mask token


def costs_nothing(_: Size, __: Mapping[str, Any]) -> Cost:
    """Nothing worth telling on top of the recorded pass."""
    return Cost(0, 0)


def nothing_quicker(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters themselves: there is no quicker form."""
    return parameters


def fits_all(_: Traits) -> str | None:
    """No reason against any model."""
    return None


@dataclass(frozen=True, slots=True)
class Method:
    """One attribution method as a reader needs it described; ``run`` does the work on tensors.

    ``signed`` methods tell for from against; ``class_specific`` ones explain an answer, the others only how tokens
    mix. ``unit`` is ``logit``, ``probability``, ``fraction`` or ``gradient`` (a slope: it adds up to nothing). Where a
    parameter decides sign or unit, these are the default's. ``unfit`` gives the reason why it does not fit a model,
    None where it does. ``cost`` is what it needs on top of the recorded pass, ``preview`` turns the
    parameters into those that give a first picture at once where the full run is slow (``engine.forecast``),
    ``preview_note`` says in a few words what is different in it. ``common`` methods are offered first, the others on
    request.
    """

    id: str
    label: str
    sentence: str
    can_say: str
    cannot_say: str
    citation: Citation
    signed: bool
    class_specific: bool
    unit: str
    parameters: tuple[Choice | Number, ...]
    run: Callable[[MethodInput], Attribution]
    unfit: Callable[[Traits], str | None] = fits_all
    cost: Callable[[Size, Mapping[str, Any]], Cost] = costs_nothing
    preview: Callable[[Mapping[str, Any]], Mapping[str, Any]] = nothing_quicker
    preview_note: str = ""
    common: bool = False

    def parse(self, given: tuple[tuple[str, str], ...]) -> Mapping[str, Any]:
        """Parameter values by name, defaults filled in; raises MethodError for a name it does not have."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, _ in given:
            if name not in known:
                names = ", ".join(known) or "none"
                raise MethodError("Unknown parameter", f"{self.label} has no parameter “{name}”.", f"It has: {names}.")
        texts = {parameter.name: parameter.default for parameter in self.parameters} | dict(given)
        return {name: known[name].parse(text) for name, text in texts.items()}


_METHODS: dict[str, Method] = {}


def attribution_method(**description: Any) -> Callable[[Callable[[MethodInput], Attribution]], Method]:
    """Register the decorated function as a method; the keywords are the fields of :class:`Method`."""

    def register(run: Callable[[MethodInput], Attribution]) -> Method:
        method = Method(run=run, **description)
        if method.id in _METHODS:
            raise ValueError(f"two methods are called {method.id}")
        _METHODS[method.id] = method
        return method

    return register


def _as_met(method: Method) -> tuple[bool, int, bool, str]:
    return not method.class_specific, -method.citation.year, not method.signed, method.id


def discover() -> tuple[Method, ...]:
    """All methods, in the order a reader meets them: those that explain an answer first, the newest first.

    Of one year those come first that tell for from against.
    """
    _import_all()
    return tuple(sorted(_METHODS.values(), key=_as_met))


@cache
def _import_all() -> None:
    """Every file of methods registers its own; once, because the window looks methods up while it draws."""
    import engine.methods

    for module in pkgutil.iter_modules(engine.methods.__path__):
        importlib.import_module(f"engine.methods.{module.name}")


def find(identifier: str) -> Method:
    """The method of this id; raises MethodError naming the known ones."""
    _import_all()
    if identifier not in _METHODS:
        known = ", ".join(method.id for method in discover())
        raise MethodError("Unknown method", f"There is no method “{identifier}”.", f"Known: {known}.")
    return _METHODS[identifier]


def split_setting(setting: str) -> tuple[str, str]:
    """“name=value” as a pair; raises MethodError where there is no equals sign."""
    name, equals, value = setting.partition("=")
    if not equals:
        raise MethodError("A parameter without a value", f"“{setting}” sets nothing.", "Write it as NAME=VALUE.")
    return name.strip(), value.strip()
