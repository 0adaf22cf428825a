"""Judge a masked-word model: minimal pairs, our own probes, and hidden words of running text."""

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import torch
from gap_text import RunningText, mask_words
from sentences import read_tokenizer
from tokenizers import Tokenizer
from transformers import AutoModelForMaskedLM, BertForMaskedLM

Pair = tuple[str, str, str]  # paradigm, good sentence, bad sentence
Row = tuple[tuple[int, ...], int, int]  # pieces with masks, place of the mask that is asked, piece that is scored
TOP = 10

# Our own sentences: what must win, what must lose.
PROBES = (
    ("The keys to the cabinet [MASK] on the table.", "are", "is"),
    ("The keys to the cabinet [MASK] on the table.", "were", "was"),
    ("The key to the cabinets [MASK] on the table.", "is", "are"),
    ("The key to the cabinets [MASK] on the table.", "was", "were"),
    ("The letters from my sister [MASK] been lost.", "have", "has"),
    ("The letter from my sisters [MASK] been lost.", "has", "have"),
    ("The farmer near the horses [MASK] not smile.", "does", "do"),
    ("The farmers near the horse [MASK] not smile.", "do", "does"),
    ("The nurse who helped the soldiers [MASK] tired.", "is", "are"),
    ("The nurses who helped the soldier [MASK] tired.", "are", "is"),
    ("The colour of the curtains [MASK] changed.", "has", "have"),
    ("The children in the photograph [MASK] happy.", "look", "looks"),
    ("[MASK] the windows of the old house open?", "are", "is"),
    ("[MASK] the window behind the chairs open?", "is", "are"),
    ("I sold [MASK] chairs to my neighbour.", "these", "this"),
    ("I sold [MASK] chair to my neighbours.", "this", "these"),
    ("My brother taught [MASK] to swim.", "himself", "herself"),
    ("My aunts taught [MASK] to swim.", "themselves", "herself"),
    ("The queen saw [MASK] in the mirror.", "herself", "himself"),
    ("The women at the bar introduced [MASK].", "themselves", "herself"),
    ("On the shelf [MASK] two old books.", "were", "was"),
    ("There [MASK] many reasons to stay.", "are", "is"),
)


def read_pairs(path: Path, most: int = 0) -> list[Pair]:
    """Read the pairs of a file, at most so many of each paradigm (0: all)."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        found[entry["uid"]].append((entry["uid"], entry["sentence_good"], entry["sentence_bad"]))
    return [pair for pairs in found.values() for pair in (pairs[:most] if most else pairs)]


def words_of(text: str, tokenizer: Tokenizer) -> list[tuple[int, ...]]:
    """The words of a text, each as its pieces; marks of beginning and end are words too."""
    encoding = tokenizer.encode(text)
    words: list[list[int]] = []
    for number, piece in zip(encoding.ids, encoding.tokens, strict=True):
        if piece.startswith("##"):
            words[-1].append(number)
        else:
            words.append([number])
    return [tuple(word) for word in words]


def rows_of(words: Sequence[tuple[int, ...]], begin: int, end: int, mask: int) -> list[Row]:
    """One row for each piece of the words from `begin` to `end`: those before it are shown, it and the rest masked."""
    before = [piece for word in words[:begin] for piece in word]
    asked = [piece for word in words[begin:end] for piece in word]
    after = [piece for word in words[end:] for piece in word]
    return [
        ((*before, *asked[:place], *[mask] * (len(asked) - place), *after), len(before) + place, piece)
        for place, piece in enumerate(asked)
    ]


def difference(good: Sequence[tuple[int, ...]], bad: Sequence[tuple[int, ...]]) -> tuple[int, int]:
    """How many words two sentences share at the beginning, and at the end."""
    shortest = min(len(good), len(bad))
    front = next((place for place in range(shortest) if good[place] != bad[place]), shortest)
    back = next((place for place in range(shortest - front) if good[-1 - place] != bad[-1 - place]), shortest - front)
    if front + back == shortest:  # one only adds words: a neighbour is masked too, so that both have something there
        front -= 1
    return front, back


def scores(model: BertForMaskedLM, rows: Sequence[Row], batch: int = 64) -> list[float]:
    """The log-probability of each row's piece at its place."""
    by_text: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        by_text[row[0]].append(number)
    texts = sorted(by_text, key=len)
    found = [0.0] * len(rows)
    start = 0
    while start < len(texts):
        same = [text for text in texts[start : start + batch] if len(text) == len(texts[start])]
        start += len(same)
        with torch.inference_mode():
            hidden = model.bert(input_ids=torch.tensor(same)).last_hidden_state
            asked = [(place, number) for place, text in enumerate(same) for number in by_text[text]]
            spots = torch.stack([hidden[place, rows[number][1]] for place, number in asked])
            logs = model.cls(spots).float().log_softmax(-1)  # [row, piece]
        for line, (_, number) in zip(logs, asked, strict=True):
            found[number] = line[rows[number][2]].item()
    return found


def judge_pairs(model: BertForMaskedLM, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> list[tuple[Pair, float, bool]]:
    """Each pair with its margin (good above bad) and whether one mask stands for either filler."""
    mask = tokenizer.token_to_id("[MASK]")
    rows: list[Row] = []
    spans: list[tuple[range, range]] = []
    for _, good, bad in pairs:
        both = words_of(good, tokenizer), words_of(bad, tokenizer)
        front, back = difference(*both)
        ranges = []
        for words in both:
            added = rows_of(words, front, len(words) - back, mask)
            ranges.append(range(len(rows), len(rows) + len(added)))
            rows += added
        spans.append((ranges[0], ranges[1]))
    logs = scores(model, rows)
    return [
        (pair, sum(logs[n] for n in good) - sum(logs[n] for n in bad), len(good) == len(bad) == 1)
        for pair, (good, bad) in zip(pairs, spans, strict=True)
    ]


def by_paradigm(judged: Sequence[tuple[Pair, float, bool]]) -> dict[str, tuple[float, int, float]]:
    """For each paradigm: accuracy, number of pairs with one mask, accuracy among those."""
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for (paradigm, _, _), margin, single in judged:
        found[paradigm].append((margin > 0, single))
    table = {}
    for paradigm, results in found.items():
        single = [right for right, one in results if one]
        right = sum(right for right, _ in results) / len(results)
        table[paradigm] = (right, len(single), sum(single) / max(1, len(single)))
    return table


def judge_probes(model: BertForMaskedLM, tokenizer: Tokenizer) -> list[tuple[str, str, str, float, int, int]]:
    """Our own sentences: text, right and wrong filler, margin in logits, and the rank of either."""
    results = []
    for text, good, bad in PROBES:
        ids = tokenizer.encode(text).ids
        place = ids.index(tokenizer.token_to_id("[MASK]"))
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([ids])).logits[0, place].float()
        right, wrong = (logits[tokenizer.token_to_id(word)] for word in (good, bad))
        ranks = [int((logits > one).sum()) + 1 for one in (right, wrong)]
        results.append((text, good, bad, (right - wrong).item(), *ranks))
    return results


def hidden_words(model: BertForMaskedLM, text: RunningText, seed: int, rate: float = 0.15) -> tuple[float, float, int]:
    """Share of hidden pieces of running text that the model names first, their mean log loss, their number."""
    chance = torch.Generator().manual_seed(seed)
    right, loss, asked = 0, 0.0, 0
    for start in range(0, len(text), 32):
        batch = mask_words(text.ids(range(start, min(start + 32, len(text)))), text.vocabulary, rate, chance, even=True)
        with torch.inference_mode():
            hidden = model.bert(input_ids=batch.ids).last_hidden_state.flatten(0, 1)[batch.places]
            logits = model.cls(hidden).float()
        right += int((logits.argmax(-1) == batch.targets).sum())
        loss += torch.nn.functional.cross_entropy(logits, batch.targets, reduction="sum").item()
        asked += len(batch.targets)
    return right / asked, loss / asked, asked


def report(model: BertForMaskedLM, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> None:
    """Print accuracy by paradigm, and the probes."""
    for paradigm, (right, count, single) in by_paradigm(judge_pairs(model, tokenizer, pairs)).items():
        print(f"  {paradigm:44} {right:.3f}   one mask: {single:.3f} of {count}")
    for text, good, bad, margin, *ranks in judge_probes(model, tokenizer):
        verdict = "right" if margin > 0 else "WRONG"
        print(f"  {verdict} {margin:+6.2f}  {text}  {good} (rank {ranks[0]}), {bad} ({ranks[1]})")


def main() -> None:
    """Judge the model in a folder."""
    parser = argparse.ArgumentParser(description="Judge a masked-word model by minimal pairs.")
    parser.add_argument("--model", type=Path, required=True, help="folder of the model")
    parser.add_argument("--pairs", type=Path, required=True, help="file of minimal pairs, one JSON object a line")
    parser.add_argument("--most", type=int, default=0, help="pairs of each paradigm (default: all)")
    parser.add_argument("--wrong", default="", help="print the pairs of this paradigm that are judged wrongly")
    given = parser.parse_args()
    torch.set_num_threads(1)
    model = AutoModelForMaskedLM.from_pretrained(given.model, dtype=torch.float32, local_files_only=True).eval()
    tokenizer = read_tokenizer(given.model, model.config.max_position_embeddings)
    pairs = read_pairs(given.pairs, given.most)
    report(model, tokenizer, pairs)
    chosen = [pair for pair in pairs if pair[0] == given.wrong]
    for (_, good, bad), margin, _ in judge_pairs(model, tokenizer, chosen):
        if margin <= 0:
            print(f"{margin:+.2f}  {good} | {bad}")


if __name__ == "__main__":
    main()
