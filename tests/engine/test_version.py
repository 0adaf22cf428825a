"""Versions for captions and provenance."""

from __future__ import annotations

from importlib.metadata import version as installed

from engine.version import version


def test_an_installed_package_has_its_version():
    assert version("torch") == installed("torch")


def test_a_package_that_is_not_installed_is_unknown_rather_than_an_error():
    assert version("no-such-package-anywhere") == "unknown"
