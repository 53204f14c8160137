"""The transform of an item's nodes, as OpenColorIO computes it: a conversion or each node's CDL, then its LUT."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import PyOpenColorIO as ocio

from resolve_engine.colour.conversion import conversion
from resolve_engine.colour.lut_file import check_lut
from resolve_engine.media.errors import MediaError, quoted

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from resolve_engine.render.spec import CdlSpec, NodeSpec


class Grade:
    """A row of nodes as one function from RGB to RGB. Values are not held to 0 to 1 between nodes, as in Resolve."""

    def __init__(self, nodes: Sequence[NodeSpec]) -> None:
        group = ocio.GroupTransform()
        for node in nodes:
            if not node.enabled:
                continue
            if node.convert is not None:
                group.appendTransform(conversion(*node.convert))
            if node.cdl is not None:
                group.appendTransform(_cdl(node.cdl))
            if node.lut:
                group.appendTransform(_lut(node.lut))
        ocio.ClearAllCaches()  # OpenColorIO remembers files by their path, whatever was written to them since
        try:
            self._processor: Any = ocio.Config.CreateRaw().getProcessor(group).getDefaultCPUProcessor()
        except ocio.Exception as error:
            named = ", ".join(quoted(node.lut) for node in nodes if node.enabled and node.lut)
            raise MediaError(
                f"the LUT {named} cannot be read: {_short(str(error))}; export it again as a .cube file", "not_readable"
            ) from error

    def apply(self, rgb: NDArray[numpy.float32]) -> None:
        """Grade an array whose last axis is RGB, in place."""
        self._processor.applyRGB(rgb)


def through(lattice: NDArray[numpy.float32], rgb: NDArray[numpy.float32]) -> None:
    """Put an array whose last axis is RGB through a lattice (blue x green x red x RGB) over 0 to 1, in place, as FFmpeg
    does: between the points tetrahedral, beyond them held."""
    transform = ocio.Lut3DTransform(len(lattice))
    transform.setData(lattice.transpose(2, 1, 0, 3).reshape(-1))  # OpenColorIO has blue fastest
    transform.setInterpolation(ocio.INTERP_TETRAHEDRAL)
    ocio.Config.CreateRaw().getProcessor(transform).getDefaultCPUProcessor().applyRGB(rgb)


def _cdl(cdl: CdlSpec) -> Any:
    transform = ocio.CDLTransform()
    try:
        transform.setSlope(list(cdl.slope))
        transform.setOffset(list(cdl.offset))
        transform.setPower(list(cdl.power))
        transform.setSat(cdl.saturation)
        transform.validate()
    except ocio.Exception as error:
        raise MediaError(
            f"the CDL cannot be applied: {_short(str(error))}; slope and saturation must not be negative and power must"
            " be above 0",
            "invalid_argument",
        ) from error
    return transform


def _lut(path: str) -> Any:
    check_lut(path)
    transform = ocio.FileTransform(os.path.abspath(path))
    transform.setInterpolation(ocio.INTERP_TETRAHEDRAL)
    return transform


def _short(text: str) -> str:
    """The telling line of OpenColorIO's message, which lists what every reader had to say."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = next((line for line in lines if "failed with" in line), lines[0] if lines else "no reason given")
    _, found, reason = telling.partition("failed with:")
    reason = (reason if found else telling).split("'resolve_cube' failed")[0].strip().rstrip(".")
    return reason[:1].lower() + reason[1:300]
