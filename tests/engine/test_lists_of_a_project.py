"""What a project lists of itself: groups and who is in them, albums, sizes and formats, when it was changed last."""

from __future__ import annotations

import time
from typing import Any

from resolve_engine import failure


def test_a_group_lists_its_items_by_timeline(pool: Any, project: Any, clip: Any, timeline: Any, item: Any) -> None:
    """Of the current timeline unless another is named."""
    group = project.AddColorGroup("Night")
    assert project.GetColorGroupsList() == [group]
    assert group.GetClipsInTimeline() == []
    assert item.AssignToColorGroup(group) is True
    assert group.GetClipsInTimeline() == group.GetClipsInTimeline(timeline) == [item]
    other = pool.CreateTimelineFromClips("other", [clip])
    assert (group.GetClipsInTimeline(), group.GetClipsInTimeline(timeline)) == ([], [item])
    assert group.GetClipsInTimeline(other) == []
    assert item.RemoveFromColorGroup() is True
    assert group.GetClipsInTimeline(timeline) == []


def test_albums_have_names_and_kinds(project: Any) -> None:
    """Albums of stills and of power grades are listed apart."""
    gallery = project.GetGallery()
    stills, grades = gallery.CreateGalleryStillAlbum(), gallery.CreateGalleryPowerGradeAlbum()
    assert gallery.SetAlbumName(stills, "Looks") is True
    assert gallery.GetAlbumName(stills) == "Looks"
    assert grades in gallery.GetGalleryPowerGradeAlbums()
    assert stills not in gallery.GetGalleryPowerGradeAlbums()
    assert stills in gallery.GetGalleryStillAlbums()


def test_sizes_and_formats_of_renders(project: Any) -> None:
    """A codec that a format has not is refused; sound alone has formats of its own."""
    sizes = project.GetRenderResolutions()
    assert {"Width": 1920, "Height": 1080} in sizes
    assert project.GetRenderResolutions("mov", "H264") == sizes
    assert project.GetRenderResolutions("mov", "none") == []
    assert failure.last() == "'none' is no codec of 'mov'"
    formats = project.GetAudioRenderFormats()
    assert formats["Wave"] == "wav"
    for form in formats.values():
        assert project.GetAudioRenderCodecs(form), form
    assert project.GetAudioRenderCodecs("none") == {}


def test_when_a_project_was_changed_last(manager: Any, project: Any) -> None:
    """Whole seconds since 1970, by the clock of this machine."""
    before = int(time.time())
    assert project.SetSetting("timelineResolutionWidth", "1280")
    assert manager.SaveProject()
    assert before <= manager.GetProjectLastModifiedTime("probe") <= int(time.time()) + 1
    assert not manager.GetProjectLastModifiedTime("nowhere")
    assert failure.last() == "there is no project named 'nowhere' in this folder"
