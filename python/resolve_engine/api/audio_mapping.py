"""Audio mappings as JSON: which channels the tracks of a clip, or a timeline item, play, and which are mute."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.parts import ClipPart, ItemPart
from resolve_engine.errors import Refusal
from resolve_engine.model import ingest
from resolve_engine.model.clip import Clip
from resolve_engine.model.item import Item
from resolve_engine.model.placing import NESTED_SOUND

MOST_TRACKS = 24
"""Audio tracks of one clip."""


class ClipMappingMethods(ClipPart):
    """The layout of a clip's channels on tracks, as it is placed from then on."""

    def GetAudioMapping(self) -> str:
        """A timeline that stands as a clip has one track, its mix."""
        clip = self.project.clips[self.key]
        mapping = clip.audio_mapping
        if clip.timeline and any(track.items for track in self.project.timelines[clip.timeline].tracks["audio"]):
            mapping = NESTED_SOUND
        if not mapping:
            raise Refusal(f"{clip.name!r} has no sound")
        tracks = [
            _track_table(format, channels, number in clip.muted_tracks)
            for number, (format, channels) in enumerate(mapping, 1)
        ]
        return _written(clip, tracks)

    def SetAudioMapping(self, audioMapping: Any) -> bool:
        """Tracks are laid out anew; items on timelines keep playing what they play."""
        clip = self.project.clips[self.key]
        if clip.timeline:
            raise Refusal(f"the sound of {clip.name!r} is the mix of its timeline; map the items on a timeline instead")
        tracks = _tracks(audioMapping, MOST_TRACKS)
        streams = _channel_groups(clip)
        read = [_track(track, streams) for track in tracks]
        clip.audio_mapping = tuple((format, channels) for format, channels, _ in read)
        clip.muted_tracks = tuple(number for number, (_, _, muted) in enumerate(read, 1) if muted)
        return True


class ItemMappingMethods(ItemPart):
    """The channels that one sound item plays; those of its clip stay as they are."""

    def GetSourceAudioChannelMapping(self) -> str:
        """None for a cross fade, and off the current timeline, as in Resolve."""
        item = self.item
        if item.type == "transition":
            raise Refusal(f"{item.name!r} plays no channels of its own; ask the items at its sides", answer=None)
        if self.project.current_timeline != self.project.timeline_of(item).id:
            raise Refusal("it is told of the current timeline only; make this one current first", answer=None)
        item = self._sounding()
        format = item.audio_format or ingest.format_of(len(item.channels))
        return _written(self.clip, [_track_table(format, item.channels, item.muted)])

    def SetSourceAudioChannelMapping(self, audioMapping: Any) -> bool:
        """One track; a muted item stays on the timeline and is not heard."""
        item, clip = self._sounding(), self.clip
        (track,) = _tracks(audioMapping, 1)
        format, channels, muted = _track(track, _channel_groups(clip))
        item.channels, item.muted = channels, muted
        item.audio_format = "" if format == ingest.format_of(len(channels)) else format
        return True

    def _sounding(self) -> Item:
        if not self.item.channels:
            raise Refusal(f"{self.item.name!r} plays no sound")
        return self.item


def _track_table(format: str, channels: tuple[int, ...], muted: bool) -> dict[str, Any]:
    return {"channel_idx": list(channels), "mute": muted, "type": format}


def _written(clip: Clip, tracks: list[dict[str, Any]]) -> str:
    linked = {
        str(number): {"channels": _channels(entry["media"]), "offset": entry["offset"], "path": entry["media"]["path"]}
        for number, entry in enumerate(clip.linked_audio, 1)
    }
    own = len(NESTED_SOUND[0][1]) if clip.timeline else clip.own_channels
    table = {str(number): track for number, track in enumerate(tracks, 1)}
    return json.dumps({"embedded_audio_channels": own, "linked_audio": linked, "track_mapping": table})


def _channels(media: Mapping[str, Any]) -> int:
    return sum(stream["channels"] for stream in media["audio"])


def _tracks(value: Any, most: int) -> list[Any]:
    """The tracks of a mapping in order; what else it says (channels that are there, linked sounds) is not written."""
    text = arguments.text(value, "the audio mapping")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal(f"the audio mapping is no JSON text: {error}") from error
    tracks = given.get("track_mapping") if isinstance(given, dict) else None
    if not isinstance(tracks, dict) or not 1 <= len(tracks) <= most:
        wanted = "exactly one track, numbered '1'" if most == 1 else f"1 to {most} tracks, numbered from '1'"
        raise Refusal(f"the audio mapping must be a JSON object whose track_mapping has {wanted}")
    if sorted(tracks) != sorted(str(number) for number in range(1, len(tracks) + 1)):
        raise Refusal("the tracks of track_mapping are numbered from '1' without gaps")
    return [tracks[str(number)] for number in range(1, len(tracks) + 1)]


def _channel_groups(clip: Clip) -> list[set[int]]:
    """The channels of each file behind a clip, its own before those of linked sounds; a timeline's mix is one."""
    if clip.timeline:
        return [set(NESTED_SOUND[0][1])]
    groups, before = [], 0
    for count in (clip.own_channels, *(_channels(entry["media"]) for entry in clip.linked_audio)):
        if count:
            groups.append(set(range(before + 1, before + 1 + count)))
        before += count
    return groups


def _track(given: Any, files: list[set[int]]) -> tuple[str, tuple[int, ...], bool]:
    """Format, channels in order, and whether it is mute."""
    if not isinstance(given, dict):
        raise Refusal("a track of the mapping must be an object with type and channel_idx")
    channels = [
        arguments.whole(value, "a channel", 1) for value in arguments.listing(given.get("channel_idx"), "channel_idx")
    ]
    known = set().union(*files)
    if not channels or len(set(channels)) != len(channels) or not set(channels) <= known:
        raise Refusal(f"channel_idx {channels} is no choice of the clip's channels, 1 to {max(known, default=0)}")
    if not any(set(channels) <= file for file in files):
        raise Refusal(f"channel_idx {channels} lie in several files; a track plays channels of one")
    if len(channels) > ingest.MOST_ADAPTIVE:
        raise Refusal(f"{len(channels)} channels are more than the {ingest.MOST_ADAPTIVE} of the widest track")
    format = ingest.format_of(len(channels))
    wanted = arguments.text(given.get("type", format), "the type of a track").lower()
    if wanted not in (format, f"adaptive{len(channels)}"):
        raise Refusal(f"a track of {len(channels)} channels is {format} or adaptive{len(channels)}, not {wanted}")
    return wanted, tuple(channels), arguments.flag(given.get("mute", False), "mute")
