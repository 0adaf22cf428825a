"""Fine-tune a small BERT encoder on labelled sentences and write the bundled sentiment model.

The result is a Hugging Face folder: float16 weights, a fast tokenizer, a clean configuration and a model card
whose figures are measured on the folder as written. README.md beside this file has the command.
"""

import argparse
import json
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

import torch
from sentences import Example, batches, collate, read_examples, read_tokenizer
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification

LABELS = {0: "negative", 1: "positive"}
CARD = Path(__file__).with_name("sentiment_card.md")
SHAPE_KEYS = (
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
    "max_position_embeddings", "type_vocab_size", "layer_norm_eps", "initializer_range", "pad_token_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the outcome of a run, together with the data; each field is a command-line option."""

    epochs: int = 3
    batch: int = 32
    rate: float = 2e-4
    layer_decay: float = 0.85
    warmup: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    smoothing: float = 0.05
    seed: int = 7
    threads: int = 2


def build_model(base: Path, settings: Settings) -> BertForSequenceClassification:
    """Put a new pooler and classifier on the base encoder.

    A sentence-embedding encoder averages its word states and never trains its pooler, so those weights are drawn anew.
    """
    given = json.loads((base / "config.json").read_text(encoding="utf-8"))
    config = BertConfig(
        **{key: given[key] for key in SHAPE_KEYS},
        hidden_dropout_prob=settings.dropout,
        attention_probs_dropout_prob=settings.dropout,
        id2label=LABELS,
        label2id={name: number for number, name in LABELS.items()},
    )
    model = BertForSequenceClassification.from_pretrained(
        base, config=config, dtype=torch.float32, local_files_only=True, use_safetensors=True
    )
    torch.nn.init.normal_(model.bert.pooler.dense.weight, std=config.initializer_range)
    torch.nn.init.zeros_(model.bert.pooler.dense.bias)
    return model


def parameter_groups(model: BertForSequenceClassification, settings: Settings) -> list[dict[str, object]]:
    """Give each parameter its learning rate, lower by `layer_decay` per layer down; vectors do not decay."""
    top = model.config.num_hidden_layers + 1
    groups: list[dict[str, object]] = []
    for name, parameter in model.named_parameters():
        if name.startswith("bert.encoder.layer."):
            depth = int(name.split(".")[3]) + 1
        else:
            depth = 0 if name.startswith("bert.embeddings.") else top
        decay = settings.weight_decay if parameter.ndim > 1 else 0.0
        rate = settings.rate * settings.layer_decay ** (top - depth)
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups


def measure(model: torch.nn.Module, examples: list[Example], pad: int) -> dict[str, float]:
    """Accuracy, recall per class, mean confidence and cross-entropy of a model on labelled sentences."""
    model.eval()
    logits, labels = [], []
    with torch.inference_mode():
        for batch in batches(examples, 64):
            ids, mask, truth = collate(batch, pad)
            logits.append(model(input_ids=ids, attention_mask=mask).logits)
            labels.append(truth)
    scores, truth = torch.cat(logits), torch.cat(labels)  # [example, class], [example]
    if not torch.isfinite(scores).all():
        raise SystemExit("the model gives logits that are not finite")
    right = (scores.argmax(-1) == truth).double()
    figures = {"accuracy": right.mean().item(), "confidence": scores.softmax(-1).amax(-1).mean().item()}
    figures |= {f"recall_{name}": right[truth == number].mean().item() for number, name in LABELS.items()}
    return figures | {"loss": functional.cross_entropy(scores, truth).item()}


def train(
    model: BertForSequenceClassification, train_set: list[Example], dev_set: list[Example], settings: Settings
) -> None:
    """Train with AdamW and a linear warm-up and decay; the dev figures are printed, never trained on."""
    pad, shuffle, begun = model.config.pad_token_id, random.Random(settings.seed), time.monotonic()
    total = settings.epochs * -(-len(train_set) // settings.batch)
    warm = max(1, round(settings.warmup * total))
    optimizer = torch.optim.AdamW(parameter_groups(model, settings), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (total - step) / max(1, total - warm))
    )
    for epoch in range(1, settings.epochs + 1):
        model.train()
        losses = []
        for batch in batches(train_set, settings.batch, shuffle):
            ids, mask, truth = collate(batch, pad)
            scores = model(input_ids=ids, attention_mask=mask).logits
            loss = functional.cross_entropy(scores, truth, label_smoothing=settings.smoothing)
            loss.backward()
            losses.append(loss.item())
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
        figures = " ".join(f"{name} {value:.4f}" for name, value in measure(model, dev_set, pad).items())
        spent, mean = time.monotonic() - begun, sum(losses) / len(losses)
        print(f"epoch {epoch}/{settings.epochs} {spent:.0f} s  train loss {mean:.4f}  dev {figures}", flush=True)


def write_folder(model: BertForSequenceClassification, tokenizer: Tokenizer, out: Path) -> None:
    """Write float16 weights, configuration and tokenizer as a Hugging Face folder, replacing what is there."""
    model.half().save_pretrained(out)
    (out / "model.safetensors").chmod(0o644)
    tokenizer.no_truncation()
    tokenizer.save(str(out / "tokenizer.json"))
    names = {f"{name}_token": f"[{name.upper()}]" for name in ("cls", "sep", "pad", "unk", "mask")}
    described = {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": True,
        "strip_accents": None,
        "tokenize_chinese_chars": True,
        "model_max_length": model.config.max_position_embeddings,
        **names,
    }
    (out / "tokenizer_config.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def write_card(out: Path, dev_set: list[Example], train_size: int, settings: Settings) -> None:
    """Measure the written folder in float32 and fill the model card with the figures."""
    model = AutoModelForSequenceClassification.from_pretrained(out, dtype=torch.float32, local_files_only=True)
    figures = measure(model, dev_set, model.config.pad_token_id)
    filled = {name: f"{value:.3f}" for name, value in figures.items()}
    counts = {"train_size": f"{train_size:,}", "dev_size": f"{len(dev_set):,}"}
    card = Template(CARD.read_text(encoding="utf-8")).substitute(filled, **counts, **asdict(settings))
    (out / "README.md").write_text(card, encoding="utf-8")
    print("as written, in float32: " + " ".join(f"{name} {value}" for name, value in filled.items()))


def parse_arguments() -> tuple[argparse.Namespace, Settings]:
    """Read the command line and refuse what cannot work before any time is spent."""
    parser = argparse.ArgumentParser(description="Fine-tune the bundled sentiment model.")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder (all-MiniLM-L6-v2)")
    parser.add_argument("--data", type=Path, required=True, help="folder of sentiment-train.tsv and sentiment-dev.tsv")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value, help="default: %(default)s")
    given = parser.parse_args()
    settings = Settings(**{name: getattr(given, name) for name in asdict(Settings())})
    needed = [given.base / name for name in ("config.json", "model.safetensors", "tokenizer.json")]
    needed += [given.data / f"sentiment-{part}.tsv" for part in ("train", "dev")] + [CARD]
    if missing := [str(path) for path in needed if not path.is_file()]:
        parser.error("not found: " + ", ".join(missing))
    if given.out.exists() and not given.out.is_dir():
        parser.error(f"--out {given.out} is a file, not a folder")
    if min(settings.epochs, settings.batch, settings.threads, settings.rate, settings.layer_decay) <= 0:
        parser.error("--epochs, --batch, --threads, --rate and --layer-decay must be above zero")
    shares = (settings.warmup, settings.weight_decay, settings.dropout, settings.smoothing)
    if not all(0 <= share < 1 for share in shares):
        parser.error("--warmup, --weight-decay, --dropout and --smoothing must be at least 0 and below 1")
    return given, settings


def main() -> None:
    """Train, write the folder, measure what was written."""
    given, settings = parse_arguments()
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    model = build_model(given.base, settings)
    tokenizer = read_tokenizer(given.base, model.config.max_position_embeddings)
    train_set = read_examples(given.data / "sentiment-train.tsv", tokenizer)
    dev_set = read_examples(given.data / "sentiment-dev.tsv", tokenizer)
    train(model, train_set, dev_set, settings)
    write_folder(model, tokenizer, given.out)
    write_card(given.out, dev_set, len(train_set), settings)


if __name__ == "__main__":
    main()
