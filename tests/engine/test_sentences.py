"""Lists of sentences in files: what is read, and the line that is named where something is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import sentences
from engine.errors import TextError
from engine.sentences import Record, Sentence, read_records, read_sentences


@pytest.fixture
def written(tmp_path):
    """A file with this in it."""

    def write(content, name="list.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(path, read=read_sentences):
    with pytest.raises(TextError) as caught:
        read(path)
    return str(caught.value)


def test_a_plain_list_has_a_sentence_on_each_line_and_keeps_their_numbers(written):
    found = read_sentences(written("First one.\n\n  Second, “two”.\t \r\nהשלישי\rfour"))
    assert found == (
        Sentence(1, "First one."),
        Sentence(3, "Second, “two”."),
        Sentence(4, "השלישי"),
        Sentence(5, "four"),
    )


def test_a_hash_or_a_comma_is_part_of_a_sentence(written):
    assert [found.text for found in read_sentences(written("# 1, 2\ntext,label\n"))] == ["# 1, 2", "text,label"]


@pytest.mark.parametrize("column", ["text", "Sentence", "SENTENCE"])
def test_a_table_gives_its_column_and_the_labels(written, column):
    path = written(f"id\t{column}\tlabel\n1\tA film.\t0\n\n2\tA plot.\n", "list.tsv")
    assert read_sentences(path) == (Sentence(2, "A film.", "0"), Sentence(4, "A plot."))


def test_rows_without_a_text_are_passed_over_unless_they_are_asked_for(written):
    path = written("text\tlabel\n\tgood\nso bad\tbad\n", "list.tsv")
    assert read_sentences(path) == (Sentence(3, "so bad", "bad"),)
    assert read_sentences(path, with_empty=True) == (Sentence(2, "", "good"), Sentence(3, "so bad", "bad"))


def test_text_goes_before_sentence(written):
    assert read_sentences(written("sentence\ttext\nno\tyes\n", "a.tsv")) == (Sentence(2, "yes"),)


def test_single_quotation_marks_in_running_text_swallow_no_line(written):
    path = written('text\n"Well\nhe said "no"\n"A ""fine"" film"\n"\n"x" and "y"\n', "a.tsv")
    read = [found.text for found in read_sentences(path)]
    assert read == ['"Well', 'he said "no"', 'A "fine" film', '"', '"x" and "y"']


@pytest.mark.parametrize("mark", [",", ";"])
def test_cells_of_a_csv_may_hold_marks_and_lines(written, mark):
    path = written(f'label{mark}text\n1{mark}"A; film,\n""good"""\n\n0{mark}Bad\n', "a.csv")
    assert read_sentences(path) == (Sentence(2, 'A; film,\n"good"', "1"), Sentence(5, "Bad", "0"))


def test_a_csv_of_one_column_may_hold_semicolons(written):
    assert read_sentences(written("text\nOne; two\n", "a.csv")) == (Sentence(2, "One; two"),)


def test_objects_give_their_text_and_labels_of_any_kind(written):
    lines = [{"text": "A", "label": 1}, {"Sentence": "B", "label": None}, {"text": "C", "label": "x", "more": [1]}]
    path = written("\n".join(map(json.dumps, lines)), "a.jsonl")
    assert read_sentences(path) == (Sentence(1, "A", "1"), Sentence(2, "B"), Sentence(3, "C", "x"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_marks_of_spreadsheets_are_understood(written, encoding):
    path = written("text\tlabel\nɡʊt 😀\t1\n".encode(encoding), "a.tsv")
    assert read_sentences(path) == (Sentence(2, "ɡʊt 😀", "1"),)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"fine\ncaf\xe9\n", "line 2: these letters are not UTF-8"),
        ("a.txt", b"fine\n\0", "line 2: this is no text"),
        ("a.txt", b"\xff\xfea", "line 1: these letters are not UTF-8"),
        ("a.txt", b" \n\t\n", "There is no sentence"),
        ("a.tsv", b"", "There is no sentence"),
        ("a.tsv", b"text\tlabel\n", "There is no sentence"),
        ("a.tsv", b"word\n\nA film\n", "line 1: there is no “text” or “sentence”"),
        ("a.tsv", b"text\n\nA\tB\n", "line 3: there are 2 columns, but the header has 1"),
        ("a.csv", b'text\nA\n"B" C\n', "line 3: "),
        ("a.csv", b'text\nA\n"B\nC\n', "line 3: "),
        ("a.jsonl", b'{"text": "A"}\n{"text": \n', "line 2: this is no JSON"),
        ("a.jsonl", b'{"text": "A"}\n["A"]\n', "line 2: this is no JSON object"),
        ("a.jsonl", b'{"text": "A"}\n{"words": "A"}\n', "line 2: there is no “text” or “sentence”"),
        ("a.jsonl", b'{"text": "\\ud800"}\n', "line 1: it holds half a letter"),
        ("a.jsonl", b"[" * 100_000, "line 1: this is no JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_file_and_line(written, name, content, said):
    found = refusal(written(content, name))
    assert said in found
    assert name in found


def test_a_file_that_is_not_there_or_is_too_large_is_refused(tmp_path, written, monkeypatch):
    assert "No such file" in refusal(tmp_path / "none.txt")
    assert "Is a directory" in refusal(tmp_path)
    monkeypatch.setattr(sentences, "MOST_BYTES", 3)
    assert "The file is too large" in refusal(written("four"))


def test_records_keep_all_columns_for_readers_of_other_lists(written):
    path = written("Good\tbad\nThe keys are.\tThe keys is.\n", "pairs.tsv")
    assert read_records(path) == (Record(2, {"good": "The keys are.", "bad": "The keys is."}),)


@given(st.binary(max_size=200), st.sampled_from([".txt", ".tsv", ".csv", ".jsonl"]))
def test_any_bytes_are_read_or_refused_with_a_sentence(tmp_path_factory, raw, kind):
    path = tmp_path_factory.mktemp("any") / f"a{kind}"
    path.write_bytes(raw)
    try:
        found = read_sentences(path)
    except TextError:
        return
    assert all(sentence.text.strip() == sentence.text != "" for sentence in found)
    assert [sentence.line for sentence in found] == sorted({sentence.line for sentence in found})
