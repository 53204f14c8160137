"""`Timeline`: its name, its clock and its playhead; tracks, markers and settings stand in the classes it inherits."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.blanking import TimelineBlankingMethods
from resolve_engine.api.labels import MarkMethods
from resolve_engine.api.markers import MarkerMethods
from resolve_engine.api.normalizing import NormalizeMethods
from resolve_engine.api.pictures import item_under_playhead, thumbnail
from resolve_engine.api.timeline_align import AlignMethods
from resolve_engine.api.timeline_captions import CaptionMethods
from resolve_engine.api.timeline_export import ExportMethods
from resolve_engine.api.timeline_import_into import ImportIntoMethods
from resolve_engine.api.timeline_scenes import SceneMethods
from resolve_engine.api.timeline_settings import TimelineSettingMethods
from resolve_engine.api.timeline_stills import StillMethods
from resolve_engine.api.timeline_titles import InsertMethods
from resolve_engine.api.timeline_tracks import TrackMethods
from resolve_engine.api.voice_isolation import TrackVoiceMethods
from resolve_engine.errors import Refusal
from resolve_engine.model import building, compound
from resolve_engine.model.clip import FUSION_CLIP
from resolve_engine.model.item import Item
from resolve_engine.model.timeline import Timeline as Record
from resolve_engine.remote import PyRemoteObject

PLAYHEAD_PAGES = ("cut", "edit", "color", "fairlight", "deliver")
"""The pages with a playhead of the timeline."""


class Timeline(
    MarkerMethods,
    MarkMethods,
    TrackMethods,
    TimelineSettingMethods,
    ExportMethods,
    ImportIntoMethods,
    SceneMethods,
    AlignMethods,
    CaptionMethods,
    StillMethods,
    InsertMethods,
    TimelineBlankingMethods,
    TrackVoiceMethods,
    NormalizeMethods,
):
    """One timeline of the open project."""

    CLASS = "Timeline"

    @property
    def marked(self) -> Record:
        return self.timeline

    @property
    def ranged(self) -> Record:
        return self.timeline

    @property
    def last_frame(self) -> int:
        return arguments.LARGEST_FRAME

    def GetName(self) -> str:
        return self.timeline.name

    def SetName(self, timelineName: Any) -> bool:
        name = timeline_name(timelineName)
        if any(other.name == name and other is not self.timeline for other in self.project.listed_timelines()):
            raise Refusal(f"a timeline named {name!r} exists already")
        self.timeline.name = name
        self.project.clips[self.timeline.clip].name = name
        return True

    def GetUniqueId(self) -> str:
        return self.timeline.id

    def GetMediaPoolItem(self) -> PyRemoteObject:
        return self.handle("MediaPoolItem", self.timeline.clip)

    def GetStartFrame(self) -> int:
        return self.timeline.start

    def GetEndFrame(self) -> int:
        return self.timeline.start + self.timeline.end

    def GetStartTimecode(self) -> str:
        return self.timeline.to_timecode(0)

    def SetStartTimecode(self, timecode: Any) -> bool:
        timeline = self.timeline
        timeline.start += self._frame(timecode)
        return True

    def GetCurrentTimecode(self) -> str:
        self._need_playhead()
        return self.timeline.to_timecode(self.timeline.playhead)

    def SetCurrentTimecode(self, timecode: Any) -> bool:
        self._need_playhead()
        frame = self._frame(timecode)
        if frame < 0:
            raise Refusal(f"{timecode} is before the start of the timeline, {self.GetStartTimecode()}")
        self.timeline.playhead = frame
        return True

    def _need_playhead(self) -> None:
        if self.app.page not in PLAYHEAD_PAGES:
            raise Refusal(f"the {self.app.page} page has no playhead; open one of {', '.join(PLAYHEAD_PAGES)}")

    def _frame(self, timecode: Any) -> int:
        """The frame of a timecode, counted from the timeline's start."""
        try:
            return self.timeline.to_frames(arguments.text(timecode, "the timecode"))
        except ValueError as error:
            raise Refusal(str(error)) from error

    def GetCurrentVideoItem(self) -> PyRemoteObject | None:
        item = item_under_playhead(self.timeline)
        return None if item is None else self.item_handle(item)

    def GetCurrentClipThumbnailImage(self) -> dict[str, Any]:
        """Needs the Color page, as in Resolve. One picture a clip: its first frame, as graded."""
        if self.app.page != "color":
            raise Refusal(f"thumbnails are made on the color page only, and the {self.app.page} page is open")
        item = item_under_playhead(self.timeline)
        if item is None:
            raise Refusal("there is no picture under the playhead")
        width, height, data = thumbnail(self.project, self.timeline, item)
        import base64

        return {"width": width, "height": height, "format": "RGB 8 bit", "data": base64.b64encode(data).decode()}

    def GetNodeGraph(self) -> PyRemoteObject:
        return self.handle("Graph", f"timeline:{self.key}")

    def CreateCompoundClip(self, timelineItems: Any, clipInfo: Any = None) -> PyRemoteObject:
        """The items alone are folded, not what is linked with them. Handles of them are stale afterwards."""
        given = {} if clipInfo is None else arguments.table(clipInfo, "the clip info")
        for key in given:
            if key not in ("name", "startTimecode"):
                raise Refusal(f"{key!r} is no key of the clip info; the keys are name and startTimecode")
        name = self._free_name("Compound Clip")
        if "name" in given:
            name = arguments.text(given["name"], "the name of the compound clip", empty=False)
        start = self._frame(given.get("startTimecode", "00:00:00:00")) + self.timeline.start
        return self.item_handle(compound.fold(self.project, self.timeline, self._folded(timelineItems), name, start))

    def CreateFusionClip(self, timelineItems: Any) -> PyRemoteObject:
        """Like a compound clip, with a composition that merges the pictures over one another."""
        name = self._free_name(FUSION_CLIP)
        items = self._folded(timelineItems)
        return self.item_handle(compound.fold(self.project, self.timeline, items, name, 0, FUSION_CLIP))

    def _free_name(self, stem: str) -> str:
        taken = {clip.name for clip in self.project.clips.values()}
        return next(f"{stem} {n}" for n in range(1, len(taken) + 2) if f"{stem} {n}" not in taken)

    def _folded(self, timelineItems: Any) -> list[Item]:
        items = [item for item in self._items(timelineItems) if item.type != "transition"]
        if not items:
            raise Refusal("a transition alone cannot be folded; give the items at its sides")
        return items

    def DuplicateTimeline(self, timelineName: Any = None) -> PyRemoteObject:
        """The copy lies in the same folder and does not become current."""
        taken = {timeline.name for timeline in self.project.listed_timelines()}
        if timelineName is None or timelineName == "":
            name = next(
                name
                for number in range(1, len(taken) + 2)
                if (name := f"{self.timeline.name} copy {number}") not in taken
            )
        else:
            name = timeline_name(timelineName)
        if name in taken:
            raise Refusal(f"a timeline named {name!r} exists already")
        return self.timeline_handle(building.copy_timeline(self.project, self.timeline, name))


def timeline_name(value: Any) -> str:
    """A name for a timeline. Resolve takes neither colon nor slash in it."""
    name = arguments.text(value, "the name of the timeline", empty=False)
    if any(character in ":/\\\0\r\n" for character in name):
        raise Refusal(f"{name!r} is no name for a timeline: no colon, slash or line break")
    return name
