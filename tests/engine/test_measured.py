"""What real Resolve was measured to do with frames, rates, properties and playheads, asked of the engine."""

from __future__ import annotations

from typing import Any

import pytest
from clips import add_clip

from resolve_engine import failure

UNTOUCHED = {
    "Pan": 0.0, "Tilt": 0.0, "ZoomX": 1.0, "ZoomY": 1.0, "ZoomGang": True, "RotationAngle": 0.0,
    "AnchorPointX": 0.0, "AnchorPointY": 0.0, "Pitch": 0.0, "Yaw": 0.0, "FlipX": False, "FlipY": False,
    "CropLeft": 0.0, "CropRight": 0.0, "CropTop": 0.0, "CropBottom": 0.0, "CropSoftness": 0.0, "CropRetain": False,
    "DynamicZoomEase": 0, "CompositeMode": 0, "Opacity": 100.0, "Distortion": 0.0, "RetimeProcess": 0,
    "MotionEstimation": 0, "Scaling": 0, "ResizeFilter": 0,
}  # fmt: skip
"""A picture item's 26 properties of 21.0 with their recorded defaults; 21.1 has six switches more."""


def test_an_untouched_item_has_the_recorded_properties(item: Any) -> None:
    """32 keys on a picture item, the 26 older ones with their recorded values."""
    values = item.GetProperties()
    assert {key: values[key] for key in UNTOUCHED} == UNTOUCHED
    assert len(values) == 32
    assert item.GetProperty() == values


def test_names_that_are_no_properties(item: Any) -> None:
    """Level and fades read None; speed is refused under every name; a process is a choice."""
    assert [item.GetProperty(key) for key in ("AudioLevel", "Volume", "FadeIn", "FadeOut", "Speed")] == [None] * 5
    for key in ("Speed", "PlaybackSpeed", "RetimeSpeed", "ClipSpeed", "Volume", "AudioVolume"):
        assert item.SetProperty(key, 50) is False, key
    assert item.SetProperty("RetimeProcess", 1) is True


def test_numbers_out_of_range_are_clipped_and_a_bad_key_refuses_all(item: Any) -> None:
    """Opacity stops at 100, pan at four widths; one bad key among good ones sets none."""
    assert item.SetProperty("Opacity", 250) is True
    assert item.GetProperty("Opacity") == 100.0
    assert item.SetProperty("Pan", -1e9) is True
    assert item.GetProperty("Pan") == -4.0 * 1920
    assert item.SetProperties({"Tilt": 5.0, "Nonsense": 1}) is False
    assert item.GetProperty("Tilt") == 0.0


def test_a_constant_is_stored_as_a_whole_number(resolve: Any, item: Any) -> None:
    """1.0 is sent, 1 reads back."""
    assert item.SetProperty("CompositeMode", resolve.COMPOSITE_ADD) is True
    assert repr(item.GetProperty("CompositeMode")) == "1"


def test_a_wav_keeps_the_rate_of_its_import(project: Any) -> None:
    """400 s of sound: exact at 24, rounded down at 29.97; the rate stays when the project's changes."""
    project.SetSetting("timelineFrameRate", "24")
    first = add_clip(path="/m/a.wav", kind="audio", seconds=400.0)
    project.SetSetting("timelineFrameRate", "29.97")
    second = add_clip(path="/m/b.wav", kind="audio", seconds=400.0)
    assert [clip.GetClipProperty("FPS") for clip in (first, second)] == [24.0, 29.97]
    assert [clip.GetClipProperty("Duration") for clip in (first, second)] == ["00:06:40:00", "00:06:39:18"]
    assert [first.GetClipProperty(key) for key in ("Start", "End", "Frames", "Type")] == ["", "", "", "Audio"]


def test_frames_of_another_rate_are_rounded_down(project: Any, pool: Any) -> None:
    """435 frames of a 24 fps WAV are 543 frames at 29.97; its source counts at 24, its offset at 29.97."""
    wav = add_clip(path="/m/a.wav", kind="audio", seconds=400.0)
    project.SetSetting("timelineFrameRate", "29.97")
    timeline = pool.CreateEmptyTimeline("t")
    info = {"mediaPoolItem": wav, "startFrame": 24, "endFrame": 459, "mediaType": 2, "trackIndex": 1}
    (item,) = pool.AppendToTimeline([info])
    assert item.GetDuration() == 543
    assert item.GetSourceStartFrame() == 24
    assert item.GetLeftOffset() == 29
    assert timeline.GetItemListInTrack("audio", 1) == [item]


def test_source_times_are_on_the_timecode_clock(project: Any, pool: Any) -> None:
    """Frame 300 of a 29.97 clip starting at 04:18:37;25 is second 15527.812; of one starting at 0 it is 10.010."""
    pool.CreateEmptyTimeline("t")
    for start, expected in (("04:18:37;25", 15527.812), (None, 10.010)):
        clip = add_clip(frames=900, rate=(30000, 1001), start_timecode=start)
        (item,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 300, "endFrame": 600}])
        assert item.GetSourceStartFrame() == 300
        assert round(item.GetSourceStartTime(), 3) == expected


def test_source_end_is_the_last_frame(pool: Any) -> None:
    """125 frames placed at equal rates end at source frame 124; the whole clip may be named by its frame count."""
    clip = add_clip(frames=125)
    pool.CreateEmptyTimeline("t")
    whole, short = pool.AppendToTimeline(
        [{"mediaPoolItem": clip, "startFrame": 0, "endFrame": end, "mediaType": 1} for end in (125, 124)]
    )
    assert [whole.GetDuration(), short.GetDuration()] == [125, 124]
    assert whole.GetSourceEndFrame() == 124


def test_clip_attributes(project: Any) -> None:
    """30272 frames: End is the last frame, End TC one past it; 263 keys, all texts; a rate alone is a number."""
    clip = add_clip(frames=30272, rate=(24000, 1001), channels=(1,) * 8, start_timecode="09:53:48:08")
    rows = {
        "Type": "Video + Audio",
        "FPS": "23.976",
        "Resolution": "640x360",
        "Frames": "30272",
        "Start": "0",
        "End": "30271",
        "Duration": "00:21:01:08",
        "Start TC": "09:53:48:08",
        "End TC": "10:14:49:16",
        "Audio Ch": "8",
    }
    values = clip.GetClipProperty()
    assert {key: values[key] for key in rows} == rows
    assert len(values) == 263
    assert all(isinstance(value, str) for value in values.values())
    assert {key: clip.GetClipProperty(key) for key in rows} == {**rows, "FPS": 23.976}
    assert clip.GetClipProperty("Super Scale") == 1


def test_eight_mono_channels_are_eight_items(project: Any, pool: Any) -> None:
    """One audio item for each mono track of the mapping, on tracks 1 to 8, linked to the picture."""
    clip = add_clip(channels=(1,) * 8)
    timeline = pool.CreateEmptyTimeline("t")
    (item,) = pool.AppendToTimeline([clip])
    assert timeline.GetTrackCount("audio") == 8
    assert [len(timeline.GetItemListInTrack("audio", n)) for n in range(1, 9)] == [1] * 8
    assert len(item.GetLinkedItems()) == 8
    mapping = clip.GetAudioMapping()
    assert mapping.count('"type": "mono"') == 8


def test_the_same_clip_many_times_is_placed_once(pool: Any, clip: Any) -> None:
    """CreateTimelineFromClips drops repeats."""
    timeline = pool.CreateTimelineFromClips("T", [clip] * 15)
    assert len(timeline.GetItemListInTrack("video", 1)) == 1


def test_the_playhead_stays_on_the_timeline(timeline: Any) -> None:
    """A timecode below the start is refused."""
    assert timeline.SetStartTimecode("00:59:50:00") is True
    assert timeline.SetCurrentTimecode("00:00:21:03") is False
    assert timeline.SetCurrentTimecode("01:00:11:03") is True
    assert timeline.GetCurrentTimecode() == "01:00:11:03"


def test_items_move_with_the_start(timeline: Any, item: Any) -> None:
    """The start timecode is the clock that record positions are read on."""
    assert timeline.SetStartTimecode("10:00:00:00") is True
    assert (timeline.GetStartFrame(), item.GetStart(), timeline.GetEndFrame()) == (864000, 864000, 864048)


def test_items_are_deleted_on_the_edit_page_only(resolve: Any, timeline: Any, item: Any) -> None:
    """Elsewhere False and nothing is deleted; linked sound stays behind."""
    resolve.OpenPage("fairlight")
    assert timeline.DeleteClips([item], False) is False
    resolve.OpenPage("edit")
    assert timeline.DeleteClips([item], False) is True
    assert timeline.GetItemListInTrack("video", 1) is None
    assert len(timeline.GetItemListInTrack("audio", 1)) == 1


def test_track_state_is_told_of_the_current_timeline_only(pool: Any, timeline: Any, item: Any) -> None:
    """Off the current timeline every track reads disabled and unlocked, the item's own switch stays true."""
    timeline.SetTrackLock("video", 1, True)
    assert (timeline.GetIsTrackEnabled("video", 1), timeline.GetIsTrackLocked("video", 1)) == (True, True)
    pool.CreateEmptyTimeline("other")
    assert (timeline.GetIsTrackEnabled("video", 1), timeline.GetIsTrackLocked("video", 1)) == (False, False)
    assert item.GetClipEnabled() is True


def test_marker_frames_are_relative_floats(timeline: Any) -> None:
    """0 is the first frame whatever the start; a taken frame and an unknown colour are refused."""
    assert timeline.AddMarker(0, "Blue", "first", "", 1) is True
    assert timeline.AddMarker(0, "Red", "again", "", 1) is False
    assert timeline.AddMarker(1, "Invisible", "", "", 1) is False
    shown = {"color": "Blue", "duration": 1.0, "note": "", "name": "first", "customData": ""}
    assert timeline.GetMarkers() == {0.0: shown}
    assert isinstance(next(iter(timeline.GetMarkers())), float)
    assert timeline.DeleteMarkerAtFrame(7) is False


def test_the_rate_locks_at_the_first_timeline(project: Any, pool: Any) -> None:
    """It can be set before, never after; the playback rate never."""
    assert project.SetSetting("timelinePlaybackFrameRate", "25") is False
    assert project.SetSetting("timelineFrameRate", "25") is True
    pool.CreateEmptyTimeline("t")
    assert project.SetSetting("timelineFrameRate", "24") is False
    assert "locked at 25" in str(failure.last())


@pytest.mark.parametrize(
    ("rate", "start"),
    [("23.976", 86400), ("25", 90000), ("29.97", 108000), ("29.97 DF", 107892), ("50", 180000), ("59.94 DF", 215784)],
)
def test_a_timeline_starts_at_its_hour(project: Any, pool: Any, rate: str, start: int) -> None:
    """The first frame number is one hour at the project's rate, with dropped numbers left out."""
    assert project.SetSetting("timelineFrameRate", rate) is True
    timeline = pool.CreateEmptyTimeline("t")
    assert timeline.GetStartFrame() == start
    assert timeline.GetStartTimecode() == ("01:00:00;00" if rate.endswith("DF") else "01:00:00:00")


def test_an_empty_timeline_takes_a_rate_of_its_own(pool: Any, clip: Any) -> None:
    """With custom settings only, and only while it is empty; the start frame moves from 86400 to 90000."""
    timeline = pool.CreateEmptyTimeline("t")
    assert timeline.SetSetting("timelineFrameRate", "25") is False
    assert timeline.SetSetting("useCustomSettings", "1") is True
    assert len(timeline.GetSettings()) == 69
    assert timeline.SetSetting("timelineFrameRate", "25") is True
    assert timeline.GetStartFrame() == 90000
    pool.AppendToTimeline([clip])
    assert timeline.SetSetting("timelineFrameRate", "24") is False
    assert timeline.SetSetting("timelineResolutionWidth", 1280) is False
    assert timeline.SetSetting("timelineResolutionWidth", "1280") is True
    assert timeline.GetSetting("timelineResolutionWidth") == "1280"


def test_a_timeline_without_custom_settings_shows_the_projects(project: Any, timeline: Any) -> None:
    """158 keys, and writes are refused."""
    assert len(timeline.GetSettings()) == 158
    assert timeline.SetSetting("timelineResolutionWidth", "1280") is False
    project.SetSetting("timelineResolutionWidth", "3840")
    assert timeline.GetSetting("timelineResolutionWidth") == "3840"


def test_luts_are_named_below_the_lut_folder(engine_home: Any, project: Any, item: Any) -> None:
    """Absolute paths are refused; a new file is known after a rescan and reads back by its relative path."""
    folder = engine_home / "LUT" / "MCP"
    folder.mkdir(parents=True)
    project.RefreshLUTList()
    (folder / "shift.cube").write_text("LUT_3D_SIZE 2\n", encoding="utf-8")
    graph = item.GetNodeGraph()
    assert graph.SetLUT(1, str(folder / "shift.cube")) is False
    assert graph.SetLUT(1, "MCP/shift.cube") is False
    assert "RefreshLUTList" in str(failure.last())
    assert project.RefreshLUTList() is True
    assert graph.SetLUT(1, "MCP/shift.cube") is True
    assert graph.GetLUT(1) == item.GetLUT(1) == "MCP/shift.cube"
    assert graph.GetToolsInNode(1) == ["LUT"]


def test_thumbnails_need_the_color_page(timeline: Any) -> None:
    """None on every other page."""
    assert timeline.GetCurrentClipThumbnailImage() is None
    assert "color page" in str(failure.last())
