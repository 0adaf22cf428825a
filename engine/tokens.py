"""Text to tokens with character spans and word numbers; plain token ids where a script gives those instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.contract import Request, Token
from engine.errors import ModelError, TextError

if TYPE_CHECKING:
    from engine.loading import OpenModel


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
    encoding = _encode_ids(opened, request) if request.ids is not None else _encode_text(opened, request)
    count, most = len(encoding.tokens), opened.info.max_tokens
    if count > most:
        raise TextError(
            "The text is too long",
            f"It has {count:,} pieces; this model reads at most {most:,}.",
            "Shorten it, or explain one sentence at a time.",
        )
    return encoding


def _encode_ids(opened: OpenModel, request: Request) -> Encoding:
    ids = list(request.ids or ())
    mask = list(request.attention_mask or [1] * len(ids))
    segments = list(request.segments or [0] * len(ids))
    if not ids:
        raise TextError(
            "There are no ids", "The list of token ids is empty.", "Give at least one, such as --ids 2,15,3."
        )
    if not len(ids) == len(mask) == len(segments):
        raise TextError(
            "The lists differ in length",
            f"{len(ids)} ids, {len(segments)} segments, {len(mask)} mask entries.",
            "Give one segment and one mask entry per id.",
        )
    _check_range("id", ids, opened.vocabulary)
    _check_range("segment", segments, opened.segments)
    _check_range("attention mask", mask, 2)
    tokens, word = [], -1
    for number, segment in zip(ids, segments, strict=True):
        special = number in opened.special_ids
        word += not special
        tokens.append(Token(str(number), number, -1, -1, -1 if special else word, segment, special))
    return Encoding(dict(zip(MODEL_INPUTS, (ids, mask, segments), strict=True)), tuple(tokens))


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
    made = _cut(opened, request)
    ids, special = made["input_ids"], made["special_tokens_mask"]
    if all(special):
        raise TextError(
            "Nothing in this text can be read",
            "The model's tokenizer keeps no character of it.",
            "Type letters, numbers or punctuation.",
        )
    # word_ids start again at 0 in a pair's second text; numbers here run on.
    words, parts = made.word_ids(), made.sequence_ids()
    in_first = [word for word, part in zip(words, parts, strict=True) if part == 0 and word is not None]
    offset = max(in_first, default=-1) + 1
    pieces = opened.tokenizer.convert_ids_to_tokens(ids)
    tokens, segment = [], 0
    for position, (piece, word, part) in enumerate(zip(pieces, words, parts, strict=True)):
        segment = segment if part is None else part  # a special token closes the text before it
        if special[position] or word is None:
            tokens.append(Token(piece, ids[position], -1, -1, -1, segment, is_special=True))
        else:
            start, end = _span(request, segment, *made["offset_mapping"][position])
            number = word + (offset if segment == 1 else 0)
            tokens.append(Token(piece, ids[position], start, end, number, segment, is_special=False))
    return Encoding({name: made[name] for name in MODEL_INPUTS if name in made}, tuple(tokens))


def _cut(opened: OpenModel, request: Request) -> Any:
    """What the tokenizer makes of the text; raises TextError or ModelError where the model could not read that."""
    try:
        (request.text + (request.pair or "")).encode()
    except UnicodeEncodeError as error:
        raise TextError(
            "The text holds half a character",
            f"{error.object[error.start]!a} is one half of a pair and stands alone.",
            "Type it again, or paste it from another program.",
        ) from error
    try:
        made = opened.tokenizer(  # type: ignore[misc]
            request.text, request.pair, return_offsets_mapping=True, return_special_tokens_mask=True
        )
    except Exception as error:  # the tokenizers library raises a bare Exception where a vocabulary lacks a piece
        raise ModelError(
            "The tokenizer is damaged", f"It cannot cut this text ({str(error)[:200]}).", "Copy the model folder again."
        ) from error
    for name, size in (("input_ids", opened.vocabulary), ("token_type_ids", opened.segments)):
        if max(made.get(name, ()), default=0) >= size:
            raise ModelError(
                "The tokenizer belongs to another model",
                f"It gives {name} up to {max(made[name])}; this model knows {size:,}, numbered from 0.",
                "Copy the tokenizer's files that belong to these weights.",
            )
    return made


def _span(request: Request, segment: int, start: int, end: int) -> tuple[int, int]:
    """A piece's characters without the spaces that byte-level tokenizers count in front of it."""
    text = request.pair if segment == 1 and request.pair is not None else request.text
    while start < end - 1 and text[start].isspace():
        start += 1
    return start, end
