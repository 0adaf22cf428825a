"""A model that has forgotten what it learned, from the head downwards: the same weights in another order.

Adebayo et al. 2018, section 3, draw fresh random weights; here the values inside every parameter tensor change places.
That takes all structure out and keeps the scale of each tensor, so that the states stay in the range the layers above
were made for, and no initialisation has to be guessed for a model whose training nobody knows. What holds one value
throughout, as a bias of zeros, stays as it is.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from engine.parts import head_parts, layer_parts

if TYPE_CHECKING:
    from torch import Tensor

    from engine.loading import OpenModel


def shuffled(opened: OpenModel, layers: int, seed: int) -> OpenModel:
    """A copy of ``opened`` whose head and last ``layers`` layers are shuffled; ``opened`` stays as it is.

    The head is everything after the last layer; with 0 layers it alone is shuffled. The embeddings stay, and so does a
    decoder that shares their table: without them the words would be other words. Of one seed, more layers leave those
    above shuffled as they were. ALBERT's layers share modules: each is shuffled once, wherever it runs.
    """
    model = deepcopy(opened.model)
    served = opened.family.classes[type(model).__name__]
    # Some of what stands here are views of weights, which the shuffling below writes through.
    blocks, head = layer_parts(model, opened.family, served), head_parts(model, served.paths)
    after = [module for module in (head.out, head.norm, head.dense, head.final_norm) if module is not None]
    from_the_top = dict.fromkeys([*after, *[parts.layer for parts in blocks][::-1][:layers]])
    words = model.get_input_embeddings().weight
    drawing = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for module in from_the_top:
            for parameter in module.parameters():
                if parameter is not words:
                    _shuffle(parameter, drawing)
    warning = f"The weights of the head and of the last {layers} layers are shuffled."
    info = replace(opened.info, weights_sha256="", warnings=(*opened.info.warnings, warning))
    return replace(opened, model=model, info=info, layers=blocks, head=head)


def _shuffle(parameter: Tensor, drawing: torch.Generator) -> None:
    places = torch.randperm(parameter.numel(), generator=drawing).to(parameter.device)
    parameter.copy_(parameter.flatten()[places].view_as(parameter))
