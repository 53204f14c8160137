"""The methods of the project manager that write projects to files and read them."""

from __future__ import annotations

import os
import time
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.names import project_name
from resolve_engine.errors import Refusal, StoreError
from resolve_engine.model.project import Project
from resolve_engine.store import stills


class ProjectFileMethods(ApiClass):
    """Files are written beside their place and renamed when they are whole. Imports do not open what they bring."""

    def ExportProject(self, projectName: Any, filePath: Any, withStillsAndLUTs: Any = True) -> bool:
        from resolve_engine.archive import project_file

        project = self._stored(projectName)
        path = _target(filePath, ".drp")
        with_luts = arguments.flag(withStillsAndLUTs, "withStillsAndLUTs")
        _packed(lambda: project_file.export(project, path, with_luts))
        return True

    def ImportProject(self, filePath: Any, projectName: Any = None) -> bool:
        from resolve_engine.archive import package, project_file

        path = arguments.path(filePath, "the path")
        found = _packed(lambda: package.read(path, "project"))
        name = self._free_name(projectName, found.name)
        project = _packed(lambda: project_file.build(found, self.app.manager_folder, name, time.time()))
        self._take_in(project, found.luts)
        return True

    def ArchiveProject(
        self,
        projectName: Any,
        filePath: Any,
        isArchiveSrcMedia: Any = True,
        isArchiveRenderCache: Any = True,
        isArchiveProxyMedia: Any = False,
    ) -> bool:
        """The engine keeps no render cache, so there is none to pack."""
        from resolve_engine.archive import media_archive

        project = self._stored(projectName)
        path = _target(filePath, ".dra")
        media = arguments.flag(isArchiveSrcMedia, "isArchiveSrcMedia")
        arguments.flag(isArchiveRenderCache, "isArchiveRenderCache")
        proxies = arguments.flag(isArchiveProxyMedia, "isArchiveProxyMedia")
        _packed(lambda: media_archive.archive(project, path, media, proxies))
        return True

    def RestoreProject(self, filePath: Any, projectName: Any = None) -> bool:
        """The clips are linked to the media inside the archive, which stays where it is."""
        from resolve_engine.archive import media_archive

        path = arguments.path(filePath, "the path")
        if os.path.isfile(path):
            raise Refusal(f"{path!r} is no archive (.dra); a project file (.drp) is brought in with ImportProject")
        project, luts = _packed(
            lambda: media_archive.restore(
                path, self.app.manager_folder, lambda stored: self._free_name(projectName, stored), time.time()
            )
        )
        self._take_in(project, luts)
        return True

    def _stored(self, value: Any) -> Project:
        """A project of the current folder, open or not."""
        name = arguments.text(value, "the project name")
        if name == self.project.name and self.project.parent == self.app.manager_folder:
            return self.project
        id = self.app.database.project_id(self.app.manager_folder, name)
        project = self.app.database.load(id) if id is not None else None
        if project is None:
            raise Refusal(f"there is no project named {name!r} in this folder")
        return project

    def _free_name(self, value: Any, stored: str) -> str:
        name = project_name(stored if value is None or value == "" else value, "the project")
        if self.app.database.project_id(self.app.manager_folder, name) is not None:
            raise Refusal(f"a project named {name!r} exists in this folder already; give another name to import it as")
        return name

    def _take_in(self, project: Project, luts: dict[str, bytes]) -> None:
        from resolve_engine.archive import project_file

        try:
            project_file.install_luts(luts)
            self.app.database.write(project, {})
        except StoreError as error:
            stills.drop(project.id)
            raise Refusal(str(error)) from error
        except OSError as error:
            stills.drop(project.id)
            raise Refusal(f"the LUTs of the project cannot be written: {error.strerror}") from error


def _target(value: Any, extension: str) -> str:
    """Where to write: the extension is added where it is missing, and the folder must be there."""
    path = arguments.path(value, "the path")
    if not path.lower().endswith(extension):
        path += extension
    if os.path.isdir(path) and extension == ".drp":
        raise Refusal(f"{path!r} is a folder")
    if not os.path.isdir(os.path.dirname(path)):
        raise Refusal(f"the folder {os.path.dirname(path)!r} does not exist")
    return path


def _packed(work: Any) -> Any:
    """The answer of reading or writing a file; what goes wrong is the reason of the refusal."""
    from resolve_engine.archive.package import PackageError

    try:
        return work()
    except PackageError as error:
        raise Refusal(str(error)) from error
