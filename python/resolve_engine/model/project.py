"""A project: everything in it, by id, and the rules that span several records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from resolve_engine.model.album import Album
from resolve_engine.model.clip import COMPOUND, FUSION_CLIP, MULTICAM, Clip
from resolve_engine.model.color_group import ColorGroup
from resolve_engine.model.folder import Folder
from resolve_engine.model.item import Item
from resolve_engine.model.record import Changes, Record
from resolve_engine.model.render_job import RenderJob
from resolve_engine.model.still import Still
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import KINDS as KINDS_OF_TRACKS
from resolve_engine.model.track import Track

KINDS: tuple[type[Record], ...] = (Folder, Clip, Timeline, Track, Item, ColorGroup, RenderJob, Album, Still)
"""The kinds of record inside a project, owners before what belongs to them."""

UNTITLED = "Untitled Project"
"""The name of the project that is there before any was made; it is in no folder and cannot be saved."""


class Project(Record):
    """`parent` is the folder of the project manager, '' for the top."""

    __slots__ = (
        "albums", "burn_in", "clips", "color_groups", "created", "current_album", "current_folder", "current_timeline",
        "folders", "items", "last_position", "links", "modified", "name", "notes", "render", "render_jobs", "root",
        "saved", "settings", "stills", "timelines", "tracks", "untitled",
    )  # fmt: skip
    KIND = "project"
    FIELDS: ClassVar[dict[str, Any]] = {
        "name": UNTITLED,
        "untitled": False,
        "created": 0.0,
        "modified": 0.0,
        "saved": 0.0,
        "notes": "",
        "settings": {},
        "current_timeline": "",
        "current_folder": "",
        "current_album": "",
        "render": {},
        "burn_in": (),
    }

    name: str
    untitled: bool
    """Never named: not listed, dropped when another project is opened."""
    created: float
    """Seconds since the epoch, as the next two."""
    modified: float
    saved: float
    """When SaveProject last succeeded; 0 for never."""
    notes: str
    settings: Mapping[str, Any]
    """Settings that differ from their defaults, by Resolve's keys."""
    current_timeline: str
    current_folder: str
    """Id of the media pool folder that imports and new timelines go to; '' for the root."""
    current_album: str
    """Id of the still album that grabbed stills go to; '' for the first."""
    render: Mapping[str, Any]
    """The state of the Deliver page: format, codec, mode and the settings laid over them."""
    burn_in: tuple[Mapping[str, Any], ...]
    """The texts burnt into every picture, as `api/burn_in.py` says; empty for none."""

    folders: dict[str, Folder]
    clips: dict[str, Clip]
    timelines: dict[str, Timeline]
    tracks: dict[str, Track]
    items: dict[str, Item]
    color_groups: dict[str, ColorGroup]
    render_jobs: dict[str, RenderJob]
    albums: dict[str, Album]
    stills: dict[str, Still]
    links: dict[str, list[Item]]
    """The items that are linked, by the text that they share; follows from the items' own rows."""
    root: Folder
    last_position: int
    """The largest position given to a clip, folder, timeline, group, job or still."""

    def derive(self) -> None:
        for kind in KINDS:
            setattr(self, f"{kind.KIND}s", {})
        self.links = {}
        self.last_position = 0

    def attach(self, records: Iterable[Record]) -> None:
        """Take in stored records, owners before what belongs to them and siblings in order of position."""
        for record in records:
            self._index(record)

    def add(self, record: Record) -> None:
        """Take in a new record."""
        self._index(record)

    def _index(self, record: Record) -> None:
        getattr(self, f"{record.KIND}s")[record.id] = record
        if isinstance(record, Item):
            self.tracks[record.parent].insert(record)
            if record.link:
                self.links.setdefault(record.link, []).append(record)
        elif isinstance(record, Track):
            self.timelines[record.parent].tracks[record.type].append(record)
        else:
            self.last_position = max(self.last_position, record.position)
            if isinstance(record, Folder) and not record.parent:
                self.root = record

    def remove(self, record: Record) -> None:
        """Take a record out, with everything that belongs to it."""
        if isinstance(record, Timeline):
            for track in list(record.all_tracks()):
                self.remove(track)
        elif isinstance(record, Track):
            for item in [*record.transitions, *record.items]:
                self.remove(item)
            self.timelines[record.parent].tracks[record.type].remove(record)
        elif isinstance(record, Item):
            track = self.tracks[record.parent]
            for transition in track.crossing(record):
                self.remove(transition)
            track.remove(record)
            self._forget_link(record)
        del getattr(self, f"{record.KIND}s")[record.id]
        record.forget()

    def next_position(self) -> int:
        """A position after all others."""
        self.last_position += 1
        return self.last_position

    def all_records(self) -> Iterator[Record]:
        """Every record inside, owners first."""
        for kind in KINDS:
            yield from getattr(self, f"{kind.KIND}s").values()

    def link(self, item: Item, link: str) -> None:
        """Link an item with those that share a text, or with none for ''. Nothing else may write an item's `link`."""
        self._forget_link(item)
        item.link = link
        if link:
            self.links.setdefault(link, []).append(item)

    def _forget_link(self, item: Item) -> None:
        if item.link:
            together = self.links[item.link]
            together.remove(item)
            if not together:
                del self.links[item.link]

    def linked(self, item: Item) -> list[Item]:
        """The items linked with an item, itself included, track by track; only itself when it is not linked. Found
        without a look at the others of its timeline, as whoever reads it asks of every item."""
        if not item.link:
            return [item]
        home = self.tracks[item.parent].parent
        together = [one for one in self.links[item.link] if self.tracks[one.parent].parent == home]
        return sorted(together, key=self._place)

    def _place(self, item: Item) -> tuple[int, int, int]:
        track = self.tracks[item.parent]
        return KINDS_OF_TRACKS.index(track.type), track.position, item.position

    def timeline_of(self, item: Item) -> Timeline:
        """The timeline that an item stands on."""
        return self.timelines[self.tracks[item.parent].parent]

    def extent(self, clip: Clip) -> tuple[int, int]:
        """A clip's first frame, counted from midnight, and its count of frames; a timeline's are what it has now."""
        if not clip.timeline:
            return clip.start, clip.frames
        timeline = self.timelines[clip.timeline]
        return timeline.start, timeline.end

    def listed_timelines(self) -> list[Timeline]:
        """The timelines in order, without those of compound, Fusion and multicam clips."""
        hidden = (COMPOUND, FUSION_CLIP, MULTICAM)
        return [one for one in self.timelines.values() if self.clips[one.clip].type not in hidden]

    def open_folder(self) -> Folder:
        """The media pool folder that imports and new timelines go to."""
        return self.folders.get(self.current_folder, self.root)

    def open_album(self) -> Album:
        """The album that grabbed stills go to."""
        first = next(album for album in self.albums.values() if not album.power_grade)
        return self.albums.get(self.current_album, first)

    def open_timeline(self) -> Timeline | None:
        """The current timeline."""
        return self.timelines.get(self.current_timeline)


def new_project(name: str, parent: str, now: float, settings: Mapping[str, Any]) -> Project:
    """A project with nothing but the root folder, `Master`, and one still album."""
    project = Project(Changes(), parent=parent, name=name, created=now, modified=now, settings=settings)
    project.add(Folder(project.changes, name="Master"))
    project.add(Album(project.changes, position=project.next_position(), name="Stills 1"))
    return project
