"""Clips of files that are still being written."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip, restart
from generate import film

from resolve_engine import failure
from resolve_engine.api import application, growing


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """A film of 96 frames in a container that can be read while it is written, in four parts; every call looks."""
    monkeypatch.setattr(growing, "INTERVAL_S", 0.0)
    film(tmp_path / "whole.ts", frames=96, sound="tone", codec="mpeg2video", muxer="mpegts")
    content = (tmp_path / "whole.ts").read_bytes()
    step = len(content) // 188 // 4 * 188
    return [content[:step], content[step : 2 * step], content[2 * step : 3 * step], content[3 * step :]]


def write(path: Path, part: bytes) -> None:
    """Go on writing the file."""
    with path.open("ab") as file:
        file.write(part)


def frames(clip: Any) -> int:
    """How long the clip is."""
    return int(clip.GetClipProperty("Frames"))


def test_a_clip_grows_with_its_file(pool: Any, tmp_path: Path, parts: list[bytes]) -> None:
    """Its length is that of what was written, also after a restart, and a timeline can use the new frames."""
    path = tmp_path / "live.ts"
    write(path, parts[0])
    (clip,) = pool.ImportMedia([str(path)])
    first = frames(clip)
    write(path, parts[1])
    assert frames(clip) == first  # nobody asked to look again
    assert clip.MonitorGrowingFile() is True, failure.last()
    second = frames(clip)
    assert second > first
    write(path, parts[2])
    resolve = restart()
    pool = resolve.GetMediaPool()
    (clip,) = pool.GetRootFolder().GetClipList()
    third = frames(clip)
    assert third > second
    write(path, parts[3])
    pool.CreateEmptyTimeline("t")
    (item,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": third, "mediaType": 1}])
    assert (third + item.GetDuration(), frames(clip)) == (96, 96)


def test_a_file_that_nobody_writes_has_stopped_growing(pool: Any, tmp_path: Path, parts: list[bytes]) -> None:
    """After half a minute without a byte it is looked at no more."""
    path = tmp_path / "live.ts"
    write(path, parts[0])
    (clip,) = pool.ImportMedia([str(path)])
    assert clip.MonitorGrowingFile() is True
    write(path, parts[1])
    long_ago = time.time() - growing.STILL_S - 5
    os.utime(path, (long_ago, long_ago))
    second = frames(clip)
    (kept,) = application.start().project.clips.values()
    assert (second > 12, kept.growing) == (True, False)
    write(path, parts[2])
    assert frames(clip) == second


def test_another_file_in_its_place_is_not_taken_in(pool: Any, tmp_path: Path, parts: list[bytes]) -> None:
    """A file that was replaced or has gone leaves the clip as it was, with the reason."""
    path = tmp_path / "live.ts"
    write(path, b"".join(parts))
    (clip,) = pool.ImportMedia([str(path)])
    clip.MonitorGrowingFile()
    film(path, frames=200, size=(128, 96), codec="mpeg2video", muxer="mpegts")
    assert frames(clip) == 96
    assert "another file" in str(failure.last())
    path.unlink()
    assert frames(clip) == 96
    assert "not there at the moment" in str(failure.last())


def test_what_cannot_grow_is_refused(pool: Any, timeline: Any, tmp_path: Path) -> None:
    """A timeline, a picture, and a file that is not there."""
    still = film(tmp_path / "still.png", frames=1, codec="png", pixel_format="rgb24", muxer="image2", options={})
    (picture,) = pool.ImportMedia([str(still)])
    for clip in (timeline.GetMediaPoolItem(), picture, add_clip(path="/m/gone.mov")):
        assert clip.MonitorGrowingFile() is False
        assert failure.last()
