"""The weight files of a model folder before they are loaded: safetensors only, whole, fitting configuration and memory.

Only headers are read here, so that a file made to fill the memory is refused before anything does.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from safetensors import SafetensorError, safe_open

from engine.errors import ModelError, first_line
from engine.folder import WEIGHTS, read_json
from engine.forecast import FLOAT_BYTES

WHOLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack")
# Arrays that a configuration may describe and the files lack: a head that was never trained, a pooler.
SLACK = 10_000_000
USUAL_LAYERS = 100


@dataclass(frozen=True, slots=True)
class Held:
    """What the files hold: how many ``arrays``, and ``numbers`` in all of them together."""

    files: tuple[Path, ...]
    arrays: int
    numbers: int


def weight_files(folder: Path) -> Held:
    """The safetensors files of a folder, each opened once to see that it is whole. Raises ModelError."""
    files = tuple(sorted(folder.glob(f"*{WEIGHTS}")))
    if not files:
        _refuse_pickles(folder)
        raise ModelError("The model has no weights", f"There is no {WHOLE}.", "Copy the whole model folder.")
    _check_index(folder)
    arrays = numbers = 0
    for path in files:
        try:
            with safe_open(path, framework="pt") as opened:
                sizes = [math.prod(opened.get_slice(name).get_shape()) for name in opened.keys()]  # noqa: SIM118
        except (SafetensorError, OSError) as error:
            raise ModelError(
                "The weights are damaged",
                f"{path.name} is incomplete or not safetensors ({first_line(error)}).",
                "Copy it again.",
            ) from error
        arrays += len(sizes)
        numbers += sum(sizes)
    return Held(files, arrays, numbers)


def _refuse_pickles(folder: Path) -> None:
    pickled = sorted(path.name for pattern in PICKLES for path in folder.glob(pattern))
    if pickled:
        raise ModelError(
            "The weights are in an unsafe format",
            f"{pickled[0]} can run code when it is opened, so Headstream never opens it.",
            "Ask for the model as model.safetensors, or convert it with transformers' save_pretrained.",
        )


def _check_index(folder: Path) -> None:
    """Where weights lie in several files, the list of them names files of this folder only. Raises ModelError."""
    path = folder / INDEX
    if (folder / WHOLE).is_file() or not path.is_file():
        return
    listed = read_json(path)
    places = listed.get("weight_map") if isinstance(listed, dict) else None
    if not isinstance(places, dict) or not all(isinstance(name, str) for name in places.values()):
        raise ModelError(
            "The weights are damaged", f"{INDEX} does not say which array is in which file.", "Copy it again."
        )
    for name in sorted(set(places.values())):
        # A backslash parts folders on Windows; there is none in the name of any weights.
        if Path(name).name != name or "\\" in name or not name.endswith(WEIGHTS):
            raise ModelError(
                "The weights are not in the folder",
                f"{INDEX} names “{name[:60]}”, which is no safetensors file of this folder.",
                "Copy the whole model folder again.",
            )
        if not (folder / name).is_file():
            raise ModelError("The weights are incomplete", f"There is no {name[:60]}.", "Copy the whole model folder.")


def check_size(held: Held, config: Mapping[str, Any], dtype: str) -> None:
    """Raises ModelError where the configuration describes far more than the files hold, or these fill the memory.

    What the files lack is made up while a model is built, before anything can be said of it.
    """
    layers, numbers = _described(config)
    if layers > max(held.arrays, USUAL_LAYERS) or numbers > 2 * held.numbers + SLACK:
        raise ModelError(
            "The weights are incomplete",
            f"The configuration is of {layers:,} layers and at least {numbers:,} numbers; "
            f"the files hold {held.arrays:,} arrays with {held.numbers:,}.",
            "Copy the whole folder again.",
        )
    needed, free = held.numbers * FLOAT_BYTES[dtype], psutil.virtual_memory().available
    if needed > free:
        raise ModelError(
            "The model is too large for this computer's memory",
            f"Its weights take {needed / 1e9:.1f} GB as {dtype}; {free / 1e9:.1f} GB are free.",
            "Close other programs, or use a smaller model.",
        )


def _described(config: Mapping[str, Any]) -> tuple[int, int]:
    """Layers with weights of their own, and numbers in the arrays that every family has of these sizes, at least."""

    def size(*names: str) -> int:
        return next((int(config[name]) for name in names if config.get(name) is not None), 1)

    layers = size("num_hidden_groups", "num_hidden_layers", "n_layers") * size("inner_group_num")
    hidden, inner = size("hidden_size", "dim"), size("intermediate_size", "hidden_dim")
    embedded = size("vocab_size") + size("max_position_embeddings") + size("type_vocab_size")
    width = size("embedding_size", "hidden_size", "dim")
    return layers, layers * hidden * (4 * hidden + 2 * inner) + embedded * width


def digest(files: tuple[Path, ...]) -> str:
    """The SHA-256 of all files, one after the other."""
    found = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            while block := stream.read(2**20):
                found.update(block)
    return found.hexdigest()
