from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import TextError
from gui.examples import reading
from gui.examples.example_set import Example
from gui.examples.reading import read_list

CONLLU = """# sent_id = 1
# text = Psi śpią.
1\tPsi\tpies\tNOUN\t_\t_\t2\tnsubj\t_\tGloss=dog.PL
2\tśpią\tspać\tVERB\t_\t_\t0\troot\t_\tGloss=sleep|SpaceAfter=No
3\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_

1\tDobrze\tdobrze\tADV\t_\t_\t0\troot\t_\t_
"""


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def read(tmp_path: Path, name: str, content: str | bytes) -> tuple[Example, ...]:
    return read_list(written(tmp_path, name, content)).examples.examples


def refused(tmp_path: Path, name: str, content: str | bytes) -> str:
    with pytest.raises(TextError) as told:
        read(tmp_path, name, content)
    return str(told.value)


def test_blimp(tmp_path: Path) -> None:
    line = {
        "sentence_good": "Who hugs Ann?",
        "sentence_bad": "Whom hugs Ann?",
        "one_prefix_prefix": "Who",
        "linguistics_term": "case",
        "simple_LM_method": True,
        "pairID": "0",
    }
    found = read(tmp_path, "case_of_who.jsonl", json.dumps(line) + "\n")
    assert found == (Example("Who hugs Ann?", "Whom hugs Ann?", note="case"),)
    assert read_list(tmp_path / "case_of_who.jsonl").examples.title == "case of who"


@pytest.mark.parametrize("head", ["", "sentence_good\tsentence_bad\n", "Text\tOther\n", "a\tb\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_two_columns_are_pairs_with_or_without_a_header(tmp_path: Path, head: str, mark: bytes, end: str) -> None:
    body = f"{head}It rains.\tIt rain.\nמחר ירד גשם.\tמחר ירדה גשם.\n".replace("\n", end)
    expected = (Example("It rains.", "It rain."), Example("מחר ירד גשם.", "מחר ירדה גשם."))
    assert read(tmp_path, "pairs.tsv", mark + body.encode()) == expected
    assert read(tmp_path, "pairs.txt", mark + body.encode()) == expected


def test_a_label_beside_a_sentence_makes_no_pair(tmp_path: Path) -> None:
    assert read(tmp_path, "labels.tsv", "Good.\t1\nBad.\t0\n") == (Example("Good."), Example("Bad."))


def test_a_plain_list(tmp_path: Path) -> None:
    content = "# about the list\n\nFirst.\n   \n  Second   one. \nIt is #1 here.\n"
    assert [e.text for e in read(tmp_path, "list.txt", content)] == ["First.", "Second one.", "It is #1 here."]
    assert read(tmp_path, "utf16.txt", "Füße.\n".encode("utf-16")) == (Example("Füße."),)


def test_a_table_with_names(tmp_path: Path) -> None:
    content = 'id,sentence,target,against\n1,"Yes, it is.",positive,negative\n2,,x,y\n3,"No ""way"".",,\n'
    assert read(tmp_path, "a.csv", content) == (
        Example("Yes, it is.", target="positive", against="negative"),
        Example("No “way”.".replace("“", '"').replace("”", '"')),
    )


@pytest.mark.parametrize("name", ["trees.conllu", "trees.txt"])
def test_conllu_brings_what_is_known_of_the_words(tmp_path: Path, name: str) -> None:
    first, second = read(tmp_path, name, CONLLU)
    assert first.text == "Psi śpią."
    assert first.annotation is not None
    assert [(w.form, w.gloss, w.part_of_speech, w.head) for w in first.annotation.words] == [
        ("Psi", "dog.PL", "NOUN", 2),
        ("śpią", "sleep", "VERB", 0),
        (".", "", "PUNCT", 2),
    ]
    assert second.text == "Dobrze"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", '{"text": "Good."}\n{"text": ', "line 2"),
        ("a.jsonl", '{"text": "Good."}\n{"bad": "x"}\n', "line 2"),
        ("a.csv", "words\nGood.\n", "“text” or “sentence”"),
        ("a.txt", b"Good.\nB\xe4d.\n", "line 2"),
        ("a.txt", "\n# nothing\n", "holds none"),
        ("a.txt", "", "holds none"),
        ("a.txt", "Good.\n" + "x" * 20_001, "line 2"),
        ("a.conllu", CONLLU + "\nno number\n", "line 9"),
        ("a.txt", "Good.\n\0\n", "line 2"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, name: str, content: str | bytes, told: str) -> None:
    said = refused(tmp_path, name, content)
    assert told in said
    assert name in said


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.txt", tmp_path):
        with pytest.raises(TextError):
            read_list(path)


def test_a_long_list_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_EXAMPLES", 5)
    path = written(tmp_path, "long.txt", "".join(f"Sentence {n}.\n" for n in range(9)))
    found = read_list(path)
    assert [e.text for e in found.examples.examples] == [f"Sentence {n}." for n in range(5)]
    assert found.remarks == ("Only the first 5 examples of “long.txt” were taken.",)
    monkeypatch.setattr(reading, "MOST_EXAMPLES", 9)
    assert read_list(path).remarks == ()


def test_a_huge_file_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)
    assert "too large" in refused(tmp_path, "huge.txt", b"x" * 1_000_001)


PIECES = st.sampled_from(
    b'{ } "text" : " \t , \n \r \0 1 2-3 # \xff \xef\xbb\xbf \xed\xa0\x80 \\ud800 [[[[ sentence_good 1\ta\tb\tc'.split(
        b" "
    )
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["txt", "tsv", "csv", "jsonl", "conllu", ""]),
    content=st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=40).map(b"".join)),
)
def test_hostile_bytes_are_read_or_refused(tmp_path: Path, kind: str, content: bytes) -> None:
    path = written(tmp_path, f"hostile.{kind}", content)
    try:
        found = read_list(path)
    except TextError:
        return
    for example in found.examples.examples:
        assert example.text
        example.text.encode("utf-8")
