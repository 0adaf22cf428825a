"""What is explained: the position the answer is read at, the answer, and the one it is explained instead of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.contract import Against, Head, Request
from engine.errors import GapError, TargetError

if TYPE_CHECKING:
    from torch import Tensor

    from engine.loading import OpenModel
    from engine.tokens import Encoding

MOST_SHOWN = 12  # answers named in a message
LONGEST = 100  # letters of one of them


@dataclass(frozen=True, slots=True)
class Target:
    """Indices of the explained answer and of its rival (-1: nothing), and of every answer worth listing beside them."""

    target: int
    against: int
    explained: tuple[int, ...]


def position_of(opened: OpenModel, encoding: Encoding, request: Request) -> int:
    """The token whose last state answers. Raises TargetError where there is none, or none such.

    By default the first one for a class of the whole text, the first mask for a masked word, and otherwise the first
    token that is not special.
    """
    if opened.info.head is Head.SEQUENCE_CLASSIFICATION:
        if request.position is not None:
            raise TargetError(
                "This model answers for the whole text",
                f"There is nothing to explain at position {request.position}.",
                "Leave the position out.",
            )
        return 0
    if request.position is not None:
        return _checked(request.position, len(encoding.tokens))
    if opened.info.head is Head.MASKED_WORD:
        gaps = [place for place, token in enumerate(encoding.tokens) if token.id == opened.mask_id]
        if not gaps:
            raise GapError(
                "There is no gap to fill",
                "This model guesses words that are left out, and none is.",
                _how_to_leave_out(opened),
                opened.info.mask_token,
            )
        return gaps[0]
    return next((place for place, token in enumerate(encoding.tokens) if not token.is_special), 0)


def _how_to_leave_out(opened: OpenModel) -> str:
    """What to do where no gap is, in words that hold for the window and the command line."""
    if opened.tokenizer is None:
        return "Put the mask token's id among the ids, or name the --position of the id to be guessed."
    either = f"Write {opened.info.mask_token} in place of a word, or choose" if opened.info.mask_token else "Choose"
    return f"{either} the position of a word to be guessed."


def _checked(position: int, tokens: int) -> int:
    if not 0 <= position < tokens:
        raise TargetError(
            "There is no such position",
            f"Position {position} is outside this text's {tokens} tokens, numbered from 0.",
            f"Use 0 to {tokens - 1}.",
        )
    return position


def target_of(opened: OpenModel, logits: Tensor, request: Request) -> Target:
    """Which of ``logits`` [class] is explained. Raises TargetError for an answer the model cannot give.

    Listed beside the target are all classes; of a vocabulary only the target and its rival.
    """
    target = int(logits.argmax()) if request.target is None else _index(opened, request.target)
    against = _against(opened, request, target)
    if opened.info.head is Head.MASKED_WORD:
        return Target(target, against, (target,) if against < 0 else (target, against))
    return Target(target, against, tuple(range(len(logits))))


def _against(opened: OpenModel, request: Request, target: int) -> int:
    labels = opened.info.labels
    if isinstance(request.against, Against):
        two = request.against is Against.OTHER and len(labels) == 2 and opened.has_softmax
        return 1 - target if two else -1
    if not opened.has_softmax:
        raise TargetError(
            "This answer has nothing to be compared with",
            "The model gives independent values, not classes that exclude each other.",
            "Explain one value alone.",
        )
    against = _index(opened, request.against)
    if against == target:
        raise TargetError(
            "Both answers are the same",
            f"“{labels[target]}” instead of itself says nothing.",
            "Choose two different ones.",
        )
    return against


def _index(opened: OpenModel, wanted: int | str) -> int:
    """An integer is an index, a text is a label (its case does not matter where that is clear)."""
    labels = opened.info.labels
    if isinstance(wanted, int):
        if 0 <= wanted < len(labels):
            return wanted
    elif opened.info.head is Head.MASKED_WORD and opened.tokenizer is not None:
        return _filler(opened.tokenizer, wanted, labels)
    elif wanted in labels:
        return labels.index(wanted)
    else:
        alike = [index for index, label in enumerate(labels) if label.casefold() == wanted.casefold()]
        if len(alike) == 1:
            return alike[0]
    shown = ", ".join(f"{index} {label}" for index, label in enumerate(labels[:MOST_SHOWN]))
    more = "" if len(labels) <= MOST_SHOWN else f" and so on, {len(labels):,} in all"
    raise TargetError(
        "The model has no such answer",
        f"“{str(wanted)[:LONGEST]}” is not one of its answers.",
        f"It has: {shown}{more}.",
    )


def _filler(tokenizer: Any, wanted: str, labels: tuple[str, ...]) -> int:
    """The vocabulary's index of a word that fills a gap.

    A word that stands after a space is asked for first, since that is what a gap between words is; where the
    vocabulary cuts it, the piece of exactly this name counts.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in wanted):
        raise TargetError("The model has no such answer", "It holds half a character.", "Type it again.")
    if len(wanted) > LONGEST:
        found = f"“{wanted[:LONGEST]}…” has {len(wanted):,} letters."
        raise TargetError("The model does not know this word", found, "Name one word.")
    cuts: list[list[int]] = [
        tokenizer(text, add_special_tokens=False)["input_ids"] for text in (f" {wanted.strip()}", wanted.strip())
    ]
    for cut in cuts:
        # A tokenizer may know added pieces that the model has no answer for.
        if len(cut) == 1 and cut[0] != tokenizer.unk_token_id and cut[0] < len(labels):
            return cut[0]
    if wanted in labels:
        return labels.index(wanted)
    pieces = tokenizer.convert_ids_to_tokens(cuts[0])
    if len(pieces) > 1 and tokenizer.unk_token_id not in cuts[0]:
        raise TargetError(
            "This word is not one piece",
            f"The model knows “{wanted}” only as {len(pieces)} pieces: {' '.join(pieces)}.",
            "A gap is filled by one piece: choose a more common word.",
        )
    raise TargetError(
        "The model does not know this word", f"“{wanted}” is not in its vocabulary.", "Choose a more common word."
    )
