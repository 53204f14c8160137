"""The forms of getters that public scripts were written for: numbered maps from 1.0, which hold what the lists hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from generate import film


def as_list(numbered: dict[float, Any]) -> list[Any]:
    """What a numbered map holds in order; its keys are 1.0, 2.0, … and nothing else."""
    assert list(numbered) == [float(index) for index in range(1, len(numbered) + 1)]
    assert all(type(key) is float for key in numbered)
    return list(numbered.values())


def test_the_project_manager_numbers_projects_and_folders(manager: Any, project: Any) -> None:
    """As the lists, of the folder that is open."""
    manager.CreateFolder("Films")
    manager.CreateFolder("Ads")
    assert sorted(as_list(manager.GetFoldersInCurrentFolder())) == ["Ads", "Films"]
    assert as_list(manager.GetFoldersInCurrentFolder()) == manager.GetFolderListInCurrentFolder()
    assert as_list(manager.GetProjectsInCurrentFolder()) == manager.GetProjectListInCurrentFolder() == ["probe"]
    manager.OpenFolder("Ads")
    assert (manager.GetProjectsInCurrentFolder(), manager.GetFoldersInCurrentFolder()) == ({}, {})


def test_the_pool_numbers_clips_folders_and_flags(pool: Any, clip: Any, timeline: Any, item: Any) -> None:
    """A script indexes them from 1 and a marker of a flag is found by a number too."""
    root = pool.GetRootFolder()
    day = pool.AddSubFolder(root, "Day 1")
    assert root.GetClips()[1] == clip
    assert as_list(root.GetClips()) == root.GetClipList()
    assert root.GetSubFolders() == {1.0: day}
    assert day.GetClips() == {}
    for one in (clip, item):
        assert one.AddFlag("Red")
        assert one.AddFlag("Blue")
        assert sorted(as_list(one.GetFlags())) == ["Blue", "Red"]
        assert as_list(one.GetFlags()) == one.GetFlagList()


def test_a_timeline_numbers_its_items(timeline: Any, item: Any) -> None:
    """An empty track is an empty map on every build, where the list may be None."""
    assert timeline.GetItemsInTrack("video", 1) == {1.0: item}
    assert timeline.GetItemsInTrack("Video", 1)[1] == item
    assert timeline.AddTrack("video")
    assert timeline.GetItemsInTrack("video", 2) == {}
    for key, one in timeline.GetItemsInTrack("audio", 1).items():
        assert (key, one.GetName()) == (1.0, "clip.mov")


def test_the_project_numbers_jobs_and_presets(project: Any, timeline: Any, tmp_path: Path) -> None:
    """The queue is empty at first."""
    assert project.GetRenderJobs() == {}
    assert project.SetRenderSettings({"TargetDir": str(tmp_path), "SelectAllFrames": 1})
    job = project.AddRenderJob()
    assert [one["JobId"] for one in as_list(project.GetRenderJobs())] == [job]
    assert as_list(project.GetRenderPresets()) == project.GetRenderPresetList()
    assert "H.264 Master" in project.GetRenderPresets().values()


def test_media_storage_numbers_what_there_is(resolve: Any, pool: Any, tmp_path: Path) -> None:
    """Volumes, folders and files; what is imported is numbered as it was asked for."""
    storage = resolve.GetMediaStorage()
    folder = tmp_path / "media"
    (folder / "sub").mkdir(parents=True)
    first, second = film(folder / "b.mp4", 24, 6), film(folder / "a.mp4", 24, 6)
    assert as_list(storage.GetMountedVolumes()) == storage.GetMountedVolumeList()
    assert storage.GetSubFolders(str(folder)) == {1.0: str(folder / "sub")}
    assert sorted(as_list(storage.GetFiles(str(folder)))) == [str(second), str(first)]
    made = storage.AddItemsToMediaPool(str(first), str(second))
    assert [clip.GetName() for clip in as_list(made)] == ["b.mp4", "a.mp4"]
    # Such a map is what the samples of 2018 hand on, entry by entry and whole.
    made[1].SetClipColor("Pink")
    assert pool.CreateEmptyTimeline("cut")
    assert len(pool.AppendToTimeline(made)) == 2


@pytest.mark.parametrize("empty", ["nowhere", ""])
def test_a_folder_that_is_not_there_has_nothing(resolve: Any, tmp_path: Path, empty: str) -> None:
    """The failure of a map is an empty one."""
    storage = resolve.GetMediaStorage()
    path = str(tmp_path / empty) if empty else ""
    assert (storage.GetFiles(path), storage.GetSubFolders(path)) == ({}, {})


def test_an_item_without_compositions_has_an_empty_map(item: Any) -> None:
    """Of names, as a list and as a map."""
    assert (item.GetFusionCompCount(), item.GetFusionCompNameList(), item.GetFusionCompNames()) == (0, [], {})
