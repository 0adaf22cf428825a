"""Colours as readers with a colour blindness see them, and how far apart two colours look."""

from __future__ import annotations

import numpy as np

from gui.paint.palette import Rgb

# Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color vision deficiency",
# severity 1.0, for linear red, green and blue.
DEFICIENCIES = {
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(rgb: Rgb) -> np.ndarray:
    values = np.asarray(rgb) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def seen_with(deficiency: str, rgb: Rgb) -> np.ndarray:
    """[red, green, blue], linear."""
    return np.clip(DEFICIENCIES[deficiency] @ linear(rgb), 0, 1)


def lab(linear_rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 [lightness, a, b] under daylight."""
    shares = (TO_XYZ @ linear_rgb) / WHITE
    roots = np.where(shares > 216 / 24389, np.cbrt(shares), (24389 / 27 * shares + 16) / 116)
    return np.array([116 * roots[1] - 16, 500 * (roots[0] - roots[1]), 200 * (roots[1] - roots[2])])


def apart(a: np.ndarray, b: np.ndarray) -> float:
    """The CIE 1976 difference of two linear colours; 2.3 is just noticeable."""
    return float(np.linalg.norm(lab(a) - lab(b)))
