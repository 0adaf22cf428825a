"""Writes ``docs/faithfulness.md`` from the tables beside this file: ``python docs/faithfulness/make.py``.

No number on that page is typed by hand. The tables are what ``evaluate`` wrote; ``published.csv`` are the papers'
figures, ``here`` the method they are set beside.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "faithfulness.md"
LESS_IS_BETTER = {"aopc_least", "sufficiency", "accuracy_most"}
SHOWN = {
    "attention": "Attention, last layer",
    "rollout": "Attention rollout",
    "globenc": "GlobEnc",
    "alti": "ALTI",
    "decompx": "DecompX",
    "decompx:bias=token": "DecompX, biases apart",
    "gradient_x_input": "Gradient × input",
    "integrated_gradients": "Integrated gradients",
    "beyond_intuition_token": "Beyond Intuition, token",
    "random:orders=5": "Random order",
}
COLUMNS = {
    "aopc_most": "AOPC, most first ↑",
    "aopc_least": "AOPC, least first ↓",
    "comprehensiveness": "comprehensiveness ↑",
    "sufficiency": "sufficiency ↓",
    "accuracy_most": "accuracy, most first ↓",
    "accuracy_least": "accuracy, least first ↑",
    "area_most": "better than random, most first ↑",
    "area_least": "better than random, least first ↑",
}


@dataclass(frozen=True)
class Found:
    """A number with its interval."""

    value: float
    low: float
    high: float
    sentences: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True)
class Published:
    """A paper's number, and the method here it is set beside, "" for none."""

    paper: str
    table: str
    model: str
    protocol: str
    metric: str
    method: str
    here: str
    value: float


Key = tuple[str, str, str, str]  # protocol, method, metric, other


def read_found(name: str) -> dict[Key, Found]:
    """A summary table; empty where there is none."""
    path = HERE / name
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        return {
            _key(row): Found(float(row["value"]), float(row["low"]), float(row["high"]), int(row["sentences"]))
            for row in csv.DictReader(stream)
        }


def _key(row: dict[str, str]) -> Key:
    return row["protocol"], ":".join([row["method"], *row["parameters"].split()]), row["metric"], row["other"]


def read_published() -> list[Published]:
    """The papers' figures."""
    with (HERE / "published.csv").open(encoding="utf-8", newline="") as stream:
        return [Published(**(row | {"value": float(row["value"])})) for row in csv.DictReader(stream)]


def shown(method: str) -> str:
    """A method as a reader calls it."""
    return SHOWN.get(method, method)


def in_order(found: dict[Key, Found], protocol: str, metric: str) -> list[str]:
    """The methods under a protocol, the best first."""
    numbers = {key[1]: each.value for key, each in found.items() if (key[0], key[2]) == (protocol, metric)}
    return sorted(numbers, key=lambda name: numbers[name], reverse=metric not in LESS_IS_BETTER)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def results(found: dict[Key, Found], protocol: str, metrics: list[str]) -> str:
    """The methods in the order found, by the first of the metrics."""
    rows = []
    for place, method in enumerate(in_order(found, protocol, metrics[0]), 1):
        numbers = [found.get((protocol, method, metric, "")) for metric in metrics]
        rows.append([str(place), shown(method), *("" if each is None else str(each) for each in numbers)])
    return table(["", "method", *(COLUMNS[metric] for metric in metrics)], rows)


def agreements(found: dict[Key, Found]) -> str:
    """Spearman's above the diagonal, Kendall's below it."""
    methods = [name for name in in_order(found, "mask", "aopc_most") if not name.startswith("random")]
    rows = []
    for row, one in enumerate(methods):
        cells = []
        for column, other in enumerate(methods):
            metric = "spearman" if column > row else "kendall"
            each = found.get(("", one, metric, other)) or found.get(("", other, metric, one))
            cells.append("" if each is None else f"{each.value:.2f}")
        rows.append([str(row + 1), shown(one), *cells])
    return table(["", "", *(str(place) for place in range(1, len(methods) + 1))], rows)


def beside(found: dict[Key, Found], published: list[Published], protocol: str, metrics: list[str]) -> str:
    """The papers' figures of one protocol beside those found here."""
    models = list(dict.fromkeys((each.paper, each.model) for each in published if each.protocol == protocol))
    head = ["method", *(f"{COLUMNS[metric]}: here" for metric in metrics)]
    head += [f"{model}, {paper.split()[0]}'s paper" for paper, model in models]
    names: dict[str, str] = {}
    for each in published:
        if each.protocol == protocol:
            names.setdefault(each.here or each.method, each.method)
    ranked = in_order(found, protocol, metrics[0])
    rows = []
    for name in sorted(names, key=lambda name: ranked.index(name) if name in ranked else len(ranked)):
        mine = [found.get((protocol, name, metric, "")) for metric in metrics]
        cells = [_theirs(published, paper, model, names[name], name, metrics) for paper, model in models]
        rows.append([shown(name), *("" if each is None else f"{each.value:.3f}" for each in mine), *cells])
    return table(head, rows)


def _theirs(published: list[Published], paper: str, model: str, method: str, here: str, metrics: list[str]) -> str:
    numbers = []
    for metric in metrics:
        fits = [
            each.value
            for each in published
            if (each.paper, each.model, each.metric) == (paper, model, metric)
            and (each.here == here or (not each.here and each.method == method))
        ]
        numbers.append(f"{fits[0]:.3f}" if fits else "–")
    return " / ".join(numbers) if set(numbers) != {"–"} else ""


def orders_compared(found: dict[Key, Found], published: list[Published]) -> str:
    """For every column of a paper: which pairs of methods stand the other way round here."""
    columns = dict.fromkeys((each.paper, each.model, each.protocol, each.metric) for each in published)
    rows = []
    for paper, model, protocol, metric in columns:
        theirs = {
            each.here: each.value
            for each in published
            if (each.paper, each.model, each.metric) == (paper, model, metric)
            and (protocol, each.here, metric, "") in found
        }
        mine = {name: found[protocol, name, metric, ""] for name in theirs}
        pairs = [(one, other) for one, other in combinations(theirs, 2) if theirs[one] != theirs[other]]
        turned = [
            (one, other)
            for one, other in pairs
            if (theirs[one] > theirs[other]) != (mine[one].value > mine[other].value)
        ]
        told = "; ".join(_turned(one, other, theirs, mine) for one, other in turned) or "none"
        alike = f"{len(pairs) - len(turned)} of {len(pairs)}"
        rows.append([f"{paper.split()[0]}, {model}", COLUMNS[metric], alike, told])
    return table(["paper, model", "metric", "pairs in the same order", "the other way round (here; there)"], rows)


def _turned(one: str, other: str, theirs: dict[str, float], mine: dict[str, Found]) -> str:
    overlap = mine[one].low <= mine[other].high and mine[other].low <= mine[one].high
    numbers = f"{mine[one].value:.3f}, {mine[other].value:.3f}; {theirs[one]:.3f}, {theirs[other]:.3f}"
    return f"{shown(one)} and {shown(other)} ({numbers}{', intervals here overlap' if overlap else ''})"


def completeness(found: dict[Key, Found]) -> str:
    """How exactly the shares add up."""
    return "; ".join(f"{shown(key[1])} {each.value:.0e}" for key, each in found.items() if key[2] == "completeness")


def randomised(found: dict[Key, Found]) -> str:
    """What is left of each order when the head, and then layer after layer, is shuffled."""
    steps = sorted({int(key[2].rpartition("_")[2]) for key in found if key[2].startswith("spearman_shuffled_")})
    methods = list(dict.fromkeys(key[1] for key in found if key[2].startswith("spearman_shuffled_")))
    rows = []
    for method in methods:
        numbers = [found.get(("", method, f"spearman_shuffled_{step}", "")) for step in steps]
        rows.append([shown(method), *("" if each is None else f"{each.value:.2f}" for each in numbers)])
    return table(["", *("head alone" if step == 0 else f"+ {step} layers" for step in steps)], rows)


def page() -> str:
    """The whole page."""
    found, published = read_found("tokens.csv"), read_published()
    by_word, shuffled = read_found("words.csv"), read_found("randomised.csv")
    tried = found["mask", "decompx", "aopc_most", ""].sentences
    parts = {
        "accuracy": str(found["", "", "accuracy", ""]),
        "sentences": f"{tried:,}",
        "mask": results(found, "mask", ["aopc_most", "aopc_least", "accuracy_most", "accuracy_least"]),
        "mask_area": results(found, "mask", ["area_most", "area_least"]),
        "delete": results(found, "delete", ["comprehensiveness", "sufficiency", "accuracy_most", "accuracy_least"]),
        "monotone": results(found, "delete-monotone", ["comprehensiveness", "sufficiency", "area_most", "area_least"]),
        "agreements": agreements(found),
        "completeness": completeness(found),
        "mask_beside": beside(found, published, "mask", ["aopc_most", "aopc_least", "accuracy_most", "accuracy_least"]),
        "delete_beside": beside(found, published, "delete-monotone", ["comprehensiveness", "sufficiency"]),
        "orders": orders_compared(found, published),
        "reading": (HERE / "reading.md").read_text(encoding="utf-8"),
        "words": _section("words", by_word, results(by_word, "mask", ["aopc_most", "aopc_least"])),
        "randomised": _section("randomised", shuffled, randomised(shuffled)),
    }
    return (HERE / "page.md").read_text(encoding="utf-8").format(**parts)


def _section(name: str, found: dict[Key, Found], shown_table: str) -> str:
    """A section that is there only where its table is."""
    if not found:
        return ""
    sentences = max(each.sentences for each in found.values())
    text = (HERE / f"{name}.md").read_text(encoding="utf-8")
    return text.format(table=shown_table, sentences=f"{sentences:,}")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
