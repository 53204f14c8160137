"""The media that each session imports: a film with a moving bar and a tone, both made here."""

from __future__ import annotations

import math
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from clients import plan

AMPLITUDE = 8000
"""A quarter of full scale."""


@dataclass(frozen=True)
class Media:
    """Absolute paths of what is imported."""

    picture: Path
    """H.264 in MP4, without sound."""
    sound: Path
    """WAV, 48 kHz, mono, 16 bit, as long as the picture."""


def make(folder: Path) -> Media:
    """Makes both files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    media = Media(picture=folder / "bar.mp4", sound=folder / "tone.wav")
    _make_picture(media.picture)
    _make_sound(media.sound)
    return media


def _make_picture(path: Path) -> None:
    width, height = plan.PICTURE
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=plan.RATE)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, plan.RATE)
        for index in range(plan.PICTURE_FRAMES):
            pixels = np.full((height, width, 3), 40, dtype=np.uint8)
            left = index * (width - 20) // plan.PICTURE_FRAMES
            pixels[:, left : left + 20] = (220, 160, 60)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        film.mux(stream.encode())


def _make_sound(path: Path) -> None:
    count = plan.PICTURE_FRAMES * plan.SOUND_RATE // plan.RATE
    samples = [round(AMPLITUDE * math.sin(2 * math.pi * 440 * n / plan.SOUND_RATE)) for n in range(count)]
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(plan.SOUND_RATE)
        sound.writeframes(np.array(samples, dtype="<i2").tobytes())


def frames_of(path: Path) -> int:
    """The frames of a film, by decoding them."""
    with av.open(str(path)) as film:
        return sum(1 for _ in film.decode(video=0))
