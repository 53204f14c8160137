"""The methods of a timeline item about its takes and the versions of its grade."""

from __future__ import annotations

from typing import Any

from resolve_engine import failure
from resolve_engine.api import arguments
from resolve_engine.api.names import numbered
from resolve_engine.api.parts import ItemPart
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal
from resolve_engine.model import take, version
from resolve_engine.model.item import Item


class VersionMethods(ItemPart):
    """Takes count from 1. Switching takes changes the picture item alone, not the sound linked with it."""

    # Takes

    @property
    def _on_current(self) -> bool:
        """Whether it stands on the current timeline; elsewhere Resolve counts no takes."""
        return self.project.timeline_of(self.item).id == self.project.current_timeline

    def GetTakesCount(self) -> int:
        return len(self.item.takes) if self._on_current else 0

    def GetSelectedTakeIndex(self) -> int:
        return self.item.take if self._on_current else 0

    def GetTakeByIndex(self, idx: Any) -> dict[str, Any]:
        found = take.take_at(self.item, arguments.whole(idx, "the number of the take"))
        handle = self.handle("MediaPoolItem", found.clip)
        return {"startFrame": found.first, "endFrame": found.after, "mediaPoolItem": handle}

    def AddTake(self, mediaPoolItem: Any, startFrame: Any = None, endFrame: Any = None) -> bool:
        """The end is exclusive. The item keeps its length and what it shows."""
        clip = self.given_clip(mediaPoolItem)
        first = None if startFrame is None else arguments.whole(startFrame, "startFrame", 0)
        after = None if endFrame is None else arguments.whole(endFrame, "endFrame", 0)
        if not build().shown_take_is_refused and take.selector_of_shown(self.project, self.item, clip, first, after):
            failure.note("what the item shows is its take 1 now, and no take was added")
            return False
        take.add_take(self.project, self.item, clip, first, after)
        return True

    def SelectTakeByIndex(self, idx: Any) -> bool:
        take.select_take(self.project, self.item, arguments.whole(idx, "the number of the take"))
        return True

    def DeleteTakeByIndex(self, idx: Any) -> bool:
        take.delete_take(self.item, arguments.whole(idx, "the number of the take"))
        return True

    def FinalizeTake(self) -> bool:
        item = self.item
        if not item.takes:
            raise Refusal(f"{item.name!r} has no takes")
        item.takes, item.take = (), 0
        return True

    # Versions of the grade

    def GetVersionNameList(self, versionType: Any) -> list[str]:
        return [name for name, _ in version.versions(self.project, self._versioned(), _kind(versionType))]

    def GetVersionNames(self, versionType: Any) -> dict[float, str]:
        return numbered(self.GetVersionNameList(versionType))

    def GetCurrentVersion(self) -> dict[str, Any]:
        item = self._versioned()
        kind = version.REMOTE if item.remote else version.LOCAL
        return {"versionName": item.remote or item.version, "versionType": kind}

    def AddVersion(self, versionName: Any, versionType: Any) -> bool:
        """It begins as the grade in use, and is in use from then on."""
        version.add_version(self.project, self._versioned(), _name(versionName), _kind(versionType))
        return True

    def LoadVersionByName(self, versionName: Any, versionType: Any) -> bool:
        version.load_version(self.project, self._versioned(), _name(versionName), _kind(versionType))
        return True

    def RenameVersionByName(self, oldName: Any, newName: Any, versionType: Any) -> bool:
        names = _name(oldName), _name(newName)
        version.rename_version(self.project, self._versioned(), *names, _kind(versionType))
        return True

    def DeleteVersionByName(self, versionName: Any, versionType: Any) -> bool:
        version.delete_version(self.project, self._versioned(), _name(versionName), _kind(versionType))
        return True

    def _versioned(self) -> Item:
        if self.item.type != "video" or not self.item.clip:
            raise Refusal(f"{self.item.name!r} is no picture of a clip and has no grade")
        return self.item


def _kind(value: Any) -> int:
    return arguments.whole(value, "the version type (0 local, 1 remote)", version.LOCAL, version.REMOTE)


def _name(value: Any) -> str:
    return arguments.text(value, "the name of the version", empty=False)
