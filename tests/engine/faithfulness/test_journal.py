"""The journal: what is kept, what is lost when the program is killed, and what is not taken for its own."""

from __future__ import annotations

import pytest

from engine.errors import TextError
from engine.faithfulness.journal import Journal

HEAD = {"seed": 1, "methods": ["attention"], "limit": None}
RECORDS = [{"line": 1, "values": [0.1, None]}, {"line": 3, "values": [1 / 3, 5e-324]}]


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "found.csv", HEAD)


def refusal(journal):
    with pytest.raises(TextError) as caught:
        journal.read()
    return str(caught.value)


def kept(journal):
    for record in RECORDS:
        journal.add(record)
    return journal


def test_there_is_no_file_before_the_first_sentence(journal):
    assert journal.read() == []
    assert not journal.path.exists()


def test_what_is_added_stands_there_at_once_bit_by_bit(journal, tmp_path):
    assert kept(journal).path == tmp_path / "found.csv.journal"
    assert Journal(tmp_path / "found.csv", dict(reversed(HEAD.items()))).read() == RECORDS
    assert len(journal.path.read_text().splitlines()) == 3


def test_what_was_being_written_counts_as_not_written(journal):
    whole = kept(journal).path.read_bytes()
    ends = [place + 1 for place, letter in enumerate(whole) if letter == ord("\n")]
    for cut in range(len(whole)):
        journal.path.write_bytes(whole[:cut])
        complete = max(0, sum(end <= cut for end in ends) - 1)
        assert journal.read() == RECORDS[:complete]
        for record in RECORDS[complete:]:
            journal.add(record)
        assert journal.path.read_bytes() == whole


def test_another_run_is_not_continued(journal, tmp_path):
    kept(journal)
    said = refusal(Journal(tmp_path / "found.csv", {**HEAD, "seed": 2}))
    assert "found.csv.journal cannot be continued" in said
    assert "“seed” was 1 and is 2 now" in said
    assert "choose another --out, or remove the journal" in said
    assert "“limit” was null and is 20 now" in refusal(Journal(tmp_path / "found.csv", {**HEAD, "limit": 20}))
    assert "“words” was null and is true now" in refusal(Journal(tmp_path / "found.csv", {**HEAD, "words": True}))
    assert len(journal.path.read_text().splitlines()) == 3


def test_a_long_value_is_cut_short(journal, tmp_path):
    kept(journal)
    said = refusal(Journal(tmp_path / "found.csv", {**HEAD, "methods": ["attention"] * 99}))
    assert len(said) < 400


@pytest.mark.parametrize(
    "content", [b"\n", b"text\n", b"[]\n", b"3\n", b'{"seed": 1}\n', b"\xff\xfe\n", b"[" * 9000 + b"\n", b"my notes"]
)
def test_what_is_no_journal_is_left_alone(journal, content):
    journal.path.write_bytes(content)
    assert "cannot be continued" in refusal(journal)
    assert journal.path.read_bytes() == content


@pytest.mark.parametrize("line", ["3", "{}", '{"line": 1}', '{"line": 1, "values": 2}', '{"line": "a", "values": []}'])
def test_a_line_that_is_no_sentence_is_refused(journal, line):
    kept(journal)
    with journal.path.open("a") as stream:
        stream.write(line + "\n")
    assert "Line 4 is no sentence" in refusal(journal)


def test_a_folder_in_its_place_is_told(journal):
    journal.path.mkdir()
    assert "cannot be continued" in refusal(journal)
    with pytest.raises(TextError, match="The journal cannot be written"):
        journal.add({})


def test_it_goes_when_the_table_stands(journal):
    kept(journal).remove()
    assert not journal.path.exists()
    journal.remove()
