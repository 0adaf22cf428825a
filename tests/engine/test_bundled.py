"""The list of models that come with the program."""

from __future__ import annotations

from engine.bundled import bundled_models


def test_every_bundled_model_is_described_once():
    models = bundled_models()
    assert models
    assert len({model.name for model in models}) == len(models)
    for model in models:
        assert model.title
        assert model.sentence.endswith(".")
        assert "\n" not in model.sentence
        assert model.example.strip()
        assert model.folder.parent.name == "models"
        assert model.folder.name == model.name
