"""Reference cases run through the command itself: ids in, a file of arrays out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engine.cli import main

Arrays = dict[str, np.ndarray]

LENGTHS = ("n3", "n8", "n17")
ROWS = (0, 1, 2)  # of the right-padded batch


def reference(parity: Path, kind: str, model: str, case: str, joined: str = ".") -> Arrays:
    """The stored arrays of one case; ``joined`` stands between the names in the file's own."""
    with np.load(parity / kind / f"{model}{joined}{case}.npz") as stored:
        return {name: stored[name] for name in stored.files}


def _listed(values: Any) -> str:
    return ",".join(str(int(value)) for value in values)


def explain(
    parity: Path,
    model: str,
    stored: Arrays,
    out: Path,
    *,
    method: str,
    dtype: str,
    row: int = 0,
    setting: str = "",
    target: int | None = None,
    position: int | None = None,
) -> Arrays:
    """What ``headstream explain`` writes for one row of a reference case; ``setting`` lists several apart by spaces."""
    command = ["explain", "--model", str(parity / "models" / model), "--method", method, "--dtype", dtype]
    command += ["--device", "cpu", "--ids", _listed(stored["in.input_ids"][row]), "--out", str(out)]
    command += ["--attention-mask", _listed(stored["in.attention_mask"][row])]
    if "roberta" not in model:
        command += ["--segments", _listed(stored["in.token_type_ids"][row])]
    if target is not None:
        command += ["--target", str(target)]
    if position is not None:
        command += ["--position", str(position)]
    for one in setting.split():
        command += ["--set", one]
    assert main(command) == 0
    with np.load(out) as written:
        return {name: written[name] for name in written.files}


def length_of(stored: Arrays, row: int) -> int:
    """The number of tokens of one row that are not padding."""
    return int(stored["in.attention_mask"][row].sum())
