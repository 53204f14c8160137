"""One LUT file for a whole grade: baked once with OpenColorIO, kept on disk under the hash of all that went into it.

FFmpeg applies it (`lut3d`, tetrahedral, on floats) at the same cost whatever the grade is.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy

from resolve_engine import whole_file
from resolve_engine.colour.lut_file import lut_digest
from resolve_engine.colour.lut_writer import cube_text
from resolve_engine.colour.spaces import is_linear
from resolve_engine.media.errors import MediaError, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resolve_engine.colour.curves import Curves
    from resolve_engine.colour.grade import Grade
    from resolve_engine.render.spec import NodeSpec

SMALL, LARGE = 33, 65
"""Points on a side of a lattice. The large one is for grades that the small one follows too loosely."""

TOLERANCE = 1 / 1023
"""How far the small lattice may be off between its points: one code of ten bits. One that costs more has to be off by a
quarter of that at most."""

MAX_FILES = 64
"""Cubes kept on disk: 70 MB when small, 480 MB when all are large."""

YOUNG = 600.0
"""Seconds in which a cube is not removed, so that a process that was just told its path can still read it."""

_FORMAT = 2
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
    """Path of the LUT file of a grade, or None when it does nothing: a .cube, or a .csp with curves before its lattice.

    White is `white` in what the cube is applied to (see `folds`) and `level` in the result. With another domain what
    the cube is applied to must be brought from there to 0 to 1.
    """
    if not acts(nodes):
        return None
    folder = _folder()
    stem = os.path.join(folder, _key(nodes, level, domain, white))
    for path in (f"{stem}.cube", f"{stem}.csp"):
        if os.path.exists(path):
            with contextlib.suppress(OSError):
                os.utime(path)
            return path
    lattice, curves = bake(nodes, domain)
    path = f"{stem}.csp" if curves else f"{stem}.cube"
    try:
        if curves:
            from resolve_engine.colour.curves import csp_text

            whole_file.write(path, csp_text(lattice * numpy.float32(level), curves, white).encode("ascii"))
        else:
            _write_cube(path, lattice, level, white)
    except OSError as error:
        raise MediaError(f"the grade cannot be kept at {quoted(path)}: {error.strerror}") from error
    _prune(folder)
    return path


def bake(nodes: Sequence[NodeSpec], domain: Domain = UNIT) -> tuple[NDArray[numpy.float32], Curves | None]:
    """The lattice of a grade, blue x green x red x RGB over its domain, and the curves that come before it, if any.

    Over 0 to 1 a small lattice alone, where it is near enough; else the first that is near enough, or the nearest.
    """
    from resolve_engine.colour.grade import Grade

    grade = Grade(nodes)
    if domain == UNIT:
        small = sampled(grade, SMALL)
        if _deviation(grade, small) <= TOLERANCE:
            return small, None
    nearest, least = None, math.inf
    for lattice, curves in _candidates(nodes, domain):
        error = _error(grade, lattice, curves, domain)
        if error <= TOLERANCE / 4:
            return lattice, curves
        if error < least:
            nearest, least = (lattice, curves), error
    assert nearest is not None
    return nearest


def _candidates(nodes: Sequence[NodeSpec], domain: Domain) -> Iterator[tuple[NDArray[numpy.float32], Curves | None]]:
    """Lattices behind curves, and a large one alone. One begins where the curves do, or, where a LUT follows them, at 0
    to 1 as that does; of two points where no more than a saturation follows."""
    from resolve_engine.colour.curves import curves_of, split
    from resolve_engine.colour.grade import Grade

    leading, rest = split(nodes)
    if leading:
        bounds = [curves_of(leading, domain)]
        if rest and rest[0].cdl is None and rest[0].lut:
            zeros, ones = numpy.zeros(3, numpy.float32), numpy.ones(3, numpy.float32)
            bounds.append(replace(bounds[0], low=zeros, high=ones))
        straight = not rest or (len(rest) == 1 and not rest[0].lut and rest[0].convert is None)
        for size in (2,) if straight else (SMALL, LARGE):
            for curves in bounds:
                ends = zip(curves.low, curves.high, strict=True)
                steps = [numpy.linspace(low, high, size, dtype=numpy.float32) for low, high in ends]
                yield _graded(Grade(rest), *steps), curves
    yield sampled(Grade(nodes), LARGE, domain), None


def _error(grade: Grade, lattice: NDArray[numpy.float32], curves: Curves | None, domain: Domain) -> float:
    """How far a lattice behind its curves is from a grade at most: on greys, on dark ones, and on colours at random."""
    from resolve_engine.colour.grade import through

    random = numpy.random.default_rng(1)
    ramp = numpy.linspace(0, 1, 2048)[:, None]
    colours = numpy.clip(random.random((8192, 1)) + random.normal(0, 0.1, (8192, 3)), 0, 1)
    greys = numpy.repeat(numpy.concatenate([ramp, ramp**3]), 3, axis=1)
    points = numpy.concatenate([greys, colours, random.random((2048, 3))])
    exact = (domain[0] + points * (domain[1] - domain[0])).astype(numpy.float32)
    grade.apply(exact)
    if curves is not None:
        shares = curves.shares()
        steps = numpy.linspace(0, curves.reach, len(shares))
        points = numpy.stack([numpy.interp(points[:, index], steps, shares[:, index]) for index in range(3)], axis=1)
    shown = points.astype(numpy.float32)
    through(lattice, shown)
    return float(numpy.abs(numpy.clip(shown, 0, 1) - numpy.clip(exact, 0, 1)).max())


def sampled(grade: Grade, size: int, domain: Domain = UNIT) -> NDArray[numpy.float32]:
    """The lattice of a grade with so many points on a side."""
    steps = numpy.linspace(*domain, size, dtype=numpy.float32)
    return _graded(grade, steps, steps, steps)


def _deviation(grade: Grade, lattice: NDArray[numpy.float32]) -> float:
    """The largest error in the middle of a cell, where tetrahedral interpolation is the mean of two corners."""
    size = len(lattice)
    middles = (numpy.arange(size - 1, dtype=numpy.float32) + numpy.float32(0.5)) / (size - 1)
    guess = (lattice[:-1, :-1, :-1] + lattice[1:, 1:, 1:]) / 2
    exact = _graded(grade, middles, middles, middles)
    return float(numpy.abs(numpy.clip(guess, 0, 1) - numpy.clip(exact, 0, 1)).max())


def _graded(grade: Grade, reds: NDArray[Any], greens: NDArray[Any], blues: NDArray[Any]) -> NDArray[numpy.float32]:
    blue, green, red = numpy.meshgrid(blues, greens, reds, indexing="ij")
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


def _write_cube(path: str, lattice: NDArray[numpy.float32], level: float, white: float) -> None:
    """Write a lattice as a cube; one for a lower white has one more point on each side, behind white, with what is at
    white. So all others stay where they are, which FFmpeg allows only for a DOMAIN_MAX of 1 and more."""
    size = len(lattice)
    if white != 1.0:
        lattice = numpy.pad(lattice, [(0, 1), (0, 1), (0, 1), (0, 0)], "edge")
    text = cube_text(lattice * level, white * size / (size - 1) if white != 1.0 else 1.0)
    whole_file.write(path, text.encode("ascii"))


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
