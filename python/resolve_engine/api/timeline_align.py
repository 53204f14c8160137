"""The method of a timeline that lines items up by their timecode or their sound."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from resolve_engine import failure
from resolve_engine.api import arguments
from resolve_engine.api.audio_sync import lag
from resolve_engine.api.parts import TimelinePart
from resolve_engine.errors import Refusal
from resolve_engine.model.aligning import move
from resolve_engine.model.clip import Clip
from resolve_engine.model.item import Item

MOST_ITEMS = 100
"""Of one call; by sound each is compared with the first."""


class AlignMethods(TimelinePart):
    """Items move along their tracks, with what is linked with them; the first stays where it is."""

    def AutoAlignClips(self, timelineItems: Any, autoAlignOptions: Any = None) -> bool:
        """All or none."""
        items = list(dict.fromkeys(self.given_item(one) for one in arguments.listing(timelineItems, "the items")))
        if not 2 <= len(items) <= MOST_ITEMS:
            raise Refusal(f"2 to {MOST_ITEMS} items are needed, not {len(items)}")
        given = arguments.table({} if autoAlignOptions is None else autoAlignOptions, "the options")
        for key in given:
            if key not in ("SyncUsing", "UseTrack"):
                raise Refusal(f"{key!r} is no option; they are SyncUsing and UseTrack")
        mode = arguments.constant(given.get("SyncUsing"), "SyncUsing", "AUTO_ALIGN_CLIPS_USING_", "TIMECODE")
        if "UseTrack" in given and mode == "TIMECODE":
            raise Refusal("UseTrack is for items that are lined up by their sound alone")
        # Below zero are AUTO_ALIGN_CLIPS_WAVEFORM_TRACK_MIX and _AUTOMATIC, which both take the mix.
        track = arguments.whole(given.get("UseTrack", 1), "UseTrack", -2, 24)
        first, *others = items
        clips = {item: self._clip(item) for item in items}
        shifts = dict.fromkeys(self.project.linked(first), 0)
        rate = Fraction(*self.timeline.rate)
        for item in others:
            if item in shifts:  # linked with one that was named before it
                continue
            apart = self._apart(clips[first], clips[item], mode, track)
            moment = _source(item, clips[item]) - _source(first, clips[first]) + apart
            by = first.position + round(moment * rate) - item.position
            shifts.update(dict.fromkeys(self.project.linked(item), by))
        move(self.project, shifts)
        return True

    def _clip(self, item: Item) -> Clip:
        if self.project.timeline_of(item) is not self.timeline:
            raise Refusal(f"{item.name!r} stands on another timeline")
        clip = self.project.clips.get(item.clip)
        if clip is None or clip.media is None or clip.type == "Still":
            raise Refusal(f"{item.name!r} shows no film or sound of a file")
        if item.speed != (1, 1):
            raise Refusal(f"{item.name!r} plays at another speed, so that only one of its moments could line up")
        return clip

    def _apart(self, first: Clip, clip: Clip, mode: str, track: int) -> Fraction:
        """Seconds by which a clip begins after the first one's first frame."""
        if first is clip:
            return Fraction(0)
        channel = track
        if mode == "WAVEFORM" and track >= 1:
            channel = _channel(first, track)
            if _channel(clip, track) != channel:
                raise Refusal(
                    f"track {track} of {first.name!r} and of {clip.name!r} are different channels; use the mix"
                )
        apart = lag(first, clip, mode, channel)
        if apart is None:
            why = failure.last() or "they do not both have what is compared"
            failure.clear()  # the reason of the call is this one, of which the noted one is a part
            raise Refusal(f"{clip.name!r} cannot be lined up with {first.name!r}: {why}")
        return apart


def _source(item: Item, clip: Clip) -> Fraction:
    """Seconds from its clip's first frame to the one that an item begins with."""
    return Fraction(*item.source_start) / Fraction(*clip.rate)


def _channel(clip: Clip, track: int) -> int:
    """The first channel of an audio track of a clip; the mix is for those without."""
    if not 1 <= track <= len(clip.audio_mapping):
        raise Refusal(f"{clip.name!r} has {len(clip.audio_mapping)} audio tracks, and UseTrack is {track}")
    return clip.audio_mapping[track - 1][1][0]
