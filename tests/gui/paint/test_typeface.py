from __future__ import annotations

import pytest

from gui.paint.typeface import CENTRE, LEFT, RIGHT, Ink, apart, body_pixels, place, reads_right_to_left, width_of

INK = Ink(13)


@pytest.mark.parametrize(("align", "edge"), [(LEFT, "left"), (RIGHT, "right")])
def test_text_stands_where_it_was_put(align, edge):
    text = place("wonderful", INK, (100.0, 50.0), align)
    assert getattr(text.rect, edge)() == pytest.approx(100)
    assert text.rect.center().y() == pytest.approx(50)
    assert text.rect.width() == pytest.approx(width_of("wonderful", INK))


def test_what_is_cut_ends_in_an_ellipsis_and_keeps_its_full_text():
    text = place("Donaudampfschifffahrtsgesellschaft", INK, (0, 0), CENTRE, room=60)
    assert text.text.endswith("…")
    assert text.rect.width() <= 60
    assert text.full == "Donaudampfschifffahrtsgesellschaft"


def test_texts_never_touch_and_the_first_asked_stays():
    texts = [place("word", INK, (0.0, 4.0 * line)) for line in range(30)]
    kept = apart(texts, [17, *range(30)])
    assert texts[17] in kept
    assert 5 < len(kept) < 30
    for index, one in enumerate(kept):
        assert not any(one.rect.intersects(other.rect) for other in kept[index + 1 :])


def test_right_to_left_is_what_most_letters_are():
    assert reads_right_to_left(["שלום", "עולם", "ok"])
    assert reads_right_to_left(["مرحبا"])
    assert not reads_right_to_left(["hello", "שלום!", "world", "again"])
    assert not reads_right_to_left(["1", ".", ""])


def test_letters_grow_with_the_picture_within_bounds():
    small, middle, large = body_pixels(336, 320), body_pixels(780, 780), body_pixels(2560, 1440)
    assert 9 <= small < middle < large <= 2.2 * middle
