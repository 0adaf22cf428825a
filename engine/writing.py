"""Files written whole or not at all: made beside their place, and moved there when they are finished.

Whatever ends the writing before, a full disk or a killed program, what was there stays as it was.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_LETTERS = 40  # of the file's own name in the draft's
MOST_NAMED = 200  # letters of a path in a message


@contextmanager
def draft_of(path: Path, *, is_lasting: bool = False) -> Iterator[Path]:
    """An empty file beside ``path`` to write into; it takes the place when the block ends, and goes where that fails.

    A link stays a link: what it leads to is written. The file keeps the rights it had. ``is_lasting`` waits until the
    disk has it, or a computer that fails now could keep the name and lose the words. Raises OSError, which names
    ``path``, never the draft.
    """
    with _said_of(path):
        target = check_place(path)
        draft = target.with_name(f".{target.stem[:MOST_LETTERS]}-{secrets.token_hex(4)}{target.suffix}")
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        with _said_of(path, draft):
            yield draft
            if is_lasting:
                with draft.open("rb") as file:
                    os.fsync(file.fileno())
            move_whole(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes, *, is_lasting: bool = False) -> None:
    """Write the whole file or leave what was there. Raises OSError."""
    with draft_of(path, is_lasting=is_lasting) as draft:
        draft.write_bytes(content)


def move_whole(finished: Path, target: Path) -> None:
    """Put a finished file in the place of another, whose rights it takes over. Raises OSError."""
    if target.exists():
        finished.chmod(stat.S_IMODE(target.stat().st_mode))
    finished.replace(target)


def check_place(path: Path) -> Path:
    """Where a file of this name will stand, links followed. Raises OSError where none can: before it costs any work."""
    target = Path(os.path.realpath(path))
    try:
        about = target.stat()
    except FileNotFoundError:
        if target.parent.is_dir():
            return target
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(target.parent)) from None
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(about.st_mode):  # a pipe or a device would be replaced
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
    if not os.access(target, os.W_OK):  # to move a file into its place the folder's rights are enough
        raise PermissionError(errno.EACCES, "it may only be read", str(path))
    return target


def reason(error: OSError) -> str:
    """Why a file cannot be read or written, as a sentence for the person."""
    told = error.strerror or str(error)
    told = told if told.endswith(".") else f"{told}."
    return f"“{error.filename[-MOST_NAMED:]}”: {told}" if isinstance(error.filename, str) else told


@contextmanager
def _said_of(path: Path, draft: Path | None = None) -> Iterator[None]:
    """Errors of the system say the file that was asked for."""
    try:
        yield
    except OSError as error:
        is_ours = error.filename is None or (draft is not None and str(error.filename) == str(draft))
        if error.errno is None or not is_ours:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
