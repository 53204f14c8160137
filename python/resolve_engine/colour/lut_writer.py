"""A grade as a LUT file: .cube of any size, and Panasonic's .vlt.

Written here because OpenColorIO's baker makes a 1D LUT of a grade without crosstalk, whose values below 0 most readers
refuse, whatever size was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resolve_engine import whole_file
from resolve_engine.media.errors import MediaError

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from resolve_engine.render.spec import NodeSpec

VLT_SIZE, VLT_TOP = 17, 4095
"""What cameras of Panasonic read: 17 points on a side, whole numbers of 12 bits."""

LARGEST = 65
"""Points on a side; one more step is 8 times the file."""


def export_lut(nodes: Sequence[NodeSpec], size: int, path: str) -> None:
    """Write a grade over 0 to 1 with `size` points on a side; the extension says which kind. Raises MediaError."""
    from resolve_engine.colour.bake import sampled
    from resolve_engine.colour.grade import Grade
    from resolve_engine.media.av_safe.writing import cannot_write

    if not 2 <= size <= LARGEST:
        raise MediaError(f"a LUT of {size} points is not written; use 2 to {LARGEST}", "invalid_argument")
    lattice = sampled(Grade(nodes), size)
    content = _vlt(lattice) if path.lower().endswith(".vlt") else cube_text(lattice)
    try:
        whole_file.write(path, content.encode("ascii"))
    except OSError as error:
        raise cannot_write(path, error) from error


def cube_text(lattice: NDArray[numpy.float32], reach: float = 1.0) -> str:
    """A lattice (blue x green x red x RGB, over 0 to `reach`) as a .cube file, red fastest. Values are not held to 0 to
    1."""
    rows = lattice.reshape(-1, 3).astype(float).tolist()
    head = f"LUT_3D_SIZE {len(lattice)}\n"
    if reach != 1.0:
        head += f"DOMAIN_MAX {reach:.9f} {reach:.9f} {reach:.9f}\n"
    return head + "".join(f"{red:.8f} {green:.8f} {blue:.8f}\n" for red, green, blue in rows)


def _vlt(lattice: NDArray[numpy.float32]) -> str:
    import numpy

    codes = numpy.clip(numpy.rint(lattice.reshape(-1, 3) * VLT_TOP), 0, VLT_TOP).astype(int).tolist()
    head = f'# panasonic vlt file version 1.0\n# source vlt file ""\nLUT_3D_SIZE {len(lattice)}\n\n'
    return head + "".join(f"{red} {green} {blue}\n" for red, green, blue in codes)
