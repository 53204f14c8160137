"""Builds a project of many clips and a timeline of many items with the engine: FOLDER FILM CLIPS ITEMS."""

import os
import sys
import wave
from pathlib import Path

import DaVinciResolveScript


def sounds(folder: Path, count: int) -> list[str]:
    """So many names of one second of silence; one file, linked as often, so that the disk does not matter."""
    folder.mkdir(parents=True)
    first = folder / "sound-0000.wav"
    with wave.open(str(first), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"\0\0" * 8_000)
    paths = [first] + [folder / f"sound-{number:04}.wav" for number in range(1, count)]
    for path in paths[1:]:
        os.link(first, path)
    return [str(path) for path in paths]


def main() -> None:
    """Makes the project and saves it: one film, sounds beside it, and pieces of the film on the timeline."""
    folder, film, clips, items = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    manager = DaVinciResolveScript.scriptapp("Resolve").GetProjectManager()
    pool = manager.CreateProject("Large").GetMediaPool()
    imported = pool.ImportMedia([film, *sounds(folder, clips - 1)])
    if len(imported) != clips:
        sys.exit(f"{len(imported)} of {clips} clips were imported")
    pool.CreateEmptyTimeline("Reel")
    piece = {"mediaPoolItem": imported[0], "startFrame": 0, "endFrame": 12, "mediaType": 1}
    placed = pool.AppendToTimeline([piece] * items)
    if len(placed) != items or not manager.SaveProject():
        sys.exit(f"{len(placed)} of {items} items were placed, or the project was not saved")


main()
