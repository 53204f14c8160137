"""ASC CDL as comments of edit decision lists: `*ASC_SOP (slope)(offset)(power)` and `*ASC_SAT saturation`."""

from __future__ import annotations

import math
import re

from resolve_engine.model.grade import LARGEST, Cdl

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TRIPLE = rf"\(\s*({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*\)\s*"
_SOP = re.compile(rf"\*\s*ASC_SOP\s*:?\s*{_TRIPLE}{_TRIPLE}{_TRIPLE}$")
_SAT = re.compile(rf"\*\s*ASC_SAT\s*:?\s*({_NUMBER})\s*$")
_EITHER = re.compile(r"\*\s*ASC_(SOP|SAT)\b")


def with_comment(cdl: Cdl | None, line: str) -> Cdl | None:
    """A CDL with what a comment line says of it; as it was when the line is about something else. Raises ValueError for
    one that begins as a CDL and is none."""
    if not _EITHER.match(line):
        return cdl
    known = cdl or Cdl()
    if match := _SOP.match(line):
        numbers = [float(part) for part in match.groups()]
        made = known._replace(
            slope=(numbers[0], numbers[1], numbers[2]),
            offset=(numbers[3], numbers[4], numbers[5]),
            power=(numbers[6], numbers[7], numbers[8]),
        )
    elif match := _SAT.match(line):
        made = known._replace(saturation=float(match[1]))
    else:
        raise ValueError(f"{line!r} is no ASC CDL; it is written *ASC_SOP (1 1 1)(0 0 0)(1 1 1) and *ASC_SAT 1")
    values = (*made.slope, *made.offset, *made.power, made.saturation)
    if not all(math.isfinite(value) and abs(value) <= LARGEST for value in values):
        raise ValueError(f"{line!r} has a number beyond {LARGEST:g}")
    if not made.is_defined():
        raise ValueError(f"{line!r} has a slope or a saturation below 0, or a power that is not above 0")
    return made


def comments(cdl: Cdl) -> list[str]:
    """The two lines of a CDL, with six decimals as other programs write them."""
    sop = "".join("(" + " ".join(f"{value:.6f}" for value in part) + ")" for part in (cdl.slope, cdl.offset, cdl.power))
    return [f"*ASC_SOP {sop}", f"*ASC_SAT {cdl.saturation:.6f}"]
