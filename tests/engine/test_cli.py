"""The engine without a window: what it writes, and one line where something is wrong."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from engine import cli
from engine.contract import COMPONENTS, FEED_FORWARD_COMPONENTS, Head
from tests.engine import spoiled
from tests.engine.models import REFERENCE, WITH_TOKENIZER, Tiny, explain, folder

BERT, ROBERTA = WITH_TOKENIZER
TEXT = ("--text", "the film was not good")
ALWAYS = {
    "input_ids": "T",
    "tokens": "T",
    "word_index": "T",
    "is_special": "T",
    "segment": "T",
    "logits": "C",
    "labels": "C",
    "target": "",
    "against": "",
    "scores": "T",
    "attention": "LHTT",
    "flow": "LTT",
    "flow_nodes": "BT",
    "flow_bias_in": "LT",
    "flow_bias": "B",
    "checks/conservation": "",
    "meta": "",
} | {f"component/{name}": "LTT" for name in COMPONENTS if name not in FEED_FORWARD_COMPONENTS}
ADDED = {
    "decompx": {
        "scores_all": "CT",
        "bias": "C",
        "rollout": "LTT",
        "checks/completeness": "",
        "checks/scores_vs_flow": "",
    },
    "globenc": {"layer_maps": "LTT", "rollout": "LTT", "extra/mixing_ratio": "LT"},
    "attention": {"layer_maps": "LTT", "rollout": "LTT"},
    "rollout": {"layer_maps": "LTT", "rollout": "LTT"},
}


@pytest.fixture
def explained(tmp_path):
    """The arrays that ``headstream explain`` writes."""

    def run(*options, model=BERT, kind="npz"):
        out = tmp_path / f"out.{kind}"
        assert (
            cli.main(["explain", "--model", str(REFERENCE / model), "--device", "cpu", *options, "--out", str(out)])
            == 0
        )
        if kind != "npz":
            return out.read_text(encoding="utf-8")
        with np.load(out) as written:
            return {name: written[name] for name in written.files}

    return run


@pytest.fixture
def refused(tmp_path, capsys):
    """The one line that a wrong command ends with."""

    def run(*options, out="out.npz"):
        try:
            status = cli.main(["explain", *options, "--out", str(tmp_path / out)])
        except SystemExit as ended:
            status = ended.code
        printed = capsys.readouterr()
        assert status == 2
        assert not printed.out
        assert printed.err.startswith("headstream: ")
        assert printed.err.count("\n") == 1
        assert "Traceback" not in printed.err
        assert not (tmp_path / out).exists()
        return printed.err

    return run


# What it writes.


@pytest.mark.parametrize("method", ADDED)
def test_a_file_of_arrays_holds_what_the_method_gives_with_the_promised_axes(explained, method):
    found = explained(*TEXT, "--method", method)
    lengths = {"L": 3, "B": 4, "T": 7, "C": 2, "H": 4}
    wanted = ALWAYS | ADDED[method]
    assert set(found) == set(wanted)
    for name, axes in wanted.items():
        assert found[name].shape == tuple(lengths[axis] for axis in axes), name


@pytest.mark.parametrize("method", ["decompx", "rollout"])
def test_the_flow_between_groups_of_layers_is_written_where_asked_for(explained, method):
    plain = explained(*TEXT, "--method", method)
    found = explained(*TEXT, "--method", method, "--boundaries", "0,2,3")
    added = {"grouped_flow": (2, 7, 7), "grouped_nodes": (3, 7), "grouped_bias_in": (2, 7), "grouped_bias": (3,)}
    assert set(found) - set(plain) == {*added, "checks/grouped_conservation"}
    for name, shape in added.items():
        assert found[name].shape == shape
    assert np.array_equal(found["grouped_nodes"], found["flow_nodes"][[0, 2, 3]])
    assert np.array_equal(found["grouped_flow"][1], found["flow"][2])
    assert json.loads(str(found["meta"]))["boundaries"] == [0, 2, 3]
    few = explained(*TEXT, "--method", method, "--boundaries", "0,3", "--fields", "grouped_flow")
    assert set(few) == {"grouped_flow", "meta"}


def test_boundaries_that_say_nothing_are_refused(refused):
    model = ("--model", str(REFERENCE / BERT))
    assert "does not rise from 0 to the model's 3 layers" in refused(*TEXT, *model, "--boundaries", "0,2")
    idle = refused(*TEXT, *model, "--method", "gradient", "--boundaries", "0,3")
    assert "--boundaries says nothing where --method gradient shows no flow" in idle


MASKED = "alti-tiny-bert-mlm"
GAP = ("--text", "the film was [MASK]")


@pytest.mark.parametrize("against", [None, "bad"])
def test_of_a_vocabulary_only_the_words_asked_for_are_written(explained, against):
    options = () if against is None else ("--against", against)
    found = explained(*GAP, "--target", "good", *options, "--dtype", "float64", model=MASKED)
    labels = found["labels"].tolist()
    wanted = ["good"] if against is None else ["good", against]
    assert [labels[index] for index in found["targets"]] == wanted
    assert found["targets"].tolist()[0] == int(found["target"])
    assert (found["logits"].shape, len(labels)) == ((200,), 200)
    assert found["scores_all"].shape == (len(wanted), 6)
    assert found["bias"].shape == (len(wanted),)
    sums = found["scores_all"].sum(1) + found["bias"]
    assert sums == pytest.approx(found["logits"][found["targets"]], rel=1e-9)
    total = found["scores"].sum() + found["bias"][0] - (0 if against is None else found["bias"][1])
    assert total == pytest.approx(found["flow_nodes"][0].sum() + found["flow_bias"].sum(), rel=1e-9)


@pytest.mark.parametrize(
    ("target", "piece"),
    [('"7"', "7"), ("7", None), ("good", "good"), ('"good"', None), ('"', '"'), ("-1", None), ("²", None)],
)
def test_a_number_is_an_index_and_in_quotation_marks_the_number_itself(explained, refused, target, piece):
    model = ("--model", str(REFERENCE / MASKED))
    if piece is not None:
        found = explained(*GAP, f"--target={target}", model=MASKED)
        assert found["labels"][int(found["target"])] == piece
    elif target == "7":
        assert int(explained(*GAP, "--target", target, model=MASKED)["target"]) == 7
    else:
        assert f"“{target}”" in refused(*GAP, f"--target={target}", *model)


def test_the_position_read_is_written_and_can_be_chosen(explained):
    def position(*options, **named):
        return json.loads(str(explained(*options, **named)["meta"]))["position"]

    assert position(*TEXT) == 0
    assert position(*GAP, model=MASKED) == 4
    assert position(*GAP, "--position", "2", model=MASKED) == 2


def test_classes_of_a_whole_text_have_no_list_of_targets(explained):
    assert "targets" not in explained(*TEXT, "--target", "1")


def test_csv_names_the_word_that_fills_the_gap(explained):
    text = explained(*GAP, "--target", "good", "--against", "bad", model=MASKED, kind="csv")
    assert {(row["target"], row["against"]) for row in csv.DictReader(text.splitlines())} == {("good", "bad")}


@pytest.mark.parametrize("head", [Head.TOKEN_CLASSIFICATION, Head.STATE])
def test_heads_that_answer_about_a_word_are_explained_from_the_command(tmp_path, head):
    model, out = str(folder(Tiny("electra", head=head))), tmp_path / "out.npz"
    assert cli.main(["explain", "--model", model, "--ids", "5,6,7,8", "--position", "3", "--out", str(out)]) == 0
    with np.load(out) as found:
        assert found["scores_all"].shape == (len(found["labels"]), 4)
        assert json.loads(str(found["meta"]))["position"] == 3


def test_what_went_in_is_written(explained):
    found = explained(*TEXT, "--pair", "so dull")
    assert found["tokens"].tolist() == ["[CLS]", "the", "film", "was", "not", "good", "[SEP]", "so", "dull", "[SEP]"]
    assert found["word_index"].tolist() == [-1, 0, 1, 2, 3, 4, -1, 5, 6, -1]
    assert found["segment"].tolist() == [0] * 7 + [1] * 3
    assert found["is_special"].tolist() == [index < 0 for index in found["word_index"]]
    assert found["labels"].tolist() == ["NEGATIVE", "POSITIVE"]


def test_ids_and_segments_written_can_be_given_back(explained):
    first = explained(*TEXT, "--pair", "so dull", "--dtype", "float64")
    given = [",".join(map(str, first[name].tolist())) for name in ("input_ids", "segment")]
    again = explained("--ids", given[0], "--segments", given[1], "--dtype", "float64")
    for name in ("logits", "scores", "flow", "attention", "word_index", "is_special"):
        assert np.array_equal(again[name], first[name]), name
    assert again["tokens"].tolist() == [str(number) for number in first["input_ids"]]


def test_the_attention_mask_reaches_the_model(explained):
    masked = explained("--ids", "2,15,16,0,0", "--attention-mask", "1,1,1,0,0", "--dtype", "float64")
    alone = explained("--ids", "2,15,16", "--dtype", "float64")
    assert masked["logits"] == pytest.approx(alone["logits"], rel=1e-12)
    assert not masked["attention"][..., 3:].any()


def test_the_arrays_are_the_sessions(explained):
    found = explained(*TEXT, "--method", "globenc", "--set", "map=N_Res", "--dtype", "float64")
    wanted = explain("alti-tiny-bert", "globenc", text=TEXT[1], parameters=(("map", "N_Res"),))
    for name in ("scores", "layer_maps", "rollout"):
        assert np.array_equal(found[name], getattr(wanted, name))
    assert np.array_equal(found["extra/mixing_ratio"], wanted.extra["mixing_ratio"])


@pytest.mark.parametrize(
    ("options", "target", "against"),
    [
        ((), None, -1),
        (("--target", "0"), 0, -1),
        (("--target", "positive"), 1, -1),
        (("--target", "1", "--against", "NEGATIVE"), 1, 0),
    ],
)
def test_target_and_against_take_a_label_or_an_index(explained, options, target, against):
    found = explained(*TEXT, *options)
    assert int(found["target"]) == (int(found["logits"].argmax()) if target is None else target)
    assert int(found["against"]) == against
    difference = found["scores_all"][int(found["target"])] - (found["scores_all"][0] if against >= 0 else 0)
    assert np.array_equal(found["scores"], difference)


def test_all_components_are_written_where_they_are_asked_for(explained):
    everything = explained(*TEXT, "--fields", "components")
    assert {f"component/{name}" for name in COMPONENTS} <= set(everything)
    assert everything["component/layer"].shape == (3, 7, 7)
    assert "flow" in everything
    one = explained(*TEXT, "--fields", "component/layer,scores")
    assert set(one) == {"component/layer", "scores", "meta"}
    assert np.array_equal(one["component/layer"], everything["component/layer"])
    assert set(explained(*TEXT, "--fields", "components,scores")) >= {"scores", "component/feed_forward", "meta"}


def test_only_the_fields_asked_for_are_written(explained):
    assert set(explained(*TEXT, "--fields", "scores,checks/completeness")) == {"scores", "checks/completeness", "meta"}


def test_the_file_says_how_it_was_made(explained):
    found = explained(*TEXT, "--method", "globenc", "--set", "map=N", "--dtype", "float64")
    meta = json.loads(str(found["meta"]))
    assert meta["program"].startswith("Headstream ")
    assert (meta["model"], meta["family"], meta["method"]) == ("alti-tiny-bert", "BERT", "globenc")
    assert meta["parameters"] == {"map": "N"}
    assert "NAACL 2022" in meta["citation"]
    assert len(meta["weights_sha256"]) == 64
    assert (meta["unit"], meta["signed"], meta["position"], meta["dtype"]) == ("fraction", False, 0, "float64")
    assert meta["versions"]["transformers"]
    assert meta["warnings"] == []
    assert meta["seconds"] >= 0


@pytest.mark.parametrize("model", [BERT, ROBERTA])
def test_json_holds_the_same_numbers(explained, model):
    arrays = explained(*TEXT, "--dtype", "float64", model=model)
    plain = json.loads(explained(*TEXT, "--dtype", "float64", model=model, kind="json"))
    assert set(plain) == set(arrays)
    assert plain["flow"] == arrays["flow"].tolist()
    assert plain["tokens"] == arrays["tokens"].tolist()
    assert plain["meta"]["method"] == "decompx"


def test_csv_is_one_tidy_row_per_token_and_one_for_the_baseline(explained):
    arrays = explained("--text", 'a "film", 😀', "--target", "1", "--against", "0", "--dtype", "float64")
    text = explained("--text", 'a "film", 😀', "--target", "1", "--against", "0", "--dtype", "float64", kind="csv")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["source"] for row in rows[:-1]] == arrays["tokens"].tolist()
    assert [float(row["value"]) for row in rows[:-1]] == arrays["scores"].tolist()
    assert {(row["method"], row["target"], row["against"], row["unit"]) for row in rows} == {
        ("decompx", "POSITIVE", "NEGATIVE", "logit")
    }
    assert rows[-1]["source"] == "(baseline)"
    total = sum(float(row["value"]) for row in rows)
    assert total == pytest.approx(arrays["logits"][1] - arrays["logits"][0])


def test_csv_of_a_method_without_a_baseline_has_no_row_for_it(explained):
    rows = explained(*TEXT, "--method", "attention", kind="csv").splitlines()
    assert len(rows) == 8


@pytest.mark.parametrize("text", ["😀", "שלום עולם", "مرحبا", "👨‍👩‍👧 🏳️‍🌈", "日本語"])
@pytest.mark.parametrize("model", [BERT, ROBERTA])
@pytest.mark.parametrize("kind", ["npz", "json", "csv"])
def test_pictures_and_right_to_left_letters_are_explained(explained, model, text, kind):
    assert explained("--text", text, model=model, kind=kind)


def test_the_same_command_gives_the_same_bits(explained):
    one, other = explained(*TEXT), explained(*TEXT)
    for name in set(one) - {"meta"}:
        assert np.array_equal(one[name], other[name]), name


# What is wrong is said in one line.


@pytest.mark.parametrize("case", spoiled.CASES)
def test_a_spoiled_folder_ends_in_one_line(refused, tmp_path, case):
    spoil, _ = spoiled.CASES[case]
    model = spoiled.copy(tmp_path / "model")
    spoil(model)
    refused("--model", str(model), *TEXT)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--text", ""), "The text is empty"),
        (("--text", " \n\t"), "The text is empty"),
        (("--text", "a " * 5000), "5,002 pieces"),
        (("--text", "\ud800"), "half a character"),
        ((), "Exactly one of --text and --ids"),
        (("--text", "a", "--ids", "2,3"), "Exactly one of --text and --ids"),
        (("--text", "a", "--segments", "0,0"), "--segments says nothing where --text is given"),
        (("--text", "a", "--attention-mask", "1,0"), "--attention-mask says nothing"),
        (("--ids", "2,3", "--pair", "a"), "--pair says nothing where --ids is given"),
        (("--ids", "2,200"), "no id 200"),
        (("--ids", "2,-1"), "no id -1"),
        (("--ids", "2,3", "--segments", "0,2"), "no segment 2"),
        (("--ids", "2,3", "--segments", "0"), "differ in length"),
        (("--ids", "2,3", "--attention-mask", "1,1,1"), "differ in length"),
        (("--ids", "2,3", "--attention-mask", "1,7"), "no attention mask 7"),
        (("--ids", ""), "--ids"),
        (("--ids", "2,x"), "--ids"),
        ((*TEXT, "--method", "magic"), "no method “magic”"),
        ((*TEXT, "--set", "bias"), "NAME=VALUE"),
        ((*TEXT, "--set", "bias=magic"), "“magic” is not one of its values"),
        ((*TEXT, "--set", "boas=token"), "no parameter “boas”"),
        ((*TEXT, "--target", "2"), "“2” is not one of its answers"),
        ((*TEXT, "--target", "-1"), "“-1” is not one of its answers"),
        ((*TEXT, "--target", "neutral"), "“neutral” is not one of its answers"),
        ((*TEXT, "--target", "1", "--against", "POSITIVE"), "instead of itself"),
        ((*TEXT, "--position", "1"), "answers for the whole text"),
        ((*TEXT, "--position", "one"), "--position"),
        ((*TEXT, "--dtype", "float16"), "--dtype"),
        ((*TEXT, "--fields", "scores,nothing"), "“nothing” is not made here"),
        ((*TEXT, "--wrong"), "--wrong"),
        ((*TEXT, "--model", "no-such-model"), "neither a folder nor a bundled model"),
    ],
)
def test_a_wrong_command_ends_in_one_line_that_says_what(refused, options, said):
    assert said in refused("--model", str(REFERENCE / BERT), *options)


@pytest.mark.parametrize("out", ["out.txt", "out", "out.NPY", "no/such/folder/out.npz"])
def test_a_file_that_cannot_be_written_ends_in_one_line(refused, out):
    refused("--model", str(REFERENCE / BERT), *TEXT, out=out)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (TEXT, "no gap to fill"),
        ((*GAP, "--position", "6"), "Use 0 to 5"),
        ((*GAP, "--position", "-1"), "Use 0 to 5"),
        ((*GAP, "--target", "goods"), "only as 2 pieces: good ##s"),
        ((*GAP, "--target", "日"), "not in its vocabulary"),
        ((*GAP, "--target", "good", "--against", "goods"), "only as 2 pieces"),
    ],
)
def test_a_wrong_question_about_a_gap_ends_in_one_line(refused, options, said):
    assert said in refused("--model", str(REFERENCE / MASKED), *options)


def test_a_method_that_does_not_fit_ends_in_one_line(refused):
    options = ("--model", str(folder(Tiny("modernbert"))), "--ids", "5,6")
    assert "GlobEnc does not fit this model" in refused(*options, "--method", "globenc")
    assert "does not fit this model" in refused(*options, "--method", "alti", "--set", "second_layernorm=on")


def test_text_for_a_model_without_a_tokenizer_ends_in_one_line(refused):
    assert "--ids" in refused("--model", str(folder(Tiny())), *TEXT)


def test_a_contrast_of_values_that_do_not_exclude_each_other_ends_in_one_line(refused):
    model = str(folder(Tiny(labels=1)))
    assert "nothing to be compared with" in refused("--model", model, "--ids", "5,6", "--against", "0")


def test_no_command_ends_in_one_line(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("command", [[], ["explain"], ["models"], ["methods"]])
def test_every_command_helps_with_examples(capsys, command):
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "usage: headstream" in told
    assert not command or "example" in told


def test_our_own_fault_is_not_called_the_persons(monkeypatch, tmp_path):
    def fail(*_):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(cli, "arrays_of", fail)
    with pytest.raises(ZeroDivisionError):
        cli.main(["explain", "--model", str(REFERENCE / BERT), *TEXT, "--out", str(tmp_path / "out.npz")])
