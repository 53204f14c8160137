"""What real Resolve was recorded to answer, asked of the engine: the cases that need no real file."""

from __future__ import annotations

from typing import Any

import pytest
from clips import add_clip

from resolve_engine import fusionscript


def test_the_module_left_in_sys_modules_owns_scriptapp() -> None:
    """Scripts import one name and use what the import left behind, as Resolve's own loader works."""
    import sys

    import DaVinciResolveScript  # noqa: F401

    assert sys.modules["DaVinciResolveScript"] is fusionscript


def test_app_reads(resolve: Any) -> None:
    """Product, version, page and storage answer before any project is named."""
    assert resolve.GetProductName() == "DaVinci Resolve Studio"
    assert resolve.GetVersionString() == "21.1.0.14"
    assert resolve.GetVersion() == [21, 1, 0, 14, ""]
    assert resolve.IsStudio() is True
    assert resolve.GetCurrentPage() == "media"
    assert resolve.GetMediaStorage()
    assert "/" in resolve.GetMediaStorage().GetMountedVolumeList()


@pytest.mark.parametrize("page", ["media", "fusion", "color", "fairlight", "deliver", "photo", "cut", "edit"])
def test_each_page_opens_and_reads_back(resolve: Any, page: str) -> None:
    """Pages work without a window."""
    assert resolve.OpenPage(page) is True
    assert resolve.GetCurrentPage() == page


def test_pages_and_track_types_are_taken_with_a_capital(resolve: Any, timeline: Any) -> None:
    """Public scripts write them so, among them the vendor's own sample of rendering; what reads back is lower case."""
    assert (resolve.OpenPage("Deliver"), resolve.GetCurrentPage()) == (True, "deliver")
    assert timeline.AddTrack("Audio", "stereo") is True
    assert timeline.GetTrackCount("AUDIO") == timeline.GetTrackCount("audio") == 2
    assert timeline.GetItemListInTrack("Audio", 1)[0].GetTrackTypeAndIndex() == ["audio", 1]
    assert resolve.OpenPage("Delivery") is False


def test_constants_read_as_floats_and_are_hidden(resolve: Any) -> None:
    """Constants are attributes of resolve with the recorded numbers, outside dir(); an unknown one is None."""
    read = [resolve.EXPORT_AAF, resolve.EXPORT_EDL, resolve.EXPORT_OTIO, resolve.EXPORT_NONE, resolve.NO_SUCH_CONSTANT]
    assert read == [0.0, 2.0, 15.0, -1.0, None]
    assert all(isinstance(value, float) for value in read[:4])
    assert not [name for name in dir(resolve) if name.isupper() or name.startswith("EXPORT")]


def test_project_manager_reads(manager: Any) -> None:
    """The database, the top folder and the never-saved project, as recorded."""
    assert manager.GetCurrentDatabase() == {"DbType": "Disk", "DbName": "Local Database"}
    assert manager.GetCurrentFolder() == ""
    assert manager.GetFolderListInCurrentFolder() == []
    assert manager.GetCurrentProject().GetName() == "Untitled Project"


def test_saving_works_for_a_named_project_only(manager: Any) -> None:
    """Resolve blocks for ever on the untitled project; the engine answers False."""
    assert manager.SaveProject() is False
    assert manager.CreateProject("named")
    assert manager.SaveProject() is True


def test_closing_leaves_an_untitled_project(manager: Any, project: Any) -> None:
    """After CloseProject the session is on a fresh untitled project."""
    assert manager.CloseProject(project) is True
    assert manager.GetCurrentProject().GetName() == "Untitled Project"


def test_a_loaded_project_is_not_deleted(manager: Any, project: Any) -> None:
    """Deleting works on a project that is not open."""
    manager.CreateProject("other")
    assert manager.DeleteProject("other") is False
    assert manager.LoadProject("probe")
    assert manager.DeleteProject("other") is True
    assert manager.GetProjectListInCurrentFolder() == ["probe"]


def test_project_settings(project: Any) -> None:
    """The rate reads as a float, sizes as texts; colour science is stored."""
    assert project.GetSetting("timelineFrameRate") == 24.0
    assert project.SetSetting("timelineResolutionWidth", "1920") is True
    assert project.GetSetting("timelineResolutionWidth") == "1920"
    assert project.SetSetting("colorScienceMode", "davinciYRGB") is True
    assert project.GetSetting("colorScienceMode") == "davinciYRGB"
    assert len(project.GetSetting()) == len(project.GetSettings()) == 158
    assert isinstance(project.GetUniqueId(), str)


def test_a_timeline_is_a_clip_of_its_folder(pool: Any, timeline: Any) -> None:
    """The bin lists the timeline, too."""
    root = pool.GetRootFolder()
    assert root.GetName() == "Master"
    assert [clip.GetName() for clip in root.GetClipList()] == ["clip.mov", "cut"]
    assert root.GetClipList()[1].GetClipProperty("Type") == "Timeline"


def test_subfolder(pool: Any) -> None:
    """A folder can be made, opened and deleted."""
    root = pool.GetRootFolder()
    made = pool.AddSubFolder(root, "PROBE_BIN")
    assert made
    assert pool.SetCurrentFolder(made) is True
    assert pool.SetCurrentFolder(root) is True
    assert pool.DeleteFolders([made]) is True


def test_timeline_reads(timeline: Any) -> None:
    """One picture track, one audio track, an hour's start."""
    assert timeline.GetTrackCount("video") == 1
    assert timeline.GetTrackCount("audio") == 1
    assert timeline.GetStartTimecode() == "01:00:00:00"
    assert timeline.GetStartFrame() == 86400
    assert timeline.GetEndFrame() == 86448


def test_timeline_writes(timeline: Any) -> None:
    """Tracks switch, rename, come and go; the open timeline can be renamed."""
    assert timeline.SetTrackEnable("video", 1, False) is True
    assert timeline.SetTrackEnable("video", 1, True) is True
    assert timeline.SetName("PROBE_RENAMED") is True
    assert timeline.AddTrack("audio", "stereo") is True
    assert timeline.DeleteTrack("audio", timeline.GetTrackCount("audio")) is True
    assert timeline.SetTrackName("audio", 1, "PROBE_AUDIO") is True
    assert timeline.GetTrackName("audio", 1) == "PROBE_AUDIO"


def test_methods_of_other_classes_raise_the_same_type_error(pool: Any, timeline: Any) -> None:
    """A name that a class lacks is None, so calling it raises exactly this."""
    for name in ("DuplicateTimeline", "CreateCompoundClip", "CreateFusionClip"):
        with pytest.raises(TypeError, match="'NoneType' object is not callable"):
            getattr(pool, name)([])


def test_item_reads(item: Any) -> None:
    """A whole clip on a fresh timeline."""
    assert item.GetName() == "clip.mov"
    assert item.GetDuration() == 48
    assert item.GetLeftOffset() == 0
    assert item.GetMediaPoolItem().GetName() == "clip.mov"
    assert item.GetStart() == 86400


def test_item_writes(item: Any) -> None:
    """Zoom, marker, flag, colour."""
    assert item.SetProperty("ZoomX", 1.25) is True
    assert item.GetProperty("ZoomX") == 1.25
    assert item.AddMarker(1, "Blue", "PROBE", "note", 1) is True
    assert item.DeleteMarkerAtFrame(1) is True
    assert item.AddFlag("Blue") is True
    assert item.ClearFlags("All") is True
    assert item.SetClipColor("Orange") is True
    assert item.ClearClipColor() is True


def test_a_fresh_item_has_one_node_that_does_nothing(item: Any) -> None:
    """Node count, LUT and tools as recorded; layer 0 is False."""
    graph = item.GetNodeGraph()
    assert graph.GetNumNodes() == 1
    assert graph.GetLUT(1) == ""
    assert graph.GetToolsInNode(1) is None
    assert graph.GetNodeCacheMode(1) == -1
    assert graph.SetNodeEnabled(1, True) is True
    assert graph.ResetAllGrades() is True
    assert item.GetNodeGraph(0) is False


def test_cdl_takes_texts(item: Any) -> None:
    """Values are texts of numbers, nodes count from 1."""
    flat = {"NodeIndex": "1", "Slope": "1 1 1", "Offset": "0 0 0", "Power": "1 1 1", "Saturation": "1"}
    assert item.SetCDL(flat) is True


def test_color_group(project: Any, item: Any) -> None:
    """Made, joined, left, deleted."""
    group = project.AddColorGroup("PROBE_GROUP")
    assert item.AssignToColorGroup(group) is True
    assert item.GetColorGroup() == group
    assert item.RemoveFromColorGroup() is True
    assert project.DeleteColorGroup(group) is True


def test_a_fresh_project_has_one_album(project: Any) -> None:
    """As recorded."""
    assert len(project.GetGallery().GetGalleryStillAlbums()) == 1


def test_render_presets(project: Any) -> None:
    """Saved and deleted under a name."""
    assert project.SaveAsNewRenderPreset("PROBE_RENDER_PRESET") is True
    assert "PROBE_RENDER_PRESET" in project.GetRenderPresetList()
    assert project.DeleteRenderPreset("PROBE_RENDER_PRESET") is True


def test_three_jobs_queue(project: Any, timeline: Any, tmp_path: Any) -> None:
    """Three ids, three listed."""
    ids = []
    for number in range(3):
        settings = {"TargetDir": str(tmp_path), "CustomName": f"queue_{number}", "SelectAllFrames": True}
        assert project.SetRenderSettings(settings) is True
        ids.append(project.AddRenderJob())
    assert [job["JobId"] for job in project.GetRenderJobList()] == ids
    assert len(set(ids)) == 3


def test_setting_a_format(project: Any) -> None:
    """Ids are taken, descriptions are not."""
    assert project.SetCurrentRenderFormatAndCodec("mov", "ProRes422HQ") is True
    assert project.GetCurrentRenderFormatAndCodec() == {"format": "mov", "codec": "ProRes422HQ"}
    assert project.SetCurrentRenderFormatAndCodec("mov", "Apple ProRes 422 HQ") is False
    assert project.SetCurrentRenderFormatAndCodec("wav", "lpcm") is False


def test_the_reference_cut(pool: Any) -> None:
    """endFrame is exclusive and items follow each other without a gap."""
    first, second = add_clip(path="/m/rt_source_1.mov", frames=192), add_clip(path="/m/rt_source_2.mov", frames=192)
    timeline = pool.CreateEmptyTimeline("cut")
    ranges = [(first, 0, 191), (second, 24, 71), (first, 48, 95), (second, 0, 191)]
    infos = [{"mediaPoolItem": clip, "startFrame": start, "endFrame": end} for clip, start, end in ranges]
    assert all(pool.AppendToTimeline(infos))
    assert _rows(timeline, 1) == [
        (86400, 191, 0, "rt_source_1.mov"),
        (86591, 47, 24, "rt_source_2.mov"),
        (86638, 47, 48, "rt_source_1.mov"),
        (86685, 191, 0, "rt_source_2.mov"),
    ]


def test_the_rich_reference(pool: Any) -> None:
    """Two picture tracks, a transform, a colour, a flag shared by both items of a clip, markers that are not."""
    first, second = add_clip(path="/m/rt_source_1.mov", frames=192), add_clip(path="/m/rt_source_2.mov", frames=192)
    timeline = pool.CreateEmptyTimeline("rich")
    ranges = [(first, 0, 191), (second, 24, 71), (first, 48, 95)]
    pool.AppendToTimeline([{"mediaPoolItem": c, "startFrame": s, "endFrame": e} for c, s, e in ranges])
    upper = {"mediaPoolItem": second, "startFrame": 0, "endFrame": 47, "trackIndex": 2, "mediaType": 1}
    pool.AppendToTimeline([{**upper, "recordFrame": timeline.GetStartFrame() + 96}])
    v1 = timeline.GetItemListInTrack("video", 1)
    for key, value in (("ZoomX", 1.35), ("Pan", 96.0), ("RotationAngle", 12.0), ("CropLeft", 40.0), ("FlipX", True)):
        assert v1[1].SetProperty(key, value) is True
    v1[0].SetClipColor("Orange")
    v1[2].AddFlag("Blue")
    v1[0].AddMarker(1, "Blue", "RRM", "note", 1)
    timeline.AddMarker(5, "Green", "RRTL", "note", 1)
    items = [*v1, *timeline.GetItemListInTrack("video", 2)]
    assert _rows(timeline, 2) == [(86496, 47, 0, "rt_source_2.mov")]
    assert (timeline.GetTrackCount("video"), timeline.GetTrackCount("audio")) == (2, 2)
    assert len(timeline.GetItemListInTrack("audio", 1)) == 3
    assert {key: v1[1].GetProperty(key) for key in ("ZoomX", "Pan", "RotationAngle", "CropLeft", "FlipX")} == {
        "ZoomX": 1.35,
        "Pan": 96.0,
        "RotationAngle": 12.0,
        "CropLeft": 40.0,
        "FlipX": True,
    }
    assert [item.GetClipColor() for item in items] == ["Orange", "", "", ""]
    assert [item.GetFlagList() for item in items] == [["Blue"], [], ["Blue"], []]
    assert [len(item.GetMarkers()) for item in items] == [1, 0, 0, 0]
    assert len(timeline.GetMarkers()) == 1


def _rows(timeline: Any, track: int) -> list[tuple[int, int, int, str]]:
    items = timeline.GetItemListInTrack("video", track)
    return [(item.GetStart(), item.GetDuration(), item.GetLeftOffset(), item.GetName()) for item in items]
