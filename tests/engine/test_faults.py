"""Faults on demand: each does what the file says, at the call that it names, and nothing without a file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from resolve_engine import failure, faults, fusionscript, remote
from resolve_engine.api import application
from resolve_engine.errors import StoreError


@pytest.fixture
def faulty(tmp_path: Path, engine_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Starts an engine with the faults of a text and gives the Resolve object."""

    def start(text: str) -> Any:
        file = tmp_path / "faults.toml"
        file.write_text(text)
        monkeypatch.setenv(faults.VARIABLE, str(file))
        return fusionscript.scriptapp("Resolve")

    application.stop()
    yield start
    faults.remove()
    application.stop()


def fault(**given: Any) -> str:
    """One entry of the file."""
    text = {True: "true", False: "false"}
    return "[[fault]]\n" + "".join(
        f"{key.strip('_')} = {text[value] if isinstance(value, bool) else repr(value)}\n"
        for key, value in given.items()
    )


def test_without_a_file_a_call_is_the_engines_own(resolve: Any) -> None:
    """The way of a call has nothing more in it, so it costs nothing."""
    assert resolve.GetCurrentPage() == "media"
    assert remote.call.__module__ == "resolve_engine.remote"


@pytest.mark.parametrize(
    ("at", "struck"),
    [
        ({"call": 2}, [False, True, False, False]),
        ({"from": 3}, [False, False, True, True]),
        ({"times": 1}, [True, False, False, False]),
        ({}, [True, True, True, True]),
        ({"chance": 0.0}, [False, False, False, False]),
        ({"chance": 1.0}, [True, True, True, True]),
    ],
)
def test_a_fault_strikes_at_the_call_that_it_names(
    faulty: Callable[[str], Any], at: dict[str, Any], struck: list[bool]
) -> None:
    """A test must be able to say which call goes wrong; others of the method, and other methods, go well."""
    resolve = faulty(fault(at="Resolve.GetCurrentPage", do="answer", value="struck", **at))

    assert [resolve.GetCurrentPage() == "struck" for _ in struck] == struck
    assert resolve.GetProductName() == "DaVinci Resolve Studio"


def test_times_are_counted_over_all_processes(faulty: Callable[[str], Any]) -> None:
    """A fault that ends the process must not strike the next one, too, or nothing would ever work again."""
    text = fault(at="Resolve.GetCurrentPage", do="answer", value="struck", times=1)
    assert faulty(text).GetCurrentPage() == "struck"

    faults.remove()

    assert faulty(text).GetCurrentPage() == "media"


def test_a_lie_changes_nothing_and_one_after_the_call_hides_what_was_done(faulty: Callable[[str], Any]) -> None:
    """Resolve answers True for what it did not do, and False for what it did."""
    resolve = faulty(
        fault(at="Resolve.OpenPage", do="answer", value=True, call=1)
        + fault(at="Resolve.OpenPage", do="answer", value=False, reason="so it says", call=2, after=True)
    )

    assert (resolve.OpenPage("cut"), resolve.GetCurrentPage()) == (True, "media")
    assert (resolve.OpenPage("color"), failure.last(), resolve.GetCurrentPage()) == (False, "so it says", "color")


def test_what_is_discarded_answers_and_is_not_there(faulty: Callable[[str], Any]) -> None:
    """Resolve hands out items that stand nowhere; the next call is stored as ever."""
    resolve = faulty(fault(at="MediaPool.AddSubFolder", do="discard", call=1))
    pool = resolve.GetProjectManager().CreateProject("p").GetMediaPool()
    root = pool.GetRootFolder()

    lost, kept = pool.AddSubFolder(root, "lost"), pool.AddSubFolder(root, "kept")

    assert (lost.GetName(), kept.GetName()) == (None, "kept")
    assert [folder.GetName() for folder in root.GetSubFolderList()] == ["kept"]


def test_late_and_print_go_on_with_the_call(faulty: Callable[[str], Any], capfd: pytest.CaptureFixture[str]) -> None:
    """They are in the way of a call and do not take its place."""
    resolve = faulty(fault(at="Resolve.GetCurrentPage", do="late", ms=20.5) + fault(at="*", do="print", mb=0.5))
    capfd.readouterr()

    began = time.perf_counter()
    assert resolve.GetCurrentPage() == "media"

    assert time.perf_counter() - began >= 0.02
    assert [len(text) for text in capfd.readouterr()] == [512 << 10, 512 << 10]


def test_what_it_raises_reaches_the_script(faulty: Callable[[str], Any]) -> None:
    """The engine turns its own mistakes into an answer; this stands for an exception out of Resolve's library."""
    resolve = faulty(fault(at="Resolve.GetVersion", do="raise", text="no more") + fault(at="Resolve.*", do="allocate"))

    with pytest.raises(RuntimeError, match="no more"):
        resolve.GetVersion()
    with pytest.raises(MemoryError):
        resolve.GetCurrentPage()


def test_a_lost_connection_comes_back_after_as_many_attempts(faulty: Callable[[str], Any]) -> None:
    """What was handed out stays dead; what is asked for anew lives, with all that was stored."""
    resolve = faulty(fault(at="Timeline.GetName", do="lose_connection", attempts=2, call=1))
    project = resolve.GetProjectManager().CreateProject("kept")
    timeline = project.GetMediaPool().CreateEmptyTimeline("cut")

    assert timeline.GetName() is None
    assert (project.GetName(), resolve.GetVersionString()) == (None, None)
    assert [fusionscript.scriptapp("Resolve") for _ in range(2)] == [None, None]
    assert "not running" in (failure.last() or "")

    again = fusionscript.scriptapp("Resolve")
    assert again.GetProjectManager().GetCurrentProject().GetName() == "kept"
    assert project.GetName() is None


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (fault(at="Resolve.GetVersion", do="segfault"), -11),
        (fault(at="Resolve.GetVersion", do="abort"), -6),
        (fault(at="Resolve.GetVersion", do="exit", code=9), 9),
        (fault(at="scriptapp", do="exit"), 7),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="it has no signals")
def test_the_process_ends(tmp_path: Path, entry: str, status: int) -> None:
    """By the signal that a crash in native code ends it with, or with a status."""
    file = tmp_path / "faults.toml"
    file.write_text(entry)
    script = "import DaVinciResolveScript as script\nscript.scriptapp('Resolve').GetVersion()\n"
    env = {**os.environ, faults.VARIABLE: str(file), "RESOLVE_ENGINE_HOME": str(tmp_path / "home")}

    assert subprocess.run([sys.executable, "-c", script], env=env, capture_output=True).returncode == status


@pytest.mark.parametrize("do", ["hang", "hang_holding_gil"])
def test_a_hang_holds_the_interpreter_or_not(faulty: Callable[[str], Any], do: str) -> None:
    """Whether Python's other threads run is what tells the two apart."""
    import threading

    resolve = faulty(fault(at="Resolve.GetVersion", do=do, s=0.3))
    ticks: list[float] = []
    done = threading.Event()

    def tick() -> None:
        while not done.wait(0.001):
            ticks.append(time.perf_counter())

    other = threading.Thread(target=tick)
    other.start()
    began = time.perf_counter()
    resolve.GetVersion()
    ended = time.perf_counter()
    done.set()
    other.join()

    during = [at for at in ticks if began + 0.02 < at < ended - 0.02]
    assert ended - began >= 0.3
    assert bool(during) == (do == "hang")


def test_a_hang_ends_when_a_file_is_there(faulty: Callable[[str], Any], tmp_path: Path) -> None:
    """Who tests a client says when Resolve comes back, instead of hoping that a time is long enough."""
    import threading

    ended_by = tmp_path / "ended"
    resolve = faulty(fault(at="Resolve.GetVersion", do="hang", until=str(ended_by)))
    answered = threading.Event()

    def ask() -> None:
        resolve.GetVersion()
        answered.set()

    asker = threading.Thread(target=ask)
    asker.start()
    assert not answered.wait(0.1)
    ended_by.touch()
    assert answered.wait(30)
    asker.join()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[fault]", "cannot be read"),
        ("faults = 1", "it takes seed and [[fault]]"),
        (fault(at="Resolve.GetVersion", do="explode"), "fault 1: do is 'explode', not one of segfault,"),
        (fault(at="GetVersion", do="abort"), "at is 'GetVersion', not Class.Method"),
        (fault(at="*", do="late", s=1), "late has no 's'"),
        (fault(at="*", do="late", ms="soon"), "ms is 'soon', not int"),
        (fault(at="*", do="late", call=True), "call is True, not int"),
        (fault(at="*", do="late", ms=-1), "ms is -1, below zero"),
    ],
)
def test_a_wrong_file_is_said_and_starts_nothing(faulty: Callable[[str], Any], text: str, said: str) -> None:
    """A test whose faults never strike would pass for the wrong reason."""
    assert faulty(text) is None
    assert said in (failure.last() or "")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """The name may be mistyped."""
    with pytest.raises(StoreError, match=r"none\.toml cannot be read"):
        faults.read(tmp_path / "none.toml")
