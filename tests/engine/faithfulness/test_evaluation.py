"""Sentences put together: means, intervals, curves and the rows of both tables."""

from __future__ import annotations

import numpy as np
import pytest

from engine.faithfulness.bootstrap import RESAMPLES, intervals
from engine.faithfulness.candidates import parse_candidates
from engine.faithfulness.evaluation import SENTENCE_COLUMNS, SUMMARY_COLUMNS, evaluate, sentence_rows, summary_rows
from engine.faithfulness.measuring import Design, Key, Measured, keys_of

NAMED = parse_candidates("attention,decompx:bias=token:ffn=la,random")
ATTENTION, DECOMPX, RANDOM = NAMED
DESIGN = Design(NAMED, ("mask", "delete"), seed=4)
KEYS = keys_of(DESIGN)


def sentences(count=20, missing=()):
    """Random numbers; the keys in ``missing`` have none."""
    values = np.random.default_rng(0).random((count, len(KEYS)))
    values[:, [KEYS.index(key) for key in missing]] = np.nan
    return [Measured(line, line % 2, row) for line, row in enumerate(values, 3)]


def column(measured, key):
    return np.array([each.values[KEYS.index(key)] for each in measured])


def test_every_number_is_the_mean_with_its_interval():
    measured = sentences()
    found = evaluate(DESIGN, measured, "model", "dev.tsv")
    key = Key("aopc_most", DECOMPX, "mask")
    low, high = intervals(np.array([each.values for each in measured]), 4)
    estimate = found.estimates[key]
    assert estimate.value == pytest.approx(column(measured, key).mean(), abs=1e-15)
    assert (estimate.low, estimate.high) == (low[KEYS.index(key)], high[KEYS.index(key)])
    assert estimate.sentences == found.sentences == 20
    assert (found.model, found.source, found.whole_words, found.seed) == ("model", "dev.tsv", False, 4)
    assert found.resamples == RESAMPLES
    assert found.accuracy == found.estimates[Key("accuracy")]


def test_results_stand_protocol_by_protocol_with_their_curves():
    measured = sentences()
    found = evaluate(DESIGN, measured, "", "")
    assert [(each.protocol, each.name) for each in found.results] == [
        (protocol, name)
        for protocol in ("mask", "delete")
        for name in ("attention", "decompx:bias=token:ffn=la", "random")
    ]
    result = found.results[1]
    assert (result.method, result.parameters) == ("decompx", "bias=token ffn=la")
    assert result.most.at.tolist() == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    wanted = [column(measured, Key("probability_most", DECOMPX, "mask", at)).mean() for at in result.most.at]
    assert result.most.mean == pytest.approx(wanted, abs=1e-15)
    assert (result.most.low < result.most.mean).all()
    assert (result.most.mean < result.most.high).all()
    assert set(result.metrics) == {
        *("aopc_most", "aopc_least", "accuracy_most", "accuracy_least", "area_most", "area_least")
    }
    assert set(found.results[5].metrics) == {"comprehensiveness", "sufficiency", "accuracy_most", "accuracy_least"}
    assert found.results[5].least.at.tolist() == [0, 0.5, 0.8, 0.9, 0.95, 0.99, 1]


def test_what_no_sentence_has_is_left_out():
    found = evaluate(DESIGN, sentences(missing=[Key("accuracy"), Key("completeness", ATTENTION)]), "", "")
    assert found.accuracy is None
    assert not {Key("accuracy"), Key("completeness", ATTENTION)} & set(found.estimates)
    assert Key("completeness", DECOMPX) in found.estimates


def test_a_number_that_some_sentences_lack_counts_those_that_have_it():
    measured = sentences()
    key = Key("spearman", ATTENTION, other=DECOMPX)
    measured[3].values[KEYS.index(key)] = np.nan
    estimate = evaluate(DESIGN, measured, "", "").estimates[key]
    assert estimate.sentences == 19
    assert estimate.value == pytest.approx(np.nanmean(column(measured, key)), abs=1e-15)


def test_one_sentence_is_its_own_interval():
    found = evaluate(DESIGN, sentences(1), "", "")
    assert all(each.low == each.value == each.high for each in found.estimates.values())


def test_the_summary_is_tidy():
    rows = [dict(zip(SUMMARY_COLUMNS, row, strict=True)) for row in summary_rows(evaluate(DESIGN, sentences(), "", ""))]
    assert (
        *("method", "parameters", "protocol", "metric", "value", "low", "high", "sentences", "other"),
    ) == SUMMARY_COLUMNS
    assert (rows[0]["metric"], rows[0]["method"], rows[0]["protocol"]) == ("accuracy", "", "")
    named = [tuple(row[name] for name in ("method", "parameters", "protocol", "metric", "other")) for row in rows]
    assert len(set(named)) == len(rows)
    assert ("attention", "", "", "spearman", "decompx:bias=token:ffn=la") in named
    assert ("random", "", "mask", "aopc_most", "") in named
    assert not [row for row in rows if row["metric"].startswith("probability")]
    assert not [row for row in rows if row["method"] == "random" and not row["protocol"]]
    assert {type(row[name]) for row in rows for name in ("value", "low", "high")} == {float}


def test_the_sentences_are_tidy():
    measured = sentences(2, missing=[Key("completeness", ATTENTION)])
    found = [
        dict(zip(SENTENCE_COLUMNS, row, strict=True))
        for row in sentence_rows(DESIGN, measured, {3: 0}, ("negative", "positive"))
    ]
    assert len(found) == 2 * (len(KEYS) - 1)
    assert {(row["line"], row["label"], row["predicted"]) for row in found} == {
        (3, "negative", "positive"),
        (4, "", "negative"),
    }
    points = [row for row in found if row["metric"] == "probability_least" and row["line"] == 3]
    assert [row["at"] for row in points if row["method"] == "random" and row["protocol"] == "delete"] == [
        *(0, 0.5, 0.8, 0.9, 0.95, 0.99, 1)
    ]
    assert {row["at"] for row in found if not row["metric"].startswith("probability")} == {""}


def test_equal_sentences_and_seed_give_equal_numbers():
    assert list(summary_rows(evaluate(DESIGN, sentences(), "", ""))) == list(
        summary_rows(evaluate(DESIGN, sentences(), "", ""))
    )
