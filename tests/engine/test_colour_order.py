"""Grades take effect in Resolve's order, group before, clip, group after, timeline: against NumPy and OpenColorIO."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from looks import Array, asc, bend, cube_text, install_lut, pixels_of, psnr, scene, scene_file, shown
from rendering import finish_started

from resolve_engine import failure
from resolve_engine.api import application, grades
from resolve_engine.colour import drx
from resolve_engine.model.frozen import freeze
from resolve_engine.model.grade import Cdl, Node
from resolve_engine.render.compositor import Compositor

LIFT = Cdl(slope=(0.8, 0.9, 1.0), offset=(0.1, 0.02, -0.02), power=(1.2, 1.0, 0.8))
GREY = Cdl(slope=(1.1, 1.0, 0.9), saturation=0.3)
DARK = Cdl(slope=(0.7, 0.6, 0.9), offset=(0.0, 0.05, 0.0))


def looked(rgb: Array, *grades: Cdl) -> Array:
    """CDLs one after the other, values held to 0 to 1 only at the end."""
    for cdl in grades:
        rgb = asc(rgb, *cdl)
    return numpy.clip(rgb, 0, 1)


def lay(graph: Any, folder: Path, *nodes: Node) -> None:
    """Put nodes on a graph, by a grade file as a script would."""
    path = folder / "grade.drx"
    path.write_bytes(drx.text(drx.GradeFile(nodes)))
    assert graph.ApplyGradeFromDRX(str(path), 0) is True, failure.last()


def lossless(project: Any, folder: Path) -> Array:
    """The first frame of a render without loss."""
    out = folder / "out"
    out.mkdir()
    assert project.SetCurrentRenderFormatAndCodec("tif", "RGB16LZW") is True, project.GetRenderCodecs("tif")
    assert project.SetRenderSettings({"TargetDir": str(out), "CustomName": "r", "MarkIn": 86400, "MarkOut": 86401})
    status = finish_started(project, project.AddRenderJob())
    assert status["JobStatus"] == "Complete", status
    return pixels_of(sorted(out.iterdir())[0])


def test_group_clip_and_timeline_follow_one_another(project: Any, photo: Any, tmp_path: Path) -> None:
    """Five grades that do not commute, a LUT among them, in a lossless render, in a frame and in a still."""
    group = project.AddColorGroup("group")
    assert photo.AssignToColorGroup(group) is True
    name = install_lut(project, "bend.cube", cube_text(33, bend))
    assert group.GetPreClipNodeGraph().SetLUT(1, name) is True
    lay(photo.GetNodeGraph(), tmp_path, Node(cdl=LIFT, label="lift"), Node(cdl=GREY))
    lay(group.GetPostClipNodeGraph(), tmp_path, Node(cdl=DARK))
    lay(project.GetCurrentTimeline().GetNodeGraph(), tmp_path, Node(cdl=LIFT))
    rgb = scene() / 255
    expected = looked(bend(rgb.reshape(-1, 3)).reshape(rgb.shape), LIFT, GREY, DARK, LIFT)
    assert psnr(lossless(project, tmp_path), expected) >= 46
    assert psnr(shown(project, tmp_path), expected) >= 46
    assert psnr(shown(project, tmp_path, "png"), expected) >= 46
    wrong = looked(bend(rgb.reshape(-1, 3)).reshape(rgb.shape), LIFT, LIFT, GREY, DARK)
    assert psnr(wrong, expected) < 40


def test_tools_labels_and_counts_tell_what_a_graph_holds(project: Any, photo: Any, tmp_path: Path) -> None:
    """Each graph tells of its own nodes alone."""
    graph = photo.GetNodeGraph()
    lay(graph, tmp_path, Node(cdl=LIFT, label="lift"), Node(label="empty"), Node(cdl=GREY, enabled=False))
    assert graph.GetNumNodes() == photo.GetNumNodes() == 3
    assert [graph.GetNodeLabel(number) for number in (1, 2, 3)] == ["lift", "empty", ""]
    assert [graph.GetToolsInNode(number) for number in (1, 2, 3)] == [["Primaries"], None, ["Primaries"]]
    assert [graph.GetNodeCacheMode(number) for number in (1, 2, 3)] == [-1, -1, -1]
    group = project.AddColorGroup("group")
    photo.AssignToColorGroup(group)
    assert group.GetPreClipNodeGraph().GetNumNodes() == 1
    assert group.GetPreClipNodeGraph().GetToolsInNode(1) is None


@pytest.mark.parametrize("place", ["clip", "pre", "post", "timeline"])
def test_a_node_that_is_off_is_not_in_the_picture(project: Any, photo: Any, tmp_path: Path, place: str) -> None:
    """On every graph; on again, it is as it was."""
    group = project.AddColorGroup("group")
    photo.AssignToColorGroup(group)
    graphs: dict[str, Callable[[], Any]] = {
        "clip": photo.GetNodeGraph,
        "pre": group.GetPreClipNodeGraph,
        "post": group.GetPostClipNodeGraph,
        "timeline": project.GetCurrentTimeline().GetNodeGraph,
    }
    graph = graphs[place]()
    plain = shown(project, tmp_path)
    if place == "timeline":
        lay(graph, tmp_path, Node())
    assert graph.SetLUT(1, install_lut(project, "bend.cube", cube_text(33, bend))) is True
    graded = shown(project, tmp_path)
    assert psnr(plain, graded) < 40
    assert graph.SetNodeEnabled(1, False) is True
    assert psnr(shown(project, tmp_path), plain) == 120
    assert graph.SetNodeEnabled(1, True) is True
    assert psnr(shown(project, tmp_path), graded) == 120
    assert graph.ResetAllGrades() is True
    assert psnr(shown(project, tmp_path), plain) == 120


@pytest.mark.parametrize("kind", [0, 1])
def test_the_version_in_use_is_in_the_picture(project: Any, photo: Any, tmp_path: Path, kind: int) -> None:
    """Local and remote versions are switched, and each keeps its own grade."""
    plain = shown(project, tmp_path)
    assert photo.AddVersion("warm", kind) is True
    lay(photo.GetNodeGraph(), tmp_path, Node(cdl=LIFT))
    warm = shown(project, tmp_path)
    assert psnr(warm, looked(scene() / 255, LIFT)) >= 46
    assert photo.LoadVersionByName("Version 1", 0) is True
    assert psnr(shown(project, tmp_path), plain) == 120
    assert photo.LoadVersionByName("warm", kind) is True
    assert psnr(shown(project, tmp_path), warm) == 120


def test_the_timeline_s_grade_is_on_all_layers_together(project: Any, photo: Any, pool: Any, tmp_path: Path) -> None:
    """A half-transparent item over another: the grade of the mixture, not the mixture of two grades."""
    timeline = project.GetCurrentTimeline()
    over = pool.ImportMedia([str(scene_file(tmp_path / "over.png", seed=9))])[0]
    assert timeline.AddTrack("video") is True
    (above,) = pool.AppendToTimeline([{"mediaPoolItem": over, "trackIndex": 2, "recordFrame": 86400, "endFrame": 48}])
    assert above.SetProperty("Opacity", 50.0) is True
    bend_all = Cdl(power=(2.2, 2.0, 1.8), saturation=0.6)
    lay(timeline.GetNodeGraph(), tmp_path, Node(cdl=bend_all))
    assert timeline.SetCurrentTimecode("01:00:00:00") is True
    mixed = (scene() / 255.0 + scene(seed=9) / 255.0) / 2
    expected = looked(mixed, bend_all)
    assert psnr(lossless(project, tmp_path), expected) >= 46
    assert psnr(shown(project, tmp_path), expected) >= 46
    apart = (looked(scene() / 255.0, bend_all) + looked(scene(seed=9) / 255.0, bend_all)) / 2
    assert psnr(apart, expected) < 40


def test_whites_above_one_outlast_the_layers(project: Any, photo: Any, pool: Any, tmp_path: Path) -> None:
    """What an item's grade leaves above white is still there for the timeline's, with a layer on top and without."""
    timeline = project.GetCurrentTimeline()
    up, down = Cdl(slope=(1.4, 1.4, 1.4)), Cdl(slope=(0.5, 0.6, 0.7))
    lay(photo.GetNodeGraph(), tmp_path, Node(cdl=up))
    lay(timeline.GetNodeGraph(), tmp_path, Node(cdl=down))
    expected = looked(scene() / 255, up, down)
    assert psnr(shown(project, tmp_path), expected) >= 46
    small = pool.ImportMedia([str(scene_file(tmp_path / "over.png", seed=9))])[0]
    assert timeline.AddTrack("video") is True
    (above,) = pool.AppendToTimeline([{"mediaPoolItem": small, "trackIndex": 2, "recordFrame": 86400, "endFrame": 48}])
    assert above.SetProperties({"ZoomX": 0.25, "ZoomY": 0.25}) is True
    assert timeline.SetCurrentTimecode("01:00:00:00") is True
    layered = shown(project, tmp_path)
    assert psnr(layered[:60], expected[:60]) >= 46


def test_bars_and_gaps_stay_black_under_a_timeline_s_lift(project: Any, photo: Any, tmp_path: Path) -> None:
    """An offset on the timeline lifts its frame, not the bars of an output of another shape, nor an empty frame."""
    lay(project.GetCurrentTimeline().GetNodeGraph(), tmp_path, Node(cdl=Cdl(offset=(0.2, 0.2, 0.2))))
    record = application.start().project
    spec = freeze(record, record.timelines[record.current_timeline], grades.lut_path)
    for stack in (spec, replace(spec, video=(*spec.video, spec.video[0]))):  # alone, and as a stack
        compositor = Compositor(stack, 320, 240, "rgb48le")
        picture = numpy.asarray(compositor.picture(86400).to_ndarray(), numpy.float64) / 65535
        compositor.close()
        assert picture.shape == (240, 320, 3)
        assert picture[:29].max() == picture[211:].max() == 0
        assert picture[40:200].min() > 0.18
    assert project.GetCurrentTimeline().SetCurrentTimecode("01:01:00:00") is True
    assert shown(project, tmp_path).max() == 0


def test_a_folded_timeline_has_its_own_grade_and_then_the_outer_s(project: Any, photo: Any, tmp_path: Path) -> None:
    """Inside, then outside."""
    timeline = project.GetCurrentTimeline()
    folded = timeline.CreateCompoundClip([photo], {"name": "folded"})
    records = application.start().project
    inner = records.timelines[records.clips[records.items[folded.GetUniqueId()].clip].timeline]
    inner.nodes = (Node(cdl=LIFT),)
    lay(folded.GetNodeGraph(), tmp_path, Node(cdl=GREY))
    lay(timeline.GetNodeGraph(), tmp_path, Node(cdl=DARK))
    assert timeline.SetCurrentTimecode("01:00:00:00") is True
    expected = looked(scene() / 255, LIFT, GREY, DARK)
    assert psnr(shown(project, tmp_path), expected) >= 46
