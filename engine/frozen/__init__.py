"""The network with attention weights, LayerNorm deviations and activation ratios frozen at the values of one input.

Frozen, every layer is an affine map. ``push`` sends vectors forward through its linear part, ``pull`` brings gradients
back; neither ever sees a bias. In all shapes the receiver (or token) is the last axis but one.

The ratio of an activation is act(p) / (p + 1e-12), the convention of DecompX (Modarressi et al. 2023, section 3.3); in
a gated feed-forward the activated half is itself the ratio of the other.
"""

from engine.frozen.block import RATIO_EPSILON, FewParts, FrozenBlock, activation_ratio, activation_slope
from engine.frozen.head import Dense, FrozenHead, HeadNorm, Ratio, Step
from engine.frozen.network import FrozenNetwork, Pullback, freeze
from engine.frozen.norm import EVERY, FrozenNorm, Rows
from engine.frozen.post_norm import PostNormBlock
from engine.frozen.pre_norm import PreNormBlock

__all__ = [
    "EVERY",
    "RATIO_EPSILON",
    "Dense",
    "FewParts",
    "FrozenBlock",
    "FrozenHead",
    "FrozenNetwork",
    "FrozenNorm",
    "HeadNorm",
    "PostNormBlock",
    "PreNormBlock",
    "Pullback",
    "Ratio",
    "Rows",
    "Step",
    "activation_ratio",
    "activation_slope",
    "freeze",
]
