"""``evaluate``: the tables, what is skipped and refused, and that a run broken off goes on where it was."""

from __future__ import annotations

import csv
import json
import os
import signal

import pytest

from engine import cli
from engine.agreement import agreement
from engine.context import RunContext
from engine.contract import Request
from engine.faithfulness.evaluation import SENTENCE_COLUMNS, SUMMARY_COLUMNS
from engine.faithfulness.trial import Plan, Trying
from engine.session import Session
from tests.engine.models import REFERENCE, WITH_TOKENIZER, Tiny, folder_of

FOLDER = str(REFERENCE / WITH_TOKENIZER[0])
METHODS = "attention,decompx:bias=token,random:orders=2"
EVERY = "mask,delete,delete-monotone"
LIST = "text\tlabel\nthe film was not good\tnegative\nso dull and so thin\tPositive\nso good\t1\n"


@pytest.fixture
def run(tmp_path, capsys):
    """The status and the lines on standard error of ``evaluate`` with these options, and the summary's rows."""

    def command(*options, content=LIST, name="list.tsv", out="out.csv", methods=METHODS, draw=None, model=FOLDER):
        if content is not None:
            (tmp_path / name).write_text(content, encoding="utf-8")
        given = ["--model", model, "--device", "cpu", "--methods", methods, "--input", tmp_path / name]
        status = cli.main([str(each) for each in ("evaluate", *given, "--out", tmp_path / out, *options)], draw)
        printed = capsys.readouterr()
        assert not printed.out
        return status, printed.err.splitlines(), table(tmp_path / out)

    return command


def table(path):
    if not path.is_file() or path.suffix == ".xlsx":
        return None
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, dialect="excel-tab" if path.suffix == ".tsv" else "excel"))


def interrupting(monkeypatch, at):
    """Ctrl+C as the ``at``-th explanation is asked for."""
    asked, answer = [], Session.run

    def interrupted(self, request, context):
        asked.append(request.text)
        if len(asked) == at:
            os.kill(os.getpid(), signal.SIGINT)
        return answer(self, request, context)

    monkeypatch.setattr(Session, "run", interrupted)
    return asked


def test_both_tables_say_what_a_trial_says(run, tmp_path):
    status, said, rows = run("--protocol", EVERY, "--sentences", tmp_path / "each.tsv", "--dtype", "float64")
    each = table(tmp_path / "each.tsv")
    assert (status, said) == (0, [])
    assert (tuple(rows[0]), tuple(each[0])) == (SUMMARY_COLUMNS, SENTENCE_COLUMNS)
    assert {(row["line"], row["label"]) for row in each} == {("2", "NEGATIVE"), ("3", "POSITIVE"), ("4", "POSITIVE")}
    session, context = Session("float64", "cpu"), RunContext()
    request = Request(0, FOLDER, "decompx", text="so dull and so thin", parameters=(("bias", "token"),))
    explanation = session.run(request, context)
    trial = Trying(session, explanation, Plan("delete")).explained(explanation, context)
    found = {
        row["metric"]: float(row["value"])
        for row in each
        if (row["line"], row["parameters"], row["protocol"], row["at"]) == ("3", "bias=token", "delete", "")
    }
    assert found["comprehensiveness"] == pytest.approx(trial.score_most, abs=1e-12)
    assert found["sufficiency"] == pytest.approx(trial.score_least, abs=1e-12)
    whole = [float(row["value"]) for row in each if row["metric"] == "spearman" and row["line"] == "3"]
    attention = session.run(Request(0, FOLDER, "attention", text=request.text), context)
    inside = slice(1, -1)
    assert whole == [agreement(attention.scores[inside], explanation.scores[inside]).spearman]
    means = {
        (row["method"], row["protocol"], row["metric"], row["other"]): (float(row["value"]), row["sentences"])
        for row in rows
    }
    for row in each:
        key = (row["method"], row["protocol"], row["metric"], row["other"])
        if row["at"] == "":
            of_all = [
                float(other["value"])
                for other in each
                if (other["method"], other["protocol"], other["metric"], other["other"]) == key
            ]
            assert means[key] == (pytest.approx(sum(of_all) / len(of_all), abs=1e-12), str(len(of_all)))


def test_stopped_and_resumed_the_numbers_are_the_same_bit_by_bit(run, tmp_path, monkeypatch):
    options = ("--protocol", EVERY, "--seed", "3", "--sentences", tmp_path / "each.csv")
    assert run(*options)[0] == 0
    whole = (tmp_path / "out.csv").read_bytes(), (tmp_path / "each.csv").read_bytes()
    (tmp_path / "out.csv").write_text("of yesterday")
    asked = interrupting(monkeypatch, at=4)  # in the middle of the second sentence
    status, said, _ = run(*options)
    assert status == 130
    assert said == ["headstream: stopped after 1 of 3 sentences; the same command goes on from there."]
    assert (tmp_path / "out.csv").read_text() == "of yesterday"
    assert len((tmp_path / "out.csv.journal").read_text().splitlines()) == 2
    before = len(asked)
    assert run(*options)[0] == 0
    assert set(asked[before:]) == {"so dull and so thin", "so good"}
    assert ((tmp_path / "out.csv").read_bytes(), (tmp_path / "each.csv").read_bytes()) == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["each.csv", "list.tsv", "out.csv"]


def test_a_journal_of_another_run_is_not_continued(run, tmp_path, monkeypatch):
    interrupting(monkeypatch, at=3)
    assert run("--seed", "3")[0] == 130
    journal = (tmp_path / "out.csv.journal").read_bytes()
    status, said, rows = run("--seed", "4")
    assert (status, rows, len(said)) == (2, None, 1)
    assert "“seed” was 3 and is 4 now" in said[0]
    assert (tmp_path / "out.csv.journal").read_bytes() == journal
    status, said, _ = run("--seed", "3", content=LIST.replace("film", "plot"))
    assert (status, len(said)) == (2, 1)
    assert "“input_sha256” was" in said[0]
    head = json.loads(journal.splitlines()[0])
    assert len(head["weights_sha256"]) == 64
    assert head["program"].startswith("Headstream ")


def test_the_seed_decides(run):
    first, again, other = (run("--seed", seed)[2] for seed in ("3", "3", "4"))
    assert first == again != other


def test_a_sentence_that_cannot_be_tried_is_skipped_and_counted(run):
    lines = ["text,label", "so good,1", "so,1", f"{'dull ' * 600},0", ",1", "so dull,"]
    status, said, rows = run(content="\n".join(lines), name="list.csv")
    assert status == 0
    assert said[0].startswith("headstream: list.csv, line 3 is skipped: Too little can be taken away")
    assert said[1].startswith("headstream: list.csv, line 4 is skipped: The text is too long")
    assert said[2].startswith("headstream: list.csv, line 5 is skipped: ")
    assert said[3:] == ["headstream: 2 of 5 sentences measured, 3 skipped."]
    counts = {row["metric"]: row["sentences"] for row in rows}
    assert (counts["aopc_most"], counts["accuracy"], counts["accuracy_most"]) == ("2", "1", "1")


def test_a_plain_list_has_no_accuracy(run):
    status, said, rows = run(content="so good\n\nso dull\n", name="list.txt")
    assert (status, said) == (0, [])
    assert not [row for row in rows if row["metric"].startswith("accuracy")]


def test_where_nothing_could_be_measured_there_is_no_file(run, tmp_path):
    status, said, rows = run(content="so\ngood\n", name="list.txt")
    assert (status, rows) == (2, None)
    assert said[-1] == "headstream: Nothing was measured: None of the sentences could be. See the lines above."
    assert [path.name for path in tmp_path.iterdir()] == ["list.txt"]


def test_limit_words_target_and_excel(run, tmp_path):
    status, said, rows = run("--limit", "2", "--words", "--target", "negative", "--against", "1")
    assert (status, said) == (0, [])
    assert {row["sentences"] for row in rows if row["protocol"]} == {"2"}
    assert run(out="out.xlsx")[0] == 0
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")


def test_layers_are_shuffled_one_after_another_where_that_is_asked(run):
    status, said, rows = run("--randomise", "--limit", "2", "--dtype", "float64")
    assert (status, said) == (0, [])
    left = {
        (row["method"], row["metric"].rpartition("_")[2]): float(row["value"])
        for row in rows
        if row["metric"].startswith("spearman_shuffled_")
    }
    assert set(left) == {(method, layers) for method in ("attention", "decompx") for layers in "0123"}
    assert left["attention", "0"] == pytest.approx(1)  # looks at nothing behind the last layer
    assert left["decompx", "0"] < 1


def test_what_draws_is_handed_in(run, tmp_path):
    drawn = []
    status, _, rows = run("--plot", tmp_path / "c.svg", draw=lambda evaluation, path: drawn.append((evaluation, path)))
    (evaluation, path) = drawn[0]
    assert (status, path, evaluation.source, evaluation.sentences) == (0, tmp_path / "c.svg", "list.tsv", 3)
    value = evaluation.results[0].metrics["aopc_most"].value
    assert repr(value) in [row["value"] for row in rows if row["method"] == "attention"]


def test_a_table_that_cannot_be_written_loses_nothing(run, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.evaluating.write_table", lambda *_: (_ for _ in ()).throw(OSError("No space left.")))
    status, said, rows = run()
    assert (status, rows) == (2, None)
    assert said == ["headstream: The file cannot be written: No space left. Choose another place."]
    assert len((tmp_path / "out.csv.journal").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("options", "given", "said"),
    [
        ((), {"methods": "attention,none"}, "There is no method “none”"),
        ((), {"methods": "decompx:bias=blue"}, "“blue” is not one of its values"),
        (("--protocol", "burn"), {}, "There is no protocol “burn”. Known: mask, delete, delete-monotone."),
        (("--protocol", "mask,mask"), {}, "“mask” is there already"),
        (("--limit", "0"), {}, "--limit 0 leaves no sentence"),
        (("--target", "neutral"), {}, "“neutral” is not one of its answers"),
        (("--plot", "c.svg"), {}, "Leave --plot out"),
        (("--sentences", "each.ods"), {}, "“each.ods” cannot be written by --sentences. Use .csv, .tsv, .xlsx."),
        ((), {"out": "out.npz"}, "Use .csv, .tsv, .xlsx"),
        ((), {"out": "none/out.csv"}, "there is no such folder. Choose another --out."),
        ((), {"out": "list.tsv"}, "--out is the file of --input."),
        (
            (),
            {"content": "text\tlabel\nso good\tgood\n"},
            "“list.tsv”, line 2: “good” is not one of its answers. It has",
        ),
        ((), {"content": "text\tlabel\nso good\t1\nso dull\t2\n"}, "line 3: “2” is not one"),
        ((), {"content": "phrase\nso good\n"}, "there is no “text” or “sentence”"),
        ((), {"content": "text\n"}, "There is no sentence"),
        ((), {"content": None}, "The file cannot be read"),
    ],
)
def test_a_wrong_command_ends_in_one_line_before_anything_runs(run, tmp_path, monkeypatch, options, given, said):
    monkeypatch.setattr(Session, "without", lambda *_: pytest.fail("the model was asked"))
    status, lines, _ = run(*options, **given)
    assert (status, len(lines)) == (2, 1)
    assert said in lines[0]
    assert {path.name for path in tmp_path.iterdir()} <= {"list.tsv"}


def test_a_method_that_does_not_fit_and_a_missing_mask_are_told_at_once(run):
    tiny = str(folder_of(Tiny("modernbert", head=Tiny().head)))
    _, said, _ = run(methods="attention,transformer_lrp", model=tiny)
    assert "does not fit this model" in said[0]
    _, said, _ = run(model=tiny)
    assert "This model has no mask token: “mask” puts it in a word's place. Use --protocol delete." in said[0]


def test_labels_are_names_before_they_are_indices(run, tmp_path):
    from engine.evaluating import _gold
    from engine.sentences import Sentence

    labels = ("2", "1", "Two", "TWO")
    given = [Sentence(line, "a", label) for line, label in enumerate(["1", "2", "0", "3", "TWO", "Two", ""], 1)]
    assert _gold(tmp_path, given, labels) == {1: 1, 2: 0, 3: 0, 4: 3, 5: 3, 6: 2}
