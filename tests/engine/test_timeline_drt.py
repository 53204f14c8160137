"""Timelines as `.drt` files: the engine's own archive keeps everything."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip
from exchanged import rich_timeline, shape

from resolve_engine import failure


@pytest.mark.parametrize("rate", ["24", "29.97 DF"])
def test_an_archive_keeps_everything(resolve: Any, project: Any, manager: Any, tmp_path: Path, rate: str) -> None:
    """Also in a project that has nothing of it and another rate: the clips come along by their paths."""
    made = rich_timeline(project, rate)
    wanted = shape(made)
    path = str(tmp_path / "packed.drt")
    assert made.Export(path, resolve.EXPORT_DRT, resolve.EXPORT_NONE), failure.last()
    other = manager.CreateProject("other")
    again = other.GetMediaPool().ImportTimelineFromFile(path, {"timelineName": "is not heeded"})
    assert again, failure.last()
    assert (again.GetName(), other.GetCurrentTimeline().GetName()) == ("packed", "packed")
    assert shape(again) == wanted


def test_a_compound_clip_comes_along(resolve: Any, project: Any, pool: Any, timeline: Any, tmp_path: Path) -> None:
    """With the timeline inside it; and what comes a second time is numbered."""
    item = timeline.GetItemListInTrack("video", 1)[0]
    assert timeline.CreateCompoundClip([item], {"name": "folded"}), failure.last()
    path = str(tmp_path / "outer.drt")
    assert timeline.Export(path, resolve.EXPORT_DRT), failure.last()
    names = [pool.ImportTimelineFromFile(path).GetName() for _ in range(2)]
    assert names == ["outer", "outer 2"]
    again = project.GetCurrentTimeline()
    clip = again.GetItemListInTrack("video", 1)[0].GetMediaPoolItem()
    assert clip.GetName() == "folded"
    assert clip.GetUniqueId() != timeline.GetItemListInTrack("video", 1)[0].GetMediaPoolItem().GetUniqueId()


def test_clips_of_the_pool_are_used_when_asked(resolve: Any, pool: Any, timeline: Any, tmp_path: Path) -> None:
    """Without importSourceClips nothing is added but the timeline; with it, which is usual, the clip comes again."""
    path = str(tmp_path / "again.drt")
    assert timeline.Export(path, resolve.EXPORT_DRT), failure.last()
    before = len(pool.GetRootFolder().GetClipList())
    assert pool.ImportTimelineFromFile(path, {"importSourceClips": False}), failure.last()
    assert len(pool.GetRootFolder().GetClipList()) == before + 1
    assert pool.ImportTimelineFromFile(path), failure.last()
    assert len(pool.GetRootFolder().GetClipList()) == before + 3


def test_a_file_of_another_kind_is_refused(resolve: Any, project: Any, manager: Any, pool: Any, tmp_path: Path) -> None:
    """A project, a zip file of somebody else, and a manifest that names no timeline: None, a reason, no timeline."""
    add_clip()
    assert manager.ExportProject("probe", str(tmp_path / "p.drp"), False)
    with zipfile.ZipFile(tmp_path / "zip.drt", "w") as file:
        file.writestr("project.xml", "<x/>")
    with zipfile.ZipFile(tmp_path / "empty.drt", "w") as file:
        manifest = {"format": "resolve-engine", "version": 1, "kind": "timeline", "name": "x", "project": {}}
        sums = {"objects.jsonl": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
        file.writestr("manifest.json", json.dumps({**manifest, "files": sums}))
        file.writestr("objects.jsonl", "")
    for name, reason in (
        ("p.drp", "not a timeline"),
        ("zip.drt", "not written by this engine"),
        ("empty.drt", "damaged"),
    ):
        assert pool.ImportTimelineFromFile(str(tmp_path / name)) is None
        assert reason in str(failure.last())
    assert project.GetTimelineCount() == 0
