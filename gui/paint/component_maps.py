"""What the heatmaps of one layer show: seven maps of word to word shares on one common scale. No sizes, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.contract import Array, Explanation, Head
from engine.words import merge_map
from gui.paint import numerals
from gui.paint.flow_numbers import row_shares
from gui.paint.shown_rows import shown_rows
from gui.state import ViewState

TITLES = {
    "attention": ("Attention", "where each word looks"),
    "attention_values": ("Attention × values", "what it brings back"),
    "residual_1": ("+ residual", "what the word keeps"),
    "layernorm_1": ("+ LayerNorm 1", "after the first rescaling"),
    "feed_forward": ("Feed-forward", "added by the second half"),
    "residual_2": ("+ residual", "before the second rescaling"),
    "layer": ("Whole layer", "after LayerNorm 2"),
}
SCALE_TITLE = ("Scale", "share of the row")
SCALE_WORDS = ("Same for all maps.", "Row: the word that receives.", "Column: the word that gives.")
SCALE_ENDS = (0.1, 0.2, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class ComponentMap:
    """One component: ``shares`` [receiver row, source row], every row summing to 1; None while it is computed."""

    key: str
    title: str
    subtitle: str
    shares: Array | None


@dataclass(frozen=True, slots=True, eq=False)
class ComponentMaps:
    """The maps of ``layer`` (0-based) between the rows called ``labels``; ``row_tokens`` are the rows' own tokens.

    ``names`` are the labels as they stand beside a map: the word whose own answer is explained says so.
    ``top`` is where the common scale ends; cells beyond it are drawn in its last colour.
    """

    layer: int
    layers: int
    labels: tuple[str, ...]
    names: tuple[str, ...]
    row_tokens: tuple[tuple[int, ...], ...]
    maps: tuple[ComponentMap, ...]
    top: float

    def row_of(self, token: int | None) -> int | None:
        """The row a token stands in."""
        return next((index for index, tokens in enumerate(self.row_tokens) if token in tokens), None)

    def cell_words(self, shares: Array, receiver: int, source: int) -> str:
        """``wonderful to [CLS]: 0.31``."""
        return f"{self.labels[source]} to {self.labels[receiver]}: {numerals.plain(float(shares[receiver, source]))}"


def scale_top(maps: list[Array]) -> float:
    """Where the scale ends: the smallest round number that all but the largest twentieth of the cells stay under.

    What a word keeps of itself is often ten times what it gives to any other; a scale up to that would leave all
    the rest in one pale colour.
    """
    values = np.concatenate([shares.ravel() for shares in maps]) if maps else np.zeros(1)
    most = float(np.percentile(values, 95))
    return next((end for end in SCALE_ENDS if end >= most), SCALE_ENDS[-1])


def component_maps(explanation: Explanation, view: ViewState) -> ComponentMaps:
    """Merge into rows, divide rows by their sums, find the common scale."""
    if explanation.components is None:
        raise ValueError("this explanation holds no component maps")
    merged = shown_rows(explanation, view)
    layer = min(max(view.layer, 0), explanation.model.layers - 1)
    asked = None if explanation.model.head is Head.SEQUENCE_CLASSIFICATION else explanation.position
    maps = []
    for key, (title, subtitle) in TITLES.items():
        raw = explanation.components.layer_map(key, layer)
        if raw is not None and not np.isfinite(raw).all():
            raise ValueError("the maps hold numbers that are not finite; they cannot be drawn")
        maps.append(ComponentMap(key, title, subtitle, None if raw is None else row_shares(merge_map(raw, merged))))
    return ComponentMaps(
        layer=layer,
        layers=explanation.model.layers,
        labels=tuple(row.label for row in merged),
        names=tuple(f"▸ {row.label}" if asked in row.tokens else row.label for row in merged),
        row_tokens=tuple(row.tokens for row in merged),
        maps=tuple(maps),
        top=scale_top([shown.shares for shown in maps if shown.shares is not None]),
    )
