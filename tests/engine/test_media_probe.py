"""What a probe finds in each kind of file, and what it says of those that cannot be imported."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import film, pictures, sound, still, wave
from spec_maker import found

from resolve_engine.media.info import MediaInfo, ProbeFailure, VideoStream
from resolve_engine.media.probe import probe

X264 = {"preset": "ultrafast"}


def picture_of(info: MediaInfo) -> VideoStream:
    """Its picture stream."""
    assert info.video is not None
    return info.video


@pytest.mark.parametrize(
    ("name", "options", "codec", "rate", "timecode"),
    [
        ("a.mp4", {"rate": 24, "options": X264}, "h264", (24, 1), None),
        ("b.mov", {"rate": Fraction(24000, 1001), "codec": "prores_aw", "pixel_format": "yuv422p10le",
                   "timecode": "01:00:00:00"}, "prores", (24000, 1001), "01:00:00:00"),
        ("c.mxf", {"rate": Fraction(30000, 1001), "codec": "dnxhd", "pixel_format": "yuv422p", "muxer": "mxf",
                   "options": {"profile": "dnxhr_lb"}, "timecode": "00:59:59;20"}, "dnxhd", (30000, 1001),
         "00:59:59;20"),
        ("d.mov", {"rate": Fraction(60000, 1001), "timecode": "10:00:00;00"}, "h264", (60000, 1001), "10:00:00;00"),
        ("e.mkv", {"rate": Fraction(60000, 1001)}, "h264", (60000, 1001), None),
        ("f.mpg", {"rate": 25, "codec": "mpeg2video", "options": {}}, "mpeg2video", (25, 1), None),
        ("g.ts", {"rate": 50}, "h264", (50, 1), None),
        ("h.mp4", {"rate": 30, "codec": "libx265", "options": {"x265-params": "log-level=none"}},
         "hevc", (30, 1), None),
        ("i.mp4", {"rate": 24, "codec": "libsvtav1", "options": {"preset": "12"}}, "av1", (24, 1), None),
    ],
)  # fmt: skip
def test_films(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    options: dict[str, Any],
    codec: str,
    rate: tuple[int, int],
    timecode: str | None,
) -> None:
    """Codec, exact rate, count of frames and start timecode of each container, drop-frame included."""
    monkeypatch.setenv("SVT_LOG", "0")
    info = found(film(tmp_path / name, frames=31, **options))
    video = picture_of(info)
    assert (info.kind, video.codec, video.rate, video.frames) == ("video", codec, rate, 31)
    assert (video.width, video.height, video.variable_rate) == (320, 180, False)
    assert info.start_timecode == timecode
    assert info.size == os.path.getsize(info.path)


def test_a_variable_rate_is_told(tmp_path: Path) -> None:
    """Uneven frames are marked, and counted by the time that they fill."""
    video = picture_of(found(film(tmp_path / "v.mp4", 30, 60, gaps=[33, 33, 67, 20])))
    assert video.variable_rate
    assert abs(video.frames - 60) <= 1


def test_colour_tags_and_alpha(tmp_path: Path) -> None:
    """The tags of the file are answered in FFmpeg's words; none are made up."""
    tagged = film(tmp_path / "t.mp4", tags={"colorspace": 1, "color_primaries": 1, "color_trc": 1, "color_range": 1})
    video = picture_of(found(tagged))
    assert (video.color_space, video.color_primaries, video.color_transfer, video.color_range) == (
        "bt709",
        "bt709",
        "bt709",
        "tv",
    )
    plain = picture_of(found(film(tmp_path / "p.mp4")))
    assert (plain.color_space, plain.color_range, plain.has_alpha) == ("", "", False)
    glass = film(tmp_path / "g.mov", codec="prores_ks", pixel_format="yuva444p10le", options={"profile": "4"})
    assert picture_of(found(glass)).has_alpha


def test_sound_streams(tmp_path: Path) -> None:
    """Channels, rate, bit depth and length; eight planar channels, which kill a careless reader, among them."""
    wide = found(film(tmp_path / "w.mp4", 24, 24, sound="tone", channels=8)).audio[0]
    assert (wide.channels, wide.layout, wide.sample_rate, wide.codec) == (8, "7.1", 48000, "aac")
    deep = found(film(tmp_path / "d.mov", 24, 24, sound="tone", sound_codec="pcm_s24le")).audio[0]
    assert (deep.channels, deep.layout, deep.samples, deep.bit_depth) == (2, "stereo", 48000, 24)


def test_sound_files(tmp_path: Path) -> None:
    """A WAV is sound alone; a broadcast WAV keeps its time reference."""
    plain = found(sound(tmp_path / "a.wav", wave("tone", 12345, 44100), 44100))
    assert (plain.kind, plain.video) == ("audio", None)
    assert (plain.audio[0].sample_rate, plain.audio[0].samples, plain.audio[0].layout) == (44100, 12345, "stereo")
    bext = sound(tmp_path / "b.wav", wave("tone", 4800, channels=1), codec="pcm_s24le", options={"write_bext": "1"},
                 metadata={"time_reference": "172800000"})  # fmt: skip
    info = found(bext)
    assert info.metadata["time_reference"] == "172800000"
    assert (info.audio[0].channels, info.audio[0].bit_depth) == (1, 24)


def test_a_sequence_from_its_first_file_its_folder_or_a_stated_range(tmp_path: Path) -> None:
    """Three ways to name the same pictures; asked not to, a picture stays single."""
    made = pictures(tmp_path, "shot_", 1, 12)
    shown = str(tmp_path / "shot_[0001-0012].png")
    for request in (str(made[0]), str(made[7]), str(tmp_path)):
        info = found(request)
        assert (info.path, info.kind, picture_of(info).frames) == (shown, "sequence", 12), request
        assert (info.sequence_first, info.sequence_digits) == (1, 4)
    part = found({"pattern": str(tmp_path / "shot_%04d.png"), "first": 3, "last": 5})
    assert (part.path, picture_of(part).frames) == (str(tmp_path / "shot_[0003-0005].png"), 3)
    single = found({"path": str(made[0]), "sequence": False})
    assert (single.kind, single.path, picture_of(single).frames) == ("still", str(made[0]), 1)


@pytest.mark.parametrize("tail", [".png", ".tif", ".jpg", ".exr", ".dpx", ".bmp"])
def test_stills(tmp_path: Path, tail: str) -> None:
    """Every kind of picture file is a still of its size."""
    (made,) = pictures(tmp_path, "one_", 7, 1, tail=tail)
    info = found(made)
    assert (info.kind, picture_of(info).width, picture_of(info).height) == ("still", 320, 180)


def broken(tmp_path: Path) -> dict[str, tuple[Any, str]]:
    """Things that cannot be imported, and words that must be in the reason."""
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("this is not a film " * 200)
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n")
    (tmp_path / "art.ans").write_text("\x1b[31mhello world " * 100)
    (tmp_path / "script.mp4").write_text("ffconcat version 1.0\nfile whole.mp4\n")
    (tmp_path / "empty folder").mkdir()
    os.mkfifo(tmp_path / "pipe.mp4")
    two = tmp_path / "two"
    two.mkdir()
    pictures(two, "a_", 1, 2)
    pictures(two, "b_", 1, 2)
    film(tmp_path / "whole.mp4")
    data = (tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "headless.mp4").write_bytes(data[len(data) // 2 :])
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    pattern = str(tmp_path / "s_%04d.png")
    return {
        "absent": (str(tmp_path / "nowhere.mp4"), "does not exist"),
        "zero bytes": (str(tmp_path / "empty.mp4"), "is empty"),
        "text named mp4": (str(tmp_path / "text.mp4"), "not a media file"),
        "text": (str(tmp_path / "note.txt"), "not"),
        "playlist": (str(tmp_path / "list.m3u8"), "not a media file"),
        "text that FFmpeg would show": (str(tmp_path / "art.ans"), "not supported"),
        "script that opens other files": (str(tmp_path / "script.mp4"), "not supported"),
        "pipe": (str(tmp_path / "pipe.mp4"), "not a regular file"),
        "folder": (str(tmp_path / "empty folder"), "no image sequence"),
        "two sequences": (str(two), "2 image sequences"),
        "no header": (str(tmp_path / "headless.mp4"), "not a media file"),
        "broken picture": ({"path": str(tmp_path / "bad.png"), "sequence": False}, "bad.png"),
        "range with a hole": ({"pattern": pattern, "first": 1, "last": 3}, "frame 1"),
        "range backwards": ({"pattern": pattern, "first": 3, "last": 1}, "not a range"),
        "pattern without a number": ({"pattern": str(tmp_path / "s.png"), "first": 1, "last": 3}, "exactly one %d"),
        "nul in the name": ("/tmp/a\0b.mp4", "not a path"),
    }


def test_what_cannot_be_imported_says_why(tmp_path: Path) -> None:
    """Each failure is a lowercase sentence that names the file and the cause; none raises and none hangs."""
    for name, (request, words) in broken(tmp_path).items():
        result = probe(request)
        assert isinstance(result, ProbeFailure), name
        assert words in result.reason, (name, result.reason)
        assert "\n" not in result.reason, name


@pytest.mark.parametrize(
    "name",
    [
        "with space.mp4",
        "qu'ote\"s.mp4",
        "new\nline.mp4",
        "colon:and%05d.mp4",
        "http:__x.mp4",
        "日本語 Ünïcode 🎬.mp4",
        "\u202eright to left.mp4",
        "-dash.mp4",
        "[0001-0004].mp4",
        "x" * 240 + ".mp4",
        os.fsdecode(b"bad \xff\xfe utf8.mp4"),
    ],
)
def test_odd_file_names(tmp_path: Path, name: str) -> None:
    """A name is only a name: it opens as it stands, and comes back as it stands."""
    plain = film(tmp_path / "plain.mp4", frames=5)
    odd = tmp_path / name
    plain.rename(odd)
    info = found(str(odd))
    assert (info.path, picture_of(info).frames) == (str(odd), 5)


def test_a_picture_name_is_never_a_pattern(tmp_path: Path) -> None:
    """`a%04d.png` is one file, though files that the pattern would match lie beside it."""
    pictures(tmp_path, "a", 1, 3)
    odd = still(tmp_path / "a%04d.png", numpy.full((50, 80), 9, numpy.uint8), "gray")
    info = found({"path": str(odd), "sequence": False})
    assert (picture_of(info).width, picture_of(info).height) == (80, 50)


def test_an_answer_survives_json(tmp_path: Path) -> None:
    """What crosses from the worker process is the same on the other side."""
    import json

    info = found(film(tmp_path / "a.mov", sound="tone", timecode="01:00:00:00"))
    assert MediaInfo.from_json(json.loads(json.dumps(info.to_json()))) == info


def test_a_huge_header_is_refused(tmp_path: Path) -> None:
    """A forged size costs a refusal, not the machine's memory."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    path = tmp_path / "huge.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b""))
    assert isinstance(probe({"path": str(path), "sequence": False}), ProbeFailure)
