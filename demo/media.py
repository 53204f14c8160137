"""Makes the media of the demo: a camera file with timecode, an image sequence, a WAV and a LUT of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import cast

import av
from av.audio.resampler import AudioResampler
from PIL import Image

from demo import footage

STREET_TIMECODE = "01:02:03:04"
STREET_SIZE = (1280, 544)
SEQUENCE_FRAMES = 96
SEQUENCE_SIZE = (1280, 720)
LUT_POINTS = 17
BT709 = 1
"""The number of ITU-T H.273 for primaries, transfer and matrix alike."""


@dataclass(frozen=True)
class Media:
    """Absolute paths of what the demo imports."""

    bunny: Path
    """H.264 with AAC 5.1 sound, 1280x720, 25 fps, 132 frames."""
    street: Path
    """ProRes 422 in MOV with embedded timecode, 1280x544, 25 fps, 250 frames."""
    sound: Path
    """WAV, 48 kHz, stereo, 16 bit: the sound of the bunny."""
    sequence: Path
    """Folder of numbered JPEG frames, 1280x720."""
    lut: Path
    """A .cube file: warm lights, teal shadows."""
    credits: tuple[str, ...]
    """What must be named beside a film made of them."""

    @property
    def first_frame(self) -> Path:
        """The first file of the sequence."""
        return self.sequence / "city_0001.jpg"


def prepare(folder: Path) -> Media:
    """Makes everything in `folder`, unless an earlier run of this very recipe did."""
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    stamp = folder / "recipe"
    originals = folder / "originals"
    clips = (footage.BUNNY, footage.STREET, footage.CITY)
    bunny, bikes, city = (footage.fetch(clip, originals) for clip in clips)
    media = Media(
        bunny=bunny,
        street=folder / "street.mov",
        sound=folder / "bunny.wav",
        sequence=folder / "city",
        lut=folder / "warm-teal.cube",
        credits=tuple(clip.credit for clip in clips),
    )
    if not stamp.exists() or stamp.read_text() != recipe:
        write_camera_file(bikes, media.street)
        write_sound(bunny, media.sound)
        write_sequence(city, media.sequence)
        write_lut(media.lut)
        stamp.write_text(recipe)
    return media


def write_camera_file(source: Path, target: Path) -> None:
    """The pictures of `source` as ProRes 422 with the timecode STREET_TIMECODE, as a camera writes it."""
    with av.open(str(source)) as film, av.open(str(target), "w", format="mov") as camera:
        rate = cast(Fraction, film.streams.video[0].average_rate)
        stream = camera.add_stream("prores_aw", rate=rate, options={"profile": "2"})
        stream.width, stream.height = STREET_SIZE
        stream.pix_fmt = "yuv422p10le"
        stream.metadata["timecode"] = STREET_TIMECODE
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = BT709
        for number, picture in enumerate(film.decode(video=0)):
            frame = picture.reformat(*STREET_SIZE, format="yuv422p10le", interpolation="LANCZOS")
            frame.pts, frame.time_base = number, 1 / rate
            camera.mux(stream.encode(frame))
        camera.mux(stream.encode(None))


def write_sound(source: Path, target: Path) -> None:
    """The sound of `source` as a stereo WAV."""
    with av.open(str(source)) as film, av.open(str(target), "w", format="wav") as wave:
        stream = wave.add_stream("pcm_s16le", rate=48000, layout="stereo")
        resampler = AudioResampler("s16", "stereo", 48000)
        for block in [*film.decode(audio=0), None]:
            for frame in resampler.resample(block):
                wave.mux(stream.encode(frame))
        wave.mux(stream.encode(None))


def write_sequence(source: Path, folder: Path) -> None:
    """The first SEQUENCE_FRAMES pictures of `source` as numbered JPEG files."""
    folder.mkdir(exist_ok=True)
    with av.open(str(source)) as film:
        for number, picture in enumerate(islice(film.decode(video=0), SEQUENCE_FRAMES), start=1):
            still = Image.fromarray(picture.to_ndarray(format="rgb24"))
            still.resize(SEQUENCE_SIZE).save(folder / f"city_{number:04}.jpg", quality=92)


def write_lut(target: Path) -> None:
    """A 17-point .cube LUT that turns shadows teal and lights warm."""
    lines = ['TITLE "warm lights, teal shadows"', f"LUT_3D_SIZE {LUT_POINTS}"]
    lines += [" ".join(f"{channel:.6f}" for channel in color) for color in _lut_colors()]
    target.write_text("\n".join(lines) + "\n", encoding="ascii")


def _lut_colors() -> Iterator[tuple[float, ...]]:
    """The table in the order of a .cube file: red runs fastest."""
    steps = [point / (LUT_POINTS - 1) for point in range(LUT_POINTS)]
    for blue in steps:
        for green in steps:
            for red in steps:
                light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
                # A soft S-curve for contrast, then a push that crosses zero at mid grey.
                push = 0.14 * (light - 0.5)
                toned = (value + 0.25 * (value - value * value) * (2 * value - 1) for value in (red, green, blue))
                tint = (push + 0.02, 0.25 * push, -push - 0.02)
                yield tuple(min(1.0, max(0.0, value + shift)) for value, shift in zip(toned, tint, strict=True))
