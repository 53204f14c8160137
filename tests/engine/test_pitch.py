"""Sound at another speed with its own pitch, and with another pitch at its own speed, as it is rendered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import restart
from numpy.typing import NDArray
from spec_maker import item, source, timeline
from test_normalizing import RATE, sound_file

from resolve_engine import failure
from resolve_engine.render.mix import Mixer
from resolve_engine.render.stretch import HOP, Stretcher

TONE = 997


def heard(path: str, frames: int, sample_rate: int = RATE, first: int = 0, **fields: Any) -> NDArray[numpy.float32]:
    """The left side of the mix of a sound item over so many frames at 24 frames a second."""
    one = replace(item("s", 0, frames, source(path)), **fields)
    mixer = Mixer(timeline([], [[one]]), first, frames, sample_rate)
    try:
        return numpy.concatenate([mixer.block(frame) for frame in range(first, frames)])[:, 0]
    finally:
        mixer.close()


def pitch_of(sound: NDArray[numpy.float32], sample_rate: int = RATE) -> float:
    """Hertz of the strongest tone, without the ends."""
    middle = sound[sample_rate // 8 : -sample_rate // 8]
    size = 1 << 19
    return float(
        numpy.argmax(numpy.abs(numpy.fft.rfft(middle * numpy.hanning(len(middle)), size))) * sample_rate / size
    )


def swell(sound: NDArray[numpy.float32]) -> float:
    """How much the loudness goes up and down, as a share of it."""
    middle = sound[RATE // 8 : -RATE // 8]
    parts = [numpy.sqrt((middle[at : at + 2400] ** 2).mean()) for at in range(0, len(middle) - 2400, 2400)]
    return float(numpy.std(parts) / numpy.mean(parts))


@pytest.fixture
def tone(tmp_path: Path) -> str:
    """Four seconds of 997 Hz."""
    return sound_file(tmp_path / "tone.wav", 0.5, 4.0)


@pytest.mark.parametrize(
    ("speed", "start"), [((2, 1), 0), ((1, 2), 0), ((11, 10), 0), ((37, 100), 0), ((-1, 1), 90), ((-2, 1), 90)]
)
@pytest.mark.parametrize("sample_rate", [48000, 44100])
def test_a_tone_keeps_its_pitch_at_another_speed(
    tone: str, speed: tuple[int, int], start: int, sample_rate: int
) -> None:
    """Within a hertz and as steady as it was; without the switch it follows the speed."""
    fields = {"speed": speed, "source_start": (start, 1)}
    kept = heard(tone, 36, sample_rate, keep_pitch=True, **fields)
    assert pitch_of(kept, sample_rate) == pytest.approx(TONE, abs=1)
    assert swell(kept) < 0.02
    assert pitch_of(heard(tone, 36, sample_rate, **fields), sample_rate) == pytest.approx(
        TONE * abs(speed[0] / speed[1]), abs=1
    )


@pytest.mark.parametrize(("semitones", "cents"), [(12, 0), (-12, 0), (3, 50), (0, -100)])
@pytest.mark.parametrize("keep_pitch", [False, True])
def test_a_tone_is_shifted(tone: str, semitones: int, cents: int, keep_pitch: bool) -> None:
    """At its own speed and at another, beside what the speed does; switched off, nothing is done."""
    properties = {"AudioPitchSemiTones": semitones, "AudioPitchCents": cents}
    factor = 2 ** ((100 * semitones + cents) / 1200)
    assert pitch_of(heard(tone, 48, properties=properties)) == pytest.approx(TONE * factor, abs=1)
    faster = heard(tone, 36, properties=properties, speed=(3, 2), keep_pitch=keep_pitch)
    assert pitch_of(faster) == pytest.approx(TONE * factor * (1 if keep_pitch else 1.5), abs=1)
    off = heard(tone, 48, properties={**properties, "AudioPitchEnabled": False})
    assert numpy.array_equal(off, heard(tone, 48))


def test_what_is_heard_is_in_its_place(tmp_path: Path) -> None:
    """At double speed the second second of a file is heard after half a second, within a grain."""
    path = tmp_path / "late.wav"
    sound_file(path, 0.5, 2.0)
    content = bytearray(path.read_bytes())
    content[44 : 44 + RATE * 4] = bytes(RATE * 4)  # the first second is silent
    path.write_bytes(content)
    sound = heard(str(path), 24, speed=(2, 1), keep_pitch=True)
    first = int(numpy.argmax(numpy.abs(sound) > 0.05))
    assert abs(first - RATE // 2) <= HOP


def test_a_render_from_the_middle_sounds_like_one_from_the_start(tone: str) -> None:
    """It begins where the item is by then."""
    whole = heard(tone, 48, speed=(1, 2), keep_pitch=True)
    part = heard(tone, 48, first=24, speed=(1, 2), keep_pitch=True)
    assert len(part) == len(whole) - RATE
    assert pitch_of(part) == pytest.approx(TONE, abs=1)


def test_silence_stays_silent() -> None:
    """And what lies outside of the source is."""

    class Nothing:
        rate, channels, layout = RATE, 2, "stereo"

        def read(self, first: int, count: int) -> NDArray[numpy.float32]:
            return numpy.zeros((count, 2), numpy.float32)

    stretched = Stretcher(Nothing(), -5000.0, 1.5).read(-3000, 10_000)
    assert stretched.shape == (10_000, 2)
    assert not stretched.any()


def test_the_switch_reads_back(timeline: Any, item: Any) -> None:
    """On picture and sound, until it is switched off; a speed alone leaves it as it is."""
    (sound,) = timeline.GetItemListInTrack("audio", 1)
    assert item.SetSpeed({"Percentage": 50, "PitchCorrection": True}), failure.last()
    assert (item.GetSpeed()["PitchCorrection"], sound.GetSpeed()["PitchCorrection"]) == (True, True)
    assert item.SetSpeed({"Percentage": 75})
    assert sound.GetSpeed() == {**sound.GetSpeed(), "Percentage": 75.0, "PitchCorrection": True}
    (again,) = restart().GetCurrentTimeline().GetItemListInTrack("audio", 1)
    assert again.GetSpeed()["PitchCorrection"] is True
    assert again.SetSpeed({"Percentage": 75, "PitchCorrection": False})
    assert again.GetSpeed()["PitchCorrection"] is False


def test_pitch_and_voice_isolation_are_properties_of_a_sound(pool: Any, timeline: Any) -> None:
    """Voice isolation is the same as its state, and set on the current timeline only."""
    (sound,) = timeline.GetItemListInTrack("audio", 1)
    assert sound.SetProperties({"AudioPitchSemiTones": 30, "AudioPitchCents": -20}), failure.last()
    assert (sound.GetProperty("AudioPitchSemiTones"), sound.GetProperty("AudioPitchCents")) == (24.0, -20.0)
    assert sound.SetProperty("AudioVoiceIsolationAmount", 40)
    assert sound.GetVoiceIsolationState() == {"isEnabled": False, "amount": 40}
    assert sound.SetVoiceIsolationState({"isEnabled": True, "amount": 100})
    assert sound.GetProperty("AudioVoiceIsolationEnabled") is True
    assert sound.GetProperty("AudioVoiceIsolationAmount") == 100.0
    pool.CreateEmptyTimeline("other")
    assert sound.SetProperty("AudioVoiceIsolationEnabled", False) is False
    assert "current timeline only" in str(failure.last())
