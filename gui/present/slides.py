"""Slides: states that were kept to be shown one after the other. Pure."""

from __future__ import annotations

from dataclasses import replace

from gui.guide.help import help_text
from gui.state import AppState, Compared, ViewState

Slides = tuple[AppState, ...]


def slide_of(state: AppState) -> AppState:
    """The state as a slide: with its comparison, without slides, list, pointer and theme of its own."""
    view = replace(state.view, hover=None, theme=ViewState().theme)
    return replace(state, view=view, slides=(), walk=None)


def with_slide(slides: Slides, state: AppState) -> Slides:
    """The slides and the state as the last of them; one that is the last already is kept once."""
    slide = slide_of(state)
    return slides if slides[-1:] == (slide,) else (*slides, slide)


def without(slides: Slides, index: int) -> Slides:
    """The slides but one."""
    return slides[:index] + slides[index + 1 :]


def moved(slides: Slides, index: int, to: int) -> Slides:
    """The slides with one of them in another place, at the nearest end where there is no such place."""
    rest = without(slides, index)
    to = min(max(to, 0), len(rest))
    return (*rest[:to], slides[index], *rest[to:])


def shown_with(slide: AppState, state: AppState) -> AppState:
    """What is there when the slide is shown instead of the state: the slides and the list stay."""
    return replace(slide, slides=state.slides, walk=state.walk)


def place_among(slides: Slides, state: AppState) -> int | None:
    """Which slide the state is, None where it is none."""
    slide = slide_of(state)
    return slides.index(slide) if slide in slides else None


def stepped(at: int | None, by: int, count: int) -> int | None:
    """The slide so many further, as far as there are any; from outside the slides forward to the first."""
    if not count or (at is None and by < 0):
        return at
    return min(max((-1 if at is None else at) + by, 0), count - 1)


def slide_title(slide: AppState) -> str:
    """The words a slide is known by: its sentence, or both of a pair."""
    made = slide.comparison
    texts = [made.text, slide.text] if made is not None and made.compared is Compared.SENTENCES else [slide.text]
    written = [" ".join(text.split()) for text in texts]
    return " | ".join(text for text in written if text) or help_text("slides", "empty")
