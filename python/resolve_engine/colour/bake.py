"""One cube file for a whole grade: baked once with OpenColorIO, kept on disk under the hash of all that went into it.

FFmpeg applies it (`lut3d`, tetrahedral, on floats) at the same cost whatever the grade is.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from resolve_engine import whole_file
from resolve_engine.colour.lut_file import lut_digest
from resolve_engine.colour.lut_writer import cube_text
from resolve_engine.colour.spaces import is_linear
from resolve_engine.media.errors import MediaError, quoted

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from resolve_engine.colour.grade import Grade
    from resolve_engine.render.spec import NodeSpec

SMALL, LARGE = 33, 65
"""Points on a side of a lattice. The large one is for grades that the small one follows too loosely."""

TOLERANCE = 1 / 1023
"""How far the small lattice may be off between its points: one code of ten bits."""

MAX_FILES = 64
"""Cubes kept on disk: 70 MB when small, 480 MB when all are large."""

YOUNG = 600.0
"""Seconds in which a cube is not removed, so that a process that was just told its path can still read it."""

_FORMAT = 1
"""Counts up when what is written for the same grade changes."""


Domain = tuple[float, float]
"""The lowest and the highest value that a lattice is made for."""

UNIT: Domain = (0.0, 1.0)


def acts(nodes: Sequence[NodeSpec]) -> bool:
    """Whether a grade does anything at all."""
    return any(node.enabled and (node.cdl is not None or node.lut or node.convert is not None) for node in nodes)


def folds(white: float) -> bool:
    """Whether a level of white in what a cube is applied to can be folded into the cube."""
    return 1.0 >= white >= (LARGE - 1) / LARGE


def joined(nodes: Sequence[NodeSpec]) -> tuple[NodeSpec, ...]:
    """The nodes with conversions that follow one another made into one, and none where they lead back: a picture that
    is only carried through the timeline's colour space keeps its values."""
    found: list[NodeSpec] = []
    for node in nodes:
        if not acts([node]):
            continue
        last = found[-1] if found else None
        if node.convert is None or last is None or last.convert is None or last.convert[1] != node.convert[0]:
            found.append(node)
        elif last.convert[0] == node.convert[1]:
            found.pop()
        else:
            found[-1] = replace(last, convert=(last.convert[0], node.convert[1]))
    return tuple(found)


def is_exact(nodes: Sequence[NodeSpec]) -> bool:
    """Whether a grade begins or ends in linear light. No lattice follows it: it is computed pixel by pixel."""
    ends = [node for node in nodes if acts([node])]
    if not ends:
        return False
    first, last = ends[0].convert, ends[-1].convert
    return (first is not None and is_linear(first[0])) or (last is not None and is_linear(last[1]))


def cube_for(nodes: Sequence[NodeSpec], level: float, domain: Domain = UNIT, white: float = 1.0) -> str | None:
    """Path of the cube file of a grade, or None when it does nothing.

    White is `white` in what the cube is applied to (see `folds`) and `level` in the result. With another domain what
    the cube is applied to must be brought from there to 0 to 1.
    """
    if not acts(nodes):
        return None
    folder = _folder()
    path = os.path.join(folder, f"{_key(nodes, level, domain, white)}.cube")
    if os.path.exists(path):
        with contextlib.suppress(OSError):
            os.utime(path)
        return path
    from resolve_engine.colour.grade import Grade

    lattice = bake(Grade(nodes), domain)
    _write(path, lattice, level, white)
    _prune(folder)
    return path


def bake(grade: Grade, domain: Domain = UNIT) -> NDArray[numpy.float32]:
    """The lattice of a grade: blue x green x red x RGB, over its domain. One that is wider than 0 to 1 is always large,
    so that it is as dense between black and white."""
    if domain != UNIT:
        return sampled(grade, LARGE, domain)
    small = sampled(grade, SMALL)
    return small if _deviation(grade, small) <= TOLERANCE else sampled(grade, LARGE)


def sampled(grade: Grade, size: int, domain: Domain = UNIT) -> NDArray[numpy.float32]:
    """The lattice of a grade with so many points on a side."""
    import numpy

    return _graded(grade, numpy.linspace(*domain, size, dtype=numpy.float32))


def _deviation(grade: Grade, lattice: NDArray[numpy.float32]) -> float:
    """The largest error in the middle of a cell, where tetrahedral interpolation is the mean of two corners."""
    import numpy

    size = len(lattice)
    middles = (numpy.arange(size - 1, dtype=numpy.float32) + numpy.float32(0.5)) / (size - 1)
    guess = (lattice[:-1, :-1, :-1] + lattice[1:, 1:, 1:]) / 2
    exact = _graded(grade, middles)
    return float(numpy.abs(numpy.clip(guess, 0, 1) - numpy.clip(exact, 0, 1)).max())


def _graded(grade: Grade, points: NDArray[Any]) -> NDArray[numpy.float32]:
    import numpy

    blue, green, red = numpy.meshgrid(points, points, points, indexing="ij")
    rgb = numpy.ascontiguousarray(numpy.stack([red, green, blue], axis=-1), numpy.float32)
    flat = rgb.reshape(-1, 3)
    grade.apply(flat)
    return flat.reshape(rgb.shape)


def _key(nodes: Sequence[NodeSpec], level: float, domain: Domain, white: float) -> str:
    """The hash of the nodes, of what their LUT files hold, of the levels and the domain."""
    digest = hashlib.sha256()
    for node in nodes:
        if not node.enabled:
            continue
        digest.update(json.dumps(asdict(node) | {"lut": ""}, sort_keys=True).encode())
        if node.lut:
            digest.update(os.path.splitext(node.lut)[1].encode())  # decides which reader takes the file
            digest.update(lut_digest(node.lut))
    digest.update(f"{_FORMAT} {level:.7f} {domain} {white:.7f}".encode())
    return digest.hexdigest()[:40]


def _write(path: str, lattice: NDArray[numpy.float32], level: float, white: float) -> None:
    """Write a lattice as a cube; one for a lower white has one more point on each side, behind white, with what is at
    white. So all others stay where they are, which FFmpeg allows only for a DOMAIN_MAX of 1 and more."""
    import numpy

    size = len(lattice)
    if white != 1.0:
        lattice = numpy.pad(lattice, [(0, 1), (0, 1), (0, 1), (0, 0)], "edge")
    try:
        text = cube_text(lattice * level, white * size / (size - 1) if white != 1.0 else 1.0)
        whole_file.write(path, text.encode("ascii"))
    except OSError as error:
        raise MediaError(f"the grade cannot be kept at {quoted(path)}: {error.strerror}") from error


def _folder() -> str:
    """Where cubes are kept: with the engine's data, else with the temporary files of this user."""
    home = os.environ.get("RESOLVE_ENGINE_HOME")
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    folder = (
        os.path.join(home, "cache", "grades")
        if home
        else os.path.join(tempfile.gettempdir(), f"resolve-engine-grades-{user}")
    )
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return folder


def _prune(folder: str) -> None:
    """Remove the cubes that were unused for longest."""
    found: list[tuple[float, str]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                found.append((entry.stat().st_mtime, entry.path))
    found.sort(reverse=True)
    for modified, path in found[MAX_FILES:]:
        if time.time() - modified > YOUNG:
            with contextlib.suppress(OSError):
                os.remove(path)
