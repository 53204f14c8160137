"""A timeline of a project as plain data, with a word on everything that plain data have no place for."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from resolve_engine.interchange import plain
from resolve_engine.model import text_plus
from resolve_engine.model.clip import FUSION_CLIP, Clip
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.settings import timeline_size
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import Track


def plain_timeline(project: Project, timeline: Timeline) -> plain.Timeline:
    """The timeline; `lost` says what of it no form but the engine's own archive can hold."""
    taking = _Taking(project, timeline)
    tracks = tuple(taking.track(track) for kind in ("video", "audio") for track in timeline.tracks[kind])
    subtitles = sum(len(track.items) for track in timeline.tracks["subtitle"])
    taking.lost["subtitles"] += subtitles
    return plain.Timeline(
        name=timeline.name,
        rate=timeline.rate,
        drop_frame=timeline.drop_frame,
        start=timeline.start,
        tracks=tracks,
        sources=tuple(taking.sources.values()),
        markers=timeline.markers,
        size=timeline_size(timeline, project),
        lost=tuple(f"{count} {what}" for what, count in taking.lost.items() if count),
    )


class _Taking:
    """One timeline on its way."""

    def __init__(self, project: Project, timeline: Timeline) -> None:
        self.project = project
        self.timeline = timeline
        self.sources: dict[str, plain.Source] = {}
        self.lost: Counter[str] = Counter()
        self._numbers: dict[str, int] = {}
        self._links = {"": 0}

    def track(self, track: Track) -> plain.Track:
        """One track. Files count from the start of a timeline: what stands before it is left out."""
        kept = [item for item in track.items if item.position >= 0]
        places = {item.id: number for number, item in enumerate(kept)}
        self.lost["items before the start of the timeline"] += len(track.items) - len(kept)
        return plain.Track(
            kind=track.type,
            items=tuple(self._item(item) for item in kept),
            transitions=tuple(
                plain.Transition(
                    one.position, one.duration, one.name, places.get(one.before, -1), places.get(one.after, -1)
                )
                for one in track.transitions
                if one.before in places or one.after in places
            ),
            name=track.name,
            format=track.format,
            enabled=track.enabled,
            locked=track.locked,
        )

    def _item(self, item: Item) -> plain.Item:
        clip = self.project.clips.get(item.clip)
        source_in = (0, 1)
        if clip is not None:
            low = Fraction(*item.source_range(clip.rate, self.timeline.rate)[0])
            source_in = (low.numerator, low.denominator)
        self.lost["takes"] += len(item.takes)
        self.lost["muted sounds"] += item.muted
        own = not item.content and (clip is None or clip.type != FUSION_CLIP)  # such an item is its composition
        self.lost["Fusion compositions"] += len(item.compositions) if own else 0
        self.lost["steadied pictures"] += bool(item.steady)
        self.lost["looks of a Text+"] += any(name in item.content for name in text_plus.DEFAULTS)
        first = item.nodes[0] if item.nodes else None
        if len(item.nodes) > 1 or (first is not None and first.lut):
            self.lost["grades with more than a CDL"] += 1
        cdl = first.cdl if first is not None else None
        return plain.Item(
            name=item.name,
            start=item.position,
            duration=item.duration,
            source=self._source(clip) if clip is not None else -1,
            source_in=source_in,
            speed=item.speed,
            channels=item.channels,
            link=self._links.setdefault(item.link, len(self._links)),
            enabled=item.enabled,
            properties=item.properties,
            markers=item.markers,
            color=item.color,
            fade_in=item.fade_in,
            fade_out=item.fade_out,
            content={key: item.content[key] for key in ("kind", "name", "frames", "text") if key in item.content},
            cdl=None if cdl is None else (*cdl.slope, *cdl.offset, *cdl.power, cdl.saturation),
        )

    def _source(self, clip: Clip) -> int:
        if clip.id not in self._numbers:
            self._numbers[clip.id] = len(self._numbers)
            self.sources[clip.id] = self._described(clip)
        return self._numbers[clip.id]

    def _described(self, clip: Clip) -> plain.Source:
        start, frames = self.project.extent(clip)
        media = clip.media
        if media is None:
            self.lost["timelines that stand as clips"] += 1
        video = media["video"] if media is not None else None
        return plain.Source(
            name=clip.name,
            path=clip.path,
            rate=clip.rate,
            frames=frames,
            start=start,
            drop_frame=clip.drop_frame,
            picture=clip.has_video,
            still=clip.type == "Still",
            size=(video["width"], video["height"]) if video is not None else (0, 0),
            sound=tuple(stream["channels"] for stream in media["audio"]) if media is not None else (),
            sample_rate=media["audio"][0]["sample_rate"] if media is not None and media["audio"] else 48000,
            reel=clip.metadata.get("Reel Name", ""),
        )
