"""A process that edits at random and says after each answered edit what must now be true; it never ends by itself.

`python editor.py SEED`: one JSON line `[key, value]` on standard output for each edit; `observed` reads the keys back.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from clips import add_clip

from resolve_engine import failure, fusionscript

PROJECT = "edited"
COLORS = ("Blue", "Red", "Green", "Sand")


class Editor:
    """Random edits of one project; each method makes one edit and gives its key and its value."""

    def __init__(self, resolve: Any, chance: random.Random) -> None:
        self.chance = chance
        self.project = resolve.GetCurrentProject()
        self.pool = self.project.GetMediaPool()
        self.timeline = self.project.GetCurrentTimeline()

    def edit(self) -> tuple[str, Any]:
        """One edit."""
        return self.chance.choice(
            [self.add_marker, self.delete_marker, self.append, self.pan, self.rename_track, self.comment, self.folder]
        )()

    def add_marker(self) -> tuple[str, Any]:
        """A marker on a free frame."""
        taken = self.timeline.GetMarkers()
        frame = next(frame for frame in iter(lambda: self.chance.randrange(10**6), None) if frame not in taken)
        name = f"m{self.chance.random()}"
        done(self.timeline.AddMarker(frame, self.chance.choice(COLORS), name, "ü\n'\"", 1))
        return f"marker {frame}", name

    def delete_marker(self) -> tuple[str, Any]:
        """Any marker."""
        taken = list(self.timeline.GetMarkers())
        if not taken:
            return self.add_marker()
        frame = int(self.chance.choice(taken))
        done(self.timeline.DeleteMarkerAtFrame(frame))
        return f"marker {frame}", None

    def append(self) -> tuple[str, Any]:
        """The clip once more, picture and sound."""
        clip = self.pool.GetRootFolder().GetClipList()[0]
        (item,) = self.pool.AppendToTimeline([clip])
        done(item)
        return "items", len(self.items())

    def pan(self) -> tuple[str, Any]:
        """A property of some item."""
        items = self.items()
        if not items:
            return self.append()
        index, value = self.chance.randrange(len(items)), self.chance.uniform(-100, 100)
        done(items[index].SetProperty("Pan", value))
        return f"pan {index}", value

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

    def items(self) -> list[Any]:
        """The picture items, in order."""
        return self.timeline.GetItemListInTrack("video", 1) or []


def done(answer: Any) -> None:
    """Every edit here must succeed."""
    if not answer:
        raise SystemExit(f"refused: {failure.last()}")


def observed(resolve: Any) -> dict[str, Any]:
    """Everything that the keys of edits can name, read through the API."""
    editor = Editor(resolve, random.Random(0))
    found: dict[str, Any] = {f"marker {int(frame)}": m["name"] for frame, m in editor.timeline.GetMarkers().items()}
    found["items"] = len(editor.items())
    found.update({f"pan {index}": item.GetProperty("Pan") for index, item in enumerate(editor.items())})
    found["track"] = editor.timeline.GetTrackName("video", 1)
    found["comment"] = editor.pool.GetRootFolder().GetClipList()[0].GetMetadata("Comments")
    found.update({f"folder {f.GetName()}": True for f in editor.pool.GetRootFolder().GetSubFolderList()})
    return found


def main(seed: int) -> None:
    """Edit until killed."""
    resolve: Any = fusionscript.scriptapp("Resolve")
    if resolve.GetCurrentProject().GetName() != PROJECT:
        done(resolve.GetProjectManager().CreateProject(PROJECT))
        add_clip()
        done(resolve.GetMediaPool().CreateEmptyTimeline("t"))
    editor = Editor(resolve, random.Random(seed))
    while True:
        key, value = editor.edit()
        print(json.dumps([key, value]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
