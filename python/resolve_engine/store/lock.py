"""One process at a time has a project open: a lock that the operating system frees when its holder ends."""

from __future__ import annotations

import os
from pathlib import Path

from resolve_engine import file_lock
from resolve_engine.errors import ProjectInUse


class ProjectLock:
    """Held from construction to `release`, or to the end of the process, however that comes."""

    __slots__ = ("_descriptor", "_path")

    def __init__(self, folder: Path, project: str) -> None:
        """Take the lock of a project id. Raises ProjectInUse, with the holder's process id, when it is taken."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{project}.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            file_lock.take(descriptor)
        except OSError:
            holder, parent = _held_by(descriptor)
            os.close(descriptor)
            by = f" (pid {holder})" if holder else ""
            raise ProjectInUse(f"is open in another process{by}", ends=_is_gone(parent)) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()} {os.getppid()}".encode())
        self._descriptor = descriptor
        self._path = path

    def release(self, *, project_is_gone: bool = False) -> None:
        """Let others open the project. The file stays while the project does: without it two processes could lock two
        files of one name."""
        if project_is_gone:
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


def _held_by(descriptor: int) -> tuple[str, str]:
    """The process that holds a lock, and the one that started it; '' where the system lets nobody read that."""
    if not hasattr(os, "pread"):
        return "", ""
    holder, _, parent = os.pread(descriptor, 32, 0).decode("ascii", "replace").partition(" ")
    return holder, parent


def _is_gone(process: str) -> bool:
    """Whether a process is known to have ended. Its number may be another's by now: then it is taken to live."""
    if not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass  # it lives, and is another user's
    return False
