"""The methods of a project about rendering: format and codec, settings, the queue."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine import failure
from resolve_engine.api import arguments, burn_in, grades, render_settings
from resolve_engine.api.names import numbered
from resolve_engine.api.quick_export import QuickExportMethods
from resolve_engine.api.render_jobs import described, output_of
from resolve_engine.api.render_presets import FIRST_STATE
from resolve_engine.errors import Refusal
from resolve_engine.model.render_job import RenderJob
from resolve_engine.model.timeline import Timeline

SIZES = ((1280, 720), (1920, 1080), (2048, 1080), (2048, 1556), (2560, 1440), (3840, 2160), (4096, 2160))
"""Frame sizes on offer; others can be set."""

FALLING_BACK = ("FormatWidth", "FormatHeight")
"""Settings that are the timeline's again unless they are named each time."""

JOB_STATUS = {
    "ready": "Ready",
    "rendering": "Rendering",
    "complete": "Complete",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


class RenderMethods(QuickExportMethods):
    """Jobs are rendered one after the other, each in a process of its own."""

    # Format and codec

    def GetRenderFormats(self) -> dict[str, str]:
        from resolve_engine.render.formats import render_formats

        return render_formats()

    def GetRenderCodecs(self, renderFormatFileExtension: Any) -> dict[str, str]:
        return self._codecs(arguments.text(renderFormatFileExtension, "the format"))

    @staticmethod
    def _codecs(format_id: str) -> dict[str, str]:
        """Description to id of the codecs of a format; those in hardware only where they open."""
        from resolve_engine.media.errors import MediaError
        from resolve_engine.render.formats import render_codecs
        from resolve_engine.render.hardware import offered

        try:
            return {**render_codecs(format_id), **offered(format_id)}
        except MediaError as error:
            raise Refusal(f"the encoders in hardware could not be tried: {error.reason}") from error

    def GetAudioRenderFormats(self) -> dict[str, str]:
        from resolve_engine.render.formats import audio_formats

        return audio_formats()

    def GetAudioRenderCodecs(self, audioRenderFormatFileExtension: Any) -> dict[str, str]:
        from resolve_engine.render.formats import audio_codecs

        return audio_codecs(arguments.text(audioRenderFormatFileExtension, "the format"))

    def GetCurrentRenderFormatAndCodec(self) -> dict[str, str]:
        state = self._state
        return {"format": state["format"], "codec": state["codec"]}

    def SetCurrentRenderFormatAndCodec(self, format: Any, codec: Any) -> bool:
        chosen = arguments.text(format, "the format")
        codecs = self._codecs(chosen)
        if not codecs:
            formats = ", ".join(sorted(self.GetRenderFormats().values()))
            raise Refusal(f"there is no picture codec for the format {chosen!r}; the formats are {formats}")
        if codec not in codecs.values():
            raise Refusal(f"{codec!r} is no codec of {chosen}; the codecs are {', '.join(codecs.values())}")
        settings = dict(self._state["settings"])
        if not render_settings.has_quality(chosen, codec):
            settings.pop("VideoQuality", None)  # it would say what is not so, and come back with the next codec
        self._set(format=chosen, codec=codec, settings=settings)
        return True

    def GetRenderResolutions(self, format: Any = None, codec: Any = None) -> list[dict[str, int]]:
        if format is not None or codec is not None:
            codecs = self._codecs(arguments.text(format, "the format"))
            if arguments.text(codec, "the codec") not in codecs.values():
                raise Refusal(f"{codec!r} is no codec of {format!r}")
        return [{"Width": width, "Height": height} for width, height in SIZES]

    def GetCurrentRenderMode(self) -> int:
        mode: int = self._state["mode"]
        return mode

    def SetCurrentRenderMode(self, renderMode: Any) -> bool:
        self._set(mode=arguments.whole(renderMode, "the render mode", 0, 1))
        return True

    # Settings

    @property
    def _state(self) -> dict[str, Any]:
        return {**FIRST_STATE, **self.project.render}

    def _set(self, **values: Any) -> None:
        self.project.render = {**self._state, **values}

    def SetRenderSettings(self, settings: Any) -> bool:
        """As in Resolve, a refused key answers False while the others are kept, and unknown keys vanish."""
        given = arguments.table(settings, "the render settings")
        timeline = self.project.open_timeline()
        kept: dict[str, Any] = {}
        for key, value in given.items():
            try:
                checked = render_settings.checked(key, value, timeline)
                render_settings.check_codec(checked, self._state["format"], self._state["codec"])
                kept.update(checked)
            except Refusal as refusal:
                failure.note(refusal.reason)
        stored = {key: value for key, value in self._state["settings"].items() if key not in FALLING_BACK}
        if timeline is not None and ("MarkIn" in kept or "MarkOut" in kept):
            self._mark(timeline, kept.pop("MarkIn", None), kept.pop("MarkOut", None))
            stored["SelectAllFrames"] = False
        self._set(settings={**stored, **kept})
        self.app.page = "deliver"
        return failure.last() is None

    def _mark(self, timeline: Timeline, first: int | None, last: int | None) -> None:
        """The render marks are the timeline's own; one that is not given is its first or last frame."""
        start = 0 if first is None else first - timeline.start
        end = timeline.end - 1 if last is None else last - timeline.start
        if start > end:
            raise Refusal(f"MarkIn {first} is after MarkOut {last}")
        timeline.marks = {"video": (start, end), "audio": (start, end)}

    # The queue

    def AddRenderJob(self) -> str:
        timeline = self._timeline_to_render()
        state = self._state
        info, outputs, clips = described(self.project, timeline, state)
        outputs[burn_in.KEPT] = burn_in.queued(self.app, state["settings"].get("DataBurnIn", burn_in.LIKE_PROJECT))
        job = RenderJob(
            self.project.changes,
            position=self.project.next_position(),
            timeline=timeline.id,
            info=info,
            outputs=outputs,
            clips=clips,
        )
        if clips:
            info["OutputFilename"] = os.path.basename(self._spec(job).output.path)
        job.info = {"JobId": job.id, **info}
        self.project.add(job)
        self.app.page = "deliver"
        return job.id

    def GetRenderJobList(self) -> list[dict[str, Any]]:
        return [dict(job.info) for job in self.project.render_jobs.values()]

    def GetRenderJobs(self) -> dict[float, dict[str, Any]]:
        return numbered(self.GetRenderJobList())

    def _given_job(self, value: Any) -> RenderJob:
        id = arguments.text(value, "the job id")
        job = self.project.render_jobs.get(id)
        if job is None:
            raise Refusal(f"there is no render job {id!r}")
        return job

    def DeleteRenderJob(self, jobId: Any) -> bool:
        """Leaves the Deliver page open, as every call about the queue does."""
        job = self._given_job(jobId)
        self._delete([job])
        self.app.page = "deliver"
        return True

    def DeleteAllRenderJobs(self) -> bool:
        self._delete(list(self.project.render_jobs.values()))
        return True

    def _delete(self, jobs: list[RenderJob]) -> None:
        for job in jobs:
            if self.app.render_queue.holds(job.id):
                raise Refusal(f"{job.info['RenderJobName']} is being rendered; stop it first")
        for job in jobs:
            self.project.remove(job)
            self.app.render_queue.forget(job.id)

    def StartRendering(self, *jobIds: Any, isInteractiveMode: Any = False) -> bool:
        """Takes ids one after the other or in one list, each form with a switch behind it that changes nothing here;
        without ids, every job that is ready."""
        jobs = self._chosen(list(jobIds))
        arguments.flag(isInteractiveMode, "isInteractiveMode")
        specs = []
        for job in jobs:
            if self.app.render_queue.holds(job.id):
                raise Refusal(f"{job.info['RenderJobName']} is being rendered already")
            specs.append(self._spec(job))
        for job in jobs:
            job.cancelled = False
        self.app.page = "deliver"
        self.app.flush()
        self.app.render_queue.start(specs)
        return True

    def _chosen(self, given: list[Any]) -> list[RenderJob]:
        if given and isinstance(given[-1], bool):
            given.pop()
        if len(given) == 1 and not isinstance(given[0], str):
            given = arguments.listing(given[0], "the job ids")
            if not given:
                raise Refusal("the list of job ids is empty; leave it out to start every job that is ready")
        if given:
            return list(dict.fromkeys(self._given_job(id) for id in given))
        ready = [job for job in self.project.render_jobs.values() if self._status(job)["state"] == "ready"]
        if not ready:
            raise Refusal("no job of the render queue is ready")
        return ready

    def _spec(self, job: RenderJob) -> Any:
        from resolve_engine.model.frozen import freeze
        from resolve_engine.render.spec import RenderSpec

        timeline = self.project.timelines.get(job.timeline)
        if timeline is None:
            raise Refusal(f"the timeline of {job.info['RenderJobName']} was deleted")
        if job.outputs["last"] >= timeline.start + timeline.end:
            raise Refusal(
                f"the timeline of {job.info['RenderJobName']} is shorter now; delete the job and add it again"
            )
        outputs = dict(job.outputs)
        kept = outputs.pop(burn_in.KEPT, burn_in.LIKE_PROJECT)
        frozen = burn_in.burnt(self.project, freeze(self.project, timeline, grades.lut_path), kept)
        if job.clips:
            from resolve_engine.api.render_clips import clip_specs

            return clip_specs(self.project, timeline, frozen, job.id, outputs, job.clips)
        return RenderSpec(job.id, frozen, output_of(timeline, outputs))

    def StopRendering(self) -> None:
        """What runs and what waits is cancelled; jobs that are complete stay so."""
        for id in self.app.render_queue.stop(self.project.render_jobs):
            job = self.project.render_jobs.get(id)
            if job is not None:
                job.cancelled = True

    def IsRenderingInProgress(self) -> bool:
        return self.app.render_queue.busy(self.project.render_jobs)

    def GetRenderJobStatus(self, jobId: Any) -> dict[str, Any]:
        status = self._status(self._given_job(jobId))
        state = status["state"]
        shown: dict[str, Any] = {
            "JobStatus": JOB_STATUS[state],
            "CompletionPercentage": 100 if state == "complete" else int(status.get("percent", 0)),
        }
        if state == "rendering" and status.get("eta_ms") is not None:
            shown["EstimatedTimeRemainingInMs"] = int(status["eta_ms"])
        if state == "complete":
            shown["TimeTakenToRenderInMs"] = int(status.get("elapsed_ms", 0))
        if status.get("error"):
            shown["Error"] = status["error"]
        return shown

    def _status(self, job: RenderJob) -> dict[str, Any]:
        status = self.app.render_queue.status(job.id)
        if job.cancelled and status["state"] in ("ready", "failed"):
            return {**status, "state": "cancelled"}
        return status
