"""What a person pastes: told from plain text, held within limits, and read as CoNLL-U or as a table of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gui.interlinear.conllu_lines import is_conllu, read_conllu
from gui.interlinear.sentence import Pasted, PasteError, is_comment
from gui.interlinear.word_table import read_table

MOST_LETTERS, MOST_WORDS = 200_000, 600


def is_interlinear(pasted: str) -> bool:
    """Whether a text looks like words with something beside them, and not like a sentence."""
    lines = [line for line in written_lines(pasted[:MOST_LETTERS]) if line.strip() and not is_comment(line)]
    if is_conllu(lines):
        return len(lines) > 1 or lines[0].count("\t") > 1
    return len(lines) > 1 and all("\t" in line for line in lines) and any("\t" in line.strip() for line in lines)


def read_interlinear(pasted: str) -> Pasted:
    """The first sentence of what was pasted. Raises PasteError; nothing else whatever is in it."""
    if len(pasted) > MOST_LETTERS:
        raise PasteError(f"This is too much to read: {len(pasted):,} characters, {MOST_LETTERS:,} at most.")
    sentences = list(numbered_sentences(written_lines(pasted)))
    if not sentences:
        raise PasteError("There are no words in it.")
    content = [line for _, line in sentences[0] if not is_comment(line)]
    if len(content) > MOST_WORDS:
        raise PasteError(f"The sentence is too long: {len(content):,} lines, {MOST_WORDS} at most.")
    read = read_conllu(sentences[0]) if is_conllu(content) else read_table(sentences[0])
    if len(sentences) == 1:
        return read
    return replace(read, remarks=(f"Only the first of {len(sentences)} sentences was taken.", *read.remarks))


def written_lines(pasted: str) -> list[str]:
    """The lines of a text, whatever parts them."""
    return pasted.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")


def numbered_sentences(lines: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """Numbered lines of each sentence that has words; empty lines part sentences."""
    sentence: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            sentence.append((number, line))
            continue
        if any(not is_comment(text) for _, text in sentence):
            yield sentence
        sentence = []
