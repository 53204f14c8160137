"""Sound stands at its sample: cuts, rates, speeds and the fold to stereo."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy
import pytest
from generate import film, heard, sound, wave
from numpy.typing import NDArray
from spec_maker import item, job, rendered, source, timeline

from resolve_engine.media.errors import MediaError
from resolve_engine.media.sound_reader import SoundReader
from resolve_engine.render.mix import Mixer, fold
from resolve_engine.render.resample import margin, sampled
from resolve_engine.render.spec import ItemSpec


def mixed(items: list[ItemSpec], rate: tuple[int, int], end: int, sample_rate: int = 48000) -> NDArray[numpy.float32]:
    """The whole mix of one track from frame 0."""
    mixer = Mixer(timeline([], [items], rate), 0, end, sample_rate)
    blocks = [mixer.block(frame) for frame in range(end)]
    mixer.close()
    return numpy.concatenate(blocks)


def clicks(samples: NDArray[numpy.float32], level: float = 0.5) -> list[int]:
    """Where the left side is louder than a level."""
    return [int(place) for place in (numpy.abs(samples[:, 0]) > level).nonzero()[0]]


@pytest.mark.parametrize("rate", [(24, 1), (24000, 1001), (25, 1), (30000, 1001), (60000, 1001)])
def test_cuts_fall_on_their_sample(tmp_path: Path, rate: tuple[int, int]) -> None:
    """Every click of a source frame is heard at the start of the timeline frame that shows it, to one sample."""
    exact = Fraction(*rate)
    of = source(sound(tmp_path / "c.wav", wave("clicks", 200_000, rate=exact)))
    of = type(of)(**{**of.__dict__, "rate": rate})
    items = [item("a", 0, 10, of, 30), item("b", 10, 17, of, 3), item("c", 20, 31, of, 50)]
    samples = mixed(items, rate, 31)
    expected = [round(frame * 48000 / exact) for frame in [*range(17), *range(20, 31)]]
    found = clicks(samples)
    assert len(found) == len(expected)
    assert max(abs(one - other) for one, other in zip(found, expected, strict=True)) <= 1
    assert len(samples) == round(31 * 48000 / exact)


def test_a_source_of_another_sample_rate_keeps_its_time(tmp_path: Path) -> None:
    """44.1 kHz in a 48 kHz render: clicks stay within a sample, a tone keeps pitch and level."""
    of = source(sound(tmp_path / "c.wav", wave("clicks", 88200, 44100, 24), 44100))
    samples = mixed([item("a", 0, 20, of, 10)], (24, 1), 20)
    peaks = [int(numpy.argmax(samples[n * 2000 - 40 : n * 2000 + 40, 0])) - 40 for n in range(1, 20)]
    assert max(map(abs, peaks)) <= 1
    tone = source(sound(tmp_path / "t.wav", wave("tone", 88200, 44100), 44100))
    samples = mixed([item("a", 0, 20, tone, 0)], (24, 1), 20)[2000:-2000, 0]
    ideal = 0.25 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(2000, 38000) / 48000)
    assert float(numpy.abs(samples - ideal).max()) < 2e-4


def test_speed_and_direction(tmp_path: Path) -> None:
    """Twice as fast brings clicks twice as close; backwards plays the samples in reverse order."""
    of = source(sound(tmp_path / "c.wav", wave("clicks", 192_000)))
    fast = mixed([item("a", 0, 24, of, 0, 2)], (24, 1), 24)
    loud = [int(place) for place in (fast[:, 0] > 0.25).nonzero()[0]]
    assert loud == [1000 * number for number in range(48)]
    ramp = wave("ramp", 96000)
    backwards = mixed([item("a", 0, 24, source(sound(tmp_path / "r.wav", ramp)), 48, -1)], (24, 1), 24)
    expected = ramp[96000 - numpy.arange(1, 48000)]
    assert float(numpy.abs(backwards[1:48000] - expected)[100:19000].max()) < 1e-3


def test_tracks_add_up_and_volume_counts(tmp_path: Path) -> None:
    """Two tracks are summed; -6.02 dB is half; pan is a balance."""
    of = source(sound(tmp_path / "t.wav", wave("tone", 48000)))
    whole = mixed([item("a", 0, 12, of)], (24, 1), 12)
    quiet = mixed([item("a", 0, 12, of, properties={"AudioVolume": -6.0206})], (24, 1), 12)
    assert float(numpy.abs(quiet - whole / 2).max()) < 1e-5
    left = mixed([item("a", 0, 12, of, properties={"AudioPan": -100})], (24, 1), 12)
    assert float(numpy.abs(left[:, 1]).max()) == 0
    assert float(numpy.abs(left[:, 0] - whole[:, 0]).max()) == 0
    both = Mixer(timeline([], [[item("a", 0, 12, of)], [item("b", 0, 12, of)]]), 0, 12, 48000)
    assert float(numpy.abs(both.block(3) - 2 * whole[6000:8000]).max()) < 1e-6


def test_the_fold_to_stereo() -> None:
    """Mono to both sides, stereo as it is, surround at the usual weights and never above full scale."""
    assert fold("mono", 1).tolist() == [[1, 1]]
    assert fold("stereo", 2).tolist() == [[1, 0], [0, 1]]
    surround = fold("5.1", 6)
    assert surround.sum(axis=0) == pytest.approx([1, 1])
    assert surround[2, 0] == surround[2, 1] == pytest.approx(surround[0, 0] * 0.70711, abs=1e-4)
    assert surround[3].tolist() == [0, 0]
    assert fold("4 channels", 4).tolist() == [[0.5, 0], [0, 0.5], [0.5, 0], [0, 0.5]]


def test_eight_planar_channels_are_heard(tmp_path: Path) -> None:
    """A 7.1 AAC track, which kills a process that looks at its planes."""
    of = source(film(tmp_path / "w.mp4", 24, 24, sound="tone", channels=8))
    samples = mixed([item("a", 0, 24, of)], (24, 1), 24)
    assert 0.15 < float(numpy.abs(samples[10000:40000]).max()) < 0.3


@pytest.mark.parametrize(
    ("name", "codec", "exact"),
    [("a.wav", "pcm_s24le", True), ("b.mov", "pcm_s16le", True), ("c.flac", "flac", True), ("d.m4a", "aac", False),
     ("e.mp3", "libmp3lame", False), ("f.mkv", "pcm_s16le", True)],
)  # fmt: skip
def test_any_range_of_samples(tmp_path: Path, name: str, codec: str, exact: bool) -> None:
    """Random ranges equal those of one pass from the start, in every container."""
    path = sound(tmp_path / name, wave("ramp", 200_000), codec=codec)
    reader = SoundReader(str(path), 0)
    whole = reader.read(0, 200_000)
    reader.close()
    reader = SoundReader(str(path), 0)
    generator = numpy.random.default_rng(7)
    for first in [0, 150_000, *generator.integers(0, 190_000, 12)]:
        part = reader.read(int(first), 3000)
        shift = 0 if name != "f.mkv" else int(numpy.abs(_best_shift(whole, part, int(first))))
        assert shift <= 24
        if shift == 0:
            assert float(numpy.abs(part - whole[first : first + 3000]).max()) < (1e-6 if exact else 2e-2), (name, first)
    reader.close()
    if exact:
        assert float(numpy.abs(whole[:, 0] - wave("ramp", 200_000)[:, 0]).max()) < 1e-4


def _best_shift(whole: NDArray[numpy.float32], part: NDArray[numpy.float32], first: int) -> int:
    """Samples that a part is off; Matroska's times are whole milliseconds."""
    for shift in sorted(range(-30, 31), key=abs):
        low = max(0, first + shift)
        piece = whole[low : low + len(part)]
        if len(piece) == len(part) and float(numpy.abs(piece - part)[:1000].max()) < 1e-6:
            return shift
    return 99


def test_silence_outside_of_the_file(tmp_path: Path) -> None:
    """Before its first and after its last sample a file is silent; that is no error."""
    reader = SoundReader(str(sound(tmp_path / "t.wav", wave("tone", 1000))), 0)
    part = reader.read(-500, 2000)
    assert float(numpy.abs(part[:500]).max()) == 0
    assert float(numpy.abs(part[1500:]).max()) == 0
    assert float(numpy.abs(part[500:1500] - wave("tone", 1000)).max()) < 1e-4


def test_resampling_is_transparent() -> None:
    """A tone read at fractional places is the tone, to -80 dB."""
    step = 44100 / 48000
    signal = numpy.sin(2 * numpy.pi * 997 * numpy.arange(6000) / 44100).astype(numpy.float32)[:, None]
    start = float(margin(step)) + 0.37
    values = sampled(signal, start, step, 3000)[:, 0]
    ideal = numpy.sin(2 * numpy.pi * 997 * (start + numpy.arange(3000) * step) / 44100)
    assert float(numpy.abs(values - ideal).max()) < 1e-4


def test_a_wave_file_of_a_timeline(tmp_path: Path) -> None:
    """Sound alone as a 24-bit WAV: as many samples as the range lasts, the source's own values."""
    samples = wave("ramp", 96000)
    of = source(sound(tmp_path / "r.wav", samples, codec="pcm_s24le"))
    spec = timeline([], [[item("a", 0, 24, of, 12)]])
    made = rendered(job(spec, tmp_path / "o.wav", "wav", "", video=False, audio_bit_depth=24))
    written, rate = heard(made)
    assert (rate, written.shape) == (48000, (48000, 2))
    assert float(numpy.abs(written - samples[24000:72000]).max()) < 1e-6


@pytest.mark.parametrize("rate", [(30000, 1001), (25, 1)])
@pytest.mark.parametrize(("form", "codec"), [("wav", "lpcm"), ("flac", "flac"), ("mov", "lpcm")])
def test_cuts_fall_on_their_sample_in_the_file(tmp_path: Path, rate: tuple[int, int], form: str, codec: str) -> None:
    """Of seven items with a hole between them: each click of a source frame at the sample of its timeline frame."""
    exact = Fraction(*rate)
    of = source(sound(tmp_path / "c.wav", wave("clicks", 200_000, rate=exact)))
    of = type(of)(**{**of.__dict__, "rate": rate})
    edges = [0, 7, 8, 19, 23, 31, 40, 47]
    items = [item(str(n), start, end, of, 5 + 9 * n) for n, (start, end) in enumerate(pairwise(edges)) if n != 3]
    spec = job(timeline([], [items], rate), tmp_path / f"o.{form}", form, "", video=False, audio_codec=codec)
    samples, sample_rate = heard(rendered(spec))
    expected = [round(frame * 48000 / exact) for frame in range(47) if not 19 <= frame < 23]
    assert (sample_rate, len(samples)) == (48000, round(47 * 48000 / exact))
    # The click of the next source frame may fall on an item's last sample: sources have samples of their own.
    ends = [round(edge * 48000 / exact) for edge in edges[1:]]
    found = clicks(samples)
    assert all(min(abs(click - place) for click in found) <= 1 for place in expected)
    assert all(min(abs(click - place) for place in (*expected, *ends)) <= 1 for click in found)


def test_sound_that_is_gone_is_named(tmp_path: Path) -> None:
    """A file that was removed after its import fails the mix with the item's name and the path."""
    path = sound(tmp_path / "gone.wav", wave("tone", 1000))
    of = source(path)
    path.unlink()
    with pytest.raises(MediaError, match=r"the sound item 'voice' cannot be heard: .*gone\.wav' does not exist"):
        mixed([item("voice", 0, 5, of)], (24, 1), 5)
