"""Opening a model folder: local files only, safetensors only, no remote code. The folder is untrusted input.

Whatever is wrong with a folder is told as a ModelError with what to do; nothing is guessed and no weight is made up.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError, safe_open
from transformers.utils import logging as transformers_logging

from engine.bundled import bundled_models
from engine.contract import Head, ModelInfo
from engine.errors import ModelError
from engine.family import Family, ServedClass, family_of

MAX_JSON_BYTES = 64 * 2**20
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack")
TOKENIZER_FILES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "sentencepiece.bpe.model",
    "spiece.model",
    "tokenizer.model",
)
SPECIAL_ID_KEYS = ("cls_token_id", "sep_token_id", "bos_token_id", "eos_token_id", "pad_token_id", "mask_token_id")
# What transformers, tokenizers and torch raise on damaged or contradictory files.
UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError, StrictDataclassError)


@dataclass(frozen=True, slots=True, eq=False)
class OpenModel:
    """A loaded model with everything the engine needs to know of it. ``vocabulary``, ``segments``: sizes."""

    info: ModelInfo
    family: Family
    served: ServedClass
    model: Any
    tokenizer: Any | None
    special_ids: frozenset[int]
    vocabulary: int
    segments: int
    has_softmax: bool


def resolve(name: str) -> tuple[str, str, Path]:
    """(name, title, folder) of a bundled model or a folder on disk; raises ModelError where there is neither."""
    for bundled in bundled_models():
        if name == bundled.name:
            return bundled.name, bundled.title, bundled.folder
    folder = Path(name).expanduser()
    if not folder.is_dir():
        known = ", ".join(model.name for model in bundled_models())
        raise ModelError(
            "There is no such model", f"“{name}” is neither a folder nor a bundled model.", f"Bundled: {known}."
        )
    return folder.name, folder.name, folder.resolve()


def open_model(name: str, dtype: str, device: str) -> OpenModel:
    """Load a bundled model or a Hugging Face folder onto ``device`` (auto, cpu, cuda) as ``dtype`` (float32, float64).

    Raises ModelError for everything a person can mend about the folder.
    """
    known_as, title, folder = resolve(name)
    config = _read_config(folder)
    class_name = (config.get("architectures") or ["(nothing)"])[0]
    family = family_of(str(class_name))
    warnings = family.check(config)
    served = family.classes[class_name]
    weights = _weight_files(folder)
    place = _device(device)
    model = _load(folder, served.module, class_name, getattr(torch, dtype)).to(place)
    tokenizer = _load_tokenizer(folder)
    settings = model.config
    labels = tuple(str(settings.id2label[index]) for index in range(settings.num_labels))
    info = ModelInfo(
        name=known_as,
        title=title,
        folder=str(folder),
        family=family.label,
        head=Head.SEQUENCE_CLASSIFICATION,
        labels=labels,
        layers=settings.num_hidden_layers,
        heads=settings.num_attention_heads,
        hidden=settings.hidden_size,
        max_tokens=settings.max_position_embeddings - family.first_position,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        weights_sha256=_digest(weights),
        device=_device_label(place),
        dtype=dtype,
        has_tokenizer=tokenizer is not None,
        warnings=warnings,
    )
    return OpenModel(
        info=info,
        family=family,
        served=served,
        model=model,
        tokenizer=tokenizer,
        special_ids=_special_ids(config, tokenizer),
        vocabulary=settings.vocab_size,
        segments=settings.type_vocab_size,
        has_softmax=settings.num_labels > 1 and settings.problem_type in (None, "single_label_classification"),
    )


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise ModelError(
            "This folder is no model",
            f"“{folder.name}” has no config.json.",
            "Choose a Hugging Face model folder: config.json, model.safetensors and the tokenizer's files.",
        )
    config = _read_json(path)
    if not isinstance(config, dict) or not isinstance(config.get("architectures"), list | None):
        raise ModelError(
            "The model's configuration is damaged", "config.json is not a table of settings.", "Copy it again."
        )
    return config


def _read_json(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_JSON_BYTES:
            raise ValueError("too large")
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            "The model's files are damaged", f"{path.name} cannot be read ({error}).", "Copy the folder again."
        ) from error


def _weight_files(folder: Path) -> tuple[Path, ...]:
    """The safetensors files, each opened once to see that it is whole."""
    files = tuple(sorted(folder.glob("*.safetensors")))
    if not files:
        pickled = sorted(path.name for pattern in PICKLES for path in folder.glob(pattern))
        if pickled:
            raise ModelError(
                "The weights are in an unsafe format",
                f"{pickled[0]} can run code when it is opened, so Headstream never opens it.",
                "Ask for the model as model.safetensors, or convert it with transformers' save_pretrained.",
            )
        raise ModelError("The model has no weights", "There is no model.safetensors.", "Copy the whole model folder.")
    for path in files:
        try:
            with safe_open(path, framework="pt") as opened:
                opened.keys()
        except (SafetensorError, OSError) as error:
            raise ModelError(
                "The weights are damaged", f"{path.name} is incomplete or not safetensors ({error}).", "Copy it again."
            ) from error
    return files


def _load(folder: Path, module: str, class_name: str, dtype: torch.dtype) -> Any:
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    kind = getattr(importlib.import_module(module), class_name)
    try:
        model, report = kind.from_pretrained(
            folder, dtype=dtype, local_files_only=True, use_safetensors=True, output_loading_info=True
        )
    except UNREADABLE as error:
        raise ModelError(
            "The model cannot be opened",
            f"Its configuration and its weights do not fit together ({str(error).splitlines()[0][:200]}).",
            "Copy the whole folder again.",
        ) from error
    lacking = sorted(report["missing_keys"])
    if lacking:
        raise ModelError(
            "The weights are incomplete",
            f"{len(lacking)} arrays of a {class_name} are missing, {lacking[0]} among them.",
            "Use a model trained for this task; an untrained answer would be random.",
        )
    if not all(bool(torch.isfinite(parameter).all()) for parameter in model.parameters()):
        raise ModelError(
            "The weights are damaged", "Some of them are not numbers (NaN or infinite).", "Copy the model again."
        )
    return model.requires_grad_(False).eval()


def _load_tokenizer(folder: Path) -> Any | None:
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        return None
    from tokenizers import Tokenizer
    from transformers.models.auto.tokenization_auto import AutoTokenizer

    try:
        whole = folder / "tokenizer.json"
        if whole.is_file():
            Tokenizer.from_file(str(whole))
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, use_fast=True, trust_remote_code=False)
    except Exception as error:  # the tokenizers library raises a bare Exception for damaged files
        raise ModelError(
            "The tokenizer is damaged", f"It cannot be read ({str(error)[:200]}).", "Copy the model folder again."
        ) from error
    if not tokenizer.is_fast:
        raise ModelError(
            "The tokenizer is of an old kind",
            "It cannot tell which letters a piece stands for.",
            "Save it once with transformers as a fast tokenizer (tokenizer.json).",
        )
    return tokenizer


def _special_ids(config: dict[str, Any], tokenizer: Any | None) -> frozenset[int]:
    ids = {config.get(key) for key in SPECIAL_ID_KEYS}
    if tokenizer is not None:
        ids |= set(tokenizer.all_special_ids)
    return frozenset(number for number in ids if isinstance(number, int))


def _device(asked: str) -> torch.device:
    if asked == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if asked == "cuda" and not torch.cuda.is_available():
        raise ModelError("There is no CUDA device", "This computer offers none to torch.", "Use --device cpu.")
    return torch.device(asked)


def _device_label(device: torch.device) -> str:
    return f"CPU, {torch.get_num_threads()} threads" if device.type == "cpu" else torch.cuda.get_device_name(device)


def _digest(files: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            while block := stream.read(2**20):
                digest.update(block)
    return digest.hexdigest()
