"""Timecode and rates: exact at every rate, drop-frame included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve_engine import timecode

CLOCKS = [(rate, False) for rate in timecode.RATES.values()] + [
    (rate, True) for rate in sorted(timecode.DROP_FRAME_RATES)
]


@pytest.mark.parametrize(
    ("text", "rate", "drop", "frame"),
    [
        ("01:00:00:00", (24, 1), False, 86400),
        ("01:00:00:00", (24000, 1001), False, 86400),
        ("01:00:00:00", (30000, 1001), False, 108000),
        ("01:00:00;00", (30000, 1001), True, 107892),
        ("00:00:59;29", (30000, 1001), True, 1799),
        ("00:01:00;02", (30000, 1001), True, 1800),
        ("00:10:00;00", (30000, 1001), True, 17982),
        ("00:01:00;04", (60000, 1001), True, 3600),
        ("23:59:59;29", (30000, 1001), True, 2589407),
        ("04:18:37;25", (30000, 1001), True, 465069),
        ("00:00:01:119", (120, 1), False, 239),
    ],
)
def test_known_values(text: str, rate: timecode.Ratio, drop: bool, frame: int) -> None:
    """Values worked out by hand from the rule: numbers 0 and 1 of each minute but every tenth are left out."""
    assert timecode.to_frames(text, rate, drop) == frame
    expected = text if rate != (120, 1) else "00:00:01:119"
    assert timecode.to_timecode(frame, rate, drop) == expected


@given(clock=st.sampled_from(CLOCKS), data=st.data())
def test_frames_survive_the_way_through_timecode(clock: tuple[timecode.Ratio, bool], data: st.DataObject) -> None:
    """Every frame of a day has a timecode of its own."""
    frame = data.draw(st.integers(0, timecode.frames_per_day(*clock) - 1))
    assert timecode.to_frames(timecode.to_timecode(frame, *clock), *clock) == frame


@given(clock=st.sampled_from(CLOCKS), data=st.data())
def test_the_next_frame_has_the_next_timecode(clock: tuple[timecode.Ratio, bool], data: st.DataObject) -> None:
    """Timecodes of following frames are in order as texts, so none is given twice and none goes back."""
    frame = data.draw(st.integers(0, timecode.frames_per_day(*clock) - 2))
    assert timecode.to_timecode(frame, *clock) < timecode.to_timecode(frame + 1, *clock)


NAMES = {
    (24000, 1001): "23.976",
    (24, 1): "24",
    (25, 1): "25",
    (30000, 1001): "29.97",
    (30, 1): "30",
    (50, 1): "50",
    (60000, 1001): "59.94",
    (60, 1): "60",
}
"""The rates that all of opentime, the package `timecode` and the engine know."""


@given(clock=st.sampled_from([clock for clock in CLOCKS if clock[0] in NAMES]), data=st.data())
def test_timecodes_are_those_of_opentime_and_of_timecode(
    clock: tuple[timecode.Ratio, bool], data: st.DataObject
) -> None:
    """Two independent libraries label each frame alike, and read the label as that frame."""
    from opentimelineio import opentime
    from timecode import Timecode

    (num, den), drop = clock
    # opentime begins anew a little before a day of the wall clock, which labels without drop-frame lag behind.
    frame = data.draw(st.integers(0, 23 * 3_600 * num // den))
    label = timecode.to_timecode(frame, *clock)

    assert label == opentime.to_timecode(opentime.RationalTime(frame, num / den), num / den, drop)
    # It counts frames from 1, and takes rates that can drop frames for such that do.
    assert label == str(Timecode(NAMES[num, den], frames=frame + 1, force_non_drop_frame=not drop))
    assert frame == opentime.from_timecode(label, num / den).value


@given(clock=st.sampled_from([clock for clock in CLOCKS if clock[1]]), minutes=st.integers(1, 1439))
def test_dropped_numbers_are_refused(clock: tuple[timecode.Ratio, bool], minutes: int) -> None:
    """A timecode that drop-frame leaves out is not quietly taken for its neighbour."""
    text = f"{minutes // 60:02}:{minutes % 60:02}:00;00"
    if minutes % 10:
        with pytest.raises(ValueError, match="does not exist"):
            timecode.to_frames(text, *clock)
    else:
        timecode.to_frames(text, *clock)


def test_drop_frame_keeps_up_with_the_clock() -> None:
    """After a day, drop-frame timecode at 29.97 is within two frames of the time of day."""
    frames = timecode.frames_per_day((30000, 1001), True)
    assert abs(frames * 1001 / 30000 - 86400) < 2 * 1001 / 30000 + 0.1


@pytest.mark.parametrize("text", ["", "1", "24:00:00:00", "00:60:00:00", "00:00:00:24", "-1:00:00:00", "aa:bb:cc:dd"])
def test_what_is_no_timecode_is_refused(text: str) -> None:
    """At 24 frames per second."""
    with pytest.raises(ValueError, match=r"timecode|outside"):
        timecode.to_frames(text, (24, 1), False)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("24", ((24, 1), False)),
        ("24.0", ((24, 1), False)),
        ("23.98", ((24000, 1001), False)),
        ("29.97 DF", ((30000, 1001), True)),
        ("59.940", ((60000, 1001), False)),
        ("24 DF", None),
        ("24 fps", None),
        ("0", None),
        ("nan", None),
        ("", None),
    ],
)
def test_rates(text: str, parsed: object) -> None:
    """Roundings of fractional rates count as those; only fractional rates can drop frames."""
    assert timecode.parse_rate(text) == parsed


@given(
    frames=st.integers(0, 10**7),
    source=st.sampled_from(list(timecode.RATES.values())),
    target=st.sampled_from(list(timecode.RATES.values())),
)
def test_converted_lengths_are_the_largest_that_fit(
    frames: int, source: timecode.Ratio, target: timecode.Ratio
) -> None:
    """The time of the result is not longer than the source's, and one frame more would be."""
    result = timecode.convert(frames, source, target)
    time = frames * source[1] * target[0]
    assert result * target[1] * source[0] <= time < (result + 1) * target[1] * source[0]
