"""Subtitles in renders: burnt into the pictures, as a track of the film, and as a file beside it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import film
from numpy.typing import NDArray
from rendering import finish_started, queue
from spec_maker import item, job, rendered, source, timeline

from resolve_engine import failure
from resolve_engine.interchange import subtitle_file
from resolve_engine.media.av_safe.captions import read_cues
from resolve_engine.media.av_safe.films import FilmDecoder
from resolve_engine.media.av_safe.graphs import PictureGraph
from resolve_engine.media.av_safe.pictures import plane_array, signature
from resolve_engine.media.errors import MediaError
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.levels import to_format, white_level
from resolve_engine.render.spec import CaptionSpec, CdlSpec, NodeSpec, TimelineSpec
from resolve_engine.render.title import SUBTITLE, draw_title

SIZE = (320, 180)
HELLO = (CaptionSpec(4, 8, "Hello\nworld"), CaptionSpec(8, 10, "again"))
DARK = NodeSpec(cdl=CdlSpec((0.25, 0.25, 0.25)))

Floats = NDArray[numpy.float64]


@pytest.fixture
def of(tmp_path: Path) -> TimelineSpec:
    """A film of twelve frames, with a smaller copy of itself above."""
    clip = source(film(tmp_path / "c.mp4", 24, 12, size=SIZE))
    small = item("small", 0, 12, clip, properties={"ZoomX": 0.25, "ZoomY": 0.25, "Pan": -90.0, "Tilt": 40.0})
    return timeline([[item("p", 0, 12, clip)], [small]])


def shown(of: TimelineSpec, frame: int, form: str, captions: Sequence[CaptionSpec] = ()) -> Floats:
    """A frame in a pixel format, as height x width x RGB from 0 to 255."""
    compositor = Compositor(of, *SIZE, form, captions=captions)
    try:
        made = compositor.picture(frame)
        graph = PictureGraph([signature(made)])
        graph.finish(graph.chain(0, to_format("gbrpf32le")))
        wide = graph.run([made])
        green, blue, red = (plane_array(wide, index, "float32") for index in range(3))
    finally:
        compositor.close()
    planes: Floats = numpy.stack([red, green, blue], axis=-1).astype(numpy.float64) / white_level(form) * 255
    return planes


def lettered(below: Floats, text: str) -> Floats:
    """What a picture looks like with a subtitle on it."""
    drawn = draw_title(SUBTITLE, text, 0, 1, *SIZE).to_ndarray().astype(numpy.float64)
    alpha = drawn[:, :, 3:] / 255
    return below * (1 - alpha) + drawn[:, :, :3] * alpha


def test_every_line_of_a_subtitle_has_its_edge_on_all_sides() -> None:
    """Three lines, with dots and tails: two pixels around every white one are opaque, in each line."""
    drawn = draw_title(SUBTITLE, "Above\näöü ßg\nbelow", 0, 1, 1280, 720).to_ndarray()
    white, opaque = drawn[..., 0] > 128, drawn[..., 3] > 128
    rows = numpy.flatnonzero(white.any(axis=1))
    lines = numpy.split(rows, numpy.flatnonzero(numpy.diff(rows) > 4) + 1)
    assert len(lines) >= 3
    for axis in (0, 1):
        for by in (-2, 2):
            assert (numpy.roll(opaque, by, axis) | ~white).all(), (axis, by)


def test_a_subtitle_is_white_with_a_black_edge_at_the_foot() -> None:
    """In the middle, in the lower quarter; every letter has black beside it, so that it can be read on white."""
    drawn = draw_title(SUBTITLE, "Hello", 0, 1, 1280, 720).to_ndarray()
    opaque = drawn[:, :, 3] > 250
    white, black = opaque & (drawn[:, :, 0] > 250), opaque & (drawn[:, :, 0] < 5)
    assert white.any()
    assert black.any()
    rows, columns = numpy.nonzero(opaque)
    assert rows.min() > 720 * 3 // 4
    assert rows.max() < 720 - 720 // 16
    assert abs((columns.min() + columns.max()) / 2 - 640) <= 1


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p10le", "rgb24", "gbrpf32le"])
@pytest.mark.parametrize("grade", [(), (DARK,)])
def test_letters_stand_over_everything_after_the_grade(
    of: TimelineSpec, form: str, grade: tuple[NodeSpec, ...]
) -> None:
    """In every kind of format; what is not a letter is as it was, and the timeline's own grade leaves letters white."""
    graded = TimelineSpec(**{**of.__dict__, "nodes": grade})
    for frame, text in ((3, ""), (4, "Hello\nworld"), (7, "Hello\nworld"), (8, "again"), (10, "")):
        plain = shown(graded, frame, form)
        with_letters = shown(graded, frame, form, HELLO)
        expected = lettered(plain, text) if text else plain
        # Chroma of half the size mixes with its neighbours at the edges of letters.
        difference = numpy.abs(with_letters - expected)
        assert difference.mean() < (0.6 if text else 1e-9), (frame, difference.mean())
        outside = numpy.abs(expected - plain).max(axis=(0, 2)) == 0
        assert difference[:, : numpy.argmin(outside) - 8].max(initial=0) <= (0.0 if text == "" else 1.0)
        if text:
            assert with_letters.max() > 200


def test_a_subtitle_over_nothing_stands_on_black(tmp_path: Path) -> None:
    """In a gap, too, and where a picture leaves bars."""
    clip = source(film(tmp_path / "c.mp4", 24, 12, size=SIZE))
    gap = timeline([[item("p", 6, 12, clip)]])
    made = shown(gap, 4, "yuv420p", HELLO)
    assert numpy.abs(made - lettered(numpy.zeros_like(made), "Hello\nworld")).mean() < 0.6
    assert made.max() > 200


@pytest.mark.parametrize("premultiplied", [False, True])
@pytest.mark.parametrize("grade", [(), (DARK,)])
def test_letters_are_opaque_in_a_render_with_alpha(premultiplied: bool, grade: tuple[NodeSpec, ...]) -> None:
    """Where nothing else stands the letters alone cover, white in both ways of alpha; with a grade, too."""
    empty = timeline([[]])
    empty = TimelineSpec(**{**empty.__dict__, "end": 12, "nodes": grade})
    compositor = Compositor(empty, *SIZE, "gbrapf32le", captions=HELLO)
    made = compositor.with_alpha(compositor.footage.view(4), premultiplied)
    green, blue, red, alpha = (plane_array(made, index, "float32") for index in range(4))
    compositor.close()
    drawn = draw_title(SUBTITLE, "Hello\nworld", 0, 1, *SIZE).to_ndarray().astype(numpy.float64) / 255
    assert numpy.abs(alpha - drawn[:, :, 3]).max() < 1e-3
    wanted = drawn[:, :, 0] * (drawn[:, :, 3] if premultiplied else drawn[:, :, 3] > 0)
    for plane in (red, green, blue):
        assert numpy.abs(plane - wanted).max() < 2e-3


@pytest.mark.parametrize(("form", "codec"), [("mp4", "H264"), ("mov", "ProRes422P"), ("mkv", "FFV1YUV420_8")])
def test_embedded_subtitles_are_a_track_of_the_film(of: TimelineSpec, tmp_path: Path, form: str, codec: str) -> None:
    """At their milliseconds from the first frame that is rendered, cut off where the render begins and ends."""
    spec = job(
        of, tmp_path / f"out.{form}", form, codec, first=5, last=8, audio=False,
        subtitles="EmbeddedCaptions", captions=(*HELLO, CaptionSpec(11, 12, "never")),
    )  # fmt: skip
    path = rendered(spec)
    found = [(round(1000 * start), round(1000 * end), text) for start, end, text in read_cues(str(path))]
    assert found == [(0, 125, "Hello\nworld"), (125, 167, "again")]
    decoder = FilmDecoder(str(path), 0)
    pictures = 0
    while decoder.next() is not None:
        pictures += 1
    decoder.close()
    assert pictures == 4


def test_a_format_without_such_a_track_is_refused(of: TimelineSpec, tmp_path: Path) -> None:
    """With what to do instead; nothing is left on disk."""
    spec = job(of, tmp_path / "out.mxf", "mxf_op1a", "DNxHRLB", subtitles="EmbeddedCaptions", captions=HELLO)
    with pytest.raises(MediaError, match="SeparateFile"):
        rendered(spec)
    assert not (tmp_path / "out.mxf").exists()


@pytest.fixture
def spoken(project: Any, pool: Any, tmp_path: Path) -> Any:
    """A film of 48 frames on the current timeline, with two subtitles: frames 6 to 12 and 24 to 48."""
    project.SetSetting("timelineResolutionWidth", "320")
    project.SetSetting("timelineResolutionHeight", "180")
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:00,250 --> 00:00:00,500\none\n\n2\n00:00:01,000 --> 00:00:02,000\ntwo\n")
    clips = pool.ImportMedia([str(film(tmp_path / "f.mp4", 24, 48, size=SIZE, sound="tone")), str(words)])
    made = pool.CreateTimelineFromClips("spoken", clips[:1])
    assert pool.AppendToTimeline([clips[1]])[0], failure.last()
    return made


def test_a_separate_file_counts_from_the_first_frame_of_the_render(project: Any, spoken: Any, tmp_path: Path) -> None:
    """SubRip beside the film, whose pictures stay as they are."""
    start = spoken.GetStartFrame()
    wanted = {"ExportSubtitle": True, "SubtitleFormat": "SeparateFile", "MarkIn": start + 8, "MarkOut": start + 29}
    assert finish_started(project, queue(project, tmp_path, "out", **wanted))["JobStatus"] == "Complete"
    assert finish_started(project, queue(project, tmp_path, "plain", ExportSubtitle=False))["JobStatus"] == "Complete"
    read = subtitle_file.read((tmp_path / "out.srt").read_bytes())
    assert [tuple(cue) for cue in read] == [(0, 167, "one"), (667, 917, "two")]
    assert read_cues(str(tmp_path / "out.mkv")) == []
    assert not (tmp_path / "plain.srt").exists()


def test_the_settings_reach_the_film(project: Any, spoken: Any, tmp_path: Path) -> None:
    """Burnt in is what Resolve begins with: the frames with a subtitle differ, the others do not. Embedded is a track,
    and says what the timeline says when the job is started."""
    plain = queue(project, tmp_path, "plain", ExportSubtitle=False)
    burnt = queue(project, tmp_path, "burnt", ExportSubtitle=True)
    for name in (plain, burnt):
        status = finish_started(project, name)
        assert status["JobStatus"] == "Complete", status
    pairs = zip(frames(tmp_path / "plain.mkv"), frames(tmp_path / "burnt.mkv"), strict=True)
    differing = [at for at, (one, other) in enumerate(pairs) if (one != other).any()]
    assert differing == [*range(6, 12), *range(24, 48)]
    embedded = queue(project, tmp_path, "embedded", ExportSubtitle=True, SubtitleFormat="EmbeddedCaptions")
    assert spoken.GetItemListInTrack("subtitle", 1)[0].SetName("changed")
    assert finish_started(project, embedded)["JobStatus"] == "Complete"
    assert [text for _, _, text in read_cues(str(tmp_path / "embedded.mkv"))] == ["changed", "two"]
    assert read_cues(str(tmp_path / "embedded.mkv"))[0][0] == Fraction(1, 4)


def frames(path: Path) -> list[NDArray[Any]]:
    """The luma of every frame of a film."""
    decoder = FilmDecoder(str(path), 0)
    found = []
    while (one := decoder.next()) is not None:
        found.append(one[1].to_ndarray())
    decoder.close()
    return found


def test_what_cannot_be_is_refused_when_the_job_is_added(project: Any, spoken: Any, tmp_path: Path) -> None:
    """Individual clips, sound alone, a format without a track, a timeline without subtitles, an unknown way."""
    settings = {"TargetDir": str(tmp_path), "ExportSubtitle": True}
    assert project.SetRenderSettings({"SubtitleFormat": "Teletext"}) is False
    assert "BurnIn" in str(failure.last())

    def reason(**more: Any) -> str:
        assert project.SetRenderSettings({**settings, **more}), failure.last()
        assert project.AddRenderJob() == ""
        return str(failure.last())

    project.SetCurrentRenderMode(0)
    assert "render mode" in reason(SubtitleFormat="BurnIn")
    project.SetCurrentRenderMode(1)
    assert "ExportVideo" in reason(ExportVideo=False, AudioFormat="wav", AudioCodec="lpcm")
    project.SetCurrentRenderFormatAndCodec("mxf_op1a", "DNxHRLB")
    assert "SeparateFile" in reason(ExportVideo=True, SubtitleFormat="EmbeddedCaptions")
    assert spoken.SetTrackEnable("subtitle", 1, False)
    assert "no enabled subtitle track" in reason(SubtitleFormat="BurnIn")
