from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest

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
