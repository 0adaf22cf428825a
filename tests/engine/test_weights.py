"""Weight files are looked at before they are loaded: whole, in the folder, and of the configuration's size."""

from __future__ import annotations

import hashlib
import json
import struct
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine import weights
from engine.errors import ModelError
from engine.loading import open_model
from engine.weights import INDEX, digest, weight_files
from tests.engine import spoiled
from tests.engine.models import Tiny, build


def test_files_are_counted() -> None:
    held = weight_files(spoiled.GOOD)
    tensors = load_file(spoiled.GOOD / "model.safetensors")
    assert held.arrays == len(tensors)
    assert held.numbers == sum(tensor.numel() for tensor in tensors.values())
    assert digest(held.files) == hashlib.sha256((spoiled.GOOD / "model.safetensors").read_bytes()).hexdigest()


def _in_several_files(folder: Path) -> dict[str, dict[str, str]]:
    build(Tiny("bert", seed=97)).save_pretrained(folder, max_shard_size="8KB")
    listed: dict[str, dict[str, str]] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    return listed


@pytest.mark.parametrize(
    "name", ["../secret.safetensors", "/etc/passwd", "a/b.safetensors", "..\\a.safetensors", "config.json", "", ".."]
)
def test_an_index_that_points_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    listed = _in_several_files(tmp_path)
    save_file({"a": torch.ones(1)}, tmp_path.parent / "secret.safetensors")
    listed["weight_map"][next(iter(listed["weight_map"]))] = name
    (tmp_path / INDEX).write_text(json.dumps(listed), encoding="utf-8")
    with pytest.raises(ModelError, match="no safetensors file of this folder"):
        open_model(str(tmp_path), "float32", "cpu")


@pytest.mark.parametrize("listed", ["[]", "{}", '{"weight_map": []}', '{"weight_map": {"a": 7}}', "null"])
def test_an_index_that_lists_nothing_is_refused(listed: str, tmp_path: Path) -> None:
    _in_several_files(tmp_path)
    (tmp_path / INDEX).write_text(listed, encoding="utf-8")
    with pytest.raises(ModelError, match="which array is in which file"):
        open_model(str(tmp_path), "float32", "cpu")


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    _in_several_files(tmp_path)
    part = sorted(tmp_path.glob("model-*.safetensors"))[1]
    part.unlink()
    with pytest.raises(ModelError, match=f"There is no {part.name}"):
        open_model(str(tmp_path), "float32", "cpu")


def test_weights_under_another_name_are_refused(tmp_path: Path) -> None:
    """The digest told of a model would be that of files nobody read."""
    model = spoiled.copy(tmp_path / "model")
    spoiled.configured(transformers_weights="other.safetensors")(model)
    with pytest.raises(ModelError, match="sets transformers_weights"):
        open_model(str(model), "float32", "cpu")


@pytest.mark.parametrize(
    "changes",
    [
        {"num_hidden_layers": 1000},
        {"hidden_size": 2**20},
        {"hidden_size": 2**20, "intermediate_size": 2**20, "num_hidden_layers": 1000},
        {"vocab_size": 2**20},
        {"max_position_embeddings": 2**20},
    ],
    ids=str,
)
def test_a_configuration_of_far_more_than_the_files_hold_is_refused_at_once(changes: dict, tmp_path: Path) -> None:
    """What the files lack would be made up first: gigabytes of it, for seconds."""
    model = spoiled.copy(tmp_path / "model")
    spoiled.configured(**changes)(model)
    save_file({"a": torch.ones(1)}, model / "model.safetensors", metadata={"format": "pt"})
    began = time.perf_counter()
    with pytest.raises(ModelError, match="the files hold 1 arrays with 1"):
        open_model(str(model), "float32", "cpu")
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("changes", [{"num_labels": 2**20}, {"id2label": {str(at): "a" for at in range(100_001)}}])
def test_more_labels_than_any_model_has_are_refused_at_once(changes: dict, tmp_path: Path) -> None:
    """Found by the soak: a million labels took 660 MB and 14 s."""
    model = spoiled.copy(tmp_path / "model")
    spoiled.configured(**changes)(model)
    began = time.perf_counter()
    with pytest.raises(ModelError, match="at most can be read"):
        open_model(str(model), "float32", "cpu")
    assert time.perf_counter() - began < 1


def test_weights_larger_than_the_memory_are_refused_before_they_are_loaded(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(weights.psutil, "virtual_memory", lambda: SimpleNamespace(available=100_000))
    with pytest.raises(ModelError, match=r"too large for this computer's memory.*0.0 GB"):
        open_model(str(spoiled.GOOD), "float32", "cpu")


def test_a_sparse_file_of_a_terabyte_is_refused_by_its_header(tmp_path: Path) -> None:
    model = spoiled.copy(tmp_path / "model")
    spoiled.configured(vocab_size=2**20, hidden_size=2**18)(model)
    size = 2**38 * 4
    entry = {"dtype": "F32", "shape": [2**20, 2**18], "data_offsets": [0, size]}
    header = json.dumps({"bert.embeddings.word_embeddings.weight": entry}).encode()
    with (model / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        try:
            file.truncate(8 + len(header) + size)
        except OSError:
            pytest.skip("this file system holds no sparse file of a terabyte")
    with pytest.raises(ModelError, match="this computer's memory"):
        open_model(str(model), "float32", "cpu")
