"""What the engine does not do, with the reasons; everything in Resolve's API that is not here is done."""

from __future__ import annotations

NOT_YET = "it is not built yet"
"""The reason for whatever has no reason of its own in the table below."""

REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "it needs Fusion, which the engine does not have: its compositions pass their picture on or hold a Text+",
        (
            "Fusion.*",
            "FusionComp.SetAttrs",
            "FusionComp.Paste",
            "FusionComp.Render",
            "FusionComp.BezierSpline",
            "FusionComp.StartUndo",
            "FusionComp.EndUndo",
            "FusionTool.ConnectInput",
            "FusionTool.FindMainInput",
            "FusionTool.GetInputList",
            "FusionTool.GetOutputList",
            "FusionTool.SetAttrs",
            "FusionTool.SaveSettings",
            "FusionTool.LoadSettings",
            "FusionTool.AddModifier",
            "FusionTool.Delete",
            "FusionTool.Refresh",
            "FusionInput.*",
            "FusionSpline.*",
            "FusionFlowView.*",
            "Timeline.InsertFusionGeneratorIntoTimeline",
        ),
    ),
    (
        "it needs Blackmagic's own analysis, which the engine does not have",
        (
            "Project.GenerateSpeech",
            "Project.ResetIntellisearchAnalysis",
            "Folder.AnalyzeForIntellisearch",
            "Folder.AnalyzeForSlate",
            "Folder.RemoveMotionBlur",
            "MediaPoolItem.AnalyzeForIntellisearch",
            "MediaPoolItem.AnalyzeForSlate",
            "MediaPoolItem.RemoveMotionBlur",
            "TimelineItem.CreateMagicMask",
            "TimelineItem.RegenerateMagicMask",
            "TimelineItem.SmartReframe",
            "Timeline.AnalyzeDolbyVision",
        ),
    ),
    (
        "telling speech, music and effects apart needs a trained model, and the engine has none that it can rely on",
        (
            "Folder.PerformAudioClassification",
            "Folder.ClearAudioClassification",
            "MediaPoolItem.PerformAudioClassification",
            "MediaPoolItem.ClearAudioClassification",
        ),
    ),
    (
        "the engine reads no BRAW, R3D or ARRI camera files, and this acts on what they carry",
        ("TimelineItem.UpdateSidecar", "Graph.ApplyArriCdlLut"),
    ),
    (
        "OpenFX plug-ins are not loaded, and the engine has none of its own",
        ("Timeline.InsertOFXGeneratorIntoTimeline",),
    ),
    (
        "cloud projects need Blackmagic's service",
        (
            "ProjectManager.CreateCloudProject",
            "ProjectManager.LoadCloudProject",
            "ProjectManager.ImportCloudProject",
            "ProjectManager.RestoreCloudProject",
        ),
    ),
    (
        "it is about a window, and the engine has none",
        ("MediaStorage.RevealInStorage",),
    ),
    (
        "Fairlight presets are made in Resolve's window alone, so there is none to apply",
        ("Project.ApplyFairlightPresetToCurrentTimeline",),
    ),
    (
        "DCTLs are programs that Resolve runs on its graphics card; the engine runs none",
        ("Resolve.ValidateDCTL", "Resolve.EncryptDCTL"),
    ),
    (
        "stereoscopic pictures are not built yet",
        (
            "MediaPool.CreateStereoClip",
            "Timeline.ConvertTimelineToStereo",
            "TimelineItem.GetStereoConvergenceValues",
            "TimelineItem.GetStereoLeftFloatingWindowParams",
            "TimelineItem.GetStereoRightFloatingWindowParams",
        ),
    ),
)
"""A reason, as the end of a sentence, and the methods that it holds for; `Class.*` is every method of a class."""


SENTENCES = {
    "MediaPoolItem.AnalyzeForIntellisearch": "IntelliSearch is not installed: the engine has no such extra",
    "Folder.AnalyzeForIntellisearch": "IntelliSearch is not installed: the engine has no such extra",
    "Project.GenerateSpeech": "Speech generator is not Installed: the engine has no such extra",
}
"""What Resolve answers with a sentence while the extra for it is not installed, which in the engine it never is."""


def reason(class_name: str, method: str) -> str | None:
    """Why the engine does not do a method of Resolve's API, as the end of a sentence.

    None when it does, or when Resolve has no such method.
    """
    from resolve_engine.api.classes import implements
    from resolve_engine.api.surface import METHODS

    if method not in METHODS.get(class_name, {}) or implements(class_name, method):
        return None
    for text, names in REASONS:
        if f"{class_name}.{method}" in names or f"{class_name}.*" in names:
            return text
    return NOT_YET
