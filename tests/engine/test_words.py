"""Words from pieces: rows, and merges that keep sums."""

from __future__ import annotations

import numpy as np
import pytest

from engine.contract import Flow, Request, Token
from engine.words import merge_flow, merge_map, merge_shares, rows
from tests.engine.models import WITH_TOKENIZER, explain
from tests.tolerances import FLOAT64, agree

TEXT, PAIR = "Unhappy film, naïve 😀", "so dull"


def _token(text, start, end, word, segment=0):
    return Token(text, 7, start, end, word, segment, is_special=word < 0)


TOKENS = (
    _token("[CLS]", -1, -1, -1),
    _token("un", 0, 2, 0),
    _token("##happy", 2, 7, 0),
    _token("film", 8, 12, 1),
    _token(",", 12, 13, 2),
    _token("na", 14, 16, 3),
    _token("##ive", 16, 19, 3),
    _token("[UNK]", 20, 21, 4),
    _token("[SEP]", -1, -1, -1),
    _token("so", 0, 2, 5, 1),
    _token("du", 3, 5, 6, 1),
    _token("##ll", 5, 7, 6, 1),
    _token("[SEP]", -1, -1, -1, 1),
)
REQUEST = Request(0, "", "", text=TEXT, pair=PAIR)
WORDS = rows(REQUEST, TOKENS, whole_words=True)
PIECES = rows(REQUEST, TOKENS, whole_words=False)


def test_words_are_labelled_as_they_stand_in_the_text():
    labels = [row.label for row in WORDS]
    assert labels == ["[CLS]", "Unhappy", "film", ",", "naïve", "😀", "[SEP]", "so", "dull", "[SEP]"]


def test_pieces_are_labelled_with_their_own_letters():
    labels = [row.label for row in PIECES]
    assert labels[1:7] == ["Un", "happy", "film", ",", "na", "ïve"]
    assert len(PIECES) == len(TOKENS)


@pytest.mark.parametrize(
    ("split", "labels"),
    [
        (("naïve",), ["[CLS]", "Unhappy", "film", ",", "na", "ïve", "😀", "[SEP]", "so", "dull", "[SEP]"]),
        (("Unhappy", "dull"), ["[CLS]", "Un", "happy", "film", ",", "naïve", "😀", "[SEP]", "so", "du", "ll", "[SEP]"]),
        (("film", "[SEP]", "unhappy", "happy", ""), [row.label for row in WORDS]),
        (tuple(row.label for row in WORDS), [row.label for row in PIECES]),
    ],
)
def test_single_words_are_shown_in_their_pieces(split, labels):
    assert [row.label for row in rows(REQUEST, TOKENS, whole_words=True, split=split)] == labels
    assert rows(REQUEST, TOKENS, whole_words=False, split=split) == PIECES


def test_a_word_is_split_wherever_it_stands():
    tokens = (_token("na", 0, 2, 0), _token("##ive", 2, 5, 0), _token("na", 6, 8, 1), _token("##ive", 8, 11, 1))
    made = rows(Request(0, "", "", text="naïve naïve"), tokens, whole_words=True, split=("naïve",))
    assert [(row.label, row.tokens) for row in made] == [("na", (0,)), ("ïve", (1,)), ("na", (2,)), ("ïve", (3,))]


SPLIT = rows(REQUEST, TOKENS, whole_words=True, split=("naïve",))


@pytest.mark.parametrize("made", [WORDS, PIECES, SPLIT], ids=["words", "pieces", "one word split"])
def test_every_token_lies_in_exactly_one_row_in_reading_order(made):
    assert [token for row in made for token in row.tokens] == list(range(len(TOKENS)))


def test_special_tokens_never_join():
    specials = [row for row in WORDS if row.is_special]
    assert [row.tokens for row in specials] == [(0,), (8,), (12,)]
    assert [row.segment for row in WORDS][-3:] == [1, 1, 1]
    neighbours = (_token("</s>", -1, -1, -1), _token("</s>", -1, -1, -1))
    assert len(rows(REQUEST, neighbours, whole_words=True)) == 2


def test_ids_without_a_text_are_labelled_by_themselves():
    request = Request(0, "", "", ids=(2, 15, 3))
    tokens = (_token("2", -1, -1, -1), _token("15", -1, -1, 0), _token("3", -1, -1, -1))
    assert [row.label for row in rows(request, tokens, whole_words=True)] == ["2", "15", "3"]


def test_a_piece_that_is_only_a_space_is_called_by_its_own_name():
    tokens = (_token("a", 0, 1, 0), _token("Ġ", 1, 2, 1), _token("b", 1, 3, 2))
    request = Request(0, "", "", text="a b")
    assert [row.label for row in rows(request, tokens, whole_words=False)] == ["a", "Ġ", "b"]


def _piece_labels(text, *spans):
    tokens = tuple(_token("?", start, end, word) for word, (start, end) in enumerate(spans))
    return [row.label for row in rows(Request(0, "", "", text=text), tokens, whole_words=False)]


def test_what_cannot_be_seen_is_called_by_its_number():
    assert _piece_labels("a\u200d\ufe0f\n\u00a0", (0, 1), (1, 2), (2, 3), (3, 4), (4, 5)) == [
        "a",
        "U+200D",
        "U+FE0F",
        "U+000A",
        "U+00A0",
    ]
    assert _piece_labels("\u200bwide\n", (0, 6)) == ["wide"]


def test_a_sign_without_its_letter_sits_on_a_circle():
    assert _piece_labels("हिe\u0301", (0, 1), (1, 2), (2, 4), (3, 4)) == ["ह", "◌ि", "e\u0301", "◌\u0301"]


def test_shares_add_up():
    shares = np.arange(13.0)
    merged = merge_shares(shares, WORDS)
    assert merged.tolist() == [0, 3, 3, 4, 11, 7, 8, 9, 21, 12]
    agree(merge_shares(np.stack([shares, -shares]), WORDS)[1], -merged, FLOAT64)


def test_a_map_adds_over_sources_and_averages_over_receivers():
    random = np.random.default_rng(0)
    mixing = random.random((2, 13, 13))
    merged = merge_map(mixing, WORDS)
    assert merged.shape == (2, 10, 10)
    for receiver, row in enumerate(WORDS):
        for source, column in enumerate(WORDS):
            cell = mixing[:, row.tokens][:, :, column.tokens]
            agree(merged[:, receiver, source], cell.sum(2).mean(1), FLOAT64)


def test_a_merged_map_keeps_rows_that_sum_to_one():
    mixing = np.random.default_rng(0).random((13, 13))
    mixing /= mixing.sum(1, keepdims=True)
    agree(merge_map(mixing, WORDS).sum(1), np.ones(10), FLOAT64)


def _conserved(flow):
    agree(flow.edge.sum(1), flow.nodes[:-1], FLOAT64)
    agree(flow.edge.sum(2) + flow.bias_in, flow.nodes[1:], FLOAT64)
    agree(flow.bias[:-1], flow.bias_in.sum(1), FLOAT64)
    assert flow.nodes[0].sum() + flow.bias.sum() == pytest.approx(flow.total, rel=FLOAT64)


@pytest.mark.parametrize("method", ["decompx", "rollout"])
@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_a_merged_flow_is_the_same_flow_between_words(model, method):
    text = "the guards walked unhappily, naïve 😀 laughs"
    found = explain(model, method, text=text, pair="so boring")
    words = rows(found.request, found.tokens, whole_words=True)
    assert len(words) < len(found.tokens)
    merged = merge_flow(found.flow, words)
    _conserved(found.flow)
    _conserved(merged)
    for receiver, row in enumerate(words):
        agree(merged.nodes[:, receiver], found.flow.nodes[:, row.tokens].sum(1), FLOAT64)
        for source, column in enumerate(words):
            cell = found.flow.edge[:, row.tokens][:, :, column.tokens].sum((1, 2))
            assert np.abs(merged.edge[:, receiver, source] - cell).max() < 1e-12
    agree(merged.nodes[0], merge_shares(found.flow.nodes[0], words), FLOAT64)
    assert (merged.total, merged.from_map) == (found.flow.total, found.flow.from_map)


def test_what_is_split_keeps_its_numbers_and_the_rest_is_merged():
    random = np.random.default_rng(1)
    mixing, shares = random.random((13, 13)), random.random(13)
    agree(merge_shares(shares, SPLIT)[[1, 4, 5]], [shares[1:3].sum(), shares[5], shares[6]], FLOAT64)
    merged = merge_map(mixing, SPLIT)
    agree(merged[4:6, 4:6], mixing[5:7, 5:7], FLOAT64)
    agree(merged[1, 4:6], mixing[1:3, 5:7].mean(0), FLOAT64)


def test_a_merged_flow_between_groups_stays_one():
    found = explain("alti-tiny-bert", "decompx", text="the guards walked unhappily", boundaries=(0, 2, 3))
    words = rows(found.request, found.tokens, whole_words=True)
    merged = merge_flow(found.grouped, words)
    assert merged.boundaries == (0, 2, 3)
    _conserved(merged)


def test_pieces_merge_to_themselves():
    flow = Flow(
        *(np.random.default_rng(0).random(shape) for shape in ((2, 13, 13), (3, 13), (2, 13), (3,))), 1.0, False
    )
    merged = merge_flow(flow, PIECES)
    for name in ("edge", "nodes", "bias_in", "bias"):
        agree(getattr(merged, name), getattr(flow, name), FLOAT64)
