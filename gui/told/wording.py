"""How names and numbers that come from a model are written for a reader."""

from __future__ import annotations

import html
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.contract import Head
from engine.words import rows

if TYPE_CHECKING:
    from engine.contract import Explanation

SPACE_MARKS = "\N{LATIN CAPITAL LETTER G WITH DOT ABOVE}\N{LOWER ONE EIGHTH BLOCK}"  # how vocabularies write " word"
STATE = "this state"  # what is explained where a model has no head
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def display_label(label: str) -> str:
    """A class name as a name: "positive" is shown as "Positive", "LABEL_0" and "iPhone" stay."""
    return label[:1].upper() + label[1:] if label.islower() else label


def answer_name(explanation: Explanation, index: int) -> str:
    """What an answer is called: a class by its display name, a word that fills a gap as it stands in the text."""
    label = explanation.prediction.labels[index]
    if explanation.model.head is not Head.MASKED_WORD:
        return display_label(label)
    return label.lstrip(SPACE_MARKS) or label


def place_name(explanation: Explanation) -> str:
    """The word the answer is read at."""
    merged = rows(explanation.request, explanation.tokens, whole_words=True)
    return next(row.label for row in merged if explanation.position in row.tokens)


def goal_name(explanation: Explanation) -> str:
    """What the words push towards or against, as it stands in a sentence."""
    if explanation.model.head is Head.STATE:
        return STATE
    return answer_name(explanation, explanation.target)


def escaped(text: str) -> str:
    """The text for rich text: brackets of ``<s>`` are seen, not obeyed."""
    return html.escape(text, quote=False)


def tooltip(text: str) -> str:
    """The text for a tooltip: with a bracket in it, as in ``<s>``, Qt would take it for rich text."""
    return escaped(text).replace("\n", "<br>") if "<" in text else text


def probability(value: float) -> str:
    """Two digits, but never a certainty the model does not have."""
    if 0.995 <= value < 1:
        return ">0.99"
    if 0 < value < 0.005:
        return "<0.01"
    return f"{value:.2f}"


def tiny(value: float) -> str:
    """An error margin with one figure: ``2 × 10⁻⁷``."""
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    figure = round(abs(value) / 10**exponent)
    if figure == 10:
        figure, exponent = 1, exponent + 1
    return f"{figure}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10{str(exponent).translate(SUPERSCRIPTS)}"


def duration(seconds: float) -> str:
    """``38 ms``, ``1.4 s``, ``12 s``."""
    if seconds < 1:
        return f"{max(1, round(1000 * seconds))}\N{NO-BREAK SPACE}ms"
    return f"{seconds:.1f}\N{NO-BREAK SPACE}s" if seconds < 10 else f"{seconds:.0f}\N{NO-BREAK SPACE}s"


def rough_duration(seconds: float) -> str:
    """A forecast, no more exact than it can be: ``0.4 s``, ``12 s``, ``3 min``; at least a tenth of a second."""
    if seconds < 10:
        return f"{max(0.1, seconds):.1f}\N{NO-BREAK SPACE}s"
    if seconds < 100:
        return f"{seconds:.0f}\N{NO-BREAK SPACE}s"
    return f"{seconds / 60:.0f}\N{NO-BREAK SPACE}min"


def memory(count: float) -> str:
    """Bytes as ``3 MB``, ``1.2 GB``."""
    megabytes = count / 1e6
    if megabytes >= 1000:
        return f"{megabytes / 1000:.1f}\N{NO-BREAK SPACE}GB"
    return f"{max(1, round(megabytes))}\N{NO-BREAK SPACE}MB"


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def distinct_names(labels: Iterable[str]) -> list[str]:
    """What each of some rows is called; the second "the" of a sentence is told from the first."""
    written = list(labels)
    total, seen = Counter(written), Counter[str]()
    names = []
    for label in written:
        seen[label] += 1
        names.append(f"{label} ({ordinal(seen[label])})" if total[label] > 1 else label)
    return names


def listed(names: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def isolated(text: str) -> str:
    """The text, marked off where it reads from right to left so that the numbers beside it keep their places."""
    is_foreign = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    return f"\u2068{text}\u2069" if is_foreign else text
