"""The teacher: a larger encoder, its upper half fine-tuned on the labels, that gives soft labels to sentences."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from sentences import Example, batches, collate, encode, read_tokenizer
from torch import Tensor
from torch.nn import functional
from transformers import MPNetModel

LONGEST = 96  # tokens
BATCH = 32


@dataclass(frozen=True, slots=True)
class TeacherSettings:
    """How the teacher is fine-tuned; the lower `frozen` layers and the embeddings stay as they are."""

    epochs: int = 2
    rate: float = 4e-5
    layer_decay: float = 0.9
    head_rate: float = 1e-3
    frozen: int = 6
    smoothing: float = 0.05
    warmup: float = 0.1
    dropout: float = 0.1
    seed: int = 7


class Teacher(torch.nn.Module):
    """all-mpnet-base-v2 with the mean of its word states under a linear classifier."""

    def __init__(self, base: Path, settings: TeacherSettings) -> None:
        super().__init__()
        self.encoder = MPNetModel.from_pretrained(
            base, dtype=torch.float32, local_files_only=True, use_safetensors=True, add_pooling_layer=False
        )
        self.encoder.requires_grad_(False)
        self.upper = self.encoder.encoder.layer[settings.frozen :].requires_grad_(True)
        self.lower = self.encoder.encoder.layer[: settings.frozen]
        self.drop = torch.nn.Dropout(settings.dropout)
        self.classifier = torch.nn.Linear(self.encoder.config.hidden_size, 2)
        torch.nn.init.normal_(self.classifier.weight, std=0.02)

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """What the frozen part makes of tokens: [example, token, state]."""
        hidden = self.encoder.embeddings(input_ids=ids)
        return self._pass(self.lower, hidden, mask)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Logits [example, class] from the states of the frozen part."""
        hidden = self._pass(self.upper, hidden, mask)
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.classifier(self.drop(mean))

    def _pass(self, layers: torch.nn.ModuleList, hidden: Tensor, mask: Tensor) -> Tensor:
        unseen = (1.0 - mask[:, None, None, :].float()) * -1e4
        places = self.encoder.encoder.compute_position_bias(hidden)
        for layer in layers:
            hidden = layer(hidden, unseen, places)[0]
        return hidden


def frozen_states(teacher: Teacher, examples: list[Example]) -> list[Tensor]:
    """The frozen part's states of every example, computed once: [token, state] each, bfloat16."""
    teacher.eval()
    kept: list[Tensor] = [torch.empty(0)] * len(examples)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for places in batches(examples, BATCH):
            ids, mask, _ = collate([examples[place] for place in places], teacher.encoder.config.pad_token_id)
            hidden = teacher.states(ids, mask).to(torch.bfloat16)
            for row, place in enumerate(places):
                kept[place] = hidden[row, : len(examples[place].ids)].clone()
    return kept


def join(states: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Pad a batch of states: float32 states [example, token, state] and mask [example, token]."""
    hidden = torch.nn.utils.rnn.pad_sequence([state.float() for state in states], batch_first=True)
    lengths = torch.tensor([len(state) for state in states])
    return hidden, (torch.arange(hidden.shape[1]) < lengths[:, None]).float()


def predict(teacher: Teacher, examples: list[Example], states: list[Tensor]) -> list[float]:
    """The probability of the class positive for every example."""
    teacher.eval()
    answers = [0.0] * len(examples)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for places in batches(examples, BATCH):
            scores = teacher(*join([states[place] for place in places])).float()
            for place, share in zip(places, scores.softmax(-1)[:, 1].tolist(), strict=True):
                answers[place] = share
    return answers


def fine_tune(teacher: Teacher, examples: list[Example], states: list[Tensor], settings: TeacherSettings) -> None:
    """Train the upper layers and the classifier with AdamW, linear warm-up and decay."""
    layers = list(teacher.upper)
    groups = [{"params": list(teacher.classifier.parameters()), "lr": settings.head_rate}]
    for depth, layer in enumerate(reversed(layers)):
        groups.append({"params": list(layer.parameters()), "lr": settings.rate * settings.layer_decay**depth})
    trained = [parameter for group in groups for parameter in group["params"]]
    total = settings.epochs * -(-len(examples) // BATCH)
    warm = max(1, int(settings.warmup * total))
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (total - step) / max(1, total - warm))
    )
    shuffle, begun = random.Random(settings.seed), time.monotonic()
    for epoch in range(1, settings.epochs + 1):
        teacher.train()
        for places in batches(examples, BATCH, shuffle):
            truth = torch.tensor([round(examples[place].positive) for place in places])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = teacher(*join([states[place] for place in places]))
            functional.cross_entropy(scores.float(), truth, label_smoothing=settings.smoothing).backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
        print(f"  teacher epoch {epoch}/{settings.epochs} {time.monotonic() - begun:.0f} s", flush=True)


def soft_labels(
    base: Path, labelled: list[tuple[str, int]], others: list[str], dev: list[tuple[str, int]]
) -> list[float]:
    """Fine-tune the teacher on labelled sentences; give its probabilities for those and then for the others."""
    settings = TeacherSettings()
    torch.manual_seed(settings.seed)
    teacher = Teacher(base, settings)
    tokenizer = read_tokenizer(base, LONGEST)
    taught = encode([sentence for sentence, _ in labelled], [label for _, label in labelled], tokenizer)
    states = frozen_states(teacher, taught)
    fine_tune(teacher, taught, states, settings)
    answers = predict(teacher, taught, states)
    held = encode([sentence for sentence, _ in dev], [label for _, label in dev], tokenizer)
    given = predict(teacher, held, frozen_states(teacher, held))
    right = sum((share > 0.5) == (label == 1) for share, (_, label) in zip(given, dev, strict=True))
    print(f"  teacher: dev accuracy {right / len(dev):.4f}", flush=True)
    asked = encode(others, [0.5] * len(others), tokenizer)
    return answers + predict(teacher, asked, frozen_states(teacher, asked))
