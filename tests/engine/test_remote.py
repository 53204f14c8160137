"""The one type of all objects: names, equality, stale handles, faults of the engine."""

from __future__ import annotations

from typing import Any

import pytest
from clips import add_clip, restart

from resolve_engine import failure, unsupported
from resolve_engine.api.surface import METHODS
from resolve_engine.api.timeline import Timeline


def test_one_type_with_resolves_name(resolve: Any, timeline: Any) -> None:
    """Scripts tell the class from the text of an object."""
    assert type(resolve) is type(timeline)
    assert f"{type(timeline).__module__}.{type(timeline).__name__}" == "BlackmagicFusion.PyRemoteObject"
    assert repr(timeline).startswith("Timeline (0x")
    assert "[App: 'Resolve' on 127.0.0.1, UUID: " in repr(timeline)


def test_any_name_answers(timeline: Any) -> None:
    """hasattr is true for every name, an unknown one is None, and calling it raises Resolve's TypeError."""
    assert hasattr(timeline, "NoSuchThing")
    assert timeline.NoSuchThing is None
    with pytest.raises(TypeError, match="'NoneType' object is not callable"):
        timeline.NoSuchThing()


def test_dir_lists_methods_and_print(project: Any) -> None:
    """Deprecated ones included, removed ones not."""
    names = dir(project)
    assert "Print" in names
    assert "GetSetting" in names
    assert "DeleteRenderJobByIndex" not in names
    assert len(names) == len(METHODS["Project"]) + 1


def test_handles_are_equal_by_what_they_stand_for(project: Any, timeline: Any, clip: Any) -> None:
    """Two ways to one object are equal; objects of different ids or classes are not."""
    again = project.GetTimelineByIndex(1)
    assert again == timeline
    assert hash(again) == hash(timeline)
    assert timeline != clip
    assert timeline.GetMediaPoolItem() != clip


def test_handles_of_a_closed_project_answer_none(manager: Any, project: Any, timeline: Any, item: Any) -> None:
    """Reads and writes alike, even after the same project is open again."""
    old = [(project, "GetMediaPool"), (project, "AddRenderJob"), (timeline, "GetName"), (item, "GetTakesCount")]
    pool, clip = project.GetMediaPool(), item.GetMediaPoolItem()
    manager.CloseProject(project)
    assert manager.LoadProject("probe")
    assert [getattr(handle, name)() for handle, name in old] == [None] * len(old)
    assert clip.GetClipProperty("Resolution") is None
    assert clip.SetClipColor("Orange") is None
    assert pool.GetRootFolder() is None
    assert "was closed" in str(failure.last())


def test_a_stale_handle_is_no_argument(manager: Any, project: Any, clip: Any) -> None:
    """A clip of an earlier opening places nothing."""
    manager.CloseProject(project)
    pool = manager.LoadProject("probe").GetMediaPool()
    timeline = pool.CreateEmptyTimeline("t")
    assert pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 0, "endFrame": 10}]) == [None]
    assert timeline.GetEndFrame() == timeline.GetStartFrame()


def test_handles_of_deleted_objects_answer_none(pool: Any, clip: Any) -> None:
    """A deleted clip, folder or timeline is gone for every handle of it."""
    folder = pool.AddSubFolder(pool.GetRootFolder(), "gone")
    first, _ = pool.CreateEmptyTimeline("first"), pool.CreateEmptyTimeline("second")
    pool.DeleteClips([clip])
    pool.DeleteFolders([folder])
    pool.DeleteTimelines([first])
    assert [clip.GetName(), folder.GetName(), first.GetName()] == [None, None, None]
    assert failure.last() == "this Timeline was deleted"


def test_quit_ends_every_handle(resolve: Any, project: Any) -> None:
    """After Quit nothing answers."""
    assert resolve.Quit() is True
    assert resolve.GetVersion() is None
    assert project.GetName() is None


def test_unsupported_methods_fail_and_say_so(timeline: Any) -> None:
    """They answer Resolve's failure value, and the reason can be asked for beforehand."""
    assert timeline.AnalyzeDolbyVision() is False
    assert "does not support Timeline.AnalyzeDolbyVision" in str(failure.last())
    assert unsupported.reason("Timeline", "AnalyzeDolbyVision")
    assert unsupported.reason("Timeline", "GetName") is None
    assert unsupported.reason("Timeline", "NoSuchThing") is None


def test_a_fault_of_the_engine_is_told_and_undone(
    timeline: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unexpected exception gives the failure value, the reason, a traceback on stderr, and changes nothing."""

    def broken(self: Timeline, timelineName: Any) -> bool:
        self.timeline.name = timelineName
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(Timeline, "SetName", broken)
    assert timeline.SetName("changed") is False
    assert failure.last() == "engine error: ZeroDivisionError: on purpose"
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert timeline.GetName() == "cut"


def test_an_interrupt_undoes_the_call(timeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt in the middle of a call passes through, and the call has not happened."""

    def interrupted(self: Timeline, timelineName: Any) -> bool:
        self.timeline.name = timelineName
        raise KeyboardInterrupt

    monkeypatch.setattr(Timeline, "SetName", interrupted)
    with pytest.raises(KeyboardInterrupt):
        timeline.SetName("changed")
    assert timeline.GetName() == "cut"


def test_keywords_of_the_documented_names_are_taken(timeline: Any) -> None:
    """Resolve takes arguments by position; by their names is taken too, an unknown name is refused."""
    assert timeline.SetTrackName("video", trackIndex=1, name="Top") is True
    assert timeline.GetTrackName("video", 1) == "Top"
    assert timeline.SetTrackName("video", 1, nam="x") is False
    assert timeline.SetTrackName("video", 1, "x", trackIndex=1) is False


def test_print_is_on_every_object(timeline: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """As listed by dir()."""
    assert timeline.Print() is None
    assert capsys.readouterr().out.startswith("Timeline (0x")


def test_what_was_open_is_open_after_a_restart(resolve: Any, project: Any, timeline: Any) -> None:
    """The next process goes on where the last answered call left it: project, page, timeline, playhead."""
    timeline.SetCurrentTimecode("01:00:01:00")
    resolve.OpenPage("color")
    id = timeline.GetUniqueId()
    again = restart()
    assert again.GetCurrentProject().GetName() == "probe"
    assert again.GetCurrentPage() == "color"
    assert again.GetCurrentTimeline().GetUniqueId() == id
    assert again.GetCurrentTimeline().GetCurrentTimecode() == "01:00:01:00"
    assert timeline.GetName() is None


def test_an_untitled_project_survives_a_restart_and_then_its_end(resolve: Any, manager: Any) -> None:
    """What was answered on it is kept until another project takes its place."""
    add_clip()
    assert len(restart().GetMediaPool().GetRootFolder().GetClipList()) == 1
    manager.CreateProject("named")
    manager.CloseProject(manager.GetCurrentProject())
    assert restart().GetMediaPool().GetRootFolder().GetClipList() == []
