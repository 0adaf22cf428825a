"""Unlabelled film sentences for self-training, kept clear of the dev file."""

import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

GRAM = 4  # words per run when two sentences are compared
NEAR = 0.3  # a sentence is too near a dev sentence when they share this much of the shorter one's runs
SNIPPET, REVIEW = 60, 150  # a line of at most so many words is one sentence; a line of more is a whole review
LENGTHS = range(5, 46)  # words of a sentence that is taken
SHORTEST_OF_REVIEW = 8


def words(sentence: str) -> tuple[str, ...]:
    """The words of a sentence without case, spacing and punctuation."""
    return tuple(re.findall(r"[a-z0-9']+", sentence.lower()))


def runs(spoken: tuple[str, ...]) -> set[tuple[str, ...]]:
    """All runs of `GRAM` words, or the whole of a shorter sentence."""
    return {spoken[start : start + GRAM] for start in range(max(1, len(spoken) - GRAM + 1))}


class Nearness:
    """Says whether a sentence is nearly one of a set of sentences."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._runs = [runs(words(sentence)) for sentence in sentences]
        self._places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, known in enumerate(self._runs):
            for run in known:
                self._places[run].append(place)

    def __call__(self, spoken: tuple[str, ...]) -> bool:
        """Whether these words share too many runs with a sentence of the set."""
        own = runs(spoken)
        shared = Counter(place for run in own for place in self._places.get(run, ()))
        return any(count >= NEAR * min(len(own), len(self._runs[place])) for place, count in shared.items())


def film_sentences(text: Path, train: list[str], dev: list[str], from_reviews: int, seed: int) -> list[str]:
    """Take sentences from lower-case lines: every snippet and a random choice of `from_reviews` review sentences.

    Left out: what equals a training or an earlier sentence, and what is equal or near to a dev sentence.
    """
    with lzma.open(text, "rt", encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    lines = [line for line in lines if line == line.lower()]
    snippets = [line for line in lines if len(line.split()) <= SNIPPET]
    reviews = [line for line in lines if len(line.split()) > REVIEW]
    loose = [part.strip() for review in reviews for part in re.split(r"(?<= [.!?]) +", review)]
    random.Random(seed).shuffle(loose)
    loose = [sentence for sentence in loose if len(sentence.split()) >= SHORTEST_OF_REVIEW]
    near, seen = Nearness(dev), {words(sentence) for sentence in train}
    taken: list[str] = []
    for source, most in ((snippets, len(snippets)), (loose, from_reviews)):
        room = len(taken) + most
        for sentence in source:
            spoken = words(sentence)
            if len(taken) < room and len(sentence.split()) in LENGTHS and len(spoken) >= GRAM:
                if spoken in seen or near(spoken):
                    continue
                seen.add(spoken)
                taken.append(sentence)
    return taken
