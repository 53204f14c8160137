"""The frames that were asked for: every frame of a rendered timeline shows the source frame that the rule names.

The sources carry their frame numbers; the expected ones are worked out here, in fractions, without the engine.
"""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import pytest
from generate import codes, film, pictures, read_code, wave
from generate import sound as sound_file
from spec_maker import found, item, job, rendered, source, timeline

from resolve_engine.render.spec import ItemSpec, SourceSpec, TimelineSpec

NTSC24, NTSC30, NTSC60 = Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)
FRAMES = 90


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceSpec]:
    """A film of each rate, the codes of each starting at another thousand."""
    folder = tmp_path_factory.mktemp("sources")
    film(folder / "24.mp4", 24, FRAMES, 0, options={"preset": "medium", "g": "30", "bf": "3"})
    film(folder / "23.mov", NTSC24, FRAMES, 1000, codec="prores_aw", pixel_format="yuv422p10le")
    film(folder / "25.mp4", 25, FRAMES, 2000, codec="libx265", options={"x265-params": "log-level=none:keyint=25"})
    film(folder / "29.mxf", NTSC30, FRAMES, 3000, codec="dnxhd", pixel_format="yuv422p",
         options={"profile": "dnxhr_lb"}, muxer="mxf")  # fmt: skip
    film(folder / "59.mp4", NTSC60, FRAMES, 4000)
    film(folder / "50.mpg", 50, FRAMES, 5000, codec="mpeg2video", options={"b": "3000000", "bf": "2"})
    pictures(folder, "shot_", 6000, FRAMES)
    names = {"24": "24.mp4", "23": "23.mov", "25": "25.mp4", "29": "29.mxf", "59": "59.mp4", "50": "50.mpg"}
    made = {key: source(folder / name) for key, name in names.items()}
    made["sequence"] = source(folder / "shot_6000.png")
    return made


FIRST_CODE = {"24": 0, "23": 1000, "25": 2000, "29": 3000, "59": 4000, "50": 5000, "sequence": 6000}


def cut_list(sources: dict[str, SourceSpec], start: int) -> list[tuple[str, ItemSpec]]:
    """Cuts between sources of every rate: whole and broken in points, single frames, a gap, slow, fast, backwards."""
    plan: list[tuple[str, int, Fraction | int, Fraction | int]] = [
        ("24", 12, 10, 1),
        ("23", 9, Fraction(7, 3), 1),
        ("25", 1, 40, 1),
        ("29", 14, 5, 1),
        ("59", 10, Fraction(1, 2), 1),
        ("50", 7, 33, 1),
        ("sequence", 8, 20, 1),
        ("24", 11, 3, Fraction(1, 2)),
        ("59", 6, 4, 2),
        ("25", 9, 60, -1),
        ("24", 5, 84, 1),
    ]
    place = start
    items: list[tuple[str, ItemSpec]] = []
    for number, (name, length, entry, speed) in enumerate(plan):
        items.append((name, item(f"{number} {name}", place, place + length, sources[name], entry, speed)))
        place += length + (3 if number == 4 else 0)
    return items


def expected(items: list[tuple[str, ItemSpec]], spec: TimelineSpec) -> list[int | None]:
    """What each frame must show; None for black."""
    shown: list[int | None] = []
    for frame in range(spec.start, spec.end):
        code: int | None = None
        for name, entry in items:
            if entry.start <= frame < entry.end:
                seconds = Fraction(frame - entry.start) / Fraction(*spec.rate) * Fraction(*entry.speed)
                place = Fraction(*entry.source_start) + seconds * Fraction(*entry.source.rate)
                code = FIRST_CODE[name] + min(max(math.floor(place), 0), FRAMES - 1)
        shown.append(code)
    return shown


@pytest.mark.parametrize(
    ("rate", "drop_frame", "start", "timecode"),
    [
        ((24, 1), False, 86400, "01:00:00:00"),
        ((25, 1), False, 90000, "01:00:00:00"),
        ((30000, 1001), True, 107891, "00:59:59;29"),
        ((60000, 1001), True, 215784, "01:00:00;00"),
        ((24000, 1001), False, 0, "00:00:00:00"),
    ],
)
def test_every_frame_of_a_cut_is_the_one_that_was_asked_for(
    sources: dict[str, SourceSpec],
    tmp_path: Path,
    rate: tuple[int, int],
    drop_frame: bool,
    start: int,
    timecode: str,
) -> None:
    """At each timeline rate, with sources of all rates: no cut and no frame is off, and the start timecode is kept."""
    items = cut_list(sources, start)
    spec = timeline([[entry for _, entry in items]], rate=rate, start=start, drop_frame=drop_frame)
    made = rendered(job(spec, tmp_path / "cut.mp4", audio=False))
    assert codes(made) == expected(items, spec)
    info = found(made)
    assert info.video is not None
    assert (info.video.rate, info.start_timecode) == (rate, timecode)


def test_the_top_track_wins_and_what_is_off_is_not_shown(sources: dict[str, SourceSpec], tmp_path: Path) -> None:
    """A cutaway on V2 covers V1 from its first to its last frame; disabled items and tracks are as if absent."""
    v1 = item("under", 0, 20, sources["24"], 0)
    v2 = item("over", 5, 9, sources["25"], 10)
    off = ItemSpec(**{**v2.__dict__, "id": "off", "start": 12, "end": 15, "enabled": False})
    spec = timeline([[v1], [v2, off], [item("dark", 0, 20, sources["29"], 0)]])
    dark = spec.video[2].__class__(False, spec.video[2].items)
    spec = TimelineSpec(**{**spec.__dict__, "video": (*spec.video[:2], dark)})
    made = rendered(job(spec, tmp_path / "cut.mp4", audio=False))
    over = [2010, 2011, 2012, 2013]
    assert codes(made) == [0, 1, 2, 3, 4, *over, *range(9, 20)]


def test_a_range_renders_its_own_frames_only(sources: dict[str, SourceSpec], tmp_path: Path) -> None:
    """Mark in and out are both rendered, and the timecode is that of the mark in."""
    spec = timeline([[item("a", 100, 140, sources["24"], 0)]], start=100)
    made = rendered(job(spec, tmp_path / "part.mov", "mov", "ProRes422LT", audio=False, first=107, last=112))
    assert codes(made) == [7, 8, 9, 10, 11, 12]
    assert found(made).start_timecode == "00:00:04:11"


def test_a_frame_grab_is_the_frame_of_the_render(sources: dict[str, SourceSpec], tmp_path: Path) -> None:
    """The picture of one frame and the same frame of a render come from one code path."""
    from resolve_engine.media.av_safe.pictures import packed_rgb
    from resolve_engine.render.compositor import Compositor

    items = cut_list(sources, 0)
    spec = timeline([[entry for _, entry in items]])
    compositor = Compositor(spec, 320, 180, "rgb24")
    wanted = expected(items, spec)
    import numpy

    for frame in (70, 3, 44, 12, 13, 11, 60, 3):
        shown = numpy.frombuffer(packed_rgb(compositor.picture(frame)), numpy.uint8).reshape(180, 320, 3)[..., 1]
        assert read_code(shown) == wanted[frame], frame
    compositor.close()


def test_sound_and_picture_start_together(tmp_path: Path) -> None:
    """The click at the start of a source frame is heard at the start of the timeline frame that shows it."""
    from generate import heard

    film(tmp_path / "a.mov", 25, 60, 0, sound="clicks", sound_codec="pcm_s16le")
    sound_file(tmp_path / "b.wav", wave("clicks", 48000, rate=25))
    both = source(tmp_path / "a.mov")
    spec = timeline([[item("p", 4, 14, both, 20)]], [[item("s", 4, 14, both, 20)]], rate=(25, 1))
    made = rendered(job(spec, tmp_path / "o.mov", "mov", "ProRes422P", first=0, last=13))
    assert codes(made) == [None] * 4 + list(range(20, 30))
    samples, rate = heard(made)
    clicks = [int(place) for place in (samples[:, 0] > 0.5).nonzero()[0]]
    assert rate == 48000
    assert clicks == [1920 * frame for frame in range(4, 14)]
