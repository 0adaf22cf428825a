"""From tokens to the rows a picture draws: whole words, or the pieces a tokenizer cut them into.

As sources the pieces' shares add up; as receivers they are averaged. Flows add up on both sides, which is exact.
numpy only: the window merges without asking the engine.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.boundaries import without_spaces
from engine.contract import Array, Flow, Request, Token

UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs")
ROWS_KEPT = 8  # every picture of one frame asks for the same rows


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a picture: ``tokens`` are the positions it stands for, ``label`` what it is called on screen."""

    label: str
    tokens: tuple[int, ...]
    is_special: bool
    segment: int


def _label(request: Request, tokens: tuple[Token, ...], positions: list[int]) -> str:
    first, last = tokens[positions[0]], tokens[positions[-1]]
    text = request.pair if first.segment == 1 and request.pair is not None else request.text
    if first.is_special or first.start < 0 or last.end < 0:
        return "".join(tokens[position].text for position in positions)
    start, end = without_spaces(text, first.start, last.end)
    return _visible(text[start:end]) or first.text


def _visible(written: str) -> str:
    """What can be seen of some characters; those that never show are called by their Unicode numbers."""
    if not written.strip(" "):
        return ""
    if all(unicodedata.category(char) in UNSEEN or "\ufe00" <= char <= "\ufe0f" for char in written):
        return " ".join(f"U+{ord(char):04X}" for char in written)
    # A sign without its letter needs something to sit on, or it falls upon its neighbour on the screen.
    return f"◌{written}" if unicodedata.category(written[0]) in ("Mn", "Mc", "Me") else written


@lru_cache(maxsize=ROWS_KEPT)
def rows(
    request: Request, tokens: tuple[Token, ...], *, whole_words: bool, split: tuple[str, ...] = ()
) -> tuple[Row, ...]:
    """The rows of a picture, in reading order; tokens of one word stand together where ``whole_words``.

    The words called so in ``split`` are shown in their pieces all the same.
    """
    groups: list[list[int]] = []
    for position, token in enumerate(tokens):
        joins = whole_words and groups and token.word_index >= 0
        if joins and tokens[groups[-1][-1]].word_index == token.word_index:
            groups[-1].append(position)
        else:
            groups.append([position])
    if split:
        whole = [(group, _label(request, tokens, group) in split) for group in groups]
        groups = [part for group, is_split in whole for part in ([[one] for one in group] if is_split else [group])]
    return tuple(
        Row(_label(request, tokens, group), tuple(group), tokens[group[0]].is_special, tokens[group[0]].segment)
        for group in groups
    )


def _added(array: Array, merged: tuple[Row, ...], axis: int) -> Array:
    """Sums over each row's tokens along one axis."""
    # Most rows are one token: taking those and adding the rest is several times faster than np.add.reduceat.
    added = np.take(array, [row.tokens[0] for row in merged], axis=axis)
    by_row, by_token = np.moveaxis(added, axis, 0), np.moveaxis(array, axis, 0)
    for place, row in enumerate(merged):
        for token in row.tokens[1:]:
            by_row[place] += by_token[token]
    return added


def merge_shares(shares: Array, merged: tuple[Row, ...]) -> Array:
    """[..., token] -> [..., row] by adding."""
    return _added(shares, merged, -1)


def merge_map(mixing: Array, merged: tuple[Row, ...]) -> Array:
    """[..., receiver, source] tokens -> rows: sources add up, receivers are averaged."""
    sizes = np.array([len(row.tokens) for row in merged], dtype=mixing.dtype)
    return np.asarray(_added(_added(mixing, merged, -1), merged, -2) / sizes[:, None])


def merge_flow(flow: Flow, merged: tuple[Row, ...]) -> Flow:
    """The same flow between rows; conservation survives because both sides add up."""
    return Flow(
        edge=_added(_added(flow.edge, merged, -1), merged, -2),
        nodes=_added(flow.nodes, merged, -1),
        bias_in=_added(flow.bias_in, merged, -1),
        bias=flow.bias,
        total=flow.total,
        from_map=flow.from_map,
        boundaries=flow.boundaries,
    )
