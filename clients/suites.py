"""The official conformance suite and the official inspector, each against a server that listens."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

from clients.outcome import FailedError, Outcome, run
from clients.server import Server

SUITE_SECONDS = 180
"""A revision takes five seconds here; each of its scenarios gives up after 30."""
SCENARIO_SECONDS = 60
INSPECTOR_SECONDS = 60
REQUIRED = {"2025-11-25": 30, "2026-07-28": 37}
"""The scenarios that a server must pass, by revision: a suite that ran fewer has not passed."""
ON_STANDARD = {
    "2025-11-25": ("server-initialize", "ping", "tools-list", "dns-rebinding-protection", "server-session-lifecycle"),
    "2026-07-28": ("tools-list", "dns-rebinding-protection", "http-header-validation"),
}
"""The scenarios that need no fixtures, for the build that people have."""
ERAS = ("legacy", "modern")
LINE = re.compile(r"^([✓✗]) ([\w-]+): (\d+) passed, (\d+) failed$", re.MULTILINE)
NOT_SCORED = re.compile(r"^  [✓✗] ([\w-]+) \(", re.MULTILINE)


@dataclass(frozen=True)
class Suites:
    """Both of them, from the packages of the lock file."""

    node: Path
    packages: Path
    logs: Path

    def required(self, server: Server, revision: str) -> Outcome:
        """Every scenario that a revision requires, on the build with the fixtures."""
        started = time.monotonic()
        said = self._conformance(server, ["--requirements", revision], f"required-{revision}")
        optional = set(NOT_SCORED.findall(said))
        scored = {name: mark == "✓" for mark, name, _, _ in LINE.findall(said) if name not in optional}
        failed = sorted(name for name, passed in scored.items() if not passed)
        short = max(0, REQUIRED[revision] - len(scored))
        words = f"scenarios required by {revision}"
        if failed or short:
            words = f"failed: {', '.join(failed) or 'none'}; not run: {short}; see {self.logs}"
        seconds = time.monotonic() - started
        return Outcome(f"conformance {revision}", len(scored) - len(failed), len(failed) + short, words, seconds)

    def on_standard(self, server: Server, revision: str) -> Outcome:
        """The scenarios that any server can pass, on the standard build."""
        started = time.monotonic()
        failed = []
        for scenario in ON_STANDARD[revision]:
            chosen = ["--scenario", scenario, "--spec-version", revision]
            said = self._conformance(server, chosen, f"standard-{revision}-{scenario}")
            found = re.search(r"Passed: (\d+)/(\d+), (\d+) failed", said)
            if found is None or found[1] == "0" or found[1] != found[2]:
                failed.append(scenario)
        words = f"see {self.logs}: {', '.join(failed)}" if failed else "scenarios that need no fixtures"
        passed = len(ON_STANDARD[revision]) - len(failed)
        what = f"conformance {revision}, standard build"
        return Outcome(what, passed, len(failed), words, time.monotonic() - started)

    def _conformance(self, server: Server, chosen: list[str], name: str) -> str:
        suite = self.packages / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
        command = [str(self.node), str(suite), "server", "--url", server.url, *chosen]
        log = self.logs / f"{name}.log"
        try:
            return run([*command, "--output-dir", str(self.logs / name)], seconds=SUITE_SECONDS, log=log)
        except FailedError:
            # A failed scenario ends it with 1; which one it was is in what it said.
            return log.read_text(encoding="utf-8") if log.is_file() else ""

    def inspect(self, era: str, server: Server | None, command: list[str]) -> str:
        """The tools of the standard build in the inspector's strict eyes: over HTTP, or over stdio."""
        program = self.packages / ".bin" / "mcp-inspector"
        arguments = [str(self.node), str(program), "--cli"]
        if server is None:
            arguments += command
        else:
            arguments += [server.url, "--header", f"Authorization: Bearer {server.token}"]
        arguments += ["--method", "tools/list", "--strict", "--protocol-era", era, "--format", "json"]
        log = self.logs / f"inspector-{'stdio' if server is None else 'http'}-{era}.log"
        said = run(arguments, seconds=INSPECTOR_SECONDS, log=log)
        answer = json.loads(said)
        tools = answer["result"]["tools"]
        # Errors end it with a code of its own; warnings are in here alone.
        if findings := answer.get("schemaFindings"):
            names = ", ".join(finding["toolName"] for finding in findings)
            raise FailedError(f"it found something in {names}; see {log}")
        if not tools:
            raise FailedError(f"no tool was listed; see {log}")
        return f"{len(tools)} tools, nothing found"
