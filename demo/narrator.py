"""Prints each tool call and its answer, one readable line each."""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import Any

from demo import summary
from demo.mcp_client import Client, ToolAnswer

BAR_CELLS = 30
WIDTH = 200
"""Of a line, where the output is no terminal that has a width of its own."""


class Narrator:
    """Calls tools of a client and tells what happens on the terminal."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.calls = 0
        """How many tools were called."""
        self._tenths, self._note = -1.0, ""
        self._terminal = sys.stdout.isatty()
        self._colors = self._terminal and "NO_COLOR" not in os.environ

    def heading(self, text: str) -> None:
        """Opens a part of the story."""
        print(f"\n{self.paint('1', text)}")

    def call(self, tool: str, **arguments: Any) -> ToolAnswer:
        """Calls the tool and prints both directions; a refusal is printed and raised."""
        self.calls += 1
        print(self._line("36", f"  > {tool}", summary.of_call(arguments)), flush=True)
        started = time.perf_counter()
        try:
            answer = self._client.call(tool, **arguments)
        except Exception:
            print(self._line("31", "  < refused", ""), flush=True)
            raise
        elapsed = f"{(time.perf_counter() - started) * 1e3:.0f} ms"
        print(self._line("32", f"  < {elapsed:>7}", summary.of_answer(tool, answer.value)), flush=True)
        return answer

    def watch(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Calls the tool without a line of its own: for the progress bar."""
        self.calls += 1
        return self._client.call(tool, **arguments).value

    def bar(self, percent: float, note: str) -> None:
        """A progress bar that redraws itself; where nobody watches, a line for each tenth."""
        full = round(BAR_CELLS * percent / 100)
        line = f"  [{'#' * full}{'.' * (BAR_CELLS - full)}] {percent:3.0f} %  {note}"
        if self._terminal:
            print(f"\r\033[K{line}", end="\n" if percent >= 100 else "", flush=True)
        elif percent // 10 > self._tenths or note != self._note:
            self._tenths, self._note = percent // 10, note
            print(line, flush=True)

    def paint(self, color: str, text: str) -> str:
        """The text in an ANSI colour, where the terminal has colours."""
        return f"\033[{color}m{text}\033[0m" if self._colors else text

    def _line(self, color: str, first: str, rest: str) -> str:
        width = shutil.get_terminal_size((WIDTH, 24)).columns - len(first) - 2
        if len(rest) > width:
            rest = rest[: width - 1] + "…"
        return f"{self.paint(color, first)}  {rest}"
