"""Writing a file that a user asked for: all of it or none, and the reason when that fails."""

from __future__ import annotations

from resolve_engine import whole_file
from resolve_engine.errors import Refusal


def write(path: str, content: bytes) -> None:
    """Write a file. Refusal with the reason."""
    try:
        whole_file.write(path, content)
    except OSError as error:
        raise Refusal(f"{path!r} cannot be written: {(error.strerror or str(error)).lower()}") from error
