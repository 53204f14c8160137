"""`python -m bench.render`: what a render costs beside a plain transcode of one film with the same encoder, in one run.

What counts is frames per second of wall time, beside the fastest plain transcode: ours with the engine's own codecs,
which runs first and last in each round, or that of an `ffmpeg` program. It means something only on a machine that does
nothing else; processor time (user and system) is the figure for others. Each subject runs in a process of its own, and
medians count. Pictures with cuts and layers cost the encoder more than one film does: what those of the effects cost in
a plain transcode is a row, too. MLT's `melt` renders the same timeline where it is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import material, mlt
from resolve_engine.render.spec import OutputSpec, RenderSpec, TimelineSpec
from resolve_engine.worker.environment import child_environment

STRAIGHT_TARGET, EFFECTS_TARGET, MELT_TARGET = 0.95, 0.70, 2.5
MEMORY_TARGET_MB = 700.0
PICTURES = "effects, transcoded"
"""The row of a plain transcode of what the render with effects made."""
MELT = "effects, melt"
"""The row of MLT's render of the same timeline."""

TRANSCODE = """
import sys
from fractions import Fraction
import av
source, target = av.open(sys.argv[1]), av.open(sys.argv[2], "w")
video, voice = source.streams.video[0], source.streams.audio[0]
video.thread_type = "AUTO"
made = target.add_stream("libx264", rate=video.average_rate, options={"preset": "veryfast", "crf": "19"})
made.width, made.height, made.pix_fmt = video.width, video.height, "yuv420p"
made.codec_context.thread_count, made.codec_context.thread_type = 0, "AUTO"
sound = target.add_stream("aac", rate=48000, layout="stereo")
sound.codec_context.bit_rate = 192000
for frame in source.decode(video, voice):
    frame.pts = None if isinstance(frame, av.AudioFrame) else frame.pts
    if isinstance(frame, av.VideoFrame):
        frame.pict_type = 0
    target.mux((sound if isinstance(frame, av.AudioFrame) else made).encode(frame))
for stream in (made, sound):
    target.mux(stream.encode(None))
target.close()
"""


@dataclass(frozen=True)
class Cost:
    """What a process used."""

    name: str
    frames: int
    wall_s: float
    cpu_s: float
    peak_mb: float

    @property
    def fps(self) -> float:
        """Frames per second of wall time."""
        return self.frames / self.wall_s


def run(name: str, frames: int, command: list[str], text: str = "") -> Cost:
    """Run a process to its end. It fails the bench when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=child_environment(), text=True
    )
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.flush()
    _, status, used = os.wait4(process.pid, 0)
    process.stdin.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{name} ended with code {process.returncode}")
    peak = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Cost(name, frames, time.perf_counter() - started, used.ru_utime + used.ru_stime, peak)


def render(name: str, timeline: TimelineSpec, folder: Path) -> Cost:
    """Render a timeline as a job of the engine does."""
    path = folder / f"{name.replace(' ', '-')}.mp4"
    output = OutputSpec(
        str(path), "mp4", "H264", timeline.width, timeline.height, timeline.start, timeline.end - 1, audio_codec="aac"
    )
    text = json.dumps(RenderSpec("bench", timeline, output).to_json()) + "\n"
    command = [sys.executable, "-m", "resolve_engine.render.job", str(folder), "bench"]
    return run(name, timeline.end - timeline.start, command, text)


def main() -> int:
    """Print the table; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.render", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="length of the timelines (default 60)")
    parser.add_argument("--size", default="1920x1080", help="size of pictures (default 1920x1080)")
    parser.add_argument("--rounds", type=int, default=1, help="interleaved rounds, whose medians count (default 1)")
    parser.add_argument("--keep", type=Path, help="folder for the films and renders, which are kept there")
    given = parser.parse_args()
    width, height = (int(part) for part in given.size.split("x"))
    frames = given.seconds * material.RATE
    with tempfile.TemporaryDirectory(prefix="render-bench-") as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        films = [folder / f"source{number}.mp4" for number in range(material.SOURCES)]
        if not all(film.exists() for film in films):
            films = material.films(folder, frames, (width, height))
        lut = material.cube(folder / "look.cube")
        transcode = [sys.executable, "-c", TRANSCODE, str(films[0]), str(folder / "plain.mp4")]
        again = [sys.executable, "-c", TRANSCODE, str(folder / "effects.mp4"), str(folder / "again.mp4")]
        with_effects = material.effects(films, frames, (width, height), lut)
        melt = mlt.command(mlt.write(with_effects, folder / "effects.mlt"), folder / "melt.mp4")
        costs = []
        for _ in range(given.rounds):
            costs.append(run("plain transcode", frames, transcode))
            costs.append(render("straight cut", material.straight(films, frames, (width, height)), folder))
            costs.append(render("effects", with_effects, folder))
            costs.append(run(PICTURES, frames, again))
            if shutil.which("ffmpeg"):
                costs.append(run("plain, ffmpeg", frames, ffmpeg(films[0], folder / "ffmpeg.mp4")))
            costs.append(run("plain transcode again", frames, transcode))
        if melt:
            costs.append(run(MELT, frames, melt))
    return report(middles(costs), given.size)


def ffmpeg(film: Path, target: Path) -> list[str]:
    """How the program transcodes a film."""
    video, sound = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "19"], ["-c:a", "aac", "-b:a", "192k"]
    return ["ffmpeg", "-y", "-v", "error", "-i", str(film), *video, *sound, str(target)]


def middles(costs: list[Cost]) -> list[Cost]:
    """One cost for each subject: the medians of its rounds, and the highest of its memory."""
    rounds: dict[str, list[Cost]] = {}
    for cost in costs:
        rounds.setdefault(cost.name, []).append(cost)
    return [
        Cost(
            name,
            found[0].frames,
            median(one.wall_s for one in found),
            median(one.cpu_s for one in found),
            max(one.peak_mb for one in found),
        )
        for name, found in rounds.items()
    ]


def report(costs: list[Cost], size: str) -> int:
    """Print what each subject cost, and judge the engine's."""
    found = {cost.name: cost for cost in costs}
    ours = [cost for cost in costs if cost.name.startswith("plain transcode")]
    whole = [sum(cost.fps for cost in ours) / len(ours), *(cost.fps for cost in costs if cost.name == "plain, ffmpeg")]
    fps, cpu = max(whole), sum(cost.cpu_s / cost.frames for cost in ours) / len(ours)
    print(
        f"\n{'render, ' + size:<24}{'wall s':>9}{'frames/s':>10}{'of plain':>10}{'CPU s':>9}{'of plain':>10}{'MB':>8}"
    )
    for cost in costs:
        print(
            f"{cost.name:<24}{cost.wall_s:>9.1f}{cost.fps:>10.1f}{cost.fps / fps:>10.2f}{cost.cpu_s:>9.1f}"
            f"{cpu / (cost.cpu_s / cost.frames):>10.2f}{cost.peak_mb:>8.0f}"
        )
    print(
        "\n`of plain`: frames per second beside the fastest plain transcode; by processor time beside the mean of ours"
    )
    effects = found["effects"]
    print(f"the effects cost {effects.cpu_s / found[PICTURES].cpu_s:.2f} times a plain transcode of the very pictures")
    ratios = [
        ("straight cut", "a plain transcode", found["straight cut"].fps / fps, STRAIGHT_TARGET),
        ("effects", "a plain transcode", effects.fps / fps, EFFECTS_TARGET),
    ]
    if MELT in found:
        ratios.append(("effects", "melt", effects.fps / found[MELT].fps, MELT_TARGET))
    else:
        print("not measured: MLT's melt, which is not on this machine, or has no screen and no xvfb-run")
    if not shutil.which("ffmpeg"):
        print("not measured: the ffmpeg program, which is not on this machine")
    peak = max(found[name].peak_mb for name in ("straight cut", "effects"))
    missed = [
        f"{name} {ratio:.2f} of {what}, target {target:.2f}" for name, what, ratio, target in ratios if ratio < target
    ]
    if peak > MEMORY_TARGET_MB:
        missed.append(f"memory {peak:.0f} MB, target {MEMORY_TARGET_MB:.0f}")
    for name, what, ratio, target in ratios:
        print(f"{name}: {ratio:.2f} of {what} (target {target:.2f})")
    print("targets missed: " + "; ".join(missed) if missed else "targets met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
