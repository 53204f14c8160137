"""The methods of a timeline about its tracks and the items on them."""

from __future__ import annotations

import uuid
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.names import numbered
from resolve_engine.api.parts import TimelinePart
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal
from resolve_engine.model import editing
from resolve_engine.model.building import new_track
from resolve_engine.model.item import Item
from resolve_engine.model.placing import unlink
from resolve_engine.model.track import KINDS, Track
from resolve_engine.remote import PyRemoteObject

AUDIO_FORMATS = (
    "mono", "stereo", "lrc", "lcr", "lrcs", "lcrs", "quad", "5.0", "5.0film", "5.1", "5.1film", "7.0", "7.0film",
    "7.1", "7.1film", *(f"adaptive{count}" for count in range(1, 37)),
)  # fmt: skip

MOST_TRACKS = 200
"""Of one kind. Resolve takes hundreds; a loop that never ends should not."""


class TrackMethods(TimelinePart):
    """Tracks count from 1, bottom first."""

    @property
    def is_current(self) -> bool:
        """Whether this is the timeline that is open."""
        return self.project.current_timeline == self.key

    def _tracks(self, kind: Any) -> list[Track]:
        return self.timeline.tracks[_kind(kind)]

    def _track(self, kind: Any, index: Any) -> Track:
        tracks = self._tracks(kind)
        number = arguments.whole(index, "the track index")
        if not 1 <= number <= len(tracks):
            raise Refusal(f"there is no {kind} track {number}; the timeline has {len(tracks)}")
        return tracks[number - 1]

    # Tracks

    def GetTrackCount(self, trackType: Any) -> int:
        return len(self._tracks(trackType))

    def AddTrack(self, trackType: Any, subTrackType: Any = "mono") -> bool:
        """The second argument is an audio format or a dict with `audioType` and `index`; tracks go on top."""
        kind = _kind(trackType)
        tracks = self._tracks(kind)
        if isinstance(subTrackType, dict):
            options = arguments.table(subTrackType, "the track options")
            for key in options:
                if key not in ("audioType", "index"):
                    raise Refusal(f"{key!r} is no track option; the options are audioType and index")
            if "index" in options and arguments.whole(options["index"], "index", low=1) != len(tracks) + 1:
                raise Refusal(f"a track is added on top only; leave index out or give {len(tracks) + 1}")
            subTrackType = options.get("audioType", "mono")
        format = arguments.choice(subTrackType or "mono", "the audio format", AUDIO_FORMATS)
        if len(tracks) >= MOST_TRACKS:
            raise Refusal(f"the timeline has {MOST_TRACKS} {kind} tracks, and more are not taken")
        new_track(self.project, self.timeline, kind, format if kind == "audio" else "")
        return True

    def DeleteTrack(self, trackType: Any, trackIndex: Any) -> bool:
        track = self._track(trackType, trackIndex)
        tracks = self.timeline.tracks[track.type]
        if track.items:
            raise Refusal(f"{track.type} track {track.position} holds {len(track.items)} items; delete them first")
        if len(tracks) == 1 and track.type != "subtitle":
            raise Refusal(f"the only {track.type} track cannot be deleted")
        self.project.remove(track)
        for number, left in enumerate(tracks, 1):
            if left.position != number:
                left.position = number
        return True

    def GetTrackSubType(self, trackType: Any, trackIndex: Any) -> str:
        return self._track(trackType, trackIndex).format

    def GetTrackName(self, trackType: Any, trackIndex: Any) -> str:
        return self._track(trackType, trackIndex).name

    def SetTrackName(self, trackType: Any, trackIndex: Any, name: Any) -> bool:
        track = self._track(trackType, trackIndex)
        track.name = arguments.text(name, "the name of the track", empty=False)
        return True

    def GetIsTrackEnabled(self, trackType: Any, trackIndex: Any) -> bool:
        """False for every track of a timeline that is not the current one, as Resolve answers."""
        return self._track(trackType, trackIndex).enabled and self.is_current

    def SetTrackEnable(self, trackType: Any, trackIndex: Any, enabled: Any) -> bool:
        self._track(trackType, trackIndex).enabled = arguments.flag(enabled, "enabled")
        return True

    def GetIsTrackLocked(self, trackType: Any, trackIndex: Any) -> bool:
        """False for every track of a timeline that is not the current one, as Resolve answers."""
        return self._track(trackType, trackIndex).locked and self.is_current

    def SetTrackLock(self, trackType: Any, trackIndex: Any, locked: Any) -> bool:
        self._track(trackType, trackIndex).locked = arguments.flag(locked, "locked")
        return True

    # Items

    def GetItemListInTrack(self, trackType: Any, index: Any) -> list[PyRemoteObject] | None:
        """None for an empty track; an empty list on older builds."""
        items = self._track(trackType, index).listed()
        return None if not items and build().empty_tracks_are_none else [self.item_handle(item) for item in items]

    def GetItemsInTrack(self, trackType: Any, index: Any) -> dict[float, PyRemoteObject]:
        return numbered(self.GetItemListInTrack(trackType, index) or [])

    def GetSelectedClips(self) -> list[PyRemoteObject]:
        return []  # nothing can be selected without a window

    def _items(self, value: Any) -> list[Item]:
        """Items of this timeline out of a list, each once."""
        items = [self.given_item(item) for item in arguments.listing(value, "the timeline items")]
        if not items:
            raise Refusal("no timeline item was given")
        for item in items:
            if self.project.timeline_of(item).id != self.key:
                raise Refusal(f"{item.name!r} stands on another timeline")
        return list(dict.fromkeys(items))

    def DeleteClips(self, timelineItems: Any, rippleDelete: Any = False) -> bool:
        if self.app.page != "edit":
            raise Refusal(f"items are deleted on the edit page only, and the {self.app.page} page is open")
        if not self.is_current:
            raise Refusal("items are deleted on the current timeline only; make this one current first")
        items = self._items(timelineItems)
        editing.delete_items(self.project, self.timeline, items, arguments.flag(rippleDelete, "rippleDelete"))
        return True

    def SetClipsLinked(self, timelineItems: Any, linked: Any) -> bool:
        items = self._items(timelineItems)
        link = str(uuid.uuid4()) if arguments.flag(linked, "linked") else ""
        for item in items:
            unlink(self.project, item)
        if link and len(items) > 1:
            for item in items:
                self.project.link(item, link)
        return True


def _kind(value: Any) -> str:
    return arguments.word(value, "the track type", KINDS)
