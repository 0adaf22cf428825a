"""The list of models that come with the program."""

from __future__ import annotations

from engine.bundled import bundled_models
from engine.loading import open_model


def test_every_bundled_model_is_described_once():
    models = bundled_models()
    assert models
    assert len({model.name for model in models}) == len(models)
    for model in models:
        assert model.title
        assert model.sentence.endswith(".")
        assert "\n" not in model.sentence
        assert model.example.strip()
        assert model.explains
        assert model.folder.parent.name == "models"
        assert model.folder.name == model.name


def test_the_sentiment_model_reads_one_text_alone():
    (sentiment,) = [model for model in bundled_models() if model.name == "english-sentiment"]
    assert not sentiment.pairs
    assert not open_model("english-sentiment", "float32", "cpu").info.takes_pairs
