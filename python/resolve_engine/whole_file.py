"""Files that have their name only when they are complete: whoever looks finds the old or the new one, never half."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

LONGEST_HINT = 40
"""Characters of a file's name that the name of its unfinished form repeats; file systems allow 255 bytes in all."""


def beside(path: str | os.PathLike[str], extension: str = "") -> str:
    """A free path in the same folder for the unfinished form of a file; hidden, and nobody else's. An extension is for
    writers that go by it."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(folder, f".{name[:LONGEST_HINT]}.{os.getpid()}-{os.urandom(3).hex()}.partial{extension}")


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[str]:
    """Gives the path to write to; the file gets its name at the end of the block, on disk by then.

    When the block fails, what it wrote is removed and a file that had the name stays as it was. Raises OSError.
    """
    fresh = beside(path)
    try:
        yield fresh
        with open(fresh, "rb+") as written:
            os.fsync(written.fileno())
        os.replace(fresh, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(fresh)
        raise


def write(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a whole file. Raises OSError."""
    with replacing(path) as fresh, open(fresh, "wb") as file:
        file.write(content)
