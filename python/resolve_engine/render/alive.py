"""Whether the process of a render job lives, for an engine that may not be the one which started it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from resolve_engine import file_lock

LOOK_S = 0.005
"""Between two tries of a job to take its lock; another process that looks whether it lives has it for microseconds."""


def lock_path(job_id: str, folder: str | os.PathLike[str]) -> Path:
    """The file that a job's process keeps locked."""
    return Path(folder) / f"{job_id}.lock"


def hold(job_id: str, folder: str | os.PathLike[str]) -> int:
    """Take the lock of a job for as long as this process lives; gives the descriptor, which must stay open."""
    descriptor = os.open(lock_path(job_id, folder), os.O_RDWR | os.O_CREAT, 0o644)
    while True:
        try:
            file_lock.take(descriptor)
            return descriptor
        except OSError:
            time.sleep(LOOK_S)


def is_alive(job_id: str, folder: str | os.PathLike[str]) -> bool:
    """Whether a process renders the job at this moment."""
    try:
        descriptor = os.open(lock_path(job_id, folder), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        file_lock.take(descriptor)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
