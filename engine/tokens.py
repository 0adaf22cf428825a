"""Text to tokens with character spans and word numbers; plain token ids where a script gives those instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.boundaries import number_words
from engine.contract import Request, Token
from engine.errors import ModelError, TextError
from engine.spans import Typed, piece_spans

if TYPE_CHECKING:
    from engine.loading import OpenModel


# Far more than any model reads: spaces and words unknown to a vocabulary take no pieces, but time.
MOST_LETTERS = 200_000
MODEL_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


@dataclass(frozen=True, slots=True)
class Encoding:
    """What the model is fed (``model_inputs`` name -> one value per token) and what each position stands for."""

    model_inputs: dict[str, list[int]]
    tokens: tuple[Token, ...]


def encode(opened: OpenModel, request: Request) -> Encoding:
    """The request's text, pair or ids as the model's input.

    Raises TextError for an empty or too long input, ModelError where text is given to a model without a tokenizer.
    """
    return _encode_ids(opened, request) if request.ids is not None else _encode_text(opened, request)


def _check_length(opened: OpenModel, count: int) -> None:
    most = opened.info.max_tokens
    if count > most:
        raise TextError(
            "The text is too long",
            f"It has {count:,} pieces; this model reads at most {most:,}.",
            "Shorten it, or explain one sentence at a time.",
        )


def _encode_ids(opened: OpenModel, request: Request) -> Encoding:
    ids = list(request.ids or ())
    mask = list(request.attention_mask or [1] * len(ids))
    segments = list(request.segments or [0] * len(ids))
    if not ids:
        raise TextError(
            "There are no ids", "The list of token ids is empty.", "Give at least one, such as --ids 2,15,3."
        )
    _check_length(opened, len(ids))
    if not len(ids) == len(mask) == len(segments):
        raise TextError(
            "The lists differ in length",
            f"{len(ids)} ids, {len(segments)} segments, {len(mask)} mask entries.",
            "Give one segment and one mask entry per id.",
        )
    _check_range("id", ids, opened.vocabulary)
    _check_range("segment", segments, max(opened.segments, 1))
    _check_range("attention mask", mask, 2)
    tokens, word = [], -1
    for number, segment in zip(ids, segments, strict=True):
        special = number in opened.special_ids
        word += not special
        tokens.append(Token(str(number), number, -1, -1, -1 if special else word, segment, special))
    return Encoding(_inputs(opened, dict(zip(MODEL_INPUTS, (ids, mask, segments), strict=True))), tuple(tokens))


def _inputs(opened: OpenModel, made: Any) -> dict[str, list[int]]:
    """What the model is given; a model that tells no segments apart is not told of any."""
    names = MODEL_INPUTS if opened.segments > 1 else MODEL_INPUTS[:2]
    return {name: made[name] for name in names if name in made}


def _check_range(what: str, values: list[int], size: int) -> None:
    wrong = [value for value in values if not 0 <= value < size]
    if wrong:
        raise TextError(
            f"There is no {what} {wrong[0]}", f"This model knows {size:,}, numbered from 0.", f"Use 0 to {size - 1:,}."
        )


def _encode_text(opened: OpenModel, request: Request) -> Encoding:
    if opened.tokenizer is None:
        raise ModelError(
            "The model has no tokenizer",
            "Its folder holds no tokenizer.json, so text cannot be cut into the pieces it knows.",
            "Add the tokenizer's files to the folder, or give token ids with --ids.",
        )
    if not request.text.strip():
        raise TextError("There is no text yet", "The text is empty.", "Type a sentence.")
    letters = len(request.text) + len(request.pair or "")
    if letters > MOST_LETTERS:
        raise TextError(
            "The text is too long",
            f"It has {letters:,} characters; at most {MOST_LETTERS:,} are looked at.",
            "Shorten it, or explain one sentence at a time.",
        )
    mask = opened.info.mask_token or None
    texts = [Typed.read(text, mask) for text in (request.text, request.pair) if text]
    made = _cut(opened, texts)
    ids, special = made["input_ids"], made["special_tokens_mask"]
    _check_length(opened, len(ids))
    if all(special):
        raise TextError(
            "Nothing in this text can be read",
            "The model's tokenizer keeps no character of it.",
            "Type letters, numbers or punctuation.",
        )
    pieces, parts = opened.tokenizer.convert_ids_to_tokens(ids), made.sequence_ids()
    written: dict[int, tuple[int, int, int]] = {}  # position -> start, end, word
    words = 0
    for part, typed in enumerate(texts):
        places = [at for at, found in enumerate(parts) if found == part and not special[at]]
        spans = piece_spans(typed, [pieces[at] for at in places], [made["offset_mapping"][at] for at in places])
        numbers = number_words(typed.text, spans, alone=[pieces[at] == mask for at in places])
        written |= {at: (*span, words + number) for at, span, number in zip(places, spans, numbers, strict=True)}
        words += max(numbers, default=-1) + 1
    tokens, segment = [], 0
    for at, (piece, part) in enumerate(zip(pieces, parts, strict=True)):
        segment = segment if part is None else part  # a special token closes the text before it
        place = written.get(at, (-1, -1, -1))
        tokens.append(Token(piece, ids[at], *place, segment, is_special=at not in written))
    return Encoding(_inputs(opened, made), tuple(tokens))


def _cut(opened: OpenModel, texts: list[Typed]) -> Any:
    """What the tokenizer makes of the text; raises TextError or ModelError where the model could not read that."""
    try:
        "".join(typed.fed for typed in texts).encode()
    except UnicodeEncodeError as error:
        raise TextError(
            "The text holds half a character",
            f"{error.object[error.start]!a} is one half of a pair and stands alone.",
            "Type it again, or paste it from another program.",
        ) from error
    try:
        made = opened.tokenizer(  # type: ignore[misc]
            *(typed.fed for typed in texts), return_offsets_mapping=True, return_special_tokens_mask=True
        )
    except Exception as error:  # the tokenizers library raises a bare Exception where a vocabulary lacks a piece
        raise ModelError(
            "The tokenizer is damaged", f"It cannot cut this text ({str(error)[:200]}).", "Copy the model folder again."
        ) from error
    sizes = {"input_ids": opened.vocabulary, "token_type_ids": opened.segments}
    for name in _inputs(opened, made):
        if name in sizes and max(made[name], default=0) >= sizes[name]:
            raise ModelError(
                "The tokenizer belongs to another model",
                f"It gives {name} up to {max(made[name])}; this model knows {sizes[name]:,}, numbered from 0.",
                "Copy the tokenizer's files that belong to these weights.",
            )
    return made
