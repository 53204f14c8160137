"""Makes the film of `plan` through tool calls alone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from demo import plan
from demo.media import Media
from demo.narrator import Narrator

RENDER_LIMIT_SECONDS = 100
"""The demo promises two minutes in all; a render of eight seconds of film takes a fraction of this."""


class DemoError(Exception):
    """Something is not as it was asked for, in one sentence."""


def expect(name: str, expected: Any, observed: Any) -> None:
    """Stops the demo when something is not as it was asked for."""
    if observed != expected:
        raise DemoError(f"{name} is {observed!r} and should be {expected!r}")


def build(say: Narrator, media: Media) -> None:
    """Project, media, timeline, cut and markers."""
    say.heading("A project with real media")
    say.call("create_project", name=plan.PROJECT, frame_rate=plan.RATE, width=plan.WIDTH, height=plan.HEIGHT)
    pattern = str(media.sequence / "city_%04d.jpg")
    paths = {"bunny": str(media.bunny), "street": str(media.street), "sound": str(media.sound), "sequence": pattern}
    imported = say.call("import_media", paths=list(paths.values())).value["imported"]
    expect("the number of imported clips", len(paths), len(imported))
    clips = {name: clip["id"] for name, clip in zip(paths, imported, strict=True)}
    street = imported[list(paths).index("street")]
    expect("the timecode of the camera file", "01:02:03:04", street["start_timecode"])

    say.heading("A cut on two tracks")
    say.call("create_timeline", name=plan.TIMELINE, frame_rate=plan.RATE)
    say.call("append_to_timeline", clips=[_placed(shot, clips) for shot in plan.PICTURES])
    say.call("append_to_timeline", clips=[_placed(shot, clips) | {"media_type": "audio"} for shot in plan.ATMOSPHERE])
    for marker in plan.MARKERS:
        say.call("add_marker", **marker)


def _placed(shot: plan.Shot, clips: dict[str, str]) -> dict[str, Any]:
    return {
        "media_pool_item": clips[shot.clip],
        "start": shot.start,
        "end": shot.end,
        "track": shot.track,
        "record_frame": shot.at,
    }


def finish(say: Narrator, media: Media) -> None:
    """Inset and grade; then the whole timeline is read back and compared with the plan."""
    say.heading("Inset and grade")
    timeline = say.call("timeline_read").value
    items = {_place(item): item["id"] for item in timeline["items"]}
    for shot in plan.PICTURES:
        expect(
            f"the shot at frame {shot.at} of V{shot.track}", True, ("video", shot.track, shot.at, shot.frames) in items
        )
    for shot in plan.ATMOSPHERE:
        expect(
            f"the sound at frame {shot.at} of A{shot.track}", True, ("audio", shot.track, shot.at, shot.frames) in items
        )
    expect("the number of markers", len(plan.MARKERS), timeline["markers_total"])
    expect("the length of the timeline", plan.FRAMES, timeline["timeline"]["end"]["frames"])
    say.call("set_item_properties", item=items[_key(plan.CITY)], properties=plan.INSET)
    say.call("apply_grade", item=items[_key(plan.RAILINGS)], lut=str(media.lut), cdl=plan.CDL)


def _key(shot: plan.Shot) -> tuple[str, int, int, int]:
    return ("video", shot.track, shot.at, shot.frames)


def _place(item: dict[str, Any]) -> tuple[str, int, int, int]:
    track = item["track"]
    return (track["type"], track["index"], item["start"]["frames"], item["duration"])


def render(say: Narrator, folder: Path, name: str) -> Path:
    """Renders the timeline and gives the path of the film, as the job says it."""
    say.heading("The render")
    queued = say.call(
        "queue_render",
        directory=str(folder),
        file_name=name,
        format="mp4",
        codec="H264",
        width=plan.WIDTH,
        height=plan.HEIGHT,
    )
    job = queued.value["job"]
    say.call("start_render", jobs=[job])
    until = time.monotonic() + RENDER_LIMIT_SECONDS
    while True:
        status = say.watch("jobs_read", job=job, wait_s=0.5)
        say.bar(status.get("percent", 0), status["state"])
        if status["state"] == "complete":
            return Path(status["result"]["path"])
        if status["state"] not in ("queued", "running"):
            raise DemoError(f"the render is {status['state']}: {status.get('error', 'no reason given')}")
        if time.monotonic() > until:
            raise DemoError(f"the render is not done after {RENDER_LIMIT_SECONDS} s")


def look(say: Narrator, target: Path) -> None:
    """Keeps the contact sheet of the timeline as a PNG file."""
    say.heading("A look at the timeline")
    sheet = say.call("look", count=12)
    if sheet.picture is None:
        raise DemoError("look answered without a picture")
    target.write_bytes(Path(sheet.value["path"]).read_bytes())
