"""A disk that is full in the middle of a write, for real: the system itself refuses every byte beyond a size."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process can grow beyond so many bytes; what writes more gets an OSError, in Python or in C."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def survives_a_full_disk(path: Path, write: Callable[[Path], object]) -> None:
    """Assert that where ``write`` fails, early or late, the old file stays and nothing else does."""
    old = b"what was there before"
    write(path)
    size = path.stat().st_size
    path.write_bytes(old)
    for room in sorted({0, 1, size // 2, size - 1}):
        with room_for(room), pytest.raises(OSError, match="File too large") as caught:
            write(path)
        assert caught.value.filename in (None, str(path)), room
        assert contents(path.parent) == {path.name: old}, room
    path.unlink()
    with room_for(size // 2), pytest.raises(OSError, match="File too large"):
        write(path)
    assert contents(path.parent) == {}
