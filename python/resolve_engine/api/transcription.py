"""The methods of clips and folders about transcripts."""

from __future__ import annotations

from fractions import Fraction
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from resolve_engine import failure
from resolve_engine.api import arguments, grades
from resolve_engine.api.base import ApiClass
from resolve_engine.api.parts import ClipPart
from resolve_engine.errors import Refusal
from resolve_engine.model import transcript
from resolve_engine.model.clip import Clip
from resolve_engine.model.project import Project

if TYPE_CHECKING:
    from resolve_engine.render.spec import TimelineSpec

PAGES = ("media", "photo", "cut", "edit", "fairlight")
"""Where Resolve transcribes; it answers False at once on the others."""
LONGEST_S = 4 * 3600
"""Seconds of one clip: it is read through at about four times its speed while the call waits."""


class ClipTranscriptMethods(ClipPart):
    """A transcript belongs to the clip; it is made in a process of its own while the call waits."""

    def TranscribeAudio(self, useSpeakerDetection: Any = False, transcribeAsNestedClip: Any = False) -> bool:
        """Speakers are not told apart; a timeline is transcribed as what it sounds like, nested or not."""
        _flags(useSpeakerDetection, transcribeAsNestedClip)
        _check_page(self.app.page)
        transcribe(self.project, self.clip)
        return True

    def GetTranscription(self, useNestedClipTranscription: Any = False) -> dict[str, Any] | None:
        """None until there is one."""
        arguments.flag(useNestedClipTranscription, "useNestedClipTranscription")
        return transcript.told(self.project, self.clip) if self.clip.transcript else None

    def ClearTranscription(self, clearNestedClipTranscription: Any = False) -> bool:
        arguments.flag(clearNestedClipTranscription, "clearNestedClipTranscription")
        if not self.clip.transcript:
            raise Refusal(f"{self.clip.name!r} has no transcript")
        self.clip.transcript = ()
        return True


class FolderTranscriptMethods(ApiClass):
    """Every clip in the folder and below that sounds."""

    def TranscribeAudio(self, useSpeakerDetection: Any = False, transcribeAsNestedClip: Any = False) -> bool:
        """True when one was transcribed; why others were not is the reason of the call."""
        _flags(useSpeakerDetection, transcribeAsNestedClip)
        _check_page(self.app.page)
        clips = [clip for clip in self.clips_below() if _sounds(self.project, clip)]
        if not clips:
            raise Refusal("no clip in the folder or below has sound")
        done = 0
        for clip in clips:
            try:
                transcribe(self.project, clip)
                done += 1
            except Refusal as refusal:
                failure.note(refusal.reason)
        if not done:
            raise Refusal(failure.last() or "nothing was transcribed")
        return True

    def ClearTranscription(self) -> bool:
        clips = [clip for clip in self.clips_below() if clip.transcript]
        if not clips:
            raise Refusal("no clip in the folder or below has a transcript")
        for clip in clips:
            clip.transcript = ()
        return True

    def clips_below(self) -> list[Clip]:
        """The clips in the folder and in those below it."""
        inside = [self.key]
        for id in inside:
            inside.extend(folder.id for folder in self.project.folders.values() if folder.parent == id)
        return [clip for clip in self.project.clips.values() if clip.parent in set(inside)]


def transcribe(project: Project, clip: Clip) -> None:
    """Make the transcript of a clip. Raises Refusal."""
    if not _sounds(project, clip):
        raise Refusal(f"{clip.name!r} has no sound to transcribe")
    if clip.offline:
        raise Refusal(f"{clip.name!r} is offline; relink it first")
    frames = project.extent(clip)[1]
    found = speech(_sound_of(project, clip), clip.name)
    clip.transcript = transcript.from_speech(found, clip.rate, frames)


def speech(timeline: TimelineSpec, name: str) -> list[dict[str, Any]]:
    """What is said in a timeline's sound (see `analyse.transcribe.transcribe`). Raises Refusal."""
    from resolve_engine.media.errors import MediaError
    from resolve_engine.worker.client import MediaWorker

    if find_spec("pocketsphinx") is None:
        raise Refusal(
            "speech is recognised by the package pocketsphinx, which is not installed; install the engine with its "
            "extra, resolve-engine[transcription]"
        )
    seconds = (timeline.end - timeline.start) * timeline.rate[1] / timeline.rate[0]
    if seconds > LONGEST_S:
        raise Refusal(f"{name!r} lasts {seconds / 3600:.1f} hours, more than the {LONGEST_S // 3600} of a transcript")
    worker = MediaWorker()  # of its own: the model takes 300 MB, and nobody else waits behind it
    try:
        return worker.transcribe(timeline)
    except MediaError as error:
        raise Refusal(f"{name!r} was not transcribed: {error.reason}") from error
    finally:
        worker.close()


def _sounds(project: Project, clip: Clip) -> bool:
    if clip.timeline:
        return any(track.items for track in project.timelines[clip.timeline].tracks["audio"])
    return bool(clip.own_channels or clip.linked_audio)


def _sound_of(project: Project, clip: Clip) -> TimelineSpec:
    """A timeline with the clip's sound alone: its own, or where it has none that which was synced to it."""
    from dataclasses import replace

    from resolve_engine.model.frozen import freeze
    from resolve_engine.render.spec import ItemSpec, SourceSpec, TimelineSpec, TrackSpec

    if clip.timeline:
        return replace(freeze(project, project.timelines[clip.timeline], grades.lut_path), video=())
    media: Any = clip.media
    start = Fraction(clip.offset)
    if not clip.own_channels:
        linked = clip.linked_audio[0]
        media = linked["media"]
        start -= Fraction(linked["offset"], media["audio"][0]["sample_rate"]) * Fraction(*clip.rate)
    streams = tuple(stream["stream_index"] for stream in media["audio"])
    of = SourceSpec(media["path"], media["kind"], clip.rate, clip.frames + clip.offset, audio_streams=streams)
    item = ItemSpec(clip.id, clip.name, 0, clip.frames, of, (start.numerator, start.denominator))
    tracks = (TrackSpec(True, (item,)),)
    return TimelineSpec(clip.name, clip.rate, clip.drop_frame, 16, 16, 0, clip.frames, (), tracks)


def _flags(speakers: Any, nested: Any) -> None:
    arguments.flag(speakers, "useSpeakerDetection")
    arguments.flag(nested, "transcribeAsNestedClip")


def _check_page(page: str) -> None:
    if page not in PAGES:
        raise Refusal(f"nothing is transcribed on the {page} page; open the media, cut, edit or fairlight page first")
