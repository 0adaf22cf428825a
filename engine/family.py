"""How a model family is described: which classes it serves, where its parts lie, which configuration keys compute.

One file under ``engine/families`` describes one family as data. A class not listed is refused by name; a key that
changes the computation is refused unless its value is served; a key nobody has read yet is warned of.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.contract import Head
from engine.errors import ModelError

# Element-wise activations with act(0) = 0: each is its own input times a ratio, which is what gets frozen.
RATIO_ACTIVATIONS = frozenset(
    {"gelu", "gelu_new", "gelu_fast", "gelu_python", "gelu_pytorch_tanh", "quick_gelu", "relu", "silu", "swish", "tanh"}
)

# What every family serves besides its own; an empty set: the key must be absent or empty.
SERVED_BY_ALL: Mapping[str, frozenset[Any]] = {
    "add_cross_attention": frozenset({False}),
    "is_decoder": frozenset({False}),
    "is_encoder_decoder": frozenset({False}),
    "position_embedding_type": frozenset({"absolute"}),
    "problem_type": frozenset({"regression", "single_label_classification", "multi_label_classification"}),
    "pruned_heads": frozenset(),
    "quantization_config": frozenset(),
    "transformers_weights": frozenset(),
}

# Left by programs that wrote configurations before: pre-training heads, text generation, other hardware.
LEFT_BEHIND = frozenset(
    {
        "_num_labels", "bad_words_ids", "cross_attention_hidden_size", "decoder_start_token_id", "directionality",
        "diversity_penalty", "do_sample", "early_stopping", "encoder_no_repeat_ngram_size", "eos_token_ids",
        "exponential_decay_length_penalty", "forced_bos_token_id", "forced_eos_token_id", "length_penalty",
        "max_length", "min_length", "no_repeat_ngram_size", "num_beam_groups", "num_beams", "num_return_sequences",
        "output_scores", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers",
        "pooler_size_per_head", "pooler_type", "prefix", "remove_invalid_values", "repetition_penalty",
        "return_dict_in_generate", "suppress_tokens", "begin_suppress_tokens", "task_specific_params", "temperature",
        "tf_legacy_loss", "tie_encoder_decoder", "tie_weights_", "tokenizer_class", "top_k", "top_p", "typical_p",
        "use_bfloat16", "xla_device",
    }
)  # fmt: skip

# Read by every family or without effect on the numbers of one sentence in evaluation mode.
INERT_KEYS = frozenset(
    {
        "_name_or_path", "architectures", "attention_probs_dropout_prob", "auto_map", "bos_token_id",
        "chunk_size_feed_forward", "classifier_dropout", "cls_token_id", "dtype", "eos_token_id",
        "finetuning_task", "gradient_checkpointing", "hidden_dropout_prob", "id2label", "initializer_range",
        "label2id", "language", "layer_norm_eps", "mask_token_id", "max_position_embeddings", "model_type",
        "name", "num_labels", "output_attentions", "output_hidden_states", "output_past", "pad_token_id",
        "return_dict", "sep_token_id", "tie_word_embeddings", "torch_dtype", "torchscript",
        "transformers_version", "type_vocab_size", "unk_token_id", "use_cache", "vocab_size", "hidden_size",
        "intermediate_size", "num_attention_heads", "num_hidden_layers",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BlockPaths:
    """Where one layer keeps its parts, as dotted paths below the layer.

    ``activation`` is the module whose output is the activated feed-forward state, ``feed_forward_in`` the linear
    module before it. ``norm_first``: each norm stands before its component, on a branch of its own, instead of after
    the residual. ``fused``: ``value`` holds queries, keys and values below one another; otherwise ``query`` and ``key``
    name theirs. ``gated``: the first half of
    ``feed_forward_in`` is activated and multiplies the second.
    """

    value: str
    attention_output: str
    norm_1: str
    feed_forward_in: str
    activation: str
    feed_forward_out: str
    norm_2: str
    query: str | None = None
    key: str | None = None
    norm_first: bool = False
    fused: bool = False
    gated: bool = False


# The layers of BERT and of those who took them over unchanged.
BERT_LAYER = BlockPaths(
    value="attention.self.value",
    attention_output="attention.output.dense",
    norm_1="attention.output.LayerNorm",
    feed_forward_in="intermediate.dense",
    activation="intermediate",
    feed_forward_out="output.dense",
    norm_2="output.LayerNorm",
    query="attention.self.query",
    key="attention.self.key",
)
BERT_VALUES: Mapping[str, frozenset[Any]] = {
    "hidden_act": RATIO_ACTIVATIONS,
}


@dataclass(frozen=True, slots=True)
class HeadPaths:
    """The answering head as final norm, dense, activation, norm, dense: paths below the model, None for what it lacks.

    An activation stands exactly where ``dense`` does: ``act`` is its name, or the configuration key that holds it.
    ``final_norm`` acts on every state before one is picked.
    """

    final_norm: str | None = None
    dense: str | None = None
    act: str = "tanh"
    norm: str | None = None
    out: str | None = None


@dataclass(frozen=True, slots=True)
class ServedClass:
    """A transformers class that was read: its module, what it answers, where layers and head lie."""

    module: str
    head: Head
    layers: str
    paths: HeadPaths


@dataclass(frozen=True, slots=True)
class Family:
    """One model family.

    ``served_values`` maps a configuration key that computes to the values served. ``positions_after_padding`` where
    the first token takes the position after the padding index, as RoBERTa counts. ``reads_segments`` where the model
    is told which text of a pair a token belongs to. ``in_order`` gives the layers in the order they run, from the
    module at ``ServedClass.layers`` and the configuration; without it they are that module's children.
    ``activation_key`` is the configuration key of the feed-forward's activation, ``pooling_key`` the one that says
    whether a text's class is read from the first state (cls) or from the mean of all (mean). ``words_alone`` where
    a word's vector enters a norm with nothing added to it, so that only its direction counts.
    """

    id: str
    label: str
    classes: Mapping[str, ServedClass]
    block: BlockPaths
    served_values: Mapping[str, frozenset[Any]]
    inert: frozenset[str] = field(default_factory=frozenset)
    positions_after_padding: bool = False
    reads_segments: bool = True
    in_order: Callable[[Any, Any], list[Any]] | None = None
    activation_key: str = "hidden_act"
    pooling_key: str | None = None
    words_alone: bool = False

    def check(self, config: Mapping[str, Any]) -> tuple[str, ...]:
        """Warnings about unread keys of a raw ``config.json``; raises ModelError for a computing value not served."""
        served_values = {**SERVED_BY_ALL, **self.served_values}
        for key, served in served_values.items():
            value = config.get(key)
            if value is None or (isinstance(value, bool | int | float | str) and value in served) or value in ([], {}):
                continue
            raise ModelError(
                "This variant is not served yet",
                f"The model's configuration sets {key} to “{str(value)[:60]}”, which changes how it computes.",
                f"Headstream reads {self.label} models "
                + (f"with {key} = {', '.join(sorted(map(str, served)))}." if served else f"without {key}."),
            )
        unread = sorted(set(config) - INERT_KEYS - LEFT_BEHIND - self.inert - set(served_values))
        return tuple(
            f"The configuration key “{key}” is unknown here; if it computes, numbers may be off." for key in unread
        )


def families() -> tuple[Family, ...]:
    """All families, by file name."""
    import engine.families

    names = sorted(module.name for module in pkgutil.iter_modules(engine.families.__path__))
    return tuple(importlib.import_module(f"engine.families.{name}").FAMILY for name in names)


def family_of(class_name: str) -> Family:
    """The family serving exactly this transformers class; raises ModelError naming what is served."""
    known = families()
    for family in known:
        if class_name in family.classes:
            return family
    read = [name.removesuffix("Model") for family in known for name in family.classes if name.endswith("Model")]
    raise ModelError(
        "This kind of model is not served yet",
        f"The folder holds a “{class_name}”.",
        f"Headstream reads {', '.join(read)}: classes of texts or of words, words for a gap, or no head at all.",
    )
