"""Running text for the masked-word model: fixed lengths that begin at a sentence, masks drawn anew each time."""

import lzma
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

HELD_OUT = 100  # one document of so many is kept to measure with
AGREEING = {
    "is", "are", "was", "were", "has", "have", "does", "do", "isn", "aren", "wasn", "weren", "hasn", "haven", "doesn",
    "don", "himself", "herself", "itself", "themselves", "this", "these", "that", "those", "each", "every", "many",
    "most", "his", "her", "its", "their",
}  # fmt: skip
AGREEING_RATE = 2.0  # how much oftener than others these words are masked


@dataclass(frozen=True, slots=True)
class Masked:
    """A batch with masks: ids and attention [sentence, token], flat places of the masks, and what stood there."""

    ids: torch.Tensor
    attention: torch.Tensor
    places: torch.Tensor
    targets: torch.Tensor


def read_documents(path: Path) -> list[str]:
    """The documents of a compressed text file, one a line."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file]


def split_documents(documents: list[str], seed: int) -> tuple[list[str], list[str]]:
    """Documents to train on and documents held out."""
    order = list(range(len(documents)))
    random.Random(seed).shuffle(order)
    kept = set(order[: len(order) // HELD_OUT])
    return (
        [text for place, text in enumerate(documents) if place not in kept],
        [text for place, text in enumerate(documents) if place in kept],
    )


class RunningText:
    """Documents as one stream of pieces, cut into sequences that begin at a sentence and have one length."""

    def __init__(self, documents: Sequence[str], tokenizer: Tokenizer, length: int) -> None:
        sentences = [part for text in documents for part in re.split(r"(?<=[.!?]) +", text) if part.strip()]
        pieces = [encoding.ids for encoding in tokenizer.encode_batch(sentences, add_special_tokens=False)]
        self.stream = torch.tensor([piece for sentence in pieces for piece in sentence])
        self.length = length - 2
        begins, place = [], 0
        for sentence in pieces:
            begins.append(place)
            place += len(sentence)
        self.starts = self.choose(begins, place)
        self.vocabulary = Vocabulary(tokenizer)

    def choose(self, begins: list[int], end: int) -> list[int]:
        """Starts of sequences: the last sentence that begins before the sequence in front ends, so none is lost."""
        starts, next_start, last = [], 0, 0
        for begin in [*begins, end]:
            if begin > next_start + self.length:
                starts.append(next_start)
                next_start = last if last > next_start else begin
                while begin > next_start + self.length:
                    starts.append(next_start)
                    next_start += self.length
            last = begin
        return [start for start in starts if start + self.length <= end]

    def __len__(self) -> int:
        return len(self.starts)

    def ids(self, numbers: Sequence[int]) -> torch.Tensor:
        """Sequences by number, with the marks of beginning and end: [sentence, token]."""
        begin, end = self.vocabulary.special("[CLS]"), self.vocabulary.special("[SEP]")
        rows = [self.stream[self.starts[number] : self.starts[number] + self.length] for number in numbers]
        body = torch.stack(rows)
        edge = torch.ones(len(rows), 1, dtype=torch.long)
        return torch.cat([edge * begin, body, edge * end], 1)


class Vocabulary:
    """The tokenizer's pieces as tables: which continue a word, which are masked oftener, which are marks."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.ids = tokenizer.get_vocab()
        size = len(self.ids)
        self.continues = torch.zeros(size, dtype=torch.bool)
        self.rate = torch.ones(size)
        for piece, number in self.ids.items():
            self.continues[number] = piece.startswith("##")
            self.rate[number] = AGREEING_RATE if piece in AGREEING else 0.0 if re.fullmatch(r"\[\S+\]", piece) else 1.0

    def special(self, piece: str) -> int:
        """The number of a piece."""
        return self.ids[piece]


def mask_words(
    ids: torch.Tensor, vocabulary: Vocabulary, rate: float, chance: torch.Generator, even: bool = False
) -> Masked:
    """Mask whole words with all their pieces; every chosen word becomes the mask, since that is what is asked later.

    `even` masks all words equally often.
    """
    rates = vocabulary.rate[ids].clamp(max=1.0 if even else AGREEING_RATE)
    draw = torch.rand(ids.shape, generator=chance) < rate * rates
    continues = vocabulary.continues[ids]
    word = torch.cumsum(~continues, 1) - 1  # [sentence, token] -> number of the word
    drawn = torch.zeros_like(ids).scatter_add_(1, word, (draw & ~continues).long())  # [sentence, word]
    chosen = drawn.gather(1, word) > 0
    places = chosen.flatten().nonzero().squeeze(1)
    targets = ids.flatten()[places]
    hidden = ids.masked_fill(chosen, vocabulary.special("[MASK]"))
    return Masked(hidden, torch.ones_like(ids), places, targets)
