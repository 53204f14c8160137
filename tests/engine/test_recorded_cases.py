"""Every recorded case of real Resolve, asked of the engine; what differs stands in a list that may only shrink."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from recorded_givens import GIVENS, World, make_media

from resolve_engine import emulated, failure, fusionscript
from resolve_engine.api import application, surface

FOLDER = Path(__file__).parent / "recorded"
NOT_CASES = {"dir.toml", "differs.toml", "facts.toml"}


def cases() -> dict[str, dict[str, Any]]:
    """Every case by its name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name not in NOT_CASES and not path.name.startswith("kept"):
            found.update(tomllib.loads(path.read_text(encoding="utf-8")))
    return found


def differing() -> dict[str, str]:
    """Case to reason."""
    data = tomllib.loads((FOLDER / "differs.toml").read_text(encoding="utf-8"))
    return {name: reason["why"] for reason in data["reason"] for name in reason["cases"]}


CASES = cases()
DIFFERS = differing()


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The films that the cases import."""
    folder = tmp_path_factory.mktemp("recorded media")
    make_media(folder)
    return folder


def choose_build(monkeypatch: pytest.MonkeyPatch, name: str | None) -> None:
    """Answer as the build that a case was recorded on; as the newest without a name."""
    if name is None:
        monkeypatch.delenv(emulated.VARIABLE, raising=False)
    else:
        monkeypatch.setenv(emulated.VARIABLE, name)
    emulated.build.cache_clear()
    surface._listed.clear()
    surface._constants.clear()


def made_world(build: str | None, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A fresh application that answers as a build, with the films in a folder of its own."""
    application.stop()
    choose_build(monkeypatch, build)
    scratch, media = tmp_path / "scratch", tmp_path / "media"
    scratch.mkdir()
    shutil.copytree(films, media, copy_function=lambda source, target: Path(target).hardlink_to(source))
    yield World(fusionscript.scriptapp("Resolve"), media, scratch)
    application.stop()
    choose_build(monkeypatch, None)


@pytest.fixture
def world(
    engine_home: Path, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[World]:
    """A fresh application on the build that the case was recorded on."""
    case = CASES[request.node.callspec.params["name"]]
    build = ".".join(case["build"].split(".")[:2]) if "build" in case else None
    yield from made_world(build, films, tmp_path, monkeypatch)


def run(case: dict[str, Any], world: World) -> None:
    """Start from what is given, do the lines, and hold the answers to what was recorded."""
    GIVENS[case["given"]](world)
    for line in case.get("do", []):
        if case.get("raises") and line is case["do"][-1]:
            kind, _, text = case["raises"].partition(": ")
            with pytest.raises((TypeError, AttributeError)) as raised:
                exec(line, world.names)
            assert (type(raised.value).__name__, str(raised.value)) == (kind, text)
        else:
            exec(line, world.names)
    for check in case.get("check", []):
        assert eval(check, world.names), f"{check}: {failure.last()}"


@pytest.mark.parametrize("name", sorted(set(CASES) - set(DIFFERS)))
def test_the_engine_answers_what_was_recorded(name: str, world: World) -> None:
    """Answer by answer, on the build of the recording."""
    run(CASES[name], world)


@pytest.mark.parametrize("name", sorted(DIFFERS))
def test_what_differs_still_differs(name: str, world: World) -> None:
    """A listed case fails: one that has begun to pass must leave the list, so that the list tells the truth."""
    try:
        run(CASES[name], world)
    except Exception:  # noqa: BLE001  a case can fail in any way that its lines can
        return
    pytest.fail(f"{name} answers as recorded now; take it off differs.toml and lower its count")


def test_the_list_of_differences_may_only_shrink() -> None:
    """The number in the file is the number of cases in it, and the cases exist; raising it needs a reason in review."""
    data = tomllib.loads((FOLDER / "differs.toml").read_text(encoding="utf-8"))
    listed = [name for reason in data["reason"] for name in reason["cases"]]
    assert len(listed) == len(set(listed)) == data["count"]
    assert set(listed) <= set(CASES)
    assert data["count"] <= 13


def test_every_recording_is_a_case() -> None:
    """135 were recorded: five are the lists of `dir.toml`, the others are cases."""
    assert len(CASES) + len(tomllib.loads((FOLDER / "dir.toml").read_text(encoding="utf-8"))) == 135
