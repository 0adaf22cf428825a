"""Opening a folder's tokenizer: exactly what its file says, or a ModelError with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.errors import ModelError, first_line

READ_HERE = ("tokenizer.json", "vocab.txt", "vocab.json")
TOKENIZER_FILES = (*READ_HERE, "sentencepiece.bpe.model", "spiece.model", "spm.model", "tokenizer.model")
SPECIAL_NAMES = ("cls_token", "sep_token", "bos_token", "eos_token", "pad_token", "unk_token", "mask_token")


def open_tokenizer(folder: Path) -> Any | None:
    """The folder's tokenizer exactly as its file has it, None where there is none. Raises ModelError."""
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        return None
    from transformers import PreTrainedTokenizerFast
    from transformers.models.auto.tokenization_auto import AutoTokenizer

    try:
        whole = folder / "tokenizer.json"
        saved = PreTrainedTokenizerFast(tokenizer_file=str(whole)) if whole.is_file() else None
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, use_fast=True, trust_remote_code=False)
        if saved is not None and tokenizer.is_fast:
            tokenizer = _as_saved(tokenizer, saved)
    except Exception as error:  # the tokenizers library raises a bare Exception for damaged files
        if not any((folder / name).is_file() for name in READ_HERE):
            raise _old_kind("Only its SentencePiece file is here, and that needs a program of its own.") from error
        raise ModelError(
            "The tokenizer is damaged", f"It cannot be read ({first_line(error)}).", "Copy the model folder again."
        ) from error
    if not tokenizer.is_fast:
        raise _old_kind("It cannot tell which letters a piece stands for.")
    # A class that finds no file under the name it reads makes an empty tokenizer without a word.
    if len(tokenizer) <= len(tokenizer.all_special_tokens):
        raise ModelError(
            "The tokenizer is incomplete",
            "Its files give no piece but the special tokens.",
            "Copy the whole model folder again, tokenizer.json included.",
        )
    return tokenizer


def _old_kind(message: str) -> ModelError:
    return ModelError(
        "The tokenizer is of an old kind",
        message,
        "Save it once with transformers as a fast tokenizer (tokenizer.json).",
    )


def _as_saved(named: Any, saved: Any) -> Any:
    """The tokenizer exactly as its file has it, with the special tokens and input names of its class.

    transformers 5 builds many a class anew from the vocabulary and the class's own defaults: it drops the file's
    normalisation, and adds special tokens that the model has no embedding for.
    """
    pipeline = saved.backend_tokenizer
    if not pipeline.num_special_tokens_to_add(False):
        pipeline.post_processor = named.backend_tokenizer.post_processor
    names = {key: str(getattr(named, key)) for key in SPECIAL_NAMES if getattr(named, key) is not None}
    saved.add_special_tokens({key: text for key, text in names.items() if pipeline.token_to_id(text) is not None})
    saved.model_input_names = named.model_input_names
    return saved
