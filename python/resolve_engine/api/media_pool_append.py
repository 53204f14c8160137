"""The methods of the media pool that put clips on timelines."""

from __future__ import annotations

from typing import Any

from resolve_engine import failure
from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.timeline import timeline_name
from resolve_engine.errors import Refusal
from resolve_engine.model import building
from resolve_engine.model.placing import AUDIO_ONLY, VIDEO_ONLY, Placement, place
from resolve_engine.model.timeline import Timeline
from resolve_engine.remote import PyRemoteObject

APPEND_KEYS = ("mediaPoolItem", "startFrame", "endFrame", "mediaType", "trackIndex", "recordFrame")
CREATE_KEYS = ("mediaPoolItem", "startFrame", "endFrame", "recordFrame")


class PlacingMethods(ApiClass):
    """Ranges are source frames at the clip's rate, the end exclusive; record frames count from midnight."""

    def AppendToTimeline(self, *clipInfos: Any) -> list[PyRemoteObject | None]:
        """Each clip is placed or not on its own: what could not be placed answers None in its place in the list."""
        timeline = self.project.open_timeline()
        if timeline is None:
            raise Refusal("there is no current timeline; create one or set one first")
        answers: list[PyRemoteObject | None] = []
        for number, info in enumerate(_infos(clipInfos), 1):
            try:
                answers.append(self._append(timeline, info))
            except Refusal as refusal:
                failure.note(f"clip {number}: {refusal.reason}")
                answers.append(None)
        return answers if any(answers) else [None]

    def _append(self, timeline: Timeline, info: Any) -> PyRemoteObject:
        items = place(self.project, timeline, self._placement(timeline, info, APPEND_KEYS))
        # Resolve leaves the playhead at the end of what was placed.
        timeline.playhead = max(items[-1].end, 0)
        return self.item_handle(items[0])

    def _placement(self, timeline: Timeline, info: Any, keys: tuple[str, ...]) -> Placement:
        if isinstance(info, PyRemoteObject):
            return Placement(self.given_clip(info))
        given = arguments.table(info, "the clip info")
        for key in given:
            if key not in keys:
                raise Refusal(f"{key!r} is no key of a clip info; the keys are {', '.join(keys)}")
        return Placement(
            clip=self.given_clip(given.get("mediaPoolItem"), "mediaPoolItem"),
            first=_frame(given, "startFrame"),
            after=_frame(given, "endFrame"),
            record=_record(timeline, given),
            track=arguments.whole(given["trackIndex"], "trackIndex", low=1) if "trackIndex" in given else None,
            media_type=(
                arguments.whole(given["mediaType"], "mediaType", VIDEO_ONLY, AUDIO_ONLY) if "mediaType" in given else 0
            ),
        )

    def CreateEmptyTimeline(self, name: Any) -> PyRemoteObject:
        timeline = building.new_timeline(self.project, self._free_timeline_name(name))
        self.project.current_timeline = timeline.id
        return self.timeline_handle(timeline)

    def CreateTimelineFromClips(self, name: Any, *clipInfos: Any) -> PyRemoteObject:
        """All clips or none; a clip named twice with the same range is placed once, as Resolve does."""
        timeline = building.new_timeline(self.project, self._free_timeline_name(name))
        placed: list[Placement] = []
        for number, info in enumerate(_infos(clipInfos), 1):
            try:
                wanted = self._placement(timeline, info, CREATE_KEYS)
                if wanted not in placed:
                    place(self.project, timeline, wanted)
                    placed.append(wanted)
            except Refusal as refusal:
                raise Refusal(f"clip {number}: {refusal.reason}") from refusal
        if not placed:
            raise Refusal("no clip was given; use CreateEmptyTimeline for an empty timeline")
        self.project.current_timeline = timeline.id
        return self.timeline_handle(timeline)

    def _free_timeline_name(self, value: Any) -> str:
        name = timeline_name(value)
        if any(timeline.name == name for timeline in self.project.listed_timelines()):
            raise Refusal(f"a timeline named {name!r} exists already")
        return name


def _infos(given: tuple[Any, ...]) -> list[Any]:
    """The clips or clip infos in any of the three forms: one after the other, in a list, as a list of dicts."""
    if len(given) == 1 and not isinstance(given[0], PyRemoteObject):
        infos = arguments.listing(given[0], "the clips")
    else:
        infos = list(given)
    if not infos:
        raise Refusal("no clip was given")
    return infos


def _frame(given: dict[str, Any], key: str) -> int | None:
    return arguments.whole(given[key], key, low=0) if key in given else None


def _record(timeline: Timeline, given: dict[str, Any]) -> int | None:
    if "recordFrame" not in given:
        return None
    return arguments.whole(given["recordFrame"], "recordFrame") - timeline.start
