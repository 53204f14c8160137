"""What the runner makes of what the suites say: a suite that ran too little, or failed, must not pass for a success."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from clients import suites
from clients.outcome import FailedError, Outcome, attempt, run, table
from clients.server import Server

SERVER = Server("http://127.0.0.1:9/mcp", None)


class Said(suites.Suites):
    """Suites that have said something already."""

    said = ""

    def _conformance(self, server: Server, chosen: list[str], name: str) -> str:
        return self.said


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Said:
    """A revision that requires two scenarios, so that what is said fits in a line."""
    monkeypatch.setattr(suites, "REQUIRED", {"2025-11-25": 2})
    monkeypatch.setattr(suites, "ON_STANDARD", {"2025-11-25": ("ping",)})
    return Said(tmp_path, tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("text", "passed", "failed"),
    [
        ("✓ ping: 2 passed, 0 failed\n✓ tools-list: 3 passed, 0 failed\n", 2, 0),
        ("✓ ping: 2 passed, 0 failed\n✗ tools-list: 2 passed, 1 failed\n", 1, 1),
        ("✓ ping: 2 passed, 0 failed\n", 1, 1),
        ("", 0, 2),
    ],
)
def test_each_required_scenario_counts(said: Said, text: str, passed: int, failed: int) -> None:
    """One that failed and one that was not run are both failures."""
    said.said = text
    outcome = said.required(SERVER, "2025-11-25")

    assert (outcome.passed, outcome.failed) == (passed, failed)


def test_what_is_not_scored_does_not_count(said: Said) -> None:
    """An extension that we do not have costs nothing, and one that passes makes up for nothing."""
    said.said = (
        "✓ ping: 2 passed, 0 failed\n✗ tasks-lifecycle: 1 passed, 8 failed\n✓ json-schema: 8 passed, 0 failed\n"
        "Not scored for 2025-11-25: 2 scenario(s) run, 1 failing.\n"
        "  ✗ tasks-lifecycle (extension)\n  ✓ json-schema (pending)\n"
    )
    outcome = said.required(SERVER, "2025-11-25")

    assert (outcome.passed, outcome.failed) == (1, 1)


@pytest.mark.parametrize(
    ("text", "failed"),
    [("Passed: 2/2, 0 failed", 0), ("Passed: 1/2, 1 failed", 1), ("Passed: 0/0, 0 failed", 1), ("", 1)],
)
def test_a_single_scenario_must_have_checked_something(said: Said, text: str, failed: int) -> None:
    """A scenario that was skipped has shown nothing."""
    said.said = text

    assert said.on_standard(SERVER, "2025-11-25").failed == failed


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"result": {"tools": [{"name": "a"}]}}, None),
        ({"result": {"tools": []}}, "no tool"),
        ({"result": {"tools": [{"name": "a"}]}, "schemaFindings": [{"toolName": "a"}]}, "found something in a"),
    ],
)
def test_a_warning_of_the_inspector_is_a_finding(
    said: Said, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object], reason: str | None
) -> None:
    """It ends with success where it only warns."""
    monkeypatch.setattr(suites, "run", lambda *_, **__: json.dumps(answer))
    outcome = attempt("inspector", lambda: said.inspect("legacy", None, ["server"]))

    assert outcome.failed == (reason is not None)
    assert (reason or "1 tools") in outcome.said


def test_a_program_that_fails_is_a_failure_with_its_last_word(tmp_path: Path) -> None:
    """A session that ends with an error has not passed, whatever it wrote before."""
    with pytest.raises(FailedError, match="no film"):
        run(["sh", "-c", "echo '{}'; echo no film >&2; exit 3"], seconds=10, log=tmp_path / "log")


def test_the_last_line_counts_everything() -> None:
    """It is what a machine reads."""
    lines = table([Outcome("suite", 30, 0, "fine"), Outcome("session", 0, 1, "no film")]).splitlines()

    assert lines[-1] == "30 passed, 1 failed"
    assert "FAILED" in lines[1]
