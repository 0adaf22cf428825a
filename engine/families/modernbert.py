"""ModernBERT: pre-norm, gated feed-forward, rotary positions, local attention in most layers (Warner et al. 2024).

Rotary positions and local windows act on queries, keys and masks only: they are inside the frozen attention weights.
"""

from __future__ import annotations

from engine.contract import Head
from engine.family import RATIO_ACTIVATIONS, BlockPaths, Family, HeadPaths, ServedClass

MODULE = "transformers.models.modernbert.modeling_modernbert"


def _paths_to(out: str) -> HeadPaths:
    return HeadPaths(
        final_norm="model.final_norm", dense="head.dense", act="classifier_activation", norm="head.norm", out=out
    )


FAMILY = Family(
    id="modernbert",
    label="ModernBERT",
    classes={
        "ModernBertForSequenceClassification": ServedClass(
            module=MODULE,
            head=Head.SEQUENCE_CLASSIFICATION,
            layers="model.layers",
            paths=_paths_to("classifier"),
        ),
        "ModernBertForTokenClassification": ServedClass(
            module=MODULE,
            head=Head.TOKEN_CLASSIFICATION,
            layers="model.layers",
            paths=_paths_to("classifier"),
        ),
        "ModernBertForMaskedLM": ServedClass(
            module=MODULE,
            head=Head.MASKED_WORD,
            layers="model.layers",
            paths=_paths_to("decoder"),
        ),
        "ModernBertModel": ServedClass(
            module=MODULE, head=Head.STATE, layers="layers", paths=HeadPaths(final_norm="final_norm")
        ),
    },
    block=BlockPaths(
        value="attn.Wqkv",
        attention_output="attn.Wo",
        norm_1="attn_norm",
        feed_forward_in="mlp.Wi",
        activation="mlp.act",
        feed_forward_out="mlp.Wo",
        norm_2="mlp_norm",
        norm_first=True,
        fused=True,
        gated=True,
    ),
    served_values={
        "hidden_activation": RATIO_ACTIVATIONS,
        "classifier_activation": RATIO_ACTIVATIONS,
        "position_embedding_type": frozenset({"absolute", "sans_pos"}),
        "classifier_pooling": frozenset({"cls", "mean"}),
    },
    # Read by transformers when it builds the layers and their masks; none is left for us to compute.
    inert=frozenset(
        {"attention_bias", "attention_dropout", "classifier_bias", "compile", "decoder_bias",
         "deterministic_flash_attn", "embedding_dropout", "global_attn_every_n_layers", "global_rope_theta",
         "initializer_cutoff_factor",
         "layer_types", "local_attention", "local_rope_theta", "mlp_bias", "mlp_dropout", "norm_bias", "norm_eps",
         "reference_compile", "repad_logits_with_grad", "rope_parameters", "rope_scaling", "sliding_window",
         "sparse_pred_ignore_index", "sparse_prediction"}
    ),
    reads_segments=False,
    activation_key="hidden_activation",
    pooling_key="classifier_pooling",
    words_alone=True,
)  # fmt: skip
