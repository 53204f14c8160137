"""Making a timeline of a project from plain data, once every source has found its clip."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from resolve_engine.errors import Refusal
from resolve_engine.interchange import plain
from resolve_engine.interchange.events import start_frame
from resolve_engine.model import composition, generated, properties, text_plus
from resolve_engine.model.building import new_timeline, new_track
from resolve_engine.model.clip import Clip
from resolve_engine.model.grade import FRESH, Cdl, Node
from resolve_engine.model.ingest import format_of
from resolve_engine.model.item import Item
from resolve_engine.model.marker import Marker
from resolve_engine.model.project import Project
from resolve_engine.model.settings import timeline_size
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import Track
from resolve_engine.model.transition import DISSOLVE, NAMES, check_side
from resolve_engine.timecode import Ratio

WIDTHS = ("Pan", "AnchorPointX", "CropLeft", "CropRight")
HEIGHTS = ("Tilt", "AnchorPointY", "CropTop", "CropBottom")
"""Properties in pixels of the timeline: a file of another size is scaled to the timeline's."""


def build(
    project: Project, found: plain.Timeline, clips: Sequence[Clip | None], name: str, settings: Mapping[str, Any] | None
) -> Timeline:
    """A timeline with everything that the file says; `clips` are those of its sources, in order.

    `settings` are the timeline's own where its rate is not the project's. Raises Refusal.
    """
    timeline = new_timeline(project, name)
    timeline.settings = settings
    timeline.rate, timeline.drop_frame, timeline.start = found.rate, found.drop_frame, found.start
    stand_in = project.clips[timeline.clip]
    stand_in.rate, stand_in.drop_frame = found.rate, found.drop_frame
    timeline.markers = _markers(found.markers)
    lay(project, timeline, found, clips, {"video": 0, "audio": 0}, 0)
    return timeline


def lay(
    project: Project,
    timeline: Timeline,
    found: plain.Timeline,
    clips: Sequence[Clip | None],
    above: Mapping[str, int],
    late: int,
) -> None:
    """Put the tracks of a file on a timeline of the same rate: above so many of each kind, and `late` frames later.

    Raises Refusal where something stands already; what was done until then is the caller's to take back.
    """
    laying = _Laying(project, timeline, found, clips)
    for kind in ("video", "audio"):
        for number, track in enumerate(found.of_kind(kind), above[kind] + 1):
            laying.track(track, number, late)


class _Laying:
    """One file on its way to one timeline."""

    def __init__(
        self, project: Project, timeline: Timeline, found: plain.Timeline, clips: Sequence[Clip | None]
    ) -> None:
        self.project = project
        self.timeline = timeline
        self.found = found
        self.clips = clips
        self._links: dict[int, str] = {0: ""}
        counts: dict[int, int] = {}
        for track in found.tracks:
            for item in track.items:
                counts[item.link] = counts.get(item.link, 0) + 1
        self._alone = {link for link, count in counts.items() if count == 1}

    def track(self, found: plain.Track, number: int, late: int) -> None:
        """One track, made when there is none of that number."""
        tracks = self.timeline.tracks[found.kind]
        fresh = len(tracks) < number
        format = self._format(found, number)
        while len(tracks) < number:
            new_track(self.project, self.timeline, found.kind, format)
        track = tracks[number - 1]
        if track.locked:
            raise Refusal(f"{track.type} track {number} is locked")
        if fresh or not track.items:
            track.name = found.name[:256] or track.name
            track.enabled = found.enabled
            track.format = format
        items = [self._item(item, track, late) for item in found.items]
        for one in found.transitions:
            self._transition(one, track, items, late)
        track.locked = found.locked

    def _item(self, found: plain.Item, track: Track, late: int) -> Item | None:
        clip = self.clips[found.source] if found.source >= 0 else None
        content = content_of(found) if clip is None else {}
        if clip is None and not content:
            return None
        position = found.start + late
        blocker = track.overlapping(position, position + found.duration)
        if blocker is not None:
            raise Refusal(
                f"{found.name!r} would stand on {blocker.name!r} on {track.type} track {track.position}; "
                "let tracks be added, or give another offset"
            )
        item = Item(
            self.project.changes,
            parent=track.id,
            position=position,
            type=track.type if clip is not None else "generator",
            name=found.name[:256] or (clip.name if clip is not None else "Generator"),
            clip=clip.id if clip is not None else "",
            duration=found.duration,
            source_start=self._start(found, clip, track.type),
            speed=found.speed,
            channels=self._channels(found, clip, track.position) if track.type == "audio" and clip is not None else (),
            link="" if found.link in self._alone else self._links.setdefault(found.link, str(uuid.uuid4())),
            enabled=found.enabled,
            properties=self._properties(found, track.type),
            markers=_markers(found.markers),
            color=found.color[:64],
            fade_in=min(max(found.fade_in, 0), found.duration),
            fade_out=min(max(found.fade_out, 0), found.duration - min(max(found.fade_in, 0), found.duration)),
            content=content,
            nodes=(Node(cdl=_cdl(found.cdl)),) if found.cdl is not None and track.type == "video" else FRESH,
        )
        if content.get("name") in (text_plus.NAME, generated.EMPTY):
            item.compositions, item.composition = composition.first(), 1
        self.project.add(item)
        return item

    def _start(self, found: plain.Item, clip: Clip | None, kind: str) -> Ratio:
        """The source frame at the item's first frame."""
        if clip is None or clip.type == "Still":
            return (0, 1)
        source = self.found.sources[found.source]
        low = place_in(found, source, clip)
        speed = Fraction(*found.speed)
        step = abs(speed) * Fraction(*clip.rate) / Fraction(*self.timeline.rate)
        if speed < 0:  # backwards the first frame is the highest, and sound begins at the upper end
            low += found.duration * step - (step if kind == "video" else 0)
        return (low.numerator, low.denominator)

    def _channels(self, found: plain.Item, clip: Clip, number: int) -> tuple[int, ...]:
        """The channels of a clip that a sound item plays: those that the file names, else those of the clip's own track
        of the same number. A file that has the widths of the clip's sounds wrong means the sound of the same place."""
        mapping = [channels for _, channels in clip.audio_mapping]
        if not mapping:
            return found.channels or (1,)
        if not found.channels:
            return mapping[min(number, len(mapping)) - 1]
        sound = self.found.sources[found.source].sound
        first = 1
        for place, count in enumerate(sound):
            if found.channels == tuple(range(first, first + count)) and found.channels not in mapping:
                return mapping[min(place, len(mapping) - 1)]
            first += count
        return found.channels

    def _format(self, found: plain.Track, number: int) -> str:
        """The format of a new sound track: as the file says, else wide enough for what stands on it."""
        if found.kind != "audio" or found.format:
            return found.format
        clips = ((item, self.clips[item.source]) for item in found.items if item.source >= 0)
        widest = max((len(self._channels(item, clip, number)) for item, clip in clips if clip is not None), default=2)
        return "stereo" if widest <= 2 else format_of(widest)

    def _transition(self, found: plain.Transition, track: Track, items: list[Item | None], late: int) -> None:
        before, after = (items[one] if 0 <= one < len(items) else None for one in (found.before, found.after))
        if (before is None and after is None) or (before and after and before.end != after.position):
            return
        edge = after.position if after is not None else before.end if before is not None else 0
        # As in Resolve, a transition that is longer than its handles is cut down to them.
        start = _nearest(found.start + late if before is not None else edge, edge, self._holds(after, False))
        end = _nearest(found.start + late + found.duration if after is not None else edge, edge, self._holds(before))
        if start is None or end is None or start >= end:
            return
        if any(other.position < end and other.end > start for other in track.transitions):
            return
        name = "Cross Fade 0 dB" if track.type == "audio" else DISSOLVE
        self.project.add(
            Item(
                self.project.changes,
                parent=track.id,
                position=start,
                type="transition",
                name=found.name if found.name in KNOWN_TRANSITIONS[track.type] else name,
                duration=end - start,
                before=before.id if before is not None else "",
                after=after.id if after is not None else "",
            )
        )

    def _holds(self, item: Item | None, is_before: bool = True) -> Callable[[int], bool]:
        """Whether an item has what a transition needs that reaches to a frame: on its own side, and as its handle."""

        def holds(frame: int) -> bool:
            if item is None:
                return True
            try:
                check_side(self.project, item, *((item.position, frame) if is_before else (frame, item.end)), is_before)
            except Refusal:
                return False
            return True

        return holds

    def _properties(self, found: plain.Item, kind: str) -> Mapping[str, Any]:
        """Inspector values, scaled to the timeline's size and clipped to their bounds."""
        width, height = timeline_size(self.timeline, self.project)
        across, down = (width / (self.found.size[0] or width), height / (self.found.size[1] or height))
        known = properties.table_for(kind)
        values = {}
        for key, value in found.properties.items():
            if key in known and isinstance(value, int | float) and math.isfinite(value):
                values[key] = value * (across if key in WIDTHS else down if key in HEIGHTS else 1)
        return properties.with_values(kind, {}, values, (width, height)) if values else {}


def _nearest(wanted: int, edge: int, holds: Callable[[int], bool]) -> int | None:
    """The frame nearest to the wanted one, on the way to the edge, at which a transition is held; None for none."""
    if holds(wanted):
        return wanted
    if not holds(edge):
        return None
    good = edge
    while abs(wanted - good) > 1:
        middle = (wanted + good) // 2
        if holds(middle):
            good = middle
        else:
            wanted = middle
    return good


KNOWN_TRANSITIONS = {"video": NAMES["simple"], "audio": NAMES["audio"]}
"""What the engine renders; any other transition becomes the plain one, as Resolve does it."""


def place_in(found: plain.Item, source: plain.Source, clip: Clip) -> Fraction:
    """The lower end of what an item shows in a clip: by timecode, as a subclip or a longer file begins elsewhere."""
    ratio = Fraction(*clip.rate) / Fraction(*source.rate)
    low = Fraction(*found.source_in)
    if not source.has_timecode or clip.timeline:
        return low * ratio
    by_timecode = low + source.start - start_frame(clip.start, clip.rate, clip.drop_frame, source)
    return by_timecode * ratio if 0 <= by_timecode * ratio < max(clip.frames, 1) else low * ratio


def fits(rate: Ratio, source: plain.Source, uses: Sequence[tuple[str, plain.Item]], clip: Clip, frames: int) -> bool:
    """Whether a clip of so many frames holds everything that a timeline of a rate shows of a source; less than a frame
    of rounding is let pass."""
    if clip.type == "Still":
        return source.picture
    for kind, item in uses:
        if not (clip.has_video if kind == "video" else clip.has_audio):
            return False
        step = abs(Fraction(*item.speed)) * Fraction(*clip.rate) / Fraction(*rate)
        if place_in(item, source, clip) + item.duration * step >= frames + 1:
            return False
    return True


def content_of(found: plain.Item) -> Mapping[str, Any]:
    """What a generator or a title shows, where the engine draws it; empty for anything else that a file may name."""
    kind, name, text = (found.content.get(key) for key in ("kind", "name", "text"))
    try:
        if kind == "title":
            empty = generated.fusion_title(str(name)) if name == text_plus.NAME else generated.title(str(name))
            said = text if isinstance(text, str) and len(text) <= text_plus.MOST_TEXT else None
            made = empty if said is None else {**empty, "text": said}
        elif kind == "composition":
            made = {"kind": kind, "name": generated.EMPTY}
        elif kind in ("generator", "adjustment"):
            made = generated.generator(str(name))
        else:
            return {}
    except Refusal:
        return {}
    return {**made, "frames": found.duration}


def _markers(found: Sequence[Marker]) -> tuple[Marker, ...]:
    """At most one a frame, in order."""
    kept: dict[int, Marker] = {}
    for marker in found:
        if 0 <= marker.frame <= plain.LARGEST_FRAME and 1 <= marker.duration <= plain.LARGEST_FRAME:
            kept.setdefault(marker.frame, marker)
    return tuple(kept[frame] for frame in sorted(kept))


def _cdl(values: tuple[float, ...]) -> Cdl:
    slope, offset, power = values[0:3], values[3:6], values[6:9]
    return Cdl(
        (slope[0], slope[1], slope[2]), (offset[0], offset[1], offset[2]), (power[0], power[1], power[2]), values[9]
    )
