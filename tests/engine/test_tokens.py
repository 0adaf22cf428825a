"""Text to tokens: spans are slices of the text, word numbers run on, and what cannot be read is said."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from itertools import pairwise

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from transformers import BertTokenizerFast

from engine import tokens as cutting
from engine.contract import Request
from engine.errors import ModelError, TextError
from engine.loading import open_model
from engine.tokens import encode
from tests.engine.models import REFERENCE, WITH_TOKENIZER, Tiny, opened

BERT, ROBERTA = WITH_TOKENIZER
TEXTS = (
    "The film was not so good.",
    "  two   spaces, a\ttab\nand a line ",
    "unbelievably-good (really!)",
    "crème brûlée, naïve café, A\u0301 la carte",
    "a 😀 film 👨‍👩‍👧 🏳️‍🌈 ok",
    "סרט טוב מאוד",
    "هذا فيلم جيد",
    "日本語 и русский",
    "x",
)


def tokens_of(model, text, pair=None):
    return encode(opened(model), Request(0, "", "", text=text, pair=pair)).tokens


def _plain(text):
    """What a BERT tokenizer compares: lower case, no accents."""
    return BertTokenizerFast(vocab={"[UNK]": 0}, do_lower_case=True).backend_tokenizer.normalizer.normalize_str(text)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_spans_lie_in_the_text_in_reading_order_and_hold_no_space_in_front(model, text):
    end = 0
    for token in tokens_of(model, text):
        if token.is_special:
            assert (token.start, token.end, token.word_index) == (-1, -1, -1)
            continue
        assert 0 <= token.start < token.end <= len(text)
        assert token.end >= end
        end = token.end
        assert text[token.start : token.end].isspace() or not text[token.start].isspace()


@pytest.mark.parametrize("text", TEXTS)
def test_a_wordpiece_is_the_slice_it_points_at(text):
    for token in tokens_of(BERT, text):
        if not token.is_special and token.text != "[UNK]":
            assert _plain(text[token.start : token.end]).strip() == token.text.removeprefix("##")


@pytest.mark.parametrize("text", TEXTS)
def test_a_byte_level_piece_is_the_slice_it_points_at(text):
    for token in tokens_of(ROBERTA, text):
        if not token.is_special and token.text not in ("<unk>", "Ġ"):
            assert text[token.start : token.end] == token.text.removeprefix("Ġ")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_every_letter_belongs_to_some_token(model, text):
    covered = {at for token in tokens_of(model, text) for at in range(max(token.start, 0), max(token.end, 0))}
    missing = {text[at] for at in range(len(text)) if at not in covered and text[at].isalnum()}
    assert not missing


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_word_numbers_count_up_from_nought_without_a_gap(model, text):
    words = [token.word_index for token in tokens_of(model, text) if not token.is_special]
    assert words == sorted(words)
    assert set(words) == set(range(words[-1] + 1))


def test_pieces_of_one_word_share_its_number():
    tokens = tokens_of(BERT, "the guards walked")
    assert [(token.text, token.word_index) for token in tokens[1:-1]] == [
        ("the", 0),
        ("guards", 1),
        ("walk", 2),
        ("##ed", 2),
    ]


@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_a_second_text_runs_the_word_numbers_on_and_points_into_itself(model):
    first, second = "the film", "was 😀 good"
    tokens = tokens_of(model, first, second)
    one = [token for token in tokens if token.segment == 0 and not token.is_special]
    two = [token for token in tokens if token.segment == 1 and not token.is_special]
    assert [token.word_index for token in one] == sorted(token.word_index for token in one)
    assert two[0].word_index == one[-1].word_index + 1
    assert first[one[0].start : one[-1].end] == first
    assert second[two[0].start : two[-1].end] == second
    for token in two:
        slice_ = second[token.start : token.end]
        assert slice_.isspace() or not slice_[0].isspace()
    assert tokens[0].is_special
    assert tokens[-1].is_special


def test_a_special_token_belongs_to_the_text_it_closes():
    tokens = tokens_of(BERT, "the film", "was good")
    assert [token.segment for token in tokens] == [0, 0, 0, 0, 1, 1, 1]
    # So the segments are BERT's own, and what a file lists can be given back as --segments.
    assert encode(opened(BERT), Request(0, "", "", text="the film", pair="was good")).model_inputs[
        "token_type_ids"
    ] == [token.segment for token in tokens]
    assert [token.segment for token in tokens_of(ROBERTA, "so", "no") if token.is_special] == [0, 0, 0, 1]


@pytest.mark.parametrize(("model", "count"), [(BERT, 1), (ROBERTA, 2)])
def test_a_mask_typed_in_the_text_is_a_word_like_any_other(model, count):
    text = "a [MASK] <mask> film"
    mask = opened(model).tokenizer.mask_token
    typed = [token for token in tokens_of(model, text) if token.text == mask]
    assert [text[token.start : token.end] for token in typed] == ["[MASK]", "<mask>"][:count]
    assert [token.word_index for token in typed] == [1, 2][:count]
    assert not any(token.is_special for token in typed)


@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_a_mask_or_an_unknown_word_among_ids_is_no_special_token(model):
    tokenizer = opened(model).tokenizer
    ids = (tokenizer.cls_token_id, tokenizer.mask_token_id, tokenizer.unk_token_id, tokenizer.sep_token_id)
    assert [token.word_index for token in encoding_of(model, ids=ids).tokens] == [-1, 0, 1, -1]


@settings(max_examples=60, deadline=None)
@example("\u0301")
@example("\u200d\ufe0f")
@example("a\x00b")
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_any_text_is_read_or_refused_in_one_sentence(text):
    for model in WITH_TOKENIZER:
        with suppress(TextError):
            tokens = tokens_of(model, text)
            assert any(not token.is_special for token in tokens)
            for token in tokens:
                assert token.is_special or 0 <= token.start <= token.end <= len(text)


@pytest.mark.parametrize("text", ["", " ", "\n\t  ", "\u3000"])
@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_an_empty_text_is_refused(model, text):
    with pytest.raises(TextError, match=r"empty"):
        tokens_of(model, text)


def test_a_text_the_tokenizer_keeps_nothing_of_is_refused():
    with pytest.raises(TextError, match=r"keeps no character"):
        tokens_of(BERT, "\u200b\u200d")


@pytest.mark.parametrize(("text", "pair"), [("a \ud83d film", None), ("film", "\ude00")])
@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_half_a_character_is_refused(model, text, pair):
    with pytest.raises(TextError, match=r"half a character"):
        tokens_of(model, text, pair)


@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_a_text_longer_than_the_model_reads_is_refused_with_both_lengths(model):
    with pytest.raises(TextError, match=r"5,002 pieces; this model reads at most 64") as caught:
        tokens_of(model, " ".join(["a"] * 5000))
    assert caught.value.hint


@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_a_text_as_long_as_the_model_reads_is_read(model):
    assert len(tokens_of(model, " ".join(["a"] * 62))) == 64
    with pytest.raises(TextError, match=r"65 pieces"):
        tokens_of(model, " ".join(["a"] * 63))


def test_an_empty_second_text_is_none():
    assert tokens_of(BERT, "the film", "") == tokens_of(BERT, "the film")


# Token ids instead of a text.


def encoding_of(model, **request):
    return encode(opened(model), Request(0, "", "", **request))


def test_ids_are_used_as_they_are():
    made = encoding_of(BERT, ids=(2, 15, 3), segments=(0, 1, 1), attention_mask=(1, 1, 0))
    assert made.model_inputs == {
        "input_ids": [2, 15, 3],
        "attention_mask": [1, 1, 0],
        "token_type_ids": [0, 1, 1],
    }
    assert [token.text for token in made.tokens] == ["2", "15", "3"]
    assert [token.is_special for token in made.tokens] == [True, False, True]
    assert [token.word_index for token in made.tokens] == [-1, 0, -1]
    assert [token.segment for token in made.tokens] == [0, 1, 1]


def test_special_ids_come_from_the_configuration_where_there_is_no_tokenizer():
    made = encoding_of(Tiny("roberta", seed=91), ids=(0, 15, 16, 2))
    assert [token.word_index for token in made.tokens] == [-1, 0, 1, -1]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"ids": ()}, "empty"),
        ({"ids": (2, 200, 3)}, "no id 200.*knows 200, numbered from 0"),
        ({"ids": (2, -1, 3)}, "no id -1"),
        ({"ids": (2, 3), "segments": (0, 2)}, "no segment 2"),
        ({"ids": (2, 3), "segments": (0,)}, "2 ids, 1 segments, 2 mask entries"),
        ({"ids": (2, 3), "attention_mask": (1, 1, 1)}, "2 ids, 2 segments, 3 mask entries"),
        ({"ids": (2, 3), "attention_mask": (1, 2)}, "no attention mask 2"),
        ({"ids": (5,) * 65}, "65 pieces; this model reads at most 64"),
    ],
)
def test_ids_that_do_not_fit_are_refused(request_, message):
    with pytest.raises(TextError, match=f"(?s){message}"):
        encoding_of(BERT, **request_)


def test_the_longest_input_a_model_reads_runs():
    for tiny in (Tiny("bert", seed=92), Tiny("roberta", seed=92)):
        model = opened(tiny)
        ids = (5,) * model.info.max_tokens
        assert model.model(torch.tensor([ids])).logits.isfinite().all()
        with pytest.raises(TextError, match=r"at most"):
            encoding_of(tiny, ids=(*ids, 5))


def test_text_needs_a_tokenizer():
    with pytest.raises(ModelError, match=r"no tokenizer.*--ids"):
        encoding_of(Tiny(), text="the film")


# Tokenizers that do not belong to their weights.


@pytest.fixture
def altered(tmp_path):
    """A copy of a model with changed tokenizer files, opened."""

    def make(change, config=None):
        folder = tmp_path / "altered"
        shutil.copytree(REFERENCE / BERT, folder)
        for name, edit in ((("tokenizer.json"), change), (("tokenizer_config.json"), config)):
            if edit is not None:
                path = folder / name
                content = json.loads(path.read_text(encoding="utf-8"))
                edit(content)
                path.write_text(json.dumps(content), encoding="utf-8")
        return open_model(str(folder), "float64", "cpu")

    return make


def test_a_tokenizer_of_a_larger_vocabulary_is_told_from_a_fitting_one(altered):
    model = altered(lambda content: content["model"]["vocab"].update(film=250))
    assert encode(model, Request(0, "", "", text="good")).tokens
    with pytest.raises(ModelError, match=r"belongs to another model.*250"):
        encode(model, Request(0, "", "", text="the film"))


def test_a_tokenizer_that_cannot_cut_a_text_is_called_damaged(altered):
    def forget_unknown(content):
        content["model"]["unk_token"] = "gone"

    with pytest.raises(ModelError, match=r"tokenizer is damaged"):
        encode(altered(forget_unknown), Request(0, "", "", text="日"))


def test_truncation_and_padding_saved_in_a_tokenizer_do_not_touch_the_text(altered):
    def cut(content):
        content["truncation"] = {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}
        content["padding"] = {
            "strategy": {"Fixed": 12},
            "direction": "Right",
            "pad_to_multiple_of": None,
            "pad_id": 0,
            "pad_type_id": 0,
            "pad_token": "[PAD]",
        }

    found = encode(altered(cut), Request(0, "", "", text="the film was good"))
    assert found.tokens == tokens_of(BERT, "the film was good")


def test_unusual_input_names_in_a_tokenizer_do_not_starve_the_model(altered):
    model = altered(None, lambda content: content.update(model_input_names=["pixel_values"]))
    made = encode(model, Request(0, "", "", text="the film"))
    assert made.model_inputs["input_ids"] == [token.id for token in made.tokens]


# Texts that nobody writes.


@pytest.mark.parametrize("model", WITH_TOKENIZER)
@pytest.mark.parametrize("letter", ["x", "字", " ", "\u0301", "😀", "[MASK] "], ids=ascii)
def test_a_text_beyond_all_measure_is_refused_before_it_is_cut(model, letter):
    with pytest.raises(TextError, match=r"characters; at most 200,000 are looked at"):
        tokens_of(model, "a" + letter * 200_000)


def test_a_text_of_too_many_pieces_is_refused_before_its_letters_are_looked_at(monkeypatch):
    """Found by the soak: where every letter is a piece the spans of 100,000 took four seconds."""
    monkeypatch.setattr(cutting, "piece_spans", lambda *_: pytest.fail("the spans were made"))
    with pytest.raises(TextError, match=r"pieces; this model reads at most"):
        tokens_of(BERT, "字" * 1000)


@pytest.mark.parametrize("model", WITH_TOKENIZER)
def test_a_sample_of_every_block_of_unicode_is_read_or_refused(model):
    """Assigned or not: of every 256 letters some, in one text of two words."""
    explained = 0
    for start in range(0, 0x110000, 0x100):
        if start % 0x2000 and start >= 0x20000:
            continue
        some = "".join(chr(start + at) for at in (0, 0x21, 0x7F, 0xA0, 0xFE, 0xFF))
        text = f"so {some[:3]} {some[3:]}"
        if 0xD800 <= start <= 0xDFFF:
            with pytest.raises(TextError, match=r"half a character"):
                tokens_of(model, text)
            continue
        found = tokens_of(model, text)
        explained += 1
        written = [token for token in found if not token.is_special]
        assert [token.start for token in written] == sorted(token.start for token in written)
        assert all(0 <= token.start <= token.end <= len(text) for token in written)
        numbers = [token.word_index for token in written]
        assert numbers[0] == 0
        assert all(later - before in (0, 1) for before, later in pairwise(numbers))
    assert explained > 500
