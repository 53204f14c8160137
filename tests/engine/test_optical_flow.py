"""Retiming by optical flow, against pictures of textures that were drawn at the very moments between."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import film, grays
from numpy.typing import NDArray
from spec_maker import item as placed
from spec_maker import job, psnr, rendered, source, timeline

from resolve_engine import failure
from resolve_engine.api import application, grades
from resolve_engine.media.av_safe.motion import between
from resolve_engine.media.av_safe.pictures import blank, plane_array
from resolve_engine.model.frozen import freeze

SIZE = (192, 112)
FRAMES = 6
INNER = (slice(12, -12), slice(16, -16))
"""Where the scene below is told by what is in it: at the edges something comes in from outside."""


def texture(shape: tuple[int, int], seed: int) -> NDArray[numpy.float64]:
    """Smooth noise from 50 to 200."""
    noise = numpy.random.default_rng(seed).random(shape)
    for _ in range(14):
        noise = (noise + sum(numpy.roll(noise, step, axis) for step in (1, -1) for axis in (0, 1))) / 5
    return 50 + 150 * (noise - noise.min()) / (noise.max() - noise.min())


GROUND, CARD = texture((SIZE[1], 2 * SIZE[0]), 1), texture((40, 40), 2)


def scene(time: float) -> NDArray[numpy.float64]:
    """The ground goes two pixels a frame to the left, a card on it six to the right; both also by parts of a pixel."""

    def at(row: NDArray[numpy.float64], place: float, width: int) -> NDArray[numpy.float64]:
        first = int(place)
        return row[:, first : first + width] * (1 - place + first) + row[:, first + 1 : first + 1 + width] * (
            place - first
        )

    picture = at(GROUND, 2 * time, SIZE[0])
    left = 40 + 6 * time
    card = at(numpy.pad(CARD, [(0, 0), (1, 1)], "edge"), 1 - left % 1, 40)
    picture[36:76, int(left) + 1 : int(left) + 41] = card
    return picture


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scene as a lossless film."""
    return film(
        tmp_path_factory.mktemp("flow") / "moving.mkv", 24, FRAMES, codec="ffv1", size=SIZE,
        picture=lambda index: numpy.rint(scene(index)).astype(numpy.uint8),
    )  # fmt: skip


def shown(path: Path, folder: Path, speed: Fraction, process: int) -> list[NDArray[numpy.float64]]:
    """Every frame of the film at a speed."""
    count = int((FRAMES - 1) / speed) + 1
    of = timeline([[placed("p", 0, count, source(path), 0, speed, properties={"RetimeProcess": process})]], size=SIZE)
    made = rendered(job(of, folder / f"{process}.mkv", "mkv", "FFV1YUV420_8", audio=False))
    return [picture.astype(numpy.float64) for picture in grays(made)]


@pytest.mark.parametrize("speed", [Fraction(1, 2), Fraction(2, 5)])
def test_what_moves_stands_where_it_would_be(moving: Path, tmp_path: Path, speed: Fraction) -> None:
    """Between frames nearer to the truth than blending, by 2.5 dB on the average; at source frames those themselves."""
    flow, blend = (shown(moving, tmp_path, speed, process) for process in (3, 2))
    gained = []
    for frame, (one, other) in enumerate(zip(flow, blend, strict=True)):
        time = frame * speed
        truth = scene(float(time))
        if time.denominator == 1:
            assert psnr(one, truth) > 48  # what full range loses in limited range
        else:
            gained.append(psnr(one[INNER], truth[INNER]) - psnr(other[INNER], truth[INNER]))
    assert len(gained) >= FRAMES - 1
    assert sum(gained) / len(gained) > 2.5


def test_a_cut_is_not_bridged(tmp_path: Path) -> None:
    """Between the last frame of a shot and the first of the next stands one of them, not a mixture."""
    shots = [0.4 * texture((SIZE[1], SIZE[0]), seed) + base for seed, base in ((3, 10), (4, 140))]
    path = film(
        tmp_path / "cut.mkv", 24, 4, codec="ffv1", size=SIZE,
        picture=lambda index: numpy.rint(shots[index // 2]).astype(numpy.uint8),
    )  # fmt: skip
    of = timeline([[placed("p", 0, 7, source(path), 0, Fraction(1, 2), properties={"RetimeProcess": 3})]], size=SIZE)
    made = rendered(job(of, tmp_path / "o.mkv", "mkv", "FFV1YUV420_8", audio=False))
    between_shots = list(grays(made))[3].astype(numpy.float64)
    assert max(psnr(between_shots, numpy.rint(shot)) for shot in shots) > 45


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p10le", "gbrp", "rgba", "gbrpf32le"])
def test_every_kind_of_picture_is_taken(form: str) -> None:
    """Between black and itself is black, of eight bits, with alpha where there was some."""
    planar = {"rgba": "gbrap"}.get(form, form)
    made = between([blank(64, 48, planar)] * 4, Fraction(1, 3))
    assert (made.width, made.height) == (64, 48)
    assert (plane_array(made, 0) == 16).all()
    assert made.format.name.startswith("yuva" if form == "rgba" else "yuv4")
    with pytest.raises(ValueError, match="between 0 and 1"):
        between([blank(64, 48, "yuv420p")] * 4, Fraction(1))


@pytest.mark.parametrize(
    ("setting", "own", "shown_as"),
    [
        ("nearest", None, None),
        ("frameBlend", None, 2),
        ("opticalFlow", None, 3),
        ("opticalFlow", 1, 1),
        ("frameBlend", 3, 3),
    ],
)
def test_an_item_follows_the_project_s_way_unless_it_has_its_own(
    project: Any, item: Any, setting: str, own: int | None, shown_as: int | None
) -> None:
    """RetimeProcess 0 is the project's imageRetimeInterpolation."""
    assert project.SetSetting("imageRetimeInterpolation", setting) is True, failure.last()
    if own is not None:
        assert item.SetProperty("RetimeProcess", own) is True
    record: Any = application.start().project
    frozen = freeze(record, record.open_timeline(), grades.lut_path)
    assert frozen.video[0].items[0].properties.get("RetimeProcess") == shown_as
