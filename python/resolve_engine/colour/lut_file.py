"""The file of a LUT: whether it can be read at all. Imports nothing heavy."""

from __future__ import annotations

import hashlib
import os
import stat

from resolve_engine.media.errors import MediaError, quoted

MAX_LUT_BYTES = 256 << 20
"""Largest LUT file that is read: a cube of 200 points on a side, far more than any grade needs."""


def check_lut(path: str) -> None:
    """Refuse what is not a regular file of a sensible size: a pipe would block for ever."""
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        what = (getattr(error, "strerror", None) or str(error)).lower()
        raise MediaError(
            f"the LUT {quoted(path)} cannot be read: {what}; check the path or take the LUT off the node", "not_found"
        ) from error
    if not stat.S_ISREG(status.st_mode):
        raise MediaError(f"the LUT {quoted(path)} is not a file", "not_readable")
    if status.st_size > MAX_LUT_BYTES:
        raise MediaError(f"the LUT {quoted(path)} is larger than {MAX_LUT_BYTES} bytes", "not_readable")


def lut_digest(path: str) -> bytes:
    """The hash of what a LUT file holds."""
    check_lut(path)
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise MediaError(
            f"the LUT {quoted(path)} cannot be read: {(error.strerror or str(error)).lower()}; change its permissions",
            "not_readable",
        ) from error
