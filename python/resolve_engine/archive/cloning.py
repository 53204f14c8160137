"""Copying a folder tree to several places at once, each file read once, written to all, and read back to compare."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import zlib
from typing import Any, BinaryIO

from resolve_engine import whole_file

BLOCK = 4 << 20
"""Bytes between two looks at whether to stop."""


class _Crc32:
    """CRC-32 with the methods of hashlib's sums."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes) -> None:
        """Take in more."""
        self._value = zlib.crc32(data, self._value)

    def hexdigest(self) -> str:
        """Eight digits."""
        return f"{self._value:08x}"


class _Stopped(Exception):
    """Somebody called `stop`."""


class Cloning:
    """One run, on a thread of its own; the copying and the sums let other Python go on."""

    def __init__(self, source: str, targets: list[str], checksum: str) -> None:
        self._source, self._targets, self._checksum = source, targets, checksum
        self._lock = threading.Lock()
        self._state: dict[str, Any] = {"JobStatus": "Cloning"}
        self._done = self._total = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clone tool", daemon=True)
        self._thread.start()

    def status(self) -> dict[str, Any]:
        """In Resolve's form."""
        with self._lock:
            percentage = 100.0 * self._done / self._total if self._total else 0.0
            if self._state["JobStatus"] == "Complete":
                percentage = 100.0
            return {**self._state, "CompletionPercentage": round(min(percentage, 100.0), 2)}

    def stop(self) -> bool:
        """End it after the block that is being copied; whether it was running."""
        if self.status()["JobStatus"] != "Cloning":
            return False
        self._stop.set()
        self._thread.join()
        return True

    def _run(self) -> None:
        try:
            files = self._listed()
            # Copying and reading back both count.
            rounds = 1 if self._checksum in ("NONE", "FILESIZE") else 2
            with self._lock:
                self._total = sum(size for _, size in files) * rounds
            for name, size in files:
                self._clone(name, size)
            self._end({"JobStatus": "Complete"})
        except _Stopped:
            self._end({"JobStatus": "Cancelled"})
        except OSError as error:
            self._end({"JobStatus": "Failed", "Error": f"{error.filename!r}: {error.strerror or error}"})
        except ValueError as error:
            self._end({"JobStatus": "Failed", "Error": str(error)})

    def _end(self, state: dict[str, Any]) -> None:
        with self._lock:
            self._state = state

    def _listed(self) -> list[tuple[str, int]]:
        """Every regular file below the source by its path in it, and its size."""
        files = []
        for folder, folders, names in os.walk(self._source, onerror=_raise):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    files.append((os.path.relpath(path, self._source), os.path.getsize(path)))
        return files

    def _clone(self, name: str, size: int) -> None:
        source = os.path.join(self._source, name)
        targets = [os.path.join(target, name) for target in self._targets]
        for target in targets:
            if os.path.exists(target):
                raise ValueError(f"{target!r} exists already; it was not overwritten")
        partials = [whole_file.beside(target) for target in targets]
        try:
            wanted = self._copy(source, partials)
            for partial in partials:
                if self._checksum == "FILESIZE" and os.path.getsize(partial) != size:
                    raise ValueError(f"{partial!r} has another size than {source!r}")
                if wanted and self._sum(partial) != wanted:
                    raise ValueError(f"{partial!r} has another checksum than {source!r}")
            for partial, target in zip(partials, targets, strict=True):
                shutil.copystat(source, partial)
                os.replace(partial, target)
        finally:
            for partial in partials:
                if os.path.exists(partial):
                    os.unlink(partial)

    def _copy(self, source: str, partials: list[str]) -> str:
        sum = new_sum(self._checksum)
        outputs: list[BinaryIO] = []
        try:
            for partial in partials:
                os.makedirs(os.path.dirname(partial), exist_ok=True)
                outputs.append(open(partial, "wb"))  # noqa: SIM115  closed below, as many as there are
            with open(source, "rb") as reading:
                while block := reading.read(BLOCK):
                    self._count(len(block))
                    if sum is not None:
                        sum.update(block)
                    for output in outputs:
                        output.write(block)
            for output in outputs:
                output.flush()
                os.fsync(output.fileno())
        finally:
            for output in outputs:
                output.close()
        return sum.hexdigest() if sum is not None else ""

    def _sum(self, path: str) -> str:
        sum = new_sum(self._checksum)
        assert sum is not None
        with open(path, "rb") as reading:
            while block := reading.read(BLOCK):
                self._count(len(block), len(self._targets))
                sum.update(block)
        return str(sum.hexdigest())

    def _count(self, size: int, among: int = 1) -> None:
        if self._stop.is_set():
            raise _Stopped
        with self._lock:
            self._done += size // among


def new_sum(kind: str) -> Any:
    """An empty checksum with the methods of hashlib's; None for those that need none."""
    if kind in ("NONE", "FILESIZE"):
        return None
    if kind == "CRC32":
        return _Crc32()
    if kind == "XXH_64":
        import xxhash

        return xxhash.xxh64()
    return hashlib.new(kind.lower())


def _raise(error: OSError) -> None:
    raise error
