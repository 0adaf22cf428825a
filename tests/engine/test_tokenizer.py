"""Words and character spans with every kind of tokenizer, on many scripts: the same text has the same words."""

from __future__ import annotations

import unicodedata

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoTokenizer

from engine.boundaries import is_space
from engine.contract import Request
from engine.errors import ModelError, TextError
from engine.loading import open_model
from engine.tokens import encode
from engine.words import rows
from tests.engine.trained import KINDS, SAMPLES, TEXTS, UNSPACED, opened_with, save, trained

ALL = pytest.mark.parametrize("kind", KINDS)
EVERY_TEXT = pytest.mark.parametrize("name", TEXTS)
BYTE_LEVEL = ("RoBERTa", "RoBERTa, space in front", "ModernBERT")


def tokens_of(kind, text, pair=None):
    return encode(opened_with(kind), Request(0, "", "", text=text, pair=pair)).tokens


def written(tokens, segment=0):
    return [token for token in tokens if not token.is_special and token.segment == segment]


def labels(text, tokens, pair=None, *, whole_words=True):
    made = rows(Request(0, "", "", text=text, pair=pair), tuple(tokens), whole_words=whole_words)
    return [row.label for row in made if not row.is_special]


@EVERY_TEXT
@ALL
def test_spans_lie_in_the_text_in_reading_order(kind, name):
    text, at = TEXTS[name], (0, 0)
    for token in written(tokens_of(kind, text)):
        assert 0 <= token.start <= token.end <= len(text)
        assert (token.start, token.end) >= at
        assert token.end >= at[1]
        at = token.start, token.end


@EVERY_TEXT
@ALL
def test_every_character_that_shows_belongs_to_a_piece(kind, name):
    text = TEXTS[name]
    covered = {at for token in written(tokens_of(kind, text)) for at in range(token.start, token.end)}
    lost = {text[at] for at in range(len(text)) if at not in covered and not is_space(text[at])}
    assert {unicodedata.category(character) for character in lost} <= {"Cf"}


@EVERY_TEXT
@ALL
def test_word_numbers_count_up_from_nought_without_a_gap(kind, name):
    numbers = [token.word_index for token in written(tokens_of(kind, TEXTS[name]))]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(numbers[-1] + 1))


@pytest.mark.parametrize("name", SAMPLES)
@ALL
def test_words_are_those_a_linguist_writes_down(kind, name):
    text, expected = SAMPLES[name]
    assert labels(text, tokens_of(kind, text)) == expected


@pytest.mark.parametrize("name", SAMPLES)
@ALL
def test_a_piece_never_reaches_into_the_next_word(kind, name):
    text, expected = SAMPLES[name]
    at, word_of = 0, {}
    for number, word in enumerate(expected):
        at = text.index(word, at)
        word_of |= dict.fromkeys(range(at, at + len(word)), number)
        at += len(word)
    for token in written(tokens_of(kind, text)):
        found = {word_of[at] for at in range(token.start, token.end) if at in word_of}
        assert found <= {token.word_index}


@EVERY_TEXT
@ALL
def test_pieces_are_called_by_what_can_be_read(kind, name):
    """Never by the bytes of a vocabulary: a label is part of the text, or names what does not show."""
    text = TEXTS[name]
    for label in labels(text, tokens_of(kind, text), whole_words=False):
        assert label.removeprefix("◌") in text or label in "▁Ġ" or label.startswith("U+")


@EVERY_TEXT
@ALL
def test_no_word_begins_with_a_sign_that_belongs_to_the_letter_before(kind, name):
    text = TEXTS[name]
    for label in labels(text, tokens_of(kind, text)):
        assert unicodedata.category(label[0]) not in ("Mn", "Mc", "Me", "Cf")
        assert label[0] not in "ーっゃ々าะ"


@pytest.mark.parametrize("name", UNSPACED)
@ALL
def test_scripts_without_spaces_have_more_than_one_word(kind, name):
    assert len(labels(UNSPACED[name], tokens_of(kind, UNSPACED[name]))) > 2


@EVERY_TEXT
@ALL
def test_the_model_reads_what_the_tokenizer_gives(kind, name):
    opened = opened_with(kind)
    made = encode(opened, Request(0, "", "", text=TEXTS[name], pair=TEXTS["emoji"]))
    inputs = {name: torch.tensor([values]) for name, values in made.model_inputs.items()}
    assert opened.model(**inputs).logits.isfinite().all()


@pytest.mark.parametrize("name", SAMPLES)
@ALL
def test_a_second_text_has_its_own_characters_and_runs_the_words_on(kind, name):
    first, expected = SAMPLES["turkish"]
    second, more = SAMPLES[name]
    tokens = tokens_of(kind, first, second)
    assert labels(first, tokens, second) == expected + more
    assert written(tokens, 1)[0].word_index == len(expected)
    alone = [(token.start, token.end) for token in written(tokens_of(kind, second))]
    assert [(token.start, token.end) for token in written(tokens, 1)] == alone
    assert (tokens[0].is_special, tokens[-1].is_special) == (True, True)


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("".join(TEXTS.values()))), min_size=1)
)
def test_any_text_keeps_the_rules(text):
    for kind in KINDS:
        try:
            tokens = written(tokens_of(kind, text))
        except TextError:
            continue
        numbers = [token.word_index for token in tokens]
        assert sorted(set(numbers)) == list(range(numbers[-1] + 1))
        assert numbers == sorted(numbers)
        for token in tokens:
            assert 0 <= token.start <= token.end <= len(text)
        assert all(labels(text, tokens))


# Byte-level pieces.


@pytest.mark.parametrize("kind", BYTE_LEVEL)
@pytest.mark.parametrize("letter", ["𒀀", "🫠", "ꙮ", "ᚠ"])
def test_the_bytes_of_one_character_all_stand_for_the_whole_of_it(kind, letter):
    pieces = [token for token in written(tokens_of(kind, f"so {letter} good")) if token.start == 3 < token.end]
    assert len(pieces) > 1
    assert {(token.start, token.end) for token in pieces} == {(3, 3 + len(letter))}
    assert len({token.word_index for token in pieces}) == 1


@pytest.mark.parametrize("kind", BYTE_LEVEL)
def test_an_emoji_of_many_characters_is_one_word_and_its_pieces_stay_inside(kind):
    text = "a👨\u200d👩\u200d👧b"
    tokens = written(tokens_of(kind, text))
    assert labels(text, tokens) == ["a", "👨\u200d👩\u200d👧", "b"]
    assert all((token.start >= 1) == (token.word_index >= 1) for token in tokens)


# SentencePiece.


def test_pieces_are_the_words_of_a_script_without_spaces(tmp_path):
    pieces = [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        "<mask>",
        "▁",
        "日本",
        "語",
        "の",
        "映画",
        "ラー",
        "メン",
        "人",
        "々",
        "。",
    ]
    tokenizer = Tokenizer(
        models.Unigram([(piece, -float(len(pieces) - at)) for at, piece in enumerate(pieces)], unk_id=3)
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    opened = save(tokenizer, "XLM-RoBERTa", tmp_path)
    text = "日本語の映画 ラーメンの人々。"
    tokens = encode(opened, Request(0, "", "", text=text)).tokens
    front = tokens[1]
    assert (front.text, front.start, front.end, front.word_index) == ("▁", 0, 0, 0)
    assert labels(text, tokens, whole_words=False)[:2] == ["▁", "日本"]
    assert labels(text, tokens) == ["日本", "語", "の", "映画", "ラーメン", "の", "人々", "。"]


def test_a_piece_across_two_words_joins_them(tmp_path):
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "▁a", "▁film", ".", "▁so.", "so"]
    tokenizer = Tokenizer(models.Unigram([(piece, -1.0) for piece in pieces], unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    opened = save(tokenizer, "XLM-RoBERTa", tmp_path)
    text = "a film. so."
    assert labels(text, encode(opened, Request(0, "", "", text=text)).tokens) == ["a", "film", ".", "so."]


# Masks.


@ALL
@pytest.mark.parametrize(
    "text", ["the [MASK] film", "[MASK]", "un[MASK]able [MASK][MASK].", "  [MASK]\n日本[MASK]语 [[MASK]]"]
)
def test_mask_in_a_text_stands_for_the_tokenizers_own(kind, text):
    opened = opened_with(kind)
    tokens = tokens_of(kind, text)
    masks = [token for token in tokens if token.id == opened.tokenizer.mask_token_id]
    assert len(masks) == text.count("[MASK]")
    at = 0
    for token in masks:
        at = text.index("[MASK]", at)
        assert (token.start, token.end) == (at, at + 6)
        assert not token.is_special
        word = [other for other in tokens if other.word_index == token.word_index]
        assert "".join(text[other.start : other.end] for other in word).strip() == "[MASK]"
        at += 6
    assert labels(text, tokens).count("[MASK]") == len(masks)


@ALL
def test_what_stands_behind_a_mask_keeps_its_place(kind):
    text = "[MASK] ışıklı [MASK] şehri"
    assert labels(text, tokens_of(kind, text)) == ["[MASK]", "ışıklı", "[MASK]", "şehri"]
    tokens = tokens_of(kind, "şehri", text)
    assert labels("şehri", tokens, text) == ["şehri", "[MASK]", "ışıklı", "[MASK]", "şehri"]


@ALL
def test_mask_is_ordinary_text_for_a_tokenizer_without_one(kind, tmp_path):
    train, _, specials, _ = KINDS[kind]
    tokenizer = train([*dict.fromkeys(name for key, name in specials.items() if key != "mask_token")])
    opened = save(tokenizer, kind, tmp_path)
    text = "so [MASK] <mask>"
    tokens = encode(opened, Request(0, "", "", text=text)).tokens
    assert labels(text, tokens)[:4] == ["so", "[", "MASK", "]"]
    assert [token.id for token in tokens] == tokenizer.encode(text).ids


# The file is what counts.


@ALL
def test_the_pieces_are_those_the_file_makes(kind):
    """transformers alone rebuilds some of these classes without the file's normalisation."""
    for text in TEXTS.values():
        assert [token.id for token in tokens_of(kind, text)] == trained(kind).encode(text).ids


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("XLM-RoBERTa", "sentencepiece.bpe.model", r"old kind.*SentencePiece.*tokenizer\.json"),
        ("CamemBERT", "sentencepiece.bpe.model", r"old kind"),
        ("ALBERT", "spiece.model", r"old kind"),
        # Under a name that the class does not read, transformers gives a tokenizer without a single word.
        ("XLM-RoBERTa", "spm.model", r"incomplete.*no piece"),
        ("CamemBERT", "vocab.txt", r"incomplete"),
        ("ALBERT", "vocab.json", r"incomplete"),
        ("cased WordPiece", "vocab.json", r"incomplete"),
        ("RoBERTa", "vocab.txt", r"incomplete"),
    ],
)
def test_a_folder_without_a_readable_vocabulary_is_refused(kind, name, message, tmp_path):
    save(trained(kind), kind, tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    (tmp_path / name).write_bytes(b"\n\x05abcde")
    with pytest.raises(ModelError, match=message):
        open_model(str(tmp_path), "float64", "cpu")


def test_a_plain_vocabulary_is_enough(tmp_path):
    save(trained("cased WordPiece"), "cased WordPiece", tmp_path)
    vocabulary = trained("cased WordPiece").get_vocab()
    (tmp_path / "tokenizer.json").unlink()
    (tmp_path / "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.__getitem__)), encoding="utf-8")
    text = f"{TEXTS['turkish']} [MASK]"
    made = encode(open_model(str(tmp_path), "float64", "cpu"), Request(0, "", "", text=text))
    assert made.tokens == tokens_of("cased WordPiece", text)


def test_transformers_alone_would_lose_the_files_normalisation():
    folder = opened_with("XLM-RoBERTa").info.folder
    ids = AutoTokenizer.from_pretrained(folder)("ﬁlm").input_ids
    assert ids != trained("XLM-RoBERTa").encode("ﬁlm").ids


def test_segments_are_kept_from_a_model_that_tells_none_apart(tmp_path):
    opened = save(trained("cased WordPiece"), "cased WordPiece", tmp_path, family="roberta")
    made = encode(opened, Request(0, "", "", text="a film", pair="so good"))
    assert {token.segment for token in made.tokens} == {0, 1}
    assert sorted(made.model_inputs) == ["attention_mask", "input_ids"]
