"""Any frame by its number: none wrong of all, whatever the codec, the container and the order they are asked in."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import numpy
import pytest
from generate import film, pictures, read_code, still
from spec_maker import source

from resolve_engine.media.av_safe.films import FilmDecoder
from resolve_engine.media.av_safe.opening import open_film
from resolve_engine.media.errors import MediaError
from resolve_engine.media.reader import MOST_IDLE, FilmReader, ReaderCache, open_reader

FRAMES = 150
MANY_B = {"preset": "medium", "g": "48", "bf": "3", "b_strategy": "0", "sc_threshold": "0"}
LONG_GOP = {"preset": "medium", "g": "48", "bf": "3"}
KINDS: dict[str, tuple[str, Fraction | int, dict[str, object]]] = {
    "h264": ("a.mp4", 24, {"options": LONG_GOP}),
    "h264 many b": ("r.mp4", 24, {"options": MANY_B}),
    "h264 open gop": ("b.mp4", 25, {"options": {**LONG_GOP, "x264-params": "open-gop=1"}}),
    "h264 sound": ("c.mov", Fraction(30000, 1001), {"options": LONG_GOP, "sound": "tone"}),
    "hevc open gop": (
        "d.mp4",
        Fraction(60000, 1001),
        {"codec": "libx265", "options": {"x265-params": "log-level=none:keyint=50:open-gop=1:bframes=3"}},
    ),
    "transport stream": ("e.ts", 25, {"options": LONG_GOP}),
    "matroska": ("f.mkv", Fraction(24000, 1001), {"options": LONG_GOP}),
    "program stream": ("g.mpg", 25, {"codec": "mpeg2video", "options": {"b": "3000000", "g": "12", "bf": "2"}}),
    "raw mpeg-2": ("n.m2v", 25, {"codec": "mpeg2video", "options": {"b": "3000000", "bf": "2"}, "muxer": "mpeg2video"}),
    "raw h264": ("o.h264", 25, {"options": LONG_GOP, "muxer": "h264"}),
    "mpeg-2 mxf": ("h.mxf", 25, {"codec": "mpeg2video", "options": {"b": "3000000", "bf": "2"}, "muxer": "mxf"}),
    "prores": ("i.mov", 24, {"codec": "prores_aw", "pixel_format": "yuv422p10le"}),
    "dnxhr mxf": (
        "j.mxf",
        Fraction(30000, 1001),
        {"codec": "dnxhd", "pixel_format": "yuv422p", "options": {"profile": "dnxhr_lb"}, "muxer": "mxf"},
    ),
    "mpeg-4 avi": ("k.avi", 25, {"codec": "mpeg4", "options": {"b": "3000000", "g": "50"}}),
    "av1": ("l.mp4", 24, {"codec": "libsvtav1", "options": {"preset": "8", "crf": "8"}}),
    "vp9": ("m.webm", 25, {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}}),
}


def shown(reader: FilmReader, index: int) -> int | None:
    """The code that a frame shows."""
    return read_code(reader.read(index).reformat(format="gray").to_ndarray())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this module's films lie."""
    return tmp_path_factory.mktemp("films")


@pytest.mark.parametrize("kind", KINDS)
def test_random_and_sequential_reads_are_exact(kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty frames in random order, then all forwards, then backwards in leaps: not one may be another."""
    monkeypatch.setenv("SVT_LOG", "0")
    name, rate, options = KINDS[kind]
    path = film(folder / name, rate, FRAMES, 300, **options)  # type: ignore[arg-type]
    of = source(path)
    assert of.frames == FRAMES
    reader = FilmReader(of.path, of.video_stream)
    order = random.Random(kind).sample(range(FRAMES), 60)
    sequence = [*order, *range(FRAMES), *range(FRAMES - 1, -1, -7), 5, 5, 6, 4]
    wrong = [index for index in sequence if shown(reader, index) != 300 + index]
    reader.close()
    assert wrong == []


def test_a_program_stream_is_never_sought(folder: Path) -> None:
    """Its packets may lack times (27 of 32 reads of a public one were wrong after a seek), so it is counted through."""
    path = film(folder / "p.mpg", 25, 10, codec="mpeg2video", options={"b": "1000000"})
    decoder = FilmDecoder(str(path), 0)
    assert decoder.counted
    decoder.seek(Fraction(7))
    first = decoder.next()
    assert first is not None
    assert first[0] == 0
    decoder.close()


def after_a_seek(path: Path, place: int) -> list[Fraction]:
    """The places of the pictures that a decoder answers up to one that it was sent to."""
    decoder = FilmDecoder(str(path), 0)
    decoder.seek(Fraction(place))
    found: list[Fraction] = []
    while (one := decoder.next()) is not None and not (found and found[-1] >= place):
        found.append(one[0])
    decoder.close()
    return found


def test_a_seek_decodes_only_what_the_picture_leans_on(folder: Path) -> None:
    """From the key picture to the one asked for, without what no other picture needs; where times are uneven, all."""
    path = film(folder / "q.mp4", 24, 60, 0, options=MANY_B)
    found = after_a_seek(path, 47)
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, 47)
    assert len(found) < 36
    assert len(after_a_seek(path, 48)) == 1
    uneven = film(folder / "s.mp4", 30, 60, 0, gaps=[33, 67, 20], options=MANY_B)
    decoder = FilmDecoder(str(uneven), 0)
    assert decoder.variable
    decoder.seek(Fraction(30))
    assert len([one for one in iter(decoder.next, None) if one[0] < 30]) >= 28
    decoder.close()


def test_a_variable_rate_is_read_by_time(folder: Path) -> None:
    """Frame n is what is on show at n / rate, forwards and at random alike: the picture that sound expects there."""
    gaps = [33, 33, 67, 20, 40]
    path = film(folder / "vfr.mp4", 30, 60, 0, gaps=gaps)
    starts = [sum(gaps[index % 5] for index in range(count)) for count in range(60)]
    of = source(path)
    reader = FilmReader(of.path, of.video_stream)
    rate = Fraction(*of.rate)

    def expected(index: int) -> int:
        moment = (index + Fraction(1, 2)) / rate * 1000
        return max(number for number, start in enumerate(starts) if start <= moment)

    order = [*range(of.frames), *random.Random(3).sample(range(of.frames), 30)]
    wrong = [
        (index, shown(reader, index), expected(index)) for index in order if shown(reader, index) != expected(index)
    ]
    assert wrong == []
    assert 55 <= of.frames <= 61


def test_a_sequence_answers_its_numbers(tmp_path: Path) -> None:
    """Index 0 is the first file, whatever its number; a file that has gone is named in the error."""
    made = pictures(tmp_path, "shot.", 998, 6)
    of = source(made[0])
    assert (of.kind, of.frames, of.sequence_first) == ("sequence", 6, 998)
    reader = open_reader(of)
    for index in (0, 5, 2, 3):
        assert read_code(reader.read(index).reformat(format="gray").to_ndarray()) == 998 + index
    made[4].unlink()
    with pytest.raises(MediaError, match=r"shot\.1002\.png' does not exist"):
        reader.read(4)


def test_a_still_answers_every_index(tmp_path: Path) -> None:
    """One picture stands for any length."""
    path = still(tmp_path / "one.png", numpy.full((90, 160), 77, numpy.uint8), "gray")
    reader = open_reader(source({"path": str(path), "sequence": False}))
    assert reader.read(0) is reader.read(1000)


def test_a_cut_off_film_is_refused_where_it_ends(tmp_path: Path) -> None:
    """The frames that are there are read; what is lost is an error with its number, never another frame."""
    whole = film(tmp_path / "whole.mov", 24, 48, 0, codec="prores_aw", pixel_format="yuv422p10le",
                 muxer="mov")  # fmt: skip
    data = whole.read_bytes()
    fast = tmp_path / "fast.mov"
    _with_index_first(whole, fast)
    cut = tmp_path / "cut.mov"
    cut.write_bytes(fast.read_bytes()[: len(data) * 2 // 3])
    of = source(cut)
    reader = FilmReader(of.path, of.video_stream)
    assert [shown(reader, index) for index in range(10)] == list(range(10))
    with pytest.raises(MediaError, match=r"frame 47 of .* cannot be decoded"):
        reader.read(47)


def _with_index_first(source_path: Path, target: Path) -> None:
    """Copy a film so that its index stands in front, as in files made for streaming."""
    import av

    with av.open(str(source_path)) as old, av.open(str(target), "w", options={"movflags": "faststart"}) as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(old.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                new.mux(packet)


def test_readers_are_kept_for_each_track_and_bounded(folder: Path) -> None:
    """Two layers of one file do not share a decoder; all that are shown stay open, and the last few that are not."""
    path = film(folder / "small.mp4", 24, 4)
    of = source(path)
    cache = ReaderCache()
    opened = [cache.reader(track, of) for track in range(MOST_IDLE + 8)]
    assert len({id(reader) for reader in opened}) == MOST_IDLE + 8
    cache.keep({(track, of.path) for track in range(4)})
    kept = [0, 1, 2, 3, *range(8, MOST_IDLE + 8)]
    assert all(cache.reader(track, of) is opened[track] for track in kept)
    assert all(cache.reader(track, of) is not opened[track] for track in range(4, 8))
    cache.close()


def test_a_film_that_says_its_order_is_opened_without_decoding(folder: Path) -> None:
    """Of one without pictures out of order it is not known whether it has none, so one is decoded."""
    options = {"preset": "ultrafast", "g": "12"}
    ordered = film(folder / "ordered.mp4", 24, 12, options={**options, "bf": "0"})
    mixed = film(folder / "mixed.mp4", 24, 12, options={**options, "bf": "2", "b_strategy": "0"})
    for path, decoded in ((ordered, True), (mixed, False)):
        with open_film(str(path)) as opened:
            assert opened.video is not None
            assert (opened.video.codec_context.pix_fmt is not None) == decoded
        reader = FilmReader(str(path), 0)
        assert [shown(reader, index) for index in (11, 3, 4, 0, 7)] == [11, 3, 4, 0, 7]
        reader.close()
