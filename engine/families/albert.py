"""ALBERT: one layer's weights run many times, behind narrower embeddings (Lan et al. 2020)."""

from __future__ import annotations

from typing import Any

from engine.contract import Head
from engine.family import BERT_VALUES, BlockPaths, Family, HeadPaths, ServedClass

MODULE = "transformers.models.albert.modeling_albert"
LAYERS = "albert.encoder.albert_layer_groups"


def layers_as_run(groups: Any, settings: Any) -> list[Any]:
    """The layers in the order they run: each group serves several layers of the network, one after the other."""
    per_group = settings.num_hidden_layers / settings.num_hidden_groups
    run = [groups[int(number / per_group)] for number in range(settings.num_hidden_layers)]
    return [layer for group in run for layer in group.albert_layers]


FAMILY = Family(
    id="albert",
    label="ALBERT",
    classes={
        "AlbertForSequenceClassification": ServedClass(
            module=MODULE,
            head=Head.SEQUENCE_CLASSIFICATION,
            layers=LAYERS,
            paths=HeadPaths(dense="albert.pooler", out="classifier"),
        ),
        "AlbertForTokenClassification": ServedClass(
            module=MODULE, head=Head.TOKEN_CLASSIFICATION, layers=LAYERS, paths=HeadPaths(out="classifier")
        ),
        "AlbertForMaskedLM": ServedClass(
            module=MODULE,
            head=Head.MASKED_WORD,
            layers=LAYERS,
            paths=HeadPaths(
                dense="predictions.dense",
                act="hidden_act",
                norm="predictions.LayerNorm",
                out="predictions.decoder",
            ),
        ),
        "AlbertModel": ServedClass(
            module=MODULE, head=Head.STATE, layers="encoder.albert_layer_groups", paths=HeadPaths()
        ),
    },
    block=BlockPaths(
        value="attention.value",
        attention_output="attention.dense",
        norm_1="attention.LayerNorm",
        feed_forward_in="ffn",
        activation="activation",
        feed_forward_out="ffn_output",
        norm_2="full_layer_layer_norm",
        query="attention.query",
        key="attention.key",
    ),
    served_values=BERT_VALUES,
    inert=frozenset(
        {"classifier_dropout_prob", "down_scale_factor", "embedding_size", "gap_size", "inner_group_num",
         "net_structure_type", "num_hidden_groups", "num_memory_blocks"}
    ),
    in_order=layers_as_run,
)  # fmt: skip
