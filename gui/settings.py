"""What is remembered from one start to the next: a small JSON file in the person's own configuration folder."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

RECENT_FOLDERS = 6

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """Remembered choices; an empty value means "as on the first start"."""

    recent_folders: tuple[str, ...] = ()
    export_folder: str = ""
    geometry: str = ""
    columns: tuple[int, ...] = ()


def settings_path() -> Path:
    """Where this person's settings live."""
    return platformdirs.user_config_path("Headstream", appauthor=False) / "settings.json"


def load_settings(path: Path) -> Settings:
    """What was saved; anything missing, damaged or of an unknown kind is left as on the first start."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(saved, dict):
        return Settings()
    known = {entry.name: saved[entry.name] for entry in fields(Settings) if entry.name in saved}
    readable = {name: _read(value, getattr(Settings(), name), name) for name, value in known.items()}
    return Settings(**readable)


def _read(value: Any, default: Any, name: str) -> Any:
    """The saved value where it is of the default's kind, else the default."""
    if isinstance(default, str):
        return value if isinstance(value, str) else default
    kind = int if name == "columns" else str
    if isinstance(value, list) and all(isinstance(entry, kind) for entry in value):
        return tuple(value)
    return default


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
