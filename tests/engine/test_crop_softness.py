"""Soft edges of a crop: a straight ramp of so many pixels, inside of the crop or outside of it, against NumPy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import golden
import numpy
import pytest
from generate import still
from golden import Array
from spec_maker import item, picture, source, timeline
from test_adjustment import adjusting, warm
from test_between_pixels import HEIGHT, SIZE, WIDTH, expected, small, stacked
from test_golden import LEAST, frames, kept, psnr

CROP = {"CropLeft": 60, "CropRight": 40, "CropTop": 30, "CropBottom": 20}
CASES: list[dict[str, Any]] = [
    {**CROP, "CropSoftness": -20},
    {**CROP, "CropSoftness": 20},
    {"CropSoftness": -35.5},
    {"CropSoftness": 100, "CropLeft": 50},
    {**CROP, "CropSoftness": -0.4},
    {**CROP, "CropSoftness": -90},
    {**CROP, "CropSoftness": 12, "ZoomX": 0.7, "ZoomY": 0.5, "Pan": 10.3, "Opacity": 70},
    {**CROP, "CropSoftness": -12, "FlipX": True, "Tilt": 7},
    {**CROP, "CropSoftness": 15, "RotationAngle": 20},
    {**CROP, "CropSoftness": -15, "RotationAngle": 90},
]


def test_soft_edges(tmp_path: Path) -> None:
    """Over another picture, alone and with other transforms; corners have the product of both ramps."""
    (below, base), (above, _) = (kept(tmp_path / f"{n}.png", small(n)) for n in (2, 1))
    likeness = []
    for properties, shown in zip(CASES, frames(stacked(below, above, CASES), tmp_path), strict=True):
        colours, cover = expected(small(1) / 255.0, properties)
        likeness.append(psnr(shown, golden.over(base, colours, cover)))
    assert min(likeness) >= LEAST, likeness


def light(folder: Path, **properties: Any) -> Array:
    """The middle row of a white picture."""
    path = still(folder / "white.png", numpy.full((HEIGHT, WIDTH, 3), 255, numpy.uint8), "rgb24")
    of = source({"path": str(path), "sequence": False})
    shown = picture(timeline([[item("one", 0, 1, of, properties=properties)]], size=SIZE), 0)
    row: Array = shown[HEIGHT // 2, :, 0]
    return row


def test_where_the_ramp_lies(tmp_path: Path) -> None:
    """Worked by hand: of 20 pixels, half way in its middle; inside for a negative number, outside for a positive one,
    and as far as there is a picture."""
    inside, outside = (light(tmp_path, CropLeft=60, CropSoftness=number) for number in (-20, 20))
    assert inside[59] == 0
    assert inside[69:71].mean() == pytest.approx(255 / 2, abs=1)
    assert inside[80:300].min() == 255
    assert inside[309:311].mean() == pytest.approx(255 / 2, abs=1)
    assert outside[39] == 0
    assert outside[49:51].mean() == pytest.approx(255 / 2, abs=1)
    assert outside[60:].min() == 255
    cut = light(tmp_path, CropLeft=10, CropSoftness=20)
    assert cut[0] == pytest.approx(255 * 10.5 / 20, abs=1)
    assert (light(tmp_path, CropSoftness=20) == 255).all()
    assert (light(tmp_path, CropSoftness=-20, CroppingEnabled=False) == 255).all()


def test_an_adjustment_with_soft_edges(tmp_path: Path) -> None:
    """It acts as much as a picture in its place would cover, between pixels, too."""
    below, base = kept(tmp_path / "below.png", small(1))
    for properties in ({**CROP, "CropSoftness": -20}, {**CROP, "CropSoftness": 10}, {"CropLeft": 30.5}):
        clip = replace(adjusting(0, 1), properties=properties)
        (shown,) = frames(timeline([[item("bottom", 0, 1, below)], [clip]], size=SIZE), tmp_path)
        _, cover = expected(base, properties)
        assert psnr(shown, golden.over(base, warm(base), cover)) >= LEAST
