"""Pasted CoNLL-U and tables: what is understood, what is said of the rest, and that nothing can break it."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gui.annotation import AnnotatedWord
from gui.interlinear.reading import MOST_LETTERS, MOST_WORDS, is_interlinear, read_interlinear
from gui.interlinear.sentence import LONGEST_CELL, PasteError

GERMAN = """# sent_id = 1
# text = Die Katze schläft im Haus.
1\tDie\tder\tDET\tART\tCase=Nom\t2\tdet\t_\tGloss=the
2\tKatze\tKatze\tNOUN\tNN\t_\t3\tnsubj\t_\tGloss=cat
3\tschläft\tschlafen\tVERB\tVVFIN\t_\t0\troot\t_\tGloss=sleep.3SG
4-5\tim\t_\t_\t_\t_\t_\t_\t_\t_
4\tin\tin\tADP\tAPPR\t_\t6\tcase\t_\tGloss=in
5\tdem\tder\tDET\tART\t_\t6\tdet\t_\tGloss=the.DAT
5.1\tleer\tleer\tADJ\t_\t_\t_\t_\t6:amod\t_
6\tHaus\tHaus\tNOUN\tNN\t_\t3\tobl\t_\tGloss=house|SpaceAfter=No
7\t.\t.\tPUNCT\t$.\t_\t3\tpunct\t_\t_
"""


def test_a_sentence_of_conllu() -> None:
    read = read_interlinear(GERMAN)
    assert read.text == "Die Katze schläft im Haus."
    assert read.remarks == ()
    assert read.annotation.words == (
        AnnotatedWord("Die", "the", "DET", 2, "det"),
        AnnotatedWord("Katze", "cat", "NOUN", 3, "nsubj"),
        AnnotatedWord("schläft", "sleep.3SG", "VERB", 0, "root"),
        AnnotatedWord("im", "in.the.DAT", "ADP+DET", 5, "case"),
        AnnotatedWord("Haus", "house", "NOUN", 3, "obl"),
        AnnotatedWord(".", "", "PUNCT", 3, "punct"),
    )


def test_the_text_is_joined_where_the_comment_is_missing_or_about_something_else() -> None:
    bare = "\n".join(line for line in GERMAN.split("\n") if not line.startswith("#"))
    assert read_interlinear(bare).text == "Die Katze schläft im Haus."
    assert read_interlinear("# text = Other words.\n" + bare).text == "Die Katze schläft im Haus."


def test_fewer_columns_spaces_for_tabs_and_windows_lines() -> None:
    assert read_interlinear("\ufeff1\tAh\r\n2\tso\t_\tADV\r\n").annotation.words == (
        AnnotatedWord("Ah"), AnnotatedWord("so", "", "ADV"),
    )  # fmt: skip
    spaced = "1  Die  der  DET  ART  _  2  det  _  _\n2  Katze  Katze  NOUN  NN  _  0  root  _  _"
    assert is_interlinear(spaced)
    assert [word.head for word in read_interlinear(spaced).annotation.words] == [2, 0]


def test_a_gloss_may_hold_signs_of_equality() -> None:
    read = read_interlinear("1\tinu=wa\t_\tNOUN\t_\t_\t_\t_\t_\tTranslit=x|Gloss=dog=TOP")
    assert read.annotation.words[0].gloss == "dog=TOP"


def test_a_table_in_the_usual_order() -> None:
    read = read_interlinear("inu\tdog\tNOUN\t2\nhoeru\tbark\tVERB\t0\troot\n.\n")
    assert read.text == "inu hoeru."
    assert read.annotation.words == (
        AnnotatedWord("inu", "dog", "NOUN", 2),
        AnnotatedWord("hoeru", "bark", "VERB", 0, "root"),
        AnnotatedWord("."),
    )


def test_a_table_that_names_its_columns() -> None:
    read = read_interlinear('Form\tPOS\tignored\tGloss\n«\tPUNCT\tx\t\nchien\tNOUN\tx\tdog\n"\tPUNCT\tx\t_\n»\tPUNCT')
    assert [(word.form, word.gloss, word.part_of_speech) for word in read.annotation.words] == [
        ("«", "", "PUNCT"), ("chien", "dog", "NOUN"), ('"', "", "PUNCT"), ("»", "", "PUNCT"),
    ]  # fmt: skip
    assert read.text == '«chien "»'


def test_what_is_left_out_is_said() -> None:
    read = read_interlinear("a\tx\t\t9\nb\ty\t\tc\nc\tz\t\t1\n\nd\tw\n")
    assert [word.head for word in read.annotation.words] == [None, None, 1]
    assert read.remarks == ("Only the first of 2 sentences was taken.", "2 heads could not be read.")
    assert read_interlinear("a\tx\t\t9\n").remarks == ("1 head could not be read.",)


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("", "no words"),
        ("# text = Only a comment.", "no words"),
        ("just a sentence", "Nothing stands beside the words"),
        ("\tgloss\n\tother", "no words"),
        ("word\tgloss", "Nothing stands beside"),
        ("x" * (MOST_LETTERS + 1), "too much"),
        ("a\tb\n" * (MOST_WORDS + 1), "too long"),
        ("a\t" + "b" * 140_000, "too long to be a word"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_plain_words(pasted: str, says: str) -> None:
    with pytest.raises(PasteError, match=says):
        read_interlinear(pasted)


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        (GERMAN, True),
        ("1\tYes\t_\tINTJ", True),
        ("inu\tdog\nhoeru\tbark", True),
        ("inu\tdog\n.\t", True),
        ("indented\t\nlines\t", False),
        ("A plain sentence.", False),
        ("Two lines\nof a poem", False),
        ("cells\tof\tone\trow", False),
        ("1\tYes", False),
        ("a\tb\nno tab here", False),
        ("\n\n", False),
        ("1 2 3\n4 5 6", False),
    ],
)
def test_interlinear_text_is_told_from_sentences(pasted: str, expected: bool) -> None:
    assert is_interlinear(pasted) is expected


cells = st.one_of(
    st.integers(0, 12).map(str), st.sampled_from(["_", "1-2", "3.1", "9-2", "", "Gloss=a|=|b==", "1:a|2", '"']),
    st.text(max_size=6),
)  # fmt: skip
tables = st.lists(st.lists(cells, max_size=11).map("\t".join), max_size=8).map("\n".join)


@given(st.one_of(tables, st.text(max_size=80)))
@example("1\t\n")
@example("0\t0")
@example("#\thash\na\tb")
@example("5-6\ta\n5-6\tb\n5\tc")
@example("1\ta\n# text =\n2\tb")
def test_whatever_is_pasted_is_read_or_refused(pasted: str) -> None:
    is_interlinear(pasted)
    try:
        read = read_interlinear(pasted)
    except PasteError:
        return
    assert read.text
    count = len(read.annotation.words)
    assert all(word.head is None or 0 <= word.head <= count for word in read.annotation.words)
    assert all(len(word.gloss) <= LONGEST_CELL for word in read.annotation.words)


def test_no_pattern_takes_for_ever() -> None:
    begun = time.perf_counter()
    for hostile in ("1\ta\t_\t_\t_\t_\t1\t_\t" + "1:a" * 4000 + "!", "1-" + "9" * 20_000 + "\ta", "=" * 100_000):
        is_interlinear(hostile)
        with contextlib.suppress(PasteError):
            read_interlinear(hostile)
    assert time.perf_counter() - begun < 1
