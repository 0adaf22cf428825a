"""The frozen network: forward and back are transposes of each other, and equal torch's own differentiation."""

from __future__ import annotations

import pytest
import torch

from engine.context import RunContext
from engine.errors import Cancelled
from engine.frozen import EVERY, RATIO_EPSILON, FrozenNorm, activation_ratio, freeze
from tests.engine import second_writing
from tests.engine.models import Tiny, every_kind, ids_of, opened, record
from tests.tolerances import FLOAT64, agree

MODELS = [
    Tiny("bert", layers=1, seed=41),
    Tiny("bert", layers=3, seed=42, act="gelu_new"),
    Tiny("roberta", layers=2, seed=43, act="relu", heads=1),
    Tiny("roberta", layers=4, seed=44, labels=1),
    Tiny("modernbert", layers=1, seed=45),
    Tiny("albert", layers=3, seed=46, heads=1, extras=(("inner_group_num", 2),)),
    *every_kind(seed=47),
]
IDS = ids_of(7)


@pytest.fixture(params=MODELS, ids=str)
def case(request):
    """A model's recorded pass, its frozen network and the second writing of the same pass."""
    model = opened(request.param)
    captured, network = record(model, IDS, position=request.param.position)
    with torch.no_grad():
        yield captured, network, second_writing.read(model.model, IDS, request.param.position)


def _drawn(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_pushing_real_states_and_adding_the_biases_gives_the_next_real_states(case):
    _, network, reading = case
    for number, (block, layer) in enumerate(zip(network.blocks, reading.layers, strict=True)):
        biases = second_writing.layer_out(layer, torch.zeros_like(layer.x))
        agree(block.push(block.states) + biases, network.states(number + 1), FLOAT64)
        agree(network.states(number + 1), second_writing.states_at(reading, number + 1), FLOAT64)


def test_a_push_is_the_linear_part_of_the_second_writing(case):
    _, network, reading = case
    vectors = _drawn(len(IDS), 24)
    for block, layer in zip(network.blocks, reading.layers, strict=True):
        nothing = second_writing.layer_out(layer, torch.zeros_like(vectors))
        agree(block.push(vectors), second_writing.layer_out(layer, vectors) - nothing, FLOAT64)


def test_a_push_takes_any_number_of_states_at_once(case):
    _, network, _ = case
    many = _drawn(2, 3, len(IDS), 24)
    for block in network.blocks:
        agree(block.push(many)[1, 2], block.push(many[1, 2]), FLOAT64)


def test_pulling_through_a_layer_is_the_transpose_of_pushing(case):
    """<g, push(x)> = <pull(g), x>, for a layer whole and for the rows of one receiver."""
    _, network, _ = case
    states, gradients = _drawn(len(IDS), 24, seed=1), _drawn(len(IDS), 24, seed=2)
    for block in network.blocks:
        for rows in (EVERY, [0], [4]):
            before, _ = block.pull_to_attention(gradients[None, rows], rows)
            pulled = block.pull_from_values(block.pull_to_values(block.pull_to_heads(before), rows))
            pulled[:, rows] += before
            sent = (gradients[rows] * block.push(states)[rows]).sum()
            assert float((pulled[0] * states).sum()) == pytest.approx(float(sent), rel=FLOAT64)


def test_a_norm_pulls_as_the_transpose_of_its_push():
    norm = FrozenNorm(_drawn(6, seed=3), _drawn(6, seed=4), _drawn(5, seed=5).abs() + 0.1)
    states, gradients = _drawn(5, 6, seed=6), _drawn(5, 6, seed=7)
    sent, pulled = (gradients * norm.push(states)).sum(), (norm.pull(gradients) * states).sum()
    assert float(pulled) == pytest.approx(float(sent), rel=FLOAT64)
    agree(norm.pull(gradients[[2]], [2]), norm.pull(gradients)[[2]], FLOAT64)


def test_a_frozen_norm_at_its_own_input_is_the_layer_norm():
    module = torch.nn.LayerNorm(6, eps=0.01).double()
    torch.nn.init.normal_(module.weight)
    torch.nn.init.normal_(module.bias)
    entering = _drawn(5, 6, seed=8)
    norm = FrozenNorm.of(module, entering)
    agree(norm.push(entering) + norm.beta, module(entering).detach(), FLOAT64)


def test_the_head_pulls_what_it_pushes(case):
    captured, network, _ = case
    towards = torch.eye(len(captured.logits), dtype=torch.float64)
    pulled, bias = network.head.pull(towards)  # [class, row, hidden], [class]
    agree((pulled * network.final_states[network.head.rows]).sum((1, 2)) + bias, captured.logits, FLOAT64)
    agree(network.head.push(network.final_states) + bias, captured.logits, FLOAT64)


def test_the_head_pushes_what_the_second_writing_answers(case):
    captured, network, reading = case
    vectors = _drawn(len(IDS), 24, seed=12)
    apart = torch.stack([vectors, torch.zeros_like(vectors)], dim=1)  # [token, source + bias, hidden]
    answers = second_writing.answered(reading, apart)
    agree(network.head.push(vectors), answers[0], FLOAT64)
    bias = network.head.pull(torch.eye(len(captured.logits), dtype=torch.float64))[1]
    agree(bias, answers[1], FLOAT64)


def test_the_head_takes_any_number_of_states_at_once(case):
    _, network, _ = case
    many = _drawn(2, 3, len(IDS), 24)
    agree(network.head.push(many)[1, 2], network.head.push(many[1, 2]), FLOAT64)


def test_gradients_at_every_boundary_are_torchs_own(case):
    captured, network, reading = case
    towards = _drawn(3, len(captured.logits), seed=9)
    pulled = network.pull(towards, RunContext())
    for boundary in range(1, len(network.blocks) + 1):
        for number, target in enumerate(towards):
            wanted = second_writing.gradient(reading, boundary, target)
            agree(pulled.states[boundary][number], wanted, FLOAT64)


def test_gradients_at_the_first_value_vectors_are_torchs_own(case):
    captured, network, reading = case
    first = reading.layers[0]
    values = first.values(first.x).clone().requires_grad_(True)
    towards = _drawn(1, len(captured.logits), seed=10)
    with torch.enable_grad():
        answer = second_writing.answer_from(reading, 0, first.x, values) @ towards[0]
    wanted = torch.autograd.grad(answer, values)[0].view(len(IDS), len(first.alpha), -1).transpose(0, 1)
    agree(network.pull(towards, RunContext()).values_0[0], wanted, FLOAT64)


def test_the_summed_biases_are_what_the_frozen_network_answers_to_nothing(case):
    """Of layer 1's value vectors post-norm families count nothing as a bias, pre-norm ones all that is no state's."""
    captured, network, reading = case
    nothing = torch.zeros_like(reading.layers[0].x)
    towards = torch.eye(len(captured.logits), dtype=torch.float64)
    values = None if reading.layers[0].norm_first else nothing
    wanted = second_writing.answer_from(reading, 0, nothing, values)
    agree(network.pull(towards, RunContext()).bias, wanted, FLOAT64)


def test_several_targets_together_are_the_same_as_one_by_one(case):
    captured, network, _ = case
    towards = _drawn(5, len(captured.logits), seed=11)
    together = network.pull(towards, RunContext())
    for number in range(5):
        alone = network.pull(towards[[number]], RunContext())
        agree(together.values_0[number], alone.values_0[0], FLOAT64)
        agree(together.bias[number], alone.bias[0], FLOAT64)
        agree(together.states[-1][number], alone.states[-1][0], FLOAT64)


def test_only_what_the_head_reads_has_a_gradient_at_the_top(case):
    captured, network, _ = case
    top = network.pull(torch.eye(len(captured.logits), dtype=torch.float64), RunContext()).states[-1]
    read = network.head.pooling > 0
    assert read.tolist() == (captured.pooling > 0).tolist()
    assert top[:, read].any(-1).any(0).all()
    assert not top[:, ~read].any()


def test_the_network_shares_the_models_weights(case):
    _, network, _ = case
    model = opened(MODELS[1])
    mine = freeze(model, record(model, IDS)[0], position=0).blocks[0]
    own = model.model.get_submodule("bert.encoder.layer.0.attention.output.dense")
    assert mine.output.weight.data_ptr() == own.weight.data_ptr()
    assert mine.output.bias.data_ptr() == own.bias.data_ptr()
    for block in network.blocks:
        heads, _, size = block.values.shape
        assert block.value.weight.shape == (heads * size, block.states.shape[-1])


def test_the_ratio_is_the_published_one():
    pre, act = torch.tensor([2.0, -1.0, 0.0, 1e-12]), torch.tensor([1.0, 0.5, 0.0, 1e-12])
    wanted = torch.tensor([1 / (2 + RATIO_EPSILON), 0.5 / (-1 + RATIO_EPSILON), 0.0, 0.5])
    agree(activation_ratio(pre, act), wanted, 1e-6)


def test_a_pull_nobody_wants_stops_at_the_next_layer(case):
    captured, network, _ = case
    context = RunContext()
    context.cancel()
    with pytest.raises(Cancelled):
        network.pull(torch.eye(len(captured.logits), dtype=torch.float64), context)
