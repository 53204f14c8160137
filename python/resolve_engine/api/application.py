"""The running application: the attached database, the open project, the page, and what makes a call all or nothing.

There is one in a process. What is open is stored with every change, so a process that ends in the middle of its work
is resumed by the next one where the last answered call left it; only `Resolve.Quit` and closing a project end that.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from resolve_engine.api import priority
from resolve_engine.errors import ProjectInUse, StoreError
from resolve_engine.model.project import UNTITLED, Project, new_project
from resolve_engine.store import databases, home, stills
from resolve_engine.store.database import Lock

if TYPE_CHECKING:
    from resolve_engine.api.render_queue import RenderQueue

PAGES = ("media", "photo", "cut", "edit", "fusion", "color", "fairlight", "deliver")
_OPEN = "open "
"""Session keys that begin with this name the projects that are open, each with the time it was opened."""
_openings = count(1)
"""Numbers every opening of a project in this process, so that a handle of an earlier one is known as stale."""
LEAVING_S = 5.0
"""How long a start waits for a process that has lost its server and still has the project: it ends within moments."""
LOOK_S = 0.01
"""Between two looks whether it has."""
PRESET_KINDS = ("render", "burn-in", "keyboard", "layout", "project settings", "user preferences")
"""Session keys that begin with `<kind> preset ` hold a preset each, as JSON."""
PREFERENCES: dict[str, Any] = {"keyboard": "DaVinci Resolve", "clone_checksum": "MD5", "clone_keeps_folder": False}
"""The preferences of the user with their defaults: those that the engine has any use for."""


class Application:
    """Everything that is open."""

    def __init__(self) -> None:
        """Attach the database and resume what was open, or begin with an untitled project. Raises StoreError."""
        self.id = str(uuid.uuid4())
        self.home = home.home()
        self.database_name = databases.current(self.home)
        self.database = databases.attach(self.home, self.database_name)
        self._session: dict[str, str | None] = {}
        session = self.database.session()
        self._take(session)
        self.selected: tuple[str, ...] = ()
        """Ids of the clips that are selected in the media pool; forgotten when the project changes, stored nowhere."""
        self._lock: Lock | None = None
        self.project: Project
        self.opening: int
        if not self._resume(session):
            self._begin_untitled()
        self.flush()

    def _take(self, session: dict[str, str]) -> None:
        """Set what the application keeps beside the project from what is stored."""
        self._page = session.get("page", "media")
        self._keyframe_mode = int(session.get("keyframe_mode", "0"))
        self.manager_folder = session.get("manager_folder", "")
        if self.manager_folder and self.database.folder(self.manager_folder) is None:
            self.manager_folder = ""
        self.preferences: dict[str, Any] = {**PREFERENCES, **json.loads(session.get("preferences", "{}"))}
        self.presets: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in PRESET_KINDS}
        for key, value in session.items():
            kind, marked, name = key.partition(" preset ")
            if marked and kind in self.presets:
                self.presets[kind][name] = json.loads(value)

    def _resume(self, session: dict[str, str]) -> bool:
        """Open the project that a process left open when it ended; drop what other ended processes left."""
        left = sorted((key for key in session if key.startswith(_OPEN)), key=lambda key: session[key], reverse=True)
        resumed = False
        for key in left:
            id = key.removeprefix(_OPEN)
            try:
                lock = self._left_lock(id)
            except ProjectInUse:
                continue
            project = None if resumed else self._readable(id)
            if project is not None:
                self._enter(project, lock)
                resumed = True
                continue
            self._session[key] = None
            untitled = id in self.database.untitled_ids()
            if untitled:
                self.database.delete(id)
                stills.drop(id)
            lock.release(project_is_gone=untitled)
        return resumed

    def _left_lock(self, id: str) -> Lock:
        """The lock of a project, also where the process that had it open is about to end. Raises ProjectInUse."""
        until = time.monotonic() + LEAVING_S
        while True:
            try:
                return self.database.lock(id)
            except ProjectInUse as error:
                if not error.ends or time.monotonic() > until:
                    raise
            time.sleep(LOOK_S)

    def _readable(self, id: str) -> Project | None:
        """A stored project. One that cannot be read is told on stderr and left alone: the others must still open."""
        try:
            return self.database.load(id)
        except StoreError as error:
            print(f"the project {id} that was open is not opened again: {error}", file=sys.stderr)
            return None

    def _enter(self, project: Project, lock: Lock) -> None:
        """Make a project the open one."""
        self.project = project
        self.selected = ()
        self._lock = lock
        self.opening = next(_openings)
        self._session[f"{_OPEN}{project.id}"] = repr(time.time())

    def _begin_untitled(self) -> None:
        project = new_project(UNTITLED, "", time.time(), {})
        project.untitled = True
        self._enter(project, self.database.lock(project.id))

    @cached_property
    def render_queue(self) -> RenderQueue:
        """The jobs that are rendered; made when one is asked for, since threads are needed for no other call."""
        from resolve_engine.api.render_queue import RenderQueue

        return RenderQueue()

    # What is open

    @property
    def page(self) -> str:
        """The page that is shown."""
        return self._page

    @page.setter
    def page(self, page: str) -> None:
        if page != self._page:
            self._page = page
            self._session["page"] = page

    @property
    def keyframe_mode(self) -> int:
        """Which keyframes are recorded: 0 all, 1 colour, 2 sizing."""
        return self._keyframe_mode

    @keyframe_mode.setter
    def keyframe_mode(self, mode: int) -> None:
        self._keyframe_mode = mode
        self._session["keyframe_mode"] = str(mode)

    def go_to_folder(self, id: str) -> None:
        """Move the project manager to a folder; '' is the top."""
        self.manager_folder = id
        self._session["manager_folder"] = id

    @property
    def render_presets(self) -> dict[str, dict[str, Any]]:
        """The render presets of the user by name."""
        return self.presets["render"]

    def save_render_preset(self, name: str, preset: dict[str, Any] | None) -> None:
        """Keep a render preset under a name, or drop it (None)."""
        self.keep_preset("render", name, preset)

    def keep_preset(self, kind: str, name: str, preset: dict[str, Any] | None) -> None:
        """Keep a preset of a kind under a name, or drop it (None)."""
        others = {key: value for key, value in self.presets[kind].items() if key != name}
        self.presets[kind] = others if preset is None else {**others, name: preset}
        self._session[f"{kind} preset {name}"] = None if preset is None else json.dumps(preset)

    def prefer(self, **values: Any) -> None:
        """Set preferences of the user."""
        self.preferences = {**self.preferences, **values}
        self._session["preferences"] = json.dumps(self.preferences)

    # Opening and closing

    def open_project(self, id: str) -> Project:
        """Open a stored project in place of the one that is open. Raises StoreError, and the old one stays open."""
        if id == self.project.id:
            return self.project
        lock = self.database.lock(id)
        try:
            project = self.database.load(id)
        except StoreError:
            lock.release()
            raise
        if project is None:
            lock.release()
            raise StoreError("was deleted by another process")
        self._leave()
        self._enter(project, lock)
        self.page = "cut"
        return project

    def create_project(self, name: str) -> Project:
        """Make a project in the folder that the project manager shows, and open it."""
        project = new_project(name, self.manager_folder, time.time(), {})
        lock = self.database.lock(project.id)
        try:
            self.database.write(project, {})
        except BaseException:
            lock.release()
            raise
        self._leave()
        self._enter(project, lock)
        self.page = "cut"
        return project

    def delete_project(self, id: str) -> None:
        """Delete a stored project that is open nowhere. Raises StoreError."""
        if id == self.project.id:
            raise StoreError("is open; close it first")
        lock = self.database.lock(id)
        try:
            self.database.delete(id)
        except StoreError:
            lock.release()
            raise
        stills.drop(id)
        lock.release(project_is_gone=True)

    def close_project(self) -> None:
        """Close the open project; a fresh untitled one takes its place."""
        self._leave()
        self._begin_untitled()

    def _leave(self) -> None:
        """Let go of the open project; an untitled one is dropped, as nothing can open it again."""
        self.flush()
        self._session[f"{_OPEN}{self.project.id}"] = None
        if self.project.untitled:
            self.database.delete(self.project.id)
            stills.drop(self.project.id)
        if self._lock is not None:
            self._lock.release(project_is_gone=self.project.untitled)
            self._lock = None

    def switch_database(self, name: databases.Name) -> None:
        """Attach another database; nothing is open in it but an untitled project. Raises StoreError, and the old one
        stays attached with its project open."""
        database = databases.attach(self.home, name)
        try:
            databases.remember(self.home, name)
        except StoreError:
            database.close()
            raise
        self._leave()
        self.database.write_session(self._session)
        self.database.close()
        self._session.clear()
        self.database, self.database_name = database, name
        session = database.session()
        self._take(session)
        self._session.update(dict.fromkeys(key for key in session if key.startswith(_OPEN)))
        self.go_to_folder("")
        self._begin_untitled()

    def quit(self) -> None:
        """End: the next start opens nothing."""
        priority.restore()
        self.render_queue.stop(self.project.render_jobs)
        self._leave()
        self.database.write_session(self._session)
        self.database.close()

    def release(self) -> None:
        """Close the files and free the lock; what is open stays noted as open."""
        self.database.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # All or nothing

    def flush(self) -> None:
        """Store everything that the call changed, in one transaction. Raises StoreError."""
        if self.project.changes or self._session:
            self.database.write(self.project, self._session)
            self._session.clear()

    def roll_back(self) -> None:
        """Forget everything that the call changed and is not stored: what is on disk is what holds."""
        if self._session:
            self._session.clear()
            self._take(self.database.session())
        if self.project.changes:
            stored = self.database.load(self.project.id)
            if stored is None:
                raise StoreError("the open project is no longer in the database")
            self.project = stored


_current: Application | None = None
_process = 0


def current() -> Application | None:
    """The application, if it runs."""
    return _current


def start() -> Application:
    """The application, started if need be. Raises StoreError when its database cannot be opened."""
    global _current, _process
    if _current is None or _process != os.getpid():
        _current = Application()
        _process = os.getpid()
    return _current


def stop() -> None:
    """End the application; every handle is dead afterwards."""
    global _current
    if _current is not None:
        _current.quit()
        _current = None


def abandon() -> None:
    """Let go of every file as the end of the process would: nothing is stored, and the next start resumes."""
    global _current
    if _current is not None:
        _current.release()
        _current = None
