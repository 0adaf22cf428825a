"""The steps of a layer: against the published vectors behind each of them, and against the second writing."""

from __future__ import annotations

import pytest
import torch

from engine.loading import open_model
from engine.push.sites import Gate, Layer, Spaces, project
from tests.engine.models import Tiny, ids_of, opened, record
from tests.engine.second_sharing import SLOPES
from tests.parity.commanded import reference
from tests.tolerances import agree

EVERY = slice(0, None)


def _layer(block, kind="absdot", rows=10_000, precision=torch.float64):
    gate = Gate.of("zo", block.pre_activation, block.activation, block.act)
    return Layer.of(block, gate, kind, Spaces.of(block, rows, precision))


@torch.no_grad()
def test_vectors_behind_every_step_are_the_published_ones(parity):
    stored = reference(parity, "decompx", "tiny-bert", "n8")
    ids, segments = (tuple(stored[f"in.{name}"][0].tolist()) for name in ("input_ids", "token_type_ids"))
    _, network = record(
        open_model(str(parity / "models" / "tiny-bert"), "float64", "cpu"), ids, mask=None, segments=segments
    )
    state = torch.empty(8, 8, 48, dtype=torch.float64)  # [source, receiver, hidden]
    for number, block in enumerate(network.blocks):
        wanted = {
            name: torch.from_numpy(stored[f"paper.{name}"][number, 0])
            for name in ("stage_attention", "stage_res1", "stage_LN1", "stage_FFN", "stage_res2", "aggregated_vec")
        }
        layer, before = _layer(block), state.clone()
        if number == 0:
            layer.mix_states(state, slice(0, 3))
            layer.mix_states(state, slice(3, 8))
            residual = torch.eye(8, dtype=torch.float64)[..., None] * block.states
        else:
            layer.mix_vectors(state)
            residual = before.transpose(0, 1)
        vectors = state.transpose(0, 1).contiguous()  # [receiver, source, hidden]
        agree(vectors - residual, wanted["stage_attention"])
        layer.share(vectors, block.output.bias + (block.carried_offset if number else 0))
        agree(vectors, wanted["stage_res1"])
        layer.normalise(vectors, block.norm_1, EVERY)
        agree(vectors, wanted["stage_LN1"])
        added = layer.feed_forward(vectors, EVERY)
        agree(added, wanted["stage_FFN"])
        vectors += added
        agree(vectors, wanted["stage_res2"])
        layer.normalise(vectors, block.norm_2, EVERY)
        agree(vectors, wanted["aggregated_vec"])
        state = vectors.transpose(0, 1).contiguous()


@pytest.mark.parametrize("act", ["gelu", "relu", "silu"])
@torch.no_grad()
def test_a_tangent_touches_the_activation_with_its_slope(act):
    _, network = record(opened(Tiny("bert", act=act, seed=201)), ids_of(6))
    block = network.blocks[1]
    gate = Gate.of("la", block.pre_activation, block.activation, block.act)
    agree(gate.slope, SLOPES[act](block.pre_activation))
    agree(gate.slope * block.pre_activation + gate.intercept, block.activation)


@torch.no_grad()
def test_a_line_through_the_origin_and_a_gate_have_no_intercept():
    _, network = record(opened(Tiny("bert", seed=202)), ids_of(6))
    block = network.blocks[0]
    line, gate = (Gate.of(kind, block.pre_activation, block.activation, block.act) for kind in ("zo", "relu"))
    assert line.intercept is None
    assert gate.intercept is None
    agree(line.slope * block.pre_activation, block.activation)
    assert torch.equal(gate.slope.bool(), block.pre_activation > 0)


@torch.no_grad()
def test_an_intercept_is_shared_out_even_where_biases_are_left_out():
    _, network = record(opened(Tiny("bert", seed=203)), ids_of(4))
    block = network.blocks[0]
    gate = Gate.of("la", block.pre_activation, block.activation, block.act)
    inner = torch.randn(2, 4, block.pre_activation.shape[-1], dtype=torch.float64)
    left_out, absdot, whole = inner.clone(), inner.clone(), inner.sum(1)
    gate.apply(left_out, slice(1, 3), None)
    gate.apply(absdot, slice(1, 3), "absdot")
    assert torch.equal(left_out, absdot)
    agree(left_out.sum(1), gate.slope[1:3] * whole + gate.intercept[1:3])


@torch.no_grad()
def test_a_layer_without_biases_sends_what_the_frozen_block_sends():
    _, network = record(opened(Tiny("roberta", seed=204)), ids_of(5))
    block = network.blocks[1]
    state = torch.randn(7, 5, 24, dtype=torch.float64)  # more sources than tokens: each goes its own way
    wanted = block.push(state)
    layer = _layer(block, kind=None)
    layer.mix_vectors(state)
    vectors = state.transpose(0, 1).contiguous()
    layer.normalise(vectors, block.norm_1, EVERY)
    vectors += layer.feed_forward(vectors, EVERY)
    layer.normalise(vectors, block.norm_2, EVERY)
    agree(vectors.transpose(0, 1), wanted)


def test_a_product_in_half_words_is_rounded_and_no_more():
    random = torch.Generator().manual_seed(0)
    vectors, weight = torch.randn(9, 64, generator=random), torch.randn(32, 64, generator=random)
    for out in (torch.empty(9, 32), torch.empty(9, 32, dtype=torch.bfloat16)):
        made = project(vectors, weight.bfloat16(), out)
        assert made is out
        agree(made.float(), vectors @ weight.T, 0.02)
    agree(project(vectors.double(), weight.double(), torch.empty(9, 32, dtype=torch.float64)), vectors @ weight.T, 1e-5)
