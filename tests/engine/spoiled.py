"""Model folders with one thing wrong: each is a change to a good copy and the words the refusal must hold."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from tests.engine.models import REFERENCE

GOOD = REFERENCE / "alti-tiny-bert"
WEIGHTS, CONFIG = "model.safetensors", "config.json"

Spoil = Callable[[Path], None]


def copy(folder: Path) -> Path:
    """A good model folder to spoil."""
    shutil.copytree(GOOD, folder)
    return folder


def configured(**changes: Any) -> Spoil:
    """Set keys of config.json; None removes one."""

    def spoil(folder: Path) -> None:
        path = folder / CONFIG
        config = json.loads(path.read_text(encoding="utf-8")) | changes
        path.write_text(
            json.dumps({key: value for key, value in config.items() if value is not None}), encoding="utf-8"
        )

    return spoil


def written(name: str, content: bytes) -> Spoil:
    """Replace a file's content."""
    return lambda folder: _keep(folder / name, content)


def _keep(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def removed(*names: str) -> Spoil:
    """Take files away."""

    def spoil(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return spoil


def cut(name: str, kept: float) -> Spoil:
    """Keep the first part of a file: so many bytes, or below 1 such a part."""

    def spoil(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: int(kept if kept >= 1 or kept < 0 else kept * len(content))])

    return spoil


def reweighted(change: Callable[[dict[str, torch.Tensor]], None]) -> Spoil:
    """Change the weights by name."""

    def spoil(folder: Path) -> None:
        tensors = load_file(folder / WEIGHTS)
        change(tensors)
        save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})

    return spoil


def _fill(name: str, value: float) -> Spoil:
    return reweighted(lambda tensors: tensors[name].view(-1)[:1].fill_(value))


class Trap:
    """Touches a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.mark,))


def trapped(*names: str) -> Spoil:
    """Replace the weights by pickles that would leave a file called ``opened`` behind."""

    def spoil(folder: Path) -> None:
        (folder / WEIGHTS).unlink()
        for name in names:
            (folder / name).write_bytes(pickle.dumps(Trap(folder / "opened")))

    return spoil


def _add_foreign_arrays(folder: Path) -> None:
    save_file({"a": torch.ones(1)}, folder / "other.safetensors")


def _pickle_weights(folder: Path) -> None:
    torch.save(load_file(folder / WEIGHTS), folder / "pytorch_model.bin")
    (folder / WEIGHTS).unlink()


def _replace_all(tensors: dict[str, torch.Tensor]) -> None:
    tensors.clear()
    tensors["a"] = torch.ones(2)


def both(*spoils: Spoil) -> Spoil:
    """Several things wrong."""

    def spoil(folder: Path) -> None:
        for one in spoils:
            one(folder)

    return spoil


QUERY = "bert.encoder.layer.0.attention.self.query.weight"

CASES: dict[str, tuple[Spoil, str]] = {
    "no config": (removed(CONFIG), "no config.json"),
    "empty config": (written(CONFIG, b""), "config.json cannot be read"),
    "cut config": (cut(CONFIG, 0.5), "config.json cannot be read"),
    "binary config": (written(CONFIG, b"\xff\xfe\x00\x01"), "config.json cannot be read"),
    "config is a list": (written(CONFIG, b"[1, 2]"), "not a table of settings"),
    "config is null": (written(CONFIG, b"null"), "not a table of settings"),
    "config holds NaN": (written(CONFIG, b'{"layer_norm_eps": NaN}'), "NaN is not JSON"),
    "config nested without end": (written(CONFIG, b"[" * 100_000), "config.json cannot be read"),
    "no architectures": (configured(architectures=None), "holds a “\\(nothing\\)”"),
    "empty architectures": (configured(architectures=[]), "holds a “\\(nothing\\)”"),
    "architectures is a text": (configured(architectures="BertForSequenceClassification"), "not a table of settings"),
    "architectures holds a number": (configured(architectures=[7]), "holds a “7”"),
    "unknown class": (configured(architectures=["LlamaForCausalLM"]), "“LlamaForCausalLM”.*Headstream reads .*Bert, "),
    "relative positions": (configured(position_embedding_type="relative_key"), "position_embedding_type to “relative"),
    "decoder": (configured(is_decoder=True), "sets is_decoder to “True”"),
    "unserved activation": (configured(hidden_act="mish"), "sets hidden_act to “mish”"),
    "unknown activation": (configured(hidden_act="blub"), "sets hidden_act to “blub”"),
    "a million layers": (configured(num_hidden_layers=10**6), "num_hidden_layers to 1000000"),
    "no layers": (configured(num_hidden_layers=0), "num_hidden_layers to 0"),
    "negative heads": (configured(num_attention_heads=-1), "num_attention_heads to -1"),
    "heads that do not divide": (configured(num_attention_heads=5), "do not fit together"),
    "size is a text": (configured(hidden_size="48"), 'hidden_size to "48"'),
    "size is true": (configured(vocab_size=True), "vocab_size to true"),
    "eps is a text": (configured(layer_norm_eps="small"), "do not fit together"),
    "unknown problem": (configured(problem_type="guessing"), "sets problem_type to “guessing”"),
    "quantised": (
        configured(quantization_config={"quant_method": "bitsandbytes"}),
        "models without quantization_config",
    ),
    "labels numbered from one": (configured(id2label={"1": "A", "2": "B"}), "numbers its 2 labels 1, 2"),
    "labels that are no numbers": (configured(id2label={"A": "x", "B": "y"}), "do not fit together"),
    "another size": (configured(hidden_size=24), "do not fit together"),
    "more layers than weights": (configured(num_hidden_layers=4), "16 arrays .* are missing, bert.encoder.layer.3"),
    "no weights": (removed(WEIGHTS), "no model.safetensors"),
    "pickles only": (trapped("pytorch_model.bin"), "pytorch_model.bin can run code"),
    "other pickles": (trapped("weights.pt", "tf_model.h5"), "tf_model.h5 can run code"),
    "pickles beside foreign arrays": (
        both(
            trapped("pytorch_model.bin"), lambda folder: save_file({"a": torch.ones(1)}, folder / "other.safetensors")
        ),
        "cannot be opened",
    ),
    "real weights as a pickle beside foreign arrays": (both(_pickle_weights, _add_foreign_arrays), "cannot be opened"),
    "empty weights": (written(WEIGHTS, b""), "incomplete or not safetensors"),
    "weights cut in the length": (cut(WEIGHTS, 5), "incomplete or not safetensors"),
    "weights cut after the length": (cut(WEIGHTS, 8), "incomplete or not safetensors"),
    "weights cut in the header": (cut(WEIGHTS, 200), "incomplete or not safetensors"),
    "weights cut in the middle": (cut(WEIGHTS, 0.5), "incomplete or not safetensors"),
    "weights cut at the last byte": (cut(WEIGHTS, -1), "incomplete or not safetensors"),
    "weights are text": (written(WEIGHTS, b"version https://git-lfs.github.com/spec/v1\n" * 3), "not safetensors"),
    "a header without end": (written(WEIGHTS, b"\xff" * 8 + b"{}"), "not safetensors"),
    "no head": (reweighted(lambda tensors: tensors.pop("classifier.weight")), "1 arrays .* classifier.weight among"),
    "a lacking layer norm": (
        reweighted(lambda tensors: tensors.pop("bert.encoder.layer.1.output.LayerNorm.bias")),
        "bert.encoder.layer.1.output.LayerNorm.bias among",
    ),
    "an array of another shape": (
        reweighted(lambda tensors: tensors.update({QUERY: torch.ones(48, 47)})),
        "do not fit together",
    ),
    "arrays of another model": (
        reweighted(lambda tensors: [tensors.clear(), tensors.update(a=torch.ones(2))]),
        "missing",
    ),
    "a weight that is no number": (_fill(QUERY, float("nan")), "not numbers"),
    "an infinite weight": (_fill("classifier.bias", float("inf")), "not numbers"),
    "weights too large": (_fill("bert.embeddings.LayerNorm.weight", 3e38), "answer is no number"),
    "empty tokenizer": (written("tokenizer.json", b""), "tokenizer is damaged"),
    "cut tokenizer": (cut("tokenizer.json", 0.7), "tokenizer is damaged"),
    "tokenizer of nothing": (written("tokenizer.json", b"{}"), "tokenizer is damaged"),
    "damaged tokenizer settings": (written("tokenizer_config.json", b"{"), "tokenizer is damaged"),
    "no tokenizer": (removed("tokenizer.json", "tokenizer_config.json"), "no tokenizer"),
}
