"""Opening a folder: what is wrong is said in words, nothing is guessed, nothing runs."""

from __future__ import annotations

import json
import shutil
import struct
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from tokenizers.processors import TemplateProcessing

from engine import folder as folder_check
from engine import loading
from engine.bundled import BundledModel
from engine.context import RunContext
from engine.contract import Head, Request
from engine.errors import EngineError, ModelError
from engine.loading import open_model, resolve
from engine.session import Session
from engine.tokens import encode
from tests.engine import spoiled
from tests.engine.models import FAMILIES, REFERENCE, REFERENCE_NAMES, Tiny, build, every_kind, folder, opened
from tests.engine.trained import KINDS, opened_with, save, trained


def _ask(model: Path):
    return Session("float32", "cpu").run(Request(0, str(model), "decompx", text="the film was good"), RunContext())


@pytest.mark.parametrize("case", spoiled.CASES)
def test_a_spoiled_folder_is_refused_saying_what_is_wrong(case, tmp_path):
    spoil, message = spoiled.CASES[case]
    model = spoiled.copy(tmp_path / "model")
    spoil(model)
    with pytest.raises(ModelError, match=message) as caught:
        _ask(model)
    assert caught.value.hint
    assert len(str(caught.value).splitlines()) == 1
    assert not (model / "opened").exists()


def test_the_folder_was_good_before_it_was_spoiled(tmp_path):
    assert _ask(spoiled.copy(tmp_path / "model")).scores.any()


def test_the_trap_would_have_worked(tmp_path):
    """The pickles above really leave a file when somebody opens them."""
    import pickle

    spoiled.trapped("pytorch_model.bin")(spoiled.copy(tmp_path / "model"))
    pickle.loads((tmp_path / "model" / "pytorch_model.bin").read_bytes())
    assert (tmp_path / "model" / "opened").exists()


@pytest.mark.parametrize(
    ("family", "changes", "said"),
    [
        ("distilbert", {"dim": 0}, "dim to 0"),
        ("distilbert", {"dim": "24"}, 'dim to "24"'),
        ("distilbert", {"n_layers": 10**6}, "n_layers to 1000000; a whole number from 1 to 1,000 is needed"),
        ("distilbert", {"n_layers": -1}, "n_layers to -1"),
        ("distilbert", {"n_heads": True}, "n_heads to true"),
        ("distilbert", {"n_heads": 5}, "do not fit together"),
        ("distilbert", {"hidden_dim": None}, "hidden_dim to null"),
        ("distilbert", {"hidden_dim": 47}, "do not fit together"),
        ("distilbert", {"activation": "mish"}, "sets activation to “mish”"),
        ("distilbert", {"n_layers": 3}, "are missing"),
        ("electra", {"embedding_size": 1.5}, "embedding_size to 1.5"),
        ("electra", {"embedding_size": 8}, "do not fit together"),
        ("electra", {"hidden_act": "mish"}, "sets hidden_act to “mish”"),
        ("albert", {"num_hidden_groups": 0}, "num_hidden_groups to 0"),
        ("albert", {"num_hidden_groups": 5}, "are missing"),
        ("albert", {"inner_group_num": 1000}, "inner_group_num to 1000; a whole number from 1 to 100 is needed"),
        ("albert", {"num_hidden_layers": 0}, "num_hidden_layers to 0"),
        ("albert", {"hidden_act": "mish"}, "sets hidden_act to “mish”"),
        ("modernbert", {"hidden_activation": "mish"}, "sets hidden_activation to “mish”"),
        ("modernbert", {"classifier_activation": "softplus"}, "sets classifier_activation to “softplus”"),
        ("modernbert", {"classifier_pooling": "max"}, "sets classifier_pooling to “max”"),
        ("modernbert", {"global_attn_every_n_layers": 0, "layer_types": None}, "do not fit together"),
        ("modernbert", {"layer_types": ["full_attention"]}, "do not fit together"),
        ("modernbert", {"num_attention_heads": 5}, "do not fit together"),
        ("modernbert", {"intermediate_size": 47}, "do not fit together"),
        ("modernbert", {"norm_bias": "much"}, "do not fit together"),
        ("xlm-roberta", {"hidden_act": "mish"}, "sets hidden_act to “mish”"),
        ("camembert", {"is_decoder": True}, "sets is_decoder to “True”"),
        ("camembert", {"pad_token_id": None}, "pad_token_id"),
    ],
    ids=str,
)
def test_a_configuration_of_every_family_is_checked_before_it_is_used(family, changes, said, tmp_path):
    build(Tiny(family)).save_pretrained(tmp_path)
    path = tmp_path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")
    with pytest.raises(ModelError, match=said):
        open_model(str(tmp_path), "float32", "cpu")


@pytest.mark.parametrize("tiny", every_kind(seed=98), ids=str)
def test_every_kind_of_model_is_described(tiny):
    info = opened(tiny).info
    assert (info.head, info.layers, info.heads, info.hidden) == (tiny.head, tiny.layers, 3, 24)
    assert info.warnings == ()
    classes = {Head.MASKED_WORD: 40, Head.STATE: 1}.get(tiny.head, 3)
    assert len(info.labels) == classes
    assert opened(tiny).has_softmax is (tiny.head is not Head.STATE)


@pytest.mark.parametrize("family", FAMILIES)
def test_layers_of_every_family_that_nobody_reads_are_a_warning(family, tmp_path):
    model = build(Tiny(family, layers=3, extras=(("num_hidden_groups", 3),) if family == "albert" else ()))
    model.save_pretrained(tmp_path)
    path = tmp_path / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    counted = {"albert": "num_hidden_groups", "distilbert": "n_layers"}.get(family, "num_hidden_layers")
    config |= {counted: 2} | ({"layer_types": None} if family == "modernbert" else {})
    path.write_text(json.dumps(config), encoding="utf-8")
    (warning,) = open_model(str(tmp_path), "float32", "cpu").info.warnings
    assert "layers the configuration does not use" in warning


NOWHERE = ["no-such-model", "", " ", "/no/such/folder", "english-sentiment/../x", "\0", "~nobody-here/x", "x" * 5000]


@pytest.mark.parametrize("name", NOWHERE, ids=lambda name: ascii(name[:20]))
def test_a_folder_that_is_not_there_is_refused_naming_the_bundled(name):
    with pytest.raises(ModelError, match=r"neither a folder nor a bundled model.*english-sentiment"):
        open_model(name, "float32", "cpu")


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match=r"neither a folder"):
        open_model(str(tmp_path / "model.safetensors"), "float32", "cpu")


def test_an_empty_folder_is_no_model(tmp_path):
    with pytest.raises(ModelError, match=r"no config.json"):
        open_model(str(tmp_path), "float32", "cpu")


def test_a_bundled_name_goes_before_a_folder_of_that_name(monkeypatch, tmp_path):
    entry = BundledModel("small", "Small", "Small.", "So.", tmp_path)
    monkeypatch.setattr(loading, "bundled_models", lambda: (entry,))
    assert resolve("small") == ("small", "Small", tmp_path)
    assert resolve(str(tmp_path))[2] == tmp_path.resolve()


def test_a_config_larger_than_any_config_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_check, "MAX_JSON_BYTES", 10)
    with pytest.raises(ModelError, match=r"too large"):
        open_model(str(spoiled.copy(tmp_path / "model")), "float32", "cpu")


# What an opened model tells about itself.


@pytest.mark.parametrize("name", REFERENCE_NAMES)
def test_an_opened_model_is_described(name):
    model = opened(name)
    config = json.loads((REFERENCE / name / "config.json").read_text(encoding="utf-8"))
    info = model.info
    assert (info.layers, info.heads, info.hidden) == (3, 4, 48)
    assert list(info.labels) == list(config["id2label"].values())
    assert info.family == ("RoBERTa" if "roberta" in name else "BERT")
    assert info.max_tokens == 64
    assert info.parameters == sum(parameter.numel() for parameter in model.model.parameters())
    assert info.has_tokenizer == name.startswith("alti")
    assert info.warnings == ()
    assert info.device.startswith("CPU")
    assert (info.name, info.dtype) == (name, "float64")


def test_the_digest_is_that_of_the_weights():
    import hashlib

    wanted = hashlib.sha256((REFERENCE / "tiny-bert" / "model.safetensors").read_bytes()).hexdigest()
    assert opened("tiny-bert").info.weights_sha256 == wanted


def test_a_model_is_opened_for_reading_only():
    model = opened("tiny-bert").model
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_is_opened_in_the_precision_asked_for(dtype):
    assert {parameter.dtype for parameter in opened("tiny-bert", dtype).model.parameters()} == {getattr(torch, dtype)}


def test_half_precision_weights_are_widened(tmp_path):
    model = build(Tiny("bert", seed=95)).half()
    model.save_pretrained(tmp_path)
    found = open_model(str(tmp_path), "float32", "cpu").model
    assert torch.equal(found.classifier.weight, model.classifier.weight.float())


@pytest.mark.parametrize(
    ("tiny", "softmax"),
    [
        (Tiny(labels=2), True),
        (Tiny(labels=1), False),
        (Tiny(labels=3, problem="multi_label_classification"), False),
        (Tiny(labels=3, problem="single_label_classification"), True),
    ],
    ids=str,
)
def test_only_classes_that_exclude_each_other_have_a_softmax(tiny, softmax):
    assert opened(tiny).has_softmax is softmax


def test_an_unknown_key_is_a_warning(tmp_path):
    model = spoiled.copy(tmp_path / "model")
    spoiled.configured(warp_factor=9)(model)
    assert _ask(model).model.warnings == (
        "The configuration key “warp_factor” is unknown here; if it computes, numbers may be off.",
    )


def test_layers_in_the_weights_that_nobody_reads_are_a_warning(tmp_path):
    model = spoiled.copy(tmp_path / "model")
    spoiled.configured(num_hidden_layers=2)(model)
    (warning,) = _ask(model).model.warnings
    assert "layers the configuration does not use: 16 arrays, bert.encoder.layer.2." in warning


def test_arrays_of_another_task_mean_nothing(tmp_path):
    model = spoiled.copy(tmp_path / "model")
    spoiled.reweighted(lambda tensors: tensors.update({"cls.predictions.bias": torch.ones(200)}))(model)
    assert _ask(model).model.warnings == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"chunk_size_feed_forward": 2},
        {"return_dict": False},
        {"output_attentions": True},
        {"output_hidden_states": True},
        {"gradient_checkpointing": True},
        {"eos_token_id": [2, 3]},
        {"use_cache": False},
        {"torch_dtype": "bfloat16"},
        {"attention_probs_dropout_prob": 0.9, "hidden_dropout_prob": 0.9},
    ],
    ids=str,
)
def test_how_a_model_was_run_before_changes_no_number(changes, tmp_path):
    model = spoiled.copy(tmp_path / "model")
    plain = _ask(model)
    spoiled.configured(**changes)(model)
    found = _ask(model)
    assert (found.scores == plain.scores).all()
    assert (found.flow.edge == plain.flow.edge).all()
    assert found.tokens == plain.tokens


def test_a_roberta_counts_positions_from_its_padding_index(tmp_path):
    for padding, longest in ((1, 32), (4, 29), (0, 33)):
        place = tmp_path / str(padding)
        build(Tiny("roberta", seed=96), pad_token_id=padding).save_pretrained(place)
        info = open_model(str(place), "float32", "cpu").info
        assert info.max_tokens == longest
        ids = (5,) * longest
        assert Session("float32", "cpu").run(Request(0, str(place), "attention", ids=ids), RunContext()).scores.any()
    config = json.loads((place / "config.json").read_text(encoding="utf-8")) | {"pad_token_id": None}
    (place / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelError, match=r"pad_token_id"):
        open_model(str(place), "float32", "cpu")


def test_weights_in_several_files_are_one_model(tmp_path):
    model = build(Tiny("bert", seed=97))
    model.save_pretrained(tmp_path, max_shard_size="8KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 2
    found = open_model(str(tmp_path), "float32", "cpu")
    assert torch.equal(found.model.classifier.weight, model.classifier.weight)
    next(tmp_path.glob("*.safetensors")).unlink()
    with pytest.raises(ModelError):
        open_model(str(tmp_path), "float32", "cpu")


def test_code_in_the_folder_is_never_run(tmp_path):
    model = spoiled.copy(tmp_path / "model")
    (model / "evil.py").write_text(f"open({str(model / 'opened')!r}, 'w')", encoding="utf-8")
    reference = {
        "AutoConfig": "evil.C",
        "AutoModelForSequenceClassification": "evil.M",
        "AutoTokenizer": ["evil.T", None],
    }
    spoiled.configured(auto_map=reference)(model)
    path = model / "tokenizer_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"auto_map": reference}), encoding="utf-8")
    with suppress(ModelError):
        _ask(model)
    assert not (model / "opened").exists()


def test_a_device_that_is_not_there_is_said():
    if torch.cuda.is_available():
        pytest.skip("this computer has a CUDA device, so there is no refusal to see")
    with pytest.raises(ModelError, match=r"no CUDA device"):
        open_model(str(folder("tiny-bert")), "float32", "cuda")


# How a gap is written, and whether two texts are read at once.


@pytest.mark.parametrize("kind", KINDS)
def test_a_gap_is_written_as_the_tokenizer_writes_it(kind):
    model = opened_with(kind)
    written = model.info.mask_token
    assert written == KINDS[kind][2]["mask_token"]
    tokens = encode(model, Request(0, "", "", text=f"so {written} film")).tokens
    (gap,) = [token for token in tokens if token.id == model.mask_id]
    assert (gap.start, gap.end) == (3, 3 + len(written))


@pytest.mark.parametrize("kind", KINDS)
def test_a_classifier_whose_tokenizer_joins_two_texts_takes_pairs(kind):
    model = opened_with(kind)
    assert model.info.takes_pairs
    tokens = encode(model, Request(0, "", "", text="so", pair="film")).tokens
    assert {token.segment for token in tokens if not token.is_special} == {0, 1}


@pytest.mark.parametrize("head", [head for head in Head if head is not Head.SEQUENCE_CLASSIFICATION])
def test_what_answers_about_one_word_takes_no_pairs(head, tmp_path):
    build(Tiny("bert", seed=94, head=head), vocab_size=200).save_pretrained(tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(REFERENCE / "alti-tiny-bert" / name, tmp_path)
    info = open_model(str(tmp_path), "float32", "cpu").info
    assert (info.takes_pairs, info.mask_token) == (False, "[MASK]")


def test_without_a_tokenizer_there_is_neither():
    info = opened(Tiny("bert")).info
    assert (info.takes_pairs, info.mask_token) == (False, "")


def test_a_tokenizer_that_only_runs_two_texts_together_takes_no_pairs(tmp_path):
    tokenizer = trained("uncased WordPiece")
    ends = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    assert not save(tokenizer, "uncased WordPiece", tmp_path).info.takes_pairs


def test_a_mask_the_model_has_no_embedding_for_is_none(tmp_path):
    model = spoiled.copy(tmp_path / "model")
    path = model / "tokenizer_config.json"
    settings = json.loads(path.read_text(encoding="utf-8")) | {"mask_token": "[GAP]"}
    path.write_text(json.dumps(settings), encoding="utf-8")
    info = open_model(str(model), "float32", "cpu").info
    assert info.mask_token == ""


def test_a_bundled_model_may_say_that_it_reads_one_text_alone(monkeypatch, tmp_path):
    good = spoiled.copy(tmp_path / "small")
    for pairs in (False, True):
        entry = BundledModel("small", "Small", "Small.", "So.", good, pairs=pairs)
        monkeypatch.setattr(loading, "bundled_models", lambda entry=entry: (entry,))
        assert open_model("small", "float32", "cpu").info.takes_pairs is pairs
        assert open_model(str(good), "float32", "cpu").info.takes_pairs is pairs
    assert open_model(str(folder("alti-tiny-bert")), "float32", "cpu").info.takes_pairs


# Bytes at random.

KEYS = sorted(json.loads((spoiled.GOOD / "config.json").read_text(encoding="utf-8")))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 100) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
FUZZ = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture
def copied(tmp_path):
    """A good folder that every example of a property spoils anew."""
    return spoiled.copy(tmp_path / "model")


def _answers_or_refuses(model):
    with suppress(EngineError):
        assert len(_ask(model).scores) > 0


@FUZZ
@given(st.binary(max_size=200))
def test_any_bytes_as_configuration_are_refused(copied, content):
    (copied / "config.json").write_bytes(content)
    with pytest.raises(ModelError):
        _ask(copied)


@FUZZ
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), VALUES, min_size=1, max_size=3))
def test_any_configuration_is_read_or_refused(copied, changes):
    config = json.loads((spoiled.GOOD / "config.json").read_text(encoding="utf-8")) | changes
    (copied / "config.json").write_text(json.dumps(config), encoding="utf-8")
    _answers_or_refuses(copied)


@FUZZ
@given(st.binary(max_size=300))
def test_any_bytes_as_weights_are_refused(copied, content):
    (copied / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelError):
        _ask(copied)


@FUZZ
@given(st.binary(max_size=200), st.integers(0, 2**64 - 1) | st.none())
def test_any_header_of_weights_is_refused(copied, header, claimed):
    length = struct.pack("<Q", len(header) if claimed is None else claimed)
    (copied / "model.safetensors").write_bytes(length + header)
    with pytest.raises(ModelError):
        _ask(copied)


@FUZZ
@given(st.integers(0, 6000), st.binary(min_size=1, max_size=6))
def test_weights_with_a_few_wrong_bytes_are_read_or_refused(copied, place, wrong):
    content = bytearray((spoiled.GOOD / "model.safetensors").read_bytes())
    content[place : place + len(wrong)] = wrong
    (copied / "model.safetensors").write_bytes(bytes(content))
    _answers_or_refuses(copied)


@FUZZ
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=6))
def test_a_tokenizer_with_a_few_wrong_bytes_is_read_or_refused(copied, place, wrong):
    content = bytearray((spoiled.GOOD / "tokenizer.json").read_bytes())
    content[place : place + len(wrong)] = wrong
    (copied / "tokenizer.json").write_bytes(bytes(content))
    _answers_or_refuses(copied)


@pytest.mark.parametrize("family", ["bert", "roberta", "albert"])
def test_a_states_pooler_may_be_missing_and_a_layer_may_not(tmp_path, family):
    model = build(Tiny(family, seed=331, head=Head.STATE))
    whole = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    bare = {name: tensor for name, tensor in whole.items() if not name.startswith("pooler.")}
    assert len(bare) < len(whole)
    model.save_pretrained(tmp_path)
    save_file(bare, tmp_path / "model.safetensors", metadata={"format": "pt"})
    assert open_model(str(tmp_path), "float32", "cpu").info.head is Head.STATE
    save_file({name: bare[name] for name in list(bare)[:-1]}, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="are missing"):
        open_model(str(tmp_path), "float32", "cpu")
