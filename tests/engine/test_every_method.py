"""What counts as done is done: no method that only refuses, and each one called by a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from resolve_engine import api
from resolve_engine.api.classes import implements
from resolve_engine.api.surface import METHODS

HERE = Path(__file__).parent


NOTHING_TO_DO = {"RefreshFolders"}
"""Methods that are done by saying so: folders of several people are read anew on every call as it is."""


def test_no_method_only_refuses_or_only_agrees() -> None:
    """A method whose whole work is a refusal belongs in `unsupported`, where agents read it before they call; one that
    says True and does nothing is a lie."""
    hollow = []
    for file in sorted(Path(api.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name[0].isupper():
                work = [part for part in node.body if not _is_doc(part)]
                if len(work) == 1 and node.name not in NOTHING_TO_DO and _is_hollow(work[0]):
                    hollow.append(f"{file.name}: {node.name}")
    assert hollow == []


def _is_doc(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_hollow(statement: ast.stmt) -> bool:
    """Whether a statement raises, or answers True and nothing else."""
    if isinstance(statement, ast.Return):
        return isinstance(statement.value, ast.Constant) and statement.value.value is True
    return isinstance(statement, ast.Raise)


def test_each_method_is_called_by_a_test() -> None:
    """By its name, in any of these files; whether the call is a good one is for the reader to judge."""
    named = set(re.findall(r"\.([A-Z]\w+)\(", "\n".join(f.read_text(encoding="utf-8") for f in HERE.glob("*.py"))))
    named |= set(re.findall(r"\.([A-Z]\w+)\(", "\n".join(f.read_text(encoding="utf-8") for f in HERE.glob("*/*.toml"))))
    done = [f"{name}.{method}" for name, methods in METHODS.items() for method in methods if implements(name, method)]
    assert [method for method in done if method.partition(".")[2] not in named] == []
