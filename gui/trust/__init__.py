"""How far to trust an explanation: the model asked again without some words, drawn."""
