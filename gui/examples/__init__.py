"""Lists of sentences and minimal pairs: what they are, our own, and those read from files."""
