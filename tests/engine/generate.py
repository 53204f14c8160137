"""Test media made on the spot: films whose frames carry their own number, sequences, sound with clicks.

Written with PyAV and NumPy alone, not with the engine, so that it can judge the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy
from numpy.typing import NDArray

SIZE = (320, 180)
COLUMNS, ROWS = 8, 3
LOW, HIGH = 40, 210
"""Luma of a 0 and of a 1: far apart, and off the ends of the scale."""

Gray = NDArray[numpy.uint8]


def code_picture(number: int, size: tuple[int, int] = SIZE) -> Gray:
    """A grey picture of 8 x 3 blocks: the high byte of the number, its low byte, and a check of both."""
    width, height = size
    high, low = number >> 8 & 255, number & 255
    picture = numpy.zeros((height, width), numpy.uint8)
    for row, byte in enumerate((high, low, high ^ low ^ 0xA5)):
        for column in range(COLUMNS):
            value = HIGH if byte >> (7 - column) & 1 else LOW
            top, bottom = row * height // ROWS, (row + 1) * height // ROWS
            left, right = column * width // COLUMNS, (column + 1) * width // COLUMNS
            picture[top:bottom, left:right] = value
    return picture


def read_code(picture: NDArray[Any], box: tuple[int, int, int, int] | None = None) -> int | None:
    """The number in a grey picture, or in the box (x, y, width, height) of it; None when the check fails."""
    x, y, width, height = box or (0, 0, picture.shape[1], picture.shape[0])
    area = picture[y : y + height, x : x + width].astype(numpy.float32)
    result: list[int] = []
    for row in range(ROWS):
        byte = 0
        for column in range(COLUMNS):
            cell = area[
                (row * 4 + 1) * height // (ROWS * 4) : (row * 4 + 3) * height // (ROWS * 4),
                (column * 4 + 1) * width // (COLUMNS * 4) : (column * 4 + 3) * width // (COLUMNS * 4),
            ]
            byte = byte << 1 | int(cell.mean() > (LOW + HIGH) / 2)
        result.append(byte)
    high, low, check = result
    return high << 8 | low if check == high ^ low ^ 0xA5 else None


def film(
    path: str | Path,
    rate: Fraction | int = 24,
    frames: int = 48,
    first: int = 0,
    *,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    size: tuple[int, int] = SIZE,
    options: dict[str, str] | None = None,
    timecode: str | None = None,
    sound: str = "",
    sound_codec: str = "aac",
    channels: int = 2,
    sample_rate: int = 48000,
    gaps: Sequence[int] | None = None,
    picture: Callable[[int], NDArray[Any]] | None = None,
    picture_format: str = "gray",
    muxer: str | None = None,
    tags: dict[str, int] | None = None,
    samples: NDArray[numpy.float32] | None = None,
) -> Path:
    """A film whose frame n shows the code `first + n`.

    `sound` is '' for none, `tone` for 440 Hz, `clicks` for one full sample at the start of every frame.
    `samples` x channels are a sound of one's own in place of both.
    `gaps` makes the rate variable: frame n lasts `gaps[n % len(gaps)]` ticks of 1/1000 s.
    """
    rate = Fraction(rate)
    if options is None:
        options = {"preset": "ultrafast", "crf": "18", "g": "12"} if codec == "libx264" else {}
    container = av.open(str(path), "w", format=muxer)
    stream: Any = container.add_stream(codec, rate=rate, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = pixel_format
    context = stream.codec_context
    if gaps is not None:
        context.time_base = Fraction(1, 1000)
    for name, value in (tags or {}).items():
        setattr(context, name, value)
    if timecode is not None:
        stream.metadata["timecode"] = timecode
    voice: Any = None
    if samples is not None:
        channels = samples.shape[1]
    if sound or samples is not None:
        voice = container.add_stream(sound_codec, rate=sample_rate, layout=_layout(channels))
    moment = 0
    for index in range(frames):
        array = picture(index) if picture else code_picture(first + index, size)
        frame = av.VideoFrame.from_ndarray(numpy.ascontiguousarray(array), format=picture_format)
        if pixel_format != picture_format:
            frame = frame.reformat(format=pixel_format, dst_colorspace="itu709" if size[1] >= 720 else "itu601")
        frame.pts, frame.time_base = (index, 1 / rate) if gaps is None else (moment, Fraction(1, 1000))
        for packet in stream.encode(frame):
            container.mux(packet)
        if gaps is not None:
            moment += gaps[index % len(gaps)]
    for packet in stream.encode(None):
        container.mux(packet)
    if voice is not None:
        if samples is None:
            samples = wave(sound, round(frames / rate * sample_rate), sample_rate, rate, channels)
        _encode_sound(container, voice, samples, sample_rate)
    container.close()
    return Path(path)


def wave(
    kind: str, samples: int, sample_rate: int = 48000, rate: Fraction | int = 24, channels: int = 2
) -> NDArray[numpy.float32]:
    """Samples x channels. `clicks` sets the first sample of every frame to 0.8; `tone` is 440 Hz at -12 dBFS."""
    if kind == "clicks":
        mono = numpy.zeros(samples, numpy.float32)
        index = 0
        while (place := round(index * sample_rate / Fraction(rate))) < samples:
            mono[place] = 0.8
            index += 1
    elif kind == "tone":
        mono = (0.25 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(samples) / sample_rate)).astype(numpy.float32)
    elif kind == "ramp":
        mono = (numpy.arange(samples) % 20000 / 20000 - 0.5).astype(numpy.float32)
    else:
        raise ValueError(f"no such sound: {kind}")
    return numpy.repeat(mono[:, None], channels, axis=1)


def sound(
    path: str | Path,
    samples: NDArray[numpy.float32],
    sample_rate: int = 48000,
    codec: str = "pcm_s16le",
    options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """A sound file of samples x channels, such as a WAV; `options` go to the muxer (`write_bext`)."""
    container = av.open(str(path), "w", options=options or {})
    container.metadata.update(metadata or {})
    voice: Any = container.add_stream(codec, rate=sample_rate, layout=_layout(samples.shape[1]))
    _encode_sound(container, voice, samples, sample_rate)
    container.close()
    return Path(path)


def pictures(folder: str | Path, stem: str, first: int, frames: int, digits: int = 4, tail: str = ".png") -> list[Path]:
    """Numbered picture files; the file with number n shows the code n."""
    codecs = {".png": ("png", "rgb24"), ".tif": ("tiff", "rgb24"), ".jpg": ("mjpeg", "yuvj420p"),
              ".exr": ("exr", "gbrpf32le"), ".dpx": ("dpx", "gbrp10le"), ".bmp": ("bmp", "bgr24")}  # fmt: skip
    codec, form = codecs[tail]
    made: list[Path] = []
    for number in range(first, first + frames):
        path = Path(folder) / f"{stem}{number:0{digits}d}{tail}"
        still(path, code_picture(number), "gray", codec, form)
        made.append(path)
    return made


def still(path: str | Path, array: NDArray[Any], array_format: str, codec: str = "png", form: str = "rgb24") -> Path:
    """One picture file."""
    frame = av.VideoFrame.from_ndarray(numpy.ascontiguousarray(array), format=array_format)
    if form != array_format:
        frame = frame.reformat(format=form)
    context: Any = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = frame.width, frame.height, form
    context.time_base = Fraction(1, 24)
    packets = [*context.encode(frame), *context.encode(None)]
    Path(path).write_bytes(b"".join(bytes(packet) for packet in packets))
    return Path(path)


def grays(path: str | Path) -> Iterator[Gray]:
    """The decoded frames of a film in order, grey."""
    with av.open(str(path)) as container:
        for frame in container.decode(container.streams.video[0]):
            yield frame.reformat(format="gray").to_ndarray()


def codes(path: str | Path, box: tuple[int, int, int, int] | None = None) -> list[int | None]:
    """The numbers that a film's frames show, in order."""
    return [read_code(picture, box) for picture in grays(path)]


def heard(path: str | Path) -> tuple[NDArray[numpy.float32], int]:
    """All samples of the first sound stream, samples x channels, and their rate."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        packer = av.AudioResampler("flt", stream.layout, stream.rate)
        blocks: list[NDArray[Any]] = []
        for frame in [*container.decode(stream), None]:
            for packed in packer.resample(frame):
                blocks.append(packed.to_ndarray().reshape(-1, stream.channels))
        return numpy.concatenate(blocks), stream.rate


def _layout(channels: int) -> str:
    return {1: "mono", 2: "stereo", 4: "quad", 6: "5.1", 8: "7.1"}[channels]


def _encode_sound(container: Any, voice: Any, samples: NDArray[numpy.float32], sample_rate: int) -> None:
    """Feed packed float samples; a resampler brings them into the encoder's own format and frame size."""
    layout = _layout(samples.shape[1])
    size = voice.codec_context.frame_size or 1024
    packer = av.AudioResampler(voice.codec_context.format, layout, sample_rate, frame_size=size)
    place = 0
    while place < len(samples):
        block = numpy.ascontiguousarray(samples[place : place + 4096]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, "flt", layout)
        frame.sample_rate, frame.pts, frame.time_base = sample_rate, place, Fraction(1, sample_rate)
        for packed in packer.resample(frame):
            container.mux(voice.encode(packed))
        place += 4096
    for packed in packer.resample(None):
        container.mux(voice.encode(packed))
    container.mux(voice.encode(None))
