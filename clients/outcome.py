"""What came of each thing that was tried, and the table of it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """One line of the table."""

    what: str
    passed: int
    failed: int
    said: str
    """What was agreed on or counted, or why it failed."""
    seconds: float = 0.0


def attempt(what: str, try_it: Callable[[], str]) -> Outcome:
    """One thing that passes with what it says, or fails with the reason that it raises."""
    started = time.monotonic()
    try:
        said, passed = try_it(), True
    except (FailedError, OSError) as failure:
        said, passed = str(failure), False
    return Outcome(what, int(passed), int(not passed), said, time.monotonic() - started)


class FailedError(Exception):
    """Why it failed, in one sentence."""


def run(command: list[str], *, seconds: float, log: Path, environment: dict[str, str] | None = None) -> str:
    """Runs a program to its end, keeps what it says in `log`, and gives what it wrote to stdout."""
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired as failure:
        raise FailedError(f"not done after {seconds:.0f} s; see {log}") from failure
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"{done.stdout}\n{done.stderr}", encoding="utf-8")
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise FailedError(f"exit code {done.returncode}: {lines[-1] if lines else 'no word'}; see {log}")
    return done.stdout


def table(outcomes: list[Outcome]) -> str:
    """The lines of the table, and the closing line that counts."""
    width = max(len(outcome.what) for outcome in outcomes)
    lines = []
    for outcome in outcomes:
        mark = "FAILED" if outcome.failed else "passed"
        counted = f"{outcome.passed}/{outcome.passed + outcome.failed}"
        lines.append(f"{outcome.what:{width}}  {mark}  {counted:>7}  {outcome.seconds:6.1f} s  {outcome.said}")
    passed, failed = sum(o.passed for o in outcomes), sum(o.failed for o in outcomes)
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed"])
