"""Trials by deleting words against ALTI's published program: curves, scores, and the attributions that were tried.

Four models on random ids: three classifiers of texts, and one that fills gaps with the head of the agreement task on
top, one number whose sigmoid is a probability. The full folder holds the reference as JSON, the compact one some of
its methods as arrays.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch

from engine.agreement import agreement
from engine.context import RunContext
from engine.contract import Prediction, Request
from engine.faithfulness import protocol
from engine.faithfulness.protocol import DELETE_MONOTONE
from engine.faithfulness.trial import Answers, Plan, Trying
from engine.loading import open_model
from engine.removal import inputs_without
from engine.session import Session
from tests.tolerances import FLOAT64, agree

MODELS = ("alti-tiny-bert", "alti-tiny-distilbert", "alti-tiny-roberta", "alti-tiny-bert-mlm")
MASK = 4  # the gap's id
MOST_STEPS = 30  # of a curve one by one, the step without any word among them
CURVES = ("comp", "suff", "comp_bins", "suff_bins")
STORED = 1e-6  # attributions are float32 in the compact copy
# What the published program calls its attributions, and the methods and settings here that give the same.
OURS = {
    "ours": ("alti", ()),
    "ours_l2": ("alti", (("norm", "l2"),)),
    "ours2": ("alti", (("second_layernorm", "on"),)),
    "norm": ("norms", (("epsilon", "none"),)),
    "rollout": ("rollout", (("residual", "0.5"),)),
}
# As in test_alti.py: the published program leaves the epsilon out of its LayerNorms. Its rollout is in float32.
ALTI_APART = 1e-5

pytestmark = pytest.mark.usefixtures("one_thread")
every_model = pytest.mark.parametrize("model", MODELS)


def one_by_one(units):
    """How many of so many units each step of the published curves counts."""
    return tuple(range(min(units + 1, MOST_STEPS)))


def stored_steps(model, units):
    """How many of these steps are stored: where a gap stays the published program ends one step early."""
    return min(units if model.endswith("mlm") else units + 1, MOST_STEPS)


ONE_BY_ONE = replace(
    DELETE_MONOTONE,
    id="one-by-one",
    most=one_by_one,
    least=lambda units: tuple(units - kept for kept in one_by_one(units)),
)


@dataclass(frozen=True)
class Reference:
    """What is stored of one model.

    ``attributions`` [method][sentence] over tokens, ``curves`` [kind][method][sentence] over steps, ``scores``
    [kind][method][sentence] and their ``means`` [kind][method], ``spearman`` [method][sentence].
    """

    sentences: list
    attributions: dict
    curves: dict
    scores: dict
    means: dict
    spearman: dict
    head: dict | None


def _from_json(run):
    return Reference(
        sentences=run["sentences"],
        attributions=run["attributions"],
        curves=run["curves"],
        scores={kind: {method: of["per_sentence"] for method, of in run["aopc"][kind].items()} for kind in run["aopc"]},
        means={kind: {method: of["mean"] for method, of in run["aopc"][kind].items()} for kind in run["aopc"]},
        spearman=run["spearman_dense_vs_blankout"],
        head=run["sva_head"],
    )


def _from_arrays(stored, model):
    """The compact copy: sentences one after the other, a row for every method."""
    found = {name.removeprefix(f"{model}."): stored[name] for name in stored.files if name.startswith(f"{model}.")}
    tokens = np.cumsum(found["lengths"].astype(int))
    steps = np.cumsum([stored_steps(model, length - _fixed(model)) for length in found["lengths"].astype(int)])
    tried, given = stored["tried"].tolist(), stored["attributed"].tolist()

    def rows(names, array, ends):
        return {name: np.split(row, ends[:-1]) for name, row in zip(names, array, strict=True)}

    ends = {kind: steps if not kind.endswith("bins") else 6 * np.arange(1, len(tokens) + 1) for kind in CURVES}
    kinds = ("comp", "suff")
    return Reference(
        sentences=[ids.tolist() for ids in np.split(found["ids"].astype(int), tokens[:-1])],
        attributions=rows(given, found["attributions"].astype(np.float64), tokens),
        curves={kind: rows(tried, found[kind], ends[kind]) for kind in CURVES},
        scores={kind: dict(zip(tried, found[f"aopc_{kind}"], strict=True)) for kind in kinds},
        means={kind: dict(zip(tried, found[f"mean_{kind}"], strict=True)) for kind in kinds},
        spearman=dict(zip(tried, found["spearman"], strict=True)),
        head={name: found[f"head.{name}"] for name in ("weight", "bias")} if "head.weight" in found else None,
    )


def _fixed(model):
    """Tokens that are never taken away: the first, the last, and the gap."""
    return 3 if model.endswith("mlm") else 2


@pytest.fixture
def stored(parity):
    whole = parity / "alti" / "faithfulness.json"
    if whole.is_file():
        runs = {run["model"]: run for run in json.loads(whole.read_text())["runs"]}
        return lambda model: _from_json(runs[model])
    with np.load(parity / "alti" / "faithfulness.npz") as arrays:
        made = {model: _from_arrays(arrays, model) for model in MODELS}
    return made.__getitem__


class GapClassifier:
    """The model of the agreement task: a masked-word model whose decoder is one number, its answer yes or no.

    The published program reads the sigmoid at the gap, and one minus it where the whole text has less than a half.
    """

    def __init__(self, folder, head):
        self.session = Session("float64", "cpu")
        self.opened = open_model(folder, "float64", "cpu")
        self.weight = torch.tensor(np.array(head["weight"], dtype=np.float64))  # [1, hidden]
        self.bias = torch.tensor(np.array(head["bias"], dtype=np.float64))

    def run(self, request, context):
        found = self.session.run(request, context)
        logit = self._logits(torch.tensor([request.ids]))[0]
        logits = np.array([0.0, logit])
        prediction = Prediction(("no", "yes"), logits, np.exp(logits) / np.exp(logits).sum())
        return replace(found, prediction=prediction, target=int(logit >= 0))

    def without(self, request, removed, taking, context):
        assert taking is DELETE_MONOTONE.taking
        inputs = {"input_ids": torch.tensor([request.ids])}
        said = np.concatenate([self._logits(inputs_without(inputs, [places], None)["input_ids"]) for places in removed])
        yes = 1 / (1 + np.exp(-said))
        return Answers(yes if request.target == 1 else 1 - yes, (said >= 0).astype(int))

    @torch.no_grad()
    def _logits(self, ids):
        model = self.opened.model
        states = model.cls.predictions.transform(model.bert(ids)[0])  # [batch, token, hidden]
        gaps = states[ids == MASK]
        return (gaps @ self.weight[0] + self.bias).numpy()


@pytest.fixture
def explained(parity):
    """A door and, for every sentence of a model, an explanation by its attention; further methods where named."""

    def made(model, reference):
        folder = str(parity / "models" / model)
        door = Session("float64", "cpu") if reference.head is None else GapClassifier(folder, reference.head)

        def explain(ids, method="attention", parameters=()):
            place = ids.index(MASK) if MASK in ids and reference.head is not None else None
            asked = Request(0, folder, method, ids=tuple(ids), parameters=parameters, position=place, components=False)
            return door.run(asked, RunContext())

        return door, explain

    return made


@pytest.fixture
def _known_one_by_one(monkeypatch):
    monkeypatch.setattr(protocol, "PROTOCOLS", (*protocol.PROTOCOLS, ONE_BY_ONE))


def curves_of(trial, rules, units):
    """What the published program keeps: the probabilities at its steps, never rising, or never falling."""
    most = trial.most.at(rules.most(units))
    least = trial.least.at(rules.least(units))
    return {"comp": np.minimum.accumulate(most), "suff": np.maximum.accumulate(least)}


@pytest.mark.usefixtures("_known_one_by_one")
@every_model
def test_curves_and_scores_are_the_published_ones(stored, explained, measured, model):
    reference = stored(model)
    door, explain = explained(model, reference)
    scores = {kind: {method: [] for method in reference.spearman} for kind in ("comp", "suff")}
    for sentence, ids in enumerate(reference.sentences):
        made = explain(ids)
        binned, alone = (Trying(door, made, Plan(rules.id)) for rules in (DELETE_MONOTONE, ONE_BY_ONE))
        units = len(binned.units)
        assert units == len(ids) - _fixed(model)
        for method in reference.spearman:
            given = replace(made, scores=np.array(reference.attributions[method][sentence]))
            trial, steps = (trying.explained(given, RunContext()) for trying in (binned, alone))
            stored_alone = curves_of(steps, ONE_BY_ONE, units).items()
            found = {kind: curve[: stored_steps(model, units)] for kind, curve in stored_alone}
            found |= {f"{kind}_bins": curve for kind, curve in curves_of(trial, DELETE_MONOTONE, units).items()}
            for kind in CURVES:
                apart = agree(found[kind], reference.curves[kind][method][sentence], FLOAT64)
                measured(f"faithfulness curves, {kind}, {model}", apart)
            scores["comp"][method].append(trial.score_most)
            scores["suff"][method].append(trial.score_least)
    for kind, of_methods in scores.items():
        for method, found in of_methods.items():
            measured(f"faithfulness scores, {kind}, {model}", agree(found, reference.scores[kind][method], FLOAT64))
            agree(np.mean(found), reference.means[kind][method], FLOAT64)


@pytest.mark.parametrize("name", OURS)
@every_model
def test_attributions_that_were_tried_are_made_here_too(stored, explained, measured, model, name):
    reference = stored(model)
    _, explain = explained(model, reference)
    method, parameters = OURS[name]
    for ids, wanted in zip(reference.sentences, reference.attributions[name], strict=True):
        made = explain(ids, method, parameters)
        apart = agree(made.rollout[-1, made.position], wanted, ALTI_APART)
        measured(f"faithfulness attributions, {name}", apart)


@every_model
def test_raw_attention_is_the_mean_of_the_last_layers_heads(stored, explained, measured, model):
    reference = stored(model)
    _, explain = explained(model, reference)
    for ids, wanted in zip(reference.sentences, reference.attributions["raw"], strict=True):
        made = explain(ids)
        apart = agree(made.attention[-1].mean(0)[made.position], wanted, STORED)
        measured("faithfulness attributions, raw", apart)


@pytest.mark.parametrize(("name", "method"), [("grad", "gradient"), ("grad_input_l2", "gradient_x_input")])
def test_the_published_gradients_are_the_models_where_it_is_distilbert(stored, explained, measured, name, method):
    """Of the others the program takes them of another function: it adds positions, and norms, a second time."""
    reference = stored("alti-tiny-distilbert")
    _, explain = explained("alti-tiny-distilbert", reference)
    parameters = (("at", "embedding"), ("output", "prob"), ("reduce", "l2"))
    for ids, wanted in zip(reference.sentences, reference.attributions[name], strict=True):
        found = explain(ids, method, parameters).scores
        apart = agree(found / found.sum() if name == "grad" else found, wanted, STORED)
        measured(f"faithfulness attributions, {name}, DistilBERT", apart)


def dense_spearman(first, second):
    """The published program's formula, wrong where numbers are equal.

    Equal ones share one rank and the next takes the rank after it, so that ranks need not reach n; the sum of squared
    differences is then put into the short form, which holds for the ranks 1 to n alone. Two opposite orders with ties
    come out above -1, for one. ``engine.agreement`` gives ties the mean of their ranks and takes the correlation.
    """
    ranks = [np.unique(values, return_inverse=True)[1] for values in (first, second)]
    count = len(first)
    return 1 - 6 * ((ranks[0] - ranks[1]) ** 2).sum() / (count * (count**2 - 1))


@every_model
def test_the_published_rank_correlation_is_reproduced(stored, measured, model):
    reference = stored(model)
    for method, wanted in reference.spearman.items():
        pairs = zip(reference.attributions[method], reference.attributions["blankout"], strict=True)
        found = [dense_spearman(np.array(one), np.array(other)) for one, other in pairs]
        measured(f"faithfulness Spearman, dense, {model}", agree(found, wanted, 1e-12))


def test_ties_are_where_the_published_formula_goes_wrong():
    one, other = np.array([0.0, 0.0, 1.0, 1.0]), np.array([1.0, 1.0, 0.0, 0.0])
    assert agreement(one, other).spearman == -1
    assert dense_spearman(one, other) == pytest.approx(0.6)
    straight = np.array([3.0, 1.0, 4.0, 2.0, 5.0])
    mixed = np.array([2.0, 1.0, 5.0, 3.0, 4.0])
    assert dense_spearman(straight, mixed) == pytest.approx(agreement(straight, mixed).spearman, abs=1e-15)
