"""From what a tokenizer says of its pieces to the characters somebody wrote."""

from __future__ import annotations

from dataclasses import dataclass

from engine.boundaries import clings, is_space, without_spaces

MASK = "[MASK]"
SPACE_MARKS = "▁Ġ"  # how SentencePiece and byte-level vocabularies write a space in front of a piece


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as somebody wrote it, and as the tokenizer gets it: with its own mask for every ``[MASK]``.

    ``origin`` gives, per character of ``fed``, the characters of ``text`` it stands for.
    """

    text: str
    fed: str
    origin: tuple[tuple[int, int], ...]

    @classmethod
    def read(cls, text: str, mask: str | None) -> Typed:
        """A text for a tokenizer with this mask; with none, ``[MASK]`` is a word like any other."""
        fed, origin, at = "", [], 0
        while at < len(text):
            is_mask = mask is not None and text.startswith(MASK, at)
            size = len(MASK) if is_mask else 1
            put = mask if is_mask and mask is not None else text[at]
            fed += put
            origin += [(at, at + size)] * len(put)
            at += size
        return cls(text, fed, tuple(origin))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The written characters of some that the tokenizer got."""
        if start >= end:
            at = self.origin[start][0] if start < len(self.origin) else len(self.text)
            return at, at
        return self.origin[start][0], self.origin[end - 1][1]


def piece_spans(typed: Typed, pieces: list[str], offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Each piece's characters in ``typed.text``, without the spaces around them, in reading order.

    A sign that the tokenizer strips, an accent say, stays with the piece before it. A piece that is only the mark for
    a space nobody wrote, as SentencePiece puts one in front, has an empty span.
    """
    text, end, spans = typed.text, 0, []
    for piece, found in zip(pieces, offsets, strict=True):
        start, end = _place(text, piece, *typed.span(*found), end)
        spans.append((start, end))
    for place, (start, end) in reversed(list(enumerate(spans))):
        most = spans[place + 1][0] if place + 1 < len(spans) else len(text)
        if start == end:  # a mark for a space begins no later than what is behind it
            start = end = min(start, most)
        while start < end < most and clings(text[end]):
            end += 1
        spans[place] = start, end
    return spans


def _place(text: str, piece: str, start: int, end: int, before: int) -> tuple[int, int]:
    """One piece's bounds; ``before`` is where the piece in front of it ends."""
    if not piece.strip(SPACE_MARKS) and piece != text[start:end]:
        return (start, start) if text[start:end].strip() else (start, end)
    # Trimming takes a letter for the space that byte-level tokenizers put in front of a text, also behind a mask.
    while piece.startswith("Ġ") and before < start and not is_space(text[start - 1]):
        start -= 1
    return without_spaces(text, start, end)
