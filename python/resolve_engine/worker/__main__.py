"""The worker process: `python -m resolve_engine.worker`, requests on standard input, replies on standard output.

What FFmpeg, OpenColorIO or a stray print put on standard output goes to standard error: the replies have a descriptor
of their own. The process ends when its input does, even in the middle of a request.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from typing import Any, NoReturn

from resolve_engine.worker.protocol import receive, send

WAITING = 64
"""Requests that may wait; the client sends one at a time, so a full queue means a broken client."""


def main() -> NoReturn:
    """Serve until the input ends."""
    private = os.dup(1)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = os.fdopen(private, "wb")
    requests: queue.Queue[dict[str, Any]] = queue.Queue(WAITING)
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    from resolve_engine.worker.service import Service

    service = Service()
    while True:
        request = requests.get()
        number = request.get("id")
        try:
            send(replies, {"id": number, "begun": True})
            reply, data = service.answer(request)
            send(replies, {"id": number, **reply}, data)
        except BrokenPipeError:
            # Not a return: the reading thread holds standard input, and the interpreter's own end aborts on that.
            os._exit(0)


def _read(requests: queue.Queue[dict[str, Any]]) -> None:
    """Pass requests on; end the process when the engine is gone, whatever the decoder is doing."""
    try:
        while (message := receive(sys.stdin.buffer)) is not None:
            requests.put(message[0])
    finally:  # a broken message too: a worker that hears nothing any more must not stay
        os._exit(0)


if __name__ == "__main__":
    main()
