"""Scripts as the public ones are written, each in a process of its own with nothing but the import and its arguments.

What the processes before left open is open in the next, as with a running Resolve.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from generate import film, grays

HEAD = """
import DaVinciResolveScript as dvr_script
resolve = dvr_script.scriptapp("Resolve")
projectManager = resolve.GetProjectManager()
project = projectManager.GetCurrentProject()
mediaPool = project.GetMediaPool()
timeline = project.GetCurrentTimeline()
"""

ASSEMBLE = """
import sys
import DaVinciResolveScript as bmd
resolve = bmd.scriptapp("Resolve")
projectManager = resolve.GetProjectManager()
project = projectManager.CreateProject(sys.argv[1])
if not project:
    print("Unable to create a project")
    sys.exit()
project.SetSetting("timelineFrameRate", str(sys.argv[2]))
project.SetSetting("timelineResolutionWidth", "320")
project.SetSetting("timelineResolutionHeight", "180")
mediapool = project.GetMediaPool()
clips = resolve.GetMediaStorage().AddItemListToMediaPool(sys.argv[3])
timeline = mediapool.CreateEmptyTimeline("Timeline 1")
for clip in sorted(clips, key=lambda clip: clip.GetClipProperty("File Name")):
    mediapool.AppendToTimeline(clip)
projectManager.SaveProject()
print(projectManager.CreateProject(sys.argv[1]))
"""

TREE = """
def show(folder, shift):
    print(shift + folder.GetName())
    for clip in folder.GetClipList():
        print(shift + "  " + clip.GetClipProperty("File Name") + clip.GetClipProperty()["Video Codec"][:5])
    for sub in folder.GetSubFolderList():
        show(sub, shift + "  ")
print("Framerate " + str(project.GetSetting("timelineFrameRate")))
print(project.GetSetting("timelineResolutionWidth") + "x" + project.GetSetting("timelineResolutionHeight"))
for index in range(int(project.GetTimelineCount())):
    one = project.GetTimelineByIndex(index + 1)
    for kind in ("video", "audio", "subtitle"):
        for track in range(1, int(one.GetTrackCount(kind)) + 1):
            print(kind, track, [clip.GetName() for clip in one.GetItemListInTrack(kind, track)])
show(mediaPool.GetRootFolder(), "")
"""

SNAPSHOTS = """
import sys, time
resolve.OpenPage("Deliver")
print(project.SetCurrentTimeline("Timeline 1"))
project.LoadRenderPreset("H.264 Master")
clips = timeline.GetItemsInTrack("video", 1)
for clipIdx in clips:
    start = int(clips[clipIdx].GetStart())
    project.SetRenderSettings({"MarkIn": start, "MarkOut": start, "TargetDir": sys.argv[1],
                               "CustomName": clips[clipIdx].GetName() + "_"})
    project.AddRenderJob()
if not project.SetCurrentRenderFormatAndCodec("mov", "H264"):
    sys.exit("no codec")
project.StartRendering()
while project.IsRenderingInProgress():
    time.sleep(0.05)
print([project.GetRenderJobStatus(job["JobId"])["JobStatus"] for job in project.GetRenderJobList()])
project.DeleteAllRenderJobs()
"""

CUT = """
import sys
source = [clip for clip in mediaPool.GetRootFolder().GetClipList() if clip.GetName() == "a.mov"][0]
total = int(source.GetClipProperty("Frames"))
made = mediaPool.ImportTimelineFromFile(sys.argv[1], {"timelineName": "cut", "importSourceClips": False})
project.SetCurrentTimeline(made)
pieces = [(0, 10), (10, 16), (16, total)]
mediaPool.AppendToTimeline([{"mediaPoolItem": source, "startFrame": a, "endFrame": b} for a, b in pieces])
for item in made.GetItemListInTrack("video", 1):
    if item.GetLeftOffset() == 10:
        item.SetClipColor("Orange")
print([(item.GetLeftOffset(), item.GetDuration(), item.GetClipColor()) for item in made.GetItemListInTrack("video", 1)])
"""

EMPTIED = """<?xml version="1.0"?>
<fcpxml version="1.11"><resources>
<format id="r1" name="FFVideoFormat720p24" frameDuration="1/24s" width="320" height="180"/></resources>
<library><event name="Auto"><project name="a"><sequence format="r1" tcStart="0s" duration="1s" tcFormat="NDF"/>
</project></event></library></fcpxml>
"""
"""A timeline that a program wrote and another took everything out of, for its rate alone."""


def run(script: str, *arguments: str) -> list[str]:
    """What a script printed, line by line; it ends without an error."""
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def assembled(engine_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two films, of 24 and 12 frames, cut together by a script on the build that such scripts were made
    for."""
    monkeypatch.setenv("RESOLVE_ENGINE_VERSION", "20.3")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    folder = tmp_path / "films"
    folder.mkdir()
    film(folder / "b.mov", 24, 12, first=100)
    film(folder / "a.mov", 24, 24, sound="tone")
    assert run(ASSEMBLE, "film", "24", str(folder)) == ["None"]
    return folder


def test_a_project_is_told_by_another_process(assembled: Path) -> None:
    """Its tracks in order, and the tree of the media pool, where a timeline has neither file nor codec."""
    assert run(HEAD + TREE) == [
        "Framerate 24.0", "320x180", "video 1 ['a.mov', 'b.mov']", "audio 1 ['a.mov']", "Master",
        "  a.movH.264", "  b.movH.264", "  ",
    ]  # fmt: skip


def test_a_frame_of_each_item_is_rendered(assembled: Path, tmp_path: Path) -> None:
    """A mark in that is the mark out is one frame; a timeline by its name is refused and the current one stays."""
    assert run(HEAD + SNAPSHOTS, str(tmp_path)) == ["False", "['Complete', 'Complete']"]
    assert [len(list(grays(tmp_path / f"{name}_.mov"))) for name in ("a.mov", "b.mov")] == [1, 1]


def test_pieces_are_appended_to_an_emptied_timeline(assembled: Path, tmp_path: Path) -> None:
    """Ends are the frame after; an item is found by where it begins in its source."""
    path = tmp_path / "emptied.fcpxml"
    path.write_text(EMPTIED)
    assert run(HEAD + CUT, str(path)) == ["[(0, 10, ''), (10, 6, 'Orange'), (16, 8, '')]"]
