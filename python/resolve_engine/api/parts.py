"""What the parts of a class have in common that several files make up: the record that its handle stands for."""

from __future__ import annotations

from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Clip
from resolve_engine.model.folder import Folder
from resolve_engine.model.item import Item
from resolve_engine.model.timeline import Timeline


class ItemPart(ApiClass):
    """A part of `TimelineItem`."""

    @property
    def alive(self) -> bool:
        return self.key in self.project.items

    @property
    def item(self) -> Item:
        """The item."""
        return self.project.items[self.key]

    @property
    def timeline(self) -> Timeline:
        """The timeline that it stands on."""
        return self.project.timeline_of(self.item)

    @property
    def clip(self) -> Clip:
        """The clip that it plays; Refusal for an item without one."""
        clip = self.project.clips.get(self.item.clip)
        if clip is None:
            raise Refusal(f"{self.item.name!r} shows no clip of the media pool")
        return clip


class TimelinePart(ApiClass):
    """A part of `Timeline`."""

    @property
    def alive(self) -> bool:
        return self.key in self.project.timelines

    @property
    def timeline(self) -> Timeline:
        """The timeline."""
        return self.project.timelines[self.key]


class ClipPart(ApiClass):
    """A part of `MediaPoolItem`."""

    @property
    def alive(self) -> bool:
        return self.key in self.project.clips

    @property
    def clip(self) -> Clip:
        """The clip, with what was written to its file since where that grows."""
        clip = self.project.clips[self.key]
        if clip.growing:
            from resolve_engine.api.growing import look

            look(self.project, clip)
        return clip


class FolderPart(ApiClass):
    """A part of `Folder`."""

    @property
    def alive(self) -> bool:
        return self.key in self.project.folders

    @property
    def folder(self) -> Folder:
        """The folder."""
        return self.project.folders[self.key]
