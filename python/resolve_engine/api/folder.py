"""`Folder`: a folder (bin) of the media pool."""

from __future__ import annotations

from resolve_engine.api.names import numbered
from resolve_engine.api.pool_files import FolderFileMethods
from resolve_engine.api.transcription import FolderTranscriptMethods
from resolve_engine.remote import PyRemoteObject


class Folder(FolderFileMethods, FolderTranscriptMethods):
    """One folder of the open project."""

    CLASS = "Folder"

    def GetName(self) -> str:
        return self.folder.name

    def GetUniqueId(self) -> str:
        return self.folder.id

    def GetIsFolderStale(self) -> bool:
        return False

    def GetClipList(self) -> list[PyRemoteObject]:
        return [self.clip_handle(clip) for clip in self.project.clips.values() if clip.parent == self.key]

    def GetClips(self) -> dict[float, PyRemoteObject]:
        return numbered(self.GetClipList())

    def GetSubFolderList(self) -> list[PyRemoteObject]:
        return [self.folder_handle(folder) for folder in self.project.folders.values() if folder.parent == self.key]

    def GetSubFolders(self) -> dict[float, PyRemoteObject]:
        return numbered(self.GetSubFolderList())
