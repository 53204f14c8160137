"""Sound put at the playhead, measured in samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import sound, wave

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.model.frozen import freeze
from resolve_engine.render.mix import Mixer


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    """Two seconds in which every sample has a value of its own."""
    return sound(tmp_path / "ramp.wav", wave("ramp", 96_000, channels=1))


def test_it_begins_at_its_sample(resolve: Any, project: Any, pool: Any, ramp: Path) -> None:
    """Sample 12,345 of the file is the first at the playhead; 30,000 samples are 15 frames at 24 a second."""
    timeline = pool.CreateEmptyTimeline("t")
    timeline.SetCurrentTimecode("01:00:01:00")
    resolve.OpenPage("fairlight")
    assert project.InsertAudioToCurrentTrackAtPlayhead(str(ramp), 12_345, 30_500) is True, failure.last()
    (item,) = timeline.GetItemListInTrack("audio", 1)
    assert (item.GetStart() - 86400, item.GetDuration(), item.GetName()) == (24, 15, "ramp.wav")
    state = application.start().project
    spec = freeze(state, next(iter(state.timelines.values())), str)
    mixer = Mixer(spec, spec.start, spec.end, 48000)
    heard = numpy.concatenate([mixer.block(spec.start + frame) for frame in (24, 25)])
    mixer.close()
    expected = wave("ramp", 96_000, channels=1)[12_345 : 12_345 + len(heard), 0]
    numpy.testing.assert_allclose(heard[:, 0], expected, atol=1e-4)


def test_the_clip_of_the_file_is_used_again(resolve: Any, project: Any, pool: Any, ramp: Path) -> None:
    """The media pool has it once, whether it was imported before or not."""
    pool.ImportMedia([str(ramp)])
    timeline = pool.CreateEmptyTimeline("t")
    resolve.OpenPage("fairlight")
    for timecode in ("01:00:00:00", "01:00:05:00"):
        timeline.SetCurrentTimecode(timecode)
        assert project.InsertAudioToCurrentTrackAtPlayhead(str(ramp), 0, 48_000) is True
    names = [clip.GetName() for clip in pool.GetRootFolder().GetClipList()]
    assert names.count("ramp.wav") == 1
    assert len(timeline.GetItemListInTrack("audio", 1)) == 2


def test_where_it_is_refused(resolve: Any, project: Any, pool: Any, ramp: Path) -> None:
    """Off the Fairlight page, beyond the file's end, shorter than a frame, over what is there, without a timeline."""
    insert = project.InsertAudioToCurrentTrackAtPlayhead
    resolve.OpenPage("fairlight")
    assert insert(str(ramp), 0, 48_000) is False
    assert "no current timeline" in str(failure.last())
    timeline = pool.CreateEmptyTimeline("t")
    resolve.OpenPage("edit")
    assert insert(str(ramp), 0, 48_000) is False
    assert "Fairlight page" in str(failure.last())
    resolve.OpenPage("fairlight")
    for offset, samples, why in ((90_000, 10_000, "outside 'ramp.wav'"), (0, 1_000, "less than one frame"),
                                 (-1, 10, "outside 0"), (0, 0, "outside 1")):  # fmt: skip
        assert insert(str(ramp), offset, samples) is False
        assert why in str(failure.last())
    assert insert(str(ramp), 0, 48_000) is True
    assert insert(str(ramp), 0, 48_000) is False
    assert "overlap" in str(failure.last())
    assert len(timeline.GetItemListInTrack("audio", 1)) == 1
    assert insert(str(ramp.parent / "none.wav"), 0, 48_000) is False
