"""Random timelines through every form: what is read is what was written, frame by frame."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from resolve_engine import timecode
from resolve_engine.interchange import forms, plain

CLOCKS = [(timecode.RATES[name], drop) for name, drop in (
    ("23.976", False), ("24", False), ("25", False), ("29.97", False), ("29.97", True), ("50", False), ("59.94", True),
    ("60", False),
)]  # fmt: skip
SPEEDS = [Fraction(1)] * 5 + [Fraction(1, 2), Fraction(2), Fraction(-1), Fraction(3, 2), Fraction(0)]
FORMS = {"otio": 60, "fcp7": 60, "fcpxml 1.10": 60, "aaf": 15}
"""Form to examples; an AAF takes its library a third of a second."""


@st.composite
def tracks(draw: st.DrawFn, kind: str, sources: int) -> plain.Track:
    """Items one after the other, with holes, and transitions of every alignment over some of their cuts."""
    items: list[plain.Item] = []
    transitions: list[plain.Transition] = []
    place = 0
    for _ in range(draw(st.integers(0, 6))):
        gap = draw(st.sampled_from([0, 0, 1, 30]))
        duration = draw(st.integers(12, 100))
        speed = draw(st.sampled_from(SPEEDS))
        low = draw(st.integers(200, 5000)) * (abs(speed) or 1)
        place += gap
        cut = gap == 0 and len(items) > 0 and 0 not in (speed, items[-1].speed[0])
        if cut and draw(st.booleans()) and (not transitions or transitions[-1].after != len(items) - 1):
            length = draw(st.integers(1, 10))
            early = draw(st.sampled_from([0, length // 2, length]))
            transitions.append(plain.Transition(place - early, length, "", len(items) - 1, len(items)))
        items.append(
            plain.Item(
                name=f"clip {len(items)}",
                start=place,
                duration=duration,
                source=draw(st.integers(0, sources - 1)),
                source_in=(low.numerator, low.denominator),
                speed=(speed.numerator, speed.denominator),
                channels=(1,) if kind == "audio" else (),
            )
        )
        place += duration
    return plain.Track(kind, tuple(items), tuple(transitions))


@st.composite
def timelines(draw: st.DrawFn) -> plain.Timeline:
    """A timeline that starts anywhere in the day, of sources of its own rate."""
    rate, drop = draw(st.sampled_from(CLOCKS))
    count = draw(st.integers(1, 3))
    sources = tuple(
        plain.Source(f"s{n} & <ü>.mov", f"/m/s{n} #%.mov", rate, 100_000, draw(st.integers(0, 500_000)), drop,
                     size=(1920, 1080), sound=(1,))
        for n in range(count)
    )  # fmt: skip
    found = [draw(tracks("video", count)) for _ in range(draw(st.integers(1, 3)))]
    found += [draw(tracks("audio", count)) for _ in range(draw(st.integers(0, 2)))]
    return plain.Timeline(
        "random", rate, drop, draw(st.integers(0, 1_000_000)), tuple(found), sources, size=(1920, 1080)
    )


def whole(found: plain.Timeline) -> plain.Timeline:
    """With starts on whole frames: the only ones that an AAF can say."""
    tracks = (
        track._replace(
            items=tuple(item._replace(source_in=(int(Fraction(*item.source_in)), 1)) for item in track.items)
        )
        for track in found.tracks
    )
    return found._replace(tracks=tuple(tracks))


def places(found: plain.Timeline, form: str) -> list[Any]:
    """What every form must keep: of each track that holds something, its items and transitions to the frame."""
    kept = []
    for track in found.tracks:
        items = [
            (item.start, item.duration, found.sources[item.source][:1], Fraction(*item.source_in), item.speed)
            for item in track.items
        ]
        crossing = [(one.start, one.duration, one.before, one.after) for one in track.transitions]
        if form.startswith("fcpxml") and track is not found.tracks[0]:
            crossing = []
        if items:
            kept.append((track.kind, items, crossing))
    return kept


@pytest.mark.parametrize("form", list(FORMS))
def test_random_timelines_come_back(tmp_path: Path, form: str) -> None:
    """Places, lengths, source frames, speeds and transitions, at every rate and start."""
    path = tmp_path / "random"

    phases = [Phase.explicit, Phase.generate] if form == "aaf" else list(Phase)  # to shrink an AAF takes minutes

    @settings(
        max_examples=FORMS[form], deadline=None, derandomize=True, phases=phases,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(timelines())
    def check(found: plain.Timeline) -> None:
        if not found.items():
            return
        found = whole(found) if form == "aaf" else found
        content, _ = forms.write(json.loads(json.dumps(found)), form)
        path.write_bytes(content)
        read = forms.read(str(path), forms.form_of(str(path)), (24, 1), False)
        assert (read.rate, read.drop_frame, read.start) == (found.rate, found.drop_frame, found.start)
        assert places(read, form) == places(found, form)

    check()
