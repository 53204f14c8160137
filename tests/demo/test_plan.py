"""The demo's plan agrees with itself: a wrong number in it would make the demo blame the server."""

from __future__ import annotations

from fractions import Fraction

import pytest
from demo import media, plan

CAMERA_RATE = 25


def frame(position: str | int) -> int:
    """The source frame of an in or out point; timecode counts from that of the camera file."""
    if isinstance(position, int):
        return position
    counted = [
        ((hours * 60 + minutes) * 60 + seconds) * CAMERA_RATE + frames
        for hours, minutes, seconds, frames in (map(int, text.split(":")) for text in (position, media.STREET_TIMECODE))
    ]
    return counted[0] - counted[1]


@pytest.mark.parametrize("shot", [*plan.PICTURES, *plan.ATMOSPHERE])
def test_a_shot_is_as_long_as_its_source_says(shot: plan.Shot) -> None:
    """50 source frames at 25 fps are 48 frames at 24; sequence and sound count at the timeline's rate."""
    rate = CAMERA_RATE if shot.clip in ("bunny", "street") else plan.RATE

    assert shot.frames == Fraction((frame(shot.end) - frame(shot.start)) * plan.RATE, rate)


def test_the_shots_of_the_street_are_whole() -> None:
    """The footage cuts at 76, 137 and 187: no shot may run into the next."""
    assert (frame(plan.RAILINGS.start), frame(plan.RAILINGS.end)) == (137, 187)
    assert 76 <= frame(plan.CYCLIST.start) < frame(plan.CYCLIST.end) <= 137


def test_the_first_track_fills_the_film_without_gaps() -> None:
    """192 frames, and the inset within."""
    base = [shot for shot in plan.PICTURES if shot.track == 1]

    assert [shot.at for shot in base] == [0, 48, 144]
    assert base[-1].at + base[-1].frames == plan.FRAMES
    assert plan.CITY.at + plan.CITY.frames <= plan.FRAMES
