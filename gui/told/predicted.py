"""What the model answers, as a reader is told: which answers, what stands over them, and their numbers."""

from __future__ import annotations

import numpy as np

from engine.contract import Explanation, Head, Prediction
from gui.guide.help import help_text
from gui.paint.numerals import plain
from gui.told.wording import place_name, probability

FILLERS = 5  # of a vocabulary


def strongest_answers(prediction: Prediction, count: int) -> list[int]:
    """Indices of the likeliest answers, likeliest first; a whole vocabulary is never sorted."""
    logits = prediction.logits
    count = min(count, len(logits))
    top = np.sort(np.argpartition(-logits, count - 1)[:count])
    return [int(index) for index in top[np.argsort(-logits[top], kind="stable")]]


def answer_number(explanation: Explanation, index: int) -> str:
    """The probability of one answer, its raw score where there are no probabilities."""
    prediction = explanation.prediction
    if prediction.probabilities is None:
        return plain(float(prediction.logits[index]))
    return probability(float(prediction.probabilities[index]))


def listed_answers(explanation: Explanation) -> list[int]:
    """Every class; of a vocabulary the likeliest words, and those that are explained."""
    prediction = explanation.prediction
    if explanation.model.head is not Head.MASKED_WORD:
        return strongest_answers(prediction, len(prediction.labels))
    listed = strongest_answers(prediction, FILLERS)
    return listed + [index for index in explanation.explained if index not in listed]


def prediction_title(explanation: Explanation) -> str:
    """What stands over the prediction."""
    if explanation.model.head is Head.SEQUENCE_CLASSIFICATION:
        return help_text("prediction", "title")
    word = place_name(explanation)
    if explanation.model.head is Head.MASKED_WORD:
        is_gap = explanation.request.position is None or word == explanation.model.mask_token
        return help_text("prediction", "gap") if is_gap else help_text("prediction", "expected", word=word)
    return help_text("prediction", "state" if explanation.model.head is Head.STATE else "at", word=word)
