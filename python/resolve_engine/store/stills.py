"""The picture files of stills, beside the databases: one folder a project, each file named by the SHA-256 of what it
holds, so that a file is complete or not there, and the same picture is kept once.

A file is written before the row that names it and removed after the row is gone; a process that is killed in between
leaves at most a file that nothing names, which the next removal sweeps away.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from resolve_engine import whole_file
from resolve_engine.store import home

EXTENSION = ".tif"
"""TIFF with 16 bits a channel and LZW: lossless for films of up to 16 bits, and read by everything."""


def folder(project: str) -> Path:
    """Where the pictures of a project are; it need not exist yet."""
    return home.home() / "stills" / project


def path(project: str, picture: str) -> Path:
    """The file of a kept picture."""
    return folder(project) / f"{picture}{EXTENSION}"


def fresh(project: str) -> Path:
    """Where to write a picture that is to be kept; the folder is made. Raises OSError."""
    place = folder(project)
    place.mkdir(parents=True, exist_ok=True)
    return Path(whole_file.beside(place / "still", EXTENSION))


def keep(project: str, written: Path) -> str:
    """Give a written picture its name; answers the SHA-256. Raises OSError."""
    import hashlib  # heavy, and needed here only

    with open(written, "rb") as file:
        picture = hashlib.file_digest(file, "sha256").hexdigest()
    os.replace(written, path(project, picture))
    return picture


def sweep(project: str, used: Iterable[str]) -> None:
    """Remove the pictures of a project that no still names. What cannot be removed stays for the next time."""
    wanted = {f"{picture}{EXTENSION}" for picture in used}
    with contextlib.suppress(FileNotFoundError), os.scandir(folder(project)) as entries:
        for entry in entries:
            if entry.name not in wanted:
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def drop(project: str) -> None:
    """Remove all pictures of a project that is gone."""
    import shutil  # heavy, and needed here only

    shutil.rmtree(folder(project), ignore_errors=True)
