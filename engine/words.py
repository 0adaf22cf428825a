"""From tokens to the rows a picture draws: whole words, or the pieces a tokenizer cut them into.

As sources the pieces' shares add up; as receivers they are averaged. Flows add up on both sides, which is exact.
numpy only: the window merges without asking the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.contract import Array, Flow, Request, Token


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
    return text[first.start : last.end].strip() or first.text


def rows(request: Request, tokens: tuple[Token, ...], *, whole_words: bool) -> tuple[Row, ...]:
    """The rows of a picture, in reading order; tokens of one word stand together where ``whole_words``."""
    groups: list[list[int]] = []
    for position, token in enumerate(tokens):
        joins = whole_words and groups and token.word_index >= 0
        if joins and tokens[groups[-1][-1]].word_index == token.word_index:
            groups[-1].append(position)
        else:
            groups.append([position])
    return tuple(
        Row(_label(request, tokens, group), tuple(group), tokens[group[0]].is_special, tokens[group[0]].segment)
        for group in groups
    )


def _membership(merged: tuple[Row, ...], count: int) -> Array:
    """[row, token], 1 where the token belongs to the row."""
    matrix = np.zeros((len(merged), count))
    for index, row in enumerate(merged):
        matrix[index, list(row.tokens)] = 1
    return matrix


def merge_shares(shares: Array, merged: tuple[Row, ...]) -> Array:
    """[..., token] -> [..., row] by adding."""
    return np.asarray(shares @ _membership(merged, shares.shape[-1]).T)


def merge_map(mixing: Array, merged: tuple[Row, ...]) -> Array:
    """[..., receiver, source] tokens -> rows: sources add up, receivers are averaged."""
    member = _membership(merged, mixing.shape[-1])
    return np.asarray((member / member.sum(1, keepdims=True)) @ mixing @ member.T)


def merge_flow(flow: Flow, merged: tuple[Row, ...]) -> Flow:
    """The same flow between rows; conservation survives because both sides add up."""
    member = _membership(merged, flow.nodes.shape[-1])
    return Flow(
        edge=member @ flow.edge @ member.T,
        nodes=flow.nodes @ member.T,
        bias_in=flow.bias_in @ member.T,
        bias=flow.bias,
        total=flow.total,
        from_map=flow.from_map,
    )
