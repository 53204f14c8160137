"""Timelines as OpenTimelineIO files: what comes back is what was written, at every rate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from exchanged import RATES, exchanged, rich_timeline, shape

from resolve_engine import failure


@pytest.mark.parametrize("rate", RATES)
def test_a_timeline_comes_back_as_it_was(resolve: Any, project: Any, tmp_path: Path, rate: str) -> None:
    """Tracks, places, source frames, speeds, dissolve, links, looks, markers and start timecode."""
    made = rich_timeline(project, rate)
    again = exchanged(resolve, project, made, "EXPORT_OTIO", tmp_path / "cut.otio")
    assert failure.last() is None
    assert shape(again) == shape(made)
