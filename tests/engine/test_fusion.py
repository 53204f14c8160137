"""Fusion clips, and the compositions of items: what they hold, what they show, and which of them are refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import restart
from generate import codes, film
from rendering import finish_started, queue
from test_generators_titles import frame_of
from test_placing import rows

from resolve_engine import failure

SIZE = {"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"}

FUSIONS_OWN = """Composition {
	CurrentTime = 0, RenderRange = { 0, 47 }, GlobalRange = { 0, 47 }, HiQ = true,
	Views = { Left = { FrameTypeID = "SplitterFrame" } }, -- where the window stood
	Tools = ordered() {
		MediaIn1 = MediaIn {
			ExtentSet = true,
			CustomData = { MediaProps = { MEDIA_SRC_FRAME_RATE = 24, MEDIA_NAME = "a \\"b\\"" } },
			Inputs = {
				GlobalOut = Input { Value = 47, }, MediaID = Input { Value = "e4c5", },
				["Gamut.SLogVersion"] = Input { Value = FuID { "SLog2" }, },
			},
			ViewInfo = OperatorInfo { Pos = { -55, 16.5 } },
		},
		MediaOut1 = MediaOut {
			Inputs = { Index = Input { Value = "0", }, Input = Input { SourceOp = "MediaIn1", Source = "Output", }, },
			ViewInfo = OperatorInfo { Pos = { 55, 16.5 } },
		}
	}
}
"""
"""In the form that Fusion writes, with what it writes beside the tools."""


def tools(comp: Any) -> list[tuple[str, str]]:
    """Name and kind of each tool, in order."""
    found = comp.GetToolList()
    assert list(found) == [float(number) for number in range(1, len(found) + 1)]
    return [(tool.GetAttrs("TOOLS_Name"), tool.GetAttrs()["TOOLS_RegID"]) for tool in found.values()]


def test_items_become_a_fusion_clip(project: Any, pool: Any, timeline: Any, clip: Any) -> None:
    """At their place, with their sound, under one composition that merges the two pictures; kept on disk."""
    pool.AppendToTimeline([clip])
    items = [item for kind in ("video", "audio") for item in timeline.GetItemListInTrack(kind, 1)]
    made = timeline.CreateFusionClip(items)
    assert made, failure.last()
    assert (made.GetName(), rows(timeline)) == ("Fusion Clip 1", [("video", 1, 0, 96), ("audio", 1, 0, 96)])
    stands_for = made.GetMediaPoolItem()
    assert (stands_for.GetClipProperty("Type"), stands_for.GetTimeline()) == ("Fusion Clip", None)
    assert stands_for in pool.GetCurrentFolder().GetClipList()
    assert project.GetTimelineCount() == 1
    again = restart().GetProjectManager().LoadProject("probe").GetCurrentTimeline()
    (item,) = again.GetItemListInTrack("video", 1)
    assert item.GetFusionCompNameList() == ["Composition 1"]
    merged = [("MediaIn1", "MediaIn"), ("MediaIn2", "MediaIn"), ("Merge1", "Merge"), ("MediaOut1", "MediaOut")]
    assert tools(item.GetFusionCompByIndex(1)) == merged


def test_a_fusion_clip_is_used_again(project: Any, pool: Any, timeline: Any, item: Any) -> None:
    """Appended from the media pool, and on a copy of the timeline, it has its composition; and none can be added."""
    made = timeline.CreateFusionClip([item])
    (again,) = pool.AppendToTimeline([{"mediaPoolItem": made.GetMediaPoolItem(), "mediaType": 1}])
    copy = timeline.DuplicateTimeline("copy")
    for one in (made, again, *copy.GetItemListInTrack("video", 1)):
        assert one.GetFusionCompNameList() == ["Composition 1"]
        assert one.AddFusionComp() is None
        assert one.DeleteFusionCompByName("Composition 1") is False
    assert timeline.GetItemListInTrack("audio", 1)[0].GetFusionCompCount() == 0


def test_what_is_no_fusion_clip_is_refused(pool: Any, timeline: Any, clip: Any) -> None:
    """Sound alone, and a transition, which merges cannot show."""
    (sound,) = timeline.GetItemListInTrack("audio", 1)
    assert timeline.CreateFusionClip([sound]) is None
    assert "CreateCompoundClip" in str(failure.last())
    pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 10, "endFrame": 30, "mediaType": 1}])
    pictures = timeline.GetItemListInTrack("video", 1)
    fade = {"type": "Cross Dissolve", "category": "simple", "position": "start", "alignment": "left", "duration": 2}
    assert pictures[1].AddTransition(fade), failure.last()
    assert timeline.CreateFusionClip(pictures) is None
    assert "has no transitions" in str(failure.last())
    assert rows(timeline)[0] == ("video", 1, 0, 48)


def test_a_fusion_clip_shows_what_its_items_showed(resolve: Any, project: Any, pool: Any, tmp_path: Path) -> None:
    """Frame for frame, in a render and in its thumbnail; a picture above another, and one that is alone."""
    project.SetSettings(SIZE)
    (source,) = pool.ImportMedia([str(film(tmp_path / "codes.mov", Fraction(24), 48))])
    timeline = pool.CreateEmptyTimeline("t")
    at = timeline.GetStartFrame()
    for track, record, first, end in ((1, 0, 5, 15), (2, 4, 30, 34)):
        info = {"mediaPoolItem": source, "startFrame": first, "endFrame": end, "mediaType": 1}
        assert pool.AppendToTimeline([{**info, "trackIndex": track, "recordFrame": at + record}])[0], failure.last()
    expected = [5, 6, 7, 8, 30, 31, 32, 33, 13, 14]
    assert finish_started(project, queue(project, tmp_path, "items"))["JobStatus"] == "Complete"
    assert codes(tmp_path / "items.mkv") == expected
    pictures = [item for track in (1, 2) for item in timeline.GetItemListInTrack("video", track)]
    assert timeline.SetCurrentTimecode("01:00:00:00")
    assert resolve.OpenPage("color")
    small = timeline.GetCurrentClipThumbnailImage()
    made = timeline.CreateFusionClip(pictures)
    assert made, failure.last()
    assert (timeline.GetCurrentClipThumbnailImage(), failure.last()) == (small, None)
    assert rows(timeline)[0] == ("video", 1, 0, 10)
    assert finish_started(project, queue(project, tmp_path, "folded"))["JobStatus"] == "Complete"
    assert codes(tmp_path / "folded.mkv") == expected


def test_compositions_are_added_named_chosen_and_deleted(resolve: Any, timeline: Any, item: Any) -> None:
    """The newest is the active one, which the Fusion page shows; what is deleted is gone, and its handle with it."""
    assert (item.GetFusionCompCount(), item.GetFusionCompNameList()) == (0, [])
    first, second = item.AddFusionComp(), item.AddFusionComp()
    assert item.GetFusionCompNames() == {1.0: "Composition 1", 2.0: "Composition 2"}
    assert item.RenameFusionCompByName("Composition 1", "kept") is True
    assert item.RenameFusionCompByName("Composition 2", "kept") is False
    assert (first.GetAttrs("COMPS_Name"), first.GetAttrs("COMPN_RenderEnd")) == ("kept", 47.0)
    assert item.GetFusionCompByName("kept") == item.GetFusionCompByIndex(1) == first
    assert item.GetFusionCompByIndex(3) is None
    fusion = resolve.Fusion()
    assert timeline.SetCurrentTimecode("01:00:00:00")
    assert fusion.GetCurrentComp() is None
    resolve.OpenPage("fusion")
    assert fusion.GetCurrentComp() == second
    assert item.LoadFusionCompByName("kept") == first
    assert fusion.GetCurrentComp() == first
    assert item.DeleteFusionCompByName("kept") is True
    assert (item.GetFusionCompNameList(), fusion.GetCurrentComp()) == (["Composition 2"], second)
    assert first.GetToolList() is None
    again = restart().GetProjectManager().LoadProject("probe").GetCurrentTimeline().GetItemListInTrack("video", 1)[0]
    assert again.GetFusionCompNameList() == ["Composition 2"]
    assert tools(again.GetFusionCompByIndex(1)) == [("MediaIn1", "MediaIn"), ("MediaOut1", "MediaOut")]


def test_a_composition_is_a_file_that_comes_back(item: Any, tmp_path: Path) -> None:
    """Written by both calls alike; imported it is a further composition, and the active one."""
    comp = item.AddFusionComp()
    assert item.ExportFusionComp(str(tmp_path / "a.comp"), 1) is True, failure.last()
    assert comp.Save(str(tmp_path / "b.comp")) is True
    assert (tmp_path / "a.comp").read_bytes() == (tmp_path / "b.comp").read_bytes()
    (tmp_path / "fusion.comp").write_text(FUSIONS_OWN, encoding="utf-8")
    for number, name in enumerate(("a.comp", "fusion.comp"), 2):
        made = item.ImportFusionComp(str(tmp_path / name))
        assert made, failure.last()
        assert (made.GetAttrs("COMPS_Name"), item.GetFusionCompCount()) == (f"Composition {number}", number)


def test_fusion_clips_and_compositions_stand_in_a_timelines_file(
    resolve: Any, project: Any, pool: Any, timeline: Any, item: Any, clip: Any, tmp_path: Path
) -> None:
    """The engine's own archive keeps all; other forms keep a Text+ with its text, and say what they leave out."""
    timeline.CreateFusionClip([item])
    (plain,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "mediaType": 1}])
    plain.AddFusionComp()
    assert plain.RenameFusionCompByName("Composition 1", "own")
    title = timeline.InsertFusionTitleIntoTimeline("Text+")
    title.GetFusionCompByIndex(1).FindTool("Template").SetInput("StyledText", "said")
    title.GetFusionCompByIndex(1).FindTool("Template").SetInput("Size", 0.2)
    assert timeline.Export(str(tmp_path / "t.drt"), resolve.EXPORT_DRT), failure.last()
    again = pool.ImportTimelineFromFile(str(tmp_path / "t.drt"))
    assert again, failure.last()
    found = again.GetItemListInTrack("video", 1)
    names = [one.GetFusionCompNameList() for one in found]
    assert names == [["Composition 1"], ["own"], ["Composition 1"]]
    assert [len(tools(one.GetFusionCompByIndex(1))) for one in found] == [2, 2, 2]
    assert found[2].GetFusionCompByIndex(1).FindTool("Template").GetInput("Size") == 0.2
    assert timeline.Export(str(tmp_path / "t.otio"), resolve.EXPORT_OTIO), failure.last()
    said = str(failure.last())
    assert ("1 Fusion compositions" in said, "1 looks of a Text+" in said) == (True, True), said
    again = pool.ImportTimelineFromFile(str(tmp_path / "t.otio"), {"timelineName": "otio", "importSourceClips": False})
    assert again, failure.last()
    title = again.GetItemListInTrack("video", 1)[-1]
    assert title.GetFusionCompByIndex(1).FindTool("Template").GetInput("StyledText") == "said"
    assert title.GetFusionCompByIndex(1).FindTool("Template").GetInput("Size") == 0.08


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("MediaOut1 = MediaOut", "Blur1 = Blur {}, MediaOut1 = MediaOut", "'Blur1' is a Blur"),
        ('SourceOp = "MediaIn1"', 'SourceOp = "Other"', "not fed from MediaIn1"),
        ("GlobalOut =", "Reverse =", "no 'Reverse' of the tool 'MediaIn1'"),
        ("ExtentSet = true", "PassThrough = true", "no 'PassThrough'"),
        ("Tools = ordered()", "Nothing = ordered()", "it has no Tools"),
        ("Composition {", "Composition {{", "is missing"),
        ("Composition {", "{" * 100, "inside each other"),
        ("ordered() {", "ordered( {", "')' is missing before '{', in line 4"),
        ("Pos = { 55, 16.5 }", "Pos = { 55 16.5 }", "a comma is missing"),
        ("HiQ = true", "HiQ = §", "it cannot be read"),
    ],
)
def test_a_file_that_does_more_is_refused(item: Any, tmp_path: Path, old: str, new: str, why: str) -> None:
    """With the name of the tool, or the line where it is no composition; nothing is added."""
    assert FUSIONS_OWN.count(old) == 1
    (tmp_path / "a.comp").write_text(FUSIONS_OWN.replace(old, new), encoding="utf-8")
    assert item.ImportFusionComp(str(tmp_path / "a.comp")) is None
    assert why in str(failure.last())
    assert item.GetFusionCompCount() == 0


def test_tools_are_read_and_not_added(item: Any) -> None:
    """By name, by kind, by number; what would do nothing is not taken."""
    comp = item.AddFusionComp()
    media_in = comp.FindTool("MediaIn1")
    assert (media_in.Name, media_in.ID, media_in.no_such) == ("MediaIn1", "MediaIn", None)
    assert comp.FindToolByID("MediaOut") == comp.GetToolList(False, "MediaOut")[1.0]
    assert (comp.FindTool("Blur1"), comp.GetToolList(True)) == (None, {})
    assert comp.AddTool("Blur") is None
    assert "renders no Fusion tools" in str(failure.last())
    assert media_in.SetInput("XBlurSize", 20.0) is None
    assert "'XBlurSize'" in str(failure.last())


def test_sound_and_generators_have_no_compositions(timeline: Any) -> None:
    """Refused with the reason, for every call that would change one."""
    (sound,) = timeline.GetItemListInTrack("audio", 1)
    assert sound.AddFusionComp() is None
    assert "on items of clips only" in str(failure.last())
    assert timeline.SetCurrentTimecode("01:00:02:00")
    assert timeline.InsertGeneratorIntoTimeline("Solid Color").AddFusionComp() is None


@pytest.mark.parametrize("value", ["Auto", "enabled", "DISABLED"])
def test_the_cache_switch_is_kept(item: Any, value: str) -> None:
    """In lower case; a constant of the older texts means the same."""
    assert item.SetFusionOutputCache(value) is True
    assert item.GetIsFusionOutputCacheEnabled() == value.lower()


def test_the_cache_switch_takes_constants(resolve: Any, item: Any) -> None:
    """As the 21.0 text says; anything else is refused."""
    for name, word in (("CACHE_ENABLED", "enabled"), ("CACHE_DISABLED", "disabled"), ("CACHE_AUTO_ENABLED", "auto")):
        assert item.SetFusionOutputCache(getattr(resolve, name)) is True
        assert item.GetIsFusionOutputCacheEnabled() == word
    assert item.SetFusionOutputCache("sometimes") is False
    assert item.SetFusionOutputCache(7) is False


# Text+


@pytest.fixture
def title(project: Any, pool: Any) -> Any:
    """A Text+ on a timeline of 320x180, with the playhead on it; the tool that holds its text."""
    project.SetSettings(SIZE)
    timeline = pool.CreateEmptyTimeline("t")
    item = timeline.InsertFusionTitleIntoTimeline("Text+")
    assert item, failure.last()
    assert (item.GetName(), item.GetType(), item.GetDuration()) == ("Text+", "generator", 120)
    assert timeline.SetCurrentTimecode("01:00:00:00")
    comp = item.GetFusionCompByIndex(1)
    assert tools(comp) == [("Template", "TextPlus"), ("MediaOut1", "MediaOut")]
    return comp.FindTool("Template")


def ink(picture: numpy.typing.NDArray[numpy.int64]) -> tuple[float, float, int]:
    """The middle of what is drawn, from the left and from below as shares of the frame, and its height in pixels."""
    down, right = numpy.nonzero(picture.max(axis=-1) > 64)
    height, width = picture.shape[:2]
    across, up = (right.min() + right.max() + 1) / 2 / width, 1 - (down.min() + down.max() + 1) / 2 / height
    return across, up, int(numpy.ptp(down)) + 1


def test_the_text_of_a_text_plus_is_drawn(project: Any, title: Any, tmp_path: Path) -> None:
    """In the middle, in white, as large as Size says; where Center says, and in its colour, after it is set."""
    assert title.GetInput("StyledText") == "Custom Title"
    title.SetInput("StyledText", "HHH")
    first = frame_of(project, tmp_path)
    x, y, height = ink(first)
    assert abs(x - 0.5) < 0.01
    assert abs(y - 0.5) < 0.06  # the letters stand on the line, in the middle of its height
    assert first.max(axis=(0, 1)).tolist() == [255, 255, 255]
    for name, value in (("Size", 0.16), ("Center", {1: 0.25, 2: 0.75}), ("Red1", 1), ("Green1", 0.5), ("Blue1", 0)):
        title.SetInput(name, value)
        assert failure.last() is None
    second = frame_of(project, tmp_path)
    moved, risen, larger = ink(second)
    assert 1.85 < larger / height < 2.15
    assert (abs(moved - 0.25) < 0.02, abs(risen - 0.75) < 0.12) == (True, True)
    assert numpy.abs(second.max(axis=(0, 1)) - (255, 128, 0)).max() <= 2
    assert title.GetInput("Center") == {1.0: 0.25, 2.0: 0.75, 3.0: 0.0}


def test_a_locked_composition_is_changed_all_the_same(project: Any, title: Any) -> None:
    """Scripts lock a composition so that it is not drawn after each of their changes; here it never is."""
    comp = project.GetCurrentTimeline().GetCurrentVideoItem().GetFusionCompByIndex(1)
    assert comp.Lock() is None
    title.SetInput("StyledText", "while it is locked")
    assert title.GetInput("StyledText") == "while it is locked"
    assert comp.Unlock() is None
    assert title.GetInput("StyledText") == "while it is locked"


def test_a_text_plus_is_kept_and_copied(project: Any, title: Any, tmp_path: Path) -> None:
    """After a restart it looks the same; a copy of its timeline has a text of its own."""
    title.StyledText = "kept"  # as scripts write it, too
    title.SetInput("Style", "Black")
    before = frame_of(project, tmp_path)
    timeline = project.GetCurrentTimeline()
    copied = timeline.DuplicateTimeline("copy").GetItemListInTrack("video", 1)[0]
    copied.GetFusionCompByIndex(1).FindTool("Template").SetInput("StyledText", "other")
    again = restart().GetProjectManager().LoadProject("probe")
    item = again.GetCurrentTimeline().GetItemListInTrack("video", 1)[0]
    tool = item.GetFusionCompByIndex(1).GetToolList(False, "TextPlus")[1.0]
    assert (tool.GetInput("StyledText"), tool.GetInput("Style")) == ("kept", "Black")
    assert item.GetProperty("StyledText") == "kept"
    assert (frame_of(again, tmp_path) == before).all()


@pytest.mark.parametrize(
    ("name", "value"),
    [("Font", "Arial"), ("Style", "Wobbly"), ("Size", -1), ("Size", "x"), ("Center", 5), ("Center", {1: "a", 2: 0}),
     ("NoSuchInput", 1), ("StyledText", 5), ("Red1", 2)],
)  # fmt: skip
def test_an_input_that_is_not_drawn_is_refused(title: Any, name: str, value: Any) -> None:
    """None as always, with a reason; what was there before is there."""
    before = [title.GetInput(one) for one in ("Font", "Style", "Size", "Center", "StyledText", "Red1")]
    assert title.SetInput(name, value) is None
    assert failure.last()
    assert [title.GetInput(one) for one in ("Font", "Style", "Size", "Center", "StyledText", "Red1")] == before


def test_a_text_plus_too_large_to_draw_fails_by_name(project: Any, title: Any, tmp_path: Path) -> None:
    """Rather than to take all memory; text beyond the frame is cut off and one without letters is nothing."""
    title.SetInput("StyledText", " \n ")
    assert frame_of(project, tmp_path).max() == 0
    title.SetInput("Size", 1.0)
    title.SetInput("StyledText", "W" * 4096)
    assert project.ExportCurrentFrameAsStill(str(tmp_path / "large.png")) is False
    assert "too much to draw" in str(failure.last())


def test_an_empty_composition_shows_what_is_below(project: Any, pool: Any, title: Any, tmp_path: Path) -> None:
    """It has one composition of one tool, and nothing to see; one over the title leaves it as it is."""
    before = frame_of(project, tmp_path)
    timeline = project.GetCurrentTimeline()
    assert timeline.AddTrack("video")
    assert timeline.SetTrackLock("video", 1, True)
    made = timeline.InsertFusionCompositionIntoTimeline()
    assert made, failure.last()
    assert (made.GetName(), made.GetTrackTypeAndIndex()) == ("Fusion Composition", ["video", 2])
    assert tools(made.GetFusionCompByIndex(1)) == [("MediaOut1", "MediaOut")]
    assert timeline.SetCurrentTimecode("01:00:00:00")
    assert (frame_of(project, tmp_path) == before).all()


def test_other_fusion_titles_are_refused(project: Any, title: Any) -> None:
    """They are templates of tools."""
    assert project.GetCurrentTimeline().InsertFusionTitleIntoTimeline("Lower Third 3D") is None
    assert "it draws Text+" in str(failure.last())
