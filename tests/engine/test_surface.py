"""The engine's list of methods and failure values against the catalogue of the scripting API, in both directions."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from resolve_engine import unsupported
from resolve_engine.api.classes import MODULES, implementation
from resolve_engine.api.surface import METHODS, constants, failure_value

CATALOGUE = Path(__file__).parent.parent.parent / "python" / "api"
HEADER = ("class", "doc", "reached_by", "domain", "status", "notes")
"""Keys of a file of rows that are no rows."""


def rows() -> dict[str, dict[str, Any]]:
    """Class to method to row, without the methods that were removed from Resolve."""
    classes: dict[str, dict[str, Any]] = {}
    for path in sorted((CATALOGUE / "classes").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        methods = {name: row for name, row in data.items() if isinstance(row, dict)}
        kept = {name: row for name, row in methods.items() if row.get("status", data.get("status")) != "removed"}
        classes.setdefault(data["class"], {}).update(kept)
    return classes


def first_failure(row: dict[str, Any]) -> str:
    """How the catalogue spells the first plain failure value of a row."""
    returns = row.get("returns", "null").split("—")[0].strip()
    default = {"bool": "False"}.get(
        returns, "[]" if returns.startswith("[") else "{}" if returns.startswith("{") else "None"
    )
    plain = [value for value in row.get("failure", [default]) if value not in ("sentence", "hang", "raises", "[None]")]
    return str(plain[0]) if plain else "None"


def test_every_method_of_resolves_classes_is_known_and_no_other() -> None:
    """The classes of the API that the engine lists have exactly the catalogue's methods."""
    catalogue = rows()
    for name, methods in METHODS.items():
        assert set(methods) == set(catalogue[name]), name


def test_failures_answer_what_the_catalogue_says() -> None:
    """False, None, an empty list, dict or text, or 0, method by method, for Resolve's own classes."""
    catalogue = rows()
    wrong = {}
    for name in MODULES:
        for method, row in catalogue[name].items():
            if isinstance(row.get("returns"), str) and row["returns"][0].isupper():
                continue  # a dict or an object by its kind: what it answers is in the row's `failure`, or None
            expected, found = first_failure(row), failure_value(name, method)
            if repr(found).replace("''", '""') != expected:
                wrong[f"{name}.{method}"] = (found, expected)
    assert wrong == {}


def test_every_implemented_name_is_a_method_of_resolve() -> None:
    """The engine invents no method: what a class offers with a capital is in the API."""
    for name in MODULES:
        chosen = implementation(name)
        offered = {m for m in dir(chosen) if m[0].isupper() and callable(getattr(chosen, m))}
        inherited = {"ImportMedia", "RelinkClips", "UnlinkClips"} if name == "MediaStorage" else set()
        assert offered - inherited <= set(METHODS[name]), name


def test_constants_are_those_of_the_catalogue() -> None:
    """Every constant has a number, and within one enumeration no number stands twice."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((CATALOGUE / "kinds").glob("*.toml")))
    for name, value in constants().items():
        assert f"{name}" in text, name
        assert isinstance(value, float)
    exports = [value for name, value in constants().items() if name.startswith("COMPOSITE_")]
    assert len(exports) == len(set(exports)) == 32


@pytest.mark.parametrize("class_name", sorted(METHODS))
def test_every_method_is_done_or_has_a_reason(class_name: str) -> None:
    """No method is silently missing."""
    for method in METHODS[class_name]:
        chosen = implementation(class_name)
        done = chosen is not None and callable(getattr(chosen, method, None))
        assert done == (unsupported.reason(class_name, method) is None), method


def test_reasons_name_methods_that_exist() -> None:
    """A method that is done, or that Resolve does not have, stands in no list of reasons."""
    for _, names in unsupported.REASONS:
        for full in names:
            class_name, _, method = full.partition(".")
            if method != "*":
                assert method in METHODS[class_name], full
                assert unsupported.reason(class_name, method), full
