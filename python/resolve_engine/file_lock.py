"""Locks on files that the operating system frees when their holder ends, however that comes."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt

    def take(descriptor: int) -> None:
        """Lock an open file, or raise OSError at once when another process has it."""
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # beyond the text, so that others can read it
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def take(descriptor: int) -> None:
        """Lock an open file, or raise OSError at once when another holder has it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
