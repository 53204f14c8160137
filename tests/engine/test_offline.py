"""Clips that are taken offline on purpose, and what of them stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from generate import film, sound, wave

from resolve_engine import failure


@pytest.fixture
def films(pool: Any, tmp_path: Path) -> list[Any]:
    """Two clips from files of 24 frames, both on a timeline."""
    (tmp_path / "media").mkdir()
    paths = [str(film(tmp_path / "media" / name, 24, 24, sound="tone")) for name in ("a.mov", "b.mov")]
    clips: list[Any] = pool.ImportMedia(paths)
    assert pool.CreateTimelineFromClips("cut", clips)
    return clips


def status(clip: Any) -> tuple[str, str]:
    """Whether it is there, and where it was read from."""
    return clip.GetClipProperty("Online Status"), Path(clip.GetClipProperty("File Path")).name


def test_a_clip_is_taken_offline_and_found_again(project: Any, pool: Any, films: list[Any], tmp_path: Path) -> None:
    """Its items stay where they are and cannot be rendered until the file is found, here under another folder."""
    timeline = project.GetCurrentTimeline()
    places = [(item.GetStart(), item.GetDuration()) for item in timeline.GetItemListInTrack("video", 1)]
    assert pool.UnlinkClips([films[0]]) is True
    assert [status(clip) for clip in films] == [("Offline", "a.mov"), ("Online", "b.mov")]
    assert [(item.GetStart(), item.GetDuration()) for item in timeline.GetItemListInTrack("video", 1)] == places
    assert project.SetRenderSettings({"TargetDir": str(tmp_path), "CustomName": "out", "SelectAllFrames": True})
    job = project.AddRenderJob()
    assert project.StartRendering([job]) is False
    assert "a.mov" in str(failure.last())
    assert not list(tmp_path.glob("out*"))
    moved = tmp_path / "moved"
    shutil.move(tmp_path / "media", moved)
    assert pool.RelinkClips([films[0]], str(moved)) is True
    assert status(films[0]) == ("Online", "a.mov")
    assert films[0].GetClipProperty("File Path") == str(moved / "a.mov")


def test_what_has_no_file_cannot_go_offline(pool: Any, films: list[Any]) -> None:
    """A timeline among the clips refuses all of them, and no clips are a mistake."""
    timeline = next(one for one in pool.GetRootFolder().GetClipList() if one.GetClipProperty("Type") == "Timeline")
    assert pool.UnlinkClips([films[0], timeline]) is False
    assert failure.last() == "only clips that come from files can be taken offline"
    assert pool.UnlinkClips([]) is False
    assert status(films[0]) == ("Online", "a.mov")


def test_an_id_of_media_is_its_file_s(pool: Any, films: list[Any], tmp_path: Path) -> None:
    """The same file taken in twice has one, another file another."""
    (again,) = pool.ImportMedia([films[0].GetClipProperty("File Path")])
    assert again.GetUniqueId() != films[0].GetUniqueId()
    assert again.GetMediaId() == films[0].GetMediaId()
    assert films[1].GetMediaId() != films[0].GetMediaId()


def test_fields_of_others_are_kept_apart(pool: Any, tmp_path: Path) -> None:
    """Third-party metadata: any key, texts alone, and none of it among Resolve's own."""
    (clip,) = pool.ImportMedia([str(sound(tmp_path / "a.wav", wave("tone", 4800)))])
    assert clip.GetThirdPartyMetadata() == {}
    assert clip.SetThirdPartyMetadata("shop.order", "17") is True
    assert clip.SetThirdPartyMetadata({"shop.state": "paid"}) is True
    assert clip.GetThirdPartyMetadata() == {"shop.order": "17", "shop.state": "paid"}
    assert (clip.GetThirdPartyMetadata("shop.order"), clip.GetThirdPartyMetadata("other")) == ("17", "")
    assert "shop.order" not in clip.GetMetadata()
    assert clip.SetThirdPartyMetadata("shop.order", 17) is False
    assert clip.GetThirdPartyMetadata("shop.order") == "17"


def test_folders_move_with_all_in_them(pool: Any, films: list[Any]) -> None:
    """Not into themselves, nor to where their name is taken; nothing is moved when one of several cannot be."""
    root = pool.GetRootFolder()
    day, reel, other = (pool.AddSubFolder(root, name) for name in ("Day", "Reel", "Other"))
    assert pool.MoveClips([films[0]], reel) is True
    assert pool.MoveFolders([reel], day) is True
    assert [folder.GetName() for folder in root.GetSubFolderList()] == ["Day", "Other"]
    assert day.GetSubFolderList() == [reel]
    assert reel.GetClipList() == [films[0]]
    assert pool.MoveFolders([day], reel) is False
    assert "into itself" in str(failure.last())
    assert pool.AddSubFolder(root, "Reel")
    assert pool.MoveFolders([other, reel], root) is False
    assert "exists in" in str(failure.last())
    assert day.GetSubFolderList() == [reel]
    assert (pool.RefreshFolders(), reel.GetIsFolderStale()) == (True, False)
