"""What the engine makes of what Resolve really does: every fact is kept, shown by lines or by a test, or open."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import test_recorded_cases as recorded
from recorded_givens import World
from test_recorded_cases import FOLDER, run

from resolve_engine import faults

FACTS = Path(__file__).parent.parent.parent / "python" / "api" / "facts"
KEPT: dict[str, dict[str, Any]] = {
    name: case
    for path in sorted(FOLDER.glob("kept*.toml"))
    for name, case in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
LIST: dict[str, Any] = tomllib.loads((FOLDER / "facts.toml").read_text(encoding="utf-8"))

films = recorded.films


def facts() -> Iterator[str]:
    """The ids of the facts that say what an engine should do and were not overturned as a whole."""

    def walk(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        for key, value in table.items():
            if isinstance(value, dict):
                if "seen" in value:
                    yield prefix + key, value
                else:
                    yield from walk(f"{prefix}{key}.", value)

    for path in sorted(FACTS.glob("*.toml")):
        for id, fact in walk("", tomllib.loads(path.read_text(encoding="utf-8"))):
            overturned = "superseded_by" in fact["seen"] and "superseded_part" not in fact["seen"]
            if "engine" in fact and (not overturned or id in KEPT):
                yield id


@pytest.fixture
def world(
    engine_home: Path, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[World]:
    """A fresh application on the build of the fact, with the faults that play an accident of Resolve's."""
    case = KEPT[request.node.callspec.params["name"]]
    if "faults" in case:
        file = tmp_path / "faults.toml"
        file.write_text("".join(_fault(fault) for fault in case["faults"]), encoding="utf-8")
        monkeypatch.setenv(faults.VARIABLE, str(file))
    yield from recorded.made_world(case.get("build"), films, tmp_path, monkeypatch)
    faults.remove()


def _fault(given: dict[str, Any]) -> str:
    """One entry of a faults file."""
    return "[[fault]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in given.items())


def _toml(value: Any) -> str:
    """A value as TOML; numbers, texts and switches are written as in JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(map(_toml, value)) + "]" if isinstance(value, list) else json.dumps(value)


@pytest.mark.parametrize("name", sorted(KEPT))
def test_the_engine_keeps_to_the_fact(name: str, world: World) -> None:
    """Line by line; each fact is described under its name in python/api/facts."""
    run(KEPT[name], world)


@pytest.fixture
def plain(
    engine_home: Path, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[World]:
    """The same application without the faults."""
    yield from recorded.made_world(
        KEPT[request.node.callspec.params["name"]].get("build"), films, tmp_path, monkeypatch
    )


@pytest.mark.parametrize("name", sorted(name for name, case in KEPT.items() if "faults" in case))
def test_an_accident_does_not_happen_by_itself(name: str, plain: World) -> None:
    """The engine does the plain thing until a faults file says otherwise, so that the lines do not hold without one."""
    with pytest.raises(AssertionError):
        run(KEPT[name], plain)


def test_every_fact_is_kept_or_open_with_a_reason() -> None:
    """Each id once, no id that is not there, and as many open ones as the file says: that number may only fall."""
    listed = [id for reason in LIST["open"] for id in reason["facts"]]
    all_of_them = [*KEPT, *LIST["shown"], *listed]
    expected = list(facts())
    assert sorted(all_of_them) == sorted(expected)
    assert len(listed) == LIST["count"]
    assert all(reason["why"] for reason in LIST["open"])
    assert LIST["count"] <= 53


def test_the_tests_that_show_facts_exist() -> None:
    """A renamed test must not leave a fact without proof."""
    for place in LIST["shown"].values():
        name, _, function = place.partition("::")
        assert f"def {function}(" in (Path(__file__).parent / name).read_text(encoding="utf-8"), place
