"""The figure alone on the screen, and the slides to step through."""
