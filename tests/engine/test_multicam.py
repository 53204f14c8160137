"""Multicam clips: angles lined up, one of them played and rendered, switched by sound, and flattened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import add_clip, restart
from generate import codes, film, heard
from numpy.typing import NDArray
from rendering import finish
from test_nested import queue

from resolve_engine import failure

RATE = 48000
FRAME = RATE // 24


def voice(frames: int, *spoken: tuple[int, int], level: float = 0.3, seed: int = 3) -> NDArray[numpy.float32]:
    """Noise that is loud in some ranges of frames and 30 dB lower elsewhere, one channel."""
    noise = numpy.random.default_rng(seed).uniform(-1, 1, frames * FRAME)
    loud = numpy.full(frames * FRAME, level / 30)
    for first, end in spoken:
        loud[first * FRAME : end * FRAME] = level
    return (noise * loud).astype(numpy.float32)[:, None]


@pytest.fixture
def cameras(project: Any, pool: Any, tmp_path: Path) -> list[Any]:
    """Two cameras of one talk. `b` begins 12 frames after `a`. In `a` somebody speaks in frames 0 to 48 and from 96 on,
    near `b` in 48 to 96, counted on `a`. Frame n of `a` shows n, that of `b` 1000 + n."""
    project.SetSettings({"timelineResolutionWidth": "320", "timelineResolutionHeight": "180"})
    film(tmp_path / "a.mov", frames=144, timecode="10:00:00:00", samples=voice(144, (0, 48), (96, 144)),
         sound_codec="pcm_s16le")  # fmt: skip
    film(tmp_path / "b.mov", frames=132, first=1000, timecode="10:00:00:12", samples=voice(132, (36, 84), seed=4),
         sound_codec="pcm_s16le")  # fmt: skip
    clips: list[Any] = pool.ImportMedia([str(tmp_path / "a.mov"), str(tmp_path / "b.mov")])
    return clips


def made(resolve: Any, pool: Any, clips: list[Any], **options: Any) -> Any:
    """One multicam clip; its sources stay where they are."""
    found = pool.CreateMulticamClip(clips, {"name": "talk", "createBinForSourceClips": False, **options})
    assert len(found) == 1, failure.last()
    return found[0]


def rendered(project: Any, folder: Path, name: str) -> Path:
    """The current timeline as a lossless file."""
    job = queue(project, folder, name)
    assert project.StartRendering(job), failure.last()
    assert finish(project, job)["JobStatus"] == "Complete", failure.last()
    return folder / f"{name}.mkv"


def test_a_multicam_clip_stands_on_a_timeline(resolve: Any, pool: Any, cameras: list[Any]) -> None:
    """Its attributes are those of all angles together; an item plays the first and is named so, on the first track."""
    clip = made(resolve, pool, cameras)
    shown = [clip.GetClipProperty(key) for key in ("Type", "Clip Name", "Start TC", "Duration")]
    assert shown == ["Multicam", "talk", "01:00:00:00", "00:00:06:00"]
    timeline = pool.CreateEmptyTimeline("t")
    timeline.AddTrack("video")
    (item,) = pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 10, "endFrame": 40, "trackIndex": 2}])
    assert (item.GetName(), item.GetTrackTypeAndIndex(), item.GetDuration()) == ("talk - Angle 1", ["video", 1], 30)
    assert item.GetMediaPoolItem() == clip
    assert [one.GetName() for one in item.GetLinkedItems()] == ["talk - Angle 1"]
    assert pool.DeleteClips([cameras[0]]) is False
    project = resolve.GetCurrentProject()
    assert [project.GetTimelineByIndex(n).GetName() for n in range(1, project.GetTimelineCount() + 1)] == ["t"]
    assert clip.GetTimeline() is None
    assert clip.SetName("interview") is True
    assert clip.GetClipProperty("Clip Name") == "interview"


def test_the_angle_is_rendered_with_its_sound(project: Any, resolve: Any, pool: Any, cameras: list[Any],
                                              tmp_path: Path) -> None:  # fmt: skip
    """Frame 20 of the multicam is frame 20 of the camera that began first; flattened it shows the same."""
    pool.CreateTimelineFromClips(
        "t", [{"mediaPoolItem": made(resolve, pool, cameras), "startFrame": 20, "endFrame": 44}]
    )
    before = rendered(project, tmp_path, "before")
    assert codes(before) == list(range(20, 44))
    sound, _ = heard(before)
    original, _ = heard(tmp_path / "a.mov")
    numpy.testing.assert_allclose(sound[:, 0], original[20 * FRAME : 44 * FRAME, 0], atol=2e-4)
    (item,) = project.GetCurrentTimeline().GetItemListInTrack("video", 1)
    assert item.FlattenMulticam(resolve.FLATTEN_MULTICAM_COPY_GRADE) is True, failure.last()
    assert item.GetMediaPoolItem() == cameras[0]
    assert (item.GetName(), item.GetSourceStartFrame(), item.GetDuration()) == ("a.mov", 20, 24)
    assert [one.GetMediaPoolItem() for one in item.GetLinkedItems()] == [cameras[0]]
    after = rendered(project, tmp_path, "after")
    assert codes(after) == list(range(20, 44))
    numpy.testing.assert_allclose(heard(after)[0], sound, atol=2e-4)


def test_it_is_switched_to_who_speaks(project: Any, resolve: Any, pool: Any, cameras: list[Any],
                                      tmp_path: Path) -> None:  # fmt: skip
    """Cut where the other one begins to speak, picture and sound together, and rendered angle by angle."""
    pool.CreateTimelineFromClips("t", [made(resolve, pool, cameras)])
    timeline = project.GetCurrentTimeline()
    (item,) = timeline.GetItemListInTrack("video", 1)
    settings = {"analysisMode": resolve.SMART_SWITCH_ANALYSIS_MODE_AUDIO_ONLY, "editChangeDelay": 0}
    assert item.PerformMulticamSmartSwitch(settings) is True, failure.last()
    for kind in ("video", "audio"):
        items = timeline.GetItemListInTrack(kind, 1)
        assert [one.GetName()[-7:] for one in items] == ["Angle 1", "Angle 2", "Angle 1"]
        starts = [one.GetStart() - 86400 for one in items]
        assert starts == pytest.approx([0, 48, 96], abs=6)
    first, second = (one.GetStart() - 86400 for one in timeline.GetItemListInTrack("video", 1)[1:])
    shown = codes(rendered(project, tmp_path, "switched"))
    assert shown == [*range(first), *range(1000 + first - 12, 1000 + second - 12), *range(second, 144)]
    assert all(len(one.GetLinkedItems()) == 1 for one in timeline.GetItemListInTrack("video", 1))
    middle = restart().GetCurrentTimeline().GetItemListInTrack("video", 1)[1]
    assert middle.FlattenMulticam(resolve.FLATTEN_MULTICAM_COPY_GRADE) is True
    assert (middle.GetMediaPoolItem().GetName(), middle.GetSourceStartFrame()) == ("b.mov", first - 12)


def test_switching_needs_what_it_goes_by(resolve: Any, pool: Any, cameras: list[Any]) -> None:
    """Without the mode it would have to know the wide angle; a forced one and pictures alone with source sound: no."""
    timeline = pool.CreateTimelineFromClips("t", [made(resolve, pool, cameras)])
    (item,) = timeline.GetItemListInTrack("video", 1)
    by_sound = {"analysisMode": resolve.SMART_SWITCH_ANALYSIS_MODE_AUDIO_ONLY}
    for wrong, why in (
        ({"minEditDuration": 1.0}, "wide one"),
        ({"isAutoDetectWideAngle": False, "wideAngleID": "Angle 2"}, "between speakers"),
        ({**by_sound, "switchOnVideoOnly": True}, "does not follow"),
        ({**by_sound, "minEditDuration": 0.1}, "outside 0.5"),
        ({"mode": 1}, "no smart switch setting"),
    ):
        # A forced wide angle answers None, as it was seen to.
        assert item.PerformMulticamSmartSwitch(wrong) is (None if "wideAngleID" in wrong else False), wrong
        assert why in str(failure.last())
    assert len(timeline.GetItemListInTrack("video", 1)) == 1


def test_only_an_angle_is_flattened(item: Any, resolve: Any) -> None:
    """A clip of its own is not, and a grade option that there is not is refused."""
    assert item.FlattenMulticam(resolve.FLATTEN_MULTICAM_COPY_GRADE) is False
    assert "no angle of a multicam clip" in str(failure.last())
    assert item.FlattenMulticam(7) is False


@pytest.mark.parametrize(("mode", "names", "switched"), [
    ("SOURCE", ["talk - Angle 1"], True), ("REFERENCE", ["talk - Angle 1"], False),
    ("ALL", ["talk - Angle 1", "talk - Angle 2"], False), ("ADAPTIVE", ["talk"], False),
])  # fmt: skip
def test_which_sound_an_item_plays(
    resolve: Any, pool: Any, cameras: list[Any], mode: str, names: list[str], switched: bool
) -> None:
    """That of its angle, of the first whatever is shown, of each on a track, or all mixed."""
    clip = made(resolve, pool, cameras, multicamAudioMode=getattr(resolve, f"MULTICAM_AUDIO_{mode}"))
    timeline = pool.CreateTimelineFromClips("t", [clip])
    (item,) = timeline.GetItemListInTrack("video", 1)
    assert [one.GetName() for one in item.GetLinkedItems()] == names
    settings = {"analysisMode": resolve.SMART_SWITCH_ANALYSIS_MODE_AUDIO_ONLY}
    if mode in ("REFERENCE", "ALL"):
        settings["switchOnVideoOnly"] = True
    assert item.PerformMulticamSmartSwitch(settings) is True, failure.last()
    assert len(timeline.GetItemListInTrack("video", 1)) == 3
    angles = {one.GetName() for one in timeline.GetItemListInTrack("audio", 1)}
    assert angles == ({"talk - Angle 1", "talk - Angle 2"} if switched else {names[0]})


def test_angles_are_lined_up_by_marks_and_markers(resolve: Any, pool: Any, cameras: list[Any]) -> None:
    """The frame with the mark or the marker is the same moment; without one it is refused, and nothing is left."""
    a, b = cameras
    before = len(pool.GetRootFolder().GetClipList())
    options = {"angleSyncMode": resolve.MULTICAM_ANGLE_SYNC_MARKER, "createBinForSourceClips": False}
    a.AddMarker(30, "Blue", "", "", 1)
    assert pool.CreateMulticamClip([a, b], options) == []
    assert "cannot be lined up" in str(failure.last())
    assert len(pool.GetRootFolder().GetClipList()) == before
    b.AddMarker(10, "Blue", "", "", 1)
    (clip,) = pool.CreateMulticamClip([b, a], options)
    assert (clip.GetName(), clip.GetClipProperty("Duration")) == ("b.mov Multicam", "00:00:06:08")  # 20 + 132 frames
    a.SetMarkInOut(24, 71)
    b.SetMarkInOut(10, 57)
    (clip,) = pool.CreateMulticamClip(
        [a, b], {**options, "angleSyncMode": resolve.MULTICAM_ANGLE_SYNC_IN, "name": "in"}
    )
    assert clip.GetClipProperty("Duration") == "00:00:02:00"  # only what lies between the marks
    whole = {**options, "angleSyncMode": resolve.MULTICAM_ANGLE_SYNC_OUT, "useFullClipExtents": True, "name": "out"}
    (clip,) = pool.CreateMulticamClip([a, b], whole)
    assert clip.GetClipProperty("Duration") == "00:00:06:02"  # 14 + 132 frames


def test_angles_are_lined_up_by_their_sound(resolve: Any, pool: Any, tmp_path: Path) -> None:
    """One talk recorded twice, 18 frames apart; a third recording that fits none is refused."""
    talk = voice(240, (20, 60), (100, 130), (170, 230), seed=9)
    film(tmp_path / "a.mov", frames=192, samples=talk[: 192 * FRAME], sound_codec="pcm_s16le")
    film(tmp_path / "b.mov", frames=200, samples=talk[18 * FRAME : 218 * FRAME], sound_codec="pcm_s16le")
    film(tmp_path / "c.mov", frames=96, samples=voice(96, (0, 96), seed=10), sound_codec="pcm_s16le")
    a, b, c = pool.ImportMedia([str(tmp_path / name) for name in ("a.mov", "b.mov", "c.mov")])
    options = {"angleSyncMode": resolve.MULTICAM_ANGLE_SYNC_AUDIO, "createBinForSourceClips": False}
    (clip,) = pool.CreateMulticamClip([a, b], options)
    assert clip.GetClipProperty("Duration") == "00:00:09:02"  # 18 + 200 frames
    assert pool.CreateMulticamClip([a, b, c], {**options, "name": "three"}) == []
    assert "'c.mov' cannot be lined up" in str(failure.last())


def test_what_does_not_overlap_becomes_clips_of_their_own(resolve: Any, pool: Any, tmp_path: Path) -> None:
    """Two talks, each recorded twice: with splitAtGaps one clip for each, without it a refusal."""
    for talk, seed in (("one", 21), ("two", 22)):
        heard_twice = voice(168, (10, 40), (60, 75), (90, 150), seed=seed)
        for camera, first in (("a", 0), ("b", 12)):
            samples = heard_twice[first * FRAME : (first + 144) * FRAME]
            film(tmp_path / f"{talk} {camera}.mov", frames=144, samples=samples, sound_codec="pcm_s16le")
    names = ["one a.mov", "two a.mov", "two b.mov", "one b.mov"]
    clips = pool.ImportMedia([str(tmp_path / name) for name in names])
    options = {"name": "talk", "angleSyncMode": resolve.MULTICAM_ANGLE_SYNC_AUDIO, "createBinForSourceClips": False}
    assert pool.CreateMulticamClip(clips, options) == []
    made_clips = pool.CreateMulticamClip(clips, {**options, "splitAtGaps": True})
    assert [clip.GetName() for clip in made_clips] == ["talk 1", "talk 2"], failure.last()
    assert [clip.GetClipProperty("Duration") for clip in made_clips] == ["00:00:06:12"] * 2  # 12 + 144 frames


def test_clips_of_one_camera_share_an_angle(resolve: Any, pool: Any) -> None:
    """Told by their metadata, one after the other on one angle; in a folder of their own afterwards."""
    clips = [add_clip(path=f"/m/{name}.mov", start_timecode=start) for name, start in
             (("a1", "10:00:00:00"), ("b1", "10:00:01:00"), ("a2", "10:00:05:00"))]  # fmt: skip
    for clip, camera in zip(clips, "212", strict=True):
        clip.SetMetadata("Camera #", camera)
    options = {
        "detectSameCameraClipsMode": resolve.MULTICAM_DETECT_BY_CAMERA_NUMBER,
        "angleNameMode": resolve.MULTICAM_ANGLE_NAME_CAMERA,
        "frameRate": 24,
        "startTimecode": "00:00:10:00",
    }
    (clip,) = pool.CreateMulticamClip(clips, options)
    assert [clip.GetClipProperty(key) for key in ("Start TC", "Duration")] == ["00:00:10:00", "00:00:07:00"]
    (folder,) = pool.GetRootFolder().GetSubFolderList()
    assert (folder.GetName(), len(folder.GetClipList())) == ("Original Clips", 3)
    timeline = pool.CreateTimelineFromClips("t", [clip])
    (item,) = timeline.GetItemListInTrack("video", 1)
    assert item.GetName() == "a1.mov Multicam - 1"  # angles are numbered by their names
    assert item.FlattenMulticam(resolve.FLATTEN_MULTICAM_RETAIN_GRADE_FROM_ANGLE) is True, failure.last()
    (left,) = timeline.GetItemListInTrack("video", 1)  # camera 1 shows 48 frames, 24 after the first; no more is left
    assert (left.GetName(), left.GetStart() - 86400, left.GetDuration()) == ("b1.mov", 24, 48)
    clips[2].SetClipProperty("Start TC", "10:00:00:10")
    assert pool.CreateMulticamClip(clips, {**options, "name": "overlapping"}) == []
    assert "does not fit on the angle '2'" in str(failure.last())


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"angle": 1}, "no multicam option"),
        ({"angleSyncMode": 99}, "MULTICAM_ANGLE_SYNC_TIMECODE"),
        ({"frameRate": 17}, "no timeline frame rate"),
        ({"startTimecode": "later"}, "later"),
        ({"splitAtGaps": True}, "sound alone"),
        ({"name": 3}, "the name must be a text"),
    ],
)
def test_wrong_options_are_refused(pool: Any, clip: Any, options: dict[str, Any], why: str) -> None:
    """With the reason, and no clip is left behind."""
    before = len(pool.GetRootFolder().GetClipList())
    assert pool.CreateMulticamClip([clip], options) == []
    assert why in str(failure.last())
    assert len(pool.GetRootFolder().GetClipList()) == before


def test_a_timeline_is_no_angle(pool: Any, timeline: Any) -> None:
    """Angles are made of files."""
    assert pool.CreateMulticamClip([timeline.GetMediaPoolItem()], {}) == []
    assert "is of type Timeline" in str(failure.last())


def test_it_goes_with_projects_and_folders(
    manager: Any, resolve: Any, pool: Any, cameras: list[Any], tmp_path: Path
) -> None:
    """Exported and brought in again, an item plays its angle, and what is damaged is refused."""
    clip = made(resolve, pool, cameras)
    pool.CreateTimelineFromClips("t", [clip])
    assert pool.GetRootFolder().Export(str(tmp_path / "all.drb")) is True, failure.last()
    assert manager.ExportProject("probe", str(tmp_path / "a.drp"), False) is True, failure.last()
    assert manager.ImportProject(str(tmp_path / "a.drp"), "again") is True, failure.last()
    project = manager.LoadProject("again")
    project.SetCurrentTimeline(project.GetTimelineByIndex(1))
    assert codes(rendered(project, tmp_path, "again"))[:3] == [0, 1, 2]
    fresh = manager.CreateProject("fresh").GetMediaPool()
    assert fresh.ImportFolderFromFile(str(tmp_path / "all.drb")) is True, failure.last()
    (folder,) = fresh.GetRootFolder().GetSubFolderList()
    (again,) = [one for one in folder.GetClipList() if one.GetName() == "talk"]
    timeline = fresh.CreateTimelineFromClips("new", [again])
    (item,) = timeline.GetItemListInTrack("video", 1)
    assert item.FlattenMulticam(resolve.FLATTEN_MULTICAM_COPY_GRADE) is True, failure.last()
    assert item.GetName() == "a.mov"


@pytest.mark.parametrize("damage", [{"angle": 3}, {"angle": -1}])
def test_an_item_of_an_angle_that_there_is_not_is_found(pool: Any, resolve: Any, damage: dict[str, int]) -> None:
    """As a damaged file could hold."""
    from resolve_engine.api import application
    from resolve_engine.model.multicam import check_angles

    clip = made(resolve, pool, [add_clip(), add_clip(path="/m/other.mov")])
    pool.CreateTimelineFromClips("t", [clip])
    project = application.start().project
    check_angles(project)
    item = next(one for one in project.items.values() if one.angle)
    item.angle = damage["angle"]
    with pytest.raises(ValueError, match="an angle that there is not"):
        check_angles(project)
    item.angle = 1
    record = next(one for one in project.clips.values() if one.multicam)
    record.multicam = {**record.multicam, "angles": [{**record.multicam["angles"][0], "video": 9}]}
    with pytest.raises(ValueError, match="without tracks"):
        check_angles(project)


def test_a_take_of_a_multicam_clip_shows_its_first_angle(
    project: Any, resolve: Any, pool: Any, cameras: list[Any], tmp_path: Path
) -> None:
    """Not nothing: an item that names no angle plays the first with a picture, and can be flattened."""
    clip = made(resolve, pool, cameras)
    timeline = pool.CreateTimelineFromClips("t", [{"mediaPoolItem": cameras[1], "startFrame": 0, "endFrame": 12}])
    (item,) = timeline.GetItemListInTrack("video", 1)
    assert item.AddTake(clip, 30, 60) is True, failure.last()
    assert item.SelectTakeByIndex(2) is True, failure.last()
    assert codes(rendered(project, tmp_path, "take")) == list(range(30, 42))
    assert item.FinalizeTake() is True
    assert item.FlattenMulticam(resolve.FLATTEN_MULTICAM_COPY_GRADE) is True, failure.last()
    assert (item.GetMediaPoolItem(), item.GetSourceStartFrame()) == (cameras[0], 30)
