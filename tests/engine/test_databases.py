"""Several databases: files of their own, and a real PostgreSQL server that two seats share."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip, restart

from resolve_engine import failure
from resolve_engine.errors import StoreError
from resolve_engine.store import databases
from resolve_engine.store.__main__ import main as store

LOCAL = {"DbType": "Disk", "DbName": "Local Database"}
OTHER = {"DbType": "Disk", "DbName": "Spots"}

SEAT = """
import json, sys
from resolve_engine import failure, fusionscript
resolve = fusionscript.scriptapp("Resolve")
if resolve is None:
    print(json.dumps(["no application", failure.last()]), flush=True)
    raise SystemExit
manager = resolve.GetProjectManager()
for line in sys.stdin:
    try:
        answer = eval(line, {"manager": manager, "resolve": resolve})
    except Exception as error:
        answer = repr(error)
    if not isinstance(answer, (bool, int, str, list, dict, type(None))):
        answer = repr(answer).split(" ")[0]
    print(json.dumps([answer, failure.last()]), flush=True)
"""


class Seat:
    """An engine in a process and a home of its own."""

    def __init__(self, home: Path) -> None:
        environment = {**os.environ, "RESOLVE_ENGINE_HOME": str(home)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SEAT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def ask(self, line: str) -> tuple[Any, str | None]:
        """What a line answers, and why it was refused."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer, reason = json.loads(self.process.stdout.readline())
        return answer, reason

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()


def test_there_is_one_database_at_first(manager: Any) -> None:
    """Named as Resolve's; one that nobody made is refused, and the open project stays."""
    assert manager.GetDatabaseList() == [LOCAL]
    manager.CreateProject("mine")
    assert manager.SetCurrentDatabase(OTHER) is False
    assert "GetDatabaseList" in str(failure.last())
    assert manager.SetCurrentDatabase({"DbName": "Local Database"}) is False
    assert manager.GetCurrentProject().GetName() == "mine"


def test_switching_closes_what_is_open_and_lasts(manager: Any, project: Any, engine_home: Path) -> None:
    """Projects are those of the attached database; the choice and everything in it outlive a restart."""
    clip = add_clip()
    assert store(["add-disk", "Spots"]) == 0
    assert manager.GetDatabaseList() == [LOCAL, OTHER]
    assert manager.SetCurrentDatabase(OTHER) is True
    assert manager.GetCurrentDatabase() == OTHER
    assert (project.GetName(), clip.GetName()) == (None, None)
    assert manager.GetCurrentProject().GetName() == "Untitled Project"
    assert manager.GetProjectListInCurrentFolder() == []
    assert manager.CreateProject("spot")
    manager = restart().GetProjectManager()
    assert manager.GetCurrentDatabase() == OTHER
    assert manager.GetCurrentProject().GetName() == "spot"
    assert manager.SetCurrentDatabase(LOCAL) is True
    assert manager.GetProjectListInCurrentFolder() == ["probe"]
    assert manager.LoadProject("probe").GetMediaPool().GetRootFolder().GetClipList()[0].GetName() == "clip.mov"


def test_a_database_that_has_gone_is_told(manager: Any, engine_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The engine does not begin with another one behind one's back."""
    store(["add-disk", "Spots"])
    manager.SetCurrentDatabase(OTHER)
    for path in (engine_home / "databases").glob("Spots*"):
        path.unlink()
    assert restart() is None
    assert "the database 'Spots' that was attached is not there any more" in capsys.readouterr().err


def test_the_command_makes_databases_known(engine_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names with a path, names that are taken and wrong commands are refused with a sentence."""
    assert store(["add-disk", "a"]) == 0
    assert store(["add-disk", "a"]) == store(["add-disk", "../b"]) == 1
    assert store(["add"]) == 2
    capsys.readouterr()
    assert store(["list"]) == 0
    assert capsys.readouterr().out == "Disk\tLocal Database\nDisk\ta\n"


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """A server of our own on a free port, without any durability that a test would wait for."""
    bin = programs()
    if bin is None:
        pytest.skip("PostgreSQL IS NOT INSTALLED: the tests with two seats on a server DID NOT RUN (apt: postgresql)")
    pytest.importorskip("psycopg", reason="psycopg IS NOT INSTALLED: the tests on a PostgreSQL server DID NOT RUN")
    # Not below pytest's folder, which is closed to other users, such as the server's, whenever a session begins.
    folder = Path(tempfile.mkdtemp(prefix="server-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    # PostgreSQL refuses to run as root; its package comes with a user for it.
    who: dict[str, Any] = {"user": "postgres", "group": "postgres", "cwd": "/"} if os.getuid() == 0 else {}
    if who:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    run = {"check": True, "stdout": subprocess.DEVNULL, **who}
    subprocess.run([bin / "initdb", "-D", data, "-A", "trust", "-U", "seat", "--no-sync", "-E", "UTF8"], **run)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    subprocess.run([bin / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], **run)
    yield {"port": port, "user": "seat"}
    subprocess.run([bin / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], **run)
    shutil.rmtree(folder)


@pytest.fixture
def shared(server: dict[str, str], tmp_path: Path) -> Iterator[Any]:
    """Makes seats that have a fresh database of the server attached."""
    import psycopg

    name = f"show_{tmp_path.name}".replace("-", "_").replace(" ", "_")
    with psycopg.connect(host="127.0.0.1", dbname="postgres", autocommit=True, **server) as connection:  # type: ignore[arg-type]
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    seats: list[Seat] = []

    def seat(folder: str) -> Seat:
        home = tmp_path / folder
        databases.add_server(home, name, "127.0.0.1", server)
        seats.append(Seat(home))
        answer = seats[-1].ask(f"manager.SetCurrentDatabase({{'DbType': 'PostgreSQL', 'DbName': '{name}'}})")
        assert answer == (True, None)
        return seats[-1]

    yield seat
    for made in seats:
        if made.process.poll() is None:
            made.kill()


def test_two_seats_share_a_server(shared: Any) -> None:
    """Both see every project; one that is open on a seat is refused on the other, with who has it."""
    first, second = shared("first"), shared("second")
    assert first.ask("manager.CreateProject('film')")[0] == "Project"
    assert second.ask("manager.GetProjectListInCurrentFolder()")[0] == ["film"]
    answer, reason = second.ask("manager.LoadProject('film')")
    assert answer is None
    assert "is open on another seat (resolve-engine " in reason
    assert second.ask("manager.DeleteProject('film')")[0] is False
    assert second.ask("manager.CreateProject('film')")[0] is None
    assert first.ask("manager.CloseProject(manager.GetCurrentProject())")[0] is True
    assert second.ask("manager.LoadProject('film')")[0] == "Project"


def test_a_seat_that_is_killed_loses_nothing_and_lets_go(shared: Any) -> None:
    """What it answered is there for the other seat, and again for itself."""
    first = shared("first")
    first.ask("manager.CreateProject('film')")
    assert first.ask("resolve.GetMediaPool().CreateEmptyTimeline('cut')")[0] == "Timeline"
    assert first.ask("resolve.GetCurrentTimeline().AddMarker(7, 'Blue', 'n', '', 1)")[0] is True
    assert first.ask("resolve.OpenPage('color')")[0] is True
    first.kill()
    second = shared("second")
    # The server notices the end of a connection by itself, a moment after the process is gone.
    for _ in range(200):
        if second.ask("manager.LoadProject('film')")[0] == "Project":
            break
    assert second.ask("resolve.GetCurrentTimeline().GetMarkers()")[0]["7.0"]["name"] == "n"
    assert second.ask("resolve.GetCurrentPage()")[0] == "cut"


def test_a_seat_resumes_its_own_session(shared: Any, tmp_path: Path) -> None:
    """Its project and its page, not those of another seat."""
    first, second = shared("first"), shared("second")
    first.ask("manager.CreateProject('mine')")
    first.ask("resolve.OpenPage('color')")
    second.ask("manager.CreateProject('theirs')")
    second.ask("resolve.OpenPage('deliver')")
    first.kill()
    again = Seat(tmp_path / "first")
    try:
        for _ in range(200):
            found = again.ask("[manager.GetCurrentProject().GetName(), resolve.GetCurrentPage()]")[0]
            if found[0] == "mine":
                break
            again.kill()  # the server had not let go of the project yet, so it was not resumed
            again = Seat(tmp_path / "first")
        assert found == ["mine", "color"]
    finally:
        again.kill()


def test_a_server_that_is_not_there(engine_home: Path) -> None:
    """Refused when it is made known, with what the connection said; no password is ever stored."""
    pytest.importorskip("psycopg", reason="psycopg IS NOT INSTALLED: this test DID NOT RUN")
    with pytest.raises(StoreError, match="cannot be opened"):
        databases.add_server(engine_home, "x", "127.0.0.1", {"port": "1"})
    with pytest.raises(StoreError, match="pgpass"):
        databases.add_server(engine_home, "x", "127.0.0.1", {"password": "secret"})


def test_a_server_of_version_1_is_upgraded(shared: Any, server: dict[str, str], tmp_path: Path) -> None:
    """By the first seat that connects; places, which stood in the objects' rows, are where they were."""
    import psycopg

    first = shared("first")
    first.ask("manager.CreateProject('film')")
    first.ask("resolve.GetMediaPool().CreateEmptyTimeline('cut')")
    first.ask("resolve.GetMediaPool().CreateEmptyTimeline('second')")
    first.kill()
    name = f"show_{tmp_path.name}".replace("-", "_").replace(" ", "_")
    with psycopg.connect(host="127.0.0.1", dbname=name, autocommit=True, **server) as connection:  # type: ignore[arg-type]
        for statement in (
            "ALTER TABLE object ADD COLUMN parent TEXT, ADD COLUMN position BIGINT",
            "UPDATE object SET parent = p.parent, position = p.position FROM place p WHERE p.id = object.id",
            "DROP TABLE place",
            "UPDATE resolve_engine_schema SET version = 1",
        ):
            connection.execute(statement.encode())
    second = shared("second")
    for _ in range(200):  # the server notices the end of a connection by itself, a moment after the process is gone
        if second.ask("manager.LoadProject('film')")[0] == "Project":
            break
    assert second.ask("[resolve.GetCurrentProject().GetTimelineByIndex(n).GetName() for n in (1, 2)]")[0] == [
        "cut",
        "second",
    ]
    assert second.ask("resolve.GetCurrentTimeline().GetTrackName('audio', 1)")[0] == "Audio 1"
