"""A pre-norm layer: the residual stream, a first layer without a norm, a gate."""

from __future__ import annotations

import torch

from tests.tolerances import FLOAT64, agree


def test_the_attention_blocks_output_is_the_real_one(pre_norm):
    """What the feed-forward adds to."""
    _, network, reading = pre_norm
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        mixed = layer.attend(layer.values(layer.x)).sum(1) + layer.b_o + layer.x
        agree(block.mixed, mixed, FLOAT64)
        agree(block.resultant, mixed, FLOAT64)
        assert block.resultant_norm is None
        assert block.norm_after_attention is block.norm_2


def test_the_first_layer_reads_the_embeddings_as_they_are(pre_norm):
    """The embeddings have been normalised already."""
    _, network, _ = pre_norm
    assert network.blocks[0].norm_1 is None
    assert all(block.norm_1 is not None for block in network.blocks[1:])
    agree(network.blocks[0].value_offset, network.blocks[0].value.bias, FLOAT64)


def test_a_gate_is_a_ratio_of_its_own(pre_norm):
    _, network, reading = pre_norm
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        assert block.gated
        assert block.pre_activation.shape == block.activation.shape
        agree(block.ratio, layer.theta, FLOAT64)
        assert torch.equal(block.ratio, block.activation)
