"""Titles in renders: only where their letters are do they cost anything, and they look as if they were whole frames."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import film
from spec_maker import item, picture, source, timeline

from resolve_engine.media.av_safe.pictures import inked
from resolve_engine.render import layer
from resolve_engine.render.generator import draw
from resolve_engine.render.spec import SourceSpec, TimelineSpec

TITLE = SourceSpec("", "generated", (24, 1), 12, content={"kind": "title", "name": "Text", "text": "Ag"})


def titled(tmp_path: Path, properties: dict[str, Any]) -> TimelineSpec:
    """A title over a film."""
    clip = source(film(tmp_path / "c.mp4", 24, 12))
    return timeline([[item("p", 0, 12, clip)], [replace(item("t", 0, 12, TITLE, properties=properties), fade_in=6)]])


def test_the_box_of_a_title_is_its_letters() -> None:
    """Every pixel outside is transparent, every edge of the box touches a letter."""
    drawn = draw(TITLE, 0, 320, 180)
    box = inked(drawn)
    assert box is not None
    left, top, right, bottom = box
    alpha = drawn.to_ndarray()[:, :, 3]
    assert alpha[top:bottom, left:right].sum() == alpha.sum() > 0
    assert all(edge.any() for edge in (alpha[top], alpha[bottom - 1], alpha[:, left], alpha[:, right - 1]))
    assert right - left < 160


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"Pan": 30.0, "Tilt": -20.0},
        {"ZoomX": 1.5, "ZoomY": 1.5},
        {"CropLeft": 150.0},
        {"CompositeMode": 3},
        {"FlipX": True},
    ],
)
@pytest.mark.parametrize("frame", [2, 8])
def test_a_title_looks_as_if_it_were_a_whole_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, properties: dict[str, Any], frame: int
) -> None:
    """Moved, cropped, mirrored and blended, in a fade and after it: at most a rounding's difference."""
    of = titled(tmp_path, properties)
    cropped = picture(of, frame)
    monkeypatch.setattr(layer, "inked", lambda picture: None)
    assert numpy.abs(cropped - picture(of, frame)).max() <= 1
