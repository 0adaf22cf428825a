"""Two explanations side by side, and what of one is left when the other is taken away."""
