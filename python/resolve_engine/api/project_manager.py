"""`ProjectManager`: the projects of the attached database and their folders."""

from __future__ import annotations

import time
import uuid
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.names import numbered, project_name
from resolve_engine.api.project_files import ProjectFileMethods
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal, StoreError
from resolve_engine.model.project import UNTITLED
from resolve_engine.remote import PyRemoteObject
from resolve_engine.store import databases


class ProjectManager(ProjectFileMethods):
    """The project manager. Changes are stored as they are made, so closing a project loses nothing, saved or not."""

    CLASS = "ProjectManager"

    # Projects

    def CreateProject(self, projectName: Any, mediaLocationPath: Any = "") -> PyRemoteObject:
        name = project_name(projectName, "the project")
        arguments.text(mediaLocationPath, "the media location")
        if self.app.database.project_id(self.app.manager_folder, name) is not None:
            raise Refusal(f"a project named {name!r} exists in this folder already; load it or choose another name")
        project = self.app.create_project(name)
        if mediaLocationPath:
            project.settings = {**project.settings, "projectMediaLocation": mediaLocationPath}
        return self.handle("Project", project.id)

    def LoadProject(self, projectName: Any) -> PyRemoteObject:
        name = arguments.text(projectName, "the project name")
        id = self.app.database.project_id(self.app.manager_folder, name)
        if id is None:
            raise Refusal(f"there is no project named {name!r} in this folder")
        try:
            project = self.app.open_project(id)
        except StoreError as error:
            raise Refusal(f"the project {name!r} {error}") from error
        return self.handle("Project", project.id)

    def GetCurrentProject(self) -> PyRemoteObject:
        return self.handle("Project", self.project.id)

    def SaveProject(self) -> bool:
        if self.project.untitled:
            raise Refusal(f"{UNTITLED!r} cannot be saved; create a project or name this one with SetName first")
        self.project.saved = time.time()
        return True

    def CloseProject(self, project: Any) -> bool:
        self.given(project, "Project", {self.project.id: self.project}, "the project")
        self.app.close_project()
        return True

    def DeleteProject(self, projectName: Any) -> bool:
        name = arguments.text(projectName, "the project name")
        id = self.app.database.project_id(self.app.manager_folder, name)
        if id is None:
            raise Refusal(f"there is no project named {name!r} in this folder")
        stored = None if build().unsaved_projects_can_be_deleted else self.app.database.load(id)
        if stored is not None and not stored.saved:
            raise Refusal(f"the project {name!r} was never saved; open it and call SaveProject first")
        try:
            self.app.delete_project(id)
        except StoreError as error:
            raise Refusal(f"the project {name!r} {error}") from error
        return True

    def GetProjectListInCurrentFolder(self) -> list[str]:
        return self.app.database.project_names(self.app.manager_folder)

    def GetProjectsInCurrentFolder(self) -> dict[float, str]:
        return numbered(self.GetProjectListInCurrentFolder())

    def GetProjectLastModifiedTime(self, projectName: Any) -> int:
        name = arguments.text(projectName, "the project name")
        dates = self.app.database.project_dates(self.app.manager_folder)
        if name not in dates:
            raise Refusal(f"there is no project named {name!r} in this folder")
        return int(dates[name][1])

    def GetProjectAttributesInCurrentFolder(self) -> dict[str, dict[str, str]]:
        return {
            name: {
                "lastModifiedDate": _date(modified),
                "creationDate": _date(created),
                "notes": notes,
                "liveCollaborationMode": "single_user",
            }
            for name, (created, modified, notes) in self.app.database.project_dates(self.app.manager_folder).items()
        }

    # Folders

    def CreateFolder(self, folderName: Any) -> bool:
        name = project_name(folderName, "the folder")
        here = self.app.manager_folder
        if self.app.database.folder_id(here, name) is not None:
            raise Refusal(f"a folder named {name!r} exists here already")
        self.app.database.create_folder(str(uuid.uuid4()), here, name)
        return True

    def DeleteFolder(self, folderName: Any) -> bool:
        """With everything in it; a project that is open anywhere refuses it all."""
        folders, projects = self._inside(self._folder(folderName))
        for id, name in projects.items():
            try:
                if id == self.project.id:
                    raise StoreError("is open; close it first")
                self.app.database.lock(id).release()
            except StoreError as error:
                raise Refusal(f"the folder {folderName!r} is kept: the project {name!r} in it {error}") from error
        for id in projects:
            self.app.delete_project(id)
        for folder in reversed(folders):
            self.app.database.delete_folder(folder)
        return True

    def _inside(self, folder: str) -> tuple[list[str], dict[str, str]]:
        """A folder with all below it, each before what it holds, and the names of the projects in them by id."""
        database = self.app.database
        folders, projects = [folder], {}
        for one in folders:
            folders.extend(id for name in database.folder_names(one) if (id := database.folder_id(one, name)))
            names = database.project_names(one)
            projects.update({id: name for name in names if (id := database.project_id(one, name))})
        return folders, projects

    def GetFolderListInCurrentFolder(self) -> list[str]:
        return self.app.database.folder_names(self.app.manager_folder)

    def GetFoldersInCurrentFolder(self) -> dict[float, str]:
        return numbered(self.GetFolderListInCurrentFolder())

    def GetCurrentFolder(self) -> str:
        folder = self.app.database.folder(self.app.manager_folder)
        return folder[1] if folder else ""

    def GotoRootFolder(self) -> bool:
        self.app.go_to_folder("")
        return True

    def GotoParentFolder(self) -> bool:
        folder = self.app.database.folder(self.app.manager_folder)
        if folder is None:
            raise Refusal("the project manager is at the top")
        self.app.go_to_folder(folder[0])
        return True

    def OpenFolder(self, folderName: Any) -> bool:
        self.app.go_to_folder(self._folder(folderName))
        return True

    def _folder(self, value: Any) -> str:
        name = arguments.text(value, "the folder name")
        id = self.app.database.folder_id(self.app.manager_folder, name)
        if id is None:
            raise Refusal(f"there is no folder named {name!r} here")
        return id

    # Databases

    def GetCurrentDatabase(self) -> dict[str, str]:
        return self.app.database_name.shown()

    def GetDatabaseList(self) -> list[dict[str, str]]:
        return [name.shown() for name in databases.known(self.app.home)]

    def SetCurrentDatabase(self, dbInfo: Any) -> bool:
        """The project that is open is closed; `python -m resolve_engine.store` makes databases known."""
        given = arguments.table(dbInfo, "the database")
        kind = arguments.choice(given.get("DbType"), "DbType", databases.TYPES)
        name = arguments.text(given.get("DbName"), "DbName", empty=False)
        address = arguments.text(given.get("IpAddress", databases.LOCAL), "IpAddress")
        for candidate in databases.known(self.app.home):
            if (candidate.type, candidate.name) == (kind, name) and (kind == "Disk" or candidate.address == address):
                break
        else:
            raise Refusal(f"there is no {kind} database named {name!r}; GetDatabaseList names those that there are")
        if candidate == self.app.database_name:
            return True
        try:
            self.app.switch_database(candidate)
        except StoreError as error:
            raise Refusal(str(error)) from error
        return True


def _date(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
