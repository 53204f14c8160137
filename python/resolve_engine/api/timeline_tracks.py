"""The methods of a timeline about its tracks and the items on them."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model.timeline import Timeline as Record
from resolve_engine.model.track import KINDS, Track
from resolve_engine.remote import PyRemoteObject


class TrackMethods(ApiClass):
    """Tracks count from 1, bottom first."""

    @property
    def timeline(self) -> Record:
        """The timeline."""
        raise NotImplementedError

    def _tracks(self, kind: Any) -> list[Track]:
        return self.timeline.tracks[arguments.choice(kind, "the track type", KINDS)]

    def _track(self, kind: Any, index: Any) -> Track:
        tracks = self._tracks(kind)
        number = arguments.whole(index, "the track index")
        if not 1 <= number <= len(tracks):
            raise Refusal(f"there is no {kind} track {number}; the timeline has {len(tracks)}")
        return tracks[number - 1]

    def GetTrackCount(self, trackType: Any) -> int:
        return len(self._tracks(trackType))

    def GetItemListInTrack(self, trackType: Any, index: Any) -> list[PyRemoteObject] | None:
        items = self._track(trackType, index).items
        return [self.item_handle(item) for item in items] if items else None
