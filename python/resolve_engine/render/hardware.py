"""Which encoders of graphics cards open on this machine. Imports nothing heavy; the trial runs in the media worker."""

from __future__ import annotations

import glob
import sys
from functools import lru_cache

from resolve_engine.render.formats import HARDWARE, hardware_codecs

DEVICES = {
    "nvenc": ("/dev/nvidia[0-9]*", "/dev/dxg"),
    "qsv": ("/dev/dri/renderD*",),
    "videotoolbox": (),
}
"""Device files without which an encoder on Linux has nothing to run on; a trial costs a tenth of a second each."""


def candidates() -> tuple[str, ...]:
    """FFmpeg's names of the encoders that may open here, by the machine's devices."""
    names = (codec.encoder for codec in HARDWARE)
    return tuple(name for name in names if _may_open(name.rpartition("_")[2]))


def _may_open(kind: str) -> bool:
    if sys.platform == "darwin":
        return kind == "videotoolbox"
    if sys.platform == "win32":
        return kind in ("nvenc", "qsv")
    return any(glob.glob(pattern) for pattern in DEVICES[kind])


@lru_cache(maxsize=1)
def opened() -> frozenset[str]:
    """The encoders that opened when they were tried, once for each process; empty without asking where no device is."""
    names = candidates()
    if not names:
        return frozenset()
    from resolve_engine.worker.client import MediaWorker

    return frozenset(MediaWorker.shared().encoders_that_open(names))


def offered(format_id: str) -> dict[str, str]:
    """Description to id of a format's hardware codecs that open here."""
    return {codec.description: codec.id for codec in hardware_codecs(format_id) if codec.encoder in opened()}
