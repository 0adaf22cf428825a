from __future__ import annotations

import argparse

import numpy as np
import pytest

from engine.context import RunContext
from engine.contract import Against, Request
from engine.faithfulness.candidates import parse_candidates
from engine.faithfulness.measuring import Design, Measuring, keys_of
from engine.session import Session
from gui.figures.embedded import state_in
from gui.render import main
from gui.trust.rendering import tried
from tests.gui.test_render import IDS, MODEL

OPTIONS = {"protocol": None, "orders": None, "others": None}
SENTIMENT = ["--model", "english-sentiment", "--text", "A good film, but long.", "--device", "cpu"]


def rendered(path, *options):
    return main([*IDS, "--view", "trust", "--out", str(path), *options])


def parsed(**given):
    return argparse.Namespace(**(OPTIONS | given))


def test_one_command_draws_a_trial(tmp_path):
    path = tmp_path / "trust.svg"
    options = ("--protocol", "delete", "--orders", "4", "--others", "gradient,rollout", "--seed", "3")
    assert main([*SENTIMENT, "--view", "trust", "--out", str(path), *options]) == 0
    text = path.read_text(encoding="utf-8")
    for said in ("Strongest words first", "Gradient", "Attention rollout", "4 random orders", "seed 3", "“delete”"):
        assert said in text
    state = state_in(path)
    assert (state.text, state.method) == ("A good film, but long.", "decompx")


@pytest.mark.parametrize("protocol", ["mask", "delete", "delete-monotone"])
def test_its_scores_are_those_of_evaluate(protocol):
    session, context = Session("float32", "cpu"), RunContext()
    asked = _request(seed=7)
    made = tried(parsed(protocol=protocol, orders=5, others="gradient"), asked, False, session, context)
    design = Design(parse_candidates("decompx,gradient,random:orders=5"), (protocol,), seed=7)
    measured = Measuring(session, design).measure(asked, 1, None, context)
    values = dict(zip(keys_of(design), measured.values.tolist(), strict=True))
    scores = {(key.candidate.method, key.metric): value for key, value in values.items() if key.candidate is not None}
    for trial in (made.own, *made.others):
        names = ("aopc_most", "aopc_least") if protocol == "mask" else ("comprehensiveness", "sufficiency")
        assert scores[trial.method, names[0]] == pytest.approx(trial.score_most, abs=1e-6)
        assert scores[trial.method, names[1]] == pytest.approx(trial.score_least, abs=1e-6)
        assert scores["random", names[0]] == pytest.approx(np.mean([t.score_most for t in made.chance]), abs=1e-6)


def _request(seed):
    return Request(
        generation=0,
        model="english-sentiment",
        method="decompx",
        text="A good film, but long.",
        against=Against.OTHER,
        components=False,
        seed=seed,
    )


def test_all_methods_are_asked_for_one_answer():
    session = Session("float32", "cpu")
    made = tried(parsed(orders=0, others="gradient"), _request(0), True, session, RunContext())
    assert not made.chance
    assert made.own.most.probability[0] == made.others[0].most.probability[0]
    assert [unit.label for unit in made.units] == ["A", "good", "film", ",", "but", "long", "."]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--others", "random"), "Use --orders"),
        (("--others", "nothing"), "nothing"),
        (("--others", "gradient,gradient"), "twice"),
        (("--compare", "A bad film."), "says nothing"),
    ],
)
def test_what_a_person_can_mend_is_one_line(tmp_path, capsys, options, told):
    assert rendered(tmp_path / "a.svg", *options) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert not (tmp_path / "a.svg").exists()


@pytest.mark.parametrize("options", [("--orders", "-1"), ("--orders", "many"), ("--protocol", "burn")])
def test_malformed_options_end_with_two(tmp_path, options):
    with pytest.raises(SystemExit) as ended:
        rendered(tmp_path / "a.svg", *options)
    assert ended.value.code == 2


def test_its_options_say_nothing_to_another_view(tmp_path, capsys):
    assert main([*IDS, "--view", "words", "--out", str(tmp_path / "a.svg"), "--orders", "3"]) == 2
    assert "--orders says nothing where another view than trust" in capsys.readouterr().err


def test_a_list_is_for_evaluate(tmp_path, capsys):
    listed = tmp_path / "list.txt"
    listed.write_text("A good film.\n", encoding="utf-8")
    folder = tmp_path / "figures"
    assert main(["--model", MODEL, "--input", str(listed), "--view", "trust", "--out", str(folder)]) == 2
    assert "evaluate" in capsys.readouterr().err
