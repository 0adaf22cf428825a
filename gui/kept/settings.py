"""What is remembered from one start to the next: a small JSON file in the person's own configuration folder."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

RECENT_FOLDERS, RECENT_TEXTS, RECENT_LISTS, RECENT_SESSIONS = 6, 12, 6, 6
APPEARANCES = ("system", "light", "dark", "contrast")
TYPE_SCALES = (90, 100, 115, 130, 150)  # percent, as offered
SMALLEST_TYPE, LARGEST_TYPE = 80, 175  # percent, as believed
WIDEST_COLUMN = 20_000  # pixels

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """Remembered choices; an empty value means "as on the first start".

    ``columns`` are widths in pixels, ``folded`` whether the right one is folded away, ``trusting`` whether it shows how
    far to trust the picture; ``type_scale`` is in percent.
    What starts with ``figure`` is read by :mod:`gui.figures.choice`, with ``numbers`` by :mod:`gui.panels.numbers`.
    """

    recent_folders: tuple[str, ...] = ()
    export_folder: str = ""
    geometry: str = ""
    columns: tuple[int, ...] = ()
    folded: bool = False
    trusting: bool = False
    appearance: str = "system"
    type_scale: int = 100
    tour_seen: bool = False
    recent_texts: tuple[str, ...] = ()
    recent_lists: tuple[str, ...] = ()
    figure_what: str = ""
    figure_kind: str = ""
    figure_size: str = ""
    figure_width: int = 0
    figure_height: int = 0
    figure_density: str = ""
    figure_colours: str = ""
    figure_outlines: bool = False
    figure_captioned: bool = True
    numbers_kind: str = ""
    numbers_fields: tuple[str, ...] = ()
    recent_sessions: tuple[str, ...] = ()


def settings_path() -> Path:
    """Where this person's settings live."""
    return platformdirs.user_config_path("Headstream", appauthor=False) / "settings.json"


def load_settings(path: Path) -> Settings:
    """What was saved; anything missing, damaged or of an unknown kind is left as on the first start."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(saved, dict):
        return Settings()
    known = {entry.name: saved[entry.name] for entry in fields(Settings) if entry.name in saved}
    readable = {name: _read(value, getattr(Settings(), name), name) for name, value in known.items()}
    return _sound(Settings(**readable))


def _read(value: Any, default: Any, name: str) -> Any:
    """The saved value where it is of the default's kind, else the default."""
    if not isinstance(default, tuple):
        return value if _is(value, type(default)) else default
    kind = int if name == "columns" else str
    if isinstance(value, list) and all(_is(entry, kind) for entry in value):
        return tuple(value)
    return default


def _is(value: Any, kind: type) -> bool:
    """Whether the value is of just this kind; a text has to be one that can be written again."""
    if type(value) is not kind:
        return False
    return not isinstance(value, str) or not any("\ud800" <= letter <= "\udfff" for letter in value)


def _sound(settings: Settings) -> Settings:
    """The same without values that no start could have saved."""
    usual = Settings()
    are_widths = all(0 <= width <= WIDEST_COLUMN for width in settings.columns)
    is_readable = SMALLEST_TYPE <= settings.type_scale <= LARGEST_TYPE
    return replace(
        settings,
        geometry=settings.geometry if settings.geometry.isascii() else usual.geometry,
        columns=settings.columns if are_widths else usual.columns,
        appearance=settings.appearance if settings.appearance in APPEARANCES else usual.appearance,
        type_scale=settings.type_scale if is_readable else usual.type_scale,
        recent_folders=settings.recent_folders[:RECENT_FOLDERS],
        recent_texts=settings.recent_texts[:RECENT_TEXTS],
        recent_lists=settings.recent_lists[:RECENT_LISTS],
        recent_sessions=settings.recent_sessions[:RECENT_SESSIONS],
    )


def save_settings(path: Path, settings: Settings) -> None:
    """Write all or nothing; a folder that cannot be written is no reason to stop."""
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(settings), ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(beside, path)
    except OSError:
        log.warning("settings could not be saved in %s", path.parent, exc_info=True)


def with_recent_folder(settings: Settings, folder: str) -> Settings:
    """The same settings with ``folder`` as the one opened last."""
    others = tuple(other for other in settings.recent_folders if other != folder)
    return replace(settings, recent_folders=(folder, *others)[:RECENT_FOLDERS])


def with_recent_list(lists: tuple[str, ...], path: str) -> tuple[str, ...]:
    """The files opened last with this one in front."""
    return (path, *(other for other in lists if other != path))[:RECENT_LISTS]
