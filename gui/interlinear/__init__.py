"""Interlinear text as it is pasted: a sentence and what is known of its words."""
