"""Transitions that have a shape: what of the frame shows which picture, in renders and through the API."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image
from spec_maker import item, picture, source, timeline

from resolve_engine import failure
from resolve_engine.model.transition import NAMES, WIPES
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.spec import TimelineSpec, TransitionSpec
from resolve_engine.render.wipes import DIP, PUSH, SLIDE, share

GOES, COMES = 40, 200
WIDTH, HEIGHT = 320, 180


def crossed(tmp_path: Path, name: str, frames: int = 8) -> TimelineSpec:
    """From a dark picture to a light one; the transition begins with frame 0."""
    paths = [tmp_path / f"{level}.png" for level in (GOES, COMES)]
    for path in paths:
        Image.new("RGB", (WIDTH, HEIGHT), (int(path.stem),) * 3).save(path)
    cut = timeline([[item("a", 0, frames // 2, source(paths[0])), item("b", frames // 2, frames, source(paths[1]))]])
    crossing = TransitionSpec(name, 0, frames, "a", "b")
    return replace(cut, video=(replace(cut.video[0], transitions=(crossing,)),))


def light(of: TimelineSpec, frame: int) -> Any:
    """How much of each pixel is of the light picture."""
    return (picture(of, frame)[:, :, 1] - GOES) / (COMES - GOES)


SHAPES = [name for name in NAMES["simple"] if share(name, 0.5, 8, 8) is not None and name not in (DIP, PUSH, SLIDE)]


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_grows_from_nothing_to_the_whole_frame(name: str) -> None:
    """At the start every pixel is of the one, at the end of the other, and none goes back."""
    before = numpy.zeros((18, 32))
    for step in range(41):
        now = numpy.broadcast_to(share(name, step / 40, 32, 18), before.shape)
        assert (now >= before - 1e-6).all(), (name, step)
        before = now
        if step == 0:
            assert now.max() <= 0.5
    assert before.min() >= 0.5


PLACES = {"middle": (90, 160), "left": (90, 2), "right": (90, 317), "top": (2, 160), "bottom": (177, 160)}
HALF_WAY = {
    "Edge Wipe": {"left", "middle", "top", "bottom"},
    "Center Wipe": {"middle", "top", "bottom"},
    "Barn Door": {"left", "right"},
    "Clock Wipe": {"right", "bottom", "top", "middle"},
    "Oval Iris": {"middle"},
    "Square Iris": {"middle"},
    "Diamond Iris": {"middle"},
}
"""Where the picture that comes is seen a little after the middle: the clock has passed six, and what stands right of
twelve is its first. The irises are looked at earlier."""


@pytest.mark.parametrize("name", HALF_WAY)
def test_what_is_seen_where(tmp_path: Path, name: str) -> None:
    """After 20 of 64 frames of an iris, after 36 of the others."""
    frame = 20 if name.endswith("Iris") else 36
    shares = light(crossed(tmp_path, name, 64), frame)
    seen = {place for place, at in PLACES.items() if shares[at] > 0.5}
    assert seen == HALF_WAY[name], shares


def test_an_edge_is_hard_and_in_its_place(tmp_path: Path) -> None:
    """In the middle of frame 3 of 8 seven sixteenths are of the one that comes."""
    shares = light(crossed(tmp_path, "Edge Wipe"), 3)
    assert numpy.abs(shares[:, : WIDTH * 7 // 16 - 1] - 1).max() < 0.02
    assert numpy.abs(shares[:, WIDTH * 7 // 16 + 1 :]).max() < 0.02


def test_blinds_open_in_ten_strips(tmp_path: Path) -> None:
    """Each from its top."""
    shares = light(crossed(tmp_path, "Venetian Blind Wipe"), 3)[:, 5] > 0.5
    starts = [row for row in range(1, HEIGHT) if shares[row] and not shares[row - 1]]
    assert shares[0]
    assert starts == list(range(18, HEIGHT, 18))


def test_a_dip_goes_through_black(tmp_path: Path) -> None:
    """Frames of 8: the one that goes at 7/8 to 1/8, then the other as much."""
    levels = [picture(crossed(tmp_path, DIP), frame).mean() for frame in range(8)]
    expected = [GOES * part / 8 for part in (7, 5, 3, 1)] + [COMES * part / 8 for part in (1, 3, 5, 7)]
    numpy.testing.assert_allclose(levels, expected, atol=1)


def test_a_push_moves_both_and_a_slide_the_one_that_comes(tmp_path: Path) -> None:
    """From left to right, as Push was seen to run; a mark on the picture that goes is moved along, or stays."""
    for name, mark in ((PUSH, 160), (SLIDE, 100)):
        cut = crossed(tmp_path, name)
        image = Image.new("RGB", (WIDTH, HEIGHT), (GOES,) * 3)
        image.paste((255, 255, 255), (100, 0, 104, HEIGHT))
        image.save(tmp_path / f"{GOES}.png")
        shares = light(cut, 1)  # three sixteenths have come: 60 pixels
        assert numpy.abs(shares[:, :58] - 1).max() < 0.02
        assert shares[90, mark + 2] > 1.2
        assert numpy.abs(shares[90, mark + 30 :]).max() < 0.02


def test_a_wipe_of_pictures_that_do_not_fill_the_frame_shows_what_is_below(tmp_path: Path) -> None:
    """And its transparency is kept in a render with alpha."""
    cut = crossed(tmp_path, "Edge Wipe")
    small = replace(
        cut, video=(replace(cut.video[0], items=tuple(
            replace(one, properties={"ZoomX": 0.5, "ZoomY": 0.5}) for one in cut.video[0].items
        )),),
    )  # fmt: skip
    compositor = Compositor(small, WIDTH, HEIGHT, "gbrapf32le")
    alpha = compositor.with_alpha(compositor.footage.view(3), False).to_ndarray()
    compositor.close()
    assert alpha.shape[-1] == 4
    assert (alpha[5, 5, 3], alpha[90, 100, 3], alpha[90, 220, 3]) == (0, 1, 1)


@pytest.mark.parametrize("name", WIPES)
def test_each_can_be_added(pool: Any, clip: Any, name: str) -> None:
    """By its name, as a simple transition."""
    infos = [{"mediaPoolItem": clip, "startFrame": first, "endFrame": first + 20} for first in (10, 20)]
    cut = pool.CreateEmptyTimeline("cut")
    first, _ = pool.AppendToTimeline([{**info, "mediaType": 1} for info in infos])
    wanted = {"type": name, "category": "simple", "position": "end", "alignment": "center", "duration": 8}
    made = first.AddTransition(wanted)
    assert made, failure.last()
    assert (made.GetName(), cut.GetItemListInTrack("video", 1)[1].GetName()) == (name, name)


def test_a_list_of_events_says_that_it_has_dissolves_only(resolve: Any, pool: Any, clip: Any, tmp_path: Path) -> None:
    """The event is a dissolve, and the reason of the call says what was lost."""
    cut = pool.CreateEmptyTimeline("cut")
    infos = [{"mediaPoolItem": clip, "startFrame": first, "endFrame": first + 20} for first in (10, 20)]
    first, _ = pool.AppendToTimeline([{**info, "mediaType": 1} for info in infos])
    wanted = {"type": "Edge Wipe", "category": "simple", "position": "end", "alignment": "center", "duration": 8}
    assert first.AddTransition(wanted), failure.last()
    assert cut.Export(str(tmp_path / "cut.edl"), resolve.EXPORT_EDL, resolve.EXPORT_NONE), failure.last()
    assert "1 shapes of transitions" in str(failure.last())
    assert " D    008 " in (tmp_path / "cut.edl").read_text()
