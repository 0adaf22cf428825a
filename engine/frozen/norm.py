"""LayerNorm with its deviation frozen at the values of one input."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

Rows = slice | list[int]
EVERY = slice(None)


@dataclass(frozen=True, slots=True, eq=False)
class FrozenNorm:
    """LayerNorm with its deviation frozen: ``gamma``, ``beta`` [hidden], ``sigma`` [token] from the real input.

    ``epsilon`` is the model's, already inside ``sigma``. A norm without a beta has zeros.
    """

    gamma: Tensor
    beta: Tensor
    sigma: Tensor
    epsilon: float = 0.0

    @classmethod
    def of(cls, module: nn.LayerNorm, entering: Tensor) -> FrozenNorm:
        """Freeze ``module`` at the states ``entering`` it [token, hidden]."""
        # Several times faster than torch.var, whose running update is not vectorised along this axis.
        variance = (entering - entering.mean(-1, keepdim=True)).square_().mean(-1)
        sigma = torch.sqrt_(variance + module.eps)
        gamma = module.weight.detach()
        beta = torch.zeros_like(gamma) if module.bias is None else module.bias.detach()
        return cls(gamma, beta, sigma, module.eps)

    def bare_sigma(self) -> Tensor:
        """The deviation without the epsilon, [token]."""
        return torch.sqrt((self.sigma.square() - self.epsilon).clamp_min(0))

    def centred(self, vectors: Tensor) -> Tensor:
        """gamma * (v - mean v): the part that is the same for every receiver. [..., hidden] -> [..., hidden]."""
        return (vectors - vectors.mean(-1, keepdim=True)).mul_(self.gamma)

    def push(self, vectors: Tensor) -> Tensor:
        """[..., receiver, hidden] -> [..., receiver, hidden]."""
        return self.centred(vectors) / self.sigma[:, None]

    def pull_centred(self, gradients: Tensor) -> Tensor:
        """The transpose of ``centred``: [..., hidden] -> [..., hidden]."""
        scaled: Tensor = gradients * self.gamma
        return scaled.sub_(scaled.mean(-1, keepdim=True))

    def pull(self, gradients: Tensor, rows: Rows = EVERY) -> Tensor:
        """The transpose of ``push`` at the receivers ``rows``: [..., row, hidden] -> [..., row, hidden]."""
        sigma = self.sigma[rows][:, None]
        # (g gamma - mean) / sigma in two passes: the mean is a product with gamma, and the division joins the scaling.
        mean = (gradients @ self.gamma)[..., None] / (sigma * len(self.gamma))
        return (gradients * (self.gamma / sigma)).sub_(mean)
