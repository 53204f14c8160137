"""What starting the engine costs: nothing of media, colour or pictures is loaded until media is touched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clips import restart

from resolve_engine.api import application
from resolve_engine.store.database import Database

MOST_MEGABYTES = 40
"""Of a whole process that has imported the engine and answered a call; the interpreter alone takes nine."""

HEAVY = {
    "av", "numpy", "PIL", "PyOpenColorIO", "dataclasses", "inspect", "subprocess", "asyncio", "logging", "_hashlib",
    "traceback", "fractions", "decimal", "threading", "resolve_engine.model.placing", "resolve_engine.model.multicam",
    "resolve_engine.api.render_queue", "resolve_engine.api.render_clips", "resolve_engine.api.media_pool_import",
    "resolve_engine.api.timeline_item", "resolve_engine.api.media_pool_item",
}  # fmt: skip
"""What a session needs only once it touches media, timelines or renders, or meets a fault of the engine; of the
standard library what costs a quarter of a megabyte and more."""

START = """
import json, sys
import DaVinciResolveScript
resolve = sys.modules["DaVinciResolveScript"].scriptapp("Resolve")
page = resolve.GetCurrentPage()
manager = resolve.GetProjectManager()
name = manager.GetCurrentProject().GetName()
manager.GetCurrentProject().GetUniqueId(), manager.GetCurrentDatabase()
print(json.dumps([page, name, sorted(sys.modules), open("/proc/self/status").read()]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_the_first_answer_loads_nothing_heavy(engine_home: Path) -> None:
    """From a plain script, in a process of its own, which asks for what the server wants to know of each session."""
    output = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True).stdout
    page, name, modules, status = json.loads(output)
    assert (page, name) == ("media", "Untitled Project")
    assert HEAVY & set(modules) == set()
    (kilobytes,) = (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert kilobytes < MOST_MEGABYTES * 1024


def test_an_unreadable_project_does_not_keep_the_engine_from_starting(
    project: Any, clip: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was open is left alone and told on stderr; the engine starts on an untitled project."""
    database: Database = application.start().database
    database._connection.execute("UPDATE object SET body = '{broken' WHERE kind = 'clip'")
    again = restart()
    assert again.GetCurrentProject().GetName() == "Untitled Project"
    assert "is not opened again" in capsys.readouterr().err
    assert again.GetProjectManager().GetProjectListInCurrentFolder() == ["probe"]
    assert again.GetProjectManager().LoadProject("probe") is None


def test_files_of_locks_go_with_their_projects(manager: Any, engine_home: Path) -> None:
    """Starts, untitled projects and deleted ones leave no files behind."""
    for name in ("a", "b"):
        manager.CreateProject(name)
        manager.CloseProject(manager.GetCurrentProject())
        manager.DeleteProject(name)
    restart()
    restart()
    assert len(list((engine_home / "locks").iterdir())) == 1
