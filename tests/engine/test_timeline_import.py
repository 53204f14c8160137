"""The options of importing timelines: where clips come from, what is offline, what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip, restart
from exchanged import rich_timeline, shape
from generate import film

from resolve_engine import emulated, failure

KINDS = {
    "EXPORT_OTIO": "otio", "EXPORT_FCP_7_XML": "xml", "EXPORT_FCPXML_1_9": "fcpxml", "EXPORT_AAF": "aaf",
    "EXPORT_EDL": "edl",
}  # fmt: skip


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A folder with two small films."""
    folder = tmp_path / "media"
    folder.mkdir()
    for name in ("a", "b"):
        film(folder / f"{name}.mov", frames=24, size=(64, 48), timecode="01:00:00:00", sound="tone", channels=1)
    return folder


@pytest.fixture
def cut(project: Any, pool: Any, media: Path) -> Any:
    """Both films on a timeline, from their sixth frame on."""
    clips = pool.ImportMedia([str(media / "a.mov"), str(media / "b.mov")])
    made = pool.CreateEmptyTimeline("cut")
    for clip in clips:
        assert pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": 6, "endFrame": 18}])[0], failure.last()
    return made


def clips_of(timeline: Any) -> list[Any]:
    """The clips of its pictures."""
    return [item.GetMediaPoolItem() for item in timeline.GetItemListInTrack("video", 1)]


def online(timeline: Any) -> list[str]:
    """Whether the clips of its pictures are there."""
    return [clip.GetClipProperty("Online Status") for clip in clips_of(timeline)]


@pytest.mark.parametrize("kind", list(KINDS))
def test_media_that_moved_are_found_below_the_given_folder(
    resolve: Any, manager: Any, cut: Any, media: Path, tmp_path: Path, kind: str
) -> None:
    """In a project that has nothing: by the names of their files, whatever folder they lie in. An edit decision list
    names no file: its clips are offline, and the places stand all the same."""
    path = str(tmp_path / f"cut.{KINDS[kind]}")
    assert cut.Export(path, getattr(resolve, kind), resolve.EXPORT_NONE), failure.last()
    places = [row[:5] for row in shape(cut, "items")["items"]]
    shutil.move(media, tmp_path / "moved" / "deeper")
    other = manager.CreateProject("other").GetMediaPool()
    read = other.ImportTimelineFromFile(path, {"importSourceClips": True, "sourceClipsPath": str(tmp_path / "moved")})
    assert read, failure.last()
    assert [row[:5] for row in shape(read, "items")["items"]] == places
    assert online(read) == (["Offline"] * 2 if kind == "EXPORT_EDL" else ["Online"] * 2)
    left = [item.GetLeftOffset() for item in read.GetItemListInTrack("video", 1)]
    assert left == ([0, 0] if kind == "EXPORT_EDL" else [6, 6])


def test_sources_are_imported_again_unless_told_not_to(
    resolve: Any, pool: Any, cut: Any, media: Path, tmp_path: Path
) -> None:
    """As Resolve does it: another clip each time; with importSourceClips False those that are there are used."""
    path = str(tmp_path / "cut.xml")
    assert cut.Export(path, resolve.EXPORT_FCP_7_XML), failure.last()
    before = {clip.GetUniqueId() for clip in clips_of(cut)}
    again = pool.ImportTimelineFromFile(path, {"timelineName": "again"})
    assert before.isdisjoint(clip.GetUniqueId() for clip in clips_of(again))
    same = pool.ImportTimelineFromFile(path, {"timelineName": "same", "importSourceClips": False})
    assert before == {clip.GetUniqueId() for clip in clips_of(same)} or online(same) == ["Online", "Online"]
    assert len(pool.GetRootFolder().GetClipList()) == 2 + 2 + 3  # clips, their doubles, timelines


def test_clips_are_looked_for_in_the_given_folders_only(resolve: Any, pool: Any, cut: Any, tmp_path: Path) -> None:
    """What lies elsewhere is offline, and the reason names it."""
    path = str(tmp_path / "cut.xml")
    assert cut.Export(path, resolve.EXPORT_FCP_7_XML), failure.last()
    folder = pool.AddSubFolder(pool.GetRootFolder(), "elsewhere")
    pool.MoveClips([clips_of(cut)[0]], folder)
    options = {"timelineName": "read", "importSourceClips": False, "sourceClipsFolders": [folder]}
    read = pool.ImportTimelineFromFile(path, options)
    assert "no media was found for 'b.mov'" in str(failure.last())
    assert online(read) == ["Online", "Offline"]


def test_an_offline_clip_can_be_linked_again(resolve: Any, manager: Any, cut: Any, media: Path, tmp_path: Path) -> None:
    """It carries the name, the rate and the timecode of the file, so that RelinkClips brings the picture back; and all
    of it is on disk."""
    path = str(tmp_path / "cut.otio")
    assert cut.Export(path, resolve.EXPORT_OTIO), failure.last()
    shutil.move(media, tmp_path / "moved")
    pool = manager.CreateProject("other").GetMediaPool()
    pool.ImportTimelineFromFile(path, {"importSourceClips": False})
    read = restart().GetProjectManager().GetCurrentProject().GetCurrentTimeline()
    assert online(read) == ["Offline", "Offline"]
    clip = clips_of(read)[0]
    assert (clip.GetName(), clip.GetClipProperty("FPS"), clip.GetClipProperty("Start TC")) == (
        "a.mov", 24.0, "01:00:00:00",
    )  # fmt: skip
    assert resolve.GetMediaPool().RelinkClips(clips_of(read), str(tmp_path / "moved")), failure.last()
    assert online(read) == ["Online", "Online"]


def test_otio_of_media_that_the_pool_has_needs_the_option(resolve: Any, pool: Any, cut: Any, tmp_path: Path) -> None:
    """On 21.1 None with importSourceClips, all of it without, as measured."""
    path = str(tmp_path / "cut.otio")
    assert cut.Export(path, resolve.EXPORT_OTIO), failure.last()
    assert pool.ImportTimelineFromFile(path, {"timelineName": "x"}) is None
    assert "give importSourceClips False" in str(failure.last())
    read = pool.ImportTimelineFromFile(path, {"timelineName": "x", "importSourceClips": False})
    assert online(read) == ["Online", "Online"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"timelineName": "cut"}, "a timeline named 'cut' exists already"),
        ({"timelineName": "a:b"}, "no name for a timeline"),
        ({"timelineName": 5}, "must be a text"),
        ({"Name": "x"}, "is no import option"),
        ({"interlaceProcessing": True}, "no interlaced timelines"),
        ({"importSourceClips": "yes"}, "must be true or false"),
        ({"sourceClipsPath": "/nowhere", "timelineName": "x"}, "is no folder"),
        ({"sourceClipsFolders": ["x"], "timelineName": "x"}, "must be a Folder"),
        (["x"], "must be a dict"),
    ],
)
def test_options_that_cannot_be_are_refused(
    resolve: Any, project: Any, pool: Any, cut: Any, tmp_path: Path, options: Any, reason: str
) -> None:
    """None, the reason, and the project as it was: no timeline, no clip."""
    path = str(tmp_path / "cut.xml")
    assert cut.Export(path, resolve.EXPORT_FCP_7_XML), failure.last()
    before = len(pool.GetRootFolder().GetClipList())
    assert pool.ImportTimelineFromFile(path, options) is None
    assert reason in str(failure.last())
    assert (project.GetTimelineCount(), len(pool.GetRootFolder().GetClipList())) == (1, before)


def test_a_timeline_is_brought_into_another(resolve: Any, project: Any, pool: Any, cut: Any, tmp_path: Path) -> None:
    """On tracks of its own; or on those that are there, later by an offset, where nothing is overwritten."""
    path = str(tmp_path / "cut.aaf")
    assert cut.Export(path, resolve.EXPORT_AAF, resolve.EXPORT_AAF_NEW), failure.last()
    options = {"autoImportSourceClipsIntoMediaPool": False}
    assert cut.ImportIntoTimeline(path, options), failure.last()
    assert [cut.GetTrackCount(kind) for kind in ("video", "audio")] == [2, 2]
    assert cut.GetItemListInTrack("video", 2)[0].GetStart() == cut.GetStartFrame()
    merged = {**options, "insertAdditionalTracks": False, "insertWithOffset": "00:00:01:00"}
    assert cut.ImportIntoTimeline(path, merged), failure.last()
    starts = [item.GetStart() - cut.GetStartFrame() for item in cut.GetItemListInTrack("video", 1)]
    assert starts == [0, 12, 24, 36]
    before = shape(cut)
    for path_, options_, reason in (
        (path, {**merged, "insertWithOffset": "00:00:00:10"}, "would stand on"),
        (path, {**options, "insertWithOffset": "00:00:01:00"}, "needs insertAdditionalTracks False"),
        (path, {"useSizingInfo": True}, "does not do useSizingInfo"),
        (path, {"timelineName": "x"}, "is no import option"),
        (str(tmp_path / "cut.edl"), {}, "is no file"),
    ):
        assert cut.ImportIntoTimeline(path_, options_) is False
        assert reason in str(failure.last())
        assert shape(cut) == before


def test_only_aaf_of_the_same_rate_comes_in(resolve: Any, project: Any, pool: Any, cut: Any, tmp_path: Path) -> None:
    """Another form and another rate are refused, with what to do instead."""
    path = str(tmp_path / "cut.xml")
    assert cut.Export(path, resolve.EXPORT_FCP_7_XML)
    assert cut.ImportIntoTimeline(path) is False
    assert "ImportTimelineFromFile" in str(failure.last())
    aaf = str(tmp_path / "cut.aaf")
    assert cut.Export(aaf, resolve.EXPORT_AAF)
    project.SetSetting("timelineFrameRate", "25")
    other = pool.CreateEmptyTimeline("other")
    assert other.SetSetting("useCustomSettings", "1")
    assert other.SetSetting("timelineFrameRate", "25"), failure.last()
    assert other.ImportIntoTimeline(aaf) is False
    assert "24 and 25 frames per second" in str(failure.last())


def test_without_a_name_the_files_own_is_numbered(resolve: Any, pool: Any, cut: Any, tmp_path: Path) -> None:
    """The name that the timeline has in the file; an edit decision list goes by its own file's name."""
    for kind, extension, wanted in (("EXPORT_FCP_7_XML", "xml", "cut"), ("EXPORT_EDL", "edl", "my list")):
        path = str(tmp_path / f"my list.{extension}")
        assert cut.Export(path, getattr(resolve, kind)), failure.last()
        names = [pool.ImportTimelineFromFile(path, {"importSourceClips": False}).GetName() for _ in range(2)]
        assert names == ([f"{wanted} 2", f"{wanted} 3"] if wanted == "cut" else [wanted, f"{wanted} 2"])


def test_a_rate_that_no_timeline_has_is_refused(resolve: Any, project: Any, pool: Any, tmp_path: Path) -> None:
    """15 frames a second."""
    add_clip()
    made = rich_timeline(project, "30", other_rates=False)
    path = tmp_path / "cut.xml"
    assert made.Export(str(path), resolve.EXPORT_FCP_7_XML)
    path.write_text(path.read_text().replace("<timebase>30<", "<timebase>15<"))
    assert pool.ImportTimelineFromFile(str(path), {"timelineName": "x"}) is None
    assert "15 frames per second, which no timeline does" in str(failure.last())
    assert emulated.build().has("21.1")


@pytest.mark.parametrize("kind", [*KINDS, "EXPORT_DRT"])
def test_sounds_of_several_widths_keep_their_channels(
    resolve: Any, project: Any, pool: Any, tmp_path: Path, kind: str
) -> None:
    """A stereo, a mono and a 5.1 stream on tracks of their own; a form that says no widths means the clip's."""
    made = pool.CreateTimelineFromClips("wide", [add_clip(channels=(2, 1, 6))])

    def heard(timeline: Any) -> list[Any]:
        project.SetCurrentTimeline(timeline)
        sounds = [timeline.GetItemListInTrack("audio", number)[0] for number in (1, 2, 3)]
        mappings = [json.loads(one.GetSourceAudioChannelMapping())["track_mapping"]["1"] for one in sounds]
        return [mapping["channel_idx"] for mapping in mappings]

    assert heard(made) == [[1, 2], [3], [4, 5, 6, 7, 8, 9]]
    path = str(tmp_path / "wide.file")
    assert made.Export(path, getattr(resolve, kind)), failure.last()
    read = pool.ImportTimelineFromFile(path, {"timelineName": "read", "importSourceClips": False})
    assert heard(read) == heard(made)
    assert read.GetTrackSubType("audio", 3) == "5.1"


@pytest.mark.parametrize("kind", ["EXPORT_OTIO", "EXPORT_FCP_7_XML", "EXPORT_FCPXML_1_9", "EXPORT_AAF", "EXPORT_EDL"])
def test_generators_and_titles(resolve: Any, project: Any, pool: Any, cut: Any, tmp_path: Path, kind: str) -> None:
    """Two forms have a place for them; the others say that they have none, and a generator that the engine does not
    draw is none, whatever the file calls it."""
    assert cut.InsertGeneratorIntoTimeline("SMPTE Color Bar"), failure.last()
    title = cut.InsertTitleIntoTimeline("Text")
    assert title.SetProperty("StyledText", "Ünd"), failure.last()
    path = tmp_path / "made.file"
    assert cut.Export(str(path), getattr(resolve, kind)), failure.last()
    said = str(failure.last())
    read = pool.ImportTimelineFromFile(str(path), {"timelineName": "read", "importSourceClips": False})

    def made(timeline: Any) -> list[Any]:
        items = timeline.GetItemListInTrack("video", 1)
        return [(one.GetName(), one.GetStart(), one.GetDuration()) for one in items if one.GetType() == "generator"]

    if kind in ("EXPORT_OTIO", "EXPORT_FCP_7_XML"):
        assert made(read) == made(cut)
        assert len(made(read)) == 2
        text = next(one for one in read.GetItemListInTrack("video", 1) if one.GetName() == title.GetName())
        assert text.GetProperty("StyledText") == "Ünd"
        path.write_text(path.read_text(encoding="utf-8").replace("SMPTE Color Bar", "Bar of mine"), encoding="utf-8")
        other = pool.ImportTimelineFromFile(str(path), {"timelineName": "other", "importSourceClips": False})
        assert failure.last() == "the timeline was read, without 1 generators and titles that are not drawn"
        assert len(made(other)) == 1
    else:
        assert "2 generators and titles" in said
        assert made(read) == []
