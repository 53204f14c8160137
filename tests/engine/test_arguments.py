"""Wrong arguments to every method: no exception, nothing changed, a reason whenever the answer is a failure."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.api.classes import MODULES, implementation
from resolve_engine.api.surface import METHODS, failure_value
from resolve_engine.remote import PyRemoteObject

WRONG: tuple[Any, ...] = (
    None, "", "no such thing", "a\nb\0c", "\ud800", 0, -1, 10**30, 1.5, float("nan"), float("inf"), True, b"bytes",
    [], [None], ["x", 3], ["a\0b"], [{"FilePath": "a\0b"}], [[]], {}, {"x": None}, {1: 2}, {"startFrame": {}},
    object(), "x" * 100_000,
)  # fmt: skip
"""What no method should choke on."""

ENDS = {"Resolve.Quit", "ProjectManager.CloseProject", "Project.StartRendering"}
"""Left out: their right use ends what the test works on, and wrong arguments to them have tests of their own."""

CHANGES = {
    "SetName", "SetClipColor", "ClearClipColor", "ClearFlags", "AddTrack", "OpenPage", "GotoRootFolder", "CreateFolder",
    "CreateProject", "SetProperty", "SetClipEnabled", "SetTrackEnable", "SetTrackLock", "ResetAllGrades", "SetLUT",
    "SetNodeEnabled", "SetNodeCacheMode", "ClearMarkInOut", "SaveProject", "DeleteAllRenderJobs", "StopRendering",
    "CreateEmptyTimeline", "DuplicateTimeline", "SetKeyframeMode", "AddSubFolder", "RemoveFromColorGroup", "SetSpeed",
    "SetMetadata", "SetThirdPartyMetadata", "SetClipProperty", "SetRenderSettings", "SaveAsNewRenderPreset",
    "AddColorGroup", "CreateGalleryStillAlbum", "CreateGalleryPowerGradeAlbum", "SetTrackName", "SetAlbumName",
    "SetRenderMode", "UnlinkClips", "SetSetting", "SetCDL", "AddRenderJob", "SetColorOutputCache", "SetProperties",
    "SetCurrentRenderMode", "RefreshFolders", "RefreshLUTList", "SetStartTimecode", "GotoParentFolder",
    "SetUseTimelineForOutputBlanking", "AddFusionComp", "SetFusionOutputCache", "InsertFusionCompositionIntoTimeline",
}  # fmt: skip
"""Methods for which some of the wrong arguments are right ones (a text is a name, 0 is false, {} is no setting)."""


def methods(class_name: str) -> list[str]:
    """The methods of a class that the engine does, without those in ENDS."""
    done = [m for m in sorted(METHODS[class_name]) if callable(getattr(implementation(class_name), m, None))]
    return [method for method in done if f"{class_name}.{method}" not in ENDS]


@pytest.fixture
def handles(resolve: Any, item: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A live object of every class. Some of the wrong arguments are names of files that can be written."""
    monkeypatch.chdir(tmp_path)
    project = resolve.GetCurrentProject()
    project.SetRenderSettings({"TargetDir": str(tmp_path)})
    resolve.OpenPage("edit")
    app = application.start()
    return {
        "Resolve": resolve,
        "ProjectManager": resolve.GetProjectManager(),
        "Project": project,
        "MediaStorage": resolve.GetMediaStorage(),
        "MediaPool": resolve.GetMediaPool(),
        "Folder": resolve.GetMediaPool().GetRootFolder(),
        "MediaPoolItem": add_clip(),
        "Timeline": resolve.GetCurrentTimeline(),
        "TimelineItem": item,
        "Graph": item.GetNodeGraph(),
        "Gallery": project.GetGallery(),
        "GalleryStillAlbum": project.GetGallery().GetCurrentStillAlbum(),
        "Fusion": resolve.Fusion(),
        "FusionComp": (comp := item.AddFusionComp()),
        "FusionTool": comp.FindTool("MediaIn1"),
        "ColorGroup": project.AddColorGroup("group") or PyRemoteObject("ColorGroup", "", app.opening),
    }


def arguments() -> Iterator[tuple[Any, ...]]:
    """No argument, each wrong one alone, some pairs and triples."""
    yield ()
    yield from ((value,) for value in WRONG)
    yield from itertools.islice(itertools.product(WRONG, repeat=2), 0, None, 7)
    yield from itertools.islice(itertools.product(WRONG, repeat=3), 0, None, 401)
    yield from (("video", value, value) for value in WRONG)


def takes(class_name: str, method: str) -> float:
    """How many arguments a method takes; what comes after them is left out, which has a test of its own."""
    code = getattr(implementation(class_name), method).__code__
    return math.inf if code.co_flags & 0x04 else code.co_argcount - 1


@pytest.mark.parametrize("class_name", MODULES)
def test_wrong_arguments_never_raise(handles: dict[str, Any], class_name: str) -> None:
    """Whatever is passed to any method, the call answers; a failure has a reason that is no fault of the engine; what
    failed has changed nothing."""
    for method in methods(class_name):
        call = getattr(handles[class_name], method)
        most = takes(class_name, method)
        for given in arguments():
            if len(given) > most:
                continue
            before = everything()
            answer = call(*given)
            reason = failure.last()
            assert "engine error" not in str(reason), (method, given, reason)
            if method not in CHANGES:
                assert everything() == before, (method, given)
            if reason is not None:
                failed = answer == failure_value(class_name, method) or answer in ([None], []) or answer is False
                assert failed, (method, given, answer)
                assert everything() == before, (method, given, reason)


def everything() -> str:
    """The open project and the folder of the project manager, as text that can be compared."""
    app = application.start()
    rows = sorted((r.id, r.parent, r.position, json.dumps(r.body(), default=str)) for r in app.project.all_records())
    project = {key: value for key, value in app.project.body().items() if key != "modified"}
    return json.dumps([project, rows, app.manager_folder], default=str)


@pytest.mark.parametrize("given", [(), (1,), (1, "Blue", "a", "b")])
def test_too_few_arguments_are_refused(timeline: Any, given: tuple[Any, ...]) -> None:
    """The reason says how many there should be."""
    assert timeline.AddMarker(*given) is False
    assert failure.last() == f"Timeline.AddMarker takes 5 to 6 arguments, not {len(given)}"


def test_what_comes_after_the_last_argument_is_left_out(timeline: Any) -> None:
    """Public scripts pass more than a method takes; an argument by a name that there is not is a mistake."""
    assert timeline.GetName("a", 2) == "cut"
    assert timeline.AddMarker(1, "Blue", "name", "note", 1, "data", "beyond") is True
    assert timeline.GetMarkers()[1]["customData"] == "data"
    assert timeline.AddMarker(2, "Blue", "name", "note", 1, "data", beyond=1) is False
    assert failure.last() == "Timeline.AddMarker has no argument 'beyond'"
    assert timeline.AddMarker(3, "Blue", "name", "note", 1, "data", "beyond", color="Red") is False
    assert failure.last() == "Timeline.AddMarker got the argument 'color' twice"


def test_wrong_jobs_start_nothing(project: Any) -> None:
    """Unknown ids, no ids, an empty queue."""
    for given in ((), ("nope",), (["nope"],), ([],), (5,), (None,), ([None],), (True,)):
        assert project.StartRendering(*given) is False, given
        assert failure.last()
    assert project.IsRenderingInProgress() is False


def test_only_the_open_project_closes(manager: Any, project: Any, clip: Any) -> None:
    """Anything else is refused."""
    for given in (None, "probe", clip, 1):
        assert manager.CloseProject(given) is False
    assert manager.GetCurrentProject() == project
