"""What can go wrong in words a person can act on. Anything else raised by the engine is our own bug."""

from __future__ import annotations

from typing import ClassVar


class Cancelled(Exception):  # noqa: N818 - not an error: the person moved on
    """The run was given up because its answer is no longer wanted."""


class EngineError(Exception):
    """A situation the person can mend.

    ``title`` names it in a few words, ``message`` says what was found, ``hint`` says what to do.
    ``place`` is the part of the window it belongs to: ``text``, ``model``, ``method`` or ``target``.
    """

    place: ClassVar[str] = "text"

    def __init__(self, title: str, message: str, hint: str) -> None:
        super().__init__(f"{title}: {message} {hint}")
        self.title = title
        self.message = message
        self.hint = hint


class TextError(EngineError):
    """The text cannot be explained as it stands (empty, too long)."""

    place = "text"


class ModelError(EngineError):
    """The model folder cannot be opened (missing, damaged, unsafe or of an unknown kind)."""

    place = "model"


class MethodError(EngineError):
    """The method is unknown, does not fit this model, or got a parameter it does not know."""

    place = "method"


class TargetError(EngineError):
    """The answer to explain is not one this model can give."""

    place = "target"


class GapError(TargetError):
    """The model fills a gap and the text has none; ``mask_token`` is how one is written."""

    place = "text"

    def __init__(self, title: str, message: str, hint: str, mask_token: str) -> None:
        super().__init__(title, message, hint)
        self.mask_token = mask_token


def first_line(error: Exception) -> str:
    """What foreign code says went wrong, short enough to be quoted."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
