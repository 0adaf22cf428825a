"""Fixtures of the engine's tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _one_thread(one_thread):
    """Every engine test runs torch on one thread."""
