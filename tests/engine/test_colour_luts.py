"""LUTs: a grade goes out as one and comes back as the same picture, and every kind that OpenColorIO reads is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import PyOpenColorIO as ocio
import pytest
from looks import Array, asc, bend, cube_text, install_lut, psnr, scene, shown

from resolve_engine import failure
from resolve_engine.api import application

CDL = {"NodeIndex": "1", "Slope": "1.15 0.95 0.8", "Offset": "0.02 0 -0.02", "Power": "1.1 1 0.9", "Saturation": "0.75"}
VALUES = {"slope": (1.15, 0.95, 0.8), "offset": (0.02, 0, -0.02), "power": (1.1, 1, 0.9), "saturation": 0.75}


def applied(path: str | Path, rgb: Array) -> Array:
    """A LUT file on colours, by OpenColorIO alone."""
    transform = ocio.FileTransform(str(path))
    transform.setInterpolation(ocio.INTERP_TETRAHEDRAL)
    made = numpy.ascontiguousarray(rgb, numpy.float32)
    ocio.ClearAllCaches()
    ocio.Config.CreateRaw().getProcessor(transform).getDefaultCPUProcessor().applyRGB(made)
    return made.astype(numpy.float64)


@pytest.mark.parametrize(("kind", "size"), [("17PTCUBE", 17), ("33PTCUBE", 33), ("65PTCUBE", 65)])
def test_a_grade_that_goes_out_as_a_lut_is_the_grade(
    resolve: Any, project: Any, photo: Any, tmp_path: Path, kind: str, size: int
) -> None:
    """CDL and LUT in one cube of the asked size, put back on the ungraded item: within 1/255 in the mean."""
    plain = shown(project, tmp_path)
    graph = photo.GetNodeGraph()
    assert photo.SetCDL(CDL) is True
    assert graph.SetLUT(1, install_lut(project, "bend.cube", cube_text(33, bend))) is True
    graded = shown(project, tmp_path)
    resolve.OpenPage("color")
    out = tmp_path / "look.v1"
    assert photo.ExportLUT(getattr(resolve, f"EXPORT_LUT_{kind}"), str(out)) is True, failure.last()
    text = (tmp_path / "look.v1.cube").read_text(encoding="ascii")
    assert text.startswith(f"LUT_3D_SIZE {size}\n")
    assert len(text.splitlines()) == 1 + size**3
    graph.ResetAllGrades()
    assert graph.SetLUT(1, install_lut(project, "out.cube", text)) is True
    again = shown(project, tmp_path)
    assert float(numpy.abs(again - graded).mean()) < 1 / 255
    assert psnr(again, graded) > 46
    assert psnr(plain, graded) < 30


def test_a_grade_without_crosstalk_goes_out_as_a_cube(resolve: Any, photo: Any, tmp_path: Path) -> None:
    """Curves alone make no 1D LUT, and values below 0 and above 1 stay in the file."""
    resolve.OpenPage("color")
    assert photo.SetCDL({**CDL, "Saturation": "1", "Power": "1 1 1"}) is True
    assert photo.ExportLUT(resolve.EXPORT_LUT_17PTCUBE, str(tmp_path / "curves.cube")) is True
    rows = numpy.loadtxt(tmp_path / "curves.cube", skiprows=1)
    assert rows.shape == (17**3, 3)
    assert numpy.allclose(rows[0], (0.02, 0, -0.02), atol=1e-6)
    assert numpy.allclose(rows[-1], (1.17, 0.95, 0.78), atol=1e-6)
    assert numpy.allclose(rows[1], ((1.15 / 16) + 0.02, 0, -0.02), atol=1e-6)


def test_a_lut_for_panasonic_s_cameras_has_whole_numbers(resolve: Any, photo: Any, tmp_path: Path) -> None:
    """17 points, 0 to 4095, red fastest, in a file that ends with .vlt."""
    resolve.OpenPage("color")
    assert photo.SetCDL(CDL) is True
    assert photo.ExportLUT(resolve.EXPORT_LUT_PANASONICVLUT, str(tmp_path / "look")) is True
    rows = numpy.loadtxt(tmp_path / "look.vlt", comments=("#", "LUT"))
    assert rows.shape == (17**3, 3)
    steps = numpy.arange(17) / 16
    reds = numpy.stack([steps, numpy.zeros(17), numpy.zeros(17)], axis=-1)
    assert abs(rows[:17] - numpy.clip(asc(reds, **VALUES), 0, 1) * 4095).max() <= 1


def test_luts_are_exported_on_the_color_page_alone(resolve: Any, photo: Any, tmp_path: Path) -> None:
    """As in Resolve; and a kind, a place or an item that cannot be has a reason, and no file comes of it."""
    path = str(tmp_path / "a.cube")
    assert photo.ExportLUT(resolve.EXPORT_LUT_17PTCUBE, path) is False
    assert "color page" in str(failure.last())
    resolve.OpenPage("color")
    for args, words in [((9, path), "no kind of LUT"), ((0, str(tmp_path / "none" / "a.cube")), "does not exist")]:
        assert photo.ExportLUT(*args) is False
        assert words in str(failure.last())
    (application.start().home / "LUT").mkdir(exist_ok=True)
    assert not Path(path).exists()


CURVE = [round((step / 15) ** 0.8, 6) for step in range(16)]
KINDS: dict[str, str] = {
    "one.cube": "LUT_1D_SIZE 16\n" + "".join(f"{v} {v} {v}\n" for v in CURVE),
    "three.cube": cube_text(5, bend),
    "ranged.cube": "LUT_3D_SIZE 2\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 1\n"
    + "".join(f"{r * 0.8} {g * 0.9} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1)),
    "lustre.3dl": "0 341 682 1023\n"
    + "".join(f"{r * 300} {g * 341} {b * 320}\n" for r in range(4) for g in range(4) for b in range(4)),
    "curve.spi1d": "Version 1\nFrom 0 1\nLength 16\nComponents 1\n{\n" + "".join(f"{v}\n" for v in CURVE) + "}\n",
    "matrix.spimtx": "0.8 0.1 0.1 0\n0 0.9 0.1 0\n0.1 0 0.8 0\n",
    "look.cc": '<ColorCorrection id="a"><SOPNode><Slope>1.15 0.95 0.8</Slope><Offset>0.02 0 -0.02</Offset>'
    "<Power>1.1 1 0.9</Power></SOPNode><SatNode><Saturation>0.75</Saturation></SatNode></ColorCorrection>",
    "looks.ccc": '<ColorCorrectionCollection xmlns="urn:ASC:CDL:v1.2"><ColorCorrection id="a"><SOPNode>'
    "<Slope>1.15 0.95 0.8</Slope><Offset>0.02 0 -0.02</Offset><Power>1.1 1 0.9</Power></SOPNode>"
    "<SatNode><Saturation>0.75</Saturation></SatNode></ColorCorrection></ColorCorrectionCollection>",
    "looks of two.ccc": '<ColorCorrectionCollection xmlns="urn:ASC:CDL:v1.2"><ColorCorrection id="a"><SOPNode>'
    "<Slope>1.15 0.95 0.8</Slope><Offset>0.02 0 -0.02</Offset><Power>1.1 1 0.9</Power></SOPNode>"
    '<SatNode><Saturation>0.75</Saturation></SatNode></ColorCorrection><ColorCorrection id="b"><SOPNode>'
    "<Slope>0 0 0</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode></ColorCorrection>"
    "</ColorCorrectionCollection>",
    "look.cdl": '<ColorDecisionList xmlns="urn:ASC:CDL:v1.01"><ColorDecision><ColorCorrection id="a"><SOPNode>'
    "<Slope>1.15 0.95 0.8</Slope><Offset>0.02 0 -0.02</Offset><Power>1.1 1 0.9</Power></SOPNode>"
    "<SatNode><Saturation>0.75</Saturation></SatNode></ColorCorrection></ColorDecision></ColorDecisionList>",
}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_lut_is_applied_as_opencolorio_does(project: Any, photo: Any, tmp_path: Path, name: str) -> None:
    """1D and 3D cubes, .3dl, .spi1d, .spimtx, and ASC CDL in .cc, .ccc and .cdl; as OpenColorIO has them."""
    assert photo.GetNodeGraph().SetLUT(1, install_lut(project, name, KINDS[name])) is True, failure.last()
    picture = shown(project, tmp_path)
    rgb = scene().astype(numpy.float64) / 255
    expected = numpy.clip(applied(application.start().home / "LUT" / name, rgb.reshape(-1, 3)), 0, 1).reshape(rgb.shape)
    if name.startswith("look"):
        assert psnr(expected, numpy.clip(asc(rgb, **VALUES), 0, 1)) > 80
    assert psnr(picture, expected) > 46
    assert psnr(rgb, expected) < 40


def test_what_opencolorio_writes_is_read_back(project: Any, photo: Any, tmp_path: Path) -> None:
    """.clf, .ctf, .csp, .spi3d and .3dl as OpenColorIO's own baker writes them are the same look."""
    config = ocio.Config.CreateRaw()
    look = ocio.ColorSpace(name="look")
    look.setTransform(ocio.MatrixTransform([0.8, 0.1, 0.1, 0, 0, 0.9, 0.1, 0, 0.1, 0, 0.8, 0, 0, 0, 0, 1]),
                      ocio.COLORSPACE_DIR_FROM_REFERENCE)  # fmt: skip
    config.addColorSpace(look)
    config.addColorSpace(ocio.ColorSpace(name="base"))
    rgb = scene().astype(numpy.float64) / 255
    expected = rgb @ numpy.array([[0.8, 0.1, 0.1], [0, 0.9, 0.1], [0.1, 0, 0.8]]).T
    kinds = {"cinespace": "csp", "flame": "3dl", "iridas_cube": "cube", "resolve_cube": "cube"}
    for form, extension in kinds.items():
        baker = ocio.Baker(config, form, "base", "look", cubeSize=17)
        name = install_lut(project, f"{form}.{extension}", baker.bake())
        assert photo.GetNodeGraph().SetLUT(1, name) is True
        assert psnr(shown(project, tmp_path), expected) > 46, form
    group = ocio.GroupTransform([ocio.MatrixTransform([0.8, 0.1, 0.1, 0, 0, 0.9, 0.1, 0, 0.1, 0, 0.8, 0, 0, 0, 0, 1])])
    for form, extension in (("Academy/ASC Common LUT Format", "clf"), ("Color Transform Format", "ctf")):
        name = install_lut(project, f"own.{extension}", group.write(form, config))
        assert photo.GetNodeGraph().SetLUT(1, name) is True
        assert psnr(shown(project, tmp_path), expected) > 46, form


def test_a_lut_is_known_after_a_refresh_and_by_its_folder(project: Any, photo: Any) -> None:
    """What came after the last scan, what lies elsewhere and what is none is refused; the extension may be left out."""
    graph = photo.GetNodeGraph()
    install_lut(project, "Show/Day 1/a.cube", cube_text(2, bend))
    home = application.start().home / "LUT"
    (home / "late.cube").write_text(cube_text(2, bend), encoding="ascii")
    (home / "notes.txt").write_text("no LUT", encoding="ascii")
    for name, words in [
        ("late.cube", "RefreshLUTList"), (str(home / "Show/Day 1/a.cube"), "not by an absolute one"),
        ("../engine.cube", "there is no LUT"), ("notes.txt", "there is no LUT"), ("notes", "there is no LUT"),
    ]:  # fmt: skip
        assert graph.SetLUT(1, name) is False, name
        assert words in str(failure.last()) or "after the last scan" in str(failure.last()), failure.last()
    assert graph.SetLUT(1, "Show\\Day 1\\a") is True
    assert graph.GetLUT(1) == "Show/Day 1/a.cube"
    assert project.RefreshLUTList() is True
    assert graph.SetLUT(1, "late.cube") is True
    assert graph.SetLUT(1, "") is True
    assert graph.GetLUT(1) == ""
