"""How far two numbers may lie apart (``arrays.md``, "Tolerances")."""

from __future__ import annotations

from typing import Any

import numpy as np

FLOAT64 = 1e-9
FLOAT32 = 1e-4
OF = {"float64": FLOAT64, "float32": FLOAT32}


def difference(got: Any, wanted: Any) -> float:
    """Largest difference, relative to the largest wanted value."""
    got, wanted = np.asarray(got), np.asarray(wanted)
    assert got.shape == wanted.shape, f"shape {got.shape}, wanted {wanted.shape}"
    largest = float(np.abs(wanted).max())
    found = float(np.abs(got - wanted).max())
    return found / largest if largest > 0 else found


def agree(got: Any, wanted: Any, tolerance: float = FLOAT64) -> float:
    """Assert that two arrays agree; returns how far apart they are."""
    found = difference(got, wanted)
    assert found <= tolerance, f"{found:.3g} apart, {tolerance:.3g} allowed"
    return found
