"""Adjustment clips: their grade acts on what lies below them, and on nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import still
from golden import Array, codes
from looks import scene
from spec_maker import item, source, timeline
from test_generators_titles import frame_of, places
from test_golden import frames, psnr

from resolve_engine import failure
from resolve_engine.media.av_safe.pictures import plane_view
from resolve_engine.media.errors import MediaError
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.spec import CdlSpec, ItemSpec, NodeSpec, SourceSpec, TimelineSpec

SIZE = WIDTH, HEIGHT = 320, 180
WARM = NodeSpec(cdl=CdlSpec((1.2, 1.0, 0.7), (0.02, -0.01, 0.05), (0.9, 1.1, 1.0), 1.0))


def adjusting(start: int, end: int, properties: dict[str, Any] | None = None, **more: Any) -> ItemSpec:
    """An adjustment clip with a warm grade."""
    nothing = SourceSpec("", "generated", (24, 1), end, content={"kind": "adjustment", "name": "Adjustment Clip"})
    return replace(item(f"adjustment {start}", start, end, nothing, properties=properties or {}, nodes=(WARM,)), **more)


def warm(picture: Array) -> Array:
    """The grade by the formula of the ASC's CDL."""
    cdl = WARM.cdl
    assert cdl is not None
    slope, offset, power = (numpy.array(values) for values in (cdl.slope, cdl.offset, cdl.power))
    return numpy.clip(picture * slope + offset, 0, 1) ** power


@pytest.fixture
def below(tmp_path: Path) -> tuple[SourceSpec, Array]:
    """A picture of the frame's size, and as it is from 0 to 1."""
    picture = scene(SIZE)
    return source({"path": str(still(tmp_path / "below.png", picture, "rgb24")), "sequence": False}), picture / 255


def tracks(*each: Sequence[ItemSpec]) -> TimelineSpec:
    """A timeline of these tracks, bottom first."""
    return timeline([list(one) for one in each], size=SIZE)


def test_it_grades_what_lies_below(below: tuple[SourceSpec, Array], tmp_path: Path) -> None:
    """Golden: whole, at 40 %, coming in a fade of four frames, in a part of the frame, switched off, and not there."""
    found, picture = below
    crop = {"CropLeft": 40, "CropTop": 20, "CropRight": 60, "CropBottom": 30}
    made = frames(
        tracks(
            [item("bottom", 0, 10, found)],
            [
                adjusting(0, 1),
                adjusting(1, 2, {"Opacity": 40.0}),
                adjusting(2, 6, fade_in=4),
                adjusting(6, 7, crop),
                adjusting(7, 8, enabled=False),
                adjusting(8, 9, {"CompositeEnabled": False, "Opacity": 10.0}),
            ],
        ),
        tmp_path,
    )
    graded = warm(picture)
    part = picture.copy()
    part[20 : HEIGHT - 30, 40 : WIDTH - 60] = graded[20 : HEIGHT - 30, 40 : WIDTH - 60]
    shares = [1.0, 0.4, 0.125, 0.375, 0.625, 0.875]
    expected = [picture + (graded - picture) * share for share in shares] + [part, picture, graded, picture]
    likeness = [psnr(shown, wanted) for shown, wanted in zip(made, expected, strict=True)]
    assert min(likeness) > 46, likeness
    assert (codes(made[9]) == codes(picture)).all()


def test_what_stands_above_is_left_alone(below: tuple[SourceSpec, Array], tmp_path: Path) -> None:
    """Two under it are both graded; one above is not, where it stands."""
    found = below[0]
    small = {"ZoomX": 0.5, "ZoomY": 0.5, "Pan": 80.0, "Tilt": 45.0}
    lower = {**small, "Pan": -80.0}
    made = frames(
        tracks(
            [item("bottom", 0, 1, found)],
            [item("under", 0, 1, found, properties=lower)],
            [adjusting(0, 1)],
            [item("over", 0, 1, found, properties=small)],
        ),
        tmp_path,
    )
    plain = frames(
        tracks(
            [item("bottom", 0, 1, found)],
            [item("under", 0, 1, found, properties=lower)],
            [item("over", 0, 1, found, properties=small)],
        ),
        tmp_path,
    )
    middle, right = slice(0, HEIGHT // 2 - 4), slice(WIDTH // 2 + 4, WIDTH)
    assert psnr(made[0][middle, right], plain[0][middle, right]) > 60
    rest = numpy.ones((HEIGHT, WIDTH), bool)
    rest[: HEIGHT // 2 + 4, WIDTH // 2 - 4 :] = False
    assert psnr(made[0][rest], warm(plain[0])[rest]) > 46


def test_nothing_below_stays_black(below: tuple[SourceSpec, Array], tmp_path: Path) -> None:
    """A grade that lifts black has nothing to lift; nor has one under a picture that hides all."""
    found, picture = below
    made = frames(tracks([item("gap", 1, 2, found)], [adjusting(0, 2)], [item("top", 1, 2, found)]), tmp_path)
    assert made[0].max() == 0
    assert (codes(made[1]) == codes(picture)).all()


def test_inside_of_a_clip_it_grades_what_is_covered(below: tuple[SourceSpec, Array]) -> None:
    """As a layer of another timeline: what nothing covers stays transparent, and the covered is graded as it was."""
    half = {"ZoomX": 0.5, "ZoomY": 0.5, "Opacity": 50.0}
    bottom = [item("bottom", 0, 1, below[0], properties=half)]
    made = Compositor(tracks(bottom, [adjusting(0, 1)]), *SIZE, "gbrpf32le").layered(0)
    plain = Compositor(tracks(bottom), *SIZE, "gbrpf32le").layered(0)
    assert made is not None
    assert plain is not None
    graded, untouched = (numpy.stack([plane_view(one, index) for index in range(4)], axis=-1) for one in (made, plain))
    assert (graded[..., 3] == untouched[..., 3]).all()
    assert graded[0, 0, 3] == 0
    inside = (slice(50, 130), slice(90, 230))
    colours = untouched[inside][..., [2, 0, 1]]
    assert psnr(numpy.clip(graded[inside][..., [2, 0, 1]], 0, 1), warm(colours)) > 46


@pytest.mark.parametrize(
    ("properties", "why"),
    [({"ZoomX": 2.0}, "reset its transform"), ({"CompositeMode": 4}, "set CompositeMode to 0"), ({"Yaw": 1.0}, "Yaw")],
)
def test_what_it_cannot_do_fails_by_name(
    below: tuple[SourceSpec, Array], tmp_path: Path, properties: dict[str, Any], why: str
) -> None:
    """The render says which property to reset."""
    with pytest.raises(MediaError, match=why):
        frames(tracks([item("bottom", 0, 1, below[0])], [adjusting(0, 1, properties)]), tmp_path)


def test_it_is_inserted_and_graded_through_the_api(project: Any, photo: Any, tmp_path: Path) -> None:
    """On a track of its own, as long as a generator; its CDL changes the frame, and taken back it does not."""
    timeline = project.GetCurrentTimeline()
    before = frame_of(project, tmp_path)
    assert timeline.AddTrack("video")
    assert timeline.SetTrackLock("video", 1, True)
    made = timeline.InsertGeneratorIntoTimeline("Adjustment Clip")
    assert made, failure.last()
    assert (made.GetType(), places(timeline, track=2)) == ("generator", [("Adjustment Clip", 0, 120)])
    assert timeline.SetCurrentTimecode("01:00:00:00")
    assert (frame_of(project, tmp_path) == before).all()
    cdl = {"NodeIndex": "1", "Slope": "0.5 1 1", "Offset": "0 0 0", "Power": "1 1 1", "Saturation": "1"}
    assert made.SetCDL(cdl), failure.last()
    shown = frame_of(project, tmp_path)
    assert numpy.abs(shown[..., 0] - before[..., 0] / 2).max() <= 1.5
    assert (numpy.abs(shown[..., 1:] - before[..., 1:]).max(), timeline.GetNodeGraph().GetNumNodes()) <= (1, 0)


def test_colour_management_does_not_convert_it(below: tuple[SourceSpec, Array]) -> None:
    """Its grade acts in the space that the timeline works in, as those of clips do: it has no step of its own."""
    plain = adjusting(0, 1)
    assert plain.adjusts
    assert not replace(plain, source=below[0]).adjusts
