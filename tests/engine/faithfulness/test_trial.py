"""An explanation tried: on a stand-in whose probabilities are known, then on real models."""

from __future__ import annotations

import numpy as np
import pytest

from engine.context import RunContext
from engine.faithfulness.protocol import Taking
from engine.faithfulness.trial import Plan, Trying
from tests.engine.faithfulness.additive import Additive, explanation

# Six words between two special tokens. The scores have two ties: the second and fourth word, the fifth and sixth.
SCORES = (9.0, 0.5, 0.2, -0.1, 0.2, 0.0, 0.0, 9.0)
ADDS = (0.0, 0.3, 0.05, -0.1, 0.1, 0.02, 0.03, 0.0)  # 0.4 in all
BASE = 0.5


def tried(plan, scores=SCORES, adds=ADDS, base=BASE):
    door = Additive(adds, base)
    made = explanation(scores, door.whole)
    return Trying(door, made, plan).explained(made, RunContext()), door


def test_masking_by_hand():
    """0.9 in all. Most important first: words 1, 4, 2 (a tie, later first), 6, 5 (a tie), 3."""
    found, door = tried(Plan("mask"))
    assert (found.order + 1).tolist() == [1, 4, 2, 6, 5, 3]
    # 0, 1, 1, 2, 3, 3, 4, 4, 5 of six words: five different counts and the whole text.
    assert found.most.counts.tolist() == found.least.counts.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.most.probability == pytest.approx([0.9, 0.6, 0.5, 0.45, 0.42, 0.4], abs=1e-15)
    assert found.least.probability == pytest.approx([0.9, 1.0, 0.98, 0.95, 0.9, 0.8], abs=1e-15)
    assert found.most.predicted.tolist()[:2] == [1, 1]
    assert found.most.predicted.tolist()[3:] == [0, 0, 0]
    fall = (0 + 0.3 + 0.3 + 0.4 + 0.45 + 0.45 + 0.48 + 0.48 + 0.5) / 9
    assert found.score_most == pytest.approx(fall, abs=1e-15)
    rise = (0 - 0.1 - 0.1 - 0.08 - 0.05 - 0.05 + 0 + 0 + 0.1) / 9
    assert found.score_least == pytest.approx(rise, abs=1e-15)
    assert {taking for _, _, taking in door.asked} == {Taking.MASK}
