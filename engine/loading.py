"""Opening a model folder: local files only, safetensors only, no remote code. The folder is untrusted input.

Whatever is wrong with a folder is told as a ModelError with what to do; nothing is guessed and no weight is made up.
"""

from __future__ import annotations

import importlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers.utils import logging as transformers_logging

from engine import registry
from engine.bundled import bundled_models
from engine.contract import Head, ModelInfo
from engine.errors import ModelError, first_line
from engine.family import Family, ServedClass, family_of
from engine.folder import check_files, read_json
from engine.parts import HeadParts, LayerParts, head_parts, layer_parts
from engine.tokenizer import open_tokenizer
from engine.weights import check_size, digest, weight_files

# What a tokenizer puts around a text. A mask or an unknown word stands for something written: it is no such token.
SPECIAL_ID_KEYS = ("cls_token_id", "sep_token_id", "bos_token_id", "eos_token_id", "pad_token_id")
SIZE_KEYS = (
    "hidden_size",
    "intermediate_size",
    "max_position_embeddings",
    "num_attention_heads",
    "num_hidden_layers",
    "type_vocab_size",
    "vocab_size",
    "dim",
    "embedding_size",
    "hidden_dim",
    "inner_group_num",
    "n_heads",
    "n_layers",
    "num_hidden_groups",
)
MOST = {"num_hidden_layers": 1000, "n_layers": 1000, "inner_group_num": 100}
MOST_ELSE = 2**20
MOST_LABELS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class OpenModel:
    """A loaded model with everything the engine needs to know of it.

    ``vocabulary`` and ``segments`` are sizes; ``mask_id`` is the mask token's, None where there is none;
    ``mean_pooling`` where the head reads the mean of all states.
    """

    info: ModelInfo
    family: Family
    model: Any
    layers: tuple[LayerParts, ...]
    head: HeadParts
    tokenizer: Any | None
    special_ids: frozenset[int]
    vocabulary: int
    segments: int
    has_softmax: bool
    mask_id: int | None
    mean_pooling: bool


def resolve(name: str) -> tuple[str, str, Path]:
    """(name, title, folder) of a bundled model or a folder on disk; raises ModelError where there is neither."""
    for bundled in bundled_models():
        if name == bundled.name:
            return bundled.name, bundled.title, bundled.folder
    folder = _directory(name)
    if folder is None:
        known = ", ".join(model.name for model in bundled_models())
        raise ModelError(
            "There is no such model", f"“{name}” is neither a folder nor a bundled model.", f"Bundled: {known}."
        )
    return folder.name, folder.name, folder


def _directory(name: str) -> Path | None:
    try:
        folder = Path(name).expanduser().resolve()
        return folder if name.strip() and folder.is_dir() else None
    except (OSError, ValueError, RuntimeError):  # too long, forbidden, or the home of nobody
        return None


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
    held = weight_files(folder)
    check_size(held, config, dtype)
    place = _device(device)
    model, unread = _load(folder, served, class_name, getattr(torch, dtype))
    model = model.to(place)
    warnings += _left_out(unread, served.layers)
    tokenizer = open_tokenizer(folder)
    settings = model.config
    layers = layer_parts(model, family, served)
    mask_id = _mask_id(config, tokenizer, settings.vocab_size)
    info = ModelInfo(
        name=known_as,
        title=title,
        folder=str(folder),
        family=family.label,
        head=served.head,
        labels=_labels(settings, served.head, tokenizer),
        layers=len(layers),
        heads=settings.num_attention_heads,
        hidden=settings.hidden_size,
        intermediate=layers[0].feed_forward_out.weight.shape[1],
        max_tokens=settings.max_position_embeddings - _first_position(family, settings),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        weights_sha256=digest(held.files),
        device=_device_label(place),
        dtype=dtype,
        has_tokenizer=tokenizer is not None,
        mask_token=_mask_token(tokenizer, settings.vocab_size),
        takes_pairs=served.head is Head.SEQUENCE_CLASSIFICATION and _joins(tokenizer) and _reads_pairs(folder),
        warnings=warnings,
        unavailable=_unavailable(family, served, masks=mask_id is not None),
    )
    return OpenModel(
        info=info,
        family=family,
        model=model,
        layers=layers,
        head=head_parts(model, served.paths),
        tokenizer=tokenizer,
        special_ids=_special_ids(config, tokenizer),
        vocabulary=settings.vocab_size,
        segments=settings.type_vocab_size if family.reads_segments else 1,
        has_softmax=_has_softmax(settings, served.head),
        mask_id=mask_id,
        mean_pooling=_pools_mean(settings, family, served),
    )


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise ModelError(
            "This folder is no model",
            f"“{folder.name}” has no config.json.",
            "Choose a Hugging Face model folder: config.json, model.safetensors and the tokenizer's files.",
        )
    check_files(folder)
    config = read_json(path)
    if not isinstance(config, dict) or not isinstance(config.get("architectures"), list | None):
        raise ModelError(
            "The model's configuration is damaged", "config.json is not a table of settings.", "Copy it again."
        )
    for key in SIZE_KEYS:
        size, most = config.get(key, 1), MOST.get(key, MOST_ELSE)
        # Checked here, before transformers builds as many layers as a damaged file asks for.
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= most:
            raise ModelError(
                "The model's configuration is damaged",
                f"It sets {key} to {json.dumps(size)[:40]}; a whole number from 1 to {most:,} is needed.",
                "Copy it again.",
            )
    _check_labels(config)
    return config


def _check_labels(config: dict[str, Any]) -> None:
    """Raises ModelError for more labels than a model has: transformers makes up a name for each, one by one."""
    for key in ("num_labels", "id2label", "label2id"):
        given = config.get(key)
        count = len(given) if isinstance(given, dict) else given if isinstance(given, int) else 0
        if count > MOST_LABELS:
            raise ModelError(
                "The model's configuration is damaged",
                f"Its {key} stands for {str(count)[:40]} labels; {MOST_LABELS:,} at most can be read.",
                "Copy it again.",
            )


def _load(folder: Path, served: ServedClass, class_name: str, dtype: torch.dtype) -> tuple[Any, list[str]]:
    """The model in evaluation mode, and the names of the arrays in its files that it does not read."""
    transformers_logging.set_verbosity(logging.CRITICAL)  # what it would say is said by the errors below
    transformers_logging.disable_progress_bar()
    kind = getattr(importlib.import_module(served.module), class_name)
    try:
        model, report = kind.from_pretrained(
            folder,
            dtype=dtype,
            local_files_only=True,
            use_safetensors=True,
            output_loading_info=True,
            # How a model is run, not what it computes: a recorded pass needs these as they are by default.
            chunk_size_feed_forward=0,
            output_attentions=False,
            output_hidden_states=False,
            return_dict=True,
        )
    except Exception as error:  # foreign code on an untrusted folder: there is no list of what it may raise
        raise ModelError(
            "The model cannot be opened",
            f"Its configuration and its weights do not fit together ({first_line(error)}).",
            "Copy the whole folder again.",
        ) from error
    # A state is read before any pooler, which such a class has all the same.
    idle = ("pooler.",) if served.head is Head.STATE else ()
    lacking = sorted(name for name in report["missing_keys"] if not name.startswith(idle))
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
    return model.requires_grad_(False).eval(), sorted(report["unexpected_keys"])


def _left_out(unread: list[str], layers: str) -> tuple[str, ...]:
    """A warning where whole layers lie unread in the files; heads of other tasks often do and mean nothing."""
    inside = [name for name in unread if name.startswith(f"{layers}.")]
    if not inside:
        return ()
    return (f"The weights hold layers the configuration does not use: {len(inside)} arrays, {inside[0]} among them.",)


def _first_position(family: Family, settings: Any) -> int:
    """The number of position embeddings taken before the first token."""
    if not family.positions_after_padding:
        return 0
    if settings.pad_token_id is None:
        raise ModelError(
            "The model's configuration is incomplete",
            f"{family.label} counts positions from pad_token_id, and config.json sets none.",
            "Add it; 1 is usual.",
        )
    return int(settings.pad_token_id) + 1


def _labels(settings: Any, head: Head, tokenizer: Any | None) -> tuple[str, ...]:
    """What the model can answer: its classes, the pieces of its vocabulary, or a state's length."""
    if head is Head.STATE:
        return ("length of the state",)
    if head is Head.MASKED_WORD:
        if tokenizer is None:
            return tuple(str(index) for index in range(settings.vocab_size))
        known = tokenizer.convert_ids_to_tokens(range(min(settings.vocab_size, len(tokenizer))))
        unnamed = range(len(known), settings.vocab_size)
        return (*(str(piece) for piece in known), *(f"[{index}]" for index in unnamed))
    named: dict[int, Any] = settings.id2label
    if sorted(named) != list(range(settings.num_labels)):
        raise ModelError(
            "The model's labels are damaged",
            f"config.json numbers its {len(named)} labels {', '.join(map(str, sorted(named)[:8]))}.",
            "Number them from 0 in id2label.",
        )
    return tuple(str(named[index]) for index in range(len(named)))


def _has_softmax(settings: Any, head: Head) -> bool:
    if head is Head.STATE:
        return False
    single = settings.problem_type in (None, "single_label_classification")
    return head is Head.MASKED_WORD or (settings.num_labels > 1 and single)


def _pools_mean(settings: Any, family: Family, served: ServedClass) -> bool:
    if family.pooling_key is None or served.head is not Head.SEQUENCE_CLASSIFICATION:
        return False
    return bool(getattr(settings, family.pooling_key) == "mean")


def _unavailable(family: Family, served: ServedClass, *, masks: bool) -> dict[str, str]:
    """The methods that do not fit, by id, with the reason."""
    traits = registry.Traits(family.id, served.head, family.block.norm_first, family.block.gated, masks)
    reasons = {method.id: method.unfit(traits) for method in registry.discover()}
    return {identifier: reason for identifier, reason in reasons.items() if reason is not None}


def _mask_id(config: dict[str, Any], tokenizer: Any | None, vocabulary: int) -> int | None:
    """The mask token's id, None where there is none, or none the model has a vector for."""
    found = config.get("mask_token_id") if tokenizer is None else tokenizer.mask_token_id
    return found if isinstance(found, int) and 0 <= found < vocabulary else None


def _mask_token(tokenizer: Any | None, vocabulary: int) -> str:
    """How a gap is written, "" where the model has no such token."""
    if tokenizer is None or tokenizer.mask_token_id is None or tokenizer.mask_token_id >= vocabulary:
        return ""
    return str(tokenizer.mask_token)


def _joins(tokenizer: Any | None) -> bool:
    """Whether the tokenizer parts two texts from one another by tokens of its own."""
    if tokenizer is None:
        return False
    one, two = (tokenizer.num_special_tokens_to_add(pair) for pair in (False, True))
    return bool(two > one)


def _reads_pairs(folder: Path) -> bool:
    """Whether nothing says of the model in this folder that it reads one text alone."""
    return all(known.pairs for known in bundled_models() if known.folder.resolve() == folder.resolve())


def _special_ids(config: dict[str, Any], tokenizer: Any | None) -> frozenset[int]:
    ids: list[Any] = []
    for key in SPECIAL_ID_KEYS:
        found = config.get(key)  # a number, or several of them
        ids += found if isinstance(found, list) else [found]
        ids.append(getattr(tokenizer, key, None))
    return frozenset(number for number in ids if isinstance(number, int))


def _device(asked: str) -> torch.device:
    if asked == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if asked == "cuda" and not torch.cuda.is_available():
        raise ModelError("There is no CUDA device", "This computer offers none to torch.", "Use --device cpu.")
    return torch.device(asked)


def _device_label(device: torch.device) -> str:
    threads = torch.get_num_threads()
    cores = f"CPU, {threads} thread{'' if threads == 1 else 's'}"
    return cores if device.type == "cpu" else torch.cuda.get_device_name(device)
