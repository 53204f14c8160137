"""`make bench`: the built server beside servers that do nothing, in interleaved rounds of one run.

A busy machine slows all of them alike, so the ratio within a round says more than any time; its median over
the rounds is compared with the target.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.process import ServerProcess

MEGABYTE = 1_000_000
MEDIAN_TARGET, MEDIAN_GOAL = 2.0, 1.5
START_TARGET_MS = 30.0
MEMORY_TARGET_MB = 30.0
WARM_UP_CALLS = 100


@dataclass(frozen=True)
class Subject:
    """A server to measure and the call to measure it with."""

    name: str
    command: list[str]
    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Round:
    """One server process: microseconds of its calls, and its memory after them."""

    median_us: float
    p99_us: float
    resident: dict[str, int]

    @property
    def megabytes(self) -> float:
        """Resident memory of all its processes."""
        return sum(self.resident.values()) / MEGABYTE


def measure_calls(subject: Subject, calls: int) -> Round:
    """Sequential calls on a fresh process."""
    with ServerProcess(subject.command) as server:
        for _ in range(WARM_UP_CALLS):
            server.call(subject.tool, subject.arguments)
        times = []
        for _ in range(calls):
            started = time.perf_counter()
            server.call(subject.tool, subject.arguments)
            times.append((time.perf_counter() - started) * 1e6)
        times.sort()
        return Round(median(times), times[len(times) * 99 // 100], server.resident_bytes())


def measure_start(subject: Subject) -> float:
    """Milliseconds from the spawn to the answer of `initialize`."""
    with ServerProcess(subject.command) as server:
        return server.to_initialize * 1e3


def report(rounds: dict[str, list[Round]], starts: dict[str, list[float]], built: str, floor: str) -> bool:
    """Prints the tables; says whether every target was met."""
    print(f"{'':24}{'median µs':>11}{'p99 µs':>9}{'start ms':>10}{'RSS MB':>8}")
    for name, measured in rounds.items():
        cells = (
            f"{median(r.median_us for r in measured):11.1f}",
            f"{median(r.p99_us for r in measured):9.1f}",
            f"{median(starts[name]):10.1f}",
            f"{median(r.megabytes for r in measured):8.1f}",
        )
        print(f"{name:24}" + "".join(cells))
    pairs = zip(rounds[built], rounds[floor], strict=True)
    ratios = sorted(ours.median_us / theirs.median_us for ours, theirs in pairs)
    by_process = rounds[built][-1].resident
    print("\nratio of medians, by round: " + " ".join(f"{ratio:.2f}" for ratio in ratios))
    print("memory: " + ", ".join(f"{name} {size / MEGABYTE:.1f} MB" for name, size in by_process.items()))

    memory = max(r.megabytes for r in rounds[built])
    goal = "goal met" if median(ratios) <= MEDIAN_GOAL else "goal not met"
    checks = [
        (f"a call costs at most {MEDIAN_TARGET} times one that does nothing", f"{median(ratios):.2f}", "times",
         median(ratios) <= MEDIAN_TARGET, f" (goal {MEDIAN_GOAL}: {goal})"),
        (f"start to initialize in at most {START_TARGET_MS:.0f} ms", f"{median(starts[built]):.1f}", "ms",
         median(starts[built]) <= START_TARGET_MS, ""),
        (f"server and host in at most {MEMORY_TARGET_MB:.0f} MB", f"{memory:.1f}", "MB",
         memory <= MEMORY_TARGET_MB, ""),
    ]  # fmt: skip
    print()
    for target, value, unit, met, remark in checks:
        print(f"{'met   ' if met else 'MISSED'}  {target}: {value} {unit}{remark}")
    return all(met for _, _, _, met, _ in checks)


def main() -> int:
    """Measures and reports; with --strict a missed target is exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--server", required=True, help="davinci-mcp-server, with resolve-python beside it")
    parser.add_argument("--noop", required=True, help="rmcp-noop")
    parser.add_argument("--echo", required=True, help="raw-echo")
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds (default 7)")
    parser.add_argument("--calls", type=int, default=2000, help="calls in a round (default 2000)")
    parser.add_argument("--starts", type=int, default=15, help="cold starts of each server (default 15)")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a target is missed")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as home:
        server = [options.server, "--backend", "engine", "--engine-home", home, "--python", sys.executable]
        page = {"method": "Resolve.GetCurrentPage"}
        built = Subject("davinci-mcp-server", server, "api_call", page)
        floor = Subject("rmcp, no work", [options.noop], "noop", {})
        least = Subject("no library, no work", [options.echo], "noop", {})
        subjects = [least, floor, built]
        rounds: dict[str, list[Round]] = {subject.name: [] for subject in subjects}
        starts: dict[str, list[float]] = {subject.name: [] for subject in subjects}
        print(
            f"{options.rounds} rounds of {options.calls} sequential calls; the server: api_call Resolve.GetCurrentPage"
        )
        print("on the headless engine, through to Python and back\n")
        for _ in range(options.rounds):
            for subject in subjects:
                rounds[subject.name].append(measure_calls(subject, options.calls))
        for _ in range(options.starts):
            for subject in subjects:
                starts[subject.name].append(measure_start(subject))
    met = report(rounds, starts, built.name, floor.name)
    return 0 if met or not options.strict else 1


if __name__ == "__main__":
    sys.exit(main())
