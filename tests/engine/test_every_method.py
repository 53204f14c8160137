"""What counts as done is done: no method that only refuses, and each one called by a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from resolve_engine import api
from resolve_engine.api.classes import implements
from resolve_engine.api.surface import METHODS

HERE = Path(__file__).parent


def test_no_method_only_refuses() -> None:
    """A method whose whole work is a refusal belongs in `unsupported`, where agents read it before they call."""
    hollow = []
    for file in sorted(Path(api.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name[0].isupper():
                work = [part for part in node.body if not isinstance(part, ast.Expr)]
                if len(work) == 1 and isinstance(work[0], ast.Raise):
                    hollow.append(f"{file.name}: {node.name}")
    assert hollow == []


def test_each_method_is_called_by_a_test() -> None:
    """By its name, in any of these files; whether the call is a good one is for the reader to judge."""
    named = set(re.findall(r"\.([A-Z]\w+)\(", "\n".join(f.read_text(encoding="utf-8") for f in HERE.glob("*.py"))))
    named |= set(re.findall(r"\.([A-Z]\w+)\(", "\n".join(f.read_text(encoding="utf-8") for f in HERE.glob("*/*.toml"))))
    done = [f"{name}.{method}" for name, methods in METHODS.items() for method in methods if implements(name, method)]
    assert [method for method in done if method.partition(".")[2] not in named] == []
