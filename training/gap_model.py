"""The masked-word model: a new head over the base encoder, its decoder tied to the word embeddings."""

import json
from pathlib import Path

import torch
from gap_text import Masked
from student import SHAPE_KEYS
from torch.nn import functional
from transformers import AttentionInterface, BertConfig, BertForMaskedLM


def single_precision(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **_: object,
) -> tuple[torch.Tensor, None]:
    """Attention in float32 amid bfloat16 arithmetic: its backward pass in bfloat16 is several times slower."""
    with torch.autocast("cpu", enabled=False):
        mixed = functional.scaled_dot_product_attention(
            query.float(), key.float(), value.float(), attn_mask=attention_mask
        )
    return mixed.transpose(1, 2).contiguous().to(query.dtype), None


AttentionInterface.register("single_precision", single_precision)


def build_model(base: Path, counts: torch.Tensor) -> BertForMaskedLM:
    """Put a new head on the base encoder; its bias begins at the logarithm of each piece's frequency."""
    given = json.loads((base / "config.json").read_text(encoding="utf-8"))
    config = BertConfig(
        **{key: given[key] for key in SHAPE_KEYS}, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    model = BertForMaskedLM.from_pretrained(
        base,
        config=config,
        dtype=torch.float32,
        local_files_only=True,
        use_safetensors=True,
        attn_implementation="single_precision",
    )
    head = model.cls.predictions
    frequency = (counts + 0.1) / (counts + 0.1).sum()
    with torch.no_grad():
        head.transform.dense.weight.copy_(torch.eye(config.hidden_size))
        head.transform.dense.bias.zero_()
        head.decoder.bias.copy_(frequency.log() - frequency.log().mean())
    return model


def answers(model: BertForMaskedLM, batch: Masked) -> torch.Tensor:
    """The logits at the masks alone: [mask, piece]."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        padded = not bool(batch.attention.all())
        hidden = model.bert(
            input_ids=batch.ids, attention_mask=batch.attention if padded else None
        ).last_hidden_state  # [sentence, token, width]
        logits = model.cls(hidden.flatten(0, 1)[batch.places])
    return logits.float()


def groups(model: BertForMaskedLM, weight_decay: float) -> list[dict[str, object]]:
    """The parameters in two groups: matrices, which decay, and vectors, which do not."""
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    return [
        {"params": [parameter for _, parameter in named if parameter.ndim > 1], "weight_decay": weight_decay},
        {"params": [parameter for _, parameter in named if parameter.ndim == 1], "weight_decay": 0.0},
    ]


def is_head(name: str) -> bool:
    """Whether a parameter belongs to the new head alone."""
    return name.startswith("cls.")
