"""Voice isolation is kept as state, and a render that would hear it fails rather than leave it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clips import restart
from generate import film
from rendering import finish_started, queue

from resolve_engine import failure


@pytest.fixture
def sounding(pool: Any, tmp_path: Path) -> Any:
    """A film with a tone on the current timeline."""
    return pool.CreateTimelineFromClips("cut", pool.ImportMedia([str(film(tmp_path / "f.mp4", 24, 12, sound="tone"))]))


def test_a_track_and_an_item_read_back_what_was_set(sounding: Any) -> None:
    """One key alone leaves the other; wrong ones change nothing; it outlives a restart."""
    off = {"isEnabled": False, "amount": 100}
    assert sounding.GetVoiceIsolationState(1) == off
    assert sounding.SetVoiceIsolationState(1, {"isEnabled": True, "amount": 40}) is True
    assert sounding.SetVoiceIsolationState(1, {"amount": 30}) is True
    for wrong in ({"amount": 101}, {"isEnabled": "yes"}, {"level": 3}, {}, None):
        assert sounding.SetVoiceIsolationState(1, wrong) is False, wrong
    assert sounding.SetVoiceIsolationState(2, off) is False
    assert "no audio track 2" in str(failure.last())
    (sound,) = sounding.GetItemListInTrack("audio", 1)
    (picture,) = sounding.GetItemListInTrack("video", 1)
    assert sound.GetVoiceIsolationState() == off
    assert sound.SetVoiceIsolationState({"isEnabled": True}) is True
    assert picture.SetVoiceIsolationState({"isEnabled": True}) is False
    again = restart().GetCurrentProject().GetCurrentTimeline()
    assert again.GetVoiceIsolationState(1) == {"isEnabled": True, "amount": 30}
    assert again.GetItemListInTrack("audio", 1)[0].GetVoiceIsolationState() == {"isEnabled": True, "amount": 100}


@pytest.mark.parametrize("of", ["track", "item"])
def test_a_render_that_hears_it_fails_and_one_of_pictures_does_not(
    project: Any, sounding: Any, tmp_path: Path, of: str
) -> None:
    """The reason says what to switch off; switched off, it renders."""
    (sound,) = sounding.GetItemListInTrack("audio", 1)

    def isolate(enabled: bool) -> None:
        state = {"isEnabled": enabled}
        assert sounding.SetVoiceIsolationState(1, state) if of == "track" else sound.SetVoiceIsolationState(state)

    isolate(True)
    status = finish_started(project, queue(project, tmp_path, "out"))
    assert status["JobStatus"] == "Failed"
    assert "there is no voice isolation; switch it off" in status["Error"]
    pictures = finish_started(project, queue(project, tmp_path, "pictures", ExportAudio=False))
    assert pictures["JobStatus"] == "Complete", pictures
    isolate(False)
    assert finish_started(project, queue(project, tmp_path, "sound", ExportAudio=True))["JobStatus"] == "Complete"


def test_switches_of_the_grade_that_change_no_picture(resolve: Any, sounding: Any) -> None:
    """The color cache is kept as a boolean, whichever form it was set in; nodes have no color tags to reset."""
    (picture,) = sounding.GetItemListInTrack("video", 1)
    (sound,) = sounding.GetItemListInTrack("audio", 1)
    assert picture.GetIsColorOutputCacheEnabled() is False
    for given, kept in ((True, True), (False, False), (resolve.CACHE_ENABLED, True), (resolve.CACHE_DISABLED, False)):
        assert picture.SetColorOutputCache(given) is True
        assert picture.GetIsColorOutputCacheEnabled() is kept
    assert picture.SetColorOutputCache("On") is False
    assert picture.SetColorOutputCache(resolve.CACHE_AUTO_ENABLED) is True
    assert restart().GetCurrentTimeline().GetItemListInTrack("video", 1)[0].GetIsColorOutputCacheEnabled() is True
    picture = restart().GetCurrentTimeline().GetItemListInTrack("video", 1)[0]
    assert picture.ResetAllNodeColors() is True
    sound = restart().GetCurrentTimeline().GetItemListInTrack("audio", 1)[0]
    assert sound.ResetAllNodeColors() is False
    assert "a sound item has no grade" in str(failure.last())
