"""Timelines as Final Cut Pro X's XML: what comes back is what was written, and what does not is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from exchanged import RATES, exchanged, rich_timeline, shape

from resolve_engine import failure

SAID = "the file is written, without 1 markers of the timeline, 1 clip colours, 1 colours of markers"


@pytest.mark.parametrize("rate", RATES)
def test_a_timeline_comes_back_as_it_was(resolve: Any, project: Any, tmp_path: Path, rate: str) -> None:
    """Tracks, places, source frames, speeds, dissolve, links and start timecode; of the looks all but colours."""
    made = rich_timeline(project, rate)
    assert made.Export(str(tmp_path / "said"), resolve.EXPORT_FCPXML_1_10, resolve.EXPORT_NONE)
    assert failure.last() == SAID
    again = exchanged(resolve, project, made, "EXPORT_FCPXML_1_10", tmp_path / "cut.fcpxml")
    assert shape(again, "clock", "tracks", "items", "links") == shape(made, "clock", "tracks", "items", "links")
    wanted = [(enabled, values) for _, enabled, _, values in shape(made, "looks")["looks"]]
    assert [(enabled, values) for _, enabled, _, values in shape(again, "looks")["looks"]] == wanted


def test_versions_and_folders(resolve: Any, timeline: Any, pool: Any, tmp_path: Path) -> None:
    """1.8 names media at the asset, later ones in a part of their own; 1.10 is a folder that is never written over, and
    its path alone is no file to import."""
    for version, kind in (("1.8", "EXPORT_FCPXML_1_8"), ("1.9", "EXPORT_FCPXML_1_9")):
        path = tmp_path / f"{version}.fcpxml"
        assert timeline.Export(str(path), getattr(resolve, kind)), failure.last()
        text = path.read_text()
        assert f'<fcpxml version="{version}">' in text
        assert ("<media-rep" in text) == (version != "1.8")
        read = pool.ImportTimelineFromFile(str(path), {"timelineName": version, "importSourceClips": False})
        assert shape(read, "items", "links") == shape(timeline, "items", "links")
    folder = tmp_path / "bundle"
    assert timeline.Export(str(folder), resolve.EXPORT_FCPXML_1_10), failure.last()
    assert [one.name for one in folder.iterdir()] == ["Info.fcpxml"]
    assert timeline.Export(str(folder), resolve.EXPORT_FCPXML_1_10) is False
    assert "exists already" in str(failure.last())
    assert pool.ImportTimelineFromFile(str(folder)) is None
    assert "name the file in it" in str(failure.last())


ELSEWHERE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.9"><resources>
 <format id="r1" frameDuration="1001/30000s" width="1920" height="1080"/>
 <asset id="r2" name="film" start="0s" duration="30030/1000s" hasVideo="1" hasAudio="1" audioSources="1"
  audioChannels="2" audioRate="48k" format="r1" src="file:///m/film%20a.mov"/>
</resources><library><event><project name="elsewhere"><sequence format="r1" tcStart="3603600/1000s" tcFormat="DF">
 <spine>
  <asset-clip ref="r2" name="one" offset="3603600/1000s" start="10010/30000s" duration="60060/30000s">
   <asset-clip ref="r2" lane="1" name="over" offset="20020/30000s" start="0s" duration="10010/30000s"
     srcEnable="video"/>
   <asset-clip ref="r2" lane="-1" name="under" offset="10010/30000s" start="30030/30000s" duration="10010/30000s"
     srcEnable="audio" audioRole="effects"><adjust-volume amount="-6dB"/></asset-clip>
   <marker start="40040/30000s" duration="1001/30000s" value="here"/>
  </asset-clip>
  <gap name="Gap" duration="30030/30000s" start="3600s">
   <spine lane="2" offset="3600s"><asset-clip ref="r2" name="story" start="0s" duration="15015/30000s"/></spine>
  </gap>
  <asset-clip ref="r2" name="two" start="60060/30000s" duration="30030/30000s">
   <timeMap><timept time="0s" value="0s" interp="linear"/><timept time="10010/1000s" value="20020/1000s"/></timeMap>
   <filter-video ref="r9" name="Gaussian"/>
  </asset-clip>
 </spine></sequence></project></event></library></fcpxml>
"""


def test_a_file_of_another_program(project: Any, pool: Any, tmp_path: Path) -> None:
    """Clips on lanes, a storyline beside the spine, a map that counts from nothing, sound on the next free track."""
    path = tmp_path / "elsewhere.fcpxml"
    path.write_text(ELSEWHERE)
    read = pool.ImportTimelineFromFile(str(path))
    assert failure.last() == (
        "the timeline was read, without the filter Gaussian; no media was found for 'film'; its items are offline"
    )
    assert (read.GetName(), read.GetStartTimecode()) == ("elsewhere", "01:00:03;18")
    start = read.GetStartFrame()

    def track(kind: str, number: int) -> list[tuple[Any, ...]]:
        return [
            (item.GetName(), item.GetStart() - start, item.GetDuration(), item.GetSourceStartFrame(),
             item.GetSpeed()["Percentage"])
            for item in read.GetItemListInTrack(kind, number) or []
        ]  # fmt: skip

    assert track("video", 1) == [("one", 0, 60, 10, 100.0), ("two", 90, 30, 120, 200.0)]
    assert track("video", 2) == [("over", 10, 10, 0, 100.0)]
    assert track("video", 3) == [("story", 60, 15, 0, 100.0)]
    assert track("audio", 1) == [
        ("one", 0, 60, 10, 100.0), ("story", 60, 15, 0, 100.0), ("two", 90, 30, 120, 200.0),
    ]  # fmt: skip
    assert track("audio", 2) == [("under", 0, 10, 30, 100.0)]
    assert read.GetItemListInTrack("audio", 2)[0].GetProperty("AudioVolume") == -6.0
    first = read.GetItemListInTrack("video", 1)[0]
    assert [(frame, one["name"]) for frame, one in first.GetMarkers().items()] == [(30.0, "here")]
    assert first.GetMediaPoolItem().GetClipProperty("Online Status") == "Offline"


def test_a_sequence_without_clips_is_an_empty_timeline(pool: Any, tmp_path: Path) -> None:
    """Programs empty such a file to get a timeline of their film's own rate, and fill it with AppendToTimeline."""
    sequence = '<sequence format="r1" tcStart="0s" duration="4s" tcFormat="NDF" />'
    path = tmp_path / "bare.fcpxml"
    path.write_text(
        '<fcpxml version="1.11"><resources><format id="r1" frameDuration="1/25s" /></resources>'
        f'<library><event name="e"><project name="p">{sequence}</project></event></library></fcpxml>'
    )
    made = pool.ImportTimelineFromFile(str(path), {"timelineName": "bare", "importSourceClips": False})
    assert made, failure.last()
    assert (made.GetSetting("timelineFrameRate"), made.GetStartTimecode()) == (25.0, "00:00:00:00")
    assert (made.GetEndFrame(), made.GetTrackCount("video"), made.GetItemListInTrack("video", 1)) == (0, 1, None)
