"""The engine answering as an older build or as the free edition: what is there, and what is answered differently."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip
from test_recorded_cases import choose_build

from resolve_engine import failure
from resolve_engine.api import surface
from resolve_engine.emulated import BUILDS, VARIABLE, Build

CATALOGUE = Path(__file__).parent.parent.parent / "python" / "api" / "classes"
RECORDED = Path(__file__).parent / "recorded" / "dir.toml"

ASK = """
import json, sys
from resolve_engine import failure, fusionscript
from resolve_engine.api.surface import METHODS
from resolve_engine.remote import PyRemoteObject
resolve = fusionscript.scriptapp("Resolve")
if resolve is None:
    print(json.dumps({"reason": failure.last()}))
    raise SystemExit
project = resolve.GetProjectManager().GetCurrentProject()
pool = project.GetMediaPool()
found = {
    "product": resolve.GetProductName(), "version": resolve.GetVersionString(), "numbers": resolve.GetVersion(),
    "studio": resolve.IsStudio() if resolve.IsStudio else None, "photo": resolve.OpenPage("photo"),
    "mode": resolve.GetKeyframeMode(), "newer": resolve.CLONE_CHECKSUM_TYPE_MD5,
    "attributes": [pool.CreateMulticamClip is None, project.GetSettings is None],
    "dir": {name: dir(PyRemoteObject(name)) for name in METHODS},
    "transcribed": pool.GetRootFolder().TranscribeAudio(),
}
found["reason"] = failure.last()
print(json.dumps(found))
"""


def asked(home: Path, version: str) -> dict[str, Any]:
    """What a process of its own answers as a version; the build is chosen once in a process."""
    environment = {**os.environ, "RESOLVE_ENGINE_HOME": str(home), VARIABLE: version}
    output = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True, env=environment
    ).stdout
    answer: dict[str, Any] = json.loads(output)
    return answer


def test_21_0_lists_exactly_the_recorded_methods(tmp_path: Path) -> None:
    """`dir()` of five classes on 21.0.3.7, name by name; methods of 21.1 read as None there."""
    answer = asked(tmp_path, "21.0")
    recorded = tomllib.loads(RECORDED.read_text(encoding="utf-8"))
    assert [len(recorded[name]["names"]) for name in recorded] == [34, 49, 60, 28, 88]
    for name, entry in recorded.items():
        assert answer["dir"][name] == sorted(entry["names"]), name
    assert answer["attributes"] == [True, True]
    assert answer["newer"] is None
    assert (answer["version"], answer["photo"], answer["mode"]) == ("21.0.3.7", True, 0.0)


def test_19_1_answers_as_recorded(tmp_path: Path) -> None:
    """Its version, no photo page, and a keyframe mode of None."""
    answer = asked(tmp_path, "19.1")
    assert answer["product"] == "DaVinci Resolve Studio"
    assert (answer["version"], answer["numbers"]) == ("19.1.3.7", [19, 1, 3, 7, ""])
    assert (answer["studio"], answer["photo"], answer["mode"]) == (None, False, None)
    assert "IsStudio" not in answer["dir"]["Resolve"]


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """The build that the test's application answers as; asked for before the application."""
    choose_build(monkeypatch, request.param)
    yield request.param
    choose_build(monkeypatch, None)


@pytest.mark.parametrize(("build", "equal", "other"), [("19.1", 125, 99), ("21.0", 125, 99), ("21.1", 124, 99)],
                         indirect=["build"])  # fmt: skip
def test_the_end_of_a_source(build: str, pool: Any, equal: int, other: int) -> None:
    """The frame after the last before 21.1 where the clip counts as the timeline does, the last everywhere else."""
    pool.CreateEmptyTimeline("t")
    same, faster = add_clip(frames=125), add_clip(path="/m/other.mov", frames=100, rate=(50, 1))
    items = pool.AppendToTimeline([{"mediaPoolItem": clip, "mediaType": 1} for clip in (same, faster)])
    assert [item.GetSourceEndFrame() for item in items] == [equal, other]


@pytest.mark.parametrize(("build", "answer"), [("21.0", []), ("21.1", None)], indirect=["build"])
def test_an_empty_track(build: str, timeline: Any, answer: object) -> None:
    """None from 21.1 on; scripts of before go through the items of every track without asking whether there are any."""
    assert timeline.AddTrack("audio", "stereo") is True
    assert timeline.GetItemListInTrack("audio", 2) == answer


@pytest.mark.parametrize("build", ["21.0"], indirect=True)
def test_a_sound_item_had_no_properties(build: str, timeline: Any) -> None:
    """Volume and pan came with 21.1: read as nothing before, and not written."""
    (item,) = timeline.GetItemListInTrack("audio", 1)
    assert (item.GetProperty(), item.GetProperty("AudioVolume")) == ({}, None)
    assert item.SetProperty("AudioVolume", -6.0) is False
    assert "before 21.1" in str(failure.last())


def test_the_free_edition_refuses_what_needs_studio(tmp_path: Path) -> None:
    """It says what it is, and a Studio call answers False with the reason."""
    answer = asked(tmp_path, "21.1-free")
    assert (answer["product"], answer["studio"], answer["transcribed"]) == ("DaVinci Resolve", False, False)
    assert "needs DaVinci Resolve Studio" in answer["reason"]


def test_an_unknown_version_is_no_application(tmp_path: Path) -> None:
    """None, with the versions that there are; never another version than the one that was asked for."""
    assert asked(tmp_path, "17")["reason"] == (
        "RESOLVE_ENGINE_VERSION is '17'; the engine answers as 19.1, 20.3, 21.0, 21.1, each also with -free behind it"
    )


def test_without_a_choice_it_is_the_newest_studio(resolve: Any) -> None:
    """What every other test runs on."""
    assert resolve.GetVersionString() == "21.1.0.14"
    assert resolve.GetProductName() == "DaVinci Resolve Studio"
    assert set(dir(resolve)) == {*surface.METHODS["Resolve"], "Print"}


def test_methods_come_with_the_version_that_the_catalogue_says() -> None:
    """Every row from version 20 on, and every row that needs Studio, in both directions."""
    since: dict[str, str] = {}
    studio: set[str] = set()
    for path in sorted(CATALOGUE.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for method, row in data.items():
            if isinstance(row, dict) and method in surface.METHODS[data["class"]]:
                if row.get("since", "0").split(".")[0] >= "20":
                    since[f"{data['class']}.{method}"] = row["since"]
                if row.get("studio_only"):
                    studio.add(f"{data['class']}.{method}")
    builds = json.loads((surface.DATA / "builds.json").read_text(encoding="utf-8"))
    kept = {
        f"{name}.{method}": version
        for version, classes in builds["methods"].items()
        for name, methods in classes.items()
        for method in methods
    }
    assert kept == since
    assert {f"{name}.{method}" for name, methods in builds["studio"].items() for method in methods} == studio


@pytest.mark.parametrize(("name", "since", "there"), [("21.1", "21.1", True), ("21.0", "21.0.4", False),
                                                      ("21.0", "21.0.3", True), ("19.1", "19.1.0", True),
                                                      ("20.3", "21.0", False)])  # fmt: skip
def test_versions_compare_by_number(name: str, since: str, there: bool) -> None:
    """A build has what came with it or before it; 21.0.3.7 lacks what came with 21.0.4."""
    assert Build(BUILDS[name], studio=True).has(since) is there
