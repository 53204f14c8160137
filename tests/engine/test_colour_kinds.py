"""The rarer kinds of LUT files that OpenColorIO reads: each is found, taken and in the picture."""

from __future__ import annotations

import struct
from typing import Any

import numpy
import PyOpenColorIO as ocio
import pytest
from looks import Array, bend, install_lut, psnr, scene, shown

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.api.grades import LUT_EXTENSIONS

SIZE = 8
STEPS = numpy.linspace(0, 1, SIZE)
PROFILES = {".icc", ".icm", ".pf"}
"""Kinds of OpenColorIO that describe a device and no look."""


def lattice(fastest: str) -> Array:
    """The look at every point of a cube; `fastest` is the colour that changes from row to row."""
    grid = numpy.stack(numpy.meshgrid(STEPS, STEPS, STEPS, indexing="ij"), axis=-1).reshape(-1, 3)
    return bend(grid[:, ::-1] if fastest == "red" else grid)


def rows(values: Array, form: str = "{:.6f}") -> str:
    """A line for each row."""
    return "\n".join(" ".join(form.format(value) for value in row) for row in values) + "\n"


def texts() -> dict[str, str]:
    """A file of each kind, by its name."""
    curve = [round(255 * (step / 255) ** 0.8) for step in range(256)]
    codes = numpy.rint(lattice("blue") * 1023).astype(int)
    pandora = "channel 3d\nin 512\nout 1024\nformat lut\nvalues\tred\tgreen\tblue\n" + "".join(
        f"{number}\t{red}\t{green}\t{blue}\n" for number, (red, green, blue) in enumerate(codes)
    )
    look = "".join(struct.pack("<f", value).hex().upper() for value in lattice("red").reshape(-1))
    places = numpy.indices((SIZE, SIZE, SIZE)).reshape(3, -1).T
    placed = "".join(
        f"{red} {green} {blue} {rows(values[None])}"
        for (red, green, blue), values in zip(places, lattice("blue"), strict=True)
    )
    houdini = "Version\t\t3\nFormat\t\tany\nType\t\t3D\nFrom\t\t0.0 1.0\nTo\t\t0.0 1.0\nBlack\t\t0.0\nWhite\t\t1.0\n"
    return {
        "curve.lut": "LUT: 3 256\n" + "".join(f"{value}\n" for value in curve * 3),
        "cube.lut": f"{houdini}Length\t\t{SIZE}\nLUT:\n3D {{\n{rows(lattice('red'))}}}\n",
        "iridas.itx": f"LUT_3D_SIZE {SIZE}\n\n{rows(lattice('red'))}",
        "pandora.mga": pandora,
        "pandora.m3d": pandora,
        "true.cub": f"# Truelight Cube v2.0\n# iDims 3\n# oDims 3\n# width {SIZE} {SIZE} {SIZE}\n\n# Cube\n"
        f"{rows(lattice('red'))}# end\n",
        "nuke.vf": f"#Inventor V2.1 ascii\ngrid_size {SIZE} {SIZE} {SIZE}\n"
        f"data\n{rows(lattice('blue'))}",
        "iridas.look": '<?xml version="1.0" ?>\n<look>\n<LUT>\n'
        f'<size>"{SIZE}"</size>\n<data>"{look}"</data>\n</LUT>\n</look>\n',
        "imageworks.spi3d": f"SPILUT 1.0\n3 3\n{SIZE} {SIZE} {SIZE}\n{placed}",
    }  # fmt: skip


def test_all_that_opencolorio_reads_is_taken() -> None:
    """But for the profiles of devices."""
    assert {f".{extension}" for _, extension in ocio.FileTransform.getFormats()} - PROFILES == set(LUT_EXTENSIONS)


@pytest.mark.parametrize("name", list(texts()))
def test_each_kind_is_in_the_picture(project: Any, photo: Any, tmp_path: Any, name: str) -> None:
    """As OpenColorIO has it, and near the look that it was made of."""
    assert photo.GetNodeGraph().SetLUT(1, install_lut(project, name, texts()[name])) is True, failure.last()
    picture = shown(project, tmp_path)
    rgb = numpy.ascontiguousarray(scene().reshape(-1, 3) / 255, numpy.float32)
    look = bend(rgb.astype(numpy.float64)) if name != "curve.lut" else rgb.astype(numpy.float64) ** 0.8
    transform = ocio.FileTransform(str(application.start().home / "LUT" / name))
    transform.setInterpolation(ocio.INTERP_TETRAHEDRAL)
    ocio.Config.CreateRaw().getProcessor(transform).getDefaultCPUProcessor().applyRGB(rgb)
    assert psnr(picture.reshape(-1, 3), numpy.clip(rgb.astype(numpy.float64), 0, 1)) > 46
    assert psnr(picture.reshape(-1, 3), numpy.clip(look, 0, 1)) > 36
    assert psnr(picture, scene() / 255) < 36
