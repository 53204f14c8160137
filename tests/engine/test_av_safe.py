"""What kills or hangs a process that uses FFmpeg carelessly, each cause met by a test.

planar sound of eight channels, looked at before it is packed
    test_eight_planar_channels_are_packed_first; test_render_sound.py, test_media_probe.py::test_sound_streams
a picture of another size pushed into a filter graph
    test_a_graph_takes_only_what_it_was_built_for, test_a_film_that_changes_its_size
a container used or closed by another thread than the one that opened it
    test_a_container_belongs_to_one_thread
a filter used after its graph was collected
    test_a_graph_outlives_what_built_it
OTIO files nested deeper than the stack
    test_a_deep_timeline_file
a pipe given as media, which blocks for ever
    test_media_probe.py::test_what_cannot_be_imported_says_why, and of LUTs and grades test_colour_grade.py, _drx.py
text shown as video, playlists and protocols that open other things
    the same; test_only_files_are_opened
metadata that is no UTF-8
    test_metadata_of_any_bytes
an encoder given a pixel format or colour tags that it does not take
    test_an_encoder_gets_only_what_it_lists, test_rgb_is_written_without_a_matrix
FFmpeg set to print on stderr
    test_ffmpeg_is_told_nothing_about_its_log
"""

from __future__ import annotations

import gc
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy
import pytest
from generate import code_picture, codes, film, read_code
from spec_maker import item, job, picture, source, timeline

from resolve_engine import failure
from resolve_engine.media.av_safe import from_array, opening
from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import signature, tag
from resolve_engine.media.av_safe.sound import SoundDecoder
from resolve_engine.media.av_safe.writing import FilmWriter, VideoTarget
from resolve_engine.media.errors import MediaError
from resolve_engine.media.info import MediaInfo
from resolve_engine.media.probe import probe
from resolve_engine.render.session import Stopped, render

PACKAGE = Path(__file__).parents[2] / "python" / "resolve_engine"


def gray(width: int, height: int) -> Any:
    """A picture of a size, tagged as the engine's are."""
    return tag(from_array(numpy.full((height, width, 3), 90, numpy.uint8), "rgb24"))


def blurring(width: int, height: int) -> PictureGraph:
    """A graph for pictures of a size; nothing but the graph is left of what built it."""
    graph = PictureGraph([signature(gray(width, height))])
    graph.finish(graph.add("gblur", {"sigma": 2}, 0))
    return graph


def test_eight_planar_channels_are_packed_first(tmp_path: Path) -> None:
    """A plain 7.1 AAC file: a careless reader of its planes ends the process."""
    decoder = SoundDecoder(str(film(tmp_path / "w.mp4", frames=24, sound="tone", channels=8)), 1)
    block = decoder.next()
    assert block is not None
    assert block[1].shape[1] == 8
    decoder.close()


def test_a_graph_takes_only_what_it_was_built_for() -> None:
    """A larger picture writes past a buffer and a smaller one is read past its end; both are refused, and the right
    one is still taken."""
    graph = blurring(64, 48)
    for width, height in ((128, 96), (64, 50), (32, 24)):
        with pytest.raises(MediaError, match="changed its size"):
            graph.run([gray(width, height)])
    with pytest.raises(MediaError, match="changed its size"):
        graph.run([gray(64, 48), gray(64, 48)])
    assert (graph.run([gray(64, 48)]).width, graph.run([gray(64, 48)]).height) == (64, 48)


def changing_film(path: Path) -> Path:
    """24 frames of 320 x 180, then 24 of 640 x 360, in one stream; frame n shows the number n. In H.264, as
    FFmpeg's decoder of MPEG-2 itself loses the last picture before a change."""
    container = av.open(str(path), "w", format="mpegts")
    options = {"g": "1", "preset": "ultrafast", "tune": "zerolatency", "crf": "12"}
    stream: Any = container.add_stream("libx264", rate=24, options=options)
    larger: Any = av.CodecContext.create("libx264", "w")
    larger.time_base, larger.framerate, larger.options = Fraction(1, 24), Fraction(24), options
    for encoder, first, size in ((stream, 0, (320, 180)), (larger, 24, (640, 360))):
        encoder.width, encoder.height = size
        encoder.pix_fmt = "yuv420p"
        frames: list[Any] = []
        for number in range(first, first + 24):
            frame = av.VideoFrame.from_ndarray(code_picture(number, size), format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            frames.append(frame)
        for frame in (*frames, None):
            for packet in encoder.encode(frame):
                packet.stream = stream
                container.mux(packet)
    container.close()
    return path


def test_a_film_that_changes_its_size(tmp_path: Path) -> None:
    """Decoders answer pictures as they come; in whatever order they are read, each is the right one."""
    spec = timeline([[item("a", 0, 46, source(changing_film(tmp_path / "a.ts")))]])
    order = (2, 10, 30, 35, 5, 23, 24, 45)
    assert [read_code(picture(spec, frame)[:, :, 0].astype(numpy.uint8)) for frame in order] == list(order)


def test_a_container_belongs_to_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opened a file reads and closes it, in a render with several threads, also when it is cancelled."""
    opened: dict[int, int] = {}
    closed: list[tuple[int, int]] = []
    start, end = opening.Source.__init__, opening.Source.close

    def opens(self: Any, *args: Any) -> None:
        opened[id(self)] = threading.get_ident()
        keep.append(self)
        start(self, *args)

    def closes(self: Any) -> None:
        closed.append((opened[id(self)], threading.get_ident()))
        end(self)

    keep: list[Any] = []
    monkeypatch.setattr(opening.Source, "__init__", opens)
    monkeypatch.setattr(opening.Source, "close", closes)
    of = source(film(tmp_path / "a.mov", frames=48, sound="tone"))
    spec = job(timeline([[item("a", 0, 40, of)]], [[item("s", 0, 40, of)]]), tmp_path / "out.mp4")
    render(spec, threading.Event(), lambda done: None)
    assert codes(tmp_path / "out.mp4")[:3] == [0, 1, 2]
    whole = len(closed)
    assert whole >= 2
    stop = threading.Event()
    with pytest.raises(Stopped):
        render(spec, stop, lambda done: stop.set())
    assert len(closed) >= whole + 2
    assert all(by == owner for owner, by in closed)
    assert set(opened) == {id(one) for one in keep}


def test_a_graph_outlives_what_built_it() -> None:
    """The wrapper keeps the graph, so that its filters are there after everything else was collected."""
    graph = blurring(64, 48)
    gc.collect()
    for _ in range(3):
        assert graph.run([gray(64, 48)]).width == 64
        gc.collect()


@pytest.mark.parametrize("levels", [2_000, 100_000])
def test_a_deep_timeline_file(pool: Any, tmp_path: Path, levels: int) -> None:
    """The reader of OTIO files recurses in C and ends the process; the engine answers, and goes on."""
    path = tmp_path / "deep.otio"
    path.write_text('{"OTIO_SCHEMA": "Timeline.1", "metadata": ' + '{"a":' * levels + "1" + "}" * levels + "}")
    assert pool.ImportTimelineFromFile(str(path), {}) is None
    assert failure.last()
    assert pool.GetRootFolder().GetName() == "Master"


@pytest.mark.parametrize("path", ["http://127.0.0.1:9/a.mp4", "tcp://127.0.0.1:9", "concat:a.mp4|b.mp4", "pipe:0"])
def test_only_files_are_opened(path: str) -> None:
    """A protocol is the name of a file that is not there."""
    with pytest.raises(MediaError, match="does not exist"):
        opening.open_source(path)


def test_metadata_of_any_bytes(tmp_path: Path) -> None:
    """A title in an encoding of another time costs its letters, not the import."""
    path = film(tmp_path / "a.mkv", frames=4, codec="ffv1", options={})
    content = path.read_bytes()
    marker = b"Lavf"
    assert content.count(marker) >= 1
    path.write_bytes(content.replace(marker, b"\xff\xfe\xf0\x28"))
    found = probe(str(path))
    assert isinstance(found, MediaInfo)
    assert found.video is not None
    assert found.video.frames == 4


@pytest.mark.parametrize("wanted", ["gbrp", "rgb24", "no such format"])
def test_an_encoder_gets_only_what_it_lists(tmp_path: Path, wanted: str) -> None:
    """FFmpeg itself answers EINVAL without a reason; the sentence names the encoder and the format."""
    target = VideoTarget("libx264" if wanted != "gbrp" else "mpeg4", wanted, 64, 48, Fraction(24))
    with pytest.raises(MediaError, match=f"does not take {wanted}"):
        FilmWriter(str(tmp_path / "a.mov"), "mov", target, None, None, {})


def test_rgb_is_written_without_a_matrix(tmp_path: Path) -> None:
    """A colour space of YUV on RGB is refused by FFmpeg's encoders; the engine sets none."""
    target = VideoTarget("png", "rgb24", 320, 180, Fraction(24))
    writer = FilmWriter(str(tmp_path / "a.mov"), "mov", target, None, None, {})
    rgb = numpy.repeat(code_picture(5)[:, :, None], 3, axis=2)
    writer.write_picture(tag(from_array(numpy.ascontiguousarray(rgb), "rgb24")), 0)
    writer.finish()
    assert codes(tmp_path / "a.mov") == [5]


def test_ffmpeg_is_told_nothing_about_its_log() -> None:
    """`av.logging.set_level` makes it print on stderr for ever; no line of the engine calls it."""
    callers = [path.name for path in PACKAGE.rglob("*.py") if "set_level" in path.read_text(encoding="utf-8")]
    assert callers == []
