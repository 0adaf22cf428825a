"""A post-norm layer: what it hands to the feed-forward."""

from __future__ import annotations

from tests.engine import second_writing
from tests.tolerances import FLOAT64, agree


def test_the_attention_blocks_output_is_the_real_one(post_norm):
    """What the feed-forward adds to."""
    _, network, reading = post_norm
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        mixed = layer.attend(layer.values(layer.x)).sum(1) + layer.b_o + layer.x
        agree(block.mixed, mixed, FLOAT64)
        agree(block.resultant, second_writing.normalise(mixed, layer.gamma_1, layer.sigma_1) + layer.beta_1, FLOAT64)
        assert block.resultant_norm is block.norm_after_attention is block.norm_1
