"""A trained model as a Hugging Face folder."""

import json
from pathlib import Path

from tokenizers import Tokenizer
from transformers import PreTrainedModel


def write_folder(model: PreTrainedModel, tokenizer: Tokenizer, out: Path) -> None:
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
