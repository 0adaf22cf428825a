"""How the C library keeps memory, where it can be told: for a program that stays open a whole day.

glibc lets every thread cut its blocks out of an arena of its own, and takes ever larger blocks from there once some
were freed. A page goes back only when nothing on it is in use, so that a few long texts leave hundreds of megabytes
held by crumbs. Large blocks as mappings of their own go back at once; below that size everything is as quick as
before.
"""

from __future__ import annotations

import ctypes
import sys

# mallopt(3)
MMAP_THRESHOLD, ARENA_MAX = -3, -8
LARGE = 2 * 1024 * 1024  # bytes
ARENAS = 2


def keep_whole() -> bool:
    """Tell the C library, before there are threads; returns whether it listened."""
    tell = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if tell is None:
        return False
    return all(tell(name, value) == 1 for name, value in ((MMAP_THRESHOLD, LARGE), (ARENA_MAX, ARENAS)))
