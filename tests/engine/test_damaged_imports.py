"""Damaged media brought into a project: 200 variants of each kind, and no crash, no hang, no word missing."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip
from damage import VARIANTS, variants
from generate import film, sound, wave

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.worker.client import MediaWorker

LONGEST_S = 10.0
"""For one file; a probe of these takes a few hundredths of a second."""

FILMS: dict[str, dict[str, Any]] = {
    "h264.mov": {"sound": "tone"},
    "hevc.mp4": {"codec": "libx265", "options": {"x265-params": "log-level=none"}, "sound": "tone"},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}},
    "ffv1.mkv": {"codec": "ffv1", "options": {}},
    "prores.mov": {"codec": "prores_aw", "pixel_format": "yuv422p10le", "options": {}},
    "mpeg2.mxf": {"codec": "mpeg2video", "rate": 25, "options": {}},
    "mpeg2.mpg": {"codec": "mpeg2video", "rate": 25, "options": {}},
}
SOUNDS = ("pcm.wav", "flac.flac", "mp3.mp3")
STILLS = {"png": "rgb24", "mjpeg": "yuvj420p", "tiff": "rgb24", "dpx": "rgb24", "exr": "gbrpf32le"}


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of each kind."""
    folder = tmp_path_factory.mktemp("healthy")
    for name, facts in FILMS.items():
        film(folder / name, frames=6, size=(160, 90), **facts)
    for name in SOUNDS:
        codec = {"wav": "pcm_s16le", "flac": "flac", "mp3": "mp3"}[name.rsplit(".", 1)[1]]
        sound(folder / name, wave("ramp", 12000), codec=codec)
    for codec, pixels in STILLS.items():
        extension = {"mjpeg": "jpg"}.get(codec, codec)
        film(folder / f"still.{extension}", frames=1, size=(96, 54), codec=codec, pixel_format=pixels, muxer="image2",
             options={})  # fmt: skip
    return folder


KINDS = [*FILMS, *SOUNDS, *(f"still.{'jpg' if codec == 'mjpeg' else codec}" for codec in STILLS)]


@pytest.mark.parametrize("name", KINDS)
def test_damaged_files_cost_nothing_but_themselves(pool: Any, healthy: Path, tmp_path: Path, name: str) -> None:
    """Each becomes a clip or a sentence; the worker that reads them lives, and the project keeps what it had."""
    kept = add_clip()
    MediaWorker.shared().probe([str(healthy / name)])
    worker, chance = MediaWorker.shared().pid(), random.Random(name)
    came = 0
    for number, data in enumerate(variants((healthy / name).read_bytes(), chance)):
        path = tmp_path / f"{number:03} {name}"
        path.write_bytes(data)
        start = time.monotonic()
        clips = pool.ImportMedia([str(path)])
        assert time.monotonic() - start < LONGEST_S
        came += len(clips)
        assert clips or (str(path.name) in str(failure.last()) and "engine error" not in str(failure.last()))
        for clip in clips:
            assert clip.GetClipProperty("File Name") == path.name
    assert MediaWorker.shared().pid() == worker
    assert len(application.start().project.clips) == 1 + came
    assert kept.GetName() == "clip.mov"
    assert came < VARIANTS


def test_a_wrong_extension_is_read_by_what_is_in_the_file(pool: Any, healthy: Path, tmp_path: Path) -> None:
    """A film named as a picture is a film, a picture named as a film a picture, text named as a film nothing."""
    for name, source in (("film.png", "h264.mov"), ("picture.mov", "still.png")):
        (tmp_path / name).write_bytes((healthy / source).read_bytes())
    (tmp_path / "text.mov").write_text("no film\n" * 100, encoding="utf-8")
    film_clip, picture = pool.ImportMedia([str(tmp_path / "film.png"), str(tmp_path / "picture.mov")])
    assert (film_clip.GetClipProperty("Type"), picture.GetClipProperty("Type")) == ("Video + Audio", "Still")
    assert pool.ImportMedia([str(tmp_path / "text.mov")]) == []
