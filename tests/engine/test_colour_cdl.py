"""ASC CDL: the numbers are OpenColorIO's, whichever way they came to an item, and are copied with grades."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import PyOpenColorIO as ocio
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from looks import asc, photo_cut, psnr, scene, scene_file, shown

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.colour import cdl_text
from resolve_engine.colour.grade import Grade
from resolve_engine.model.grade import Cdl
from resolve_engine.render.spec import CdlSpec, NodeSpec

SLOPES, OFFSETS, POWERS = st.floats(0, 4), st.floats(-1, 1), st.floats(0.1, 4)
CDLS = st.builds(Cdl, st.tuples(*[SLOPES] * 3), st.tuples(*[OFFSETS] * 3), st.tuples(*[POWERS] * 3), st.floats(0, 4))


@given(cdl=CDLS)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_cdl_is_opencolorio_s_to_a_ten_thousandth(cdl: Cdl) -> None:
    """Any CDL on colours of 0 to 1: what OpenColorIO makes of it when it is asked alone, relative to its size."""
    rgb = numpy.random.default_rng(5).random((500, 3)).astype(numpy.float32)
    made, alone = rgb.copy(), rgb.copy()
    Grade([NodeSpec(cdl=CdlSpec(*cdl))]).apply(made)
    transform = ocio.CDLTransform(slope=cdl.slope, offset=cdl.offset, power=cdl.power, sat=cdl.saturation)
    ocio.Config.CreateRaw().getProcessor(transform).getDefaultCPUProcessor().applyRGB(alone)
    assert numpy.abs(made - alone).max() <= 1e-4 * max(1.0, float(numpy.abs(alone).max()))


@given(cdl=CDLS)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_cdl_is_the_formula_of_the_asc(cdl: Cdl) -> None:
    """Against the formula written down in NumPy; but for what the offset brings next to 0, where a root makes a large
    number of the rounding of a float."""
    rgb = numpy.random.default_rng(6).random((500, 3))
    rgb = rgb[(numpy.abs(rgb * cdl.slope + cdl.offset) > 1e-3).all(axis=-1)]
    assume(len(rgb) > 0)
    made = rgb.astype(numpy.float32)
    Grade([NodeSpec(cdl=CdlSpec(*cdl))]).apply(made)
    expected = asc(rgb, *cdl)
    assert numpy.abs(made - expected).max() <= 1e-4 * max(1.0, float(numpy.abs(expected).max()))


@given(cdl=CDLS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_cdl_goes_through_the_comments_of_a_list(cdl: Cdl) -> None:
    """To the six decimals that are written; a power that rounds to nothing cannot come back and is not among these."""
    read: Cdl | None = None
    for line in cdl_text.comments(cdl):
        read = cdl_text.with_comment(read, line)
    assert read is not None
    assert numpy.allclose(numpy.hstack([*read]), numpy.hstack([*cdl]), atol=5e-7)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*ASC_SOP (1.1 1 .9)(0 -0.01 0)(1 1 1)", Cdl((1.1, 1, 0.9), (0, -0.01, 0))),
        ("* ASC_SOP: (1.1, 1, 0.9) (0, -1e-2, 0) (1, 1, 1)", Cdl((1.1, 1, 0.9), (0, -0.01, 0))),
        ("*ASC_SAT 0.8", Cdl(saturation=0.8)),
        ("* ASC_SAT: 0.8", Cdl(saturation=0.8)),
        ("* FROM CLIP NAME: ASC_SOP (1 1 1)", None),
        ("*ASC_SOPHIA", None),
    ],
)
def test_the_spellings_of_a_cdl(line: str, expected: Cdl | None) -> None:
    """With and without blanks, colons and commas; what is no CDL changes nothing."""
    assert cdl_text.with_comment(None, line) == expected


@pytest.mark.parametrize(
    "line",
    ["*ASC_SOP (1 1)(0 0 0)(1 1 1)", "*ASC_SAT x", "*ASC_SAT -1", "*ASC_SOP (1 1 1)(0 0 0)(0 1 1)", "*ASC_SAT 1e9"],
)
def test_a_broken_cdl_is_no_cdl(line: str) -> None:
    """It would grade the picture wrongly without a word."""
    with pytest.raises(ValueError, match="ASC_S"):
        cdl_text.with_comment(None, line)


@pytest.fixture
def photo(project: Any, tmp_path: Path) -> Any:
    """A picture item on a timeline of 320 x 180; the playhead stands on it."""
    return photo_cut(project, tmp_path)


def test_a_cdl_of_an_edit_decision_list_is_in_the_picture(project: Any, photo: Any, pool: Any, tmp_path: Path) -> None:
    """Each event's comments grade its own item; a line that is no CDL refuses the list with its number."""
    head = "TITLE: t\nFCM: NON-DROP FRAME\n\n"
    event = "{0}  AX  V  C  00:00:00:00 00:00:01:00 01:00:0{1}:00 01:00:0{2}:00\n* FROM CLIP NAME: photo.png\n"
    graded = "*ASC_SOP (1.2 0.9 0.8)(0.01 0 -0.02)(1.1 1 0.9)\n*ASC_SAT 0.7\n"
    path = tmp_path / "graded.edl"
    path.write_text(head + event.format("001", 0, 1) + event.format("002", 1, 2) + graded, encoding="ascii")
    timeline = pool.ImportTimelineFromFile(str(path))
    plain, looked = timeline.GetItemListInTrack("video", 1)
    assert plain.GetNodeGraph().GetToolsInNode(1) is None
    assert looked.GetNodeGraph().GetToolsInNode(1) == ["Primaries"]
    assert timeline.SetCurrentTimecode("01:00:01:00") is True
    rgb = scene() / 255
    expected = asc(rgb, (1.2, 0.9, 0.8), (0.01, 0, -0.02), (1.1, 1, 0.9), 0.7)
    assert psnr(shown(project, tmp_path), numpy.clip(expected, 0, 1)) > 46
    bad = tmp_path / "bad.edl"
    bad.write_text(head + event.format("001", 0, 1) + "*ASC_SOP (1 1\n", encoding="ascii")
    assert pool.ImportTimelineFromFile(str(bad)) is None
    assert "line 6" in str(failure.last())


def test_copied_grades_replace_what_the_targets_had(project: Any, photo: Any, pool: Any, tmp_path: Path) -> None:
    """Every node with all it has, in every target, and not shared: a later change of the source stays its own."""
    other = pool.ImportMedia([str(scene_file(tmp_path / "other.png", seed=9))])[0]
    assert all(pool.AppendToTimeline([other, other]))
    _, *targets = project.GetCurrentTimeline().GetItemListInTrack("video", 1)
    assert targets[0].SetCDL({"NodeIndex": 1, "Slope": "0 0 0", "Offset": "0 0 0", "Power": "1 1 1", "Saturation": 1})
    assert photo.SetCDL({"NodeIndex": 1, "Slope": "1.2 1 1", "Offset": "0 0 0", "Power": "1 1 1", "Saturation": "0.5"})
    assert photo.GetNodeGraph().SetNodeCacheMode(1, 1) is True
    records = application.start().project.items
    wanted = records[photo.GetUniqueId()].nodes
    assert photo.CopyGrades(targets) is True
    assert photo.GetNodeGraph().ResetAllGrades() is True
    assert [records[target.GetUniqueId()].nodes for target in targets] == [wanted, wanted]
    sound = list(project.GetCurrentTimeline().GetItemListInTrack("audio", 1) or [])
    assert photo.CopyGrades([*targets, *sound, None]) is False
    assert photo.CopyGrades([]) is False
