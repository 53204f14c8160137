"""The surface against `fusionscript-stubs`, the public type stub of 21.0: names in both directions, and arguments."""

from __future__ import annotations

import ast
from importlib.metadata import files
from typing import Any

import pytest

from resolve_engine.api import surface
from resolve_engine.api.classes import MODULES, implementation
from resolve_engine.emulated import BUILDS, Build

REMOVED = {"Project.DeleteRenderJobByIndex"}
"""In the stub, but no longer listed by a live 21.0.3.7."""

UNSTUBBED = {"Resolve.SetHighPriority"}
"""Listed by a live 21.0.3.7, documented nowhere and so not in the stub."""


def stubs() -> dict[str, dict[str, list[ast.arguments]]]:
    """Class to method to the arguments of each of its overloads."""
    (path,) = [file for file in files("fusionscript-stubs") or [] if file.name == "fusionscript.pyi"]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: dict[str, dict[str, list[ast.arguments]]] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            methods = found.setdefault(node.name, {})
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                    methods.setdefault(part.name, []).append(part.args)
    return found


FUSIONS = {"Fusion", "FusionComp", "FusionTool"}
"""Fusion's classes, which the stub names at most."""


@pytest.mark.parametrize("class_name", [*(name for name in MODULES if name not in FUSIONS), "GalleryStill"])
def test_the_engine_has_every_method_of_the_stub(class_name: str) -> None:
    """By name; what it has more than the stub is newer, or dated so by the catalogue."""
    methods = set(stubs()[class_name])
    missing = {f"{class_name}.{method}" for method in methods - set(surface.METHODS[class_name])}
    assert missing <= REMOVED


def test_the_stub_lacks_only_what_came_later() -> None:
    """Of Resolve's own classes, a method that the stub does not have came with 20.2.2 or later."""
    known = stubs()
    old = Build(BUILDS["19.1"], studio=True)
    builds: Any = surface._builds()["methods"]
    later = {
        f"{name}.{method}"
        for since, classes in builds.items()
        if not old.has(since)
        for name, methods in classes.items()
        for method in methods
    }
    own = [name for name in MODULES if name not in FUSIONS]
    extra = {f"{name}.{method}" for name in own for method in set(surface.METHODS[name]) - set(known[name])}
    assert extra - later == UNSTUBBED


def test_every_call_that_the_stub_allows_is_taken() -> None:
    """As many positional arguments as the stub's overloads take, no more required than they require."""
    wrong = []
    for class_name in sorted(set(MODULES) - FUSIONS):
        chosen = implementation(class_name)
        for method, overloads in stubs()[class_name].items():
            function = getattr(chosen, method, None)
            if function is None:
                continue
            code = function.__code__
            most = code.co_argcount - 1
            least = most - len(function.__defaults__ or ())
            takes_any = bool(code.co_flags & 0x04)
            for given in overloads:
                count = len(given.args) - 1
                required = count - len(given.defaults)
                if (count > most and not takes_any) or required < least or (given.vararg and not takes_any):
                    wrong.append(f"{class_name}.{method}")
    assert wrong == []


def test_constants_of_the_stub_are_read_off_resolve() -> None:
    """Each name has a number, and where the stub states it, that number."""
    (path,) = [file for file in files("fusionscript-stubs") or [] if file.name == "fusionscript.pyi"]
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if ast.unparse(node.annotation) != "Final":
                continue
            value = surface.constants().get(node.target.id)
            assert isinstance(value, float), node.target.id
            if isinstance(node.value, ast.Constant):
                assert value == node.value.value, node.target.id
