"""What stands in for Resolve's native module: the way in for scripts."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from resolve_engine import failure
from resolve_engine.errors import StoreError
from resolve_engine.remote import PyRemoteObject


def scriptapp(app: str, host: Any = None, *_: Any) -> PyRemoteObject | None:
    """The Resolve object for `Resolve`, None for anything else. The engine is in this process, so `host` is not used.

    None, too, when the engine's database cannot be opened; `resolve_engine.failure.last()` and stderr say why.
    """
    from resolve_engine.api import application
    from resolve_engine.emulated import build

    failure.clear()
    if app != "Resolve":
        failure.note(f"the engine answers as Resolve only, not as {app!r}")
        return None
    try:
        build()
        if faults_file := os.environ.get("RESOLVE_ENGINE_FAULTS"):
            from resolve_engine import faults

            faults.start(Path(faults_file))
        application.start()
    except StoreError as error:
        failure.note(str(error))
        print(error, file=sys.stderr)
        return None
    return PyRemoteObject("Resolve")
