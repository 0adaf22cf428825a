"""The gallery: eleven figures drawn by the program itself, without a window, and the page that shows them.

python docs/gallery/make.py
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"

FILM = "The plot was thin, but the actors were absolutely wonderful."
NOBODY = "Nobody could call this film boring."
HATED = "The film that the critics hated was a delight."
HEBREW = "הסרט היה ארוך מדי אבל השחקנים היו נפלאים."
KEYS = ("The keys to the cabinet [MASK] on the table.", "--compare", "The key to the cabinets [MASK] on the table.")
TURNED = ("Nobody will enjoy this.", "--compare", "Everybody will enjoy this.")
MOST_BYTES = 2_500_000  # of all figures: the gallery is read over a network


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure: its file, what is said of it, and the options of ``render`` that draw it."""

    name: str
    said: str
    options: tuple[str, ...]


ENTRIES = (
    Entry(
        "flow.svg", "Flow: the paths on which the words reach the answer, exact to the last digit.", ("--text", FILM)
    ),
    Entry(
        "compare-flow.svg",
        "Comparison: agreement with an attractor, one scale for both sentences, and the difference.",
        ("--model", "english-gap", "--text", *KEYS, "--target", "are", "--against", "is", "--size", "slide"),
    ),
    Entry(
        "composition-dark.svg",
        "Everything together, for a dark slide: sentence, prediction, flow, one layer, and what it means in words.",
        ("--text", HATED, "--view", "composition", "--theme", "dark", "--size", "1280x800"),
    ),
    Entry(
        "words.svg",
        "Words: which of them decided it. Blue pushes towards the answer, orange against it.",
        ("--text", FILM, "--view", "words", "--size", "900x220"),
    ),
    Entry(
        "layers-hebrew.svg",
        "Layers: the share of every word in every layer. Scripts that run from the right mirror the figure.",
        ("--text", HEBREW, "--view", "layers", "--size", "960x600"),
    ),
    Entry(
        "compare-words-dark.svg",
        "Comparison, word by word: what one negative subject changes.",
        ("--text", *TURNED, "--compared-as", "words", "--theme", "dark", "--size", "1280x560"),
    ),
    Entry(
        "components.svg",
        "Inside a layer: how each of its components mixes the words.",
        ("--text", NOBODY, "--view", "components", "--layer", "4", "--size", "960x560"),
    ),
    Entry(
        "heads-dark.svg",
        "Heads: what each attention head of a layer looks at.",
        ("--text", NOBODY, "--view", "heads", "--layer", "4", "--theme", "dark", "--size", "960x460"),
    ),
    Entry(
        "overview.svg",
        "All layers: every component of every layer at one glance.",
        ("--text", "A good film.", "--view", "overview", "--size", "1280x1000"),
    ),
    Entry(
        "table-grey.svg",
        "Table: the numbers, here in greys for a printed page.",
        ("--text", FILM, "--view", "table", "--theme", "grey", "--size", "900x520"),
    ),
    Entry(
        "trust.svg",
        "How far to trust it: the answer as the strongest words go first, and the weakest, beside other orders.",
        ("--text", FILM, "--view", "trust", "--others", "integrated_gradients,rollout", "--size", "1120x600"),
    ),
)


def main() -> int:
    """Draw all figures and write the page. Returns the exit status."""
    from gui.render import main as render

    for entry in ENTRIES:
        status = render([*entry.options, "--out", str(HERE / entry.name)])
        if status:
            return status
        sys.stdout.write(f"{entry.name:26} {(HERE / entry.name).stat().st_size / 1000:6.0f} kB\n")
    (HERE / "README.md").write_text(page(), encoding="utf-8")
    size = sum((HERE / entry.name).stat().st_size for entry in ENTRIES)
    sys.stdout.write(f"{size / 1e6:.2f} MB together\n")
    return int(size > MOST_BYTES)


def page() -> str:
    """The gallery's page in Markdown."""
    shown = "\n\n".join(f"**{entry.said}**\n\n![{entry.said}]({entry.name})" for entry in ENTRIES)
    made = (
        "Drawn by `python docs/gallery/make.py` with the bundled models; every figure carries its settings: drop it on "
    )
    made += "the window, or hand it to `headstream render --session`."
    return f"# Gallery\n\n{made}\n\n{shown}\n"


if __name__ == "__main__":
    sys.exit(main())
