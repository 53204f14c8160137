"""What the render bench renders: films with the statistics of real pictures, and the timelines cut from them."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy

from resolve_engine.media.info import ProbeFailure
from resolve_engine.media.probe import probe
from resolve_engine.render.spec import ItemSpec, NodeSpec, SourceSpec, TimelineSpec, TrackSpec

RATE = 24
SOURCES = 3
CUTS, OVERLAYS, PIECES = 40, 10, 12
"""Of a timeline of `WHOLE` frames; a shorter one has fewer, so that a frame costs the same."""
WHOLE = 60 * RATE
MARGIN = 96
"""Pixels around the picture that the camera pans over."""
SHARPNESS = 0.12
"""Of the lens, in cycles a pixel of 1080p."""
NOISE = 1.5
"""Of the sensor: the standard deviation, in codes of eight bits."""
PHASES = 4
"""Parts of a pixel by which pictures move."""
PASSING = 12
"""Things that pass by; each has 1/28 of the picture."""


def noise_planes(
    made: numpy.random.Generator, width: int, height: int, lowest: float, sharpness: float = math.inf
) -> list[Any]:
    """Three planes from 0 to 1 whose energy falls with frequency, as that of photographs does, from `lowest` on. A lens
    has taken all but a third of what has the frequency `sharpness`. Both are in cycles a pixel."""
    frequency = numpy.hypot(*numpy.meshgrid(numpy.fft.fftfreq(width), numpy.fft.fftfreq(height)))
    falls = numpy.exp(-((frequency / sharpness) ** 2)) / numpy.maximum(frequency, lowest)
    planes = []
    for _ in range(3):
        plane = numpy.fft.ifft2(numpy.fft.fft2(made.standard_normal((height, width))) * falls).real
        planes.append((plane - plane.min()) / (plane.max() - plane.min()))
    return planes


def films(folder: Path, frames: int, size: tuple[int, int]) -> list[Path]:
    """Films with a tone in stereo whose pictures cost an encoder what real ones do.

    Three real films (a street, a town, an animation) in the settings of this bench have 226 to 474 kB in a key picture,
    scaled to 1080p, 22 to 80 kB in another one, and 6 to 13 times as much in the first as in the second. These have 340
    and 42 kB, 8 times as much: a lens has softened them, they move by parts of pixels, things pass by in other
    directions, and there is new noise in each.
    """
    return [_film(folder / f"source{number}.mp4", frames, size, number) for number in range(SOURCES)]


class _Camera:
    """Pans over a picture, with things that pass by, and has a sensor with noise."""

    def __init__(self, size: tuple[int, int], seed: int) -> None:
        self._size = width, height = size
        wide, high = width + MARGIN, height + MARGIN
        self._made = numpy.random.default_rng(seed)
        planes = noise_planes(self._made, wide, high, 4 / wide, SHARPNESS)
        across, down = numpy.meshgrid(numpy.fft.rfftfreq(wide), numpy.fft.fftfreq(high))
        spectrum = numpy.fft.rfft2(planes[0] * 200 + 20)
        moved = numpy.fft.irfft2
        self._luma = [
            [moved(spectrum * numpy.exp(2j * numpy.pi * (across * x + down * y) / PHASES), (high, wide)).astype("i2")
             for x in range(PHASES)]
            for y in range(PHASES)
        ]  # fmt: skip
        """The picture, moved by parts of a pixel: a row for each part that it is moved up, in it those to the left."""
        self._chroma = [(plane[::2, ::2] * 80 + 88).astype(numpy.uint8) for plane in planes[1:]]
        self._noise = self._made.normal(0, NOISE, (8, height + MARGIN, width + MARGIN)).round().astype("i2")

    def picture(self, index: int) -> av.VideoFrame:
        """A frame by its number."""
        width, height = self._size
        x, y = _to_and_fro(index * 2.3), _to_and_fro(index * 0.4)
        luma = self._part(x, y, width, height).copy()
        for number in range(PASSING):
            wide, high = width // 7, height // 4
            speed = (3.7 if number % 2 else -2.9) * (1 + 0.15 * number)
            left = int((number * 397 + index * speed) % (width - wide))
            top = int((number * 173 + 60 * math.sin(index / 9 + number)) % (height - high))
            shown = self._part(_to_and_fro(index * (1.3 + 0.2 * number)) + 37 * number, 53 * number, wide, high)
            luma[top : top + high, left : left + wide] = shown
        across, down = self._made.integers(0, MARGIN, 2)
        luma += self._noise[index % len(self._noise), down : down + height, across : across + width]
        frame = av.VideoFrame(width, height, "yuv420p")
        _fill(frame.planes[0], luma.clip(0, 255))
        left, top = int(x) // 2, int(y) // 2
        for part, colour in zip(frame.planes[1:], self._chroma, strict=True):
            _fill(part, colour[top : top + height // 2, left : left + width // 2])
        frame.pts, frame.time_base = index, Fraction(1, RATE)
        return frame

    def _part(self, x: float, y: float, width: int, height: int) -> Any:
        """What stands at a place of the picture, which need not be one of whole pixels."""
        moved = self._luma[int(y * PHASES) % PHASES][int(x * PHASES) % PHASES]
        return moved[int(y) : int(y) + height, int(x) : int(x) + width]


def _to_and_fro(way: float) -> float:
    """Where the camera is in its margin after a way of so many pixels."""
    way %= 2 * (MARGIN - 2)
    return min(way, 2 * (MARGIN - 2) - way)


def _film(path: Path, frames: int, size: tuple[int, int], seed: int) -> Path:
    camera = _Camera(size, seed)
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "18", "g": "24"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        context = video.codec_context
        context.colorspace, context.color_primaries, context.color_trc, context.color_range = 1, 1, 1, 1
        voice: Any = container.add_stream("aac", rate=48000, layout="stereo")
        for index in range(frames):
            container.mux(video.encode(camera.picture(index)))
        container.mux(video.encode(None))
        for second in range(-(-frames // RATE)):
            moment = numpy.arange(48000) / 48000 + second
            tone = (0.1 * numpy.sin(2 * numpy.pi * 220 * (seed + 1) * moment)).astype(numpy.float32)
            sound = av.AudioFrame.from_ndarray(numpy.repeat(tone, 2).reshape(1, -1), format="flt", layout="stereo")
            sound.sample_rate, sound.pts, sound.time_base = 48000, second * 48000, Fraction(1, 48000)
            container.mux(voice.encode(sound))
        container.mux(voice.encode(None))
    return path


def _fill(plane: Any, values: Any) -> None:
    rows = numpy.frombuffer(memoryview(plane), numpy.uint8).reshape(plane.height, plane.line_size)
    rows[:, : plane.width] = values


def cube(path: Path) -> Path:
    """A warm look of 33 points a side."""
    lines = ["LUT_3D_SIZE 33"]
    steps = [index / 32 for index in range(33)]
    lines += [f"{red**0.9:.6f} {green:.6f} {blue**1.1:.6f}" for blue in steps for green in steps for red in steps]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def _source(path: Path) -> SourceSpec:
    info = probe(str(path))
    if isinstance(info, ProbeFailure) or info.video is None:
        raise RuntimeError(f"{path} was not written well")
    streams = tuple(stream.stream_index for stream in info.audio)
    return SourceSpec(info.path, info.kind, info.video.rate, info.video.frames or 0, audio_streams=streams)


def _share(count: int, frames: int) -> int:
    """What a timeline of so many frames has of what `WHOLE` frames have."""
    return max(1, round(count * frames / WHOLE))


def _item(name: str, start: int, end: int, source: SourceSpec, first: int, **more: Any) -> ItemSpec:
    return ItemSpec(name, name, start, end, source, (first, 1), **more)


def straight(sources: list[Path], frames: int, size: tuple[int, int]) -> TimelineSpec:
    """One film cut into pieces that stand in another order, with its sound; nothing else."""
    source = _source(sources[0])
    pieces = _share(PIECES, frames)
    step = frames // pieces
    starts = [(number * 5 % pieces) * step for number in range(pieces)]
    video = tuple(
        _item(f"p{number}", number * step, (number + 1) * step, source, first) for number, first in enumerate(starts)
    )
    audio = tuple(
        _item(f"s{number}", number * step, (number + 1) * step, source, first) for number, first in enumerate(starts)
    )
    return TimelineSpec(
        "straight", (RATE, 1), False, *size, 0, step * pieces, (TrackSpec(True, video),), (TrackSpec(True, audio),)
    )


def effects(sources: list[Path], frames: int, size: tuple[int, int], lut: Path) -> TimelineSpec:
    """Three tracks: 40 cuts of which every second is graded by one LUT, ten pictures in the picture, and a title."""
    chance = random.Random(7)
    found = [_source(path) for path in sources]
    cuts = sorted(chance.sample(range(6, frames - 6), _share(CUTS, frames)))
    overlays = _share(OVERLAYS, frames)
    grade = (NodeSpec(lut=str(lut)),)
    base: list[ItemSpec] = []
    sounds: list[ItemSpec] = []
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, frames], strict=True)):
        source = found[number % len(found)]
        first = chance.randrange(max(1, source.frames - (end - start)))
        base.append(_item(f"p{number}", start, end, source, first, nodes=grade if number % 2 else ()))
        sounds.append(_item(f"s{number}", start, end, source, first))
    each = frames // overlays
    upper = [
        _item(
            f"o{number}", number * each, number * each + each // 3, found[(number + 1) % len(found)], 10 * number,
            properties={
                "ZoomX": 0.3, "ZoomY": 0.3, "Pan": 500.0 - 60 * number, "Tilt": 250.0,
                "RotationAngle": 5.0 * (number % 3), "Opacity": 80.0,
            },
        )
        for number in range(overlays)
    ]  # fmt: skip
    words = SourceSpec(
        "", "generated", (RATE, 1), frames // 6, content={"kind": "title", "name": "Text", "text": "Render bench"}
    )
    title = _item("title", frames // 4, frames // 4 + frames // 6, words, 0, fade_in=12, fade_out=12)
    music = _item("music", 0, min(frames, found[0].frames), found[0], 0)
    tracks = tuple(TrackSpec(True, tuple(items)) for items in (base, upper, [title]))
    audio = tuple(TrackSpec(True, tuple(items)) for items in (sounds, [music]))
    return TimelineSpec("effects", (RATE, 1), False, *size, 0, frames, tracks, audio)
