"""Sentences for training: reading labelled ones, tokenising and batching all of them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence as token ids, with the probability to learn for the class positive (1 or 0 where it is known)."""

    ids: list[int]
    positive: float


def read_labelled(path: Path) -> list[tuple[str, int]]:
    """Read a `sentence<TAB>label` file; a line that is anything else ends the run with its number."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != "sentence\tlabel":
        raise SystemExit(f"{path}: the first line must be 'sentence<TAB>label'")
    rows = [line.split("\t") for line in lines[1:]]
    for number, row in enumerate(rows, start=2):
        if len(row) != 2 or not row[0].strip() or row[1] not in ("0", "1"):
            raise SystemExit(f"{path}, line {number}: expected a sentence, a tab, and the label 0 or 1")
    return [(sentence, int(label)) for sentence, label in rows]


def encode(sentences: Sequence[str], positives: Sequence[float], tokenizer: Tokenizer) -> list[Example]:
    """Tokenise sentences, each with the probability to learn for it."""
    encodings = tokenizer.encode_batch(list(sentences))
    return [Example(encoding.ids, positive) for encoding, positive in zip(encodings, positives, strict=True)]


def read_tokenizer(base: Path, longest: int) -> Tokenizer:
    """Load an encoder's tokenizer without the fixed padding and short truncation its file may ask for."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return tokenizer


def batches(examples: list[Example], size: int, shuffle: random.Random | None = None) -> Iterator[list[int]]:
    """Yield the places of examples of similar length; `shuffle` mixes equal lengths anew and orders batches anew."""
    keys = [(len(example.ids), shuffle.random() if shuffle else 0.0) for example in examples]
    order = sorted(range(len(examples)), key=keys.__getitem__)
    starts = list(range(0, len(order), size))
    if shuffle:
        shuffle.shuffle(starts)
    for start in starts:
        yield order[start : start + size]


def collate(batch: list[Example], pad: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pad a batch to its longest sentence: ids and mask [example, token], probabilities [example, class]."""
    width = max(len(example.ids) for example in batch)
    ids = torch.tensor([example.ids + [pad] * (width - len(example.ids)) for example in batch])
    mask = torch.tensor([[1] * len(example.ids) + [0] * (width - len(example.ids)) for example in batch])
    return ids, mask, torch.tensor([[1 - example.positive, example.positive] for example in batch])
