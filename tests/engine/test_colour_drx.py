"""The engine's .drx: grades go out and come back exactly, replace what was there, and nothing foreign gets in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import cube_text, install_lut, photo_cut, psnr, shown

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.colour import drx
from resolve_engine.media.errors import MediaError
from resolve_engine.model.grade import Cdl, Node

CDL = {"NodeIndex": "1", "Slope": "1.2 0.9 0.8", "Offset": "0.02 0 -0.01", "Power": "1 1.1 0.9", "Saturation": "0.8"}
NUMBERS = st.floats(0.001, 1000)
TRIPLES = st.tuples(NUMBERS, NUMBERS, NUMBERS)
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30)
NODES = st.builds(
    Node,
    enabled=st.booleans(),
    cdl=st.none() | st.builds(Cdl, TRIPLES, st.tuples(*[st.floats(-1000, 1000)] * 3), TRIPLES, st.floats(0, 1000)),
    lut=st.sampled_from(["", "a.cube", "Show ü/b c.3dl"]),
    label=TEXTS,
    cache=st.sampled_from([-1, 0, 1]),
)


@pytest.fixture
def photo(project: Any, tmp_path: Path) -> Any:
    """A picture item on a timeline of 320 x 180; the playhead stands on it."""
    return photo_cut(project, tmp_path)


def exported(project: Any, folder: Path) -> str:
    """The .drx of a still that is grabbed now."""
    album = project.GetGallery().GetCurrentStillAlbum()
    assert album.ExportStills([project.GetCurrentTimeline().GrabStill()], str(folder), "g", "drx") is True
    return str(max(folder.glob("g_*.drx"), key=os.path.getmtime))


@given(nodes=st.lists(NODES, max_size=5).map(tuple), label=TEXTS, size=st.tuples(*[st.integers(0, 16384)] * 2))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_grade_comes_back_as_it_went_out(
    tmp_path_factory: pytest.TempPathFactory, nodes: Any, label: str, size: tuple[int, int]
) -> None:
    """Every number to the last bit, every label with quotes, brackets and letters of any script."""
    path = tmp_path_factory.getbasetemp() / "round.drx"
    grade = drx.GradeFile(nodes, "p_1.1.1.png", size, label, "1.1.1", "clip <&\"'>", "01:00:00:00")
    path.write_bytes(drx.text(grade))
    assert drx.read(str(path)) == grade


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_a_look_is_carried_from_item_to_item(project: Any, photo: Any, tmp_path: Path, mode: int) -> None:
    """CDL and LUT of the still are the item's afterwards, its own grade is gone, and the picture is the graded one."""
    name = install_lut(project, "Show/bend.cube", cube_text(9, lambda rgb: rgb[:, ::-1] ** 1.2))
    graph = photo.GetNodeGraph()
    assert photo.SetCDL(CDL) is True
    assert graph.SetLUT(1, name) is True
    graded, path = shown(project, tmp_path), exported(project, tmp_path)
    assert graph.ResetAllGrades() is True
    assert graph.SetLUT(1, install_lut(project, "other.cube", cube_text(3, lambda rgb: 1 - rgb))) is True
    assert graph.ApplyGradeFromDRX(path, mode) is True
    assert (graph.GetLUT(1), graph.GetToolsInNode(1)) == (name, ["Primaries", "LUT"])
    assert psnr(shown(project, tmp_path), graded) == 120


@pytest.mark.parametrize("place", ["timeline", "post"])
def test_a_look_is_laid_on_the_timeline_and_on_a_group(project: Any, photo: Any, tmp_path: Path, place: str) -> None:
    """A timeline has no node until a grade file gives it one; what comes from a group counts for its items."""
    photo.SetCDL(CDL)
    graded, path = shown(project, tmp_path), exported(project, tmp_path)
    photo.GetNodeGraph().ResetAllGrades()
    if place == "timeline":
        graph = project.GetCurrentTimeline().GetNodeGraph()
        assert graph.GetNumNodes() == 0
    else:
        group = project.AddColorGroup("group")
        photo.AssignToColorGroup(group)
        graph = group.GetPostClipNodeGraph()
    assert graph.ApplyGradeFromDRX(path, 0) is True
    assert graph.GetToolsInNode(1) == ["Primaries"]
    assert psnr(shown(project, tmp_path), graded) > 55


def test_the_graph_before_a_group_s_clips_takes_no_file(project: Any, photo: Any, tmp_path: Path) -> None:
    """As in Resolve; the reason says what to do instead."""
    path = exported(project, tmp_path)
    assert project.AddColorGroup("group").GetPreClipNodeGraph().ApplyGradeFromDRX(path, 0) is False
    assert "pre-clip" in str(failure.last())


ROOT = '<ResolveEngineGrade version="1">'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('<?xml version="1.0"?><Gallery DbPrjVer="1"><GyStill/></Gallery>', "written by DaVinci Resolve"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + ROOT + "</ResolveEngineGrade>", "DOCTYPE"),
        ('<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + ROOT + "&b;</ResolveEngineGrade>", "DOCTYPE"),
        (ROOT + "<Node>", "no element found"),
        ("", "no element found"),
        ("\0\1\2", "not well-formed"),
        ('<ResolveEngineGrade version="2"/>', "version '2'"),
        (ROOT + '<Node lut="../../secret.cube"/></ResolveEngineGrade>', "path below the LUT folder"),
        (ROOT + '<Node lut="C:/secret.cube"/></ResolveEngineGrade>', "path below the LUT folder"),
        (ROOT + '<Picture file="../a.png"/></ResolveEngineGrade>', "file beside it"),
        (ROOT + '<Node><CDL slope="nan 1 1"/></Node></ResolveEngineGrade>', "3 numbers"),
        (ROOT + '<Node><CDL slope="1 1"/></Node></ResolveEngineGrade>', "3 numbers"),
        (ROOT + '<Node><CDL power="0 1 1"/></Node></ResolveEngineGrade>', "power"),
        (ROOT + '<Node enabled="yes"/></ResolveEngineGrade>', "enabled"),
        (ROOT + "<Qualifier/></ResolveEngineGrade>", "Qualifier"),
        (ROOT + "<Node/>" * 1001 + "</ResolveEngineGrade>", "more than 1000 nodes"),
        (ROOT + f'<Node label="{"x" * 5000}"/></ResolveEngineGrade>', "longer than"),
        (ROOT + " " * (4 << 20) + "</ResolveEngineGrade>", "larger than"),
    ],
)
def test_what_is_no_grade_of_the_engine_is_refused(photo: Any, tmp_path: Path, content: str, words: str) -> None:
    """Foreign, damaged, hostile or too large: a reason, and the grade stays as it was."""
    path = tmp_path / "bad.drx"
    path.write_text(content, encoding="utf-8")
    photo.SetCDL(CDL)
    before = application.start().project.items[photo.GetUniqueId()].nodes
    assert photo.GetNodeGraph().ApplyGradeFromDRX(str(path), 0) is False
    assert "bad.drx" in str(failure.last())
    assert words in str(failure.last())
    assert application.start().project.items[photo.GetUniqueId()].nodes == before


def test_a_grade_whose_lut_is_not_here_is_refused(project: Any, photo: Any, tmp_path: Path) -> None:
    """It would be shown without its LUT otherwise."""
    path = tmp_path / "far.drx"
    path.write_bytes(drx.text(drx.GradeFile((Node(lut="far.cube"),))))
    assert photo.GetNodeGraph().ApplyGradeFromDRX(str(path), 0) is False
    assert "far.cube" in str(failure.last())


def test_a_pipe_or_a_folder_is_no_grade(tmp_path: Path) -> None:
    """Opening a pipe would block for ever."""
    os.mkfifo(tmp_path / "pipe.drx")
    for path, words in [
        (tmp_path / "pipe.drx", "not a file"),
        (tmp_path, "not a file"),
        (tmp_path / "none.drx", "no such"),
    ]:
        with pytest.raises(MediaError, match=words):
            drx.read(str(path))
