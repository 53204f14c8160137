"""Checks lines of `{"rate", "num", "den", "drop", "start", "frames", "timecode", "seconds"}` from standard input with
OpenTimelineIO's opentime and the package `timecode`; writes a line for each that they see otherwise.

`rate` is its usual name, `num`/`den` the exact number; `frames` are counted from `start`, and that from 00:00:00:00;
`timecode` is the label of that frame and `seconds` what passes from `start` to it.
"""

import json
import sys

from opentimelineio.opentime import RationalTime, from_timecode, to_timecode
from timecode import Timecode


def others(case: dict) -> dict[str, object]:
    """What the two libraries make of the frame: the label, the frame of the label, and the seconds."""
    rate, frame = case["num"] / case["den"], case["start"] + case["frames"]
    # This package counts frames from 1, and takes fractional rates that can drop frames for such that do.
    label = Timecode(case["rate"], frames=frame + 1, force_non_drop_frame=not case["drop"])
    read = Timecode(case["rate"], case["timecode"], force_non_drop_frame=not case["drop"])
    return {
        "opentime label": to_timecode(RationalTime(frame, rate), rate, case["drop"]),
        "timecode label": str(label),
        "opentime frame": from_timecode(case["timecode"], rate).value,
        "timecode frame": read.frames - 1,
        "opentime seconds": round(RationalTime(case["frames"], rate).to_seconds(), 9),
    }


def main() -> None:
    """Compares every line, and says how many there were."""
    count = 0
    for count, line in enumerate(sys.stdin, 1):  # noqa: B007 - the last number is the count
        case = json.loads(line)
        ours = {
            "opentime label": case["timecode"],
            "timecode label": case["timecode"],
            "opentime frame": case["start"] + case["frames"],
            "timecode frame": case["start"] + case["frames"],
            "opentime seconds": round(case["seconds"], 9),
        }
        for what, value in others(case).items():
            if value != ours[what]:
                print(f"{case}: {what} is {value}")
    print(f"compared {count}")


main()
