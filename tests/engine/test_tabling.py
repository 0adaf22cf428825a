"""``explain`` into a table, of one sentence and of a file of them."""

from __future__ import annotations

import csv
import os
import signal
import tracemalloc

import numpy as np
import pytest

from engine import cli
from engine.errors import MethodError, TextError
from engine.rows import COLUMNS, Chosen
from engine.sentences import Sentence
from engine.session import Session
from engine.tabling import Tabling
from tests.engine.models import REFERENCE, WITH_TOKENIZER
from tests.gui import samples

MODEL = ("--model", str(REFERENCE / WITH_TOKENIZER[0]), "--device", "cpu")
LIST = "the film was not good\n\nso dull\n"


@pytest.fixture
def run(tmp_path, capsys):
    """The status and the lines on standard error of ``explain`` with these options, and the rows it wrote."""

    def command(*options, content=LIST, name="list.txt", out="out.tsv"):
        options = [str(option) for option in options]
        if content is not None:
            (tmp_path / name).write_text(content, encoding="utf-8")
            options += ["--input", str(tmp_path / name)]
        status = cli.main(["explain", *MODEL, *options, "--out", str(tmp_path / out)])
        printed = capsys.readouterr()
        assert not printed.out
        return status, printed.err.splitlines(), table(tmp_path / out)

    return command


def table(path):
    if not path.exists() or path.suffix == ".xlsx":
        return None
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, dialect="excel-tab" if path.suffix == ".tsv" else "excel"))


def test_a_file_of_sentences_becomes_one_tidy_table(run):
    status, said, rows = run()
    assert (status, said) == (0, [])
    assert tuple(rows[0]) == COLUMNS
    assert {(row["number"], row["sentence"]) for row in rows} == {("1", "the film was not good"), ("2", "so dull")}
    assert [row["source"] for row in rows if row["number"] == "2"] == ["[CLS]", "so", "dull", "[SEP]", "(baseline)"]


@pytest.mark.parametrize("out", ["out.csv", "out.tsv"])
def test_it_holds_the_numbers_of_each_sentence_alone(run, out):
    options = ("--fields", "scores,component/layer,flow", "--dtype", "float64", "--method", "decompx")
    _, _, together = run(*options, out=out)
    _, _, alone = run(*options, "--text", "so dull", content=None, out=out)
    second = [row for row in together if row["number"] == "2"]
    assert [row | {"number": "1"} for row in second] == alone
    assert {row["component"] for row in alone} == {"scores", "flow", "layer"}
    assert {row["layer"] for row in alone if row["component"] == "layer"} == {"1", "2", "3"}


def test_the_numbers_are_those_of_the_arrays(run, tmp_path):
    options = ("--text", "so dull", "--dtype", "float64")
    _, _, rows = run(*options, "--fields", "attention,rollout,component/residual_2", content=None)
    arrays = ("--fields", "attention,rollout,component/residual_2", "--out", str(tmp_path / "a.npz"))
    assert cli.main(["explain", *MODEL, *options, *arrays]) == 0
    with np.load(tmp_path / "a.npz") as wanted:
        for name in ("attention", "rollout", "component/residual_2"):
            found = [float(row["value"]) for row in rows if row["component"] == name.removeprefix("component/")]
            assert found == wanted[name].ravel().tolist()


def test_a_table_may_be_of_whole_words(run):
    _, _, pieces = run("--text", "unwatchable", content=None)
    _, _, words = run("--text", "unwatchable", "--words", content=None)
    assert len(words) == 4 < len(pieces)
    assert words[1]["source"] == "unwatchable"


def test_labels_and_lines_of_a_table_are_kept(run):
    _, said, rows = run(content=f"text\tlabel\nso dull\tbad\n{'dull ' * 600}\tbad\n\nso good\tfine\n", name="list.tsv")
    assert said[0].startswith("headstream: list.tsv, line 3 is skipped: The text is too long: ")
    assert said[1:] == ["headstream: 2 of 3 sentences explained, 1 skipped."]
    assert {(row["number"], row["label"]) for row in rows} == {("1", "bad"), ("3", "fine")}


def test_excel_is_written_too(run, tmp_path):
    assert run(out="out.xlsx")[0] == 0
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")


def test_where_nothing_could_be_explained_there_is_no_file(run, tmp_path):
    status, said, rows = run(content="dull " * 600)
    assert (status, rows) == (2, None)
    assert said[-1] == "headstream: Nothing was explained: None of the sentences could be. See the lines above."
    assert [path.name for path in tmp_path.iterdir()] == ["list.txt"]


@pytest.mark.parametrize(
    ("options", "out", "said"),
    [
        ((), "out.npz", "--input needs a table"),
        (("--text", "so dull"), "out.csv", "--text says nothing where --input is given"),
        (("--pair", "so dull"), "out.csv", "--pair says nothing where --input is given"),
        (("--boundaries", "0,3"), "out.csv", "--boundaries says nothing in a table"),
        (("--fields", "logits"), "out.csv", "“logits” has no rows"),
        (("--method", "none"), "out.csv", "There is no method “none”"),
        (("--set", "map=none"), "out.csv", "map"),
        ((), "none/out.csv", "The file cannot be written"),
        ((), "out.ods", "Use .npz, .json, .csv, .tsv, .xlsx"),
    ],
)
def test_a_wrong_command_ends_in_one_line(run, tmp_path, options, out, said):
    status, lines, rows = run(*options, out=out)
    assert (status, rows, len(lines)) == (2, None, 1)
    assert said in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["list.txt"]


def test_words_say_nothing_where_arrays_are_written(run):
    status, lines, _ = run("--text", "so dull", "--words", content=None, out="out.npz")
    assert (status, len(lines)) == (2, 1)
    assert "--words says nothing" in lines[0]


def test_ctrl_c_keeps_whole_sentences_beside_and_the_file_as_it_was(run, tmp_path, monkeypatch):
    (tmp_path / "out.tsv").write_text("of yesterday")
    asked, answer = [], Session.run

    def interrupted(self, request, context):
        asked.append(request.text)
        if len(asked) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return answer(self, request, context)

    monkeypatch.setattr(Session, "run", interrupted)
    before = signal.getsignal(signal.SIGINT)
    status, said, _ = run(content="so dull\nso good\nso thin\n")
    assert (status, asked) == (130, ["so dull", "so good"])
    kept = tmp_path / "out.partial.tsv"
    assert said == [f"headstream: stopped after 1 of 3 sentences; {kept} holds these."]
    assert {row["sentence"] for row in table(kept)} == {"so dull"}
    assert (tmp_path / "out.tsv").read_text() == "of yesterday"
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_before_the_first_sentence_leaves_nothing(run, tmp_path, monkeypatch):
    answer = Session.run

    def interrupted(self, request, context):
        os.kill(os.getpid(), signal.SIGINT)
        return answer(self, request, context)

    monkeypatch.setattr(Session, "run", interrupted)
    status, said, rows = run()
    assert (status, said, rows) == (130, ["headstream: stopped after 0 of 2 sentences."], None)
    assert [path.name for path in tmp_path.iterdir()] == ["list.txt"]


def tabling(explain):
    return Tabling(explain, Chosen(("scores", "flow")), whole_words=False, seed=0)


def test_a_method_that_fits_some_sentences_loses_none_of_them(tmp_path):
    def explain(sentence, context):
        if sentence.line == 2:
            raise MethodError("No", "Not this one.", "Take another.")
        return samples.explanation(sentence.text)

    skipped = []
    made = tabling(explain)
    sentences = [Sentence(line, "A film.") for line in range(1, 4)]
    made.write(tmp_path / "t.csv", sentences, lambda sentence, error: skipped.append(sentence.line))
    assert (made.explained, made.skipped, skipped) == (2, 1, [2])


def test_a_bug_leaves_no_file(tmp_path):
    def explain(sentence, context):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        tabling(explain).write(tmp_path / "t.csv", [Sentence(1, "A film.")], lambda *_: None)
    assert list(tmp_path.iterdir()) == []


def test_many_sentences_take_no_more_memory_than_a_few(tmp_path):
    def peak(count):
        made = tabling(lambda sentence, context: samples.explanation(sentence.text))
        sentences = [Sentence(line, "A short film.") for line in range(1, count + 1)]
        tracemalloc.start()
        made.write(tmp_path / "t.xlsx", sentences, lambda *_: None)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(2)
    assert peak(60) < peak(3) + 400_000


def test_a_wrong_ending_is_told_before_anything_is_computed(tmp_path):
    with pytest.raises(TextError):
        tabling(lambda *_: pytest.fail("computed")).write(tmp_path / "t.ods", [Sentence(1, "A")], lambda *_: None)
