"""Every format and codec on offer makes a file that says what it is and shows the right frames."""

from __future__ import annotations

from pathlib import Path

import pytest
from generate import codes, film, grays, read_code
from spec_maker import found, item, job, rendered, source, timeline

from resolve_engine.media.av_safe import Picture
from resolve_engine.render.formats import (
    FORMATS,
    audio_codecs,
    audio_formats,
    file_extension,
    is_sequence,
    render_codecs,
    render_formats,
)
from resolve_engine.render.session import render
from resolve_engine.render.spec import TimelineSpec

EVERY = [(form.id, codec.id) for form in FORMATS.values() for codec in form.video]
EXPECTED = {
    "H264": ("h264", "yuv420p"), "H265": ("hevc", "yuv420p"),
    "ProRes422HQ": ("prores", "yuv422p10le"), "ProRes422": ("prores", "yuv422p10le"),
    "ProRes422LT": ("prores", "yuv422p10le"), "ProRes422P": ("prores", "yuv422p10le"),
    "ProRes4444": ("prores", "yuv444p12le"), "ProRes4444XQ": ("prores", "yuv444p12le"),
    "DNxHR444_10": ("dnxhd", "yuv444p10le"), "DNxHRHQX_10": ("dnxhd", "yuv422p10le"),
    "DNxHRHQ": ("dnxhd", "yuv422p"), "DNxHRSQ": ("dnxhd", "yuv422p"), "DNxHRLB": ("dnxhd", "yuv422p"),
    "FFV1YUV420_8": ("ffv1", "yuv420p"), "FFV1YUV422_8": ("ffv1", "yuv422p"),
    "FFV1YUV422_10": ("ffv1", "yuv422p10le"), "FFV1RGBA_8": ("ffv1", "bgra"),
}  # fmt: skip


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> TimelineSpec:
    """Six frames from frame 3 on, with sound, starting at one hour."""
    of = source(film(tmp_path_factory.mktemp("clip") / "clip.mp4", 24, 12, 0, sound="tone"))
    return timeline([[item("p", 86400, 86406, of, 3)]], [[item("s", 86400, 86406, of, 3)]], start=86400)


@pytest.mark.parametrize(("form", "codec"), [pair for pair in EVERY if FORMATS[pair[0]].muxer])
def test_films(cut: TimelineSpec, tmp_path: Path, form: str, codec: str) -> None:
    """Codec, pixel format, colour tags, start timecode, sound and frames of every film format."""
    made = rendered(job(cut, tmp_path / f"o.{file_extension(form)}", form, codec))
    info = found(made)
    assert info.video is not None
    assert (info.video.codec, info.video.pixel_format) == EXPECTED[codec]
    assert (info.video.frames, info.video.rate, info.start_timecode) == (6, (24, 1), "01:00:00:00")
    assert info.video.color_space == ("" if codec == "FFV1RGBA_8" else "bt709")
    assert len(info.audio) == 1
    assert codes(made) == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(("form", "codec"), [pair for pair in EVERY if not FORMATS[pair[0]].muxer])
def test_sequences(cut: TimelineSpec, tmp_path: Path, form: str, codec: str) -> None:
    """One file for each frame, named by the timeline frame in eight digits, and nothing else in the folder."""
    import threading

    assert is_sequence(form)
    render(job(cut, tmp_path / f"o.{form}", form, codec), threading.Event(), lambda done: None)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"o{frame:08d}.{form}" for frame in range(86400, 86406)]
    assert [read_code(next(grays(tmp_path / name))) for name in names] == [3, 4, 5, 6, 7, 8]


def test_the_maps_are_resolve_s_shape() -> None:
    """Description to id; empty where Resolve's is empty."""
    assert render_formats()["QuickTime"] == "mov"
    assert render_codecs("mov")["Apple ProRes 422 HQ"] == "ProRes422HQ"
    assert render_codecs("mp4") == {"H.264": "H264", "H.265": "H265"}
    assert render_codecs("wav") == render_codecs("QuickTime") == {}
    assert audio_formats()["Wave"] == "wav"
    assert audio_codecs("wav") == {"Linear PCM": "lpcm"}
    assert file_extension("mxf_op1a") == "mxf"


def test_quality_by_level_and_by_bit_rate(tmp_path: Path) -> None:
    """Best is larger than least; a number of kilobits is kept to."""
    import numpy

    noise = numpy.random.default_rng(1).integers(0, 255, (12, 180, 320), numpy.uint8)
    clip = film(tmp_path / "n.mp4", 24, 48, picture=lambda index: noise[index % 12])
    of = timeline([[item("p", 0, 48, source(clip))]])
    sizes = {
        quality: rendered(job(of, tmp_path / f"q{quality}.mp4", audio=False, quality=quality)).stat().st_size
        for quality in ("", "Least", "Best", "2000")
    }
    assert sizes["Least"] < sizes[""] < sizes["Best"]
    assert 0.5 < sizes["2000"] * 8 / 2 / 2_000_000 < 1.5


def test_a_file_that_lost_frames_is_not_called_complete(
    cut: TimelineSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The finished file is read back: one frame short is a failure, and nothing is left."""
    from resolve_engine.media.av_safe.writing import FilmWriter
    from resolve_engine.media.errors import MediaError

    real = FilmWriter.write_picture

    def lossy(self: FilmWriter, picture: Picture, number: int) -> None:
        if number != 4:
            real(self, picture, number)

    monkeypatch.setattr(FilmWriter, "write_picture", lossy)
    with pytest.raises(MediaError, match="holds 5 of 6 frames"):
        rendered(job(cut, tmp_path / "o.mov", "mov", "ProRes422LT"))
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_replaced_only_at_the_end(cut: TimelineSpec, tmp_path: Path) -> None:
    """A render over an old file keeps the old one until the new one is complete."""
    import threading

    from resolve_engine.render.session import Stopped

    target = tmp_path / "o.mp4"
    target.write_bytes(b"old")
    stop = threading.Event()
    with pytest.raises(Stopped):
        render(job(cut, target), stop, lambda done: stop.set())
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["o.mp4"]
    rendered(job(cut, target))
    assert codes(target) == [3, 4, 5, 6, 7, 8]
