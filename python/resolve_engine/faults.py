"""Faults on demand: chosen calls of the engine crash, hang, lie or lose the connection, to test whoever calls it.

`RESOLVE_ENGINE_FAULTS` (the server's `--faults FILE`) names a TOML file; without it nothing of this module is loaded
and a call costs nothing more. The file is a list of faults:

    seed = 7                         # of `chance`; 0 if absent

    [[fault]]
    at = "Timeline.AddMarker"        # Class.Method, "Class.*", "*" for every call, or "scriptapp" for the start
    call = 3                         # at the third such call of this process; absent: at every one
    do = "segfault"

When a fault strikes: `call = N` (the N-th call that it matches, from 1), `from = N` (that one and all later),
`chance = P` (0 to 1), `times = N` (N times in all, over every process that reads the file: counted in FILE.fired
beside it). `after = true` strikes when the call is done and stored; else before it, and instead of it unless it says
that the call goes on.

What `do` may be:

    segfault, abort        the process ends by that signal
    exit                   ends with `code` (7)
    raise                  raises RuntimeError with `text`
    hang                   waits for `s` seconds, or `until` a file is there, without end if neither is named; Python's
                           other threads run; the call goes on
    hang_holding_gil       waits for `s` seconds, or without end, while nothing else in Python can run
    answer                 answers `value` (None if absent; false, a sentence, true for a lie), with `reason` kept
    discard                the call answers as if it had been done, and the project keeps nothing of it
    print                  writes `mb` megabytes (10) to stdout and to stderr; the call goes on
    allocate               takes memory until there is none; the system stops it `limit_mb` (512) above what it has
    late                   waits `ms` milliseconds, fractions too; the call goes on
    lose_connection        what was handed out is dead and `scriptapp` answers None, `attempts` times (without end if
                           absent); the next attempt connects again
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resolve_engine import failure, remote
from resolve_engine.errors import StoreError

if TYPE_CHECKING:
    from resolve_engine.remote import PyRemoteObject

VARIABLE = "RESOLVE_ENGINE_FAULTS"
"""Names the file."""

START = "scriptapp"
"""What stands for a method where a script asks for the Resolve object."""

GO_ON: Any = object()
"""Stands for the answer of a fault after which the call goes on."""

LOOK_EVERY = 0.01
"""Seconds between two looks at the file that ends a hang."""

_WHEN: dict[str, tuple[type, ...]] = {
    "at": (str,),
    "do": (str,),
    "call": (int,),
    "from": (int,),
    "chance": (int, float),
    "times": (int,),
    "after": (bool,),
}
"""What every fault takes."""

_ANY = (object,)
_TAKES: dict[str, dict[str, tuple[type, ...]]] = {
    "segfault": {},
    "abort": {},
    "exit": {"code": (int,)},
    "raise": {"text": (str,)},
    "hang": {"s": (int, float), "until": (str,)},
    "hang_holding_gil": {"s": (int, float)},
    "answer": {"value": _ANY, "reason": (str,)},
    "discard": {},
    "print": {"mb": (int, float)},
    "allocate": {"limit_mb": (int,)},
    "late": {"ms": (int, float)},
    "lose_connection": {"attempts": (int,)},
}
"""What `do` may be, and what each takes beside `_WHEN`."""


@dataclass
class Fault:
    """One entry of the file."""

    number: int
    at: str
    do: str
    given: dict[str, Any]
    seen: int = 0
    """Calls that it has matched."""

    def matches(self, label: str) -> bool:
        """Whether it concerns a call."""
        if self.at == "*":
            return label != START
        return self.at == label or (self.at.endswith(".*") and label.startswith(self.at[:-1]))


@dataclass
class Plan:
    """The faults of a file, and what has become of them in this process."""

    path: Path
    faults: list[Fault]
    chance: random.Random
    by_label: dict[str, list[Fault]] = field(default_factory=dict)
    refused_starts: int = 0
    """How often `scriptapp` still answers None; negative: always."""

    def due(self, label: str) -> list[Fault]:
        """The faults that strike at this call, in the order of the file."""
        concerned = self.by_label.get(label)
        if concerned is None:
            concerned = self.by_label[label] = [fault for fault in self.faults if fault.matches(label)]
        return [fault for fault in concerned if self._strikes(fault)] if concerned else []

    def _strikes(self, fault: Fault) -> bool:
        fault.seen += 1
        given = fault.given
        if fault.seen != given.get("call", fault.seen) or fault.seen < given.get("from", 0):
            return False
        if "chance" in given and self.chance.random() >= given["chance"]:
            return False
        return "times" not in given or self._claim(fault.number, given["times"])

    def _claim(self, number: int, times: int) -> bool:
        """Whether a fault may strike once more. The process may end a moment later, so it is written down first."""
        fired = self.path.with_name(f"{self.path.name}.fired")
        line = f"{number}\n"
        done = fired.read_text().splitlines(keepends=True).count(line) if fired.exists() else 0
        if done >= times:
            return False
        with fired.open("a") as file:
            file.write(line)
        return True


def read(path: Path) -> Plan:
    """The plan in a file. Raises StoreError with what is wrong with it."""
    import tomllib

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"the faults file {path} cannot be read: {error}") from error
    unknown = [key for key in content if key not in ("seed", "fault")]
    if unknown:
        raise StoreError(f"the faults file {path} has the key {unknown[0]!r}; it takes seed and [[fault]]")
    entries = content.get("fault", [])
    if not isinstance(entries, list):
        raise StoreError(f"the faults file {path} has no list of faults: begin each with [[fault]]")
    faults = [_entry(path, number, entry) for number, entry in enumerate(entries, 1)]
    return Plan(path, faults, random.Random(content.get("seed", 0)))


def _entry(path: Path, number: int, entry: dict[str, Any]) -> Fault:
    wrong = f"the faults file {path}, fault {number}:"
    do, at = entry.get("do"), entry.get("at")
    if do not in _TAKES:
        raise StoreError(f"{wrong} do is {do!r}, not one of {', '.join(_TAKES)}")
    if not isinstance(at, str) or not (at in ("*", START) or "." in at):
        raise StoreError(f"{wrong} at is {at!r}, not Class.Method, Class.*, * or {START}")
    takes = {**_WHEN, **_TAKES[do]}
    for key, value in entry.items():
        kinds = takes.get(key)
        if kinds is None:
            raise StoreError(f"{wrong} {do} has no {key!r}; it takes {', '.join(takes)}")
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds and kinds is not _ANY):
            raise StoreError(f"{wrong} {key} is {value!r}, not {kinds[0].__name__}")
        if not isinstance(value, bool) and isinstance(value, (int, float)) and value < 0 and kinds is not _ANY:
            raise StoreError(f"{wrong} {key} is {value!r}, below zero")
    return Fault(number, at, do, entry)


_plan: Plan | None = None
_call: Callable[..., Any] = remote.call


def install(path: Path) -> Plan:
    """Put the faults of a file between scripts and the engine; a second time it does nothing. Raises StoreError."""
    global _plan
    if _plan is None:
        _plan = read(path)
        remote.call = _faulty_call
        print(f"faults are injected as {path} says: {len(_plan.faults)} of them", file=sys.stderr)
    return _plan


def remove() -> None:
    """Take the faults out again."""
    global _plan
    _plan = None
    remote.call = _call


def start(path: Path) -> None:
    """What happens where a script asks for the Resolve object. Raises StoreError when it gets none."""
    plan = install(path)
    for fault in plan.due(START):
        answer = strike(plan, fault)
        if answer is not GO_ON:
            raise StoreError(fault.given.get("reason") or "Resolve does not answer (as the faults file says)")
    if plan.refused_starts:
        plan.refused_starts -= 1
        raise StoreError("Resolve is not running (as the faults file says)")


def _faulty_call(target: PyRemoteObject, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`remote.call` with the faults that are due."""
    plan = _plan
    due = plan.due(f"{target.engine_class}.{name}") if plan else []
    if plan is None or not due:
        return _call(target, name, args, kwargs)
    failure.clear()
    for fault in due:
        if not fault.given.get("after"):
            answer = strike(plan, fault)
            if answer is not GO_ON:
                return answer
    discarded = any(fault.do == "discard" for fault in due)
    answered = (_discarded if discarded else _call)(target, name, args, kwargs)
    for fault in due:
        if fault.given.get("after"):
            answer = strike(plan, fault)
            if answer is not GO_ON:
                return answer
    return answered


def _discarded(target: PyRemoteObject, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The answer of a call of which nothing is stored: handles in it are of objects that are gone at once."""
    from resolve_engine.api import application

    app = application.current()
    if app is None:
        return _call(target, name, args, kwargs)
    vars(app)["flush"] = lambda: None
    try:
        return _call(target, name, args, kwargs)
    finally:
        vars(app).pop("flush")
        app.roll_back()


def strike(plan: Plan, fault: Fault) -> Any:
    """Do what a fault says. The answer is the one of the call, or GO_ON."""
    given = fault.given
    match fault.do:
        case "segfault":
            import ctypes

            ctypes.string_at(0)
        case "abort":
            os.abort()
        case "exit":
            os._exit(given.get("code", 7))
        case "raise":
            raise RuntimeError(given.get("text", "as the faults file says"))
        case "hang":
            _wait(given.get("s"), given.get("until"))
        case "hang_holding_gil":
            _wait_holding_gil(given.get("s"))
        case "answer":
            if "reason" in given:
                failure.note(given["reason"])
            return given.get("value")
        case "print":
            _print(given.get("mb", 10))
        case "allocate":
            _allocate(given.get("limit_mb", 512))
        case "late":
            time.sleep(given.get("ms", 0) / 1000)
        case "lose_connection":
            return _lose_connection(plan, given.get("attempts", -1))
    return GO_ON


def _wait(seconds: float | None, until: str | None) -> None:
    """Wait for the first of the two; without either, for ever."""
    import threading

    if until is None:
        threading.Event().wait(seconds)
        return
    ends = float("inf") if seconds is None else time.monotonic() + seconds
    while not os.path.exists(until) and time.monotonic() < ends:
        time.sleep(LOOK_EVERY)


def _wait_holding_gil(seconds: float | None) -> None:
    """Wait in a call of C that does not let go of the interpreter, as a library does that was not made for threads."""
    import ctypes

    for_ever = 0xFFFFFFFF if os.name == "nt" else -1
    milliseconds = for_ever if seconds is None else int(seconds * 1000)
    if os.name == "nt":
        ctypes.PyDLL("kernel32").Sleep(ctypes.c_uint(milliseconds))
    else:
        ctypes.PyDLL(None).poll(None, ctypes.c_ulong(0), ctypes.c_int(milliseconds))


def _print(megabytes: float) -> None:
    """Write as native code does, past Python's own files."""
    lines = (b"x" * 1023 + b"\n") * 64
    for descriptor in (1, 2):
        left = int(megabytes * 1024 * 1024)
        while left > 0:
            left -= os.write(descriptor, lines[:left])


def _allocate(limit_mb: int) -> None:
    """Take memory until the system says no, which it does `limit_mb` from here: the machine is not to suffer."""
    if sys.platform == "win32":
        raise StoreError("allocate needs a limit of the address space, which this system has not")
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + (limit_mb << 20), before[1]))
    taken = []
    try:
        while True:
            taken.append(bytearray(16 << 20))
    finally:
        taken.clear()
        resource.setrlimit(resource.RLIMIT_AS, before)


def _address_space() -> int:
    """How many bytes of addresses this process uses; where that cannot be read, a size that none of ours has."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 1 << 33
    return pages * os.sysconf("SC_PAGE_SIZE")


def _lose_connection(plan: Plan, attempts: int) -> None:
    """Let go of everything as the end of Resolve would: handles answer None from now on, and so does this call."""
    from resolve_engine.api import application

    plan.refused_starts = attempts
    application.abandon()
    failure.note("the connection to Resolve was lost (as the faults file says)")
