"""Occlusion: every number against a pass made by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.contract import Head
from engine.methods import occlusion as method
from tests.engine.models import FAMILIES, MEAN, POSITION, Tiny, explain, ids_of, opened
from tests.engine.stopping import stops_everywhere
from tests.tolerances import FLOAT64, agree

MASK: tuple[tuple[str, int], ...] = (("mask_token_id", 4),)
MODELS = [
    *(Tiny(family, seed=461, extras=MASK) for family in FAMILIES),
    Tiny("modernbert", seed=462, extras=(*MASK, *MEAN)),
    *(Tiny("bert", seed=463, extras=MASK, head=head) for head in Head),
]
IDS = ids_of(7)
DELETE = (("replace", "delete"),)
# ModernBERT turns queries and keys in float32 whatever the dtype, and rounds differently in a batch.
ROUGH = 1e-5


def _answer(model, ids, position):
    """The stock model's logits for one text, read at ``position`` where the head asks for one."""
    output = opened(model).model(torch.tensor([ids]))[0][0]
    if model.head is Head.SEQUENCE_CLASSIFICATION:
        return output
    if model.head is not Head.STATE:
        return output[position]
    state = opened(model).model(torch.tensor([IDS]))[0][0, POSITION]
    return (output[position] @ (state / state.norm()))[None]


def _told(model):
    return ROUGH if model.family == "modernbert" else FLOAT64


@pytest.mark.parametrize("model", MODELS, ids=str)
@torch.no_grad()
def test_masking_is_a_pass_with_the_mask_token_in_its_place(model):
    found = explain(model, "occlusion", ids=IDS)
    whole = _answer(model, IDS, POSITION)
    lost = [whole - _answer(model, (*IDS[:j], 4, *IDS[j + 1 :]), POSITION) for j in range(len(IDS))]
    agree(found.scores_all, torch.stack(lost, 1)[list(found.explained)], _told(model))
    agree(found.scores, found.scores_all[found.explained.index(found.target)], FLOAT64)


@pytest.mark.parametrize("model", MODELS, ids=str)
@torch.no_grad()
def test_deleting_is_a_pass_on_the_shorter_text_read_at_the_same_token(model):
    found = explain(model, "occlusion", ids=IDS, parameters=DELETE)
    whole = _answer(model, IDS, POSITION)
    lost = [whole - _answer(model, IDS[:j] + IDS[j + 1 :], POSITION - (j < POSITION)) for j in range(len(IDS))]
    alone = None if opened(model).mean_pooling else found.position
    if alone is not None:
        lost[alone] = torch.zeros_like(whole)  # the answer is read from it
    agree(found.scores_all, torch.stack(lost, 1)[list(found.explained)], _told(model))


@torch.no_grad()
def test_probabilities_and_contrasts():
    model = MODELS[0]
    found = explain(model, "occlusion", ids=IDS, target=2, against=1, parameters=(("output", "prob"),))
    answers = [_answer(model, (*IDS[:j], 4, *IDS[j + 1 :]), 0).softmax(-1) for j in range(len(IDS))]
    whole = _answer(model, IDS, 0).softmax(-1)
    agree(found.scores, torch.stack([whole[2] - whole[1] - answer[2] + answer[1] for answer in answers]), FLOAT64)


def test_a_mask_in_the_text_and_padding_count_nothing():
    ids, mask = (*IDS[:3], 4, IDS[3], 0, 0), (1, 1, 1, 1, 1, 0, 0)
    found = explain(MODELS[0], "occlusion", ids=ids, attention_mask=mask)
    assert (found.scores != 0).tolist() == [True, True, True, False, True, False, False]
    deleted = explain(MODELS[0], "occlusion", ids=ids, attention_mask=mask, parameters=DELETE)
    assert (deleted.scores != 0).tolist() == [False, True, True, True, True, False, False]


@torch.no_grad()
def test_deleting_takes_a_tokens_segment_along():
    model, segments = MODELS[0], (0, 0, 0, 0, 1, 1, 1)
    found = explain(model, "occlusion", ids=IDS, segments=segments, parameters=DELETE)
    network = opened(model).model

    def answer(kept):
        return network(torch.tensor([IDS])[:, kept], token_type_ids=torch.tensor([segments])[:, kept]).logits[0]

    lost = answer(list(range(7))) - answer([0, 1, 3, 4, 5, 6])
    agree(found.scores_all[:, 2], lost, FLOAT64)


@pytest.mark.parametrize("length", [1, 2])
@pytest.mark.parametrize("model", [MODELS[0], MODELS[len(FAMILIES)]], ids=str)
def test_the_shortest_texts_have_an_answer_too(model, length):
    found = explain(model, "occlusion", ids=IDS[:length], parameters=DELETE)
    assert np.isfinite(found.scores).all()
    assert length > 1 or not found.scores.any()


@pytest.mark.parametrize("parameters", [(), DELETE])
def test_chunks_change_nothing(monkeypatch, parameters):
    model = MODELS[-2]
    whole = explain(model, "occlusion", ids=IDS, parameters=parameters).scores_all
    explain(model, "attention", ids=IDS)  # a session keeps its last answer
    monkeypatch.setattr(method, "TOKENS_AT_ONCE", 15)
    agree(explain(model, "occlusion", ids=IDS, parameters=parameters).scores_all, whole, 1e-12)


def test_a_run_stops_between_the_layers_of_every_batch(monkeypatch):
    monkeypatch.setattr(method, "TOKENS_AT_ONCE", 20)  # four batches
    assert stops_everywhere(MODELS[0], "occlusion", ids=IDS) >= 5 * MODELS[0].layers
