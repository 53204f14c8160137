"""Making multicam clips: which clips share an angle, what it is called, and how the angles are lined up."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import Any, NamedTuple

from resolve_engine import failure, timecode
from resolve_engine.api import arguments
from resolve_engine.api.audio_sync import lag
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model import building, multicam
from resolve_engine.model.clip import Clip
from resolve_engine.model.multicam import Part
from resolve_engine.model.settings import project_rate
from resolve_engine.remote import PyRemoteObject
from resolve_engine.timecode import DROP_FRAME_RATES

MOST_CLIPS = 100
"""Of one call; each is placed on its own, and by sound each is compared with others."""
START = "01:00:00:00"
GAP_S = 1
"""Seconds between stretches that are made into clips of their own; it is seen nowhere."""
SOURCES = "Original Clips"
"""The folder that the sources move to."""

DETECTED_BY = {
    "BY_CAMERA_NUMBER": "Camera #",
    "BY_ANGLE": "Angle",
    "BY_REEL_NUMBER": "Reel Number",
    "BY_REEL_NAME": "Reel Name",
    "BY_ROLL_CARD": "Roll Card #",
}
"""The metadata field that tells the clips of one camera."""
KEYS = (
    "name", "startTimecode", "frameRate", "angleSyncMode", "channelConfig", "multicamAudioMode", "angleNameMode",
    "splitAtGaps", "useFullClipExtents", "createBinForSourceClips", "detectSameCameraClipsMode",
)  # fmt: skip


class Options(NamedTuple):
    """The options of a multicam clip, checked."""

    name: str
    start: str
    rate: Any
    sync: str
    channel: int
    sound: str
    names: str
    split: bool
    whole: bool
    folder: bool
    detect: str


class MulticamMethods(ApiClass):
    """The method of the media pool about multicam clips."""

    def CreateMulticamClip(self, clips: Any, multicamOptions: Any) -> list[PyRemoteObject]:
        """One clip, or with splitAtGaps one for each stretch without a gap. All or none."""
        sources = list(dict.fromkeys(self.given_clip(clip) for clip in arguments.listing(clips, "the clips")))
        if not 1 <= len(sources) <= MOST_CLIPS:
            raise Refusal(f"1 to {MOST_CLIPS} clips are needed, not {len(sources)}")
        for clip in sources:
            if clip.type not in ("Video", "Video + Audio", "Audio"):
                raise Refusal(f"{clip.name!r} is of type {clip.type}; an angle is made of moving pictures and sound")
        options = _options(multicamOptions)
        rate, drop = project_rate(self.project) if options.rate is None else _rate(options.rate)
        parts = _parts(sources, options)
        made = []
        groups = _apart(parts) if options.split else [parts]
        for number, group in enumerate(groups, 1):
            name = options.name or f"{sources[0].name} Multicam"
            if len(groups) > 1:
                name = f"{name} {number}"
            clock = multicam.clock_of(rate, drop, options.start)
            made.append(multicam.build(self.project, group, name, clock, options.sound))
        if options.folder:
            self._file_away(sources)
        return [self.clip_handle(clip) for clip in made]

    def _file_away(self, sources: list[Clip]) -> None:
        here = self.project.open_folder()
        known = [one for one in self.project.folders.values() if one.parent == here.id and one.name == SOURCES]
        folder = known[0] if known else building.new_folder(self.project, here, SOURCES)
        for clip in sources:
            clip.parent = folder.id


def _options(value: Any) -> Options:
    given = arguments.table({} if value is None else value, "the multicam options")
    for key in given:
        if key not in KEYS:
            raise Refusal(f"{key!r} is no multicam option; they are {', '.join(KEYS)}")
    sync = arguments.constant(given.get("angleSyncMode"), "angleSyncMode", "MULTICAM_ANGLE_SYNC_", "TIMECODE")
    if sync != "AUDIO" and ("channelConfig" in given or given.get("splitAtGaps")):
        raise Refusal("channelConfig and splitAtGaps are for angles that are lined up by their sound alone")
    return Options(
        name=arguments.text(given.get("name", ""), "the name"),
        start=arguments.text(given.get("startTimecode", START), "startTimecode"),
        rate=given.get("frameRate"),
        sync=sync,
        channel=arguments.whole(given.get("channelConfig", 1), "channelConfig", -2, 8),
        sound=arguments.constant(given.get("multicamAudioMode"), "multicamAudioMode", "MULTICAM_AUDIO_", "SOURCE"),
        names=arguments.constant(given.get("angleNameMode"), "angleNameMode", "MULTICAM_ANGLE_NAME_", "SEQUENTIAL"),
        split=arguments.flag(given.get("splitAtGaps", False), "splitAtGaps"),
        whole=arguments.flag(given.get("useFullClipExtents", False), "useFullClipExtents"),
        folder=arguments.flag(given.get("createBinForSourceClips", True), "createBinForSourceClips"),
        detect=arguments.constant(
            given.get("detectSameCameraClipsMode"), "detectSameCameraClipsMode", "MULTICAM_DETECT_", "NONE"
        ),
    )


def _rate(value: Any) -> Any:
    parsed = None if isinstance(value, bool) else timecode.parse_rate(str(value))
    if parsed is None:
        raise Refusal(f"{value!r} is no timeline frame rate; the rates are {', '.join(timecode.RATES)}")
    rate, drop = parsed
    return rate, drop and rate in DROP_FRAME_RATES


def _parts(sources: list[Clip], options: Options) -> list[Part]:
    """The clips with their angles and places; angles in the order of their numbers."""
    cameras: dict[str, list[Clip]] = {}
    for clip in sources:
        field = DETECTED_BY.get(options.detect)
        camera = str(clip.metadata.get(field, "")) if field else ""
        cameras.setdefault(camera or clip.id, []).append(clip)
    named = _named(list(cameras.values()), options.names)
    if options.names != "SEQUENTIAL":  # angle numbers follow the names (`pool.multicam-order`)
        named.sort(key=lambda angle: angle[0])
    begins = _begins(sources, options)
    parts = []
    for name, clips in named:
        for clip in clips:
            first, after = 0, clip.frames
            marks = clip.marks.get("video") or clip.marks.get("audio")
            if marks and not options.whole:
                first, after = marks[0], marks[1] + 1
            parts.append(Part(clip, name, first, after, begins[clip.id] + Fraction(first) / Fraction(*clip.rate)))
    return parts


def _named(cameras: list[list[Clip]], mode: str) -> list[tuple[str, list[Clip]]]:
    """The angles with their names; where the wanted name is empty or taken it is the angle's number."""
    named: list[tuple[str, list[Clip]]] = []
    taken: set[str] = set()
    for number, clips in enumerate(cameras, 1):
        clip = clips[0]
        wanted = {
            "ANGLE": clip.metadata.get("Angle", ""),
            "CAMERA": clip.metadata.get("Camera #", ""),
            "CLIP": clip.name,
            "FILE": os.path.basename(clip.path),
        }.get(mode, "")
        name = wanted if wanted and wanted not in taken else f"Angle {number}"
        taken.add(name)
        named.append((name, clips))
    return named


def _begins(sources: list[Clip], options: Options) -> dict[str, Fraction]:
    """Seconds from the first clip's beginning to that of each, by clip id. Where gaps part clips, one that fits none of
    those before it begins after all of them: nobody can hear how long the gap was."""
    first = sources[0]
    begins = {first.id: Fraction(0)}
    for clip in sources[1:]:
        found = None
        # By sound, a clip that does not overlap the first one may overlap another that was found already.
        for known in [first] if options.sync != "AUDIO" else [one for one in sources if one.id in begins]:
            apart = lag(known, clip, options.sync, options.channel)
            if apart is not None:
                found = begins[known.id] + apart
                break
        if found is None and options.split:
            found = GAP_S + max(begins[one.id] + _seconds(one) for one in sources if one.id in begins)
        if found is None:
            why = failure.last() or f"{first.name!r} and {clip.name!r} do not both have what {options.sync} compares"
            failure.clear()  # the reason of the call is this one, of which the noted one is a part
            raise Refusal(f"{clip.name!r} cannot be lined up: {why}")
        begins[clip.id] = found
    failure.clear()
    return begins


def _seconds(clip: Clip) -> Fraction:
    return Fraction(clip.frames) / Fraction(*clip.rate)


def _apart(parts: list[Part]) -> list[list[Part]]:
    """The parts in groups between which there is a gap."""
    groups: list[list[Part]] = []
    end = Fraction(0)
    for part in sorted(parts, key=lambda part: part.begin):
        if not groups or part.begin > end:
            groups.append([])
            end = part.begin
        groups[-1].append(part)
        end = max(end, part.begin + Fraction(part.after - part.first) / Fraction(*part.clip.rate))
    order = {id(part): place for place, part in enumerate(parts)}
    return [sorted(group, key=lambda part: order[id(part)]) for group in groups]
