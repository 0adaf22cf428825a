"""The model asked about a text without some of its words, against passes made by hand on the stock model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine import removal
from engine.contract import Head, Request
from engine.errors import Cancelled, MethodError
from engine.faithfulness.protocol import Taking
from engine.session import Session
from tests.engine.models import (
    FAMILIES,
    MEAN,
    POSITION,
    Tiny,
    explain,
    folder,
    fresh_session,
    ids_of,
    opened,
    unchanged,
)
from tests.engine.models import session as shared
from tests.engine.stopping import CancelledAt
from tests.tolerances import FLOAT64, agree

MASK_ID = 4
MASK: tuple[tuple[str, int], ...] = (("mask_token_id", MASK_ID),)
AT_A_PLACE = (Head.MASKED_WORD, Head.TOKEN_CLASSIFICATION)
MODELS = [
    *(Tiny(family, seed=701, extras=MASK) for family in FAMILIES),
    Tiny("modernbert", seed=702, extras=(*MASK, *MEAN)),
    *(
        Tiny(family, seed=703, extras=MASK, head=head)
        for family in ("bert", "albert", "distilbert", "electra", "roberta", "modernbert")
        for head in AT_A_PLACE
    ),
]
TINY = MODELS[0]
IDS = ids_of(8)
# Around the fifth token, whose state is read where the head answers about a place.
REMOVED = [(), (1,), (7,), (5, 6), (1, 2), (1, 5), (1, 2, 3), (1, 2, 3, 5, 6, 7), (2,), (3, 7)]
EITHER = pytest.mark.parametrize("taking", Taking, ids=lambda taking: taking.value)
EVERY = pytest.mark.parametrize("model", MODELS, ids=str)


def request_to(model=TINY, **changes):
    return Request(0, str(folder(model)), "attention", position=model.position, **({"ids": IDS} | changes))


def asked(model, removed, taking, context=None, **changes):
    return shared(model).without(request_to(model, **changes), removed, taking, context or CancelledAt())


def told(model):
    """ModernBERT turns queries and keys in float32 whatever the dtype, and rounds differently in a batch."""
    return 1e-5 if model.family == "modernbert" else FLOAT64


@torch.no_grad()
def by_hand(model, places, taking, ids=IDS, segments=None):
    """The stock model's probabilities for one text without the tokens at ``places``."""
    if taking is Taking.MASK:
        kept, left = list(range(len(ids))), [MASK_ID if at in places else one for at, one in enumerate(ids)]
    else:
        kept = [at for at in range(len(ids)) if at not in places]
        left = [ids[at] for at in kept]
    more = {} if segments is None else {"token_type_ids": torch.tensor([[segments[at] for at in kept]])}
    output = opened(model).model(torch.tensor([left]), **more)[0][0]
    logits = output if model.position is None else output[kept.index(model.position)]
    return logits.softmax(-1).numpy()


@EITHER
@EVERY
def test_every_variant_is_a_pass_of_the_stock_model(model, taking):
    target = 2
    found = asked(model, REMOVED, taking, target=target)
    wanted = np.stack([by_hand(model, places, taking) for places in REMOVED])
    agree(found.probability, wanted[:, target], told(model))
    assert found.predicted.tolist() == wanted.argmax(1).tolist()


@EITHER
@EVERY
def test_removing_nothing_gives_the_runs_own_probability(model, taking):
    run = explain(model, "attention", ids=IDS)
    found = asked(model, [()], taking)
    agree(found.probability, run.prediction.probabilities[[run.target]], told(model))
    assert found.predicted.tolist() == [run.target]


@EITHER
@EVERY
def test_one_token_less_is_what_occlusion_says(model, taking):
    run = explain(model, "occlusion", ids=IDS, parameters=(("replace", taking.value), ("output", "prob")))
    places = [place for place in range(len(IDS)) if place not in (0, POSITION)]
    lost = run.prediction.probabilities[run.target] - asked(model, [(place,) for place in places], taking).probability
    agree(lost, run.scores[places], told(model))


@EITHER
@pytest.mark.parametrize("at_once", [1, 20])
@pytest.mark.parametrize("model", [TINY, MODELS[-3]], ids=str)
def test_a_batch_is_its_variants_one_by_one(monkeypatch, model, taking, at_once):
    whole = asked(model, REMOVED, taking)
    alone = [asked(model, [places], taking).probability[0] for places in REMOVED]
    agree(whole.probability, alone, 1e-12)
    monkeypatch.setattr(removal, "TOKENS_AT_ONCE", at_once)
    chunked = asked(model, REMOVED[::-1], taking)
    agree(chunked.probability[::-1], alone, 1e-12)
    assert chunked.predicted.tolist() == whole.predicted.tolist()[::-1]


@EITHER
def test_a_pair_keeps_its_segments(taking):
    segments = (0, 0, 0, 0, 1, 1, 1, 1)
    found = asked(TINY, REMOVED, taking, segments=segments, target=1)
    agree(found.probability, [by_hand(TINY, places, taking, segments=segments)[1] for places in REMOVED], FLOAT64)
    straight = asked(TINY, REMOVED, taking, target=1)
    assert np.abs(found.probability - straight.probability).min() > 1e-6


@EITHER
def test_padding_changes_nothing(taking):
    padded = (*IDS, 0, 0), (1,) * len(IDS) + (0, 0)
    found = asked(TINY, REMOVED, taking, ids=padded[0], attention_mask=padded[1])
    agree(found.probability, asked(TINY, REMOVED, taking).probability, 1e-12)


@pytest.mark.parametrize("model", [model for model in MODELS if model.head in AT_A_PLACE], ids=str)
def test_the_word_that_is_read_stays_the_same_word_when_the_text_closes_up(model):
    """Read where it stood before, the answer would be another word's."""
    before = [(1,), (2,), (1, 2), (1, 5), (3, 7)]
    found = asked(model, before, Taking.DELETE).probability
    target = explain(model, "attention", ids=IDS).target
    wrong = []
    for places in before:
        left = [one for at, one in enumerate(IDS) if at not in places]
        output = opened(model).model(torch.tensor([left]))[0][0]
        wrong.append(output[POSITION].softmax(-1)[target].item())
    assert np.abs(found - np.array(wrong)).min() > 1e-6


@EITHER
def test_the_asked_answer_is_asked_about_whatever_wins(taking):
    shares = np.stack([asked(TINY, REMOVED, taking, target=target).probability for target in range(TINY.labels)])
    agree(shares.sum(0), np.ones(len(REMOVED)), 1e-12)
    assert asked(TINY, REMOVED, taking).predicted.tolist() == shares.argmax(0).tolist()


@EITHER
def test_nothing_asked_nothing_answered(taking):
    found = asked(TINY, [], taking)
    assert found.probability.shape == found.predicted.shape == (0,)


def test_a_model_without_a_mask_token_has_words_deleted_only():
    bare = Tiny("bert", seed=704)
    with pytest.raises(MethodError, match="nothing neutral") as refused:
        asked(bare, [(1,)], Taking.MASK)
    assert refused.value.title == "This model has no mask token"
    assert refused.value.hint == "Choose the protocol that deletes words."
    agree(asked(bare, [(1,)], Taking.DELETE, target=0).probability, by_hand(bare, (1,), Taking.DELETE)[:1], FLOAT64)


@pytest.mark.parametrize("number", [40, 999, -1])
def test_a_mask_token_the_model_has_no_vector_for_is_none(number):
    strange = Tiny("bert", seed=704, extras=(("mask_token_id", number),))
    with pytest.raises(MethodError, match="nothing neutral"):
        asked(strange, [(1,)], Taking.MASK)


@pytest.mark.parametrize(
    "model",
    [
        Tiny("bert", seed=705, head=Head.STATE, extras=MASK),
        Tiny("bert", seed=705, problem="multi_label_classification", extras=MASK),
        Tiny("bert", seed=705, labels=1, extras=MASK),
    ],
    ids=str,
)
@EITHER
def test_a_model_without_probabilities_is_refused(model, taking):
    with pytest.raises(MethodError) as refused:
        asked(model, [(1,)], taking)
    assert refused.value.title == "This model gives no probabilities"


@EITHER
def test_cancelled_at_any_moment_nothing_is_left_behind(monkeypatch, taking):
    monkeypatch.setattr(removal, "TOKENS_AT_ONCE", 16)
    whole = CancelledAt()
    wanted = fresh_session(TINY).without(request_to(), REMOVED, taking, whole).probability
    assert whole.asked > 5 * TINY.layers  # in every layer of every batch
    for moment in range(1, whole.asked + 1):
        made = fresh_session(TINY)
        with unchanged(opened(TINY).model), pytest.raises(Cancelled):
            made.without(request_to(), REMOVED, taking, CancelledAt(moment))
        if moment % 5 == 0:
            assert np.array_equal(made.without(request_to(), REMOVED, taking, CancelledAt()).probability, wanted)


@EITHER
def test_neither_the_model_nor_what_the_session_keeps_is_touched(taking):
    made = Session("float64", "cpu")
    request = replace(request_to(), method="decompx")
    before = made.run(request, CancelledAt())
    kept = made._recorded, made._made
    with unchanged(made._opened[1].model):
        made.without(request, REMOVED, taking, CancelledAt())
    assert (made._recorded, made._made) == kept
    after = made.run(request, CancelledAt())
    assert np.array_equal(after.scores, before.scores)
    assert np.array_equal(after.flow.edge, before.flow.edge)


@EITHER
def test_no_attention_weights_are_kept_of_variants(monkeypatch, taking):
    """They would fill the memory: a square of the text's length for every head, layer and variant."""
    from engine import capture

    made = fresh_session(TINY)
    made.run(request_to(), CancelledAt())
    monkeypatch.setattr(capture.Attended, "mix", lambda *_: pytest.fail("weights were kept"))
    made.without(request_to(), REMOVED, taking, CancelledAt())
