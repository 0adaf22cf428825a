"""What the heatmaps of one layer show: seven maps of word to word shares on one common scale. No sizes, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from engine.contract import Array, Explanation
from gui.paint.kept import kept
from gui.paint.map_rows import MapRows, map_rows, scale_top, shares_between
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


@dataclass(frozen=True, slots=True, eq=False)
class ComponentMap:
    """One component: ``shares`` [receiver row, source row], every row summing to 1; None while it is computed."""

    key: str
    title: str
    subtitle: str
    shares: Array | None


@dataclass(frozen=True, slots=True, eq=False)
class ComponentMaps:
    """The maps of ``layer`` (0-based) between ``rows``.

    ``top`` is where the common scale ends; cells beyond it are drawn in its last colour. ``is_locked`` where a person
    has set it, so that layers and sentences can be compared.
    """

    layer: int
    layers: int
    rows: MapRows
    maps: tuple[ComponentMap, ...]
    top: float
    is_locked: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The words as they stand beside the maps."""
        return self.rows.names

    def map_of(self, key: str) -> ComponentMap:
        """One component's map."""
        return next(shown for shown in self.maps if shown.key == key)


def clamped_layer(explanation: Explanation, view: ViewState) -> int:
    """The chosen layer, the model's last where it has no such layer."""
    return min(max(view.layer, 0), explanation.model.layers - 1)


@kept(2)  # the pane, the enlarged map and a figure of one layer merge it once
def _shares(explanation: Explanation, rows: MapRows, layer: int) -> tuple[Array | None, ...]:
    if explanation.components is None:
        raise ValueError("this explanation holds no component maps")
    found = [explanation.components.layer_map(key, layer) for key in TITLES]
    return tuple(None if raw is None else shares_between(raw, rows) for raw in found)


def component_maps(explanation: Explanation, view: ViewState) -> ComponentMaps:
    """Merge into rows, divide rows by their sums, find the common scale."""
    rows, layer = map_rows(explanation, view), clamped_layer(explanation, view)
    shares = _shares(explanation, rows, layer)
    maps = [ComponentMap(key, *TITLES[key], found) for key, found in zip(TITLES, shares, strict=True)]
    return ComponentMaps(
        layer=layer,
        layers=explanation.model.layers,
        rows=rows,
        maps=tuple(maps),
        top=scale_top([found for found in shares if found is not None], view.scale_top),
        is_locked=view.scale_top is not None,
    )
