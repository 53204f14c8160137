"""Frames of random timelines, built through the API, against a small model of the rules that is written apart."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from clips import add_clip
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolve_engine import failure

RATES = {
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "29.97 DF": Fraction(30000, 1001),
    "30": Fraction(30),
    "50": Fraction(50),
    "59.94": Fraction(60000, 1001),
}
"""Timeline rates by their setting; sources have any of them, too."""

STARTS = ("01:00:00:00", "00:00:00:00", "09:59:58:10")


@dataclass
class Expected:
    """An item as the rules have it, in frames of its timeline from midnight and of its source."""

    start: int
    length: int
    rate: Fraction
    """Of the source."""
    frames: int
    """Of the whole source."""
    first: Fraction
    """The lower end of what is shown."""
    speed: Fraction = Fraction(1)

    def after(self, timeline: Fraction) -> Fraction:
        """The upper end of what is shown, exclusive."""
        return self.first + self.length * abs(self.speed) * self.rate / timeline


edits = st.tuples(
    st.sampled_from(sorted(RATES)),
    st.integers(30, 400),
    st.floats(0, 0.9),
    st.floats(0, 1),
    st.integers(0, 50),
    st.sampled_from([None, None, 50, 200, -100, 37.5, -40]),
)
"""Source rate, its frames, where the range begins and how much of the rest it takes, a gap, and a speed with ripple."""


def build(resolve: Any, number: int, rate: str, start: str, wanted: list[Any]) -> tuple[Any, list[Expected]]:
    """A timeline with the edits on it, in a project of its own, and what must stand there."""
    project = resolve.GetProjectManager().CreateProject(f"random {number}")
    assert project.SetSetting("timelineFrameRate", rate), failure.last()
    pool = project.GetMediaPool()
    timeline = pool.CreateEmptyTimeline("t")
    assert timeline.SetStartTimecode(start), failure.last()
    resolve.OpenPage("edit")
    fps = RATES[rate]
    expected: list[Expected] = []
    end = timeline.GetStartFrame()
    for index, (source, frames, low, share, gap, percent) in enumerate(wanted):
        source_rate = RATES[source]
        ratio = (source_rate.numerator, source_rate.denominator)
        clip = add_clip(path=f"/m/{index}.mov", frames=frames, rate=ratio, channels=())
        first = floor(low * frames)
        after = first + max(1, floor(share * (frames - first)))
        length = floor((after - first) * fps / source_rate)
        info = {"mediaPoolItem": clip, "startFrame": first, "endFrame": after, "recordFrame": end + gap}
        (item,) = pool.AppendToTimeline([info])
        if length < 1:
            assert item is None
            continue
        assert item, failure.last()
        one = Expected(end + gap, length, source_rate, frames, Fraction(first))
        if percent is not None:
            speed = Fraction(str(percent)) / 100
            rippled = floor(length / abs(speed))
            done = item.SetSpeed({"Percentage": percent, "RippleTimeline": True})
            assert done is (rippled >= 1), failure.last()
            if done:
                if speed < 0:  # backwards the upper end stays
                    upper = one.after(fps)
                    one.first = upper - rippled * abs(speed) * source_rate / fps
                one.length, one.speed = rippled, speed
        expected.append(one)
        end = one.start + one.length
    return timeline, expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.sampled_from(sorted(RATES)), start=st.sampled_from(STARTS), wanted=st.lists(edits, min_size=1, max_size=6)
)
def test_every_read_agrees_with_the_rules(resolve: Any, rate: str, start: str, wanted: list[Any]) -> None:
    """Places, lengths, offsets, source frames and times of every item, and the timeline's own end."""
    manager = resolve.GetProjectManager()
    timeline, expected = build(resolve, len(manager.GetProjectListInCurrentFolder()), rate, start, wanted)
    fps = RATES[rate]
    items = timeline.GetItemListInTrack("video", 1) or []
    assert len(items) == len(expected)
    for item, one in zip(items, expected, strict=True):
        low, high = one.first, one.after(fps)
        spare = max(Fraction(0), one.frames - high)
        left, right = (low, spare) if one.speed > 0 else (spare, low)
        assert (item.GetStart(), item.GetEnd()) == (one.start, one.start + one.length)
        assert (item.GetDuration(), item.GetDuration(True)) == (one.length, float(one.length))
        assert (item.GetSourceStartFrame(), item.GetSourceEndFrame()) == (floor(low), ceil(high) - 1)
        assert (item.GetLeftOffset(), item.GetRightOffset()) == (floor(left), floor(right))
        assert abs(item.GetLeftOffset(True) - float(left)) < 1e-6
        assert abs(item.GetSourceStartTime() - float(low / one.rate)) < 1e-9
        assert abs(item.GetSourceEndTime() - float(high / one.rate)) < 1e-9
    if expected:
        assert timeline.GetEndFrame() == expected[-1].start + expected[-1].length
    shown = timeline.GetStartTimecode()
    assert shown.replace(";", ":") == start
    assert (";" in shown) == rate.endswith("DF")
