"""Finished pictures: their sizes and captions, and the files they become."""
