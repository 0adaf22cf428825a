"""The settings inside a figure's file: what goes in, and what comes out of a file that nobody vouches for.

Kept are text, model, method, target and look of what the figure shows, both sides of a comparison, and the traced node,
which is part of the picture; slides and lists of examples are not: they hold other texts than the figure's.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.parsers import expat

from gui.kept.stored_state import VERSION, UnreadableStateError, from_plain, to_plain
from gui.state import AppState, Node, second_side

NAMESPACE = "urn:headstream:settings"
ELEMENT = "settings"  # of NAMESPACE, in an SVG's metadata and in a PDF's
KEYWORD = "headstream"  # of a PNG's text
TRACED = "traced"
LARGEST_FILE = 128_000_000  # bytes; no figure of ours comes near
LARGEST_SETTINGS = 16_000_000
MOST_CHUNKS = 100_000  # of a PNG
MOST_LAYERS = 1_000_000

PNG_START = b"\x89PNG\r\n\x1a\n"
PDF_START = b"%PDF-"
PACKET_START, PACKET_END = b"<x:xmpmeta", b"</x:xmpmeta>"


class UnreadableFigureError(ValueError):
    """The file gives no state; the message says why, for the person."""


class _FoundError(Exception):
    """The settings have ended: the rest need not be read."""


def settings_of(state: AppState) -> str:
    """What is embedded: JSON, pure ASCII."""
    alone = replace(second_side(state), comparison=state.comparison)
    node = state.view.traced
    traced = None if node is None else [node.boundary, node.token]
    return json.dumps(to_plain(alone) | {TRACED: traced}, separators=(",", ":"))


def state_in(path: Path) -> AppState:
    """The state a figure was saved with. Raises UnreadableFigureError with a sentence for the person.

    Where the pointer was and the theme are not kept.
    """
    data = _read(path)
    try:
        settings = _settings_in(data)
    except (expat.ExpatError, zlib.error, struct.error) as error:
        raise UnreadableFigureError(_damaged(path)) from error
    if settings is None:
        raise UnreadableFigureError(
            f"“{path.name}” holds no settings of Headstream. Only figures saved by it can be opened, "
            "and other programs may leave the settings out when they save them again."
        )
    return _state_of(settings, path)


def _damaged(path: Path) -> str:
    return f"The settings in “{path.name}” are damaged. Open another copy of the figure, or type its text."


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UnreadableFigureError(f"“{path.name}” is no file that can be opened.")
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableFigureError(f"“{path.name}” could not be opened: {error.strerror}.") from error
    if len(data) > LARGEST_FILE:
        raise UnreadableFigureError(f"“{path.name}” is too large for a figure of Headstream.")
    return data


def _state_of(settings: str, path: Path) -> AppState:
    try:
        plain: Any = json.loads(settings)
        version = plain.get("version") if isinstance(plain, dict) else None
        if isinstance(version, int) and version > VERSION:
            raise UnreadableFigureError(
                f"“{path.name}” was saved by a newer version of Headstream. Install the newest one to open it."
            )
        state = replace(from_plain(plain), slides=(), walk=None)
        return replace(state, view=replace(state.view, traced=_traced(plain.get(TRACED))))
    except UnreadableFigureError:
        raise
    except (ValueError, RecursionError) as error:  # of the state, of the JSON, of a number too long for Python
        raise UnreadableFigureError(_damaged(path)) from error


def _traced(plain: object) -> Node | None:
    if plain is None:
        return None
    if not isinstance(plain, list) or [type(part) for part in plain] != [int, int]:
        raise UnreadableStateError("the traced node is no pair of numbers")
    boundary, token = plain
    if not (0 <= boundary <= MOST_LAYERS and 0 <= token <= MOST_LAYERS):
        raise UnreadableStateError("the traced node is in no model")
    return Node(boundary, token)


def _settings_in(data: bytes) -> str | None:
    if data.startswith(PNG_START):
        return _in_png(data)
    if data.startswith(PDF_START):
        return _in_pdf(data)
    return _in_xml(data)


def _in_xml(data: bytes) -> str | None:
    """The text of the element, where there is one. No entity is ever declared, and nothing else is looked at."""
    if NAMESPACE.encode() not in data:
        return None
    parts: list[str] = []
    is_inside, length = False, 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal is_inside
        is_inside = name == f"{NAMESPACE} {ELEMENT}"

    def text(part: str) -> None:
        nonlocal length
        length += len(part) if is_inside else 0
        if length > LARGEST_SETTINGS:
            raise expat.ExpatError("the settings do not end")
        if is_inside:
            parts.append(part)

    def end(_: str) -> None:
        if is_inside:
            raise _FoundError

    def refuse(*_: object) -> None:
        raise expat.ExpatError("an entity is declared")

    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = text, refuse
    try:
        parser.Parse(data, True)
    except _FoundError:
        return "".join(parts)
    return None


def _in_pdf(data: bytes) -> str | None:
    """From the last of the metadata packets: what is written later replaces what was there."""
    start = data.rfind(PACKET_START)
    end = data.find(PACKET_END, start)
    return None if start < 0 or end < 0 else _in_xml(data[start : end + len(PACKET_END)])


def _in_png(data: bytes) -> str | None:
    key = KEYWORD.encode()
    for kind, body in _chunks(data):
        if kind in (b"iTXt", b"tEXt", b"zTXt") and body.startswith(key + b"\0"):
            return _png_text(kind, body[len(key) + 1 :])
    return None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, content) of a PNG's chunks; those that hold text are whole. Raises zlib.error where they are not."""
    at = len(PNG_START)
    for _ in range(MOST_CHUNKS):
        if at + 12 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind.endswith(b"Xt"):
            (kept,) = struct.unpack_from(">I", data, at + 8 + length)
            if zlib.crc32(kind + body) != kept:
                raise zlib.error("a text of the picture is not what was written")
        yield kind, body
        at += length + 12


def _png_text(kind: bytes, body: bytes) -> str:
    is_packed = kind == b"zTXt"
    if kind == b"iTXt":
        is_packed = body[:1] == b"\1"
        body = body[2:].split(b"\0", 2)[-1]
    elif is_packed:
        body = body[1:]
    if is_packed:
        unpacking = zlib.decompressobj()
        body = unpacking.decompress(body, LARGEST_SETTINGS)
        if not unpacking.eof:
            raise zlib.error("the settings do not end")
    return body.decode("utf-8", "replace")


def png_chunk(settings: str) -> bytes:
    """The chunk that holds the settings, for right after a PNG's header."""
    body = b"iTXt" + KEYWORD.encode() + b"\0\0\0\0\0" + settings.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def xml_element(settings: str) -> str:
    """The element that holds the settings, for an SVG's metadata and a PDF's."""
    escaped = settings.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<{ELEMENT} xmlns="{NAMESPACE}">{escaped}</{ELEMENT}>'
