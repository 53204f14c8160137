"""Writing a file that a user asked for: all of it or none, and the reason when that fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from resolve_engine import whole_file
from resolve_engine.errors import Refusal


def write(path: str, content: bytes) -> None:
    """Write a file. Refusal with the reason."""
    try:
        whole_file.write(path, content)
    except OSError as error:
        raise Refusal(f"{path!r} cannot be written: {(error.strerror or str(error)).lower()}") from error


def write_folder(path: str, files: Mapping[str, bytes]) -> None:
    """Write a new folder with files in it, by their names. Refusal with the reason."""
    fresh = whole_file.beside(path)
    try:
        os.mkdir(fresh)
        for name, content in files.items():
            whole_file.write(os.path.join(fresh, name), content)
        os.rename(fresh, path)
    except OSError as error:
        raise Refusal(f"{path!r} cannot be written: {(error.strerror or str(error)).lower()}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
