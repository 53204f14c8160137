"""A process that edits at random and says after each answered edit what must now be true; it never ends by itself.

`main` sends one JSON text `[key, value]` for each edit; `observed` reads the keys back.
"""

from __future__ import annotations

import json
import os
import random
from multiprocessing.connection import Connection
from typing import Any

from clips import add_clip

from resolve_engine import failure, fusionscript

PROJECT = "edited"
COLORS = ("Blue", "Red", "Green", "Sand")
MOST_ITEMS = 24
"""On the picture track; beyond that items are deleted, so that no edit becomes slow."""
LEAST_FRAMES = 8
"""Of an item that is played at another speed, so that it keeps a frame."""


class Editor:
    """Random edits of one project; each method makes one edit and gives its key and its value."""

    def __init__(self, resolve: Any, chance: random.Random) -> None:
        self.chance = chance
        self.project = resolve.GetCurrentProject()
        self.pool = self.project.GetMediaPool()
        self.timeline = self.project.GetCurrentTimeline()

    def edit(self) -> tuple[str, Any]:
        """One edit."""
        if len(self.pairs()) < 2:
            return self.append()
        if len(self.timeline.GetItemListInTrack("video", 1)) > MOST_ITEMS:
            return self.delete()
        elsewhere = [self.add_marker, self.delete_marker, self.rename_track, self.comment, self.folder]
        on_items = [self.append, self.pan, self.delete, self.insert, self.retime, self.link]
        return self.chance.choice(elsewhere + on_items)()

    def add_marker(self) -> tuple[str, Any]:
        """A marker on a free frame."""
        taken = self.timeline.GetMarkers()
        frame = next(frame for frame in iter(lambda: self.chance.randrange(10**6), None) if frame not in taken)
        done(self.timeline.AddMarker(frame, self.chance.choice(COLORS), f"m{self.chance.random()}", "ü\n'\"", 1))
        return self.cut()

    def delete_marker(self) -> tuple[str, Any]:
        """Any marker."""
        taken = list(self.timeline.GetMarkers())
        if not taken:
            return self.add_marker()
        done(self.timeline.DeleteMarkerAtFrame(self.chance.choice(taken)))
        return self.cut()

    def append(self) -> tuple[str, Any]:
        """The clip once more, picture and sound."""
        clip = self.pool.GetRootFolder().GetClipList()[0]
        (item,) = self.pool.AppendToTimeline([clip])
        done(item)
        return self.cut()

    def pan(self) -> tuple[str, Any]:
        """A property of some item."""
        picture, _ = self.chance.choice(self.pairs())
        done(picture.SetProperty("Pan", self.chance.uniform(-100, 100)))
        return self.cut()

    def delete(self) -> tuple[str, Any]:
        """A title, or a picture with its sound; what stands behind moves up, or the gap stays."""
        pictures = self.timeline.GetItemListInTrack("video", 1) or []
        titles = [[item] for item in pictures if not item.GetMediaPoolItem()]
        done(
            self.timeline.DeleteClips(
                self.chance.choice([*map(list, self.pairs()), *titles]), self.chance.random() < 0.5
            )
        )
        return self.cut()

    def insert(self) -> tuple[str, Any]:
        """A title at any frame; what stands there is cut apart, and what stands behind moves."""
        rate = 24
        frame = self.chance.randrange(self.timeline.GetEndFrame() - self.timeline.GetStartFrame())
        seconds, frames = divmod(frame, rate)
        minutes, seconds = divmod(seconds, 60)
        done(self.timeline.SetCurrentTimecode(f"01:{minutes:02}:{seconds:02}:{frames:02}"))
        done(self.timeline.InsertTitleIntoTimeline("Text"))
        return self.cut()

    def retime(self) -> tuple[str, Any]:
        """A picture with its sound, and what stands behind moves with their end."""
        long = [pair for pair in self.pairs() if pair[0].GetDuration() >= LEAST_FRAMES]
        linked = [picture for picture, _ in long if picture.GetLinkedItems()]
        if not linked:
            return self.append()
        percent = self.chance.choice([50, 100, 200, -100])
        done(self.chance.choice(linked).SetSpeed({"Percentage": percent, "RippleTimeline": True}))
        return self.cut()

    def link(self) -> tuple[str, Any]:
        """A picture with its sound: linked anew, or apart."""
        done(self.timeline.SetClipsLinked(list(self.chance.choice(self.pairs())), self.chance.random() < 0.7))
        return self.cut()

    def rename_track(self) -> tuple[str, Any]:
        """The first picture track."""
        name = f"V{self.chance.random()}"
        done(self.timeline.SetTrackName("video", 1, name))
        return "track", name

    def comment(self) -> tuple[str, Any]:
        """A metadata field of the clip."""
        text = f"comment {self.chance.random()}"
        done(self.pool.GetRootFolder().GetClipList()[0].SetMetadata("Comments", text))
        return "comment", text

    def folder(self) -> tuple[str, Any]:
        """A folder of the media pool."""
        name = f"bin {self.chance.random()}"
        done(self.pool.AddSubFolder(self.pool.GetRootFolder(), name))
        return f"folder {name}", True

    def pairs(self) -> list[tuple[Any, Any]]:
        """Each picture with its sound, in order. They stand in step after every whole edit, so one that was stored by
        half is seen here."""
        sides = [self.timeline.GetItemListInTrack(kind, 1) or [] for kind in ("video", "audio")]
        pictures, sounds = ([item for item in side if item.GetMediaPoolItem()] for side in sides)
        places = [[(item.GetStart(), item.GetEnd(), item.GetSpeed()) for item in side] for side in (pictures, sounds)]
        if places[0] != places[1]:
            raise AssertionError(f"picture and sound are out of step: {places}")
        return list(zip(pictures, sounds, strict=True))

    def cut(self) -> tuple[str, Any]:
        """Everything on the timeline, and its markers, which move with what is inserted."""
        rows = []
        for pair in self.pairs():
            for item in pair:
                row = [item.GetUniqueId(), item.GetStart(), item.GetEnd(), item.GetSourceStartTime()]
                linked = [other.GetUniqueId() for other in item.GetLinkedItems()]
                rows.append([*row, item.GetSpeed()["Percentage"], item.GetProperty("Pan"), linked])
        markers = [[int(frame), marker["name"]] for frame, marker in self.timeline.GetMarkers().items()]
        return "cut", [rows, sorted(markers)]


def done(answer: Any) -> None:
    """Every edit here must succeed."""
    if not answer:
        raise SystemExit(f"refused: {failure.last()}")


def observed(resolve: Any) -> dict[str, Any]:
    """Everything that the keys of edits can name, read through the API."""
    editor = Editor(resolve, random.Random(0))
    found: dict[str, Any] = dict([editor.cut()])
    found["track"] = editor.timeline.GetTrackName("video", 1)
    found["comment"] = editor.pool.GetRootFolder().GetClipList()[0].GetMetadata("Comments")
    found.update({f"folder {f.GetName()}": True for f in editor.pool.GetRootFolder().GetSubFolderList()})
    return found


def main(seed: int, home: str, told: Connection) -> None:
    """Edit until killed, in an engine that keeps its data in `home`."""
    os.environ["RESOLVE_ENGINE_HOME"] = home
    resolve: Any = fusionscript.scriptapp("Resolve")
    if resolve.GetCurrentProject().GetName() != PROJECT:
        done(resolve.GetProjectManager().CreateProject(PROJECT))
        add_clip()
        done(resolve.GetMediaPool().CreateEmptyTimeline("t"))
    done(resolve.OpenPage("edit"))
    editor = Editor(resolve, random.Random(seed))
    while True:
        key, value = editor.edit()
        told.send_bytes(json.dumps([key, value]).encode())
