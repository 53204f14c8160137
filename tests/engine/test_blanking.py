"""Output blanking: kept and read back as Resolve does, and black in every kind of render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import restart
from looks import pixels_of
from PIL import Image
from spec_maker import item, source, timeline

from resolve_engine import failure
from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import plane_array, signature
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.levels import to_format, white_level
from resolve_engine.render.spec import CaptionSpec, ItemSpec, TimelineSpec, TrackSpec, TransitionSpec

GREY = 150
EDGES = (10.0, 20.0, 300.0, 160.0)


@pytest.fixture
def grey(tmp_path: Path) -> ItemSpec:
    """A plain picture that fills the frame."""
    Image.new("RGB", (320, 180), (GREY, GREY, GREY)).save(tmp_path / "grey.png")
    return item("p", 0, 12, source(tmp_path / "grey.png"))


def luma(of: TimelineSpec, form: str, frame: int = 0, captions: Sequence[CaptionSpec] = ()) -> Any:
    """The green of a frame in a pixel format, 0 to 255."""
    compositor = Compositor(of, of.width, of.height, form, captions=captions)
    made = compositor.picture(frame)
    graph = PictureGraph([signature(made)])
    graph.finish(graph.chain(0, to_format("gbrpf32le")))
    green = plane_array(graph.run([made]), 0, "float32") / white_level(form) * 255
    compositor.close()
    return green


def expected(edges: tuple[float, float, float, float]) -> Any:
    """Grey inside, black outside."""
    left, top, right, bottom = (round(edge) for edge in edges)
    shown = numpy.zeros((180, 320))
    shown[top:bottom, left:right] = GREY
    return shown


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p10le", "yuvj422p", "rgb24", "gbrpf32le"])
@pytest.mark.parametrize("edges", [EDGES, (11.0, 21.0, 299.0, 159.0), (0.0, 20.0, 320.0, 20.0)])
def test_what_lies_outside_is_black(grey: ItemSpec, form: str, edges: tuple[float, float, float, float]) -> None:
    """In every kind of format, on even and odd lines; with the edges together nothing is left. Chroma of half the size
    may reach a pixel over an odd edge."""
    made = luma(timeline([[replace(grey, blanking=edges)]]), form)
    assert numpy.abs(made - expected(edges)).max() <= 2


def test_subtitles_stand_on_the_bars(grey: ItemSpec) -> None:
    """They are what a viewer reads, also below the picture."""
    bars = (0.0, 20.0, 320.0, 100.0)
    made = luma(timeline([[replace(grey, blanking=bars)]]), "yuv420p", 2, [CaptionSpec(0, 5, "words")])
    assert made[:100, :].max() <= GREY + 2
    assert made[101:].max() > 200
    assert numpy.abs(luma(timeline([[replace(grey, blanking=bars)]]), "yuv420p", 7) - expected(bars)).max() <= 2


def test_the_topmost_rules_and_a_transition_mixes(grey: ItemSpec) -> None:
    """What is below follows what is above; half way through a dissolve the bars of one side are half dark."""
    above = replace(grey, id="above", name="above", properties={"Opacity": 50.0})
    both = timeline([[replace(grey, blanking=EDGES)], [above]])
    assert luma(both, "yuv420p").min() > GREY - 3
    first = replace(grey, id="a", end=6, blanking=EDGES)
    second = replace(grey, id="b", start=6)
    cut = timeline([[first, second]])
    crossing = TransitionSpec("Cross Dissolve", 4, 8, "a", "b")
    mixed = replace(cut, video=(TrackSpec(True, (first, second), (crossing,)),))
    bar = [float(luma(mixed, "yuv420p", frame)[5, 160]) for frame in (3, 5, 6, 8)]
    assert bar[0] < 2
    assert bar[3] == pytest.approx(GREY, abs=2)
    assert 0 < bar[1] < bar[2] < GREY


def test_bars_are_opaque_in_a_render_with_alpha(grey: ItemSpec) -> None:
    """They are part of the picture."""
    small = replace(grey, properties={"ZoomX": 0.5, "ZoomY": 0.5}, blanking=EDGES)
    compositor = Compositor(timeline([[small]]), 320, 180, "gbrapf32le")
    made = compositor.with_alpha(compositor.footage.view(0), False)
    alpha, green = plane_array(made, 3, "float32"), plane_array(made, 0, "float32")
    compositor.close()
    assert (alpha[0, 0], green[0, 0]) == (1, 0)
    assert (alpha[25, 15], alpha[90, 160]) == (0, 1)
    assert green[90, 160] == pytest.approx(GREY / 255, abs=0.01)


def test_edges_read_back_and_survive(project: Any, timeline: Any) -> None:
    """As floats, with the sides that were left out filled in; wrong ones are refused and change nothing."""
    whole = {"Top": 0.0, "Bottom": 1080.0, "Left": 0.0, "Right": 1920.0}
    assert timeline.GetOutputBlanking() == whole
    assert timeline.SetOutputBlanking({"Top": 20, "Bottom": 20}) is True
    assert timeline.GetOutputBlanking() == {"Top": 20.0, "Bottom": 20.0, "Left": 0.0, "Right": 1920.0}
    for wrong in ({"Top": -1}, {"Right": 1921}, {"Middle": 3}, {}, {"Top": "4"}, 7):
        assert timeline.SetOutputBlanking(wrong) is False, wrong
    assert timeline.SetOutputBlanking({"Top": 140, "Bottom": 940.5, "Left": 0, "Right": 1920})
    again = restart().GetCurrentProject().GetCurrentTimeline()
    assert again.GetOutputBlanking() == {**whole, "Top": 140.0, "Bottom": 940.5}
    assert again.SetOutputBlanking(whole)
    assert again.GetOutputBlanking() == whole


def test_an_item_follows_its_timeline_until_it_has_its_own(timeline: Any, item: Any) -> None:
    """Empty is not zero: the flag says which it is. Its own is kept while it follows."""
    assert (item.GetOutputBlanking(), item.GetUseTimelineForOutputBlanking()) == ({}, True)
    own = {"Top": 100.0, "Bottom": 980.0, "Left": 0.0, "Right": 1920.0}
    assert item.SetOutputBlanking({"Top": 100, "Bottom": 980})
    assert (item.GetOutputBlanking(), item.GetUseTimelineForOutputBlanking()) == (own, False)
    assert item.SetUseTimelineForOutputBlanking(True)
    assert item.GetOutputBlanking() == {}
    assert item.SetUseTimelineForOutputBlanking(False)
    assert item.GetOutputBlanking() == own
    assert item.SetOutputBlanking({})  # what it read at first is set again, as when a change is taken back
    assert (item.GetOutputBlanking(), item.GetUseTimelineForOutputBlanking()) == ({}, True)
    (sound,) = timeline.GetItemListInTrack("audio", 1)
    assert sound.SetOutputBlanking(own) is False
    assert "no picture" in str(failure.last())


def test_a_still_of_the_timeline_shows_it(project: Any, photo: Any, tmp_path: Path) -> None:
    """The timeline's blanking, and the item's own in its place."""
    made = project.GetCurrentTimeline()
    assert made.SetOutputBlanking({"Top": 30, "Bottom": 150})
    assert project.ExportCurrentFrameAsStill(str(tmp_path / "one.png")), failure.last()
    one = pixels_of(tmp_path / "one.png")
    assert one[:30].max() == one[150:].max() == 0
    assert one[30:150].mean() > 0.1
    assert photo.SetOutputBlanking({"Left": 100})
    assert project.ExportCurrentFrameAsStill(str(tmp_path / "two.png")), failure.last()
    two = pixels_of(tmp_path / "two.png")
    assert two[:, :100].max() == 0
    assert two[:30, 100:].mean() > 0.1
