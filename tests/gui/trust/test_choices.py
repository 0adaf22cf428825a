"""What stands beside an explanation: the usual methods, or what was chosen as far as it fits."""

from __future__ import annotations

import pytest

from gui.trust.choices import NOTHING, USUAL, others_for

ALL = ("decompx", "alti", "integrated_gradients", "rollout", "gradient")


def test_the_usual_ones_exist() -> None:
    from engine import registry

    assert set(USUAL) <= {method.id for method in registry.discover()}


@pytest.mark.parametrize(
    ("chosen", "current", "fit", "beside"),
    [
        ((None, None), "decompx", ALL, ("alti", "integrated_gradients")),
        ((None, None), "alti", ALL, ("decompx", "integrated_gradients")),
        ((None, None), "gradient", ALL, ("decompx", "alti")),
        ((None, None), "decompx", ("decompx", "rollout"), ("rollout", NOTHING)),
        ((None, None), "decompx", ("decompx",), (NOTHING, NOTHING)),
        (("gradient", None), "decompx", ALL, ("gradient", "alti")),
        ((None, "alti"), "decompx", ALL, ("integrated_gradients", "alti")),
        ((NOTHING, NOTHING), "decompx", ALL, (NOTHING, NOTHING)),
        (("gradient", "alti"), "gradient", ALL, ("decompx", "alti")),
        (("gradient", "alti"), "decompx", ("decompx", "alti"), (NOTHING, "alti")),
    ],
)
def test_others(chosen, current, fit, beside) -> None:
    assert others_for(chosen, current, fit) == beside
