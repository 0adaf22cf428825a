"""Make the bundled sentiment model: labels and a larger teacher's soft labels train a small BERT classifier.

The result is a Hugging Face folder: float16 weights, a fast tokenizer, a clean configuration and a model card
whose figures are measured on the folder as written. README.md beside this file has the command.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

import torch
from film_text import film_sentences
from folder import write_folder
from sentences import Example, encode, read_labelled, read_tokenizer
from student import Stage, average, build_model, copy_weights, measure, train
from teacher import soft_labels
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification, BertForSequenceClassification

CARD = Path(__file__).with_name("sentiment_card.md")


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the outcome of a run, together with the data; each field is a command-line option."""

    start_epochs: int = 1
    epochs: int = 2
    last_epochs: int = 1
    rate: float = 2e-4
    last_rate: float = 1.5e-4
    runs: int = 2
    review_sentences: int = 8000
    truth_share: float = 0.5
    smoothing: float = 0.05
    dropout: float = 0.1
    seed: int = 7
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Data:
    """Labelled sentences to train on and to measure with, and the teacher's answers for training and film sentences."""

    train: list[tuple[str, int]]
    dev: list[tuple[str, int]]
    film: list[str]
    soft: list[float]


def read_data(given: argparse.Namespace, settings: Settings) -> Data:
    """Read the data folder; the teacher's answers come from the file `soft`, which is made where it is missing."""
    train_set, dev_set = (read_labelled(given.data / f"sentiment-{part}.tsv") for part in ("train", "dev"))
    known = [sentence for sentence, _ in train_set]
    dev_sentences = [sentence for sentence, _ in dev_set]
    film = film_sentences(given.data / "text.txt.xz", known, dev_sentences, settings.review_sentences, settings.seed)
    if not given.soft.exists():
        given.soft.parent.mkdir(parents=True, exist_ok=True)
        given.soft.write_text(json.dumps(soft_labels(given.teacher, train_set, film, dev_set)), encoding="utf-8")
    soft = json.loads(given.soft.read_text(encoding="utf-8"))
    if len(soft) != len(train_set) + len(film):
        raise SystemExit(f"{given.soft}: {len(soft)} answers, but {len(train_set) + len(film)} sentences; delete it")
    return Data(train_set, dev_set, film, soft)


def smoothed(label: int, smoothing: float) -> float:
    """The probability to learn for a known label."""
    return abs(label - smoothing / 2)


def examples_of(data: Data, tokenizer: Tokenizer, settings: Settings) -> tuple[list[Example], list[Example]]:
    """The examples of the first stage (labels) and of the second (labels mixed with the teacher, and the teacher)."""
    sentences = [sentence for sentence, _ in data.train]
    truths = [smoothed(label, settings.smoothing) for _, label in data.train]
    share = settings.truth_share
    mixed = [share * truth + (1 - share) * soft for truth, soft in zip(truths, data.soft, strict=False)]
    return (
        encode(sentences, truths, tokenizer),
        encode(sentences + data.film, mixed + data.soft[len(sentences) :], tokenizer),
    )


def make(given: argparse.Namespace, data: Data, settings: Settings) -> tuple[BertForSequenceClassification, Tokenizer]:
    """Train on the labels, then in two rounds on all sentences: `runs` runs from one start, their weights averaged."""
    torch.manual_seed(settings.seed)
    model = build_model(given.base, settings.dropout)
    tokenizer = read_tokenizer(given.base, model.config.max_position_embeddings)
    dev_set = encode([sentence for sentence, _ in data.dev], [label for _, label in data.dev], tokenizer)
    first, second = examples_of(data, tokenizer, settings)
    print(f"{len(first):,} labelled sentences")
    train(model, first, dev_set, Stage(settings.start_epochs, settings.rate, settings.seed, falls=False))
    seed = settings.seed
    for epochs, rate in ((settings.epochs, settings.rate), (settings.last_epochs, settings.last_rate)):
        start, ends = copy_weights(model), []
        for _ in range(settings.runs):
            print(f"{len(second):,} sentences, {epochs} epochs, seed {seed}")
            model.load_state_dict(start)
            train(model, second, dev_set, Stage(epochs, rate, seed))
            ends.append(copy_weights(model))
            seed += 1
        model.load_state_dict(average(ends))
    return model, tokenizer


def write_card(out: Path, data: Data, tokenizer: Tokenizer, settings: Settings) -> None:
    """Measure the written folder in float32 and fill the model card with the figures."""
    model = AutoModelForSequenceClassification.from_pretrained(out, dtype=torch.float32, local_files_only=True)
    dev_set = encode([sentence for sentence, _ in data.dev], [label for _, label in data.dev], tokenizer)
    figures = measure(model, dev_set, model.config.pad_token_id)
    filled = {name: f"{value:.3f}" for name, value in figures.items()}
    sizes = {"train_size": len(data.train), "dev_size": len(data.dev), "film_size": len(data.film)}
    counts = {name: f"{size:,}" for name, size in sizes.items()}
    card = Template(CARD.read_text(encoding="utf-8")).substitute(filled, **counts, **asdict(settings))
    (out / "README.md").write_text(card, encoding="utf-8")
    print("as written, in float32: " + " ".join(f"{name} {value}" for name, value in filled.items()))


def parse_arguments() -> tuple[argparse.Namespace, Settings]:
    """Read the command line and refuse what cannot work before any time is spent."""
    parser = argparse.ArgumentParser(description="Make the bundled sentiment model.")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder (all-MiniLM-L6-v2)")
    parser.add_argument("--teacher", type=Path, required=True, help="folder of the teacher (all-mpnet-base-v2)")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of sentiment-train.tsv, sentiment-dev.tsv and text.txt.xz"
    )
    parser.add_argument("--soft", type=Path, required=True, help="file of the teacher's answers, made if missing")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value, help="default: %(default)s")
    given = parser.parse_args()
    settings = Settings(**{name: getattr(given, name) for name in asdict(Settings())})
    needed = [given.data / "text.txt.xz", *(given.data / f"sentiment-{part}.tsv" for part in ("train", "dev")), CARD]
    for base in (given.base, given.teacher):
        needed += [base / name for name in ("config.json", "model.safetensors", "tokenizer.json")]
    if missing := [str(path) for path in needed if not path.is_file()]:
        parser.error("not found: " + ", ".join(missing))
    if given.out.exists() and not given.out.is_dir():
        parser.error(f"--out {given.out} is a file, not a folder")
    if min(settings.start_epochs, settings.epochs, settings.last_epochs, settings.runs, settings.threads) < 1:
        parser.error("--start-epochs, --epochs, --last-epochs, --runs and --threads must be at least 1")
    if min(settings.rate, settings.last_rate) <= 0:
        parser.error("--rate and --last-rate must be above zero")
    if settings.review_sentences < 0:
        parser.error("--review-sentences must not be negative")
    if not (0 <= settings.dropout < 1 and 0 <= settings.smoothing < 1 and 0 <= settings.truth_share <= 1):
        parser.error("--dropout and --smoothing must be at least 0 and below 1, --truth-share from 0 to 1")
    return given, settings


def main() -> None:
    """Train, write the folder, measure what was written."""
    given, settings = parse_arguments()
    torch.set_num_threads(settings.threads)
    data = read_data(given, settings)
    model, tokenizer = make(given, data, settings)
    write_folder(model, tokenizer, given.out)
    write_card(given.out, data, tokenizer, settings)


if __name__ == "__main__":
    main()
