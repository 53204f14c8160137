"""Timelines as Final Cut Pro 7 XML: what comes back is what was written, and an independent reader agrees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import opentimelineio
import pytest
from clips import add_clip
from exchanged import RATES, exchanged, rich_timeline, shape

from resolve_engine import failure


@pytest.mark.parametrize("rate", RATES)
def test_a_timeline_comes_back_as_it_was(resolve: Any, project: Any, tmp_path: Path, rate: str) -> None:
    """Tracks, places, source frames, speeds, dissolve, links, looks, markers and start timecode."""
    made = rich_timeline(project, rate)
    again = exchanged(resolve, project, made, "EXPORT_FCP_7_XML", tmp_path / "cut.xml")
    assert failure.last() is None
    assert shape(again) == shape(made)


@pytest.mark.parametrize("rate", ["23.976", "25", "59.94 DF"])
def test_another_reader_finds_the_same(resolve: Any, project: Any, tmp_path: Path, rate: str) -> None:
    """OpenTimelineIO's own adapter: the start, the tracks, and where every clip stands."""
    made = rich_timeline(project, rate, other_rates=False)
    path = tmp_path / "cut.xml"
    assert made.Export(str(path), resolve.EXPORT_FCP_7_XML), failure.last()
    read = opentimelineio.adapters.read_from_file(str(path), "fcp_xml")
    if isinstance(read, opentimelineio.schema.SerializableCollection):
        read = read[0]
    assert round(read.global_start_time.value) == made.GetStartFrame()
    for kind, tracks in (("video", read.video_tracks()), ("audio", read.audio_tracks())):
        assert len(tracks) == made.GetTrackCount(kind)
        for number, track in enumerate(tracks, 1):
            wanted = [
                (item.GetStart() - made.GetStartFrame(), item.GetDuration())
                for item in made.GetItemListInTrack(kind, number)
                if item.GetType() != "transition"
            ]
            ranges = [clip.range_in_parent() for clip in track.find_clips()]
            assert [(round(one.start_time.value), round(one.duration.value)) for one in ranges] == wanted


ELSEWHERE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xmeml>
<xmeml version="4"><project><name>p</name><children><sequence id="s">
 <name>from elsewhere</name><rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate>
 <timecode><rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate><string>01;00;00;00</string>
  <frame>107892</frame><displayformat>DF</displayformat></timecode>
 <media>
  <video><format><samplecharacteristics><width>1280</width><height>720</height></samplecharacteristics></format>
  <track>
   <clipitem id="a"><name>one</name><rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate><start>0</start><end>-1</end>
    <in>10</in><out>75</out><file id="f"><name>film.mov</name><pathurl>file:///m/film%20a.mov</pathurl>
    <rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate><duration>900</duration>
    <media><video/><audio><channelcount>2</channelcount></audio></media></file>
    <link><linkclipref>a</linkclipref></link><link><linkclipref>s1</linkclipref></link>
    <link><linkclipref>s2</linkclipref></link></clipitem>
   <transitionitem><start>55</start><end>65</end><alignment>center</alignment>
    <effect><name>Dip to Color</name></effect></transitionitem>
   <clipitem id="b"><name>two</name><rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate><start>-1</start><end>120</end>
    <in>200</in><out>265</out><file id="f"/>
    <filter><effect><effectid>glow</effectid><name>Glow</name></effect></filter></clipitem>
   <enabled>TRUE</enabled><locked>FALSE</locked></track></video>
  <audio>
   <track><clipitem id="s1"><name>one</name><start>0</start><end>60</end><in>10</in><out>70</out><file id="f"/>
    <sourcetrack><mediatype>audio</mediatype><trackindex>1</trackindex></sourcetrack></clipitem></track>
   <track><clipitem id="s2"><name>one</name><start>0</start><end>60</end><in>10</in><out>70</out><file id="f"/>
    <sourcetrack><mediatype>audio</mediatype><trackindex>2</trackindex></sourcetrack></clipitem></track>
  </audio></media></sequence></children></project></xmeml>
"""


def test_a_file_of_another_program(project: Any, pool: Any, tmp_path: Path) -> None:
    """Edges under a transition, files named again, drop-frame, one channel to a track; what is left out is said. The
    timeline has the file's rate in a project of another one."""
    path = tmp_path / "elsewhere.xml"
    path.write_text(ELSEWHERE)
    clip = add_clip(path="/m/film a.mov", rate=(30000, 1001), frames=900, channels=(2,))
    read = pool.ImportTimelineFromFile(str(path), {"importSourceClips": False})
    assert read, failure.last()
    assert failure.last() == "the timeline was read, without the filter Glow"
    assert (read.GetName(), read.GetStartTimecode(), read.GetSetting("timelineFrameRate")) == (
        "from elsewhere", "01:00:00;00", 29.97,
    )  # fmt: skip
    start = read.GetStartFrame()
    first, dissolve, second = read.GetItemListInTrack("video", 1)
    assert [one.GetMediaPoolItem().GetUniqueId() for one in (first, second)] == [clip.GetUniqueId()] * 2
    assert [(one.GetStart() - start, one.GetDuration()) for one in (first, dissolve, second)] == [
        (0, 60), (55, 10), (60, 60),
    ]  # fmt: skip
    assert [one.GetSourceStartFrame() for one in (first, second)] == [10, 205]
    assert dissolve.GetName() == "Cross Dissolve"
    sounds = [read.GetItemListInTrack("audio", number)[0] for number in (1, 2)]
    assert [one.GetUniqueId() for one in first.GetLinkedItems()] == [one.GetUniqueId() for one in sounds]
    mappings = [json.loads(one.GetSourceAudioChannelMapping())["track_mapping"]["1"] for one in sounds]
    assert [mapping["channel_idx"] for mapping in mappings] == [[1], [2]]


def test_what_the_form_has_no_place_for_is_said(resolve: Any, project: Any, tmp_path: Path) -> None:
    """The file is written all the same; the reason of the call names what is not in it."""
    made = rich_timeline(project, other_rates=False)
    first = made.GetItemListInTrack("video", 1)[0]
    assert first.SetProperty("FlipX", True)
    assert first.SetFades({"FadeIn": 5}), failure.last()
    assert made.Export(str(tmp_path / "cut.xml"), resolve.EXPORT_FCP_7_XML)
    assert failure.last() == "the file is written, without 1 inspector values, 1 fades"
