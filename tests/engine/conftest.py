"""What the engine's tests share: an application of their own in a fresh folder, a project, a clip on a timeline."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip

from resolve_engine import fusionscript
from resolve_engine.api import application

# The package `bench`, whose noise the tests' pictures are made of, is run from the checkout and never installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


@pytest.fixture
def engine_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the engine keeps its data in."""
    home = tmp_path / "engine home"
    monkeypatch.setenv("RESOLVE_ENGINE_HOME", str(home))
    return home


@pytest.fixture
def resolve(engine_home: Path) -> Iterator[Any]:
    """The Resolve object of a fresh engine."""
    application.stop()
    yield fusionscript.scriptapp("Resolve")
    application.stop()


@pytest.fixture
def manager(resolve: Any) -> Any:
    """Its project manager."""
    return resolve.GetProjectManager()


@pytest.fixture
def project(manager: Any) -> Any:
    """A project named `probe`, open on the edit page."""
    made = manager.CreateProject("probe")
    fusionscript.scriptapp("Resolve").OpenPage("edit")
    return made


@pytest.fixture
def pool(project: Any) -> Any:
    """Its media pool."""
    return project.GetMediaPool()


@pytest.fixture
def clip(project: Any) -> Any:
    """48 frames at 24 fps, 640x360, with mono sound, named `clip.mov`."""
    return add_clip()


@pytest.fixture
def photo(project: Any, tmp_path: Path) -> Any:
    """A picture item on a timeline of 320 x 180; the playhead stands on it."""
    from looks import photo_cut

    return photo_cut(project, tmp_path)


@pytest.fixture
def timeline(pool: Any, clip: Any) -> Any:
    """The clip on a timeline named `cut`, which is current."""
    return pool.CreateTimelineFromClips("cut", [clip])


@pytest.fixture
def item(timeline: Any) -> Any:
    """The picture item of that timeline."""
    return timeline.GetItemListInTrack("video", 1)[0]
