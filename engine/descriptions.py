"""What the descriptions of several methods share: parameters, a paper, a reason not to fit. Loads no torch."""

from __future__ import annotations

from engine.registry import Choice, Citation, Number, Traits

BEYOND_INTUITION = Citation(
    "Chen, Li, Yu, Dou and Xiong", 2023, "Beyond intuition: rethinking token attributions inside transformers", "TMLR"
)
OURS, ORIG = "ours", "orig"
RULES = (OURS, ORIG)
LAYERS_AT_MOST = 100
STEPS_AT_MOST = 200


def start_layer(default: str, why: str) -> Number:
    """The parameter that names the first layer used; ``why`` tells what stands behind its default."""
    return Number(
        name="start_layer",
        label="First layer used",
        help="0 is the first layer of all; below 0 counts from the end: -1 uses the last layer alone, -4 the last "
        f"four. Past either end means that end. {why}",
        low=-LAYERS_AT_MOST,
        high=LAYERS_AT_MOST,
        default=default,
        whole=True,
    )


def path_steps(default: str, low: int, meaning: str) -> Number:
    """The parameter that says at how many scalings of the input a gradient is taken."""
    return Number(name="steps", label="Steps", help=meaning, low=low, high=STEPS_AT_MOST, default=default, whole=True)


def relevance_rules(default: str, why: str) -> Choice:
    """The parameter that chooses how relevance is handed down; ``why`` tells what stands behind its default."""
    return Choice(
        name="rules",
        label="Rules",
        help="ours: the rules of Chefer, Gur and Wolf (2021), whose relevance keeps adding up to 1; orig: the plain "
        f"rules they compare with, which do not keep the sum and grow with depth. {why}",
        values=RULES,
        default=default,
    )


def post_norm_only(traits: Traits) -> str | None:
    """Why relevance rules do not fit a model, None where they do."""
    if traits.norm_first or traits.gated:
        return (
            "Its published rules are for layers that normalise after each sum, with queries, keys and values apart; "
            "this model's layers are built otherwise."
        )
    return None
