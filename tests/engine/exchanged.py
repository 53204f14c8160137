"""Timelines that are written to files and read again, and what is compared of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clips import add_clip

from resolve_engine import failure, timecode
from resolve_engine.remote import PyRemoteObject

RATES = ["23.976", "24", "25", "29.97", "29.97 DF", "30", "50", "59.94", "59.94 DF"]
STARTS = {"29.97 DF": "00:58:59:20", "59.94 DF": "09:59:00;04"}
"""Starts of timelines; an hour where none is named. These two lie where drop-frame timecode skips numbers."""


def at(
    place: tuple[Any, Any], clip: Any, first: int, after: int, record: int, track: int = 1, media: int | None = None
) -> Any:
    """A stretch of a clip at a frame, counted from the start of a timeline of a pool."""
    media_pool, timeline = place
    info = {"mediaPoolItem": clip, "startFrame": first, "endFrame": after, "trackIndex": track,
            "recordFrame": timeline.GetStartFrame() + record}  # fmt: skip
    if media is not None:
        info["mediaType"] = media
    (item,) = media_pool.AppendToTimeline([info])
    assert item, failure.last()
    return item


def rich_timeline(project: Any, rate: str = "24", other_rates: bool = True) -> Any:
    """Two picture tracks and sounds, a gap, a retime, a reversed item, a dissolve, a disabled item, markers, a
    transform, a colour, and clips of several rates and timecodes."""
    project.SetSetting("timelineFrameRate", rate)
    pool = project.GetMediaPool()
    exact = timecode.parse_rate(rate)
    assert exact
    drop = ";" if exact[1] else ":"
    long = add_clip(path="/m/lång [a] & b.mov", frames=2000, rate=exact[0], start_timecode=f"10:00:00{drop}12")
    made = pool.CreateEmptyTimeline("rich & <cut>")
    assert made.SetStartTimecode(STARTS.get(rate, "01:00:00:00"))
    place = (pool, made)
    at(place, long, 100, 148, 0)
    second = at(place, long, 300, 360, 48)
    at(place, long, 700, 730, 108)
    dissolve = {"type": "Cross Dissolve", "category": "simple", "position": "start", "alignment": "center"}
    assert second.AddTransition({**dissolve, "duration": 10}), failure.last()
    fast = at(place, long, 200, 260, 150)
    assert fast.SetSpeed({"Percentage": 50.0, "RippleTimeline": True}), failure.last()
    back = at(place, long, 500, 540, 300)
    assert back.SetSpeed({"Percentage": -100.0}), failure.last()
    upper = at(place, long, 10, 58, 20, track=2, media=1)
    upper.SetProperty({"ZoomX": 1.5, "ZoomY": 1.5, "Pan": 96.0, "Tilt": -54.0, "RotationAngle": 12.0, "CropLeft": 40.0,
                       "Opacity": 50.0})  # fmt: skip
    upper.SetClipColor("Orange")
    upper.AddMarker(3, "Sand", "mark", "a note", 2)
    off = at(place, long, 60, 90, 80, track=2, media=1)
    off.SetClipEnabled(False)
    at(place, long, 1000, 1048, 20, track=2, media=2)
    if other_rates:
        for number, (name, native) in enumerate((("a", (25, 1)), ("b", (24000, 1001)), ("c", (60000, 1001)))):
            other = add_clip(path=f"/m/{name}.mov", frames=600, rate=native, start_timecode="02:00:00:00")
            at(place, other, 50, 100, 400 + 200 * number)
    made.AddMarker(7, "Mint", "timeline mark", "says so", 3)
    return made


def shape(timeline: Any, *parts: str) -> dict[str, Any]:
    """Everything of a timeline that a file can carry, or only the named parts."""
    whole = {
        "clock": lambda: (
            timeline.GetStartTimecode(), timeline.GetSetting("timelineFrameRate"), timeline.GetEndFrame()
        ),
        "markers": timeline.GetMarkers,
        "tracks": lambda: [(kind, timeline.GetTrackCount(kind)) for kind in ("video", "audio")],
        "items": lambda: rows(timeline),
        "links": lambda: links(timeline),
        "looks": lambda: [
            (item.GetClipColor(), item.GetClipEnabled(), item.GetMarkers(),
             {key: round(item.GetProperty(key), 2) for key in LOOKS})
            for item in items(timeline, "video") if item.GetType() != "transition"
        ],
    }  # fmt: skip
    return {part: whole[part]() for part in parts or whole}


LOOKS = ("ZoomX", "ZoomY", "Pan", "Tilt", "RotationAngle", "CropLeft", "Opacity")


def items(timeline: Any, kind: str) -> list[Any]:
    """All items of a kind of track, track by track, transitions too."""
    count = timeline.GetTrackCount(kind)
    return [item for number in range(1, count + 1) for item in timeline.GetItemListInTrack(kind, number) or []]


def rows(timeline: Any) -> list[tuple[Any, ...]]:
    """Track, type, place, source frames and speed of every item."""
    found = []
    for kind in ("video", "audio"):
        for number in range(1, timeline.GetTrackCount(kind) + 1):
            for item in timeline.GetItemListInTrack(kind, number) or []:
                place = (kind, number, item.GetType(), item.GetStart(), item.GetDuration())
                if item.GetType() == "transition":
                    found.append(place)
                    continue
                clip = item.GetMediaPoolItem()
                source = (item.GetSourceStartFrame(), item.GetSourceEndFrame(), item.GetSpeed()["Percentage"])
                found.append((*place, *source, clip.GetClipProperty("File Path") if clip else None))
    return found


def links(timeline: Any) -> list[tuple[Any, ...]]:
    """The places of items that are linked, each group once."""
    groups = set()
    for item in [*items(timeline, "video"), *items(timeline, "audio")]:
        linked = item.GetLinkedItems() if item.GetType() != "transition" else []
        if linked:
            group = [item, *linked]
            groups.add(tuple(sorted((*one.GetTrackTypeAndIndex(), one.GetStart()) for one in group)))
    return sorted(groups)


def exchanged(resolve: Any, project: Any, timeline: Any, kind: str, path: Path, subtype: str = "EXPORT_NONE") -> Any:
    """A timeline after a trip through a file, with the clips of the media pool."""
    assert timeline.Export(str(path), getattr(resolve, kind), getattr(resolve, subtype)), failure.last()
    file = path / "Info.fcpxml" if path.is_dir() else path
    options = {"timelineName": "again", "importSourceClips": False}
    again = project.GetMediaPool().ImportTimelineFromFile(str(file), options)
    assert again, failure.last()
    assert isinstance(again, PyRemoteObject)
    return again
