"""Damaged files of every other kind that a script brings in: 200 variants each, and each is taken or refused with a
sentence, while what was there stays."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip
from damage import text_variants, variants
from looks import bend, cube_text

from resolve_engine import failure
from resolve_engine.api import application

LONGEST_S = 10.0
"""For one file; those here take some thousandths of a second."""

SUBTITLES = "".join(
    f"{number}\n00:00:{number:02},000 --> 00:00:{number:02},900\nline {number} ü\n\n" for number in range(1, 20)
)
XMLNS = 'xmlns="urn:ASC:CDL:v1.01"'
CORRECTION = f"""<?xml version="1.0" encoding="UTF-8"?>
<ColorCorrection id="shot" {XMLNS}>
  <SOPNode><Slope>1.1 1 0.9</Slope><Offset>0.01 0 -0.02</Offset><Power>1 1.1 0.95</Power></SOPNode>
  <SatNode><Saturation>0.9</Saturation></SatNode>
</ColorCorrection>
"""
Load = Callable[[Path], Any]


class Ground:
    """What the files are loaded into."""

    def __init__(self, resolve: Any, photo: Any, folder: Path) -> None:
        self.resolve = resolve
        self.manager = resolve.GetProjectManager()
        self.project = self.manager.GetCurrentProject()
        self.pool = self.project.GetMediaPool()
        self.item = photo
        self.folder = folder

    def drb(self) -> tuple[bytes, Load]:
        """A folder of the media pool."""
        inside = self.pool.AddSubFolder(self.pool.GetRootFolder(), "inside")
        self.pool.SetCurrentFolder(inside)
        self.pool.CreateTimelineFromClips("in it", [add_clip()])
        self.pool.SetCurrentFolder(self.pool.GetRootFolder())
        assert inside.Export(str(self.folder / "whole.drb")), failure.last()
        return (self.folder / "whole.drb").read_bytes(), lambda path: self.pool.ImportFolderFromFile(str(path))

    def drx(self) -> tuple[bytes, Load]:
        """A grade."""
        still = self.project.GetCurrentTimeline().GrabStill()
        album = self.project.GetGallery().GetCurrentStillAlbum()
        assert album.ExportStills([still], str(self.folder), "whole", "drx"), failure.last()
        (path,) = self.folder.glob("whole*.drx")
        return path.read_bytes(), lambda path: self.item.GetNodeGraph().ApplyGradeFromDRX(str(path), 0)

    def srt(self) -> tuple[bytes, Load]:
        """Subtitles."""
        return SUBTITLES.encode(), lambda path: self.pool.ImportMedia([str(path)])

    def vtt(self) -> tuple[bytes, Load]:
        """Subtitles of the other kind."""
        text = "WEBVTT\n\n" + SUBTITLES.replace(",", ".")
        return text.encode(), lambda path: self.pool.ImportMedia([str(path)])

    def cube(self) -> tuple[bytes, Load]:
        """A LUT."""
        return cube_text(5, bend).encode(), self.lut()

    def cc(self) -> tuple[bytes, Load]:
        """A color correction of the ASC."""
        return CORRECTION.encode(), self.lut()

    def ccc(self) -> tuple[bytes, Load]:
        """Several of them."""
        inside = CORRECTION.replace('<?xml version="1.0" encoding="UTF-8"?>', "").replace(XMLNS, "")
        return f"<ColorCorrectionCollection {XMLNS}>{inside}</ColorCorrectionCollection>".encode(), self.lut()

    def lut(self) -> Load:
        """Sets a file as a node's LUT; it is put below the LUT folder first."""

        def load(path: Path) -> Any:
            place = application.start().home / "LUT" / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
            assert self.project.RefreshLUTList()
            answer = self.item.GetNodeGraph().SetLUT(1, path.name)
            place.unlink()
            self.item.GetNodeGraph().SetLUT(1, "")
            failure.clear()
            return answer or "refused"

        return load

    def settings(self) -> tuple[bytes, Load]:
        """Project settings."""
        assert self.project.SaveCurrentProjectSettingsAsNewPreset("whole"), failure.last()
        path = self.folder / "whole.settings"
        assert self.project.ExportProjectSettingsPreset("whole", str(path)), failure.last()
        return path.read_bytes(), lambda path: self.project.ImportProjectSettingsPreset(str(path))

    def render(self) -> tuple[bytes, Load]:
        """A render preset."""
        assert self.project.SaveAsNewRenderPreset("whole"), failure.last()
        assert self.resolve.ExportRenderPreset("whole", str(self.folder / "presets")), failure.last()
        (path,) = [one for one in (self.folder / "presets").rglob("*") if one.is_file()]
        return path.read_bytes(), lambda path: self.resolve.ImportRenderPreset(str(path))

    def burn_in(self) -> tuple[bytes, Load]:
        """A burn-in preset."""
        content = '{"items": [{"show": "record_timecode", "x": 0.5, "y": 0.95, "size": 0.05}]}'
        whole = f'<ResolveEngineBurnInPreset version="1">{content}</ResolveEngineBurnInPreset>'
        return whole.encode(), lambda path: self.resolve.ImportBurnInPreset(str(path))

    def archive(self) -> tuple[bytes, Load]:
        """The project in an archive with its media."""
        path = self.folder / "whole.dra"
        assert self.manager.ArchiveProject(self.project.GetName(), str(path), False, False, False), failure.last()
        inside = path / "project.drp"

        def load(bad: Path) -> Any:
            inside.write_bytes(bad.read_bytes())
            answer = self.manager.RestoreProject(str(path), f"restored {bad.stem}")
            failure.note("") if answer else None
            return answer

        return inside.read_bytes(), load


BINARY = ("drb", "archive")
KINDS = ("drb", "drx", "srt", "vtt", "cube", "cc", "ccc", "settings", "render", "burn_in", "archive")


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_cost_nothing_but_themselves(resolve: Any, photo: Any, tmp_path: Path, kind: str) -> None:
    """No crash, no hang, a sentence for each that is refused, never one about the engine; the whole one is taken."""
    folder = tmp_path / "whole"
    folder.mkdir()
    ground = Ground(resolve, photo, folder)
    whole, load = getattr(ground, kind)()
    timelines, name = ground.project.GetTimelineCount(), ground.project.GetName()
    chance, taken = random.Random(kind), 0
    for number, data in enumerate((variants if kind in BINARY else text_variants)(whole, chance)):
        bad = tmp_path / f"{number:03}.{ {'burn_in': 'preset'}.get(kind, kind) }"
        bad.write_bytes(data)
        start = time.monotonic()
        answer = load(bad)
        assert time.monotonic() - start < LONGEST_S
        reason = failure.last()
        assert answer or (reason and "engine error" not in reason), reason
        taken += bool(answer)
    good = tmp_path / f"good.{ {'burn_in': 'preset'}.get(kind, kind) }"
    good.write_bytes(whole)
    assert load(good), failure.last()
    assert resolve.GetProjectManager().GetCurrentProject().GetName() == name
    assert ground.project.GetTimelineCount() >= timelines
    assert photo.GetName()
