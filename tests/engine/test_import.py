"""Bringing real files into the media pool: what can be read, what cannot, odd names, sequences, folders."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from generate import film, pictures, sound, wave

from resolve_engine import failure

ODD = "ü 日本 'single' \"double\"\nline 100%d.mov"
"""A file name with spaces, quotes, a line break, a percent sign and letters of three scripts."""


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film with a timecode, a sound, a sequence in a folder of its own, a text and an empty file."""
    folder = tmp_path_factory.mktemp("footage")
    film(folder / "a.mov", 24, 24, timecode="01:02:03:04")
    sound(folder / "b.wav", wave("tone", 48000))
    (folder / "shots").mkdir()
    pictures(folder / "shots", "shot_", 1, 12)
    shutil.copy(folder / "a.mov", folder / ODD)
    (folder / "notes.txt").write_text("no media", encoding="utf-8")
    (folder / "empty.mov").touch()
    (folder / "broken.mov").write_bytes((folder / "a.mov").read_bytes()[:200])
    return folder


def test_a_film_has_what_the_probe_found(pool: Any, footage: Path) -> None:
    """Rate, length and embedded timecode are the file's."""
    (clip,) = pool.ImportMedia([str(footage / "a.mov")])
    keys = ("File Name", "File Path", "FPS", "Frames", "Start TC", "End TC", "Resolution", "Online Status", "Format")
    assert [clip.GetClipProperty(key) for key in keys] == [
        "a.mov",
        str(footage / "a.mov"),
        24.0,
        "24",
        "01:02:03:04",
        "01:02:04:04",
        "320x180",
        "Online",
        "QuickTime",
    ]


def test_what_cannot_be_read_is_skipped(pool: Any, footage: Path) -> None:
    """A text, an empty, a broken and a missing file: the others come in, in order; alone they give an empty list and a
    reason."""
    bad = [str(footage / name) for name in ("notes.txt", "empty.mov", "broken.mov", "missing.mov")]
    clips = pool.ImportMedia([str(footage / "a.mov"), *bad, str(footage / "b.wav")])
    assert [clip.GetName() for clip in clips] == ["a.mov", "b.wav"]
    for path in bad:
        assert pool.ImportMedia([path]) == []
        assert failure.last()
        assert "engine error" not in str(failure.last())


def test_clips_come_back_in_the_order_that_was_asked_for(pool: Any, footage: Path, tmp_path: Path) -> None:
    """Subtitles between media keep their place, so that a script can unpack the answer by what it asked for."""
    cues = tmp_path / "cues.srt"
    cues.write_text("1\n00:00:00,500 --> 00:00:01,500\nHello\n", encoding="utf-8")
    asked = [footage / "a.mov", cues, footage / "notes.txt", footage / "b.wav"]
    assert [clip.GetName() for clip in pool.ImportMedia([str(path) for path in asked])] == [
        "a.mov",
        "cues.srt",
        "b.wav",
    ]


def test_one_path_needs_no_list(pool: Any, footage: Path) -> None:
    """Public programs pass a file or a folder alone; a number is still no path."""
    assert [clip.GetName() for clip in pool.ImportMedia(str(footage / "a.mov"))] == ["a.mov"]
    assert len(pool.ImportMedia(str(footage / "shots"))) == 1
    assert pool.ImportMedia(7) == []
    assert "must be a list" in str(failure.last())


def test_odd_names_are_names(pool: Any, footage: Path) -> None:
    """Nothing in a file name has a meaning."""
    (clip,) = pool.ImportMedia([str(footage / ODD)])
    assert clip.GetName() == ODD
    assert clip.GetClipProperty("Frames") == "24"


def test_a_sequence_by_pattern_and_range(pool: Any, footage: Path) -> None:
    """One clip named by its range, of type Video, at 24 frames per second until told otherwise."""
    info = {"FilePath": str(footage / "shots" / "shot_%04d.png"), "StartIndex": 3, "EndIndex": 10}
    (clip,) = pool.ImportMedia([info])
    assert clip.GetName() == "shot_[0003-0010].png"
    assert [clip.GetClipProperty(key) for key in ("Type", "Frames", "FPS")] == ["Video", "8", 24.0]
    assert clip.SetClipProperty("FPS", 30) is True
    assert clip.GetClipProperty("FPS") == 30.0
    assert pool.ImportMedia([{**info, "EndIndex": 99}]) == []
    assert "frame 13" in str(failure.last())


def test_a_folder_folds_its_sequences(pool: Any, footage: Path) -> None:
    """Everything readable below it; numbered pictures are one clip."""
    names = {clip.GetName() for clip in pool.ImportMedia([str(footage)])}
    assert names == {"a.mov", ODD, "b.wav", "shot_[0001-0012].png"}


def test_one_picture_named_alone_is_a_still(pool: Any, footage: Path) -> None:
    """Its numbered neighbours stay out."""
    (clip,) = pool.ImportMedia([str(footage / "shots" / "shot_0003.png")])
    assert (clip.GetName(), clip.GetClipProperty("Type")) == ("shot_0003.png", "Still")


def test_media_storage_lists_and_imports(resolve: Any, pool: Any, footage: Path) -> None:
    """A sequence is one entry, and the entry can be imported."""
    storage = resolve.GetMediaStorage()
    assert str(footage / "shots") in storage.GetSubFolderList(str(footage))
    (label,) = storage.GetFileList(str(footage / "shots"))
    assert label == str(footage / "shots" / "shot_[0001-0012].png")
    (clip,) = storage.AddItemListToMediaPool([label])
    assert clip.GetClipProperty("Frames") == "12"
    assert [c.GetName() for c in storage.AddItemListToMediaPool(str(footage / "a.mov"))] == ["a.mov"]


def test_imports_go_to_the_current_folder(pool: Any, footage: Path) -> None:
    """There is no other destination."""
    folder = pool.AddSubFolder(pool.GetRootFolder(), "day 1")
    pool.SetCurrentFolder(folder)
    pool.ImportMedia([str(footage / "a.mov")])
    assert [clip.GetName() for clip in folder.GetClipList()] == ["a.mov"]
    assert pool.GetRootFolder().GetClipList() == []


def test_moved_media_is_offline_until_relinked(pool: Any, footage: Path, tmp_path: Path) -> None:
    """The path stays dead, the files are found again by name in another folder."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    shutil.copy(footage / "a.mov", old)
    (clip,) = pool.ImportMedia([str(old / "a.mov")])
    assert pool.RelinkClips([clip], str(old)) is False
    old.rename(new)
    assert [clip.GetClipProperty(key) for key in ("Online Status", "File Path")] == ["Offline", str(old / "a.mov")]
    assert pool.RelinkClips([clip], str(new)) is True
    assert [clip.GetClipProperty(key) for key in ("Online Status", "File Path")] == ["Online", str(new / "a.mov")]


def test_replacing_keeps_name_and_uses(pool: Any, footage: Path, tmp_path: Path) -> None:
    """Items follow the new file; one that is too short for them is refused."""
    film(tmp_path / "long.mov", 24, 48)
    film(tmp_path / "short.mov", 24, 12)
    (clip,) = pool.ImportMedia([str(footage / "a.mov")])
    timeline = pool.CreateTimelineFromClips("t", [clip])
    assert clip.ReplaceClip(str(tmp_path / "short.mov")) is False
    assert "12 frames" in str(failure.last())
    assert clip.ReplaceClip(str(tmp_path / "long.mov")) is True
    assert [clip.GetName(), clip.GetClipProperty("File Name")] == ["a.mov", "long.mov"]
    assert timeline.GetItemListInTrack("video", 1)[0].GetDuration() == 24
