"""Damaged files cost their own answer: the worker's client never raises for a probe and never hangs."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from generate import film, pictures, sound, wave
from spec_maker import item, timeline

from resolve_engine.media.errors import MediaError
from resolve_engine.media.info import MediaInfo, ProbeFailure
from resolve_engine.render.spec import SourceSpec
from resolve_engine.worker.client import MediaWorker

VARIANTS = 40


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One file of each kind."""
    folder = tmp_path_factory.mktemp("healthy")
    return [
        film(folder / "a.mp4", 24, 24, sound="tone"),
        film(folder / "b.mov", 24, 12, codec="prores_aw", pixel_format="yuv422p10le", timecode="01:00:00:00"),
        film(folder / "c.mxf", 25, 12, codec="dnxhd", pixel_format="yuv422p", options={"profile": "dnxhr_lb"},
             muxer="mxf"),
        film(folder / "d.mkv", 24, 24, sound="tone"),
        film(folder / "e.mpg", 25, 24, codec="mpeg2video", options={"b": "2000000"}),
        sound(folder / "f.wav", wave("tone", 20000)),
        pictures(folder, "g", 1, 1)[0],
        pictures(folder, "h", 1, 1, tail=".exr")[0],
    ]  # fmt: skip


def damaged(data: bytes, generator: random.Random) -> bytes:
    """Cut off, with flipped bits, with a hole, or with bytes of another place."""
    way = generator.randrange(4)
    if way == 0:
        return data[: generator.randrange(len(data))]
    changed = bytearray(data)
    if way == 1:
        for _ in range(generator.choice((1, 20, 300))):
            changed[generator.randrange(len(changed))] ^= 1 << generator.randrange(8)
    elif way == 2:
        start = generator.randrange(len(changed))
        del changed[start : start + generator.randrange(1, 5000)]
    else:
        start, other, length = (generator.randrange(len(changed)) for _ in range(3))
        changed[start : start + length % 3000] = changed[other : other + length % 3000]
    return bytes(changed)


def test_forty_damaged_files(healthy: list[Path], tmp_path: Path) -> None:
    """Each is probed, and shown where it can be; the same worker answers for a good file at the end."""
    worker = MediaWorker()
    generator = random.Random(2026)
    try:
        for number in range(VARIANTS):
            model = healthy[number % len(healthy)]
            path = tmp_path / f"{number}{model.suffix}"
            path.write_bytes(damaged(model.read_bytes(), generator))
            (found,) = worker.probe([{"path": str(path), "sequence": False}])
            if isinstance(found, ProbeFailure):
                assert found.reason, path
                continue
            if found.video is not None:
                show(worker, found)
        (good,) = worker.probe([str(healthy[0])])
        assert isinstance(good, MediaInfo)
    finally:
        worker.close()


def show(worker: MediaWorker, info: MediaInfo) -> None:
    """Three frames as pictures: each is one, or a `MediaError`."""
    assert info.video is not None
    frames = min(info.video.frames, 1000)
    of = SourceSpec(info.path, info.kind, info.video.rate, frames, video_stream=info.video.stream_index)
    spec = timeline([[item("one", 0, frames, of)]], rate=info.video.rate)
    for frame in sorted({0, frames // 2, frames - 1}):
        with suppress(MediaError):
            assert len(worker.thumbnail(spec, frame, 32, 18)) == 32 * 18 * 3
