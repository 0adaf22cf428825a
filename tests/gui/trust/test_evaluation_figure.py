from __future__ import annotations

import re
import sys
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

import main
from engine.errors import TextError
from gui.paint.palette import DARK, LIGHT, PALETTES
from gui.trust.evaluation_figure import draw, evaluation_figure, size_of
from gui.trust.lines import Role
from tests.gui.pictures import far, inside, painted
from tests.gui.trust.evaluated import TEN, evaluation


def drawn(made, palette=LIGHT):
    size = size_of(made)
    return evaluation_figure(made, QRectF(0, 0, size.width, size.height), palette), size


def texts_of(figure):
    found = list(figure.texts)
    for plot in figure.plots:
        found += [*plot.texts, *plot.labels]
    for scored in figure.scores:
        found += [*scored.texts, *scored.names]
    return found


def test_a_curve_stands_where_its_numbers_say():
    made = evaluation()
    plot = drawn(made)[0].plots[0]
    own = next(line for line in plot.drawn if line.role is Role.OWN)
    curve, area = made.results[0].most, plot.area
    for at, share, point in zip(curve.at, curve.mean, own.points, strict=True):
        assert point.x() == pytest.approx(area.left() + area.width() * at / 0.9)
        assert point.y() == pytest.approx(area.bottom() - area.height() * (share - 0.5) / 0.5)
    above = own.band[: len(curve.at)]
    assert [point.y() for point in above] == pytest.approx(
        [area.bottom() - area.height() * (share - 0.5) / 0.5 for share in curve.high]
    )


def test_a_score_stands_where_its_number_says():
    made = evaluation(("decompx", "random"))
    figure, _ = drawn(made)
    best, chance, _, _ = figure.scores[0].dots
    numbers = [text for text in figure.scores[0].texts if re.fullmatch(r"[\d.]+", text.text)][:2]
    (left, right), values = (text.rect.center().x() for text in numbers), [float(text.text) for text in numbers]
    wide = (right - left) / (values[1] - values[0])
    for dot, value in ((best, 0.9), (chance, 0.1)):
        assert dot.at.x() == pytest.approx(left + (value - values[0]) * wide)
        assert dot.interval.x1() == pytest.approx(left + (value - 0.02 - values[0]) * wide)
        assert dot.interval.x2() == pytest.approx(left + (value + 0.03 - values[0]) * wide)
    assert best.at.y() < chance.at.y()


def test_methods_stand_as_found_best_first():
    results = evaluation().results
    made = evaluation(results=tuple(reversed(results)))
    names = [text.text for text in drawn(made)[0].scores[0].names]
    assert names[:3] == ["DecompX", "GlobEnc", "ALTI"]
    assert names[-1] == "Random order"


def test_few_are_strong_and_all_can_be_told_apart():
    plot = drawn(evaluation())[0].plots[0]
    looks = {(line.stroke.role, line.stroke.dashes, line.stroke.width) for line in plot.drawn}
    assert len({line.stroke.role for line in plot.drawn}) <= 5
    by_name = {line.label.text: line.stroke.role for line in plot.drawn if line.label}
    assert [by_name[name] for name in ("DecompX", "GlobEnc", "ALTI", "Random order")] == [
        "accent",
        "beside",
        "text",
        "muted",
    ]
    assert len(looks) >= 9
    assert len(plot.labels) == len(TEN)


def test_colours_stay_with_their_methods_under_every_protocol():
    made = evaluation(("decompx", "globenc", "random"), ("mask", "delete"))
    first, second, third = (result.metrics for result in made.results[3:])
    turned = [
        replace(result, metrics=metrics)
        for result, metrics in zip(made.results[3:], (third, second, first), strict=True)
    ]
    figure, _ = drawn(replace(made, results=(*made.results[:3], *turned)))
    for plot in figure.plots:
        assert {line.label.text: line.stroke.role for line in plot.drawn if line.label} == {
            "DecompX": "accent",
            "GlobEnc": "beside",
            "Random order": "muted",
        }
    assert [text.text for text in figure.scores[1].names] == ["Random order", "GlobEnc", "DecompX"]


@pytest.mark.parametrize("protocols", [("mask",), ("mask", "delete", "delete-monotone")])
@pytest.mark.parametrize(
    "names", [("decompx",), TEN, tuple(f"decompx:bias=token:ffn=la{n}" for n in range(18))], ids=("one", "ten", "many")
)
def test_nothing_overlaps_and_nothing_leaves_the_room(names, protocols):
    figure, size = drawn(evaluation(names, protocols))
    texts = texts_of(figure)
    for text in texts:
        assert inside(text.rect, size.width, size.height), text.text
    for a, b in combinations(texts, 2):
        assert not a.rect.adjusted(0.5, 0.5, -0.5, -0.5).intersects(b.rect), (a.text, b.text)
    assert len(figure.plots) == 2 * len(protocols)
    for plot in figure.plots:
        assert plot.area.width() > 150
        assert plot.area.height() > 150


@pytest.mark.parametrize("value", [0.0, 1.0, 0.5])
def test_curves_that_are_all_alike_can_be_drawn(value):
    made = evaluation(("decompx", "globenc", "random"))
    level = np.full(10, value)
    flat = [replace(result, most=replace(result.most, mean=level, low=level, high=level)) for result in made.results]
    figure, size = drawn(replace(made, results=tuple(flat)))
    for a, b in pairwise(sorted(figure.plots[0].labels, key=lambda text: text.rect.top())):
        assert a.rect.bottom() <= b.rect.top() + 0.5
    assert not painted(figure, size.width, size.height, LIGHT).isNull()


def test_a_single_value_for_all_has_a_scale():
    made = evaluation(("decompx", "random"))
    same = tuple(replace(result, metrics=made.results[0].metrics) for result in made.results)
    figure, _ = drawn(replace(made, results=same))
    assert len({dot.at.x() for dot in figure.scores[0].dots[:2]}) == 1


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_dots_have_their_colours(palette):
    figure, size = drawn(evaluation(), palette)
    image = painted(figure, size.width, size.height, palette)
    for dot, role in zip(figure.scores[0].dots[:3], ("accent", "beside", "text"), strict=True):
        assert far(image.pixelColor(round(dot.at.x()), round(dot.at.y())), getattr(palette, role)) < 12


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_every_theme_paints(palette):
    figure, size = drawn(evaluation(protocols=("mask", "delete")), palette)
    assert painted(figure, size.width, size.height, palette).pixelColor(0, 0).rgb()


def test_files_of_every_kind(tmp_path):
    made = evaluation(("decompx", "globenc:pooling=cls", "random"), ("mask", "delete"))
    for kind in (".svg", ".pdf", ".png"):
        draw(made, tmp_path / f"found{kind}")
    text = re.sub("<[^>]*>", " ", (tmp_path / "found.svg").read_text(encoding="utf-8"))
    for said in (
        "How far methods can be trusted: 200 sentences of dev.tsv",
        "Replaced by the mask (mask)",
        "Deleted (delete)",
        "comprehensiveness",
        "GlobEnc (pooling=cls)",
        "95 % of 1000 bootstrap means",
        "seed 3",
        "Model english-sentiment",
    ):
        assert said in " ".join(text.split())
    assert (tmp_path / "found.pdf").read_bytes().startswith(b"%PDF")
    assert QImage(str(tmp_path / "found.png")).width() == 2880


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(TextError, match="written"):
        draw(evaluation(("decompx",)), tmp_path / "nowhere" / "found.svg")


def test_evaluate_draws(tmp_path, monkeypatch):
    listed, path = tmp_path / "list.tsv", tmp_path / "found.svg"
    listed.write_text("text\tlabel\nA good film\tpositive\nNobody liked it\tnegative\n", encoding="utf-8")
    given = ["--model", "english-sentiment", "--input", str(listed), "--methods", "attention,random", "--device", "cpu"]
    command = ["headstream", "evaluate", *given, "--out", str(tmp_path / "found.csv"), "--plot", str(path)]
    monkeypatch.setattr(sys, "argv", command)
    assert main.main() == 0
    text = path.read_text(encoding="utf-8")
    assert "Attention" in text
    assert "2 sentences of list.tsv" in text


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["evaluate", "--plot", "a.svg"], True),
        (["evaluate", "--plo=a.svg"], True),
        (["render", "--text", "a"], True),
        (["evaluate", "--protocol", "mask"], False),
        (["explain", "--text", "--plot"], False),
    ],
)
def test_what_draws_asks_first_whether_it_can(monkeypatch, capsys, arguments, asked):
    monkeypatch.setattr("gui.platform_check.window_problem", lambda _: "Headstream needs system libraries.")
    monkeypatch.setattr("engine.cli.main", lambda *_: 0)
    monkeypatch.setattr(sys, "argv", ["headstream", *arguments])
    assert main.main() == (2 if asked else 0)
    assert ("libraries" in capsys.readouterr().err) == asked
