"""Frame rates as exact fractions, and timecode to frames and back; whole numbers only, drop-frame included."""

from __future__ import annotations

Ratio = tuple[int, int]
"""An exact fraction as (numerator, denominator); a frame rate is frames per second."""

RATES: dict[str, Ratio] = {
    "16": (16, 1),
    "18": (18, 1),
    "23.976": (24000, 1001),
    "24": (24, 1),
    "25": (25, 1),
    "29.97": (30000, 1001),
    "30": (30, 1),
    "47.952": (48000, 1001),
    "48": (48, 1),
    "50": (50, 1),
    "59.94": (60000, 1001),
    "60": (60, 1),
    "72": (72, 1),
    "95.904": (96000, 1001),
    "96": (96, 1),
    "100": (100, 1),
    "119.88": (120000, 1001),
    "120": (120, 1),
}
"""The timeline rates on offer, by the text that Resolve's settings use."""

DROP_FRAME_RATES: frozenset[Ratio] = frozenset({(30000, 1001), (60000, 1001), (120000, 1001)})
"""The rates whose timecode may drop numbers; at any other rate drop-frame means nothing."""


def parse_rate(text: str) -> tuple[Ratio, bool] | None:
    """The exact rate and whether it drops frames, from texts such as `24`, `24.0`, `29.97 DF`; None if unknown.

    A number that is only a rounding of a fractional rate (`23.98`, `29.970`) counts as that rate.
    """
    words = text.split()
    drop = len(words) == 2 and words[1].upper() == "DF"
    if not words or len(words) > 2 or (len(words) == 2 and not drop):
        return None
    rate = RATES.get(words[0]) or _rounded(words[0])
    if rate is None or (drop and rate not in DROP_FRAME_RATES):
        return None
    return rate, drop


def _rounded(text: str) -> Ratio | None:
    """The rate that a decimal number stands for, to within a two-hundredth of a frame per second."""
    try:
        value = float(text)
    except ValueError:
        return None
    for rate in RATES.values():
        if abs(value - rate[0] / rate[1]) < 0.005:
            return rate
    return None


def rate_number(rate: Ratio) -> float:
    """The rate as Resolve prints it: 24.0, 23.976, 29.97."""
    return round(rate[0] / rate[1], 3)


def nominal(rate: Ratio) -> int:
    """Timecode frames per timecode second: 24 for 23.976, 30 for 29.97."""
    return -(-rate[0] // rate[1])


def _dropped_per_minute(rate: Ratio, drop: bool) -> int:
    """How many numbers each minute skips, the tenth ones excepted: 2 at 29.97, 4 at 59.94."""
    return nominal(rate) // 15 if drop and rate in DROP_FRAME_RATES else 0


def frames_per_day(rate: Ratio, drop: bool) -> int:
    """Timecode numbers in 24 hours; timecode starts again at zero there."""
    return nominal(rate) * 86400 - _dropped_per_minute(rate, drop) * 24 * 54


def to_frames(timecode: str, rate: Ratio, drop: bool) -> int:
    """Frames since midnight of `HH:MM:SS:FF` (`;` before the frames is accepted too).

    Raises ValueError with one lowercase sentence when the text is no timecode at this rate.
    """
    parts = timecode.replace(";", ":").replace(".", ":").split(":")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        raise ValueError(f"{timecode!r} is not a timecode of the form HH:MM:SS:FF")
    hours, minutes, seconds, frames = (int(part) for part in parts)
    base = nominal(rate)
    if hours > 23 or minutes > 59 or seconds > 59 or frames >= base:
        raise ValueError(f"{timecode!r} is outside 00:00:00:00 to 23:59:59:{base - 1} at {rate_number(rate)} fps")
    dropped = _dropped_per_minute(rate, drop)
    if frames < dropped and seconds == 0 and minutes % 10:
        raise ValueError(f"{timecode!r} does not exist in drop-frame timecode, which skips it")
    total_minutes = hours * 60 + minutes
    return (total_minutes * 60 + seconds) * base + frames - dropped * (total_minutes - total_minutes // 10)


def to_timecode(frame: int, rate: Ratio, drop: bool) -> str:
    """`HH:MM:SS:FF` of a frame counted from midnight, with `;` before the frames for drop-frame; wraps at 24 hours."""
    base = nominal(rate)
    dropped = _dropped_per_minute(rate, drop)
    frame %= frames_per_day(rate, drop)
    if dropped:
        tens, rest = divmod(frame, base * 600 - dropped * 9)
        frame += dropped * 9 * tens
        if rest >= base * 60:
            frame += dropped * (1 + (rest - base * 60) // (base * 60 - dropped))
    seconds, frames = divmod(frame, base)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    width = max(2, len(str(base - 1)))
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if dropped else ':'}{frames:0{width}}"


def convert(frames: int, from_rate: Ratio, to_rate: Ratio) -> int:
    """How many whole frames of one rate fit into the time of `frames` of another; floors, as Resolve places clips."""
    return frames * to_rate[0] * from_rate[1] // (to_rate[1] * from_rate[0])


def add(one: Ratio, other: Ratio) -> Ratio:
    """The sum of two fractions."""
    return one[0] * other[1] + other[0] * one[1], one[1] * other[1]


def subtract(one: Ratio, other: Ratio) -> Ratio:
    """The difference of two fractions."""
    return one[0] * other[1] - other[0] * one[1], one[1] * other[1]


def floor(value: Ratio) -> int:
    """The whole number at or below a fraction."""
    return value[0] // value[1]


def ceiling(value: Ratio) -> int:
    """The whole number at or above a fraction."""
    return -(-value[0] // value[1])
