"""Burn-ins in pictures: what is written where, over which frames, and what a render's DataBurnIn chooses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy
import pytest
from generate import film, grays
from looks import Array, shown
from rendering import finish_started, queue

from resolve_engine import failure, fusionscript
from resolve_engine.api import application
from resolve_engine.render.burn_in import BurnInDrawer, _field
from resolve_engine.render.geometry import Canvas
from resolve_engine.timecode import to_timecode

SIZE = (320, 180)
LOW, HIGH = (slice(150, 175), slice(60, 260)), (slice(5, 30), slice(60, 260))
"""Where the texts of the presets below stand."""


@pytest.fixture
def cut(project: Any, pool: Any, tmp_path: Path) -> Any:
    """A film of 48 frames, with the timecode 10:00:00:00, from its twelfth frame on, on a timeline of its size."""
    project.SetSetting("timelineResolutionWidth", str(SIZE[0]))
    project.SetSetting("timelineResolutionHeight", str(SIZE[1]))
    path = film(
        tmp_path / "grey.mov", 24, 48, timecode="10:00:00:00", picture=lambda _: numpy.full((180, 320), 126, "u1")
    )
    clip = pool.ImportMedia([str(path)])[0]
    timeline = pool.CreateTimelineFromClips("cut", [{"mediaPoolItem": clip, "startFrame": 12, "endFrame": 47}])
    assert timeline.SetCurrentTimecode("01:00:00:10") is True
    return timeline


def load(target: Any, folder: Path, *items: dict[str, Any], name: str = "texts") -> None:
    """Import a preset with these items and load it into a project or an item."""
    path = folder / f"{name}.preset"
    path.write_text(
        f'<ResolveEngineBurnInPreset version="1">{json.dumps({"items": items})}</ResolveEngineBurnInPreset>'
    )
    resolve: Any = fusionscript.scriptapp("Resolve")
    assert resolve.ImportBurnInPreset(str(path)) is True, failure.last()
    if target is not None:
        assert target.LoadBurnInPreset(name) is True, failure.last()


def low(show: str, **more: Any) -> dict[str, Any]:
    """A text at the bottom."""
    return {"show": show, "x": 0.5, "y": 0.9, "size": 0.08, "background": 0.0, **more}


def written(picture: Array, plain: Array, place: tuple[slice, slice]) -> float:
    """The share of pixels in a part of a picture that differ from those of another."""
    return float((numpy.abs(picture[place] - plain[place]).max(axis=-1) > 0.1).mean())


def texts(project: Any, timeline: Any, frame: int) -> list[str]:
    """What the drawer would write at a frame, counted from the timeline's start."""
    from resolve_engine.api import grades
    from resolve_engine.model.frozen import freeze

    record: Any = application.start().project
    frozen = freeze(record, record.open_timeline(), grades.lut_path)
    assert frozen.burn_in is not None
    drawer = BurnInDrawer(frozen, Canvas(*SIZE, *SIZE))
    at = frozen.start + frame
    item = drawer._item(at)
    own = frozen.burn_in.own.get(item.id, ()) if item is not None else ()
    return [drawer._text(one, item, at) for one in (*frozen.burn_in.items, *own)]


def test_every_text_says_what_it_should(cut: Any, project: Any, tmp_path: Path) -> None:
    """At the eleventh frame: the clip began at its thirteenth, whose timecode is 10:00:00:12."""
    names = ["record_timecode", "record_frame", "source_timecode", "source_frame", "source_clip_name"]
    names += ["source_file_name", "timeline_name", "project_name"]
    load(project, tmp_path, *(low(name) for name in names), low("custom_text", text="CONFIDENTIAL"))
    assert texts(project, cut, 10) == [
        "01:00:00:10", "10", "10:00:00:22", "22", "grey.mov", "grey.mov", "cut", "probe", "CONFIDENTIAL",
    ]  # fmt: skip


def test_a_text_is_in_the_picture_where_the_preset_says(cut: Any, project: Any, tmp_path: Path) -> None:
    """Bright letters below, their field darkening what is above, nothing elsewhere."""
    plain = shown(project, tmp_path)
    above = {**low("custom_text", text="ABOVE"), "y": 0.1, "background": 1.0, "color": [0, 0, 0]}
    load(project, tmp_path, low("custom_text", text="BELOW", color=[1, 1, 0]), above)
    picture = shown(project, tmp_path)
    assert written(picture, plain, LOW) > 0.03
    assert written(picture, plain, HIGH) > 0.1
    assert written(picture, plain, (slice(45, 135), slice(0, 320))) == 0
    bright = picture[LOW].reshape(-1, 3)[picture[LOW].reshape(-1, 3)[:, 0].argmax()]
    numpy.testing.assert_allclose(bright, [1, 1, 0], atol=0.02)
    assert picture[HIGH].min() < 0.01


def test_the_field_of_a_timecode_keeps_its_size() -> None:
    """While its numbers run, the field behind them does not shiver."""
    one = low("record_timecode", opacity=1.0, background=0.5, color=[1.0, 1.0, 1.0])
    sizes = {
        (field.width, field.height)
        for frame in range(0, 86400 * 24, 86399)
        for field in [_field(one, to_timecode(frame, (24, 1), False), 43, 1920)]
    }
    assert len(sizes) == 1


def test_an_item_s_own_text_stands_over_its_frames_only(cut: Any, project: Any, tmp_path: Path) -> None:
    """And a preset without items takes it away again."""
    item = cut.GetItemListInTrack("video", 1)[0]
    plain = shown(project, tmp_path)
    load(item, tmp_path, low("source_clip_name"))
    assert written(shown(project, tmp_path), plain, LOW) > 0.03
    assert item.SetClipEnabled(False) is True
    assert shown(project, tmp_path).max() < 0.01
    assert item.SetClipEnabled(True) is True
    load(item, tmp_path, name="nothing")
    assert written(shown(project, tmp_path), plain, LOW) == 0


def test_a_render_burns_in_what_it_is_told(cut: Any, project: Any, tmp_path: Path) -> None:
    """The project's texts unless DataBurnIn says None or names a preset; the letters change from frame to frame."""
    load(project, tmp_path, low("record_timecode"))
    load(None, tmp_path, {**low("custom_text", text="PRESET"), "y": 0.1}, name="above")

    def lines(name: str, **settings: Any) -> tuple[list[bool], list[bool], bool]:
        job = queue(project, tmp_path, name, ExportAudio=False, **settings)
        assert finish_started(project, job)["JobStatus"] == "Complete"
        frames = list(grays(tmp_path / f"{name}.mkv"))
        changes = any(not numpy.array_equal(one, frames[0]) for one in frames)
        return (
            [bool(frame[LOW].max() > 180) for frame in frames],
            [bool(frame[HIGH].max() > 180) for frame in frames],
            changes,
        )

    below, above, changes = lines("project")
    assert (all(below), any(above), changes) == (True, False, True)
    below, above, changes = lines("none", DataBurnIn="None")
    assert (any(below), any(above), changes) == (False, False, False)
    below, above, changes = lines("preset", DataBurnIn="above")
    assert (any(below), all(above), changes) == (False, True, False)
    below, above, changes = lines("again", DataBurnIn="Same as project")
    assert (all(below), any(above)) == (True, False)


def test_an_unknown_preset_is_refused(cut: Any, project: Any, tmp_path: Path) -> None:
    """When the job is added, with the reason."""
    assert project.SetRenderSettings({"TargetDir": str(tmp_path), "DataBurnIn": "no such"}) is True
    assert project.AddRenderJob() == ""
    assert "no burn-in preset 'no such'" in (failure.last() or "")
