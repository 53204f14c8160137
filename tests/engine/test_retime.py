"""Speed: what is shown forwards, backwards and held, how long it stands, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import codes, film, heard
from test_placing import rows
from test_render_api import finish, queue

from resolve_engine import failure


def test_the_length_stays_without_ripple(item: Any) -> None:
    """Half the speed shows half the source, on the picture and on the sound linked with it."""
    assert item.SetSpeed({"Percentage": 50}), failure.last()
    assert (item.GetSpeed()["Percentage"], item.GetDuration()) == (50.0, 48)
    assert (item.GetSourceStartFrame(), item.GetSourceEndFrame(), item.GetRightOffset()) == (0, 23, 48)
    assert item.GetLinkedItems()[0].GetSpeed()["Percentage"] == 50.0


@pytest.mark.parametrize(("percent", "length"), [(200, 24), (50, 96), (-100, 48), (300, 16), (90, 53)])
def test_with_ripple_the_source_stays_and_what_follows_moves(
    pool: Any, timeline: Any, item: Any, clip: Any, percent: float, length: int
) -> None:
    """On both tracks."""
    pool.AppendToTimeline([clip])
    assert item.SetSpeed({"Percentage": percent, "RippleTimeline": True}), failure.last()
    kinds = ("video", "audio")
    assert rows(timeline) == [row for kind in kinds for row in ((kind, 1, 0, length), (kind, 1, length, 48))]


def test_backwards_keeps_the_stretch_that_was_shown(pool: Any, timeline: Any, clip: Any) -> None:
    """Frames 10 to 29 stay 10 to 29, the higher first, and twice backwards is as before."""
    (item,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 10, "endFrame": 30}])
    for percent, frames in ((-100, (29, 10)), (100, (10, 29))):
        assert item.SetSpeed({"Percentage": percent}), failure.last()
        assert (item.GetSourceStartFrame(), item.GetSourceEndFrame()) == frames
    assert (item.GetLeftOffset(), item.GetRightOffset()) == (10, 18)


def test_linked_items_of_other_lengths_are_each_judged_by_their_own(pool: Any, timeline: Any, clip: Any) -> None:
    """Backwards each keeps the stretch that it showed, and a long one too long for a speed is not passed by a short."""
    take = {"mediaPoolItem": clip, "mediaType": 1}
    short, long = pool.AppendToTimeline(
        [{**take, "startFrame": 0, "endFrame": 10}, {**take, "startFrame": 10, "endFrame": 40}]
    )
    assert timeline.SetClipsLinked([short, long], True)
    assert short.SetSpeed({"Percentage": -100}), failure.last()
    assert [(one.GetSourceStartFrame(), one.GetSourceEndFrame()) for one in (short, long)] == [(9, 0), (39, 10)]
    assert short.SetSpeed({"Percentage": 200}) is False
    assert "too few" in str(failure.last())


def test_a_frame_beyond_the_source_is_never_shown(pool: Any, timeline: Any, clip: Any) -> None:
    """Frame 48 of 48 would be, at half the speed over three frames from the last one on."""
    (item,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "mediaType": 1, "startFrame": 45, "endFrame": 48}])
    timeline.SetCurrentTimecode("01:00:04:02")  # the item's last frame is held, so that it begins with frame 47
    assert item.SetSpeed({"Percentage": 0}), failure.last()
    assert item.GetSourceStartFrame() == 47
    assert item.SetSpeed({"Percentage": 50}) is False
    assert "1 too few" in str(failure.last())


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"Percentage": 200}, "48 too few"),
        ({"Percentage": -200}, "48 too few"),
        ({}, "Percentage is missing"),
        ({"Percentage": "50"}, "must be a number"),
        ({"Percentage": 0.5}, "at least 1"),
        ({"Percentage": 1e9}, "outside"),
        ({"Percentage": 0, "PitchCorrection": True}, "pitch"),
        ({"Speed": 50}, "no key of the speed options"),
        ({"Percentage": 0, "RippleTimeline": True}, "no length"),
    ],
)
def test_what_cannot_be_done_is_refused(item: Any, options: Any, reason: str) -> None:
    """False, the reason, and the item as it was."""
    assert item.SetSpeed(options) is False
    assert reason in str(failure.last())
    assert (item.GetSpeed()["Percentage"], item.GetDuration()) == (100.0, 48)


def test_a_ripple_does_not_push_into_another_track(pool: Any, timeline: Any, item: Any, clip: Any) -> None:
    """What spans the gap on a track above stands in the way until that track is locked."""
    pool.AppendToTimeline([{"mediaPoolItem": clip, "mediaType": 1, "trackIndex": 2, "recordFrame": 86430}])
    assert item.SetSpeed({"Percentage": 200, "RippleTimeline": True}) is False
    assert "where the gap would be closed" in str(failure.last())
    timeline.SetTrackLock("video", 2, True)
    assert item.SetSpeed({"Percentage": 200, "RippleTimeline": True}) is True


def test_every_speed_shows_the_frames_it_should(project: Any, pool: Any, tmp_path: Path) -> None:
    """Half, double, backwards and held, rendered: frame n of the film shows the number n."""
    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    source = film(tmp_path / "codes.mov", Fraction(24), 48, sound="tone", sound_codec="pcm_s16le")
    (clip,) = pool.ImportMedia([str(source)])
    timeline = pool.CreateEmptyTimeline("t")
    take = {"mediaPoolItem": clip, "startFrame": 10, "endFrame": 16}
    half, double, back, held = pool.AppendToTimeline([take, take, take, {**take, "mediaType": 1}])
    assert half.SetSpeed({"Percentage": 50}), failure.last()
    assert double.SetSpeed({"Percentage": 200}), failure.last()
    assert back.SetSpeed({"Percentage": -100}), failure.last()
    timeline.SetCurrentTimecode("01:00:00:20")
    assert held.SetSpeed({"Percentage": 0}), failure.last()
    job = queue(project, tmp_path, "out")
    assert project.StartRendering(job), failure.last()
    assert finish(project, job)["JobStatus"] == "Complete", project.GetRenderJobStatus(job)
    forwards = [10, 10, 11, 11, 12, 12, 10, 12, 14, 16, 18, 20]
    assert codes(tmp_path / "out.mkv") == [*forwards, 15, 14, 13, 12, 11, 10, *[12] * 6]
    sound, _ = heard(tmp_path / "out.mkv")
    original, _ = heard(source)
    backwards = original[20001:32001, 0][::-1]  # from the very end: its first sample is the one at the end's time
    numpy.testing.assert_allclose(sound[24500:35500, 0], backwards[500:11500], atol=2e-3)


def test_a_file_too_short_for_what_is_shown_backwards_does_not_replace_another(
    project: Any, pool: Any, timeline: Any, item: Any, clip: Any, tmp_path: Path
) -> None:
    """The highest frame that is shown is the first one, not the last."""
    assert item.SetSpeed({"Percentage": -100}), failure.last()
    short = film(tmp_path / "short.mov", Fraction(24), 24, sound="tone", sound_codec="pcm_s16le")
    assert clip.ReplaceClip(str(short)) is False
    assert "use frame 47" in str(failure.last())
