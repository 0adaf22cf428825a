"""A large block that is freed goes back to the system at once, also after larger ones were freed before."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, sys
sys.path.insert(0, ".")
if {told}:
    from gui.heap import keep_whole
    assert keep_whole()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
libc.sbrk.restype, libc.sbrk.argtypes = ctypes.c_void_p, [ctypes.c_ssize_t]
libc.free(libc.malloc(30_000_000))  # from now on glibc would cut blocks of this size out of its arena
before = libc.sbrk(0)
libc.malloc(20_000_000)
print(libc.sbrk(0) - before > 10_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps memory so, and can be told")
@pytest.mark.parametrize("told", [True, False])
def test_large_blocks_stay_out_of_the_arena(told):
    done = subprocess.run([sys.executable, "-c", SCRIPT.format(told=told)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(not told)
