"""`make demo`: starts the server on the headless engine, makes a film through tool calls and looks into the file."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from demo import cut, film, media, plan
from demo.footage import FootageError
from demo.mcp_client import Client, ClientError
from demo.narrator import Narrator

FILM = "bunny-in-town"
SOUND_SLACK_SECONDS = 0.05
"""AAC works in blocks of 1024 samples, 21 ms at 48 kHz: the sound ends within two of them of the picture."""
AUDIBLE = 0.01
"""A peak below this (-40 dB) is no sound that somebody would hear."""


def check(made: film.Film) -> None:
    """Compares the file with what was asked for."""
    cut.expect("the picture codec", "h264", made.video_codec)
    cut.expect("the picture size", (plan.WIDTH, plan.HEIGHT), (made.width, made.height))
    cut.expect("the frame rate", plan.RATE, made.rate)
    cut.expect("the number of frames", plan.FRAMES, made.frames)
    cut.expect("the sound codec", "aac", made.audio_codec)
    if abs(made.audio_seconds - float(made.seconds)) > SOUND_SLACK_SECONDS:
        raise cut.DemoError(f"the sound runs {made.audio_seconds:.3f} s and the picture {float(made.seconds):.3f} s")
    if made.peak < AUDIBLE:
        raise cut.DemoError(f"the sound is silent: its peak is {made.peak:.4f}")


def demo(server: Path, output: Path) -> None:
    """The whole story, from the footage to the probed film."""
    started = time.monotonic()
    print("Fetching and making footage (kept for the next time) …", flush=True)
    footage = media.prepare(output / "footage")
    for old in ("engine", "render"):
        shutil.rmtree(output / old, ignore_errors=True)
    (output / "render").mkdir(parents=True)
    command = [str(server), "--backend", "engine", "--engine-home", str(output / "engine"), "--python", sys.executable]
    with Client(command, log=output / "server.log") as client:
        say = Narrator(client)
        say.heading(f"Connected over stdio to {client.server['serverInfo']['name']}, {len(client.tools())} tools")
        cut.build(say, footage)
        cut.finish(say, footage)
        path = cut.render(say, output / "render", FILM)
        sheet = output / "contact-sheet.png"
        cut.look(say, sheet)
    made = film.probe(path)
    check(made)

    say.heading("The film, as probed from the file")
    print(f"  file     {path}")
    print(f"  picture  {made.video_codec}, {made.width}x{made.height}, {made.rate} fps")
    print(f"  length   {made.frames} frames, {float(made.seconds):.3f} s")
    print(f"  sound    {made.audio_codec}, {made.channels} channels, {made.sample_rate} Hz, {made.audio_seconds:.3f} s")
    print(f"  size     {made.size / 1e6:.2f} MB")
    print(f"  sheet    {sheet}")
    say.heading("Made of")
    for credit in footage.credits:
        print(f"  {credit}")
    print(f"\n{say.calls} tool calls; everything as asked, in {time.monotonic() - started:.1f} s.")


def main() -> int:
    """Runs the demo; anything that is not as asked ends it with exit code 1 and the reason."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--server", type=Path, required=True, help="davinci-mcp-server, with resolve-python beside it")
    parser.add_argument("--output", type=Path, default=Path("demo-output"), help="folder for everything that is made")
    options = parser.parse_args()
    output = options.output.resolve()
    try:
        demo(options.server.resolve(), output)
    except (cut.DemoError, FootageError, ClientError, OSError) as failure:
        hint = getattr(failure, "answer", {}).get("hint")
        print(f"\nthe demo failed: {failure}" + (f" ({hint})" if hint else ""), file=sys.stderr)
        print(f"what the server wrote is in {output / 'server.log'}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
