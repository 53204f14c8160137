"""Items lined up on a timeline by their timecode and by their sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import add_clip
from generate import film, sound
from test_multicam import FRAME, voice

from resolve_engine import failure


def place(pool: Any, clip: Any, track: int, record: int, first: int = 0, **more: Any) -> Any:
    """An item whose first frame is `first` of its clip, `record` frames after the timeline's start."""
    info = {"mediaPoolItem": clip, "startFrame": first, "trackIndex": track, "recordFrame": 86400 + record, **more}
    (item,) = pool.AppendToTimeline([info])
    assert item, failure.last()
    return item


def starts(*items: Any) -> list[int]:
    """Where items begin, from the timeline's start."""
    return [item.GetStart() - 86400 for item in items]


@pytest.fixture
def shot(pool: Any) -> tuple[Any, Any]:
    """Two pictures and the sound of another recorder: the camera starts at 10:00:00:00, the recorder at 09:59:58:00."""
    camera = add_clip(path="/m/camera.mov", channels=(), start_timecode="10:00:00:00", frames=96)
    recorder = add_clip(path="/m/sound.wav", kind="audio", channels=(1,), seconds=10.0, start_timecode="09:59:58:00")
    return camera, recorder


def test_items_are_lined_up_by_timecode(pool: Any, shot: tuple[Any, Any]) -> None:
    """The same moment stands at the same frame; the first item stays."""
    timeline = pool.CreateEmptyTimeline("t")
    picture = place(pool, shot[0], 1, 100, first=24)  # 10:00:01:00
    audio = place(pool, shot[1], 1, 0)
    assert timeline.AutoAlignClips([picture, audio]) is True, failure.last()
    assert starts(picture, audio) == [100, 100 - 24 - 48]
    assert timeline.AutoAlignClips([picture, audio], {}) is True
    assert starts(picture, audio) == [100, 28]


def test_what_is_linked_goes_along(pool: Any) -> None:
    """Picture and sound of a clip stay together, whichever was named."""
    a = add_clip(path="/m/a.mov", start_timecode="10:00:00:00")
    b = add_clip(path="/m/b.mov", start_timecode="10:00:00:12")
    timeline = pool.CreateEmptyTimeline("t")
    timeline.AddTrack("video")
    timeline.AddTrack("audio", "mono")
    first = place(pool, a, 1, 50)
    other = place(pool, b, 2, 300, mediaType=1)
    heard = place(pool, b, 2, 300, mediaType=2)
    assert timeline.SetClipsLinked([other, heard], True) is True
    assert timeline.AutoAlignClips([first, heard]) is True, failure.last()
    assert starts(first, other, heard) == [50, 62, 62]


def test_items_are_lined_up_by_their_sound(resolve: Any, pool: Any, tmp_path: Path) -> None:
    """A recorder that ran seven and a half frames earlier: within a frame; another sound is refused."""
    talk = voice(300, (30, 80), (120, 140), (200, 260), seed=5)
    late = 7 * FRAME + FRAME // 2
    film(tmp_path / "camera.mov", frames=120, samples=talk[late + 48 * FRAME : late + 168 * FRAME],
         sound_codec="pcm_s16le")  # fmt: skip
    sound(tmp_path / "recorder.wav", talk)
    noise = numpy.random.default_rng(1).uniform(-0.3, 0.3, (96 * FRAME, 1)).astype(numpy.float32)
    sound(tmp_path / "other.wav", noise)
    names = ("camera.mov", "recorder.wav", "other.wav")
    camera, recorder, other = pool.ImportMedia([str(tmp_path / name) for name in names])
    timeline = pool.CreateEmptyTimeline("t")
    timeline.AddTrack("audio", "mono")
    timeline.AddTrack("audio", "mono")
    picture = place(pool, camera, 1, 100)
    apart = place(pool, recorder, 2, 0)
    wrong = place(pool, other, 3, 0)
    by_sound = {"SyncUsing": resolve.AUTO_ALIGN_CLIPS_USING_WAVEFORM}
    assert timeline.AutoAlignClips([picture, apart], by_sound) is True, failure.last()
    assert starts(picture, apart)[1] in (44, 45)  # 55.5 frames before the picture
    mixed = {**by_sound, "UseTrack": resolve.AUTO_ALIGN_CLIPS_WAVEFORM_TRACK_MIX}
    assert timeline.AutoAlignClips([picture, apart, wrong], mixed) is False
    assert "'other.wav' cannot be lined up with 'camera.mov'" in str(failure.last())
    assert starts(picture, wrong) == [100, 0]


def test_nothing_is_overwritten(pool: Any, shot: tuple[Any, Any]) -> None:
    """A place that is taken, one before the timeline, and a locked track: refused, and nothing has moved."""
    timeline = pool.CreateEmptyTimeline("t")
    picture = place(pool, shot[0], 1, 48)
    audio = place(pool, shot[1], 1, 500)
    blocker = place(pool, add_clip(path="/m/x.wav", kind="audio", channels=(1,), seconds=1.0), 1, 100)
    assert timeline.AutoAlignClips([picture, audio]) is False
    assert "would lie over 'x.wav'" in str(failure.last())
    assert timeline.DeleteClips([blocker]) is True
    timeline.SetTrackLock("audio", 1, True)
    assert timeline.AutoAlignClips([picture, audio]) is False
    assert "audio track 1 is locked" in str(failure.last())
    timeline.SetTrackLock("audio", 1, False)
    early = place(pool, shot[0], 1, 0, endFrame=24)
    assert timeline.AutoAlignClips([early, audio]) is False
    assert "48 frames before the timeline" in str(failure.last())
    assert starts(picture, audio, early) == [48, 500, 0]
    assert timeline.AutoAlignClips([picture, audio]) is True


def test_what_does_not_line_up_is_refused(pool: Any, shot: tuple[Any, Any], item: Any, timeline: Any) -> None:
    """One item, items of another timeline, retimed ones, unknown options."""
    other = pool.CreateEmptyTimeline("other")
    here = place(pool, shot[0], 1, 0)
    fast = place(pool, shot[0], 1, 200)
    fast.SetSpeed({"Percentage": 50.0})
    for items, options, why in (
        ([here], None, "2 to 100"),
        ([here, item], None, "another timeline"),
        ([here, fast], None, "another speed"),
        ([here, fast], {"Using": 1}, "no option"),
        ([here, fast], {"UseTrack": 1}, "sound alone"),
        ([here, fast], {"SyncUsing": 9}, "AUTO_ALIGN_CLIPS_USING"),
    ):
        assert other.AutoAlignClips(items, options) is False
        assert why in str(failure.last()), failure.last()
