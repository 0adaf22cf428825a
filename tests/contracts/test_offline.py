"""Nothing asks a network, nothing opens what could run code."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.bundled import bundled_models

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "main.py", *sorted(path for room in ("engine", "gui") for path in (ROOT / room).rglob("*.py"))]
REFERENCE = ROOT / "tests" / "parity" / "models"

# A fresh program in which every socket, look-up and unpickling is refused.
WALL = """
import pickle, socket, sys

class Refused(socket.socket):
    def __init__(self, *_, **__):
        raise AssertionError("a socket was opened")

def refuse(*_, **__):
    raise AssertionError("a network was asked, or a pickle opened")

socket.socket = Refused
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
import main
import torch
torch.load = pickle.load = pickle.loads = refuse
"""

# Runs the command as a person does, once per model; the arguments are model, text and file in turn.
EXPLAIN = """
given = sys.argv[1:]
for model, text, out in zip(given[::3], given[1::3], given[2::3]):
    sys.argv = ["headstream", "explain", "--model", model, "--text", text, "--device", "cpu", "--out", out]
    assert main.main() == 0
"""

TRY = """
for attempt in (socket.socket, lambda: socket.create_connection(("x", 1)), lambda: torch.load("x")):
    try:
        attempt()
    except AssertionError:
        print("refused")
"""

MODELS = dict.fromkeys((str(REFERENCE / "alti-tiny-bert"), str(REFERENCE / "alti-tiny-roberta")), "The film was good.")
MODELS |= {model.name: model.example for model in bundled_models() if (model.folder / "model.safetensors").is_file()}


def walled(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A program run behind the wall."""
    command = [sys.executable, "-c", WALL + program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_models_are_opened_and_explained_behind_a_wall(tmp_path):
    files = [str(tmp_path / f"{number}.npz") for number in range(len(MODELS))]
    asked = zip(MODELS, MODELS.values(), files, strict=True)
    done = walled(EXPLAIN, *(word for one in asked for word in one))
    assert done.returncode == 0, done.stderr
    assert not done.stdout
    assert not done.stderr
    for file in files:
        with np.load(file) as written:
            assert np.isfinite(written["scores"]).all()


def test_the_wall_stands():
    assert walled(TRY).stdout.split() == ["refused"] * 3


UNSAFE_CALLS = {"torch.load", "pickle.load", "pickle.loads", "eval", "exec", "joblib.load", "numpy.load", "np.load"}
UNSAFE_MODULES = {"pickle", "dill", "joblib", "cloudpickle", "shelve", "marshal"}
NETWORK_MODULES = {"socket", "urllib", "http", "requests", "httpx", "ftplib", "aiohttp"}
# Names of XML vocabularies: nobody fetches them.
NAMESPACES = ("http://www.w3.org/", "http://purl.org/dc/elements/1.1/", "http://ns.adobe.com/xap/1.0/")


def offences(source: str) -> list[str]:
    """What a source does that reaches a network or runs what a file holds."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found += [ast.unparse(node.func)] if ast.unparse(node.func) in UNSAFE_CALLS else []
            for keyword in node.keywords:
                given = (keyword.arg, ast.unparse(keyword.value))
                if given in {("trust_remote_code", "True"), ("weights_only", "False"), ("local_files_only", "False")}:
                    found.append("=".join(map(str, given)))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            found += [name for name in names if name.split(".")[0] in UNSAFE_MODULES | NETWORK_MODULES]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            value = node.value
            for name in NAMESPACES:
                value = value.replace(name, "")
            found += [node.value] if "http://" in value or "https://" in value else []
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_source_reaches_a_network_or_opens_a_pickle(path):
    assert offences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "torch.load('a.bin')",
        "import pickle",
        "from pickle import loads",
        "import urllib.request",
        "AutoModel.from_pretrained(x, trust_remote_code=True)",
        "AutoModel.from_pretrained(x, local_files_only=False)",
        "place = 'https://example.org/model'",
        "eval(text)",
    ],
)
def test_an_offence_is_noticed(source):
    assert offences(source)


def test_every_from_pretrained_reads_local_files_only():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "from_pretrained":
                assert ("local_files_only", "True") in {(word.arg, ast.unparse(word.value)) for word in node.keywords}
