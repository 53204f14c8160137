"""An answered edit is on disk: killed processes, broken disks, two processes at once."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import editor
import pytest
from clips import add_clip, restart
from editor import observed

from resolve_engine import failure, fusionscript
from resolve_engine.api import application
from resolve_engine.store.database import Database

HERE = Path(__file__).parent
ROUNDS = 100
STARTED: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
"""Where the system can, editing processes are copies of one that has imported the engine: a start costs no import."""
STARTED.set_forkserver_preload(["__main__", "resolve_engine.api.application", "resolve_engine.api.timeline"])


def run(script: str) -> subprocess.Popen[str]:
    """A process with this interpreter and this environment, its output to be read."""
    command = [sys.executable, "-c", script]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd=HERE)


def test_killing_the_process_loses_no_answered_edit(engine_home: Path) -> None:
    """A hundred times: an editing process is killed at a random moment, the next one resumes; all that was answered is
    there, and of the edit that was cut off either everything or nothing."""
    chance = random.Random(20)
    expected: dict[str, Any] = {}
    for round in range(ROUNDS):
        heard, told = STARTED.Pipe(duplex=False)
        process = STARTED.Process(target=editor.main, args=(round, str(engine_home), told))
        process.start()
        told.close()
        for _ in range(chance.randrange(1, 60)):
            key, value = json.loads(heard.recv_bytes())
            expected[key] = value
        process.kill()
        with suppress(EOFError, OSError):  # answered, and told, before the kill; the last one perhaps by half
            while True:
                key, value = json.loads(heard.recv_bytes())
                expected[key] = value
        process.join()
        heard.close()
        found = observed(fusionscript.scriptapp("Resolve"))
        application.abandon()
        wanted = {key: value for key, value in expected.items() if value is not None}
        extra = {key for key in found if found[key] != wanted.get(key, _untouched(key))}
        missing = {key for key in wanted if key not in found}
        assert len(extra | missing) <= 1, (round, extra, missing)
        expected = {**dict.fromkeys(expected), **found}
    path = engine_home / "databases" / "Local Database.sqlite3"
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _untouched(key: str) -> Any:
    """What a key reads before any edit named it."""
    return {"cut": [[], []], "track": "Video 1", "comment": ""}.get(key)


def test_what_is_in_memory_is_what_is_on_disk(project: Any, pool: Any, item: Any) -> None:
    """After edits of every kind of record, a restart reads back exactly what was there."""
    item.SetProperties({"Pan": 3.5, "FlipX": True})
    item.SetCDL({"NodeIndex": "1", "Slope": "1 0.9 0.8", "Offset": "0 0 0.1", "Power": "1 1 1.2", "Saturation": "0.5"})
    item.AddMarker(3, "Red", "n", "t", 2, "custom")
    item.AssignToColorGroup(project.AddColorGroup("group"))
    clip = item.GetMediaPoolItem()
    clip.SetMarkInOut(1, 5)
    clip.SetMetadata({"Comments": "ü", "Scene": "1"})
    clip.AddFlag("Sand")
    timeline = project.GetCurrentTimeline()
    timeline.SetMarkInOut(2, 9, "video")
    timeline.SetSetting("useCustomSettings", "1")
    timeline.DuplicateTimeline("copy")
    pool.AddSubFolder(pool.GetRootFolder(), "bin")
    project.SaveAsNewRenderPreset("mine")
    before = _everything()
    restart()
    assert _everything() == before


def _everything() -> dict[str, Any]:
    """Every record of the open project, by id, as JSON has it."""
    project = application.start().project
    rows: dict[str, Any] = {"project": project.body() | {"modified": None}}
    for record in project.all_records():
        rows[record.id] = [record.KIND, record.parent, record.position, record.body()]
    plain: dict[str, Any] = json.loads(json.dumps(rows))
    return plain


def test_a_write_that_fails_changes_nothing(timeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk does not take a change, the call fails with the reason and memory is as before."""

    def full(self: Database, changes: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Database, "_write_session", full)
        assert timeline.SetName("changed") is False
        assert "disk is full" in str(failure.last())
    assert timeline.GetName() == "cut"
    assert timeline.SetName("changed") is True


def test_a_home_that_cannot_be_written_gives_no_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """scriptapp answers None, as when no Resolve runs, and says why."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("RESOLVE_ENGINE_HOME", str(tmp_path / "file" / "below"))
    assert fusionscript.scriptapp("Resolve") is None
    assert "cannot be opened" in str(failure.last())


def test_a_database_of_a_newer_engine_is_left_alone(engine_home: Path) -> None:
    """It is neither read nor changed."""
    path = engine_home / "databases" / "Local Database.sqlite3"
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert fusionscript.scriptapp("Resolve") is None
    assert "newer engine" in str(failure.last())


HOLDER = """
import sys
from resolve_engine import fusionscript
manager = fusionscript.scriptapp("Resolve").GetProjectManager()
print(bool(manager.LoadProject("shared") or manager.CreateProject("shared")), flush=True)
sys.stdin.readline()
"""


def test_a_project_is_open_in_one_process_at_a_time(engine_home: Path) -> None:
    """The second is refused with the first one's process id, may work on another project, and gets it after a kill."""
    holder = run(HOLDER)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    manager: Any = fusionscript.scriptapp("Resolve").GetProjectManager()  # type: ignore[union-attr]
    assert manager.GetCurrentProject().GetName() == "Untitled Project"
    assert manager.LoadProject("shared") is None
    assert f"open in another process (pid {holder.pid})" in str(failure.last())
    assert manager.DeleteProject("shared") is False
    assert manager.CreateProject("mine")
    assert add_clip().GetName() == "clip.mov"
    holder.kill()
    holder.wait()
    assert manager.LoadProject("shared")
    application.stop()


STARTER = f"""
import subprocess, sys
holder = subprocess.Popen([sys.executable, "-c", {HOLDER!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(holder.stdout.readline().strip(), holder.pid, flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be told who holds a lock there")
def test_the_next_one_waits_for_one_that_has_lost_its_server(
    engine_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process whose starter was killed ends a moment later than it; what it had open is resumed all the same."""
    starter = run(STARTER)
    assert starter.stdout is not None
    opened, holder = starter.stdout.readline().split()
    assert opened == "True"
    os.kill(int(holder), signal.SIGSTOP)
    starter.kill()
    starter.wait()
    waits = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            os.kill(int(holder), signal.SIGCONT)
        pause(seconds)

    pause = time.sleep
    monkeypatch.setattr(application.time, "sleep", wait)
    manager: Any = fusionscript.scriptapp("Resolve").GetProjectManager()  # type: ignore[union-attr]
    assert manager.GetCurrentProject().GetName() == "shared"
    assert len(waits) >= 3
    application.stop()


def test_quit_leaves_nothing_open(resolve: Any, project: Any) -> None:
    """After Quit the next start is on an untitled project; the other one is in the list, with everything in it."""
    resolve.Quit()
    manager: Any = fusionscript.scriptapp("Resolve").GetProjectManager()  # type: ignore[union-attr]
    assert manager.GetCurrentProject().GetName() == "Untitled Project"
    assert manager.GetProjectListInCurrentFolder() == ["probe"]
