"""Session files: everything a person has chosen, in one readable file that can be sent to somebody else.

JSON under ``.headstream``: what it is, in which version of the format, which program wrote it, and the state of
:mod:`gui.kept.stored_state`. What is opened was perhaps cut off, edited by hand or made to do harm: it is read whole
and right, or refused with a sentence for the person.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from engine.version import version
from engine.writing import write_whole
from gui.kept.plain_values import UnreadableStateError
from gui.kept.stored_state import VERSION, from_plain, to_plain
from gui.state import AppState

SUFFIX = ".headstream"
FORMAT, FORMAT_VERSION = "Headstream session", 1
MOST_BYTES = 32_000_000  # what nobody has written in a lifetime is not read either
MOST_NAMED = 60  # letters of a foreign program's name


class UnreadableSessionError(ValueError):
    """The file is no session this program can open; the message is for the person."""


class UnwritableSessionError(ValueError):
    """The session would be no file that could be opened again; the message is for the person."""


def written_by() -> str:
    """How the program signs its files."""
    return f"Headstream {version()}".removesuffix(" unknown")


def session_text(state: AppState) -> str:
    """The state as the text of a session file."""
    head = {"format": FORMAT, "format_version": FORMAT_VERSION, "program": written_by()}
    return json.dumps(head | {"state": to_plain(state)}, ensure_ascii=False, indent=1) + "\n"


def session_of(text: str) -> AppState:
    """The state of a session file's text. Raises UnreadableSessionError."""
    try:
        given = json.loads(text, object_pairs_hook=_named_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnreadableSessionError("It is damaged or cut off. Take an earlier copy of it.") from error
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise UnreadableSessionError("It is no Headstream session.")
    if _is_newer(given.get("format_version"), FORMAT_VERSION) or _is_newer(_state_version(given), VERSION):
        raise UnreadableSessionError(f"A newer program wrote it, {_signed(given)}. Open it with that one.")
    if type(given.get("format_version")) is not int:
        raise UnreadableSessionError("It does not say which version of the format it is in.")
    try:
        return from_plain(given.get("state"))
    except UnreadableStateError as error:
        raise UnreadableSessionError(f"Something in it has been changed: {error}.") from error


def load_session(path: Path) -> AppState:
    """The state kept in the file. Raises UnreadableSessionError for whatever else it is, however hostile."""
    written = _bytes_of(path)
    try:
        return session_of(written.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableSessionError("It is no text, and so no Headstream session.") from error


def save_session(path: Path, state: AppState) -> None:
    """Write the whole file or leave what was there. Raises UnwritableSessionError; OSError where none can be written.

    A link stays a link: what it leads to is written. A letter of which only half is there becomes a question mark.
    """
    written = session_text(state).encode("utf-8", "replace")
    if len(written) > MOST_BYTES:
        raise UnwritableSessionError("It would be too large to be opened again. Take slides out, or leave the list.")
    try:
        session_of(written.decode("utf-8"))
    except UnreadableSessionError as error:
        raise UnwritableSessionError(f"It could not be opened again. {error}") from error
    write_whole(path, written, is_lasting=True)


def _bytes_of(path: Path) -> bytes:
    """What is in an ordinary file of reasonable size. Raises UnreadableSessionError."""
    try:
        why = _unfit(path.stat())
        written = b"" if why else path.read_bytes()
    except FileNotFoundError:
        why = "It is not there any more."
    except (OSError, ValueError):  # a name can be none for the system
        why = "The system does not let it be read."
    if why:
        raise UnreadableSessionError(why)
    return written


def _unfit(about: os.stat_result) -> str:
    """Why something is not even read, "" where it can be."""
    if stat.S_ISDIR(about.st_mode):
        return "It is a folder."
    if not stat.S_ISREG(about.st_mode):  # a pipe would never end
        return "It is no ordinary file."
    return f"It is larger than {MOST_BYTES // 1_000_000} MB." if about.st_size > MOST_BYTES else ""


def _is_newer(given: object, known: int) -> bool:
    """Whether a version was given that comes after the one known."""
    return type(given) is int and given > known


def _signed(given: Mapping[str, Any]) -> str:
    """The program that says it wrote this."""
    program = given.get("program")
    if not isinstance(program, str) or not program.strip() or not program.isprintable():
        return "which does not say its name"
    return program if len(program) <= MOST_NAMED else f"{program[: MOST_NAMED - 1]}…"


def _state_version(given: Mapping[str, Any]) -> object:
    state = given.get("state")
    return state.get("version") if isinstance(state, dict) else None


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
