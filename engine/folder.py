"""What lies in a model folder, looked at before anything opens it: ordinary files of a reasonable size.

The libraries that read a folder read whole files, whatever is there: a pipe never ends, a device fills the memory.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.errors import ModelError

MAX_JSON_BYTES = 64 * 2**20
MAX_PIECES_BYTES = 512 * 2**20  # of a SentencePiece file, which is never JSON
READ_WHOLE = (".json", ".txt", ".model", ".jinja", ".jsonl")
WEIGHTS = ".safetensors"
TEMPLATES = "additional_chat_templates"  # a folder that tokenizers look into
ADAPTER = "adapter_config.json"


def check_files(folder: Path) -> None:
    """Raises ModelError for a file that must not be opened: a pipe, a device, too large, or weights kept elsewhere."""
    for path in _read_by_libraries(folder):
        try:
            about = path.stat()
        except OSError:
            continue  # a link to nothing: as if there were no such file
        if path.name == ADAPTER:
            raise ModelError(
                "The folder holds an adapter",
                f"{ADAPTER} changes weights that may lie elsewhere.",
                "Merge the adapter into its model with peft's merge_and_unload, and save that.",
            )
        if not stat.S_ISREG(about.st_mode):
            raise ModelError("The model's files are damaged", f"{path.name} is no ordinary file.", "Copy it again.")
        if path.suffix != WEIGHTS and about.st_size > MAX_JSON_BYTES:
            raise ModelError(
                "The model's files are damaged",
                f"{path.name} cannot be read (too large: {about.st_size:,} bytes).",
                "Copy the folder again.",
            )


def _read_by_libraries(folder: Path) -> Iterator[Path]:
    for place in (folder, folder / TEMPLATES):
        try:
            inside = sorted(place.iterdir()) if place.is_dir() else []
        except OSError as error:
            raise ModelError(
                "The folder cannot be read", f"“{place.name}”: {error.strerror}.", "Ask for the right to read it."
            ) from error
        yield from (path for path in inside if path.suffix in (*READ_WHOLE, WEIGHTS) and not path.is_dir())


def read_json(path: Path) -> Any:
    """The value of a JSON file. Raises ModelError."""
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            "The model's files are damaged", f"{path.name} cannot be read ({error}).", "Copy the folder again."
        ) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
