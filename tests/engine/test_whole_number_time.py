"""Places in time that are computed in whole numbers for speed equal the exact fractions that they stand for."""

from __future__ import annotations

import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from spec_maker import item

from resolve_engine.render.spec import SourceSpec
from resolve_engine.render.timing import first_sample, source_frame, source_place

rates = st.sampled_from([(24, 1), (24000, 1001), (25, 1), (30000, 1001), (60000, 1001), (120, 1), (16, 1)])
starts = st.fractions(0, 100_000, max_denominator=1001)
speeds = st.fractions(-8, 8, max_denominator=100)


@given(rates, rates, starts, speeds, st.integers(0, 10**7), st.integers(-100, 10**6))
def test_the_source_frame_is_the_floor_of_the_place(
    own: tuple[int, int], rate: tuple[int, int], start: Fraction, speed: Fraction, first: int, along: int
) -> None:
    """Whatever the rates, the entry and the speed, also backwards and before the item; held to the frames of a film,
    and not to those of a nested timeline."""
    for kind, frames in (("timeline", 10), ("video", 200_000)):
        of = SourceSpec("x", kind, own, frames)
        one = item("one", first, first + 10, of, start, speed)
        exact = math.floor(source_place(one, first + along, rate))
        expected = exact if kind == "timeline" else min(max(exact, 0), frames - 1)
        assert source_frame(one, first + along, rate) == expected


@given(rates, st.sampled_from([44100, 48000, 96000]), st.integers(-1000, 10**8))
def test_the_first_sample_is_the_nearest(rate: tuple[int, int], sample_rate: int, frames: int) -> None:
    """The sample nearest to the frame's beginning; half a sample rounds up."""
    assert first_sample(frames, rate, sample_rate) == math.floor(
        Fraction(frames * sample_rate) / Fraction(*rate) + Fraction(1, 2)
    )
