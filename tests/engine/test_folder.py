"""What lies in a model folder is looked at before anything reads it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.folder import MAX_JSON_BYTES, check_files, read_json
from engine.loading import open_model
from tests.engine import spoiled

READ = ["config.json", "tokenizer.json", "special_tokens_map.json", "vocab.txt", "model.safetensors", "spiece.model"]


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _hole(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_JSON_BYTES + 1)


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize(
    ("put", "said"), [(_pipe, "no ordinary file"), (_device, "no ordinary file")], ids=["pipe", "device"]
)
def test_what_never_ends_is_not_opened(name: str, put: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    """Found by the soak: a pipe called model.safetensors was waited for without end."""
    model = spoiled.copy(tmp_path / "model")
    (model / name).unlink(missing_ok=True)
    put(model / name)
    with pytest.raises(ModelError, match=said if name != "config.json" else r"no config\.json"):
        open_model(str(model), "float32", "cpu")


@pytest.mark.parametrize("name", ["special_tokens_map.json", "tokenizer.json", "chat_template.jinja", "spiece.model"])
def test_a_file_larger_than_any_of_its_kind_is_not_read(name: str, tmp_path: Path) -> None:
    """Found by the soak: a special_tokens_map.json of three empty gigabytes took six gigabytes of memory."""
    model = spoiled.copy(tmp_path / "model")
    (model / name).unlink(missing_ok=True)
    _hole(model / name)
    with pytest.raises(ModelError, match=rf"{name} cannot be read .too large"):
        open_model(str(model), "float32", "cpu")


def test_a_folder_of_templates_is_looked_into(tmp_path: Path) -> None:
    model = spoiled.copy(tmp_path / "model")
    (model / "additional_chat_templates").mkdir()
    os.mkfifo(model / "additional_chat_templates" / "a.jinja")
    with pytest.raises(ModelError, match=r"a.jinja is no ordinary file"):
        open_model(str(model), "float32", "cpu")


def test_an_adapter_is_refused_by_its_name(tmp_path: Path) -> None:
    """Where peft is installed transformers would open the model that the adapter names, wherever it lies."""
    model = spoiled.copy(tmp_path / "model")
    (model / "adapter_config.json").write_text('{"base_model_name_or_path": "/elsewhere"}', encoding="utf-8")
    with pytest.raises(ModelError, match="holds an adapter"):
        open_model(str(model), "float32", "cpu")


def test_files_that_are_links_are_read_as_in_a_download_cache(tmp_path: Path) -> None:
    model = tmp_path / "snapshot"
    shutil.copytree(spoiled.GOOD, tmp_path / "blobs")
    model.mkdir()
    for path in (tmp_path / "blobs").iterdir():
        (model / path.name).symlink_to(path)
    assert open_model(str(model), "float32", "cpu").info.has_tokenizer


def test_a_link_to_nothing_is_no_file(tmp_path: Path) -> None:
    model = spoiled.copy(tmp_path / "model")
    (model / "generation_config.json").symlink_to(tmp_path / "nowhere")
    check_files(model)


@pytest.mark.parametrize("content", [b"", b"{", b"NaN", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_what_is_no_json_is_said(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"x.json cannot be read"):
        read_json(tmp_path / "x.json")
