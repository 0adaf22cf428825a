"""What crosses the border between engine and window: frozen values, numpy and the standard library only.

Glossary of axes, used in every docstring and shape comment of the project:

``token``     position in the model's input, special tokens included
``layer``     0-based in arrays ("layer 1" on screen is index 0); ``layer+1`` counts the boundaries between layers
``receiver``  the token whose new state is being made (a row)
``source``    the token that gives (a column)
``head``      attention head
``class``     output the model can give a logit for
``row``       what a picture draws as one line: a word, or a piece of one (see ``engine.words``)

Arrays keep the dtype of the run, are owned by their value and read-only. A *share* is the part of the target (a logit
or a difference of two) credited to a token; *baseline* is what belongs to no token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

ATTENTION_COMPONENTS = ("attention", "attention_values", "residual_1", "layernorm_1")
FEED_FORWARD_COMPONENTS = ("feed_forward", "residual_2", "layer")
COMPONENTS = ATTENTION_COMPONENTS + FEED_FORWARD_COMPONENTS


class Against(Enum):
    """What a class is explained instead of, where no class is named."""

    NOTHING = "nothing"
    OTHER = "other"  # the other class where the model has exactly two, otherwise nothing


class FailureKind(Enum):
    """Who can mend a failure."""

    USER = "user"
    BUG = "bug"


class Head(Enum):
    """What the model answers: a class of the whole text, or something about one position of it."""

    SEQUENCE_CLASSIFICATION = "sequence classification"
    TOKEN_CLASSIFICATION = "token classification"
    MASKED_WORD = "masked word"
    STATE = "state"  # no head: a word's last state, measured along its own direction


def _own(value: Array) -> Array:
    """The array itself made read-only, or a read-only copy of what is a view somebody else could write through.

    A view that is read-only already is taken as it is: whoever gives it says that nobody writes there.
    """
    owned = value if value.base is None or not value.flags.writeable else np.array(value)
    owned.setflags(write=False)
    return owned


def _own_fields(record: Any) -> None:
    for entry in fields(record):
        value = getattr(record, entry.name)
        if isinstance(value, np.ndarray):
            object.__setattr__(record, entry.name, _own(value))
        elif isinstance(value, dict):
            owned = {k: _own(v) if isinstance(v, np.ndarray) else v for k, v in value.items()}
            object.__setattr__(record, entry.name, MappingProxyType(owned))


@dataclass(frozen=True, slots=True)
class Token:
    """One position of the input.

    ``start``/``end`` are characters of its own segment's text, -1 where it has none; an empty span is a piece that
    stands for a space nobody wrote.
    """

    text: str
    id: int
    start: int
    end: int
    word_index: int
    segment: int
    is_special: bool


@dataclass(frozen=True, slots=True)
class Request:
    """Everything one run needs; the engine reads no other state.

    ``generation`` numbers requests so that late answers can be dropped. ``model`` is a bundled model's name or a
    folder. ``target`` None means the predicted class, ``position`` None the one the model's answer is usually read at
    (``engine.targets``). ``feed_forward_layers`` are the layers (0-based) whose last
    three component maps are wanted: they cost a feed-forward per pair of tokens. ``boundaries``, rising from 0 to the
    number of layers, ask for the flow from each to the next beside the one through every layer.
    """

    generation: int
    model: str
    method: str
    text: str = ""
    pair: str | None = None
    ids: tuple[int, ...] | None = None
    segments: tuple[int, ...] | None = None
    attention_mask: tuple[int, ...] | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    target: int | str | None = None
    against: int | str | Against = Against.NOTHING
    position: int | None = None
    components: bool = True
    feed_forward_layers: tuple[int, ...] = ()
    boundaries: tuple[int, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is known of an opened model. ``unavailable`` gives, per method id, the reason it does not fit.

    ``mask_token`` is how a gap is written, "" where the tokenizer knows none; ``takes_pairs`` whether the tokenizer
    joins two texts and the model answers for both at once.
    """

    name: str
    title: str
    folder: str
    family: str
    head: Head
    labels: tuple[str, ...]
    layers: int
    heads: int
    hidden: int
    intermediate: int
    max_tokens: int
    parameters: int
    weights_sha256: str
    device: str
    dtype: str
    has_tokenizer: bool
    mask_token: str = ""
    takes_pairs: bool = False
    warnings: tuple[str, ...] = ()
    unavailable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """The untouched model's answer. ``logits`` [class]; ``probabilities`` [class], None where there is no softmax."""

    labels: tuple[str, ...]
    logits: Array
    probabilities: Array | None

    def __post_init__(self) -> None:
        _own_fields(self)


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Conserved flow towards the target (``arrays.md``, "Flow").

    ``edge`` [layer, receiver, source], ``nodes`` [layer+1, token], ``bias_in`` [layer, token] entering at each
    receiver, ``bias`` [layer+1] its sums with the head's own as last entry. In every layer the edges leaving a node
    sum to it, and the edges entering a receiver plus its bias sum to the next node; everything sums to ``total``.
    ``from_map`` tells a flow drawn from a method's maps (shares of 1, no sign, no bias) from the frozen network's.
    Where layers are grouped, ``boundaries`` [layer+1] are those that nodes stand at, and "layer" means a group.
    """

    edge: Array
    nodes: Array
    bias_in: Array
    bias: Array
    total: float
    from_map: bool
    boundaries: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _own_fields(self)


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """How every component of a layer mixes tokens, raw norms.

    ``maps`` name -> [layer, receiver, source] for the four components of the attention block, all layers;
    ``feed_forward`` name -> [chosen layer, receiver, source] for the other three, the layers listed in
    ``feed_forward_layers`` only.
    """

    maps: Mapping[str, Array]
    feed_forward: Mapping[str, Array]
    feed_forward_layers: tuple[int, ...]

    def __post_init__(self) -> None:
        _own_fields(self)

    def layer_map(self, name: str, layer: int) -> Array | None:
        """[receiver, source] of one component in one layer, or None where it was not asked for."""
        if name in self.maps:
            return np.asarray(self.maps[name][layer])
        if layer in self.feed_forward_layers:
            return np.asarray(self.feed_forward[name][self.feed_forward_layers.index(layer)])
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """The answer to one :class:`Request`.

    ``target``/``against`` are class indices (-1: nothing), ``position`` the token whose state is read. ``scores``
    [token] are shares of the target in ``unit`` (see ``engine.registry.Method``); ``scores_all`` [explained, token] and
    ``bias`` [explained] are the single classes ``explained``: all of them, of a vocabulary the target and its rival.
    ``layer_maps``, ``rollout`` [layer, receiver, source]; ``attention`` [layer, head, receiver, source]. ``grouped`` is
    the flow between the request's ``boundaries``, made of the same method and target as ``flow``.
    ``explains_answer`` is False where the numbers only tell how tokens mix. ``checks`` say how exactly the numbers
    add up. ``preview`` marks a first picture made by the method's quick form while the full one is on its way;
    ``pass_seconds`` is what the recorded pass took, ``seconds`` the whole run.
    """

    request: Request
    model: ModelInfo
    tokens: tuple[Token, ...]
    prediction: Prediction
    target: int
    against: int
    explained: tuple[int, ...]
    position: int
    unit: str
    signed: bool
    scores: Array
    attention: Array
    scores_all: Array | None = None
    bias: Array | None = None
    layer_maps: Array | None = None
    rollout: Array | None = None
    components: Components | None = None
    flow: Flow | None = None
    grouped: Flow | None = None
    explains_answer: bool = True
    checks: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, Array] = field(default_factory=dict)
    preview: bool = False
    pass_seconds: float = 0.0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        _own_fields(self)

    @property
    def target_bias(self) -> float | None:
        """The part of the target that belongs to no token, None where the method has none."""
        if self.bias is None:
            return None
        rival = self.bias[self.explained.index(self.against)] if self.against >= 0 else 0
        return float(self.bias[self.explained.index(self.target)] - rival)

    @property
    def target_value(self) -> float:
        """The explained quantity itself: a logit, or the difference of two."""
        logits = self.prediction.logits
        return float(logits[self.target] - (logits[self.against] if self.against >= 0 else 0))


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that got no explanation; ``details`` holds a traceback for our own bugs.

    ``mask_token`` is how a gap is written, where the failure is that the text has none.
    """

    generation: int
    kind: FailureKind
    place: str
    title: str
    message: str
    hint: str
    details: str = ""
    mask_token: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A request given up because a newer one replaced it."""

    generation: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: ``fraction`` 0 to 1."""

    generation: int
    fraction: float
    doing: str


Outcome: TypeAlias = Explanation | Failure | Dropped
