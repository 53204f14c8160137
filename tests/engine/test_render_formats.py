"""Every format and codec on offer makes a file that says what it is and shows the right frames."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
from generate import codes, film, grays, read_code, still
from spec_maker import found, item, job, picture, rendered, source, timeline

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
    "H264": ("h264", "yuv420p"), "H265": ("hevc", "yuv420p"), "AV1": ("av1", "yuv420p"),
    "MJPEG": ("mjpeg", "yuvj422p"),
    "ProRes422HQ": ("prores", "yuv422p10le"), "ProRes422": ("prores", "yuv422p10le"),
    "ProRes422LT": ("prores", "yuv422p10le"), "ProRes422P": ("prores", "yuv422p10le"),
    "ProRes4444": ("prores", "yuv444p12le"), "ProRes4444XQ": ("prores", "yuv444p12le"),
    "DNxHR444_10": ("dnxhd", "yuv444p10le"), "DNxHRHQX_10": ("dnxhd", "yuv422p10le"),
    "DNxHRHQ": ("dnxhd", "yuv422p"), "DNxHRSQ": ("dnxhd", "yuv422p"), "DNxHRLB": ("dnxhd", "yuv422p"),
    "FFV1YUV420_8": ("ffv1", "yuv420p"), "FFV1YUV422_8": ("ffv1", "yuv422p"),
    "FFV1YUV422_10": ("ffv1", "yuv422p10le"), "FFV1RGBA_8": ("ffv1", "bgra"),
}  # fmt: skip

PROFILES = {
    "ProRes422HQ": "HQ", "ProRes422": "Standard", "ProRes422LT": "LT", "ProRes422P": "Proxy", "ProRes4444": "4444",
    "ProRes4444XQ": "XQ", "DNxHR444_10": "DNXHR 444", "DNxHRHQX_10": "DNXHR HQX", "DNxHRHQ": "DNXHR HQ",
    "DNxHRSQ": "DNXHR SQ", "DNxHRLB": "DNXHR LB",
}  # fmt: skip
"""What FFmpeg calls the kinds of ProRes and of DNxHR."""


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
    assert info.video.profile == PROFILES.get(codec, info.video.profile)
    assert (info.video.frames, info.video.rate, info.start_timecode) == (6, (24, 1), "01:00:00:00")
    assert info.video.color_space == {"FFV1RGBA_8": "", "MJPEG": "bt470bg"}.get(codec, "bt709")
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


@pytest.mark.parametrize("codec", ["H264", "H265", "AV1", "MJPEG", "ProRes4444", "DNxHR444_10"])
def test_colours_come_through(tmp_path: Path, codec: str) -> None:
    """A picture of flat colours reads back as those colours: matrix and range are what the file says."""
    from PIL import Image

    from resolve_engine.media.info import MediaInfo
    from resolve_engine.media.probe import probe

    colours = numpy.array([(200, 40, 40), (40, 180, 60), (50, 60, 210), (230, 230, 40)], numpy.uint8)
    image = numpy.repeat(numpy.repeat(colours.reshape(2, 2, 3), 90, 0), 160, 1)
    Image.fromarray(image).save(tmp_path / "colours.png")
    made = rendered(
        job(
            timeline([[item("p", 0, 3, source(tmp_path / "colours.png"))]]),
            tmp_path / "o.mov",
            "mov",
            codec,
            audio=False,
        )
    )
    assert isinstance(probe(str(made)), MediaInfo)
    back = picture(timeline([[item("p", 0, 3, source(made))]]), 1)
    for row in (45, 135):
        for column in (80, 240):
            assert numpy.abs(back[row, column] - image[row, column]).max() <= 4


@pytest.mark.parametrize(
    ("form", "codec", "bits", "expected"),
    [
        ("wav", "lpcm", 24, "pcm_s24le"), ("flac", "flac", 16, "flac"), ("flac", "flac", 24, "flac"),
        ("mp3", "mp3", 16, "mp3"), ("mp4", "aac", 16, "aac"), ("mov", "lpcm", 16, "pcm_s16le"),
        ("mov", "aac", 16, "aac"),
    ],
)  # fmt: skip
def test_sound_alone(tmp_path: Path, form: str, codec: str, bits: int, expected: str) -> None:
    """Every sound format makes a file of sound alone, whose clicks stand where the timeline has them."""
    from resolve_engine.media.sound_reader import SoundReader

    clip = film(tmp_path / "clicks.mov", 24, 12, sound="clicks", sound_codec="pcm_s16le")
    of = timeline([], [[item("s", 0, 8, source(clip), 2)]])
    made = rendered(job(of, tmp_path / f"o.{form}", form, "", video=False, audio_codec=codec, audio_bit_depth=bits))
    info = found(made)
    assert info.video is None
    assert (info.audio[0].codec, info.audio[0].sample_rate) == (expected, 48000)
    reader = SoundReader(str(made), info.audio[0].stream_index)
    samples = numpy.abs(reader.read(0, 16000)[:, 0])
    reader.close()
    for click in range(2000, 16000, 2000):  # the codec's own blur is a few samples wide
        assert abs(int(samples[click - 900 : click + 900].argmax()) - 900) <= (
            0 if expected[:3] in ("pcm", "fla") else 2
        )


def test_a_profile_is_the_encoder_s(tmp_path: Path) -> None:
    """Main10 makes ten bits; a profile of another codec is refused by name."""
    from resolve_engine.media.errors import MediaError

    of = timeline([[item("p", 0, 3, source(film(tmp_path / "c.mp4", 24, 6)))]])
    made = rendered(job(of, tmp_path / "o.mp4", "mp4", "H265", audio=False, profile="Main10"))
    video = found(made).video
    assert video is not None
    assert video.pixel_format == "yuv420p10le"
    with pytest.raises(MediaError, match="no EncodingProfile 'Main10'; it has"):
        rendered(job(of, tmp_path / "p.mp4", "mp4", "H264", audio=False, profile="Main10"))


def test_network_optimization_puts_the_index_first(cut: TimelineSpec, tmp_path: Path) -> None:
    """With it `moov` comes before `mdat`, without it behind."""
    for wanted in (True, False):
        data = rendered(job(cut, tmp_path / f"{wanted}.mp4", network_optimization=wanted)).read_bytes()
        assert (data.index(b"moov") < data.index(b"mdat")) is wanted


def test_hardware_is_offered_only_where_it_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens is offered beside the software's, what does not is not, and no device means no trial."""
    from resolve_engine.media.av_safe.writing import opens
    from resolve_engine.render import hardware

    assert opens("libx264")
    assert not opens("h264_no_such")
    monkeypatch.setattr(hardware, "opened", lambda: frozenset({"h264_nvenc"}))
    assert hardware.offered("mp4") == {"H.264 NVIDIA": "H264_NVIDIA"}
    assert hardware.offered("mxf_op1a") == {}
    monkeypatch.undo()
    monkeypatch.setattr(hardware.glob, "glob", lambda pattern: [])
    monkeypatch.setattr(hardware.sys, "platform", "linux")
    assert hardware.candidates() == ()


def test_the_maps_are_resolve_s_shape() -> None:
    """Description to id; empty where Resolve's is empty."""
    assert render_formats()["QuickTime"] == "mov"
    assert render_codecs("mov")["Apple ProRes 422 HQ"] == "ProRes422HQ"
    assert render_codecs("mp4") == {"H.264": "H264", "H.265": "H265", "AV1": "AV1"}
    assert render_codecs("wav") == render_codecs("QuickTime") == {}
    assert "flac" not in render_formats().values()
    assert audio_formats() == {"FLAC": "flac", "MP3": "mp3", "MP4": "mp4", "QuickTime": "mov", "Wave": "wav"}
    assert audio_codecs("wav") == {"Linear PCM": "lpcm"}
    assert file_extension("mxf_op1a") == "mxf"


def test_quality_by_level_and_by_bit_rate(tmp_path: Path) -> None:
    """Best is larger than least; a number of kilobits is kept to."""
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


@pytest.mark.parametrize("broken", [b"", b"no picture", "small"])
def test_a_sequence_that_cannot_be_read_is_not_called_complete(
    cut: TimelineSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bytes | str
) -> None:
    """Its last frame is empty, is none, or is of another size: a failure, and no frame of it has its name."""
    from resolve_engine.media.errors import MediaError
    from resolve_engine.render import encode

    real, made = encode.encode_picture, 0

    def torn(picture: Picture, encoder: str, options: dict[str, str]) -> bytes:
        nonlocal made
        made += 1
        if made < 6:
            return real(picture, encoder, options)
        return (tmp_path / "small.png").read_bytes() if isinstance(broken, str) else broken

    still(tmp_path / "small.png", numpy.zeros((18, 32, 3), numpy.uint8), "rgb24")
    monkeypatch.setattr(encode, "encode_picture", torn)
    (tmp_path / "out").mkdir()
    with pytest.raises(MediaError, match=r"the frame 86405 (cannot be read|is not of 320 x 180)"):
        rendered(job(cut, tmp_path / "out" / "o.png", "png", "RGB8"))
    assert list((tmp_path / "out").iterdir()) == []


def test_a_sequence_begins_anew_after_a_machine_went_down(cut: TimelineSpec, tmp_path: Path) -> None:
    """What an earlier process of the same job left behind is in nobody's way."""
    import threading

    stale = tmp_path / ".o.partial-job"
    stale.mkdir()
    (stale / "o00086409.png").write_bytes(b"torn")
    render(job(cut, tmp_path / "o.png", "png", "RGB8"), threading.Event(), lambda done: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"o{frame:08d}.png" for frame in range(86400, 86406)]


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
