"""Timelines as files: edit decision lists and tables of their events."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip
from exchanged import RATES, exchanged, rich_timeline
from exchanged import shape as whole

from resolve_engine import failure


@pytest.fixture
def cut(project: Any, pool: Any) -> Any:
    """A range, a range at half speed, and a dissolve of 10 frames to a third one; picture only."""
    clip = add_clip(frames=200, start_timecode="10:00:00:00", channels=())
    clip.SetMetadata("Reel Name", "A001_C002 x")
    made = pool.CreateEmptyTimeline("my cut")
    wanted = [(20, 60), (100, 120), (50, 80)]
    items = [
        pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": first, "endFrame": after}])[0]
        for first, after in wanted
    ]
    assert items[1].SetSpeed({"Percentage": 50, "RippleTimeline": True}), failure.last()
    dissolve = {"type": "Cross Dissolve", "category": "simple", "position": "start", "alignment": "center"}
    assert items[2].AddTransition({**dissolve, "duration": 10}), failure.last()
    made.AddMarker(3, "Blue", "look here", "", 1)
    return made


EDL = """\
TITLE: my cut
FCM: NON-DROP FRAME

001  A001C002 V     C        10:00:00:20 10:00:02:12 01:00:00:00 01:00:01:16
* FROM CLIP NAME: clip.mov
* LOC: 01:00:00:03 BLUE       look here

002  A001C002 V     C        10:00:04:04 10:00:04:22 01:00:01:16 01:00:03:03
* FROM CLIP NAME: clip.mov
M2   A001C002 012.0                10:00:04:04

003  A001C002 V     C        10:00:04:22 10:00:04:22 01:00:03:03 01:00:03:03
003  A001C002 V     D    010 10:00:01:21 10:00:03:08 01:00:03:03 01:00:04:14
* FROM CLIP NAME: clip.mov
* TO CLIP NAME: clip.mov
"""


def test_an_edit_decision_list(resolve: Any, cut: Any, tmp_path: Path) -> None:
    """Cuts, a speed, a dissolve and a marker, every timecode worked out by hand."""
    path = tmp_path / "cut.edl"
    assert cut.Export(str(path), resolve.EXPORT_EDL, resolve.EXPORT_NONE), failure.last()
    assert path.read_text() == EDL
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["cut.edl"]


@pytest.mark.parametrize(("kind", "delimiter"), [("EXPORT_TEXT_CSV", ","), ("EXPORT_TEXT_TAB", "\t")])
def test_a_table_of_events(resolve: Any, cut: Any, tmp_path: Path, kind: str, delimiter: str) -> None:
    """The same events in rows."""
    path = tmp_path / "cut.txt"
    assert cut.Export(str(path), getattr(resolve, kind)), failure.last()
    rows = list(csv.DictReader(path.open(newline=""), delimiter=delimiter))
    assert [(row["#"], row["C"], row["Record In"], row["Speed"]) for row in rows] == [
        ("1", "C", "01:00:00:00", "100"),
        ("2", "C", "01:00:01:16", "50"),
        ("3", "D 10", "01:00:03:03", "100"),
    ]
    assert {row["Name"] for row in rows} == {"clip.mov"}


def test_a_table_has_every_track(resolve: Any, cut: Any, pool: Any, tmp_path: Path) -> None:
    """Upper pictures and sounds by their tracks, in order of their record times."""
    clip = add_clip(path="/media/over.mov", frames=48, channels=(1,) * 5)
    upper = {"mediaPoolItem": clip, "trackIndex": 2, "recordFrame": cut.GetStartFrame() + 30}
    assert pool.AppendToTimeline([upper])[0], failure.last()
    path = tmp_path / "cut.csv"
    assert cut.Export(str(path), resolve.EXPORT_TEXT_CSV)
    assert failure.last() is None
    rows = list(csv.DictReader(path.open(newline="")))
    assert [(row["V"], row["Name"]) for row in rows][:7] == [
        ("V", "clip.mov"), ("V2", "over.mov"), *((channel, "over.mov") for channel in ("A", "A2", "A3", "A4", "A5")),
    ]  # fmt: skip


def test_drop_frame_and_sound(resolve: Any, project: Any, pool: Any, tmp_path: Path) -> None:
    """Timecodes drop where the timeline's do; sound has events of its own."""
    project.SetSetting("timelineFrameRate", "29.97 DF")
    timeline = pool.CreateEmptyTimeline("t")
    pool.AppendToTimeline([add_clip(rate=(30000, 1001), frames=3000)])
    assert timeline.Export(str(tmp_path / "t.edl"), resolve.EXPORT_EDL), failure.last()
    lines = (tmp_path / "t.edl").read_text().splitlines()
    assert lines[1] == "FCM: DROP FRAME"
    assert lines[3].endswith("00:00:00;00 00:01:40;02 01:00:00;00 01:01:40;02")
    assert [line.split()[2] for line in lines if line[:3].isdigit()] == ["V", "A"]


def test_what_cannot_be_written_is_refused(resolve: Any, cut: Any, pool: Any, tmp_path: Path) -> None:
    """False, the reason, and no file."""
    path = str(tmp_path / "out.edl")
    for kind, subtype, reason in (
        (resolve.EXPORT_AAF, resolve.EXPORT_AAF_EXISTING, "EXPORT_AAF_NEW"),
        (resolve.EXPORT_HDR_10_PROFILE_A, resolve.EXPORT_NONE, "schema is not public"),
        (resolve.EXPORT_EDL, resolve.EXPORT_SDL, "EXPORT_NONE"),
        ("EXPORT_EDL", None, "must be a number"),
        (99.0, None, "no export type"),
    ):
        assert cut.Export(path, kind, subtype) is False
        assert reason in str(failure.last())
    assert cut.Export(str(tmp_path / "missing" / "out.edl"), resolve.EXPORT_EDL) is False
    assert not Path(path).exists()


def test_what_a_list_has_no_place_for_is_said(resolve: Any, cut: Any, pool: Any, tmp_path: Path) -> None:
    """As in Resolve the lowest picture track is written, and the reason of the call names what is not."""
    upper = {"mediaPoolItem": cut.GetItemListInTrack("video", 1)[0].GetMediaPoolItem(), "trackIndex": 2}
    assert pool.AppendToTimeline([upper]) != [None]
    path = tmp_path / "cut.edl"
    assert cut.Export(str(path), resolve.EXPORT_EDL), failure.last()
    assert failure.last() == "the file is written, without 1 items of upper picture tracks"
    assert path.read_text() == EDL


def test_starts_between_two_frames_are_told(resolve: Any, pool: Any, tmp_path: Path) -> None:
    """A list counts in frames of the timeline: the start of a clip of another rate goes to the one below."""
    clip = add_clip(rate=(25, 1), frames=100, channels=())
    made = pool.CreateEmptyTimeline("t")
    for first, words in ((25, None), (26, "the file is written, without 1 exact starts of clips of another rate")):
        assert pool.AppendToTimeline([{"mediaPoolItem": clip, "startFrame": first, "endFrame": first + 50}])[0]
        assert made.Export(str(tmp_path / "t.edl"), resolve.EXPORT_EDL)
        assert failure.last() == words


def test_grades_as_comments_and_missing_clips_alone(resolve: Any, cut: Any, pool: Any, tmp_path: Path) -> None:
    """Subtypes: the CDL of an item stands behind its event and comes back with it; none of the clips is there."""
    second = cut.GetItemListInTrack("video", 1)[1]
    cdl = {"NodeIndex": "1", "Slope": "1.1 1 0.9", "Offset": "0 0 0.01", "Power": "1 1 1", "Saturation": "0.8"}
    assert second.SetCDL(cdl), failure.last()
    path = str(tmp_path / "cdl.edl")
    assert cut.Export(path, resolve.EXPORT_EDL, resolve.EXPORT_CDL), failure.last()
    lines = Path(path).read_text().splitlines()
    assert lines[11:14] == [
        "M2   A001C002 012.0                10:00:04:04",
        "*ASC_SOP (1.100000 1.000000 0.900000)(0.000000 0.000000 0.010000)(1.000000 1.000000 1.000000)",
        "*ASC_SAT 0.800000",
    ]
    read = pool.ImportTimelineFromFile(path, {"timelineName": "read"})
    again = str(tmp_path / "again.edl")
    assert read.Export(again, resolve.EXPORT_EDL, resolve.EXPORT_CDL)
    assert Path(again).read_text().splitlines()[11:14] == lines[11:14]
    assert cut.Export(str(tmp_path / "missing.edl"), resolve.EXPORT_EDL, resolve.EXPORT_MISSING_CLIPS)
    assert (tmp_path / "missing.edl").read_text() == EDL


def test_a_list_of_grades_has_a_grade_for_each_picture(resolve: Any, timeline: Any, pool: Any, tmp_path: Path) -> None:
    """Programs count events to find the clip: no sound between them, and a CDL that does nothing where no grade is.
    That one is none when the list is read."""
    path = str(tmp_path / "cdl.edl")
    assert timeline.Export(path, resolve.EXPORT_EDL, resolve.EXPORT_CDL), failure.last()
    assert failure.last() == "the file is written, without 1 events of sound"
    lines = Path(path).read_text().splitlines()
    assert [line.split()[2] for line in lines if line[:3].isdigit()] == ["V"]
    assert [line for line in lines if "ASC" in line] == [
        "*ASC_SOP (1.000000 1.000000 1.000000)(0.000000 0.000000 0.000000)(1.000000 1.000000 1.000000)",
        "*ASC_SAT 1.000000",
    ]
    read = pool.ImportTimelineFromFile(path, {"timelineName": "read"})
    graph = read.GetItemListInTrack("video", 1)[0].GetNodeGraph()
    assert (graph.GetNumNodes(), graph.GetToolsInNode(1)) == (1, None)


ALE = """\
Heading
FIELD_DELIM|TABS
VIDEO_FORMAT|1080
AUDIO_FORMAT|48khz
FPS|24

Column
Name|Tracks|Start|End|Duration|Tape|FPS|Source File|Source File Path|Color|ASC_SOP|ASC_SAT

Data
clip.mov|V1|10:00:00:20|10:00:02:12|00:00:01:16|A001_C002 x|24|clip.mov|/media/clip.mov|Lime||
clip.mov|V1|10:00:04:04|10:00:05:00|00:00:00:20|A001_C002 x|24|clip.mov|/media/clip.mov||{sop}|0.800000
clip.mov|V1|10:00:02:02|10:00:03:08|00:00:01:06|A001_C002 x|24|clip.mov|/media/clip.mov|||
""".replace("{sop}", "(1.100000 1.000000 0.900000)(0.000000 0.000000 0.010000)(1.000000 1.000000 1.000000)").replace(
    "|", "\t"
)


def test_an_avid_log(resolve: Any, cut: Any, tmp_path: Path) -> None:
    """The source timecodes of each picture, worked out by hand; with the columns of CDLs, and without them."""
    first, second = cut.GetItemListInTrack("video", 1)[:2]
    first.SetClipColor("Lime")
    cdl = {"NodeIndex": "1", "Slope": "1.1 1 0.9", "Offset": "0 0 0.01", "Power": "1 1 1", "Saturation": "0.8"}
    assert second.SetCDL(cdl), failure.last()
    path = tmp_path / "cut.ale"
    assert cut.Export(str(path), resolve.EXPORT_ALE_CDL), failure.last()
    assert path.read_text() == ALE
    assert cut.Export(str(path), resolve.EXPORT_ALE), failure.last()
    assert "ASC_SOP" not in path.read_text()


def shape(timeline: Any) -> list[tuple[Any, ...]]:
    """Type, place, length, source frames and speed of what stands on the picture track."""
    return [
        (item.GetType(), item.GetStart(), item.GetDuration(), item.GetSourceStartFrame(), item.GetSourceEndFrame(),
         item.GetSpeed()["Percentage"])
        for item in timeline.GetItemListInTrack("video", 1)
    ]  # fmt: skip


def test_a_list_that_was_written_is_read_again(resolve: Any, project: Any, pool: Any, cut: Any, tmp_path: Path) -> None:
    """Places, lengths, source frames, the speed and the dissolve are as they were."""
    path = str(tmp_path / "cut.edl")
    assert cut.Export(path, resolve.EXPORT_EDL, resolve.EXPORT_NONE)
    read = pool.ImportTimelineFromFile(path, {"timelineName": "read"})
    assert read, failure.last()
    assert (read.GetName(), read.GetStartTimecode()) == ("read", "01:00:00:00")
    assert project.GetCurrentTimeline().GetName() == "read"
    assert shape(read) == shape(cut)


@pytest.mark.parametrize("rate", RATES)
def test_a_list_comes_back_at_every_rate(resolve: Any, project: Any, tmp_path: Path, rate: str) -> None:
    """The first picture track and the sounds, with start, retimes, dissolve, links and marker; what the list has no
    place for is said."""
    made = rich_timeline(project, rate, other_rates=False)
    path = tmp_path / "cut.edl"
    assert made.Export(str(path), resolve.EXPORT_EDL), failure.last()
    assert failure.last() == "the file is written, without 2 items of upper picture tracks"
    again = exchanged(resolve, project, made, "EXPORT_EDL", path)
    kept = [row for row in whole(made)["items"] if row[:2] != ("video", 2)]
    assert whole(again)["items"] == kept
    assert whole(again)["clock"] == whole(made)["clock"]
    assert whole(again)["links"] == whole(made)["links"]
    assert list(again.GetMarkers()) == list(made.GetMarkers())


WRITTEN_ELSEWHERE = """\
TITLE: elsewhere
FCM: NON-DROP FRAME
001  AX       B     C        00:00:00:10 00:00:01:10 02:00:00:00 02:00:01:00
* FROM CLIP NAME: sounding.mov
002  BL       V     C        00:00:00:00 00:00:01:00 02:00:01:00 02:00:02:00
003  AX       AA/V  C        00:00:00:00 00:00:00:12 02:00:02:00 02:00:02:12
* FROM CLIP NAME: sounding.mov
M2   AX       -24.0                00:00:00:00
"""


def test_a_list_of_another_program(pool: Any, clip: Any, tmp_path: Path) -> None:
    """Picture with sound on one line, black, two sound channels, and a reversed event."""
    clip.SetClipProperty("Clip Name", "sounding.mov")
    path = tmp_path / "elsewhere.edl"
    path.write_text(WRITTEN_ELSEWHERE.replace("\n", "\r\n"))
    read = pool.ImportTimelineFromFile(str(path))
    assert read, failure.last()
    start = read.GetStartFrame()
    assert (read.GetName(), read.GetStartTimecode()) == ("elsewhere", "02:00:00:00")
    assert shape(read) == [("video", start, 24, 10, 33, 100.0), ("video", start + 48, 12, 11, 0, -100.0)]
    assert [len(read.GetItemListInTrack("audio", track)) for track in (1, 2)] == [2, 1]


def test_lines_that_cannot_be_read_are_told(pool: Any, clip: Any, tmp_path: Path) -> None:
    """A damaged event is left out, and the reason of the call says that one is."""
    clip.SetClipProperty("Clip Name", "sounding.mov")
    path = tmp_path / "torn.edl"
    path.write_text(WRITTEN_ELSEWHERE.replace("02:00:01:00\n*", "02:00:01:0\n*"))
    read = pool.ImportTimelineFromFile(str(path))
    assert failure.last() == "the timeline was read, without 1 lines that begin as events and are none"
    assert len(read.GetItemListInTrack("video", 1)) == 1


@pytest.mark.parametrize(
    ("old", "new"), [("sounding.mov", "gone.mov"), ("02:00:02:12", "02:00:09:12"), ("00:00:00:10", "00:00:09:10")]
)
def test_what_has_no_clip_is_offline(pool: Any, clip: Any, tmp_path: Path, old: str, new: str) -> None:
    """A name that the media pool does not have, and frames that the clip of the name does not have: the places stay,
    the media are missing, and the reason says whose."""
    clip.SetClipProperty("Clip Name", "sounding.mov")
    path = tmp_path / "gone.edl"
    path.write_text(WRITTEN_ELSEWHERE.replace(old, new))
    read = pool.ImportTimelineFromFile(str(path))
    assert "no media was found for" in str(failure.last())
    items = read.GetItemListInTrack("video", 1)
    assert [item.GetStart() - read.GetStartFrame() for item in items] == [0, 48]
    assert {item.GetMediaPoolItem().GetClipProperty("Online Status") for item in items} == {"Offline"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello", "holds no event"),
        (WRITTEN_ELSEWHERE.replace(" C  ", " W001  "), "wipes"),
        (WRITTEN_ELSEWHERE.replace("02:00:02:00 ", "02:00:00:12 "), "overlaps"),
        (WRITTEN_ELSEWHERE.replace("00:00:00:10", "00:00:00:30"), "outside"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(
    project: Any, pool: Any, clip: Any, tmp_path: Path, text: str, reason: str
) -> None:
    """None, the reason, and no timeline."""
    clip.SetClipProperty("Clip Name", "sounding.mov")
    path = tmp_path / "bad.edl"
    path.write_text(text)
    assert pool.ImportTimelineFromFile(str(path)) is None
    assert reason in str(failure.last())
    assert project.GetTimelineCount() == 0
