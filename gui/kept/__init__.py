"""What outlives a change, a window or the program."""
