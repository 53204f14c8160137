"""Scene cuts: found in the pictures, and the items cut there with nothing else changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from test_placing import rows

from resolve_engine import failure


@pytest.fixture
def scenes(project: Any, pool: Any, tmp_path: Path) -> Any:
    """30 noisy pictures, with cuts at 10 and 18, and brighter and brighter from 18 on; placed from picture 4 on."""
    from PIL import Image

    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    chance = numpy.random.default_rng(1)
    levels = [40] * 10 + [200] * 8 + [60 + 8 * step for step in range(12)]
    for number, level in enumerate(levels):
        noise = chance.integers(-20, 20, (180, 320, 3))
        Image.fromarray((level + noise).clip(0, 255).astype("u1")).save(tmp_path / f"s.{number:04}.png")
    (clip,) = pool.ImportMedia([{"FilePath": str(tmp_path / "s.%04d.png"), "StartIndex": 0, "EndIndex": 29}])
    made = pool.CreateEmptyTimeline("t")
    assert pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 4, "endFrame": 30}]) != [None], failure.last()
    return made


def test_items_are_cut_where_the_picture_cuts(scenes: Any) -> None:
    """At 10 and 18 of the source, 6 and 14 on the timeline; each part shows what was there, and once is enough."""
    (item,) = scenes.GetItemListInTrack("video", 1)
    item.AddMarker(16, "Blue", "late", "", 1)
    for _ in range(2):
        assert scenes.DetectSceneCuts() is True, failure.last()
        parts = scenes.GetItemListInTrack("video", 1)
        assert rows(scenes) == [("video", 1, 0, 6), ("video", 1, 6, 8), ("video", 1, 14, 12)]
        assert [(part.GetSourceStartFrame(), part.GetSourceEndFrame()) for part in parts] == [
            (4, 9),
            (10, 17),
            (18, 29),
        ]
        assert [list(part.GetMarkers()) for part in parts] == [[], [], [2]]


def test_a_fade_over_a_cut_stops_it(scenes: Any) -> None:
    """False, the reason, and nothing is cut."""
    (item,) = scenes.GetItemListInTrack("video", 1)
    assert item.SetFades({"FadeOut": 20})
    assert scenes.DetectSceneCuts() is False
    assert "fade" in str(failure.last())
    assert len(rows(scenes)) == 1


def test_locked_tracks_are_left_alone(scenes: Any) -> None:
    """There is nothing to do, which is no failure."""
    scenes.SetTrackLock("video", 1, True)
    assert scenes.DetectSceneCuts() is True
    assert len(rows(scenes)) == 1
