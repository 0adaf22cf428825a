"""The bundled classifier: a new head on the base encoder, trained on the probabilities that examples carry."""

import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from sentences import Example, batches, collate
from torch.nn import functional
from transformers import BertConfig, BertForSequenceClassification

LABELS = {0: "negative", 1: "positive"}
SHAPE_KEYS = (
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
    "max_position_embeddings", "type_vocab_size", "layer_norm_eps", "initializer_range", "pad_token_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of training: its epochs, its highest rate, and whether the rate falls to zero at the end."""

    epochs: int
    rate: float
    seed: int
    falls: bool = True
    batch: int = 32
    layer_decay: float = 0.85
    warmup: float = 0.1
    weight_decay: float = 0.01


def build_model(base: Path, dropout: float) -> BertForSequenceClassification:
    """Put a new pooler and classifier on the base encoder.

    A sentence-embedding encoder averages its word states and never trains its pooler, so those weights are drawn anew.
    """
    given = json.loads((base / "config.json").read_text(encoding="utf-8"))
    config = BertConfig(
        **{key: given[key] for key in SHAPE_KEYS},
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        id2label=LABELS,
        label2id={name: number for number, name in LABELS.items()},
    )
    model = BertForSequenceClassification.from_pretrained(
        base, config=config, dtype=torch.float32, local_files_only=True, use_safetensors=True
    )
    torch.nn.init.normal_(model.bert.pooler.dense.weight, std=config.initializer_range)
    torch.nn.init.zeros_(model.bert.pooler.dense.bias)
    return model


def parameter_groups(model: BertForSequenceClassification, stage: Stage) -> list[dict[str, object]]:
    """Give each parameter its learning rate, lower by `layer_decay` per layer down; vectors do not decay."""
    top = model.config.num_hidden_layers + 1
    groups: list[dict[str, object]] = []
    for name, parameter in model.named_parameters():
        if name.startswith("bert.encoder.layer."):
            depth = int(name.split(".")[3]) + 1
        else:
            depth = 0 if name.startswith("bert.embeddings.") else top
        decay = stage.weight_decay if parameter.ndim > 1 else 0.0
        rate = stage.rate * stage.layer_decay ** (top - depth)
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups


def measure(model: torch.nn.Module, examples: list[Example], pad: int) -> dict[str, float]:
    """Accuracy, recall per class, mean confidence and cross-entropy of a model on labelled sentences."""
    model.eval()
    logits, targets = [], []
    with torch.inference_mode():
        for places in batches(examples, 64):
            ids, mask, target = collate([examples[place] for place in places], pad)
            logits.append(model(input_ids=ids, attention_mask=mask).logits)
            targets.append(target)
    scores, truth = torch.cat(logits), torch.cat(targets).argmax(-1)  # [example, class], [example]
    if not torch.isfinite(scores).all():
        raise SystemExit("the model gives logits that are not finite")
    right = (scores.argmax(-1) == truth).double()
    figures = {"accuracy": right.mean().item(), "confidence": scores.softmax(-1).amax(-1).mean().item()}
    figures |= {f"recall_{name}": right[truth == number].mean().item() for number, name in LABELS.items()}
    return figures | {"loss": functional.cross_entropy(scores, truth).item()}


def train(model: BertForSequenceClassification, train_set: list[Example], dev_set: list[Example], stage: Stage) -> None:
    """Train with AdamW in bfloat16 arithmetic; the dev figures are printed, never trained on."""
    pad, shuffle, begun = model.config.pad_token_id, random.Random(stage.seed), time.monotonic()
    total = stage.epochs * -(-len(train_set) // stage.batch)
    warm = max(1, round(stage.warmup * total))
    optimizer = torch.optim.AdamW(parameter_groups(model, stage), fused=True)

    def share(step: int) -> float:
        """The share of the highest rate at a step."""
        return min((step + 1) / warm, (total - step) / max(1, total - warm) if stage.falls else 1.0)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, share)
    torch.manual_seed(stage.seed)
    for epoch in range(1, stage.epochs + 1):
        model.train()
        losses = []
        for places in batches(train_set, stage.batch, shuffle):
            ids, mask, target = collate([train_set[place] for place in places], pad)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model(input_ids=ids, attention_mask=mask).logits
            loss = functional.cross_entropy(scores.float(), target)
            loss.backward()
            losses.append(loss.item())
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
        figures = " ".join(f"{name} {value:.4f}" for name, value in measure(model, dev_set, pad).items())
        spent, mean = time.monotonic() - begun, sum(losses) / len(losses)
        print(f"  epoch {epoch}/{stage.epochs} {spent:.0f} s  train loss {mean:.4f}  dev {figures}", flush=True)


def copy_weights(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """A model's weights as they are now."""
    return {name: value.clone() for name, value in model.state_dict().items()}


def average(states: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of several models' weights."""
    return {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}
