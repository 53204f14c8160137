"""Prints each tool call and its answer, one readable line each."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from typing import Any

from demo.mcp_client import Client, ToolAnswer

BAR_CELLS = 30
LIST_ITEMS = 4
"""How many items of a list are spelled out before the rest is only counted."""


class Narrator:
    """Calls tools of a client and tells what happens on the terminal."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.calls = 0
        """How many tools were called."""
        self._terminal = sys.stdout.isatty()
        self._colors = self._terminal and "NO_COLOR" not in os.environ

    def heading(self, text: str) -> None:
        """Opens a part of the story."""
        print(f"\n{self.paint('1', text)}")

    def call(self, tool: str, **arguments: Any) -> ToolAnswer:
        """Calls the tool and prints both directions; a refusal is printed and raised."""
        self.calls += 1
        asked = " ".join(f"{name}={_argument(value)}" for name, value in arguments.items())
        print(self._line("36", f"  > {tool}", asked), flush=True)
        started = time.perf_counter()
        try:
            answer = self._client.call(tool, **arguments)
        except Exception:
            print(self._line("31", "  < refused", ""), flush=True)
            raise
        elapsed = f"{(time.perf_counter() - started) * 1e3:.0f} ms"
        print(self._line("32", f"  < {elapsed:>7}", brief(answer.value)), flush=True)
        return answer

    def watch(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Calls the tool without a line of its own: for the progress bar."""
        self.calls += 1
        return self._client.call(tool, **arguments).value

    def bar(self, percent: float, note: str) -> None:
        """A progress bar that redraws itself; where nobody watches, a line for each step."""
        full = round(BAR_CELLS * percent / 100)
        line = f"  [{'#' * full}{'.' * (BAR_CELLS - full)}] {percent:3.0f} %  {note}"
        if self._terminal:
            print(f"\r\033[K{line}", end="\n" if percent >= 100 else "", flush=True)
        else:
            print(line, flush=True)

    def paint(self, color: str, text: str) -> str:
        """The text in an ANSI colour, where the terminal has colours."""
        return f"\033[{color}m{text}\033[0m" if self._colors else text

    def _line(self, color: str, first: str, rest: str) -> str:
        width = shutil.get_terminal_size((160, 24)).columns - len(first) - 2
        if len(rest) > width:
            rest = rest[: width - 1] + "…"
        return f"{self.paint(color, first)}  {rest}"


def _argument(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def brief(value: Any) -> str:
    """A JSON value for people: names instead of ids, timecode instead of four forms of it."""
    if isinstance(value, dict):
        if "timecode" in value and "frames" in value:
            return str(value["timecode"])
        if "observed" in value:
            verified = " (verified)" if value.get("verified") else ""
            return brief(value["observed"]) + verified
        shown = {key: item for key, item in value.items() if item is not None and not key.endswith("id")}
        return ", ".join(f"{key} {brief(item)}" for key, item in shown.items())
    if isinstance(value, list):
        items = " · ".join(f"[{brief(item)}]" if isinstance(item, dict) else brief(item) for item in value[:LIST_ITEMS])
        more = f" … {len(value)} in all" if len(value) > LIST_ITEMS else ""
        return items + more
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else json.dumps(value)
