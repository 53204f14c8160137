"""`MediaPool`: folders and clips; placing clips on timelines and importing stand in the classes it inherits."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.audio_sync import SyncMethods
from resolve_engine.api.mattes import MatteMethods
from resolve_engine.api.media_pool_append import PlacingMethods
from resolve_engine.api.media_pool_import import ImportMethods
from resolve_engine.api.multicam import MulticamMethods
from resolve_engine.api.pool_files import PoolFileMethods
from resolve_engine.api.timeline_import import TimelineImportMethods
from resolve_engine.errors import Refusal
from resolve_engine.model import building
from resolve_engine.model.clip import Clip
from resolve_engine.model.folder import Folder
from resolve_engine.remote import PyRemoteObject


class MediaPool(
    PlacingMethods, ImportMethods, SyncMethods, MulticamMethods, MatteMethods, PoolFileMethods, TimelineImportMethods
):
    """The media pool of the open project."""

    CLASS = "MediaPool"

    def GetUniqueId(self) -> str:
        return f"{self.project.id}-pool"

    # Folders

    def GetRootFolder(self) -> PyRemoteObject:
        return self.folder_handle(self.project.root)

    def GetCurrentFolder(self) -> PyRemoteObject:
        return self.folder_handle(self.project.open_folder())

    def SetCurrentFolder(self, folder: Any) -> bool:
        chosen = self.given_folder(folder).id
        if chosen != self.project.open_folder().id:
            self.app.selected = ()  # as in the window, what is selected lies in the folder that is open
        self.project.current_folder = chosen
        return True

    def RefreshFolders(self) -> bool:
        return True

    def AddSubFolder(self, folder: Any, name: Any) -> PyRemoteObject:
        parent = self.given_folder(folder)
        chosen = arguments.text(name, "the name of the folder", empty=False)
        if any(other.name == chosen and other.parent == parent.id for other in self.project.folders.values()):
            raise Refusal(f"a folder named {chosen!r} exists in {parent.name!r} already")
        return self.folder_handle(building.new_folder(self.project, parent, chosen))

    def MoveFolders(self, folders: Any, targetFolder: Any) -> bool:
        target = self.given_folder(targetFolder, "the target folder")
        moved = self._given_folders(folders)
        for folder in moved:
            if target in self._inside(folder):
                raise Refusal(f"the folder {folder.name!r} cannot be moved into itself")
            for other in self.project.folders.values():
                if other.parent == target.id and other.name == folder.name and other is not folder:
                    raise Refusal(f"a folder named {folder.name!r} exists in {target.name!r} already")
        for folder in moved:
            folder.parent = target.id
        return True

    def DeleteFolders(self, subfolders: Any) -> bool:
        inside = [folder for top in self._given_folders(subfolders) for folder in self._inside(top)]
        ids = {folder.id for folder in inside}
        clips = [clip for clip in self.project.clips.values() if clip.parent in ids]
        self._check_unused(clips)
        for clip in clips:
            self._delete(clip)
        if self.project.current_folder in ids:
            self.project.current_folder = ""
        for folder in reversed(list(dict.fromkeys(inside))):
            self.project.remove(folder)
        return True

    def _given_folders(self, value: Any) -> list[Folder]:
        """The folders in a list; the root is refused."""
        folders = [self.given_folder(folder) for folder in arguments.listing(value, "the folders")]
        if self.project.root in folders:
            raise Refusal(f"the root folder {self.project.root.name!r} stays where it is")
        if not folders:
            raise Refusal("no folder was given")
        return folders

    def _inside(self, folder: Folder) -> list[Folder]:
        """A folder and every folder below it, outer ones first."""
        found = [folder]
        for outer in found:
            found.extend(inner for inner in self.project.folders.values() if inner.parent == outer.id)
        return found

    # Clips

    def GetSelectedClips(self) -> list[PyRemoteObject]:
        """What SetSelectedClip chose: there is no window in which anybody else could."""
        return [self.clip_handle(self.project.clips[id]) for id in self.app.selected if id in self.project.clips]

    def SetSelectedClip(self, mediaPoolItem: Any) -> bool:
        clip = self.given_clip(mediaPoolItem)
        self.project.current_folder = clip.parent
        self.app.selected = (clip.id,)
        return True

    def MoveClips(self, clips: Any, targetFolder: Any) -> bool:
        target = self.given_folder(targetFolder, "the target folder")
        for clip in self._given_clips(clips):
            clip.parent = target.id
        return True

    def DeleteClips(self, clips: Any) -> bool:
        gone = self._given_clips(clips)
        self._check_unused(gone)
        for clip in gone:
            self._delete(clip)
        return True

    def DeleteTimelines(self, timelines: Any) -> bool:
        listed = [self.given_timeline(timeline) for timeline in arguments.listing(timelines, "the timelines")]
        if not listed:
            raise Refusal("no timeline was given")
        gone = [self.project.clips[timeline.clip] for timeline in dict.fromkeys(listed)]
        self._check_unused(gone)
        for clip in gone:
            self._delete(clip)
        return True

    def _given_clips(self, value: Any) -> list[Clip]:
        """The clips in a list, each once."""
        clips = [self.given_clip(clip) for clip in arguments.listing(value, "the clips")]
        if not clips:
            raise Refusal("no clip was given")
        return list(dict.fromkeys(clips))

    def _check_unused(self, clips: list[Clip]) -> None:
        """Refuse to delete what a timeline shows, or the timeline that is open."""
        going = {clip.id for clip in clips}
        gone_timelines = {clip.timeline for clip in clips if clip.timeline}
        if self.project.current_timeline in gone_timelines:
            raise Refusal("the current timeline cannot be deleted; make another one current first")
        for timeline in self.project.timelines.values():
            if timeline.id in gone_timelines:
                continue
            for item in timeline.all_items():
                used = going & {item.clip, *(take.clip for take in item.takes)}
                if used:
                    name = self.project.clips[used.pop()].name
                    raise Refusal(f"{name!r} is used on the timeline {timeline.name!r}; delete its items there first")

    def _delete(self, clip: Clip) -> None:
        if clip.timeline:
            self.project.remove(self.project.timelines[clip.timeline])
        self.project.remove(clip)
