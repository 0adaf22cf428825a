"""The keys that well-known models' ``config.json`` hold, written down as published; labels and sizes do not matter."""

from __future__ import annotations

from typing import Any

_BERT = {
    "attention_probs_dropout_prob": 0.1, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 768,
    "initializer_range": 0.02, "intermediate_size": 3072, "layer_norm_eps": 1e-12, "max_position_embeddings": 512,
    "num_attention_heads": 12, "num_hidden_layers": 12, "pad_token_id": 0, "type_vocab_size": 2, "vocab_size": 30522,
}  # fmt: skip
_ROBERTA = _BERT | {
    "bos_token_id": 0, "eos_token_id": 2, "layer_norm_eps": 1e-05, "max_position_embeddings": 514, "pad_token_id": 1,
    "type_vocab_size": 1, "vocab_size": 50265,
}  # fmt: skip
_DISTILBERT = {
    "activation": "gelu", "attention_dropout": 0.1, "dim": 768, "dropout": 0.1, "hidden_dim": 3072,
    "initializer_range": 0.02, "max_position_embeddings": 512, "model_type": "distilbert", "n_heads": 12,
    "n_layers": 6, "pad_token_id": 0, "qa_dropout": 0.1, "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": False,
    "vocab_size": 30522,
}  # fmt: skip
_ELECTRA = {
    "model_type": "electra", "embedding_size": 128, "hidden_size": 256, "intermediate_size": 1024,
    "num_attention_heads": 4, "summary_activation": "gelu", "summary_last_dropout": 0.1, "summary_type": "first",
    "summary_use_proj": True,
}  # fmt: skip
_MODERNBERT = {
    "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": 50281, "classifier_activation": "gelu",
    "classifier_bias": False, "classifier_dropout": 0.0, "classifier_pooling": "mean", "cls_token_id": 50281,
    "decoder_bias": True, "deterministic_flash_attn": False, "embedding_dropout": 0.0, "eos_token_id": 50282,
    "global_attn_every_n_layers": 3, "global_rope_theta": 160000.0, "gradient_checkpointing": False,
    "hidden_activation": "gelu", "hidden_size": 768, "initializer_cutoff_factor": 2.0, "initializer_range": 0.02,
    "intermediate_size": 1152, "layer_norm_eps": 1e-05, "local_attention": 128, "local_rope_theta": 10000.0,
    "max_position_embeddings": 8192, "mlp_bias": False, "mlp_dropout": 0.0, "model_type": "modernbert",
    "norm_bias": False, "norm_eps": 1e-05, "num_attention_heads": 12, "num_hidden_layers": 22,
    "pad_token_id": 50283, "position_embedding_type": "absolute", "sep_token_id": 50282,
    "tie_word_embeddings": True, "torch_dtype": "float32", "transformers_version": "4.47.0.dev0",
    "vocab_size": 50368,
}  # fmt: skip
_LABELLED = {"id2label": {"0": "A", "1": "B"}, "label2id": {"A": 0, "B": 1}, "problem_type": None}

CONFIGURATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "bert-base-uncased": (
        "BertForMaskedLM",
        _BERT | {
            "model_type": "bert", "gradient_checkpointing": False, "position_embedding_type": "absolute",
            "transformers_version": "4.6.0.dev0", "use_cache": True,
        },
    ),
    "bert-base-multilingual-uncased fine-tuned on stars": (
        "BertForSequenceClassification",
        _BERT | _LABELLED | {
            "_num_labels": 5, "directionality": "bidi", "finetuning_task": "sentiment-analysis", "model_type": "bert",
            "output_past": True, "pooler_fc_size": 768, "pooler_num_attention_heads": 12, "pooler_num_fc_layers": 3,
            "pooler_size_per_head": 128, "pooler_type": "first_token_transform",
        },
    ),
    "a BERT written early in 2020": (
        "BertForTokenClassification",
        _BERT | _LABELLED | {
            "bad_words_ids": None, "bos_token_id": None, "decoder_start_token_id": None, "do_sample": False,
            "early_stopping": False, "eos_token_ids": None, "finetuning_task": None, "is_decoder": False,
            "is_encoder_decoder": False, "length_penalty": 1.0, "max_length": 20, "min_length": 0,
            "model_type": "bert", "no_repeat_ngram_size": 0, "num_beams": 1, "num_return_sequences": 1,
            "output_attentions": False, "output_hidden_states": False, "output_past": True, "prefix": None,
            "pruned_heads": {}, "repetition_penalty": 1.0, "task_specific_params": None, "temperature": 1.0,
            "top_k": 50, "top_p": 1.0, "torchscript": False, "use_bfloat16": False, "xla_device": None,
        },
    ),
    "roberta-base": ("RobertaForMaskedLM", _ROBERTA | {"model_type": "roberta"}),
    "xlm-roberta-base": (
        "XLMRobertaForMaskedLM",
        _ROBERTA | {
            "model_type": "xlm-roberta", "output_past": True, "position_embedding_type": "absolute",
            "transformers_version": "4.17.0.dev0", "use_cache": True, "vocab_size": 250002,
        },
    ),
    "camembert-base": (
        "CamembertForMaskedLM",
        _ROBERTA | {
            "bos_token_id": 5, "eos_token_id": 6, "model_type": "camembert", "output_past": True, "vocab_size": 32005
        },
    ),
    "distilbert-base-uncased": (
        "DistilBertForMaskedLM",
        _DISTILBERT | {"tie_weights_": True, "transformers_version": "4.10.0.dev0"},
    ),
    "distilbert-base-uncased-finetuned-sst-2-english": (
        "DistilBertForSequenceClassification",
        _DISTILBERT | _LABELLED | {"finetuning_task": "sst-2", "output_past": True, "tie_weights_": True},
    ),
    "albert-base-v2": (
        "AlbertForMaskedLM",
        _BERT | {
            "attention_probs_dropout_prob": 0, "bos_token_id": 2, "classifier_dropout_prob": 0.1,
            "down_scale_factor": 1, "embedding_size": 128, "eos_token_id": 3, "gap_size": 0,
            "hidden_act": "gelu_new", "hidden_dropout_prob": 0, "inner_group_num": 1, "model_type": "albert",
            "net_structure_type": 0, "num_hidden_groups": 1, "num_memory_blocks": 0, "vocab_size": 30000,
        },
    ),
    "google/electra-small-generator": ("ElectraForMaskedLM", _BERT | _ELECTRA),
    "an ELECTRA fine-tuned on two classes": (
        "ElectraForSequenceClassification",
        _BERT | _ELECTRA | _LABELLED | {"position_embedding_type": "absolute", "use_cache": True},
    ),
    "answerdotai/ModernBERT-base": ("ModernBertForMaskedLM", _MODERNBERT),
    "a ModernBERT fine-tuned on two classes": (
        "ModernBertForSequenceClassification",
        _MODERNBERT | _LABELLED | {
            "position_embedding_type": "sans_pos", "reference_compile": None, "repad_logits_with_grad": False,
            "sparse_pred_ignore_index": -100, "sparse_prediction": False,
        },
    ),
}  # fmt: skip
