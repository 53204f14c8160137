"""Which channels are heard: the tracks of a clip laid out anew, one item mapped by itself, tracks that are mute."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import add_clip, restart
from generate import sound
from numpy.typing import NDArray

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.model.frozen import freeze
from resolve_engine.render.mix import Mixer

LEVELS = (0.1, 0.2, 0.3, 0.4)
"""Of the four channels of `steps.wav`, so that every channel is known by its loudness."""


@pytest.fixture
def steps(pool: Any, tmp_path: Path) -> Any:
    """A clip of one stream of four channels, each with a level of its own."""
    samples = numpy.tile(numpy.array(LEVELS, numpy.float32), (96_000, 1))
    (clip,) = pool.ImportMedia([str(sound(tmp_path / "steps.wav", samples))])
    return clip


def mapping(*tracks: tuple[str, list[int], bool]) -> str:
    """A mapping as a script writes it."""
    table = {
        str(number): {"type": kind, "channel_idx": channels, "mute": mute}
        for number, (kind, channels, mute) in enumerate(tracks, 1)
    }
    return json.dumps({"track_mapping": table})


def read(text: str) -> list[tuple[str, list[int], bool]]:
    """The tracks of a mapping that was read."""
    return [
        (track["type"], track["channel_idx"], track["mute"]) for track in json.loads(text)["track_mapping"].values()
    ]


def mixed() -> NDArray[numpy.float32]:
    """The tenth frame of the current timeline's mix: one sample of it, left and right."""
    project = application.start().project
    timeline = project.open_timeline()
    assert timeline is not None
    spec = freeze(project, timeline, str)
    mixer = Mixer(spec, spec.start, spec.end, 48000)
    try:
        return mixer.block(spec.start + 10)[100]
    finally:
        mixer.close()


@pytest.mark.parametrize(
    ("track", "left", "right"),
    [
        (("mono", [3], False), 0.3, 0.3),
        (("stereo", [4, 1], False), 0.4, 0.1),
        (("stereo", [1, 4], True), 0.0, 0.0),
        (("adaptive2", [2, 3], False), 0.2, 0.3),
        (("adaptive3", [1, 2, 4], False), 0.25, 0.2),
    ],
)
def test_an_item_plays_the_channels_it_is_mapped_to(
    pool: Any, steps: Any, track: tuple[str, list[int], bool], left: float, right: float
) -> None:
    """In their order, mixed as the track's type says; a mute one is silent. The clip keeps its own mapping."""
    timeline = pool.CreateTimelineFromClips("t", [steps])
    (item,) = timeline.GetItemListInTrack("audio", 1)
    before = steps.GetAudioMapping()
    assert item.SetSourceAudioChannelMapping(mapping(track)) is True, failure.last()
    assert read(item.GetSourceAudioChannelMapping()) == [track]
    assert json.loads(item.GetSourceAudioChannelMapping())["embedded_audio_channels"] == 4
    assert steps.GetAudioMapping() == before
    assert mixed() == pytest.approx([left, right], abs=1e-4)


def test_the_tracks_of_a_clip_are_placed_as_they_are_laid_out(project: Any, pool: Any, steps: Any) -> None:
    """Half a stream on each of two tracks, one of them mute; what stands on a timeline already plays on as before."""
    old = pool.CreateTimelineFromClips("old", [steps])
    layout = [("stereo", [3, 4], False), ("mono", [1], True)]
    assert steps.SetAudioMapping(mapping(*layout)) is True, failure.last()
    assert read(steps.GetAudioMapping()) == layout
    new = pool.CreateTimelineFromClips("new", [steps])
    items = [new.GetItemListInTrack("audio", number)[0] for number in (1, 2)]
    assert [read(item.GetSourceAudioChannelMapping()) for item in items] == [[track] for track in layout]
    assert mixed() == pytest.approx([0.3, 0.4], abs=1e-4)
    assert project.SetCurrentTimeline(old) is True  # only of the current one is it told
    (kept,) = old.GetItemListInTrack("audio", 1)
    assert read(kept.GetSourceAudioChannelMapping()) == [("adaptive4", [1, 2, 3, 4], False)]


def test_a_mapping_outlives_the_process(pool: Any, steps: Any) -> None:
    """Both are on disk when they are answered, and an item's is copied with its timeline."""
    timeline = pool.CreateTimelineFromClips("t", [steps])
    timeline.GetItemListInTrack("audio", 1)[0].SetSourceAudioChannelMapping(mapping(("adaptive2", [2, 1], True)))
    steps.SetAudioMapping(mapping(("mono", [2], True)))
    resolve = restart()
    timeline = resolve.GetCurrentTimeline().DuplicateTimeline("copy")
    assert resolve.GetCurrentProject().SetCurrentTimeline(timeline) is True
    (item,) = timeline.GetItemListInTrack("audio", 1)
    assert read(item.GetSourceAudioChannelMapping()) == [("adaptive2", [2, 1], True)]
    (clip,) = [one for one in resolve.GetMediaPool().GetRootFolder().GetClipList() if one.GetName() == "steps.wav"]
    assert read(clip.GetAudioMapping()) == [("mono", [2], True)]


def test_streams_joined_to_one_track_keep_their_sides(project: Any, pool: Any) -> None:
    """Two mono streams as one stereo track are left and right, not a sum of both on both sides."""
    clip = add_clip(channels=(1, 1))
    assert clip.SetAudioMapping(mapping(("stereo", [2, 1], False))) is True
    pool.CreateTimelineFromClips("t", [clip])
    state = application.start().project
    (heard,) = freeze(state, next(iter(state.timelines.values())), str).audio[0].items
    assert (heard.source.audio_streams, heard.source.channels, heard.source.layout) == (
        (2, 1),
        ((2, 0), (1, 0)),
        "stereo",
    )


def test_the_mix_of_a_nested_timeline_is_mapped_too(pool: Any, steps: Any) -> None:
    """Its two sides count as channels 1 and 2."""
    steps.SetAudioMapping(mapping(("stereo", [3, 1], False)))
    inner = pool.CreateTimelineFromClips("inner", [steps])
    outer = pool.CreateTimelineFromClips("outer", [inner.GetMediaPoolItem()])
    (item,) = outer.GetItemListInTrack("audio", 1)
    assert read(item.GetSourceAudioChannelMapping()) == [("stereo", [1, 2], False)]
    assert item.SetSourceAudioChannelMapping(mapping(("mono", [2], False))) is True, failure.last()
    assert mixed() == pytest.approx([0.1, 0.1], abs=1e-4)
    assert item.SetSourceAudioChannelMapping(mapping(("mono", [3], False))) is False
    clip = inner.GetMediaPoolItem()
    assert read(clip.GetAudioMapping()) == [("stereo", [1, 2], False)]
    assert clip.SetAudioMapping(mapping(("mono", [2], False))) is False
    assert "mix of its timeline" in str(failure.last())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (mapping(("mono", [1], False), ("mono", [2], False)), "exactly one track"),
        (mapping(("mono", [5], False)), "no choice of the clip's channels, 1 to 4"),
        (mapping(("stereo", [1, 1], False)), "no choice"),
        (mapping(("stereo", [1], False)), "a track of 1 channels is mono"),
        (json.dumps({"track_mapping": {"1": {"type": "mono", "channel_idx": [1], "mute": "no"}}}), "mute must be true"),
        (json.dumps({"track_mapping": {"2": {"type": "mono", "channel_idx": [1]}}}), "numbered from '1'"),
        ("{", "no JSON text"),
        ("[]", "must be a JSON object"),
    ],
)
def test_a_wrong_mapping_of_an_item_is_refused(pool: Any, steps: Any, text: str, why: str) -> None:
    """Each with its reason, and the item plays on what it played."""
    (item,) = pool.CreateTimelineFromClips("t", [steps]).GetItemListInTrack("audio", 1)
    before = item.GetSourceAudioChannelMapping()
    assert item.SetSourceAudioChannelMapping(text) is False
    assert why in str(failure.last())
    assert item.GetSourceAudioChannelMapping() == before


def test_only_what_sounds_has_a_mapping(item: Any) -> None:
    """The picture of a clip plays no channels."""
    assert not item.GetSourceAudioChannelMapping()
    assert item.SetSourceAudioChannelMapping(mapping(("mono", [1], False))) is False
    assert "plays no sound" in str(failure.last())


def test_a_track_plays_channels_of_one_file(resolve: Any, pool: Any) -> None:
    """A synced sound's channels count after the file's own, and the two are not mixed on one track."""
    picture, recorder = add_clip(channels=(1,)), add_clip(path="/m/r.wav", kind="audio", channels=(2,), seconds=2.0)
    assert pool.AutoSyncAudio([picture, recorder], {"syncMode": resolve.AUDIO_SYNC_TIMECODE}) is True
    (item,) = pool.CreateTimelineFromClips("t", [picture]).GetItemListInTrack("audio", 1)
    assert json.loads(item.GetSourceAudioChannelMapping())["linked_audio"]["1"]["path"] == "/m/r.wav"
    assert item.SetSourceAudioChannelMapping(mapping(("stereo", [1, 2], False))) is False
    assert "several files" in str(failure.last())
    assert item.SetSourceAudioChannelMapping(mapping(("mono", [1], False))) is True
