"""Transitions and fades: where they may stand, what goes with them, and what they look and sound like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import add_clip, restart
from spec_maker import item, picture, source, timeline

from resolve_engine import failure
from resolve_engine.render.mix import Mixer
from resolve_engine.render.spec import SourceSpec, TimelineSpec, TransitionSpec

DISSOLVE = {"type": "Cross Dissolve", "category": "simple", "position": "end", "alignment": "center", "duration": 10}


@pytest.fixture
def cut(project: Any, pool: Any) -> Any:
    """Two items of 20 frames out of 48, with 14 frames before and after each, touching."""
    clip = add_clip()
    made = pool.CreateEmptyTimeline("t")
    pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 14, "endFrame": 34}] * 2)
    return made


def both(cut: Any, kind: str = "video") -> Any:
    """The two items of a track."""
    return [item for item in cut.GetItemListInTrack(kind, 1) if item.GetType() != "transition"]


@pytest.mark.parametrize(("alignment", "start"), [("left", 10), ("center", 15), ("right", 20)])
def test_a_transition_is_an_item_over_the_cut(cut: Any, alignment: str, start: int) -> None:
    """Between the two in the list, of its own type, without a clip or properties; from either side of the cut."""
    for index, position in ((0, "end"), (1, "start")):
        made = both(cut)[index].AddTransition({**DISSOLVE, "alignment": alignment, "position": position})
        assert made, failure.last()
        listed = cut.GetItemListInTrack("video", 1)
        assert [one.GetType() for one in listed] == ["video", "transition", "video"]
        assert (listed[1].GetStart() - 86400, listed[1].GetDuration()) == (start, 10)
        assert (listed[1].GetName(), listed[1].GetMediaPoolItem()) == ("Cross Dissolve", None)
        assert listed[1].GetProperties() == {}
        assert cut.DeleteClips([made]) is True
        assert len(cut.GetItemListInTrack("video", 1)) == 2


REFUSED = [
    ({"duration": 29}, "14 frames after its end"),
    ({"duration": 50}, "reach beyond"),
    ({"duration": 15, "alignment": "left"}, "14 frames before its start"),
    ({"duration": 0}, "outside"),
    ({"type": "Smooth Cut"}, "does not render"),
    ({"category": "audio"}, "does not render"),
    ({"position": "middle"}, "none of"),
    ({"alignment": None}, "must be a text"),
    ({"length": 3}, "no key"),
    ({"position": "start"}, "nothing stands on the other side"),
]
"""What is asked of the first of the two items, and what the reason says."""


@pytest.mark.parametrize(("change", "reason"), REFUSED, ids=[str(change) for change, _ in REFUSED])
def test_what_cannot_be_done_is_refused(cut: Any, change: Any, reason: str) -> None:
    """None, the reason, and no transition."""
    assert both(cut)[0].AddTransition({**DISSOLVE, **change}) is None
    assert reason in str(failure.last())
    assert len(cut.GetItemListInTrack("video", 1)) == 2


def test_two_transitions_do_not_overlap(cut: Any) -> None:
    """The second on the same cut is refused."""
    assert both(cut)[0].AddTransition(DISSOLVE)
    assert both(cut)[1].AddTransition({**DISSOLVE, "position": "start"}) is None
    assert "stands there already" in str(failure.last())


def test_it_goes_with_an_item_at_its_side(cut: Any) -> None:
    """Deleting the one that comes takes the transition along, in one call with it named, too."""
    first, second = both(cut)
    transition = first.AddTransition(DISSOLVE)
    assert cut.DeleteClips([second, transition]) is True
    assert [one.GetType() for one in cut.GetItemListInTrack("video", 1)] == ["video"]


def test_it_is_copied_moved_and_kept(pool: Any, cut: Any, project: Any) -> None:
    """A duplicate has one of its own, a ripple moves it with its items, and it is on disk."""
    assert both(cut)[0].AddTransition(DISSOLVE)
    copy = cut.DuplicateTimeline("copy")
    assert cut.DeleteClips(cut.GetItemListInTrack("video", 1)) is True
    listed = copy.GetItemListInTrack("video", 1)
    assert [one.GetType() for one in listed] == ["video", "transition", "video"]
    project.SetCurrentTimeline(copy)
    for one in both(copy, "audio"):
        copy.DeleteClips([one])
    pool.AppendToTimeline([{"mediaPoolItem": add_clip(), "mediaType": 1, "recordFrame": 86300}])
    early = copy.GetItemListInTrack("video", 1)[0]
    assert copy.DeleteClips([early], True) is True
    assert [one.GetStart() for one in copy.GetItemListInTrack("video", 1)] == [86352, 86367, 86372]
    assert project.SetCurrentTimeline(copy)
    again = restart().GetProjectManager().LoadProject("probe").GetTimelineByIndex(2)
    assert [one.GetStart() for one in again.GetItemListInTrack("video", 1)] == [86352, 86367, 86372]


def test_it_is_not_changed(cut: Any) -> None:
    """Neither renamed nor switched off nor retimed: it can only be deleted."""
    made = both(cut)[0].AddTransition(DISSOLVE)
    assert (made.SetName("Push"), made.SetClipEnabled(False), made.SetSpeed({"Percentage": 50})) == (False,) * 3
    assert (made.GetName(), made.GetClipEnabled(), made.SetFades({"FadeIn": 1})) == ("Cross Dissolve", True, False)


def test_speed_waits_for_the_transition_to_go(cut: Any) -> None:
    """Its handles would be others."""
    assert both(cut)[0].AddTransition(DISSOLVE)
    assert both(cut)[0].SetSpeed({"Percentage": 50}) is False
    assert "delete it first" in str(failure.last())


def test_fades_read_back_as_floats(item: Any) -> None:
    """One that is not named stays."""
    assert item.SetFades({"FadeIn": 6, "FadeOut": 8}) is True
    assert item.SetFades({"FadeOut": 0.0}) is True
    fades = item.GetFades()
    assert fades == {"FadeIn": 6.0, "FadeOut": 0.0}
    assert {type(value) for value in fades.values()} == {float}


@pytest.mark.parametrize("fades", [{"FadeIn": 49}, {"FadeIn": 30, "FadeOut": 19}, {"FadeIn": -1}, {"In": 3}, {}, None])
def test_a_fade_that_does_not_fit_is_refused(item: Any, fades: Any) -> None:
    """Both together are no longer than the item; nothing changes."""
    assert item.SetFades(fades) is False
    assert item.GetFades() == {"FadeIn": 0.0, "FadeOut": 0.0}


def test_a_fade_and_a_transition_do_not_share_an_edge(cut: Any) -> None:
    """Whichever comes second is refused."""
    first, second = both(cut)
    assert second.SetFades({"FadeIn": 2})
    assert first.AddTransition(DISSOLVE) is None
    assert second.SetFades({"FadeIn": 0})
    assert first.AddTransition(DISSOLVE)
    assert first.SetFades({"FadeOut": 1}) is False


@pytest.fixture
def grays(tmp_path: Path) -> tuple[SourceSpec, SourceSpec]:
    """A still of level 40 and one of level 200."""
    from PIL import Image

    paths = [tmp_path / f"{level}.png" for level in (40, 200)]
    for path in paths:
        Image.new("RGB", (320, 180), (int(path.stem),) * 3).save(path)
    return source(paths[0]), source(paths[1])


def with_transition(of: TimelineSpec, *transitions: TransitionSpec) -> TimelineSpec:
    """The timeline with transitions on its first tracks of picture and of sound."""
    return replace(
        of,
        video=tuple(replace(track, transitions=transitions) for track in of.video[:1]) + of.video[1:],
        audio=tuple(replace(track, transitions=transitions) for track in of.audio[:1]),
    )


def test_a_dissolve_mixes_the_two_pictures(grays: Any) -> None:
    """Of 4 frames, the shares are 1/8, 3/8, 5/8 and 7/8; outside of it each stands alone."""
    cut = timeline([[item("a", 0, 10, grays[0]), item("b", 10, 20, grays[1])]])
    mixed = with_transition(cut, TransitionSpec("Cross Dissolve", 8, 12, "a", "b"))
    levels = [picture(mixed, frame).mean() for frame in range(7, 13)]
    numpy.testing.assert_allclose(levels, [40, 60, 100, 140, 180, 200], atol=1)


def test_a_dissolve_of_small_pictures_shows_what_is_below(grays: Any) -> None:
    """Where the one stands alone it goes for the track below, and where neither stands that track is untouched."""
    black, white = grays
    small = {"ZoomX": 0.25, "ZoomY": 0.25}
    cut = timeline(
        [
            [item("under", 0, 20, black)],
            [
                item("a", 0, 10, white, properties={**small, "Pan": -60.0}),
                item("b", 10, 20, white, properties={**small, "Pan": 60.0}),
            ],
        ]
    )
    upper = replace(cut.video[1], transitions=(TransitionSpec("Cross Dissolve", 8, 12, "a", "b"),))
    look = picture(replace(cut, video=(cut.video[0], upper)), 9)
    numpy.testing.assert_allclose([look[90, 100, 0], look[90, 220, 0], look[10, 10, 0]], [140, 100, 40], atol=1)


def test_fades_come_from_and_go_to_what_is_below(grays: Any) -> None:
    """Linear, each frame as its middle has it."""
    faded = replace(item("a", 0, 8, grays[1]), fade_in=4, fade_out=2)
    levels = [picture(timeline([[item("u", 0, 8, grays[0])], [faded]]), frame).mean() for frame in range(8)]
    numpy.testing.assert_allclose(levels, [60, 100, 140, 180, 200, 200, 160, 80], atol=1)
    alone = [picture(timeline([[faded]]), frame).mean() for frame in (0, 7)]
    numpy.testing.assert_allclose(alone, [25, 50], atol=1)


@pytest.mark.parametrize(("name", "middle"), [("Cross Fade +3 dB", 2**0.5), ("Cross Fade 0 dB", 1.0)])
def test_a_cross_fade_of_sound(tmp_path: Path, name: str, middle: float) -> None:
    """The same tone on both sides: at the middle 3 dB louder at equal power, as loud as before where it is linear."""
    tone = tmp_path / "tone.wav"
    _constant(tone, 0.25)
    of = source(tone)
    cut = timeline([], [[item("a", 0, 10, of), item("b", 10, 20, of, source_start=10)]])
    mixed = with_transition(cut, TransitionSpec(name, 6, 14, "a", "b"))
    mixer = Mixer(mixed, 0, 20, 48000)
    sound = numpy.concatenate([mixer.block(frame) for frame in range(20)])[:, 0]
    mixer.close()
    numpy.testing.assert_allclose(sound[20000], 0.25 * middle, rtol=1e-3)
    numpy.testing.assert_allclose(sound[[2000, 11900, 28100, 39000]], 0.25, rtol=1e-2)


def test_fades_of_sound_are_linear(tmp_path: Path) -> None:
    """A constant signal becomes the ramp."""
    tone = tmp_path / "tone.wav"
    _constant(tone, 0.5)
    faded = replace(item("a", 0, 20, source(tone)), fade_in=10, fade_out=5)
    mixer = Mixer(timeline([], [[faded]]), 0, 20, 48000)
    sound = numpy.concatenate([mixer.block(frame) for frame in range(20)])[:, 0]
    mixer.close()
    numpy.testing.assert_allclose(
        sound[[0, 5000, 10000, 20000, 25000, 35000]], [0, 0.125, 0.25, 0.5, 0.5, 0.25], atol=1e-3
    )


def _constant(path: Path, level: float) -> None:
    """Two seconds of one value, 48 kHz mono."""
    import wave as container

    with container.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(numpy.full(96000, round(level * 32767), "<i2").tobytes())
