"""What explains the window in the window: texts, sheets, keys, the tour."""
