"""Timelines as AAF: the structure comes back at every rate, and an independent reader agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import opentimelineio
import pytest
from exchanged import RATES, exchanged, rich_timeline, shape

from resolve_engine import failure


@pytest.mark.parametrize("rate", RATES)
def test_the_structure_comes_back(resolve: Any, project: Any, tmp_path: Path, rate: str) -> None:
    """Tracks, places, source frames, speeds, dissolve and start timecode."""
    made = rich_timeline(project, rate, other_rates=False)
    again = exchanged(resolve, project, made, "EXPORT_AAF", tmp_path / "cut.aaf", "EXPORT_AAF_NEW")
    assert shape(again, "clock", "tracks", "items", "links") == shape(made, "clock", "tracks", "items", "links")
    assert [one["name"] for one in again.GetMarkers().values()] == ["timeline mark"]


@pytest.mark.parametrize("rate", ["23.976", "25", "29.97 DF"])
def test_another_reader_finds_the_same(resolve: Any, project: Any, tmp_path: Path, rate: str) -> None:
    """OpenTimelineIO's own adapter: the start, where every clip stands, and what it shows."""
    made = rich_timeline(project, rate, other_rates=False)
    path = tmp_path / "cut.aaf"
    assert made.Export(str(path), resolve.EXPORT_AAF, resolve.EXPORT_AAF_NEW), failure.last()
    timeline = opentimelineio.adapters.read_from_file(str(path), "AAF")
    assert round(timeline.global_start_time.value) == made.GetStartFrame()
    wanted, found = [], []
    for kind, tracks in (("video", timeline.video_tracks()), ("audio", timeline.audio_tracks())):
        for number, track in enumerate(tracks, 1):
            for clip in track.find_clips():
                place = clip.range_in_parent()
                found.append((kind, number, round(place.start_time.value), round(place.duration.value)))
        for number in range(1, made.GetTrackCount(kind) + 1):
            wanted += [
                (kind, number, int(item.GetStart()) - made.GetStartFrame(), int(item.GetDuration()))
                for item in made.GetItemListInTrack(kind, number)
                if item.GetType() != "transition"
            ]
    assert found == wanted


def test_clips_of_another_rate_and_what_is_said(resolve: Any, project: Any, tmp_path: Path) -> None:
    """Places stand to the frame; a start that lies between two frames of the composition goes to the one below, and
    that is said with everything else that the form has no place for."""
    made = rich_timeline(project, "24")
    path = tmp_path / "cut.aaf"
    assert made.Export(str(path), resolve.EXPORT_AAF, resolve.EXPORT_AAF_NEW)
    assert failure.last() == (
        "the file is written, without 7 inspector values, 1 markers of items, 1 clip colours, 1 items that are off, "
        "4 starts between two frames, 1 colours of markers"
    )
    again = project.GetMediaPool().ImportTimelineFromFile(str(path), {"timelineName": "x", "importSourceClips": False})
    places = [row[:5] for row in shape(made, "items")["items"]]
    assert [row[:5] for row in shape(again, "items")["items"]] == places
    pairs = zip(shape(made, "items")["items"], shape(again, "items")["items"], strict=True)
    assert max(abs(one[5] - other[5]) for one, other in pairs if len(one) > 5) <= 3
