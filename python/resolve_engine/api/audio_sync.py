"""Linking sound to picture: by timecode, by the sound itself, by marks or by markers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from resolve_engine import failure
from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.surface import constants
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Clip
from resolve_engine.model.ingest import tracks_of

KEYS = {
    "syncMode": "AUDIO_SYNC_MODE",
    "channelNumber": "AUDIO_SYNC_CHANNEL_NUMBER",
    "retainEmbeddedAudio": "AUDIO_SYNC_RETAIN_EMBEDDED_AUDIO",
    "retainVideoMetadata": "AUDIO_SYNC_RETAIN_VIDEO_METADATA",
}
"""The settings by name, with the constants that stand for them as keys."""
MODES = ("WAVEFORM", "TIMECODE", "IN", "OUT", "MARKER")
MOST_CLIPS = 500
"""Of one call; every picture is compared with every sound."""


class SyncMethods(ApiClass):
    """The methods of the media pool that link sound."""

    def AutoSyncAudio(self, mediaPoolItems: Any, audioSyncSettings: Any = None) -> bool:
        """Each clip with picture gets the sound, of those without, that fits it; True when one did. Which did not is
        the reason of the call."""
        listed = [self.given_clip(clip) for clip in arguments.listing(mediaPoolItems, "the clips")]
        clips = list(dict.fromkeys(listed))
        settings = _settings(audioSyncSettings)
        pictures = [clip for clip in clips if clip.media is not None and clip.media["video"] is not None]
        sounds = [  # subtitles have neither
            clip for clip in clips if clip.media is not None and clip.media["video"] is None and clip.media["audio"]
        ]
        if not pictures or not sounds or len(clips) > MOST_CLIPS:
            raise Refusal(
                f"at least one clip with picture and one of sound alone are needed, at most {MOST_CLIPS} in all"
            )
        mode = next((mode for mode in MODES if constants().get(f"AUDIO_SYNC_{mode}") == settings["syncMode"]), None)
        if mode is None:
            raise Refusal(f"{settings['syncMode']} is no sync mode; read AUDIO_SYNC_TIMECODE or another off resolve")
        done = 0
        for picture in pictures:
            fitting = _fitting(picture, sounds, mode, settings["channelNumber"])
            if fitting:
                _link(picture, fitting, settings)
                done += 1
            else:
                failure.note(f"no sound fits {picture.name!r} by {mode.lower()}")
        if not done:
            raise Refusal(failure.last() or "nothing was synced")
        return True


def _settings(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not given:
        raise Refusal("the settings are needed: a dict with syncMode")
    by_constant = {constants()[constant]: name for name, constant in KEYS.items()}
    settings: dict[str, Any] = {
        "syncMode": constants()["AUDIO_SYNC_TIMECODE"],
        "channelNumber": 1,
        "retainEmbeddedAudio": False,
        "retainVideoMetadata": False,
    }
    for key, value in given.items():
        name = by_constant.get(key) if isinstance(key, int | float) else key
        if name not in KEYS or (isinstance(key, str) and not build().sync_settings_have_names):
            raise Refusal(f"{key!r} is no setting; they are {', '.join(KEYS)}, as constants before 21.1")
        if name.startswith("retain"):
            settings[name] = arguments.flag(value, name)
        else:
            settings[name] = arguments.whole(value, name, -2, 36)
    return settings


def _fitting(picture: Clip, sounds: list[Clip], mode: str, channel: int) -> list[tuple[Clip, Fraction]]:
    """The sounds that overlap the picture, each with the seconds by which it begins after it."""
    found = []
    for sound in sounds:
        apart = lag(picture, sound, mode, channel)
        if apart is None:
            continue
        if apart < _seconds(picture, picture.frames) and apart + _seconds(sound, sound.frames) > 0:
            found.append((sound, apart))
    return found


def lag(picture: Clip, sound: Clip, mode: str, channel: int) -> Fraction | None:
    """Seconds by which one clip begins after another; None, mostly with the reason noted, where that cannot be told.

    `mode` is one of MODES, or AUDIO for WAVEFORM; `channel` counts from 1, below that it is all of them mixed.
    """
    if mode in ("WAVEFORM", "AUDIO"):
        return _by_waveform(picture, sound, channel)
    if mode == "TIMECODE":
        return _seconds(sound, sound.start) - _seconds(picture, picture.start)
    if mode == "MARKER":
        if not picture.markers or not sound.markers:
            return None
        return _seconds(picture, picture.markers[0].frame) - _seconds(sound, sound.markers[0].frame)
    ends = [clip.marks.get("video") or clip.marks.get("audio") for clip in (picture, sound)]
    if ends[0] is None or ends[1] is None:
        return None
    place = 0 if mode == "IN" else 1
    return _seconds(picture, ends[0][place]) - _seconds(sound, ends[1][place])


def _by_waveform(picture: Clip, sound: Clip, channel: int) -> Fraction | None:
    from resolve_engine.media.errors import MediaError
    from resolve_engine.worker.client import MediaWorker

    for clip in (picture, sound):
        if not clip.own_channels:
            failure.note(f"{clip.name!r} has no sound to compare")
            return None
    # Automatic takes the mix, which finds whatever any channel would.
    wanted = channel if channel >= 1 else int(constants()["AUDIO_SYNC_CHANNEL_MIX"])
    if wanted > min(picture.own_channels, sound.own_channels):
        raise Refusal(f"channelNumber {wanted} is more than the channels of {picture.name!r} or {sound.name!r}")
    try:
        seconds = MediaWorker.shared().lag(_sound(picture, wanted), _sound(sound, wanted))
    except MediaError as error:
        failure.note(error.reason)
        return None
    return Fraction(seconds)


def _sound(clip: Clip, channel: int) -> dict[str, Any]:
    media: Any = clip.media
    return {"path": clip.path, "streams": [stream["stream_index"] for stream in media["audio"]], "channel": channel}


def _seconds(clip: Clip, frames: int) -> Fraction:
    return frames / Fraction(*clip.rate)


def _link(picture: Clip, fitting: list[tuple[Clip, Fraction]], settings: dict[str, Any]) -> None:
    """Put the sounds behind the picture; items that play its own sound go on doing so."""
    linked = []
    mapping = list(tracks_of(picture.media)) if settings["retainEmbeddedAudio"] else []
    first = picture.own_channels
    for sound, lag in fitting:
        media: Any = sound.media
        linked.append({"media": media, "offset": round(lag * media["audio"][0]["sample_rate"]), "name": sound.name})
        mapping.extend(tracks_of(media, first))
        first += sound.own_channels
        if not settings["retainVideoMetadata"]:
            picture.metadata = {**picture.metadata, **sound.metadata}
    picture.linked_audio = tuple(linked)
    picture.audio_mapping = tuple(mapping)
    picture.muted_tracks = ()
    if picture.type == "Video":
        picture.type = "Video + Audio"
