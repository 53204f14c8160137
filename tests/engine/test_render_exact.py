"""Exactness over a whole render: every frame on every track, sound and picture after an hour, the same each time."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from pathlib import Path

import numpy
import pytest
from generate import code_picture, film, grays, read_code
from spec_maker import found, item, job, rendered, source, timeline

from resolve_engine.media.reader import FilmReader
from resolve_engine.media.sound_reader import SoundReader
from resolve_engine.render.spec import ItemSpec, SourceSpec

RATES = {"24": (24, 1), "25": (25, 1), "29.97": (30000, 1001), "59.94": (60000, 1001)}
FRAMES = 56
CORNERS = ((-90.0, 45.0), (90.0, -45.0))
"""Where the pictures of the upper tracks stand from the centre, right and up."""
SMALL = 0.4


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[SourceSpec]:
    """A film of three seconds at each rate; frame n shows the number n."""
    folder = tmp_path_factory.mktemp("films")
    return [
        source(film(folder / f"{name}.mp4", Fraction(*rate), 3 * round(Fraction(*rate)), 1000 * number))
        for number, (name, rate) in enumerate(RATES.items())
    ]


def track(
    chance: random.Random, films: list[SourceSpec], name: str, cuts: int, rate: tuple[int, int], corner: int | None
) -> tuple[list[ItemSpec], list[int]]:
    """Items without a hole, and the code that each frame of the track must show."""
    edges = [0, *sorted(chance.sample(range(1, FRAMES), cuts)), FRAMES]
    items: list[ItemSpec] = []
    expected: list[int] = []
    for number, (start, end) in enumerate(itertools.pairwise(edges)):
        film_number = chance.randrange(len(films))
        of = films[film_number]
        step = Fraction(*of.rate) / Fraction(*rate)
        entry = chance.randrange(of.frames - int(FRAMES * step) - 1) if of.frames > FRAMES * step + 1 else 0
        place = {} if corner is None else dict(zip(("Pan", "Tilt"), CORNERS[corner], strict=True))
        sizing = {} if corner is None else {"ZoomX": SMALL, "ZoomY": SMALL, **place}
        items.append(item(f"{name}{number}", start, end, of, entry, properties=sizing))
        shown = [min(int(entry + offset * step), of.frames - 1) for offset in range(end - start)]
        expected += [1000 * film_number + frame for frame in shown]
    return items, expected


@pytest.mark.parametrize("rate", list(RATES))
def test_forty_cuts_on_three_tracks(films: list[SourceSpec], tmp_path: Path, rate: str) -> None:
    """Sources of four rates, 40 cuts at random: each frame of the file shows on each track the frame of its moment."""
    chance = random.Random(rate)
    tracks = [
        track(chance, films, "a", 14, RATES[rate], None),
        track(chance, films, "b", 13, RATES[rate], 0),
        track(chance, films, "c", 13, RATES[rate], 1),
    ]
    of = timeline([items for items, _ in tracks], rate=RATES[rate])
    made = rendered(job(of, tmp_path / "o.mkv", "mkv", "FFV1YUV420_8", audio=False))
    width, height = round(320 * SMALL), round(180 * SMALL)
    boxes = [(round(160 + pan - width / 2), round(90 - tilt - height / 2), width, height) for pan, tilt in CORNERS]
    pictures = list(grays(made))
    assert len(pictures) == FRAMES
    for corner, (_, expected) in enumerate(tracks[1:]):
        assert [read_code(picture, boxes[corner]) for picture in pictures] == expected
    # Most of the lowest track is covered: its pictures are compared where they can be seen, its codes by their blocks.
    free = numpy.ones((180, 320), bool)
    for x, y, across, down in boxes:
        free[max(0, y - 2) : y + down + 2, max(0, x - 2) : x + across + 2] = False
    for picture, code in zip(pictures, tracks[0][1], strict=True):
        difference = numpy.abs(picture.astype(int) - code_picture(code))[free]
        assert (difference > 80).mean() < 0.03, code


def test_an_hour_later_sound_and_picture_are_together(tmp_path: Path) -> None:
    """After 7200 frames of 1001/2000 s, the picture and the click that belong together are a millisecond apart at most,
    in the file, and each where the timeline has it."""
    rate = (2000, 1001)
    clip = source(
        film(
            tmp_path / "c.mov",
            Fraction(*rate),
            8,
            size=(64, 36),
            sound="clicks",
            sound_codec="pcm_s16le",
            sample_rate=8000,
        )
    )
    first = 7200
    of = timeline(
        [[item("p", 0, 4, clip), item("q", first, first + 8, clip)]],
        [[item("s", 0, 4, clip), item("t", first, first + 8, clip)]],
        rate=rate,
        size=(64, 36),
    )
    made = rendered(job(of, tmp_path / "o.mov", "mov", "H264", audio_codec="lpcm", audio_sample_rate=8000))
    info = found(made)
    assert info.video is not None
    assert info.video.frames == first + 8
    reader = FilmReader(str(made), info.video.stream_index)
    dark = numpy.frombuffer(reader.read(first - 1).planes[0], numpy.uint8).max()
    lit = numpy.frombuffer(reader.read(first).planes[0], numpy.uint8).max()
    shown = reader.read(first)
    assert dark < 40 < 150 < lit
    assert shown.pts is not None
    assert shown.time_base is not None
    sound = SoundReader(str(made), info.audio[0].stream_index)
    at = round(Fraction(first) / Fraction(*rate) * 8000)
    samples = numpy.abs(sound.read(at - 2000, 4000)[:, 0])
    reader.close()
    sound.close()
    click = at - 2000 + int(numpy.flatnonzero(samples > 0.5)[0])
    assert abs(Fraction(click, 8000) - shown.pts * shown.time_base) <= Fraction(1, 1000)
    assert abs(click - at) <= 1


@pytest.mark.parametrize(
    ("form", "codec"),
    [("mkv", "FFV1YUV420_8"), ("mp4", "H264"), ("mp4", "H265"), ("mp4", "AV1"), ("mov", "ProRes422HQ")],
)
def test_the_same_render_twice_gives_the_same_pictures(
    films: list[SourceSpec], tmp_path: Path, form: str, codec: str
) -> None:
    """Every byte of every frame, also of a codec that loses some, threads or not."""
    items, _ = track(random.Random(3), films, "a", 5, (24, 1), None)
    upper, _ = track(random.Random(4), films, "b", 5, (24, 1), 0)
    of = timeline([items, upper])
    once, twice = (
        [
            picture.tobytes()
            for picture in grays(rendered(job(of, tmp_path / f"{name}.{form}", form, codec, audio=False)))
        ]
        for name in ("once", "twice")
    )
    assert len(once) == FRAMES
    assert once == twice
