from __future__ import annotations

from dataclasses import replace

from gui.figures.caption import caption
from tests.gui import samples


def test_the_caption_gives_parameters_and_single_targets():
    explanation = samples.explanation(against=-1)
    explanation = replace(explanation, request=replace(explanation.request, parameters=(("bias", "none"),)))
    assert "method DecompX (bias=none) · explained: Positive ·" in caption(explanation, ())


def test_the_caption_names_a_preview_and_never_a_class_that_is_not_explained():
    assert "method DecompX, preview: biases kept apart · explained:" in caption(samples.explanation(preview=True), ())
    mixing = caption(samples.explanation(explains_answer=False), ())
    assert "explained: how words mix, whatever the answer" in mixing
    assert "Positive" not in mixing
