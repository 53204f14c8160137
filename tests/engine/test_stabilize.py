"""Steadied footage: the motion of a clip that shakes is found, kept with its item, and is not in its renders."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy
import pytest
from clips import restart
from generate import still
from looks import scene
from numpy.typing import NDArray
from rendering import finish_started, queue

from resolve_engine import failure
from resolve_engine.analyse.steadying import shift_between
from resolve_engine.media.av_safe.moving import moved
from resolve_engine.media.av_safe.pictures import blank, from_array, part_view

SIZE = WIDTH, HEIGHT = 320, 180
FRAMES = 48
PAN = 0.5
"""Pixels that the camera goes right from frame to frame, on purpose."""


def taken(x: float, y: float, world: NDArray[Any]) -> NDArray[numpy.uint8]:
    """What a camera sees that stands at x and y on a large picture; bilinear."""
    left, top = int(numpy.floor(x)), int(numpy.floor(y))
    across, down = x - left, y - top
    part = world[top : top + HEIGHT + 1, left : left + WIDTH + 1].astype(float)
    rows = part[:-1] * (1 - down) + part[1:] * down
    shown = rows[:, :-1] * (1 - across) + rows[:, 1:] * across
    return numpy.rint(shown).astype(numpy.uint8)


def shaking(path: Path, strength: float) -> NDArray[numpy.float64]:
    """A film of a camera that pans and shakes, with a block that moves against it; where the camera stood."""
    world = scene((WIDTH + 200, HEIGHT + 120), 11)
    shake = numpy.random.default_rng(5).uniform(-strength, strength, (FRAMES, 2))
    places = numpy.array([60.0, 50.0]) + numpy.outer(numpy.arange(FRAMES), [PAN, 0]) + shake
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=Fraction(24))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv444p"
        for number, (x, y) in enumerate(places):
            picture = taken(x, y, world)
            picture[70:110, 250 - 3 * number : 290 - 3 * number] = (200, 40, 40)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return places


def motion(path: Path) -> NDArray[numpy.float64]:
    """From frame to frame, in pixels, of the still surroundings alone: each frame is looked up in the one before it."""
    with av.open(str(path)) as container:
        pictures = [frame.to_ndarray(format="gray").astype(float) for frame in container.decode(video=0)]
    assert len(pictures) == FRAMES
    found = []
    for one, other in itertools.pairwise(pictures):
        parts = [picture[100:, 30:140] for picture in (one, other)]
        down, across = numpy.gradient((parts[0] + parts[1]) / 2)
        total = numpy.zeros(2)
        best = min(
            ((numpy.abs(numpy.roll(parts[1], (-y, -x), (0, 1)) - parts[0])[12:-12, 12:-12].mean(), x, y)
             for x in range(-10, 11) for y in range(-10, 11)),
        )  # fmt: skip
        total[:] = best[1:]
        aligned = numpy.roll(parts[1], (-best[2], -best[1]), (0, 1))
        error = (parts[0] - aligned)[12:-12, 12:-12].ravel()
        slopes = numpy.stack([across[12:-12, 12:-12].ravel(), down[12:-12, 12:-12].ravel()], axis=-1)
        total += numpy.linalg.lstsq(slopes, error, rcond=None)[0]
        found.append(total)
    return numpy.array(found)


@pytest.fixture
def shaken(project: Any, pool: Any, tmp_path: Path) -> tuple[Any, NDArray[numpy.float64]]:
    """The film on a timeline of its size: its picture item, and where the camera stood."""
    project.SetSettings({"timelineResolutionWidth": str(WIDTH), "timelineResolutionHeight": str(HEIGHT)})
    places = shaking(tmp_path / "shaking.mkv", 4.0)
    timeline = pool.CreateTimelineFromClips("t", pool.ImportMedia([str(tmp_path / "shaking.mkv")]))
    return timeline.GetItemListInTrack("video", 1)[0], places


def test_a_shift_is_found_to_a_tenth_of_a_pixel() -> None:
    """Parts of pixels, with a block that does not go along; and no motion where there is nothing to see."""
    world = scene((WIDTH + 60, HEIGHT + 60), 3)
    for x, y in ((0.0, 0.0), (0.3, -0.4), (5.5, -3.25), (-9.7, 8.1)):
        one, other = (taken(30 - a, 30 - b, world).mean(axis=-1).astype(numpy.float32) for a, b in ((0, 0), (x, y)))
        for picture in (one, other):
            picture[60:100, 200:240] = 250
        found = shift_between(one, other)
        assert numpy.abs(numpy.array(found) - (x, y)).max() < 0.1, (x, y, found)
    plain = numpy.full((HEIGHT, WIDTH), 40, numpy.float32)
    assert shift_between(plain, plain) == (0.0, 0.0)
    noise = numpy.random.default_rng(1).random((2, HEIGHT, WIDTH)).astype(numpy.float32) * 255
    assert shift_between(noise[0], noise[1]) == (0.0, 0.0)


def test_pictures_are_moved_by_parts_of_pixels(tmp_path: Path) -> None:
    """A ramp is moved exactly in every kind of format; enlarged about the middle; not at all without either."""
    ramp = numpy.broadcast_to(numpy.linspace(0, 255, WIDTH), (HEIGHT, WIDTH)).astype(numpy.float32) / 255
    picture = from_array(numpy.stack([ramp] * 3, axis=-1), "gbrpf32le")
    shifted = part_view(moved(picture, 2.5 / WIDTH, 0.25, 1.0), 0, "<f4", WIDTH)
    step = 1 / (WIDTH - 1)
    numpy.testing.assert_allclose(shifted[5, 10:-10], ramp[5, 10:-10] - 2.5 * step, atol=1e-5)
    larger = part_view(moved(picture, 0, 0, 1.25), 0, "<f4", WIDTH)
    assert abs(float(larger[5, 200] - larger[5, 120]) - 80 * step / 1.25) < 1e-5
    for form in ("yuv420p", "yuv422p10le", "gbrp16le", "nv12", "rgb24", "rgba64le", "gray"):
        made = moved(blank(64, 36, form) if "rgb" not in form and form != "nv12" else _grey(form), 0.1, 0.1, 1.1)
        assert (made.width, made.height) == (64, 36), form
    same = moved(picture, 0, 0, 1.0)
    numpy.testing.assert_allclose(part_view(same, 0, "<f4", WIDTH), part_view(picture, 0, "<f4", WIDTH), atol=1e-6)


def _grey(form: str) -> Any:
    frame: Any = av.VideoFrame.from_ndarray(numpy.full((36, 64, 3), 128, numpy.uint8), format="rgb24")
    return frame.reformat(format=form)


def test_a_shaking_clip_becomes_steady(project: Any, shaken: Any, tmp_path: Path) -> None:
    """What is left of the shaking is less than a tenth; the pan stays; after a restart it is the same film."""
    item, places = shaken
    assert finish_started(project, queue(project, tmp_path, "before"))["JobStatus"] == "Complete"
    before = motion(tmp_path / "before.mkv")
    assert numpy.abs(before + numpy.diff(places, axis=0)).max() < 0.6  # the measure tells the truth
    assert item.Stabilize() is True, failure.last()
    assert finish_started(project, queue(project, tmp_path, "after"))["JobStatus"] == "Complete"
    after = motion(tmp_path / "after.mkv")
    assert after.std(axis=0).max() < before.std(axis=0).min() / 10, (before.std(axis=0), after.std(axis=0))
    assert -1.3 * PAN * 1.2 < after[:, 0].mean() < -0.7 * PAN
    again = restart().GetProjectManager().LoadProject("probe")
    assert finish_started(again, queue(again, tmp_path, "again"))["JobStatus"] == "Complete"
    assert numpy.abs(motion(tmp_path / "again.mkv") - after).max() == 0


def test_no_edge_of_the_picture_is_seen(project: Any, shaken: Any, tmp_path: Path) -> None:
    """The enlargement is as large as the largest shift needs, and no larger."""
    from resolve_engine.api import application

    item, _ = shaken
    assert item.Stabilize() is True, failure.last()
    steady = application.start().project.items[item.GetUniqueId()].steady
    most = max(abs(share) for shift in steady["shifts"] for share in shift)
    assert steady["zoom"] == pytest.approx(1 / (1 - 2 * most))
    assert 4 / WIDTH / 2 < most < 2 * 4 / HEIGHT
    assert len(steady["shifts"]) == FRAMES


def test_a_copy_stays_steady(project: Any, shaken: Any, tmp_path: Path) -> None:
    """Shifts belong to frames of the file, and go with the item to a copy of the timeline."""
    item, _ = shaken
    assert item.Stabilize() is True, failure.last()
    copied = project.GetCurrentTimeline().DuplicateTimeline("copy")
    assert project.SetCurrentTimeline(copied)
    assert finish_started(project, queue(project, tmp_path, "copied"))["JobStatus"] == "Complete"
    assert motion(tmp_path / "copied.mkv").std(axis=0).max() < 0.3


def test_what_is_no_footage_is_refused(project: Any, pool: Any, timeline: Any, tmp_path: Path) -> None:
    """Sound, a generator, a still, a compound clip: each with the reason."""
    (sound,) = timeline.GetItemListInTrack("audio", 1)
    (picture,) = timeline.GetItemListInTrack("video", 1)
    folded = timeline.CreateCompoundClip([picture])
    assert timeline.SetCurrentTimecode("01:00:02:00")
    drawn = timeline.InsertGeneratorIntoTimeline("Solid Color")
    (photo,) = pool.ImportMedia([str(still(tmp_path / "photo.png", scene(SIZE), "rgb24"))])
    (shown,) = pool.AppendToTimeline([photo])
    for item in (sound, folded, drawn, shown):
        assert item.Stabilize() is False
        assert failure.last(), item.GetName()
