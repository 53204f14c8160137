"""Retiming by blending frames, against the mean worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy
import pytest
from generate import film, grays
from spec_maker import item, job, rendered, source, timeline

from resolve_engine.media.av_safe.pictures import blank, mixed, plane_array

LEVELS = [40, 60, 100, 180, 90, 200, 50, 120]
"""Luma of the film's frames."""


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """A film whose frames are flat greys."""
    return film(
        tmp_path / "steps.mkv", 24, len(LEVELS), codec="ffv1",
        picture=lambda index: numpy.full((180, 320), LEVELS[index], numpy.uint8),
    )  # fmt: skip


@pytest.mark.parametrize("speed", [Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(-1, 2)])
def test_frames_between_frames_are_their_weighted_mean(steps: Path, tmp_path: Path, speed: Fraction) -> None:
    """At every frame the two neighbours, each by its distance; at a source frame that frame itself."""
    entry = 0 if speed > 0 else 6
    of = timeline([[item("p", 0, 8, source(steps), entry, speed, properties={"RetimeProcess": 2})]])
    made = rendered(job(of, tmp_path / "o.mkv", "mkv", "FFV1YUV420_8", audio=False))
    for frame, picture in enumerate(grays(made)):
        place = entry + frame * speed
        first = place.__floor__()
        share = place - first
        expected = LEVELS[first] * (1 - share) + LEVELS[min(first + 1, 7)] * share
        assert abs(float(picture.mean()) - float(expected)) <= 1.01, frame


def test_the_nearest_is_what_comes_without_it(steps: Path, tmp_path: Path) -> None:
    """RetimeProcess 1 shows source frames only."""
    of = timeline([[item("p", 0, 8, source(steps), 0, Fraction(1, 2), properties={"RetimeProcess": 1})]])
    made = rendered(job(of, tmp_path / "o.mkv", "mkv", "FFV1YUV420_8", audio=False))
    for frame, picture in enumerate(grays(made)):
        assert abs(float(picture.mean()) - LEVELS[frame // 2]) <= 1.01, frame


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p10le", "gbrp10be", "gbrpf32le", "yuva444p10le"])
def test_every_kind_of_sample_is_mixed(form: str) -> None:
    """A quarter of the way from black to itself is black, in each layout of memory."""
    one = blank(34, 18, form)
    between = mixed(one, blank(34, 18, form), 0.25)
    depth = {"yuv420p": "uint8", "gbrpf32le": "float32"}.get(form, "uint16")
    for index in range(3):
        assert (plane_array(between, index, depth) == plane_array(one, index, depth)).all()
