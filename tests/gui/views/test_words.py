from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.annotation import AnnotatedWord, Annotation
from gui.controls.chooser import Entry
from gui.paint.chips import chip_fill, chip_strip, chip_words
from gui.paint.colour import READABLE, contrast, readable_ink
from gui.paint.palette import LIGHT, PALETTES
from gui.state import Hover, Node, ViewState
from gui.views.words import TALLEST, WordsView, figure
from tests.gui import samples
from tests.gui.pictures import far, inside, painted, share_unlike

HEBREW = "הסרט היה ארוך מדי, אבל השחקנים היו נפלאים באמת"
SHARES = np.array([9.0, 0.0, 1.0, 0.0, -2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 0.0, 0.5])


def strip(width=300.0, view=None, **changes):
    return chip_strip(samples.explanation(**changes), view or ViewState(), width, 13)


def test_pieces_add_up_and_special_tokens_set_no_measure():
    shown = strip(scores=SHARES)
    by_word = {chip.text.full: chip for chip in shown.chips}
    assert by_word["wonderful"].share == 4.0
    assert by_word["wonderful"].strength == 1.0
    assert by_word["absolutely"].share == 2.0
    assert by_word["thin"].strength == -0.5
    assert by_word["[CLS]"].is_special
    assert by_word["[CLS]"].strength == 1.0, "clipped, drawn muted"
    assert chip_words(shown, by_word["thin"]) == "thin: −2.00"


def test_special_tokens_can_be_hidden_and_are_named():
    shown = strip(view=ViewState(show_special=False))
    assert not any(chip.is_special for chip in shown.chips)
    assert shown.badge == "hidden: [CLS], [SEP]; they still count in the sum"
    assert legend_of(shown).endswith("Hidden: [CLS], [SEP]; they still count in the sum.")
    assert strip(scores=SHARES, view=ViewState(show_special=False)).chips[0].share == 0.0, "shares of a sum stay"


@pytest.mark.parametrize("width", [90.0, 300.0, 1200.0])
@pytest.mark.parametrize(
    "text", [samples.SENTENCE, HEBREW, "Donaudampfschifffahrtsgesellschaft" * 4, "a", samples.SENTENCE * 20]
)
def test_chips_wrap_without_touching(width, text):
    shown = strip(width=width, text=text)
    for index, chip in enumerate(shown.chips):
        assert inside(chip.rect, width + 0.01, shown.height)
        assert chip.rect.contains(chip.text.rect.adjusted(0, 1, 0, -1))
        assert not any(chip.rect.intersects(other.rect) for other in shown.chips[index + 1 :])
    bottom = max(chip.rect.bottom() for chip in shown.chips)
    assert all(piece.rect.top() > bottom - 1 for piece, _ in shown.legend)
    assert all(inside(piece.rect, width + 1, shown.height + 1) for piece, _ in shown.legend)


def test_right_to_left_starts_at_the_right():
    shown = strip(text=HEBREW)
    assert shown.right_to_left
    assert shown.chips[0].rect.right() == pytest.approx(300)
    assert shown.chips[1].rect.right() < shown.chips[0].rect.left()


def test_the_line_below_says_how_to_read_it():
    assert " ".join(piece.text for piece, _ in strip().legend) == (
        "Blue words push towards Positive, orange words push against it."
    )
    roles = {piece.text: role for piece, role in strip().legend}
    assert (roles["Blue"], roles["orange"]) == ("towards", "against")
    mixing = strip(signed=False, unit="fraction", explains_answer=False)
    assert legend_of(mixing) == "Deeper blue: more of the mixing comes from this word, whatever the answer."
    unsigned = strip(signed=False, unit="fraction")
    assert legend_of(unsigned) == "Deeper blue: counts more for Positive. This method gives no sign."


@pytest.mark.parametrize(("theme", "more"), [("light", "Deeper blue"), ("dark", "Brighter"), ("grey", "Darker")])
def test_more_is_called_what_it_looks_like_in_each_theme(theme, more):
    explanation = samples.explanation(signed=False, unit="fraction")
    shown = chip_strip(explanation, ViewState(theme=theme), 900, 16)
    assert legend_of(shown).startswith(f"{more}: counts more")


def legend_of(shown):
    return " ".join(piece.text for piece, _ in shown.legend)


def test_numbers_are_said_in_the_methods_own_unit():
    def words(**changes):
        shown = strip(**({"scores": SHARES} | changes))
        return chip_words(shown, shown.chips[3 + 1]).replace("\N{NO-BREAK SPACE}", " ")

    assert words() == "thin: −2.00"
    assert words(unit="probability") == "thin: −2 probability"
    mixed = strip(scores=np.abs(SHARES), unit="fraction", signed=False)
    assert sum(chip.share for chip in mixed.chips) == pytest.approx(1), "parts of the whole"
    assert words(scores=np.abs(SHARES) / 1e5, unit="gradient", signed=False) == "thin: 2 × 10⁻⁵ gradient"


def test_the_word_whose_answer_is_explained_is_underlined():
    made = samples.filling()
    shown = chip_strip(made, ViewState(), 400, 13)
    assert [chip.text.full for chip in shown.chips if chip.is_asked] == ["MASK"]
    assert legend_of(shown).endswith("Underlined: where the answer is read.")
    assert "towards are," in legend_of(shown), "a filler is written as it stands in the text"
    assert not any(chip.is_asked for chip in strip().chips)


def test_grey_has_words_and_frames_of_its_own():
    shown = strip(scores=SHARES, view=ViewState(theme="grey"))
    words = " ".join(piece.text for piece, _ in shown.legend)
    assert words == "Dark words push towards Positive, framed words push against it."
    thin = next(chip for chip in shown.chips if chip.text.full == "thin")
    drawing = figure(
        samples.explanation(scores=SHARES), ViewState(theme="grey"), QRectF(0, 0, 600, 300), PALETTES["grey"]
    )
    image = painted(drawing, 600, 300, PALETTES["grey"])
    there = next(chip for chip in drawing.strip.chips if chip.text.full == "thin").rect
    top = (300 - 2 * drawing.rect.top() - drawing.strip.height) / 2 + drawing.rect.top()
    edge = [
        image.pixelColor(int(x), int(top + there.top() + 0.5))
        for x in np.linspace(there.left() + 5, there.right() - 5, 60)
    ]
    assert thin.strength < 0
    assert sum(colour.lightness() < 120 for colour in edge) > 10, "a dashed frame"


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
@pytest.mark.parametrize("signed", [True, False])
def test_every_word_is_readable_on_its_chip(palette, signed):
    shown = strip(scores=np.linspace(-1, 1, 16), signed=signed)
    for chip in shown.chips:
        fill = chip_fill(chip, palette, signed=signed)
        assert contrast(readable_ink(fill, palette), fill) >= READABLE


def test_colour_is_sign():
    shown = strip(scores=SHARES)
    by_word = {chip.text.full: chip for chip in shown.chips}
    assert chip_fill(by_word["wonderful"], LIGHT, signed=True) == LIGHT.towards
    red, _, blue = chip_fill(by_word["thin"], LIGHT, signed=True)
    assert red > blue + 40
    assert chip_fill(by_word["wonderful"], LIGHT, signed=False) == LIGHT.scale[-1]


def test_all_zero_and_not_finite():
    shown = strip(scores=np.zeros(16))
    assert {chip.strength for chip in shown.chips} == {0.0}
    with pytest.raises(ValueError, match="not finite"):
        strip(scores=np.full(16, np.nan))


@pytest.mark.parametrize("size", [(336, 200), (1280, 720), (700, 480)])
@pytest.mark.parametrize("theme", list(PALETTES))
def test_the_figure_fills_its_page(size, theme):
    drawing = figure(samples.explanation(), ViewState(show_special=False), QRectF(0, 0, *size), PALETTES[theme])
    assert drawing.strip.height <= size[1]
    assert drawing.notes == ("hidden: [CLS], [SEP]; they still count in the sum",)
    assert share_unlike(painted(drawing, *size, PALETTES[theme]), PALETTES[theme].card) > 0.05


@pytest.fixture
def shown():
    widget = WordsView()
    widget.resize(300, 200)
    widget.show_result(samples.explanation(scores=SHARES), ViewState(), stale=False)
    widget.show()
    yield widget
    widget.close()


def spot(widget: WordsView, word: str) -> QPoint:
    return next(chip.rect.center().toPoint() for chip in widget._strip.chips if chip.text.full == word)


def test_hover_and_click_tell_the_word(shown):
    told, picked = [], []
    shown.hovered.connect(told.append)
    shown.picked.connect(picked.append)
    QTest.mouseMove(shown.canvas, spot(shown, "thin"))
    QTest.mouseClick(shown.canvas, Qt.MouseButton.LeftButton, pos=spot(shown, "thin"))
    assert told[-1] == Hover(4)
    assert picked == [Node(0, 4)]


def test_a_word_lit_elsewhere_gets_a_ring(shown):
    chip = next(chip for chip in shown._strip.chips if chip.text.full == "actors")
    edge = QPoint(int(chip.rect.left()) + 1, round(chip.rect.center().y()))
    before = shown.canvas.grab().toImage().pixelColor(edge)
    shown.show_result(shown._explanation, ViewState(hover=Hover(chip.tokens[0])), stale=False)
    after = shown.canvas.grab().toImage().pixelColor(edge)
    assert far(after, LIGHT.text) < far(before, LIGHT.text) - 60


def test_the_strip_is_as_tall_as_its_lines_up_to_a_point(shown):
    short = shown.height()
    assert short == round(shown._strip.height) + 2
    shown.show_result(samples.explanation(samples.SENTENCE * 12), ViewState(), stale=False)
    assert shown.height() == TALLEST > short
    assert shown.canvas.height() > TALLEST


# Pairs, pieces, glosses, hidden ones


def filling(text="The keys to the cabinet [MASK] here.", **changes):
    """A masked-word model whose gaps are written [MASK], as its tokenizer would cut the text."""
    made = samples.filling(text)
    return replace(made, model=replace(made.model, mask_token="[MASK]"), **changes)


def pair(first="A film.", second="Was it good?"):
    one, two = samples.tokens_of(first), samples.tokens_of(second)[1:]
    words = max(token.word_index for token in one) + 1
    two = tuple(
        replace(token, segment=1, word_index=token.word_index + words if token.word_index >= 0 else -1) for token in two
    )
    count = len(one) + len(two)
    made = samples.explanation(first, tokens=(*one, *two), scores=np.arange(float(count)), **samples.words_alone())
    return replace(made, request=replace(made.request, pair=second))


def by_word(shown):
    return {chip.text.full: chip for chip in shown.chips}


def test_the_texts_of_a_pair_stand_apart_with_a_name_each():
    shown = chip_strip(pair(), ViewState(), 900, 13)
    assert [caption.text for caption in shown.captions] == ["First text", "Second text"]
    first, second = by_word(shown)["film"], by_word(shown)["Was"]
    first_name, second_name = shown.captions
    assert first_name.rect.bottom() <= first.rect.top()
    assert first.rect.bottom() < second_name.rect.top() < second_name.rect.bottom() <= second.rect.top()
    assert second.rect.left() == first_name.rect.left() == 0
    assert strip().captions == ()


def test_pieces_are_joined_and_a_word_keeps_together():
    whole = strip(width=900)
    split = strip(width=900, view=ViewState(split_words=("wonderful",)))
    assert len(split.chips) == len(whole.chips) + 1
    first, last = by_word(split)["wonder"], by_word(split)["ful"]
    assert (first.joins_before, first.joins_after, last.joins_before, last.joins_after) == (False, True, True, False)
    assert first.rect.right() == pytest.approx(last.rect.left()), "no gap"
    assert by_word(split)["."].rect.left() > last.rect.right() + 3
    assert not any(chip.joins_before or chip.joins_after for chip in whole.chips)
    for width in range(60, 400, 20):
        shown = by_word(strip(width=float(width), view=ViewState(split_words=("wonderful",))))
        if shown["wonder"].rect.width() + shown["ful"].rect.width() <= width:
            assert shown["wonder"].rect.top() == shown["ful"].rect.top(), "a word breaks only where no line holds it"


def test_a_seam_is_thin_and_seen():
    drawing = figure(
        samples.explanation(scores=np.ones(16)), ViewState(whole_words=False), QRectF(0, 0, 600, 300), LIGHT
    )
    image = painted(drawing, 600, 300, LIGHT)
    top = (300 - 2 * drawing.rect.top() - drawing.strip.height) / 2 + drawing.rect.top()
    first = by_word(drawing.strip)["wonder"].rect
    y = int(top + first.top() + 3)
    row = [image.pixelColor(int(drawing.rect.left() + first.right()) + step, y) for step in range(-5, 6)]
    pale = [colour for colour in row if far(colour, LIGHT.towards) > 60]
    assert 1 <= len(pale) <= 3


def test_backwards_pieces_join_at_the_other_side():
    shown = strip(text=HEBREW, view=ViewState(whole_words=False), width=900)
    cut = [chip for chip in shown.chips if chip.joins_after]
    for chip in cut:
        following = shown.chips[shown.chips.index(chip) + 1]
        assert following.rect.right() == pytest.approx(chip.rect.left())


def test_fractions_are_rescaled_to_what_is_seen():
    shares = np.abs(SHARES) + 1
    given = {"scores": shares, "unit": "fraction", "signed": False}
    seen, hiding = strip(**given), strip(view=ViewState(show_special=False), **given)
    assert sum(chip.share for chip in hiding.chips) == pytest.approx(1)
    ratio = by_word(hiding)["plot"].share / by_word(seen)["plot"].share
    assert ratio == pytest.approx(shares.sum() / shares[1:-1].sum())
    assert hiding.badge == "hidden: [CLS], [SEP]; shares rescaled to the words shown"
    assert strip(view=ViewState(show_special=False), **given, checks={}).badge == hiding.badge
    gradient = strip(view=ViewState(show_special=False), unit="gradient", signed=False, checks={})
    assert gradient.badge == "hidden: [CLS], [SEP]", "what never adds up claims nothing"
    assert seen.badge == ""


GLOSSES = Annotation(
    (
        AnnotatedWord("The", "DEF", "DET", 2, "det"),
        AnnotatedWord("plot", "story", "NOUN", 4, "nsubj"),
        AnnotatedWord("was", "be.PST", "AUX", 4, "cop"),
        AnnotatedWord("thin", "meagre", "ADJ", 0, "root"),
        AnnotatedWord(",", "", "PUNCT", 4, "punct"),
        AnnotatedWord("wonderful", "full of wonder, and much longer than its word"),
    )
)


def test_what_is_known_of_a_word_stands_below_it():
    shown = strip(width=600, view=ViewState(annotation=GLOSSES))
    plot = by_word(shown)["plot"]
    assert [line.full for line in plot.below] == ["story", "NOUN", "nsubj ← thin"]
    assert {round(line.rect.left(), 3) for line in plot.below} == {round(plot.text.rect.left(), 3)}
    tops = [plot.rect.bottom(), *(line.rect.top() for line in plot.below)]
    assert tops == sorted(tops)
    assert chip_words(shown, plot).split("\n")[1] == "story · NOUN · nsubj ← thin"
    assert [line.full for line in by_word(shown)["thin"].below] == ["meagre", "ADJ", "root"]
    assert by_word(shown)[","].below == (), "a mark needs no room"
    assert by_word(shown)["[CLS]"].below == ()
    assert by_word(strip(width=600))["plot"].rect.width() < plot.rect.width(), "the chip makes room"
    long = by_word(shown)["wonderful"].below[0]
    assert long.text.endswith("…")
    assert long.full.endswith("than its word")


def test_lines_with_glosses_never_touch():
    shown = strip(width=300, view=ViewState(annotation=GLOSSES, split_words=("wonderful",)))
    boxes = [chip.rect.adjusted(0, 0, 0, -1) for chip in shown.chips]
    boxes += [line.rect.adjusted(0, 2, 0, -2) for chip in shown.chips for line in chip.below]
    boxes += [piece.rect for piece, _ in shown.legend]
    for index, box in enumerate(boxes):
        assert inside(box, 301, shown.height + 1)
        assert not any(box.intersects(other) for other in boxes[index + 1 :])


def test_glosses_are_mirrored_with_their_script():
    words = HEBREW.replace(",", " ,").split()
    known = Annotation(tuple(AnnotatedWord(word, f"gloss {place}", "X", 1, "dep") for place, word in enumerate(words)))
    shown = strip(text=HEBREW, width=600, view=ViewState(annotation=known))
    chip = by_word(shown)[words[1]]
    assert {round(line.rect.right(), 3) for line in chip.below} == {round(chip.text.rect.right(), 3)}
    assert chip.below[2].full == f"\u200fdep → {words[0]}"


# The menu of a word


def entries_of(widget, word):
    QTest.mouseClick(widget.canvas, Qt.MouseButton.LeftButton, pos=spot(widget, word))
    popup = QApplication.activePopupWidget()
    return {} if popup is None else {entry.accessibleName(): entry for entry in popup.findChildren(Entry)}


@pytest.fixture
def gapped():
    widget = WordsView()
    widget.resize(420, 300)
    widget.show_result(filling("The wonderful keys [MASK] here."), ViewState(), stale=False)
    widget.show()
    yield widget
    if (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    widget.close()


def test_a_click_opens_what_can_be_done_with_a_word(gapped):
    told = []
    gapped.gap_requested.connect(lambda token: told.append(("gap", token)))
    gapped.place_requested.connect(lambda token: told.append(("place", token)))
    gapped.look_requested.connect(lambda view: told.append(("look", view.split_words)))
    gapped.picked.connect(lambda node: told.append(("pick", node)))
    assert list(entries_of(gapped, "wonderful")) == [
        "Leave it out and let the model guess",
        "Explain what the model expects here",
        "Show its pieces",
        "Trace it through the layers",
    ]
    QApplication.activePopupWidget().close()
    for title in ("Leave it out and let the model guess", "Explain what the model expects here", "Show its pieces"):
        entries_of(gapped, "wonderful")[title].click()
    entries_of(gapped, "keys")["Trace it through the layers"].click()
    assert told == [("gap", 2), ("place", 2), ("look", ("wonderful",)), ("pick", Node(0, 4))]


def test_the_menu_opens_under_its_word(gapped):
    entries_of(gapped, "keys")
    popup = QApplication.activePopupWidget()
    chip = next(chip for chip in gapped._strip.chips if chip.text.full == "keys")
    below = gapped.canvas.mapToGlobal(chip.rect.bottomLeft().toPoint())
    assert abs(popup.pos().y() - below.y()) <= 8
    assert popup.accessibleName() == "What to do with “keys”"


def test_the_right_button_opens_the_same_menu(gapped):
    at = spot(gapped, "keys")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, gapped.canvas.mapToGlobal(at))
    QApplication.sendEvent(gapped.canvas, event)
    assert QApplication.activePopupWidget() is not None


def test_arrow_keys_walk_and_enter_opens(gapped):
    told = []
    gapped.hovered.connect(told.append)
    gapped.canvas.setFocus()
    QTest.keyClick(gapped.canvas, Qt.Key.Key_Right)
    QTest.keyClick(gapped.canvas, Qt.Key.Key_Right)
    assert told == [Hover(1), Hover(2)]
    assert "wonderful: " in gapped.canvas.accessibleName()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Menu):
        QTest.keyClick(gapped.canvas, key)
        popup = QApplication.activePopupWidget()
        assert popup.accessibleName() == "What to do with “wonderful”"
        popup.close()


def test_an_open_menu_is_offered_at_the_word_under_the_pointer(gapped):
    chip = next(chip for chip in gapped._strip.chips if chip.text.full == "keys")
    foot = QPoint(round(chip.rect.center().x()), round(chip.rect.bottom()))
    before = gapped.canvas.grab().toImage().pixelColor(foot)
    gapped.show_result(gapped._explanation, ViewState(hover=Hover(chip.tokens[0])), stale=False)
    assert far(gapped.canvas.grab().toImage().pixelColor(foot), LIGHT.text) < far(before, LIGHT.text) - 60


def test_a_word_that_only_can_be_traced_is_traced_at_once(shown):
    assert entries_of(shown, "thin") == {}
