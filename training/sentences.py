"""Labelled sentences for training: reading, tokenising and batching them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence as token ids, with its class."""

    ids: list[int]
    label: int


def read_examples(path: Path, tokenizer: Tokenizer) -> list[Example]:
    """Read a `sentence<TAB>label` file; a line that is anything else ends the run with its number."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != "sentence\tlabel":
        raise SystemExit(f"{path}: the first line must be 'sentence<TAB>label'")
    rows = [line.split("\t") for line in lines[1:]]
    for number, row in enumerate(rows, start=2):
        if len(row) != 2 or not row[0].strip() or row[1] not in ("0", "1"):
            raise SystemExit(f"{path}, line {number}: expected a sentence, a tab, and the label 0 or 1")
    encodings = tokenizer.encode_batch([sentence for sentence, _ in rows])
    return [Example(encoding.ids, int(label)) for encoding, (_, label) in zip(encodings, rows, strict=True)]


def read_tokenizer(base: Path, longest: int) -> Tokenizer:
    """Load the base tokenizer without the fixed padding and short truncation its file may ask for."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return tokenizer


def batches(examples: list[Example], size: int, shuffle: random.Random | None = None) -> Iterator[list[Example]]:
    """Yield batches of similar length; with `shuffle`, equal lengths mix anew and batches come in random order."""
    order = sorted(examples, key=lambda example: (len(example.ids), shuffle.random() if shuffle else 0.0))
    starts = list(range(0, len(order), size))
    if shuffle:
        shuffle.shuffle(starts)
    for start in starts:
        yield order[start : start + size]


def collate(batch: list[Example], pad: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pad a batch to its longest sentence: ids and mask [example, token], labels [example]."""
    width = max(len(example.ids) for example in batch)
    ids = torch.tensor([example.ids + [pad] * (width - len(example.ids)) for example in batch])
    mask = torch.tensor([[1] * len(example.ids) + [0] * (width - len(example.ids)) for example in batch])
    return ids, mask, torch.tensor([example.label for example in batch])
