"""Partial LRP: the relevance that reaches one layer's attention weights.

Voita, Talbot, Moiseev, Sennrich and Titov, ACL 2019, in the form Chefer, Gur and Wolf (CVPR 2021) compare with: no
gradient, no layer but one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.attribution import Attribution
from engine.descriptions import first_used, post_norm_only, relevance_cost, relevance_rules, start_layer
from engine.registry import Citation, attribution_method

if TYPE_CHECKING:
    from engine.attribution import MethodInput


@attribution_method(
    id="partial_lrp",
    label="Partial LRP",
    sentence="Hands the answer's relevance down to the attention weights of one layer and stops there.",
    can_say="Which words the answer's relevance meets in one layer.",
    cannot_say="What happened in the layers before that one, nor which words speak against the answer: all scores are "
    "0 or more. The position the answer is read at always gets 0.",
    citation=Citation(
        "Voita, Talbot, Moiseev, Sennrich and Titov",
        2019,
        "Analyzing multi-head self-attention: specialized heads do the heavy lifting, the rest can be pruned",
        "ACL 2019",
    ),
    signed=False,
    class_specific=True,
    unit="fraction",
    parameters=(
        relevance_rules("orig", "The default is what they use for this method."),
        start_layer("-1", "The one layer read; published: the last."),
    ),
    cost=relevance_cost,
    unfit=post_norm_only,
)
def partial_lrp(given: MethodInput) -> Attribution:
    """Head mean of [relevance of A]+ in one layer, read out."""
    from engine.perception import read_out
    from engine.relevance import explained_relevance

    first = first_used(given.parameters, len(given.capture.layers))
    relevance = explained_relevance(given, given.parameters["rules"], first)[:, 0]
    scores = read_out(given, relevance.clamp_min(0).mean(1))
    return Attribution(scores=scores[-1], scores_all=scores[:-1])
