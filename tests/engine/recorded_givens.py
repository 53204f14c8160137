"""What the recorded cases start from, and the words that their lines use."""

from __future__ import annotations

import json
import os
import shutil
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import add_clip
from generate import film
from rendering import finish

from resolve_engine.api import application
from resolve_engine.remote import PyRemoteObject

CUT_RANGES = [("clip1", 0, 191), ("clip2", 24, 71), ("clip1", 48, 95), ("clip2", 0, 191)]
CUT = [
    [1, 86400, 191, 0, "rt_source_1.mov"],
    [1, 86591, 47, 24, "rt_source_2.mov"],
    [1, 86638, 47, 48, "rt_source_1.mov"],
    [1, 86685, 191, 0, "rt_source_2.mov"],
]
"""Track, start, duration, left offset and source of each item of the reference cut."""
RICH = [*CUT[:3], [2, 86496, 47, 0, "rt_source_2.mov"]]
UNTOUCHED = {
    "Pan": 0.0, "Tilt": 0.0, "ZoomX": 1.0, "ZoomY": 1.0, "ZoomGang": True, "RotationAngle": 0.0,
    "AnchorPointX": 0.0, "AnchorPointY": 0.0, "Pitch": 0.0, "Yaw": 0.0, "FlipX": False, "FlipY": False,
    "CropLeft": 0.0, "CropRight": 0.0, "CropTop": 0.0, "CropBottom": 0.0, "CropSoftness": 0.0, "CropRetain": False,
    "DynamicZoomEase": 0, "CompositeMode": 0, "Opacity": 100.0, "Distortion": 0.0, "RetimeProcess": 0,
    "MotionEstimation": 0, "Scaling": 0, "ResizeFilter": 0,
}  # fmt: skip
TRANSFORM = {"ZoomX": 1.35, "Pan": 96.0, "RotationAngle": 12.0, "CropLeft": 40.0, "FlipX": True}
RENDER_LIMIT_S = 60.0
"""A render of 47 small frames takes about a second; one that takes this long hangs."""


def make_media(folder: Path) -> None:
    """The films that real cases import, once for all of them."""
    film(folder / "probe_source.mov", size=(640, 360), sound="tone", channels=1)
    for number in (1, 2):
        film(folder / f"rt_source_{number}.mov", frames=192, timecode="01:00:00:00", sound="tone", channels=1)
    film(folder / "pixel.mov", size=(640, 360))
    film(folder / "still.png", frames=1, codec="png", pixel_format="rgb24", muxer="image2", options={})


class World:
    """One case's application and the variables that its lines read and write."""

    def __init__(self, resolve: Any, media: Path, scratch: Path) -> None:
        self.media = media
        self.scratch = scratch
        self.names: dict[str, Any] = {
            "resolve": resolve, "pm": resolve.GetProjectManager(), "storage": resolve.GetMediaStorage(),
            "CUT": CUT, "RICH": RICH, "CUT_RANGES": CUT_RANGES, "UNTOUCHED": UNTOUCHED, "media": str(media),
            "path": self.path, "rows": rows, "linked": linked, "tracks": tracks, "transform": transform,
            "colors": colors, "flags": flags, "markers": markers, "approx": pytest.approx, "append": self.append,
            "loads": json.loads, "listdir": os.listdir, "isdir": os.path.isdir, "rendered": self.rendered,
            "picture": self.picture, "write_lut": self.write_lut, "cdl": cdl, "exported": self.exported,
            "queue": self.queue, "finished": self.finished, "fresh_project": self.fresh_project,
            "move_media": self.move_media, "place": self.place, "grab_drx": self.grab_drx,
            "non_empty": lambda name: (scratch / name).stat().st_size > 0,
            "absent": lambda name: not (scratch / name).exists(),
            "reversed_otio": self.reversed_otio,
            "empty_folder": lambda name: os.listdir(scratch / name) == [],
        }  # fmt: skip

    def __getitem__(self, name: str) -> Any:
        return self.names[name]

    def path(self, name: str) -> str:
        """A place in the case's own folder; folders are made, as the recordings had them."""
        if "." not in name:
            (self.scratch / name).mkdir(exist_ok=True)
        return str(self.scratch / name)

    def keep(self, **names: Any) -> None:
        """Variables for the lines."""
        self.names.update(names)

    def open(self, name: str = "PROBE") -> None:
        """A fresh project at 24 frames a second, on the edit page."""
        project = self["pm"].CreateProject(name)
        self["resolve"].OpenPage("edit")
        pool = project.GetMediaPool()
        self.keep(project=project, project_name=name, pool=pool, root=pool.GetRootFolder())

    def imported(self, name: str) -> Any:
        """A clip of one of the films."""
        (clip,) = self["pool"].ImportMedia([str(self.media / name)])
        return clip

    def append(self, ranges: list[tuple[str, int, int]]) -> list[Any]:
        """Stretches of clips, one after the other."""
        infos = [{"mediaPoolItem": self[c], "startFrame": first, "endFrame": after} for c, first, after in ranges]
        answer: list[Any] = self["pool"].AppendToTimeline(infos)
        return answer

    def place(self, frame: int) -> Any:
        """The long clip from a frame on, on a new timeline."""
        self["pool"].CreateEmptyTimeline(f"from {frame}")
        info = {"mediaPoolItem": self["clip"], "startFrame": frame, "endFrame": frame + 240}
        return self["pool"].AppendToTimeline([info])[0]

    def rendered(self) -> int:
        """How many frames the current timeline renders to; small ones, which are as many."""
        project, target = self["project"], self.scratch / "rendered"
        target.mkdir(exist_ok=True)
        project.SetCurrentRenderFormatAndCodec("mov", "ProRes422HQ")
        size = {"FormatWidth": 320, "FormatHeight": 180}
        project.SetRenderSettings({"TargetDir": str(target), "CustomName": f"r{len(os.listdir(target))}", **size})
        job = project.AddRenderJob()
        assert project.StartRendering([job])
        assert finish(project, job, RENDER_LIMIT_S)["JobStatus"] == "Complete"
        (clip,) = self["pool"].ImportMedia([str(max(target.iterdir(), key=os.path.getmtime))])
        return int(clip.GetClipProperty("Frames"))

    def exported(self, name: str, kind: str, subtype: str = "NONE") -> bool:
        """Whether the timeline was written to a file as one of the EXPORT_ constants."""
        resolve = self["resolve"]
        kinds = (
            getattr(resolve, f"EXPORT_{word}") for word in (kind, "NONE" if subtype == "NONE" else f"AAF_{subtype}")
        )
        return bool(self["timeline"].Export(str(self.scratch / name), *kinds))

    def queue(self, **settings: Any) -> str:
        """A job of the current timeline in ProRes 422 HQ, to `a.mov` in the folder `out`."""
        self["project"].SetCurrentRenderFormatAndCodec("mov", "ProRes422HQ")
        self["project"].SetRenderSettings({"TargetDir": self.path("out"), "CustomName": "a", **settings})
        job: str = self["project"].AddRenderJob()
        return job

    def finished(self, job: str) -> dict[str, Any]:
        """The status of a started job when it has ended."""
        return finish(self["project"], job, RENDER_LIMIT_S)

    def picture(self) -> bytes:
        """The frame in the middle of the timeline."""
        self["timeline"].SetCurrentTimecode("01:00:01:00")
        path = self.scratch / "frame.png"
        assert self["project"].ExportCurrentFrameAsStill(str(path))
        return path.read_bytes()

    def grab_drx(self) -> str:
        """The grade of the item at the start of the timeline, as a file."""
        self["timeline"].SetCurrentTimecode("01:00:00:00")
        still = self["timeline"].GrabStill()
        album = self["project"].GetGallery().GetCurrentStillAlbum()
        assert album.ExportStills([still], str(self.scratch), "grade", "drx")
        (path,) = self.scratch.glob("grade_*.drx")
        return str(path)

    def write_lut(self, name: str) -> None:
        """A LUT that swaps two channels, below the master LUT folder."""
        path = application.start().home / "LUT" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{g} {r} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1)]
        path.write_text("LUT_3D_SIZE 2\n" + "\n".join(lines) + "\n", encoding="utf-8")

    def reversed_otio(self, name: str) -> str:
        """An OTIO file with every clip played backwards."""
        path = self.scratch / name
        data = json.loads(path.read_text(encoding="utf-8"))
        backwards = {"OTIO_SCHEMA": "LinearTimeWarp.1", "effect_name": "LinearTimeWarp", "time_scalar": -1.0}
        for clip in (one for track in data["tracks"]["children"] for one in track["children"]):
            clip["effects"] = [backwards]
        path.write_text(json.dumps(data), encoding="utf-8")
        return str(path)

    def move_media(self) -> str:
        """The media of a project gone to another folder."""
        moved = self.scratch / "moved_media"
        shutil.move(self.media, moved)
        return str(moved)

    def fresh_project(self) -> Any:
        """Another project; its pool."""
        self.open("FRESH")
        return self["pool"]


def cdl(item: Any, slope: str) -> Any:
    """The item's first node multiplies red, green and blue."""
    neutral = {"Offset": "0 0 0", "Power": "1 1 1", "Saturation": "1"}
    return item.SetCDL({"NodeIndex": "1", "Slope": slope, **neutral})


def rows(timeline: Any) -> list[list[Any]]:
    """Track, start, duration, left offset and source name of every picture item."""
    return [
        [n, item.GetStart(), item.GetDuration(), item.GetLeftOffset(), item.GetMediaPoolItem().GetName()]
        for n in range(1, timeline.GetTrackCount("video") + 1)
        for item in timeline.GetItemListInTrack("video", n) or []
    ]


def _items(timeline: Any) -> list[Any]:
    count = timeline.GetTrackCount("video")
    return [item for n in range(1, count + 1) for item in timeline.GetItemListInTrack("video", n) or []]


def linked(timeline: Any) -> tuple[int, int]:
    """How many picture items have a clip that is online, and how many have not."""
    clips = [item.GetMediaPoolItem() for item in _items(timeline)]
    online = sum(clip is not None and clip.GetClipProperty("Online Status") == "Online" for clip in clips)
    return online, len(clips) - online


def tracks(timeline: Any) -> tuple[int, int, int]:
    """Picture tracks, sound tracks, and items on the first sound track."""
    count = timeline.GetTrackCount
    return count("video"), count("audio"), len(timeline.GetItemListInTrack("audio", 1))


def transform(timeline: Any) -> dict[str, Any]:
    """The transform of the second picture item."""
    return {key: _items(timeline)[1].GetProperty(key) for key in TRANSFORM}


def colors(timeline: Any) -> list[str]:
    """The colours of the picture items."""
    return [item.GetClipColor() for item in _items(timeline)]


def flags(timeline: Any) -> list[list[str]]:
    """The flags of the picture items."""
    return [item.GetFlagList() for item in _items(timeline)]


def markers(timeline: Any) -> tuple[list[int], int]:
    """How many markers each picture item has, and the timeline."""
    return [len(item.GetMarkers()) for item in _items(timeline)], len(timeline.GetMarkers())


def probe(world: World) -> None:
    """One 48-frame clip with mono sound, and a timeline made from it."""
    world.open()
    clip = world.imported("probe_source.mov")
    timeline = world["pool"].CreateTimelineFromClips("PROBE_TL", [clip])
    world.keep(clip=clip, timeline=timeline, item=timeline.GetItemListInTrack("video", 1)[0])


def layout(world: World) -> None:
    """The same, and a window layout saved."""
    probe(world)
    assert world["resolve"].SaveLayoutPreset("PROBE_LAYOUT")


def stale_clip(world: World) -> None:
    """The clip's handle is older than a close and a load."""
    probe(world)
    world["pm"].SaveProject()
    world["pm"].CloseProject(world["project"])
    project = world["pm"].LoadProject("PROBE")
    timeline = project.GetCurrentTimeline()
    item = timeline.GetItemListInTrack("video", 1)[0]
    world.keep(project=project, pool=project.GetMediaPool(), timeline=timeline, item=item)


def stale_project(world: World) -> None:
    """All handles are older than other projects being opened and closed."""
    probe(world)
    pm = world["pm"]
    for name in ("other", "another"):
        pm.CreateProject(name)
    pm.CloseProject(pm.GetCurrentProject())
    assert pm.LoadProject("PROBE")


def cut(world: World) -> None:
    """Two clips of 192 frames and an empty timeline."""
    world.open()
    clips = {f"clip{n}": world.imported(f"rt_source_{n}.mov") for n in (1, 2)}
    world.keep(timeline=world["pool"].CreateEmptyTimeline("cut"), **clips)


def made_cut(world: World) -> None:
    """The reference cut."""
    cut(world)
    world.append(CUT_RANGES)


def rich(world: World) -> None:
    """Two tracks, a transform, a colour, a flag and markers."""
    cut(world)
    world.append(CUT_RANGES[:3])
    upper = {"mediaPoolItem": world["clip2"], "startFrame": 0, "endFrame": 47, "trackIndex": 2, "mediaType": 1}
    world["pool"].AppendToTimeline([{**upper, "recordFrame": 86496}])
    items = world["timeline"].GetItemListInTrack("video", 1)
    for key, value in TRANSFORM.items():
        items[1].SetProperty(key, value)
    items[0].SetClipColor("Orange")
    items[2].AddFlag("Blue")
    items[0].AddMarker(1, "Blue", "RRM", "note", 1)
    world["timeline"].AddMarker(5, "Green", "RRTL", "note", 1)


def pixel(world: World) -> None:
    """All but the last of 48 frames; smaller than the 1280 x 720 of the recordings, as nothing here depends on it."""
    world.open()
    timeline = world["pool"].CreateEmptyTimeline("pixel")
    world.keep(timeline=timeline, clip=world.imported("pixel.mov"))
    world.keep(item=world.append([("clip", 0, 47)])[0])
    world.keep(plain=world.picture())


def still(world: World) -> None:
    """One picture, and an empty timeline."""
    world.open()
    world.keep(timeline=world["pool"].CreateEmptyTimeline("still"), still=world.imported("still.png"))


def eight_channels(world: World) -> None:
    """A clip with eight streams of one channel."""
    world.open()
    world.keep(clip=add_clip(channels=(1,) * 8))


def long_clip(world: World) -> None:
    """69952 frames at 23.976, in a project of that rate."""
    world.open()
    world["project"].SetSetting("timelineFrameRate", "23.976")
    world.keep(clip=add_clip(rate=(24000, 1001), frames=69952))


def wavs(world: World) -> None:
    """400 s of sound, imported in a project of 24 and of 29.97 frames a second."""
    world.open()
    for name, rate in (("at_24", "24"), ("at_29_97", "29.97")):
        world["project"].SetSetting("timelineFrameRate", rate)
        world.keep(**{name: add_clip(path=f"/m/{name}.wav", kind="audio", seconds=400.0)})


def timecoded(world: World) -> None:
    """A 29.97 clip with a drop-frame start and one that starts at 0, in a project of 24."""
    world.open()
    facts: dict[str, Any] = {"rate": (30000, 1001), "frames": 900}
    zero, started = add_clip(path="/m/zero.mov", **facts), add_clip(start_timecode="04:18:37;25", **facts)
    world.keep(timeline=world["pool"].CreateEmptyTimeline("t"), timecoded=started, zero=zero)


def speech(world: World) -> None:
    """Something that sounds; the engine knows no speech from other sound."""
    world.open()
    path = world.scratch / "speech.wav"
    samples = numpy.random.default_rng(1).normal(0, 3000, 48000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    world.keep(clip=world["pool"].ImportMedia([str(path)])[0])


GIVENS: dict[str, Callable[[World], None]] = {
    function.__name__: function
    for function in (
        probe, layout, stale_clip, stale_project, cut, made_cut, rich, pixel, still, eight_channels, long_clip, wavs,
        timecoded, speech,
    )
}  # fmt: skip
GIVENS["untitled"] = lambda world: None
"""Where a case starts, by the word in its `given`."""

__all__ = ["GIVENS", "PyRemoteObject", "World", "make_media"]
