"""What is explained: where the answer is read, which answer, and instead of which."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import torch

from engine.context import RunContext
from engine.contract import Against, Head, Request
from engine.errors import GapError, TargetError
from engine.loading import open_model
from engine.session import Session
from engine.targets import Target, position_of, target_of
from engine.tokens import encode
from tests.engine.models import FAMILIES, REFERENCE, Tiny, build, explain, folder, ids_of, opened
from tests.tolerances import FLOAT64, agree

WORDPIECE = "alti-tiny-bert-mlm"
GAPPED = "the film was [MASK] and the [MASK] bad"
IDS = ids_of(7)
TOKENS, MASKED, STATE = Head.TOKEN_CLASSIFICATION, Head.MASKED_WORD, Head.STATE


def _with_tokenizer(tiny, place, tokenizer):
    """A random model in a folder with a reference model's tokenizer."""
    build(tiny, vocab_size=200).save_pretrained(place)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(REFERENCE / tokenizer / name, place)
    return str(place)


@pytest.fixture(scope="module")
def byte_level(tmp_path_factory):
    """A masked-word model whose pieces carry the space in front of them."""
    place = tmp_path_factory.mktemp("byte-level")
    return _with_tokenizer(Tiny("roberta", seed=201, head=MASKED), place, "alti-tiny-roberta")


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """A token classifier with names for its classes."""
    place = tmp_path_factory.mktemp("labelled")
    names = {"id2label": {0: "O", 1: "PER", 2: "LOC"}, "label2id": {"O": 0, "PER": 1, "LOC": 2}}
    tiny = Tiny("distilbert", seed=202, head=TOKENS, extras=tuple(names.items()))
    return _with_tokenizer(tiny, place, "alti-tiny-bert")


def _asked(model, **request):
    return Session("float64", "cpu").run(Request(0, str(model), "decompx", **request), RunContext())


def _position(model, **request):
    return position_of(model, encode(model, Request(0, "", "", **request)), Request(0, "", "", **request))


# Where.


@pytest.mark.parametrize("family", FAMILIES)
def test_a_class_of_the_whole_text_is_read_at_the_first_token(family):
    model = opened(Tiny(family))
    assert _position(model, ids=IDS) == 0
    for position in (0, 3, -1, 99):
        with pytest.raises(TargetError, match=rf"whole text.*at position {position}.*Leave the position out"):
            _position(model, ids=IDS, position=position)


def test_the_first_gap_is_filled_where_no_position_is_named():
    model = opened(WORDPIECE)
    tokens = encode(model, Request(0, "", "", text=GAPPED)).tokens
    assert [place for place, token in enumerate(tokens) if token.id == model.mask_id] == [4, 7]
    assert _position(model, text=GAPPED) == 4
    assert _position(model, text=GAPPED, position=7) == 7
    assert _position(model, ids=(2, 60, 4, 61, 4, 3)) == 2


def test_a_gap_is_found_without_a_tokenizer_where_the_configuration_names_the_mask(tmp_path):
    build(Tiny("modernbert", head=MASKED), mask_token_id=7).save_pretrained(tmp_path)
    model = open_model(str(tmp_path), "float64", "cpu")
    assert model.mask_id == 7
    assert _position(model, ids=(5, 6, 7, 8)) == 2


def _hint(opened_or_folder, **request):
    with pytest.raises(GapError, match=r"no gap to fill") as refused:
        _asked(opened_or_folder, **request)
    assert refused.value.place == "text", "the window says it where the gap is to be written"
    return refused.value.hint


def test_a_text_without_a_gap_is_refused_saying_how_this_model_writes_one(byte_level):
    either = "in place of a word, or choose the position of a word to be guessed."
    assert _hint(folder(WORDPIECE), text="the film") == f"Write [MASK] {either}"
    assert _hint(byte_level, text="the film") == f"Write <mask> {either}"
    ids = _hint(folder(Tiny("bert", head=MASKED)), ids=IDS)
    assert ids == "Put the mask token's id among the ids, or name the --position of the id to be guessed."


def test_where_no_mask_is_known_only_the_position_can_be_chosen(tmp_path):
    place = _with_tokenizer(Tiny("bert", seed=205, head=MASKED), tmp_path, WORDPIECE)
    path = tmp_path / "tokenizer_config.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(settings | {"mask_token": None}), encoding="utf-8")
    assert _hint(place, text="the film") == "Choose the position of a word to be guessed."
    assert _asked(place, text="the film", position=2).position == 2


@pytest.mark.parametrize("head", [TOKENS, STATE])
def test_a_word_is_read_at_the_first_token_that_is_not_special(head, tmp_path):
    model = open_model(_with_tokenizer(Tiny("bert", head=head), tmp_path, "alti-tiny-bert"), "float64", "cpu")
    assert _position(model, text="the film") == 1
    assert _position(model, ids=(2, 2, 2, 60, 61, 3)) == 3
    assert _position(model, ids=(2, 3)) == 0


@pytest.mark.parametrize("head", [TOKENS, MASKED, STATE])
@pytest.mark.parametrize("position", [-1, 7, 1000])
def test_a_position_outside_the_text_is_refused_naming_the_range(head, position):
    with pytest.raises(TargetError, match=rf"Position {position} is outside this text's 7 tokens.*Use 0 to 6"):
        explain(Tiny("electra", head=head), "attention", ids=IDS, position=position)


@pytest.mark.parametrize("head", [TOKENS, MASKED])
@pytest.mark.parametrize("family", ["bert", "roberta", "distilbert", "electra", "albert", "modernbert"])
@torch.no_grad()
def test_the_answer_is_the_models_own_at_every_position(family, head):
    tiny = Tiny(family, head=head)
    stock = opened(tiny).model(torch.tensor([IDS])).logits[0]
    for position, logits in enumerate(stock):
        found = explain(tiny, "decompx", ids=IDS, position=position)
        agree(found.prediction.logits, logits, 1e-12)
        assert (found.position, found.target) == (position, int(logits.argmax()))


@pytest.mark.parametrize("family", FAMILIES)
@torch.no_grad()
def test_a_state_is_as_long_as_the_models_own(family):
    tiny = Tiny(family, head=STATE)
    stock = opened(tiny).model(torch.tensor([IDS])).last_hidden_state[0]
    for position, state in enumerate(stock):
        found = explain(tiny, "decompx", ids=IDS, position=position)
        assert float(found.prediction.logits[0]) == pytest.approx(float(state.norm()), rel=1e-12)
        assert float(found.scores.sum() + found.bias[0]) == pytest.approx(float(state.norm()), rel=FLOAT64)
        assert found.prediction.labels == ("length of the state",)
        assert found.prediction.probabilities is None


# What.


@pytest.mark.parametrize(
    ("wanted", "piece"), [("good", "good"), ("Good", "good"), (" good ", "good"), ("a", "a"), ("##ing", "##ing")]
)
def test_a_word_that_fills_a_gap_is_named_as_it_is_written(wanted, piece):
    found = explain(WORDPIECE, "decompx", text=GAPPED, target=wanted)
    assert found.prediction.labels[found.target] == piece
    assert found.explained == (found.target,)


@pytest.mark.parametrize(
    ("wanted", "piece"), [("are", "Ġare"), ("or", "Ġor"), ("the", "Ġthe"), ("ilm", "ilm"), ("Ġare", "Ġare")]
)
def test_a_byte_level_piece_with_its_space_is_preferred(byte_level, wanted, piece):
    found = _asked(byte_level, text="the film <mask> good", target=wanted)
    assert found.prediction.labels[found.target] == piece


def test_a_word_of_several_pieces_is_refused_naming_them(byte_level):
    with pytest.raises(TargetError, match=r"“goods” only as 2 pieces: good ##s\."):
        explain(WORDPIECE, "decompx", text=GAPPED, target="goods")
    with pytest.raises(TargetError, match=r"“walked” only as \d pieces: Ġwalk "):
        _asked(byte_level, text="the <mask>", target="walked")


@pytest.mark.parametrize("wanted", ["日本", "日", "", " "])
def test_a_word_outside_the_vocabulary_is_refused(wanted):
    with pytest.raises(TargetError, match=rf"“{wanted}” is not in its vocabulary"):
        explain(WORDPIECE, "decompx", text=GAPPED, target=wanted)


@pytest.mark.parametrize("wanted", [200, -1, 10**9])
def test_an_index_outside_the_vocabulary_is_refused(wanted):
    with pytest.raises(TargetError, match=rf"“{wanted}” is not one.*0 \[PAD\], 1 \[UNK\].*and so on, 200 in all"):
        explain(WORDPIECE, "decompx", text=GAPPED, target=wanted)


def test_a_piece_the_tokenizer_knows_and_the_model_does_not_is_refused(tmp_path):
    folder = _with_tokenizer(Tiny("bert", seed=203, head=MASKED), tmp_path, WORDPIECE)
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens(["quux"])
    tokenizer.save_pretrained(folder)
    with pytest.raises(TargetError, match="“quux” is not in its vocabulary"):
        _asked(folder, text="the [MASK]", target="quux")


def test_a_vocabulary_larger_than_the_tokenizer_has_labels_to_its_end(tmp_path):
    build(Tiny("bert", seed=204, head=MASKED), vocab_size=210).save_pretrained(tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(REFERENCE / WORDPIECE / name, tmp_path)
    labels = open_model(str(tmp_path), "float64", "cpu").info.labels
    assert labels[:5] == ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    assert labels[200:] == tuple(f"[{index}]" for index in range(200, 210))


def test_a_vocabulary_without_a_tokenizer_is_numbered():
    tiny = Tiny("bert", head=MASKED)
    assert opened(tiny).info.labels == tuple(map(str, range(40)))
    assert explain(tiny, "decompx", ids=IDS, target=7).target == 7
    assert explain(tiny, "decompx", ids=IDS, target="7").target == 7
    with pytest.raises(TargetError, match="“word” is not one of its answers"):
        explain(tiny, "decompx", ids=IDS, target="word")


def test_the_class_of_a_word_is_named_by_its_label(labelled):
    found = _asked(labelled, text="the film", target="per", position=2)
    assert (found.target, found.position) == (1, 2)
    assert found.prediction.labels == ("O", "PER", "LOC")
    assert found.explained == (0, 1, 2)
    agree(found.prediction.probabilities.sum(), 1.0)
    with pytest.raises(TargetError, match=r"“MISC” is not one.*0 O, 1 PER, 2 LOC"):
        _asked(labelled, text="the film", target="MISC")


def test_a_state_has_one_answer_only():
    tiny = Tiny("albert", head=STATE)
    assert explain(tiny, "decompx", ids=IDS, target=0).explained == (0,)
    with pytest.raises(TargetError, match=r"0 length of the state"):
        explain(tiny, "decompx", ids=IDS, target=1)


# Instead of what.


def test_two_words_for_one_gap_are_a_contrast():
    both = explain(WORDPIECE, "decompx", text=GAPPED, target="good", against="bad")
    good, bad = (explain(WORDPIECE, "decompx", text=GAPPED, target=word) for word in ("good", "bad"))
    assert both.explained == (good.target, bad.target)
    agree(both.scores_all, np.stack([good.scores, bad.scores]))
    agree(both.bias, np.concatenate([good.bias, bad.bias]))
    agree(both.scores, good.scores - bad.scores)
    assert both.target_value == good.target_value - bad.target_value
    assert both.scores.sum() + both.target_bias == pytest.approx(both.target_value, rel=FLOAT64)


def test_the_class_of_a_word_may_be_explained_instead_of_another(labelled):
    both = _asked(labelled, text="the film", target="LOC", against="O")
    assert (both.target, both.against, both.explained) == (2, 0, (0, 1, 2))
    agree(both.scores, both.scores_all[2] - both.scores_all[0])


@pytest.mark.parametrize("head", [MASKED, STATE])
def test_the_other_of_two_is_meant_only_where_there_are_two(head):
    tiny = Tiny("bert", head=head)
    assert explain(tiny, "decompx", ids=IDS, against=Against.OTHER).against == -1
    two = Tiny("bert", head=TOKENS, labels=2)
    found = explain(two, "decompx", ids=IDS, against=Against.OTHER)
    assert {found.target, found.against} == {0, 1}


def test_a_state_has_nothing_to_be_compared_with():
    with pytest.raises(TargetError, match="nothing to be compared with"):
        explain(Tiny("bert", head=STATE), "decompx", ids=IDS, against=0)


@pytest.mark.parametrize("labels", [1, 3])
def test_values_of_a_word_that_do_not_exclude_each_other_have_no_contrast(labels):
    problem = "regression" if labels == 1 else "multi_label_classification"
    tiny = Tiny("distilbert", head=TOKENS, labels=labels, problem=problem)
    assert explain(tiny, "decompx", ids=IDS).prediction.probabilities is None
    with pytest.raises(TargetError, match="nothing to be compared with"):
        explain(tiny, "decompx", ids=IDS, target=0, against=labels - 1)


def test_a_word_instead_of_itself_is_refused():
    with pytest.raises(TargetError, match=r"“good” instead of itself"):
        explain(WORDPIECE, "decompx", text=GAPPED, target="good", against="Good")


def test_a_target_lists_all_classes_but_of_a_vocabulary_only_what_is_asked():
    logits = torch.tensor([0.0, 3.0, 1.0])
    asked = Request(0, "", "", target=1, against=2)
    assert target_of(opened(Tiny("bert")), logits, asked) == Target(1, 2, (0, 1, 2))
    assert target_of(opened(Tiny("bert", head=MASKED)), logits, asked) == Target(1, 2, (1, 2))
    assert target_of(opened(Tiny("bert", head=MASKED)), logits, Request(0, "", "")) == Target(1, -1, (1,))
