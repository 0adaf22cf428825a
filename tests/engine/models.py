"""Tiny models for the engine's tests: random ones made from a specification, and the reference ones."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import nn
from transformers import PreTrainedModel

from engine.capture import Capture, capture
from engine.context import RunContext
from engine.contract import Explanation, Head, Request
from engine.frozen import FrozenNetwork, freeze
from engine.loading import OpenModel, open_model
from engine.session import Session
from engine.tokens import encode

REFERENCE = Path(__file__).parents[1] / "parity" / "models"
REFERENCE_NAMES = ("tiny-bert", "tiny-roberta", "alti-tiny-bert", "alti-tiny-roberta")
WITH_TOKENIZER = ("alti-tiny-bert", "alti-tiny-roberta")
VOCABULARY = 40
POSITION = 4  # where tests read the answer of a head that answers at a position

SPELLED = {
    "bert": "Bert",
    "roberta": "Roberta",
    "xlm-roberta": "XLMRoberta",
    "camembert": "Camembert",
    "distilbert": "DistilBert",
    "electra": "Electra",
    "albert": "Albert",
    "modernbert": "ModernBert",
}
FAMILIES = tuple(SPELLED)
ROBERTAS = ("roberta", "xlm-roberta", "camembert")
ENDINGS = {
    Head.SEQUENCE_CLASSIFICATION: "ForSequenceClassification",
    Head.TOKEN_CLASSIFICATION: "ForTokenClassification",
    Head.MASKED_WORD: "ForMaskedLM",
    Head.STATE: "Model",
}

Extras = tuple[tuple[str, Any], ...]
MEAN: Extras = (("classifier_pooling", "mean"),)
# ModernBERT as it is published: a bias in the decoder and the classifier only.
UNBIASED: Extras = (("attention_bias", False), ("classifier_bias", False), ("mlp_bias", False), ("norm_bias", False))


@dataclass(frozen=True)
class Tiny:
    """What a random tiny model is like; equal specifications give equal weights.

    ``extras`` are further keys of the configuration.
    """

    family: str = "bert"
    layers: int = 2
    labels: int = 3
    act: str = "gelu"
    seed: int = 0
    hidden: int = 24
    heads: int = 3
    problem: str | None = None
    head: Head = Head.SEQUENCE_CLASSIFICATION
    extras: Extras = ()

    def __str__(self) -> str:
        parts = [self.family, self.layers, self.act, self.labels, self.seed]
        if self.head is not Head.SEQUENCE_CLASSIFICATION:
            parts.append(self.head.value.replace(" ", "_"))
        if self.extras == UNBIASED:
            return "-".join(map(str, [*parts, "unbiased"]))
        return "-".join(map(str, parts + [f"{name}={value}" for name, value in self.extras]))

    @property
    def position(self) -> int | None:
        """Where its tests read the answer; None where it answers for the whole text."""
        return None if self.head is Head.SEQUENCE_CLASSIFICATION else POSITION

    @property
    def padding(self) -> int:
        """The id of the padding token."""
        return 1 if self.family in ROBERTAS else 0


def build(tiny: Tiny, **config: Any) -> PreTrainedModel:
    """The model in evaluation mode: weights large enough for attention and activations to be far from their means."""
    kind = getattr(transformers, SPELLED[tiny.family] + ENDINGS[tiny.head])
    settings = _sizes(tiny) | {"num_labels": tiny.labels, "problem_type": tiny.problem}
    model: PreTrainedModel = kind(kind.config_class(**settings | dict(tiny.extras) | config))
    randomise(model, tiny.seed)
    return model.eval()


def _sizes(tiny: Tiny) -> dict[str, Any]:
    sizes: dict[str, Any] = {
        "vocab_size": VOCABULARY,
        "hidden_size": tiny.hidden,
        "num_hidden_layers": tiny.layers,
        "num_attention_heads": tiny.heads,
        "intermediate_size": 2 * tiny.hidden,
        "hidden_act": tiny.act,
        "max_position_embeddings": 34,
        "type_vocab_size": 2,
    }
    if tiny.family == "distilbert":
        names = {"hidden_size": "dim", "num_hidden_layers": "n_layers", "num_attention_heads": "n_heads"}
        names |= {"intermediate_size": "hidden_dim", "hidden_act": "activation"}
        return {names.get(key, key): value for key, value in sizes.items() if key != "type_vocab_size"}
    if tiny.family in ROBERTAS:
        sizes |= {"type_vocab_size": 1, "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2}
    if tiny.family in ("electra", "albert"):
        sizes["embedding_size"] = 16
    if tiny.family == "albert":
        sizes["num_hidden_groups"] = min(2, tiny.layers)
    if tiny.family == "modernbert":
        del sizes["hidden_act"], sizes["type_vocab_size"]
        sizes |= {"pad_token_id": 0, "cls_token_id": 1, "sep_token_id": 2, "bos_token_id": 1, "eos_token_id": 2}
        sizes |= {"hidden_activation": tiny.act, "classifier_activation": tiny.act}
        sizes |= {"local_attention": 4, "global_attn_every_n_layers": 2} | {name: True for name, _ in UNBIASED}
    return sizes


def randomise(model: PreTrainedModel, seed: int) -> None:
    """Fill every parameter from a seed, by kind: norms near one, biases clearly not zero, matrices of gain 1.5."""
    random = torch.Generator().manual_seed(seed)
    owners = {id(module.weight): module for module in model.modules() if hasattr(module, "weight")}
    table = model.get_input_embeddings()
    owners[id(table.weight)] = table  # which a decoder may share
    named = sorted(model.named_parameters(remove_duplicate=False), key=lambda pair: pair[0])
    with torch.no_grad():
        for parameter in {id(parameter): parameter for _, parameter in named}.values():
            drawn = torch.randn(parameter.shape, generator=random)
            owner = owners.get(id(parameter))
            if isinstance(owner, nn.LayerNorm):
                parameter.copy_(1 + 0.2 * drawn)
            elif parameter.dim() == 1:
                parameter.copy_(0.3 * drawn)
            elif isinstance(owner, nn.Embedding):
                parameter.copy_(drawn)
            else:
                parameter.copy_(1.5 * drawn / parameter.shape[1] ** 0.5)


def every_kind(seed: int, layers: int = 2) -> list[Tiny]:
    """One model of every family with every head; ModernBERT with its published lack of biases and its means too."""
    made = [
        Tiny(family, layers, seed=seed + number, head=head)
        for number, family in enumerate(FAMILIES)
        for head in Head
        if family not in ("xlm-roberta", "camembert") or head is Head.SEQUENCE_CLASSIFICATION
    ]
    made += [
        Tiny("modernbert", layers, seed=seed, extras=MEAN),
        Tiny("modernbert", layers, seed=seed, extras=UNBIASED),
        Tiny("modernbert", layers, seed=seed, head=Head.MASKED_WORD, extras=UNBIASED),
    ]
    return made


@cache
def _home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="headstream-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


@cache
def folder_of(tiny: Tiny) -> Path:
    """The model saved as a Hugging Face folder without a tokenizer, once per specification."""
    folder = _home() / f"{len(list(_home().iterdir()))}-{tiny.family}"
    build(tiny).save_pretrained(folder)
    return folder


def folder(model: Tiny | str) -> Path:
    """The folder of a specification or of a reference model."""
    return REFERENCE / model if isinstance(model, str) else folder_of(model)


def opened(model: Tiny | str, dtype: str = "float64") -> OpenModel:
    """The model as the engine opens it, shared between tests: leave it as it is."""
    return _opened(model, dtype)


def session(model: Tiny | str, dtype: str = "float64") -> Session:
    """A session with the model open, shared between tests."""
    return _session(model, dtype)


def fresh_session(model: Tiny | str, dtype: str = "float64") -> Session:
    """A session that has answered nothing yet, on the shared model of :func:`opened`."""
    made = Session(dtype, "cpu")
    made._opened = (str(folder(model)), opened(model, dtype))
    return made


# A cache tells a default given from a default left out, so the cached ones have none.
@cache
def _opened(model: Tiny | str, dtype: str) -> OpenModel:
    return open_model(str(folder(model)), dtype, "cpu")


@cache
def _session(model: Tiny | str, dtype: str) -> Session:
    made = Session(dtype, "cpu")
    made.open(str(folder(model)))
    return made


def explain(model: Tiny | str, method: str, dtype: str = "float64", **request: Any) -> Explanation:
    """One explanation on a shared session; a head that answers at a position is asked at the tiny model's own."""
    if isinstance(model, Tiny) and model.position is not None:
        request = {"position": model.position} | request
    asked = Request(generation=0, model=str(folder(model)), method=method, **request)
    return session(model, dtype).run(asked, RunContext())


def record(
    model: OpenModel,
    ids: tuple[int, ...],
    mask: tuple[int, ...] | None = None,
    segments: tuple[int, ...] | None = None,
    position: int | None = None,
) -> tuple[Capture, FrozenNetwork]:
    """One recorded pass and the network frozen at it, by default read at the first token."""
    request = Request(0, "", "", ids=ids, attention_mask=mask, segments=segments)
    with torch.no_grad():
        captured = capture(model, encode(model, request), position or 0, RunContext())
    return captured, freeze(model, captured, position=position or 0)


def ids_of(length: int, seed: int = 0) -> tuple[int, ...]:
    """Random ids of a given length, without the special ones."""
    random = torch.Generator().manual_seed(1000 * seed + length)
    return tuple(torch.randint(5, VOCABULARY, (length,), generator=random).tolist())


@contextmanager
def unchanged(model: PreTrainedModel) -> Iterator[None]:
    """Assert that a block leaves no hook, no other attention and no other parameter behind."""
    parameters = {name: parameter.clone() for name, parameter in model.named_parameters()}
    attention = model.config._attn_implementation
    hooks = _hooks(model)
    yield
    assert _hooks(model) == hooks
    assert model.config._attn_implementation == attention
    assert not model.training
    for name, parameter in model.named_parameters():
        assert torch.equal(parameter, parameters[name]), name


def _hooks(model: PreTrainedModel) -> list[tuple[str, int, int]]:
    return [
        (name, len(module._forward_hooks), len(module._forward_pre_hooks))
        for name, module in model.named_modules()
        if module._forward_hooks or module._forward_pre_hooks
    ]
