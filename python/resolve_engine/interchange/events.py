"""A timeline as a list of events, as edit decision lists and their tables know it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple, Protocol

from resolve_engine import timecode
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import Track
from resolve_engine.model.transition import WIPES

AUDIO_CHANNELS = 4
"""Sound tracks that an edit decision list names."""

NO_REEL = "AX"


class Event(NamedTuple):
    """One event. All frames count at the timeline's rate, ranges are half-open."""

    reel: str
    name: str
    """Of the clip."""
    channel: str
    """`V`, or `A` to `A4`; in a table of every track also `V2` and so on."""
    dissolve: int
    """Frames of the dissolve that it begins with; 0 for a cut."""
    source_in: int
    """Counted from midnight of the source's timecode."""
    source_out: int
    record_in: int
    """Counted from midnight of the timeline's timecode."""
    record_out: int
    speed: Fraction
    before: Item | None
    """What a dissolve comes from; None for black, and for a cut."""
    item: Item


class Events(NamedTuple):
    """What a list of events holds of a timeline, and what not."""

    listed: list[Event]
    """In order of their record times, picture before sound."""
    lost: list[str]
    """Each as the part of a sentence."""


def events(project: Project, timeline: Timeline, every_track: bool = False) -> Events:
    """The events of the lowest picture track with items, and of the first sound tracks; or of every track, which only
    a table can hold.

    Raises Refusal when there are none, and for what an edit decision list has no event for.
    """
    pictures = [track for track in timeline.tracks["video"] if track.items]
    sounds = [track for track in timeline.tracks["audio"] if track.items]
    lost: Counter[str] = Counter()
    if not every_track:
        lost["items of upper picture tracks"] += sum(len(track.items) for track in pictures[1:])
        above = [track for track in sounds if track.position > AUDIO_CHANNELS]
        lost[f"items of sound tracks above {AUDIO_CHANNELS}"] += sum(len(track.items) for track in above)
        pictures, sounds = pictures[:1], [track for track in sounds if track not in above]
    lost["subtitles"] += sum(len(track.items) for track in timeline.tracks["subtitle"])
    found: list[Event] = []
    for number, track in enumerate(pictures):
        found += _of_track(project, timeline, track, f"V{track.position}" if number else "V", lost)
    for track in sounds:
        channel = "A" if track.position == 1 else f"A{track.position}"
        found += _of_track(project, timeline, track, channel, lost)
    left_out = [f"{count} {what}" for what, count in lost.items() if count]
    if not found:
        but = f", only {', '.join(left_out)}" if left_out else ""
        raise Refusal(f"the timeline {timeline.name!r} has nothing that a list of events can hold{but}")
    found.sort(key=lambda event: (event.record_in, event.channel[0] == "A", event.channel))
    return Events(found, left_out)


def _of_track(project: Project, timeline: Timeline, track: Track, channel: str, lost: Counter[str]) -> Iterator[Event]:
    for item in track.items:
        if not item.clip:
            lost["generators and titles"] += 1
            continue
        lost["inspector values"] += len(item.properties)
        lost["items that are off"] += not item.enabled
        lost["fades"] += bool(item.fade_in or item.fade_out)
        start, end = item.position, item.end
        dissolve, before = 0, None
        for transition in track.crossing(item):
            lost["shapes of transitions, which are written as dissolves"] += (
                transition.name in WIPES and transition.after == item.id
            )
            if transition.after == item.id:
                dissolve, start = transition.duration, transition.position
                before = project.items.get(transition.before)
            elif transition.after:
                end = transition.position  # the one that comes takes over where the dissolve begins
            else:
                lost["dissolves to black"] += 1
        if end <= start:
            raise Refusal(f"two transitions cover {item.name!r}, and an edit decision list has no event for it")
        if item.position < -timeline.start:
            raise Refusal(f"{item.name!r} stands before midnight")
        source_in, source_out, exact = _source(project, timeline, item, start, end)
        lost["exact starts of clips of another rate"] += not exact
        clip = project.clips[item.clip]
        yield Event(
            reel=clip.metadata.get("Reel Name", "") or NO_REEL,
            name=clip.name,
            channel=channel,
            dissolve=dissolve,
            source_in=source_in,
            source_out=source_out,
            record_in=timeline.start + start,
            record_out=timeline.start + end,
            speed=Fraction(*item.speed),
            before=before,
            item=item,
        )


def _source(project: Project, timeline: Timeline, item: Item, start: int, end: int) -> tuple[int, int, bool]:
    """The source frames of a stretch, as timecode frames of the timeline's rate, and whether the first is exact; a
    source of another rate is converted by its time."""
    clip = project.clips[item.clip]
    clip_start, _ = project.extent(clip)
    step = abs(Fraction(*item.speed))
    edges = [Fraction(*item.source_at(place - item.position, clip.rate, timeline.rate)) for place in (start, end)]
    if item.speed[0] < 0:  # backwards the range is still written from its lower end
        one = Fraction(*clip.rate) / Fraction(*timeline.rate) * step
        edges = [edge + (one if item.type != "audio" else 0) for edge in reversed(edges)]
    begin = start_frame(clip_start, clip.rate, clip.drop_frame, timeline)
    low = edges[0] * Fraction(*timeline.rate) / Fraction(*clip.rate)
    first = begin + int(low)
    length = max(1, round((end - start) * step)) if step else 1
    return first, first + length, low.denominator == 1


class Clock(Protocol):
    """Whatever counts frames by timecode."""

    @property
    def rate(self) -> timecode.Ratio:
        """Frames per second."""

    @property
    def drop_frame(self) -> bool:
        """Whether its timecode drops numbers."""


def start_frame(frame: int, rate: timecode.Ratio, drop: bool, timeline: Clock) -> int:
    """A source's first timecode as frames of the timeline's rate."""
    if rate == timeline.rate and drop == timeline.drop_frame:
        return frame
    if rate == timeline.rate:
        text = timecode.to_timecode(frame, rate, drop).replace(";", ":")
        try:
            return timecode.to_frames(text, timeline.rate, timeline.drop_frame)
        except ValueError:
            return frame
    return timecode.convert(frame, rate, timeline.rate)
