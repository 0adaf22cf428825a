"""English words with their forms for the agreement grammar: our own lists, widened from a vocabulary and a text."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

LISTS = Path(__file__).with_name("agreement_words.txt")
VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun in the singular and the plural; `kind` is he, she, person or thing and decides its reflexive."""

    singular: str
    plural: str
    kind: str


@dataclass(frozen=True, slots=True)
class Verb:
    """The five forms of a verb; a preposition that belongs to it stands in each."""

    base: str
    third: str
    past: str
    participle: str
    progressive: str


def read_lists(path: Path = LISTS) -> dict[str, list[str]]:
    """Read the word lists: section name to entries."""
    lists: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            entries = lists.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            entries += line.split()
    return {name: list(dict.fromkeys(found)) for name, found in lists.items()}


def with_s(word: str) -> str:
    """The regular plural of a noun, or third person of a verb."""
    if re.search(r"(s|x|z|ch|sh)$", word) or word in {
        "go",
        "do",
        "echo",
        "veto",
        "hero",
        "potato",
        "tomato",
        "embargo",
    }:
        return word + "es"
    if word.endswith("y") and word[-2] not in VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def doubles(word: str) -> bool:
    """Whether a short verb doubles its last letter before a vowel: stop, stopped."""
    return re.fullmatch(r"[^aeiou]*(qu)?[aeiou][^aeiouwxy]", word) is not None


def progressive(word: str) -> str:
    """The form in -ing."""
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("c"):
        return word + "king"
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        return word[:-1] + "ing"
    if doubles(word) or word in {"begin", "forget", "regret", "admit", "permit", "quit", "commit", "prefer", "upset"}:
        return word + word[-1] + "ing"
    return word + "ing"


def regular_past(word: str) -> str:
    """The form in -ed."""
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and word[-2] not in VOWELS:
        return word[:-1] + "ied"
    return word + (word[-1] if doubles(word) or word == "prefer" else "") + "ed"


def verb_of(entry: str) -> Verb:
    """Build a verb from an entry `walk_to`, or `go_to/went_to/gone_to` where it is irregular."""
    base, *irregular = entry.replace("_", " ").split("/")
    head, space, rest = base.partition(" ")
    past, participle = irregular or [regular_past(head) + space + rest] * 2
    return Verb(base, with_s(head) + space + rest, past, participle, progressive(head) + space + rest)


def noun_of(entry: str, kind: str) -> Noun:
    """Build a noun from its singular, or from `singular/plural` where that is irregular."""
    singular, _, plural = entry.partition("/")
    return Noun(singular, plural or with_s(singular), kind)


def found_nouns(texts: Iterable[str], vocabulary: Collection[str], known: Collection[str]) -> list[Noun]:
    """Find more nouns: words that running text uses after both singular and plural determiners.

    Both forms must be whole pieces of the vocabulary, so that one mask can stand for either.
    """
    after_one, after_many = Counter[str](), Counter[str]()
    for text in texts:
        lowered = text.lower()
        after_one.update(re.findall(r"\b(?:a|an|this|each|every|another) ([a-z]{3,})\b", lowered))
        after_many.update(re.findall(r"\b(?:these|those|many|few|several|all|some|two|three) ([a-z]{4,})\b", lowered))
    nouns = []
    for word in sorted(after_one):
        plural = with_s(word)
        if word in known or plural in known or word not in vocabulary or plural not in vocabulary:
            continue
        if after_one[word] >= 2 and after_many[plural] >= 2:
            nouns.append(Noun(word, plural, "thing"))
    return nouns


def found_verbs(vocabulary: Collection[str], known: Collection[str]) -> list[Verb]:
    """Find more verbs: words whose four regular forms are all whole pieces of the vocabulary."""
    verbs = []
    for word in sorted(word for word in vocabulary if re.fullmatch("[a-z]{3,}", word)):
        verb = verb_of(word)
        if word not in known and {verb.third, verb.past, verb.progressive} <= set(vocabulary):
            verbs.append(verb)
    return verbs
