"""The media pool on real files: synced sound, proxies, subclips, audio tracks, mattes, folders as files, cloning."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import generate
import numpy
import pytest
from generate import film, sound

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.archive import cloning
from resolve_engine.model.frozen import freeze

RATE = 48000


def voice(seconds: float, seed: int = 1) -> Any:
    """Noise in syllables of random loudness, as a voice has: nothing in it repeats."""
    chance = numpy.random.default_rng(seed)
    count = int(seconds * RATE)
    loudness = numpy.repeat(chance.random(count // 4800 + 1) ** 2, 4800)[:count]
    return (0.4 * loudness * numpy.convolve(chance.normal(size=count), numpy.hanning(24) / 12, "same")).astype("f4")


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two camera films with noisy sound and one long recording; `a` begins 7.25 s into it, `b` 2.5 s before it."""
    folder = tmp_path_factory.mktemp("takes")
    event, chance = voice(40), numpy.random.default_rng(9)

    def camera(name: str, begin: float, seconds: int, noise: float) -> None:
        part = numpy.zeros(int(seconds * RATE), "f4")
        first = int(begin * RATE)
        heard = event[max(first, 0) : first + len(part)]
        part[max(-first, 0) : max(-first, 0) + len(heard)] = heard
        part += (noise * part.std() * chance.normal(size=len(part))).astype("f4")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(generate, "wave", lambda *_: part[:, None])
            film(folder / f"{name}_cam.mov", frames=seconds * 24, timecode="10:00:00:00", sound="heard", channels=1)

    camera("a", 7.25, 10, 1.0)
    camera("b", -2.5, 12, 0.3)
    sound(folder / "recorder.wav", numpy.repeat(event[:, None], 2, axis=1))
    sound(folder / "other.wav", voice(20, seed=77)[:, None])
    return folder


def imported(pool: Any, *paths: Path) -> list[Any]:
    """Clips, in the order of the paths."""
    clips: list[Any] = pool.ImportMedia([str(path) for path in paths])
    assert len(clips) == len(paths), failure.last()
    return clips


def test_sound_is_synced_by_its_waveform(resolve: Any, pool: Any, takes: Path) -> None:
    """Within a hundredth of a frame through noise as loud as the voice; a sound of something else is not taken."""
    a, b, recorder, other = imported(
        pool, takes / "a_cam.mov", takes / "b_cam.mov", takes / "recorder.wav", takes / "other.wav"
    )
    assert pool.AutoSyncAudio([a, other], {"syncMode": resolve.AUDIO_SYNC_WAVEFORM}) is False
    assert "do not fit together anywhere" in str(failure.last())
    assert pool.AutoSyncAudio([a, b, recorder, other], {"syncMode": resolve.AUDIO_SYNC_WAVEFORM}) is True
    offsets = [json.loads(clip.GetAudioMapping())["linked_audio"]["1"]["offset"] for clip in (a, b)]
    assert offsets == pytest.approx([-7.25 * RATE, 2.5 * RATE], abs=20)
    assert [clip.GetClipProperty("Synced Audio") for clip in (a, b)] == ["recorder.wav"] * 2
    assert json.loads(a.GetAudioMapping())["track_mapping"] == {
        "1": {"channel_idx": [2, 3], "mute": False, "type": "stereo"}
    }


def test_synced_sound_is_what_a_timeline_plays(resolve: Any, pool: Any, takes: Path) -> None:
    """The item's sound comes from the recorder at the place that the sync found, its picture from the camera."""
    a, recorder = imported(pool, takes / "a_cam.mov", takes / "recorder.wav")
    pool.AutoSyncAudio([a, recorder], {"syncMode": resolve.AUDIO_SYNC_WAVEFORM})
    pool.CreateTimelineFromClips("t", [a])
    project = application.start().project
    spec = freeze(project, next(iter(project.timelines.values())), str)
    (heard,) = spec.audio[0].items
    assert heard.source.path == str(takes / "recorder.wav")
    assert heard.source_start[0] / heard.source_start[1] == pytest.approx(7.25 * 24, abs=0.02)
    assert spec.video[0].items[0].source.path == str(takes / "a_cam.mov")
    assert spec.video[0].items[0].source_start == (0, 1)


def test_sync_by_timecode_and_by_marks(resolve: Any, pool: Any, takes: Path) -> None:
    """Timecode compares the starts, IN the in marks; settings go by constants, too, and wrong ones are refused."""
    a, recorder = imported(pool, takes / "a_cam.mov", takes / "recorder.wav")
    assert pool.AutoSyncAudio([a, recorder], {"syncMode": resolve.AUDIO_SYNC_TIMECODE}) is False
    recorder.SetClipProperty("Start TC", "09:59:52:12")
    keyed = {resolve.AUDIO_SYNC_MODE: resolve.AUDIO_SYNC_TIMECODE, resolve.AUDIO_SYNC_RETAIN_EMBEDDED_AUDIO: True}
    assert pool.AutoSyncAudio([a, recorder], keyed) is True
    mapping = json.loads(a.GetAudioMapping())
    assert mapping["linked_audio"]["1"]["offset"] == -7.5 * RATE
    assert [track["channel_idx"] for track in mapping["track_mapping"].values()] == [[1], [2, 3]]
    a.SetMarkInOut(24, 48)
    recorder.SetMarkInOut(120, 200)
    assert pool.AutoSyncAudio([a, recorder], {"syncMode": resolve.AUDIO_SYNC_IN}) is True
    assert json.loads(a.GetAudioMapping())["linked_audio"]["1"]["offset"] == -4 * RATE
    for wrong in (None, {}, {"mode": 1}, {"syncMode": 99}, {"syncMode": 0, "channelNumber": 7}):
        assert pool.AutoSyncAudio([a, recorder], wrong) is False, wrong


def test_proxies(pool: Any, tmp_path: Path) -> None:
    """Linked when it shows the same frames, shown with its size, unlinked; the full file of a proxy can be put back."""
    film(tmp_path / "full.mov", size=(640, 360), timecode="01:00:00:00")
    film(tmp_path / "small.mov", size=(320, 180), timecode="01:00:00:00")
    film(tmp_path / "short.mov", size=(320, 180), frames=24)
    (clip,) = imported(pool, tmp_path / "full.mov")
    assert clip.UnlinkProxyMedia() is False
    assert clip.LinkProxyMedia(str(tmp_path / "short.mov")) is False
    assert "24 frames at 24 fps" in str(failure.last())
    assert clip.LinkProxyMedia(str(tmp_path / "small.mov")) is True
    assert clip.GetClipProperty("Proxy") == "320x180"
    assert clip.GetClipProperty("Proxy Media Path") == str(tmp_path / "small.mov")
    assert clip.UnlinkProxyMedia() is True
    assert clip.GetClipProperty("Proxy") == "None"
    (small,) = imported(pool, tmp_path / "small.mov")
    assert small.LinkFullResolutionMedia(str(tmp_path / "full.mov")) is True
    assert (small.GetClipProperty("Resolution"), small.GetClipProperty("Proxy")) == ("640x360", "320x180")
    assert clip.LinkFullResolutionMedia(str(tmp_path / "small.mov")) is False


def test_a_part_of_a_file_is_a_subclip(resolve: Any, pool: Any, tmp_path: Path) -> None:
    """Its timecode and length are those of the part, and a timeline shows the right frames of the file."""
    film(tmp_path / "long.mov", frames=100, timecode="01:00:00:00")
    film(tmp_path / "new.mov", frames=100, first=500, timecode="02:00:00:00")
    film(tmp_path / "short.mov", frames=60)
    storage = resolve.GetMediaStorage()
    (clip,) = storage.AddItemListToMediaPool([{"media": str(tmp_path / "long.mov"), "startFrame": 40, "endFrame": 69}])
    shown = [clip.GetClipProperty(key) for key in ("Frames", "Start TC", "End TC")]
    assert shown == ["30", "01:00:01:16", "01:00:02:22"]
    pool.CreateTimelineFromClips("t", [{"mediaPoolItem": clip, "startFrame": 5, "endFrame": 15}])
    project = application.start().project
    (item,) = freeze(project, next(iter(project.timelines.values())), str).video[0].items
    assert (item.source_start, item.end - item.start) == ((45, 1), 10)
    assert clip.ReplaceClipPreserveSubClip(str(tmp_path / "short.mov")) is False
    assert clip.ReplaceClipPreserveSubClip(str(tmp_path / "new.mov")) is True
    assert [clip.GetClipProperty(key) for key in ("Frames", "Start TC")] == ["30", "02:00:01:16"]
    for wrong in ({"startFrame": 90, "endFrame": 120}, {"startFrame": 9, "endFrame": 3}, {"from": 1}):
        assert storage.AddItemListToMediaPool([{"media": str(tmp_path / "long.mov"), **wrong}]) == [], wrong


def test_audio_tracks_are_laid_out_anew(pool: Any, tmp_path: Path) -> None:
    """Streams joined to one track or in another order; channels that are not there, another count of them: refused."""
    from clips import add_clip

    clip = add_clip(channels=(1, 1, 2))

    def mapped(*tracks: tuple[str, list[int]]) -> bool:
        layout = {str(n): {"type": kind, "channel_idx": channels} for n, (kind, channels) in enumerate(tracks, 1)}
        return bool(clip.SetAudioMapping(json.dumps({"track_mapping": layout})))

    assert mapped(("Stereo", [3, 4]), ("stereo", [1, 2]))
    tracks = json.loads(clip.GetAudioMapping())["track_mapping"]
    assert [(track["type"], track["channel_idx"]) for track in tracks.values()] == [
        ("stereo", [3, 4]),
        ("stereo", [1, 2]),
    ]
    assert not mapped(("mono", [9]))
    assert not mapped(("mono", [1, 2]))
    assert not mapped()
    assert clip.SetAudioMapping("{") is False
    assert len(pool.CreateTimelineFromClips("t", [clip]).GetItemListInTrack("video", 1)[0].GetLinkedItems()) == 2


def test_metadata_as_a_table(pool: Any, tmp_path: Path) -> None:
    """A column for each field that is used; commas, quotes, line breaks and letters of every kind come back."""
    from clips import add_clip

    one, two = add_clip(path="/m/a.mov"), add_clip(path="/m/b.mov")
    nasty = 'a "b", c\nü 日本'
    one.SetMetadata({"Comments": nasty, "Scene": "12"})
    two.SetMetadata("Shot", "3")
    assert pool.ExportMetadata(str(tmp_path / "all.csv")) is True
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["File Name"] for row in rows] == ["a.mov", "b.mov"]
    assert (rows[0]["Comments"], rows[0]["Scene"], rows[0]["Shot"], rows[1]["Shot"]) == (nasty, "12", "", "3")
    assert pool.ExportMetadata(str(tmp_path / "one.csv"), [two]) is True
    assert "a.mov" not in (tmp_path / "one.csv").read_text(encoding="utf-8")
    assert pool.ExportMetadata(str(tmp_path / "no" / "x.csv")) is False


def test_keywords_are_found_under_both_names(pool: Any, clip: Any) -> None:
    """Scripts write `Keywords` as metadata; the attribute of a clip is called `Keyword`."""
    assert clip.SetMetadata("Keywords", "night,rain") is True
    assert [clip.GetMetadata(key) for key in ("Keywords", "Keyword")] == ["night,rain"] * 2
    assert clip.GetClipProperty("Keyword") == "night,rain"
    assert clip.SetMetadata({"Keyword": "day"}) is True
    assert clip.GetMetadata("Keywords") == "day"


def test_a_folder_travels_between_projects(manager: Any, pool: Any, tmp_path: Path) -> None:
    """With what is below it and its timelines; it is named by the file, and lost media are found below a path."""
    film(tmp_path / "a.mov", frames=24)
    outer = pool.AddSubFolder(pool.GetRootFolder(), "Reel")
    pool.SetCurrentFolder(pool.AddSubFolder(outer, "Inner"))
    (clip,) = imported(pool, tmp_path / "a.mov")
    clip.SetClipColor("Orange")
    timeline = pool.CreateTimelineFromClips("cut", [clip])
    timeline.AddMarker(3, "Blue", "n", "", 1)
    path = tmp_path / "Reel 1.drb"
    assert outer.Export(str(path)) is True
    (tmp_path / "moved").mkdir()
    os.rename(tmp_path / "a.mov", tmp_path / "moved" / "a.mov")
    pool = manager.CreateProject("second").GetMediaPool()
    assert pool.ImportFolderFromFile(str(path), str(tmp_path / "moved")) is True
    assert pool.ImportFolderFromFile(str(path)) is False
    (reel,) = pool.GetRootFolder().GetSubFolderList()
    assert reel.GetName() == "Reel 1"
    (inner,) = reel.GetSubFolderList()
    found = {clip.GetName(): clip for clip in inner.GetClipList()}
    assert set(found) == {"a.mov", "cut"}
    assert found["a.mov"].GetClipColor() == "Orange"
    assert found["a.mov"].GetClipProperty("Online Status") == "Online"
    cut = found["cut"].GetTimeline()
    assert (cut.GetMarkers()[3.0]["name"], len(cut.GetItemListInTrack("video", 1))) == ("n", 1)
    assert cut.GetItemListInTrack("video", 1)[0].GetMediaPoolItem().GetUniqueId() == found["a.mov"].GetUniqueId()


def test_mattes(resolve: Any, pool: Any, tmp_path: Path) -> None:
    """With a clip, listed and taken away; in a folder as clips; what is no picture is refused."""
    film(tmp_path / "a.mov", frames=12)
    film(tmp_path / "m.mov", frames=12)
    (tmp_path / "text.txt").write_text("no picture", encoding="utf-8")
    (clip,) = imported(pool, tmp_path / "a.mov")
    storage = resolve.GetMediaStorage()
    assert storage.AddClipMattesToMediaPool(clip, [str(tmp_path / "text.txt")]) is False
    assert storage.AddClipMattesToMediaPool(clip, [str(tmp_path / "m.mov")]) is True
    assert pool.GetClipMatteList(clip) == [str(tmp_path / "m.mov")]
    assert pool.DeleteClipMattes(clip, [str(tmp_path / "other.mov")]) is False
    assert pool.DeleteClipMattes(clip, [str(tmp_path / "m.mov")]) is True
    assert pool.GetClipMatteList(clip) == []
    (matte,) = storage.AddTimelineMattesToMediaPool([str(tmp_path / "m.mov")])
    assert pool.GetTimelineMatteList(pool.GetRootFolder()) == [matte]


def test_selection(pool: Any, clip: Any) -> None:
    """What was set is answered, until another folder is opened."""
    assert pool.GetSelectedClips() == []
    assert pool.SetSelectedClip(clip) is True
    assert pool.GetSelectedClips() == [clip]
    pool.SetCurrentFolder(pool.AddSubFolder(pool.GetRootFolder(), "other"))
    assert pool.GetSelectedClips() == []


def finished(storage: Any) -> Any:
    """The status when the copying has ended."""
    from resolve_engine.api import clone_tool

    running = clone_tool._tool.running
    assert running is not None
    running._thread.join(30)
    return storage.GetCloneStatus()


@pytest.mark.parametrize("kind", ["NONE", "FILESIZE", "CRC32", "MD5", "SHA256", "SHA512", "XXH_64"])
def test_the_clone_tool_copies_to_several_places(resolve: Any, tmp_path: Path, kind: str) -> None:
    """Every byte, times included, below the folder's own name when told so; what is there is never overwritten."""
    source = tmp_path / "card"
    (source / "sub").mkdir(parents=True)
    (source / "a.bin").write_bytes(os.urandom(200_000))
    (source / "sub" / "b.bin").write_bytes(b"")
    storage = resolve.GetMediaStorage()
    settings = {"PreserveFolderName": True, "ChecksumType": getattr(resolve, f"CLONE_CHECKSUM_TYPE_{kind}")}
    assert storage.SetCloneToolSettings(settings) is True
    targets = [str(tmp_path / "one"), str(tmp_path / "two")]
    assert storage.StartCloneMedia(str(source), targets) is False
    assert "make it first" in str(failure.last())
    for target in targets:
        os.mkdir(target)
    assert storage.StartCloneMedia(str(source), targets) is True
    assert finished(storage) == {"JobStatus": "Complete", "CompletionPercentage": 100.0}
    for target in targets:
        copied = Path(target) / "card"
        assert (copied / "a.bin").read_bytes() == (source / "a.bin").read_bytes()
        assert (copied / "sub" / "b.bin").read_bytes() == b""
        assert (copied / "a.bin").stat().st_mtime == pytest.approx((source / "a.bin").stat().st_mtime)
    assert storage.StartCloneMedia(str(source), targets[0]) is True
    status = finished(storage)
    assert (status["JobStatus"], "not overwritten" in status["Error"]) == ("Failed", True)
    assert storage.SetCloneToolSettings() is True


def test_the_checksums_are_those_of_their_names() -> None:
    """Of `abc`, as their standards and their authors print them; none and the size need no sum."""
    known = {"CRC32": "352441c2", "MD5": "900150983cd24fb0d6963f7d28e17f72", "XXH_64": "44bc2cf5ad770999"}
    for kind, expected in known.items():
        sum = cloning.new_sum(kind)
        sum.update(b"abc")
        assert sum.hexdigest() == expected
    assert [cloning.new_sum(kind) for kind in ("NONE", "FILESIZE")] == [None, None]


def test_the_clone_tool_notices_a_bad_copy(resolve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that gives back other bytes than it was given: the job fails and no file keeps its name."""
    (tmp_path / "card").mkdir()
    (tmp_path / "card" / "a.bin").write_bytes(b"abc")
    (tmp_path / "copy").mkdir()
    whole = cloning.Cloning._copy

    def spoiled(self: Any, source: str, partials: list[str]) -> str:
        sum = whole(self, source, partials)
        Path(partials[0]).write_bytes(b"abx")
        return sum

    monkeypatch.setattr(cloning.Cloning, "_copy", spoiled)
    storage = resolve.GetMediaStorage()
    storage.SetCloneToolSettings({"ChecksumType": resolve.CLONE_CHECKSUM_TYPE_MD5})
    assert storage.StartCloneMedia(str(tmp_path / "card"), str(tmp_path / "copy")) is True
    status = finished(storage)
    assert (status["JobStatus"], "another checksum" in status["Error"]) == ("Failed", True)
    assert list((tmp_path / "copy").iterdir()) == []


def test_the_clone_tool_refuses_what_makes_no_sense(resolve: Any, tmp_path: Path) -> None:
    """A source that is not there, a target inside the source, a checksum that there is not, nothing to stop."""
    storage = resolve.GetMediaStorage()
    (tmp_path / "inside").mkdir()
    assert storage.StartCloneMedia(str(tmp_path / "none"), str(tmp_path / "inside")) is False
    assert "no folder" in str(failure.last())
    assert storage.StartCloneMedia(str(tmp_path), str(tmp_path / "inside")) is False
    assert "lie in each other" in str(failure.last())
    assert storage.SetCloneToolSettings({"ChecksumType": 99}) is False
    assert storage.StopCloneMedia() is False
