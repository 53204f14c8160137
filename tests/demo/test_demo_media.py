"""The media that the demo makes are what it says they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import PyOpenColorIO as ocio
import pytest
from demo import media


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Ten grey frames at 25 fps, 64x32, with 0.4 s of mono sound."""
    path = tmp_path / "film.mov"
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=25)
        picture.width, picture.height = 64, 32
        picture.pix_fmt = "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=48000, layout="mono")
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((32, 64, 3), 20 * number, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(picture.encode(frame))
        block = av.AudioFrame.from_ndarray(np.full((1, 19200), 1000, np.int16), format="s16", layout="mono")
        block.sample_rate, block.pts = 48000, 0
        container.mux(sound.encode(block))
        container.mux(picture.encode(None))
    return path


def test_the_camera_file_is_prores_with_the_timecode(film: Path, tmp_path: Path) -> None:
    """The demo claims a ProRes clip with embedded timecode, frame for frame the original."""
    media.write_camera_file(film, tmp_path / "camera.mov")

    with av.open(str(tmp_path / "camera.mov")) as camera:
        stream = camera.streams.video[0]
        described = (stream.codec_context.name, stream.metadata["timecode"], stream.average_rate)
        assert described == ("prores", "01:02:03:04", Fraction(25))
        assert sum(1 for _ in camera.decode(video=0)) == 10


def test_the_sound_is_a_stereo_wave_of_the_same_length(film: Path, tmp_path: Path) -> None:
    """0.4 s at 48 kHz are 19200 samples; none may be lost in the resampler."""
    media.write_sound(film, tmp_path / "sound.wav")

    with av.open(str(tmp_path / "sound.wav")) as wave:
        stream = wave.streams.audio[0]
        assert (stream.codec_context.name, stream.channels, stream.rate) == ("pcm_s16le", 2, 48000)
        assert sum(frame.samples for frame in wave.decode(audio=0)) == 19200


def test_the_sequence_is_numbered_from_one(film: Path, tmp_path: Path) -> None:
    """An importer groups files by their numbers."""
    media.write_sequence(film, tmp_path / "city")

    assert sorted(path.name for path in (tmp_path / "city").iterdir())[:2] == ["city_0001.jpg", "city_0002.jpg"]


def test_the_lut_warms_lights_and_cools_shadows(tmp_path: Path) -> None:
    """Read by the library that the engine grades with: red above blue in the lights, below it in the shadows."""
    media.write_lut(tmp_path / "look.cube")
    transform = ocio.FileTransform(src=str(tmp_path / "look.cube"), interpolation=ocio.INTERP_LINEAR)
    processor = ocio.Config.CreateRaw().getProcessor(transform).getDefaultCPUProcessor()

    light, shadow = processor.applyRGB([0.8, 0.8, 0.8]), processor.applyRGB([0.15, 0.15, 0.15])

    assert light[0] > light[2] + 0.05
    assert shadow[2] > shadow[0] + 0.05
