"""Versions as installed, for captions and provenance."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


def version(package: str = "headstream") -> str:
    """The version of an installed package, “unknown” where it runs without being installed."""
    try:
        return installed(package)
    except PackageNotFoundError:
        return "unknown"
