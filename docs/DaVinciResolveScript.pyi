"""The scripting API of DaVinci Resolve, typed. Written by `make docs` from the catalogue in python/api."""

from typing import Any, Literal, TypedDict, overload

PageName = Literal["media", "photo", "cut", "edit", "fusion", "color", "fairlight", "deliver"]
ProductName = str
KeyframeMode = float
DatabaseType = Literal["Disk", "PostgreSQL"]
CollaborationMode = Literal["multi_user", "single_user"]
ClipColor = Literal["Orange", "Apricot", "Yellow", "Lime", "Olive", "Green", "Teal", "Navy", "Blue", "Purple", "Violet", "Pink", "Tan", "Beige", "Brown", "Chocolate"]
FlagColor = Literal["Blue", "Cyan", "Green", "Yellow", "Red", "Pink", "Purple", "Fuchsia", "Rose", "Lavender", "Sky", "Mint", "Lemon", "Sand", "Cocoa", "Cream"]
MarkerColor = Literal["Blue", "Cyan", "Green", "Yellow", "Red", "Pink", "Purple", "Fuchsia", "Rose", "Lavender", "Sky", "Mint", "Lemon", "Sand", "Cocoa", "Cream"]
ColorOrAll = Literal["Blue", "Cyan", "Green", "Yellow", "Red", "Pink", "Purple", "Fuchsia", "Rose", "Lavender", "Sky", "Mint", "Lemon", "Sand", "Cocoa", "Cream", "All"]
SlateMarkerColor = float
MarkType = Literal["video", "audio", "all"]
ClipType = str
MediaType = Literal[1, 2]
SuperScaleClip = Literal[1, 2, 3, 4]
DeblurEncoder = Literal["Native", "MainConcept"]
CloneChecksumType = float
CloneJobStatus = Literal["Complete", "Cloning", "Cancelled", "Failed"]
MulticamAngleSyncMode = float
MulticamAngleNameMode = float
MulticamDetectMode = float
MulticamAudioMode = float
FlattenMulticamGrade = float
SmartSwitchQuality = float
SmartSwitchWideAngleFrequency = float
SmartSwitchAnalysisMode = float
AudioTrackFormat = Literal["mono", "stereo", "lrc", "lcr", "lrcs", "lcrs", "quad", "5.0", "5.0film", "5.1", "5.1film", "7.0", "7.0film", "7.1", "7.1film", "adaptive1", "adaptive2", "adaptive3", "adaptive4", "adaptive5", "adaptive6", "adaptive7", "adaptive8", "adaptive9", "adaptive10", "adaptive11", "adaptive12", "adaptive13", "adaptive14", "adaptive15", "adaptive16", "adaptive17", "adaptive18", "adaptive19", "adaptive20", "adaptive21", "adaptive22", "adaptive23", "adaptive24", "adaptive25", "adaptive26", "adaptive27", "adaptive28", "adaptive29", "adaptive30", "adaptive31", "adaptive32", "adaptive33", "adaptive34", "adaptive35", "adaptive36"]
AudioCategory = str
AudioSyncMode = float
AudioSyncChannel = float
AudioSyncSettingKey = float
NormalizeAudioSetLevelMode = float
AutoAlignSyncUsing = float
AutoAlignUseTrack = float
DialogueLevelerMode = float
AutoCaptionLanguage = float
AutoCaptionPreset = float
AutoCaptionLineBreak = float
SubtitleSettingKey = float
TrackType = Literal["video", "audio", "subtitle"]
TimelineItemType = Literal["video", "audio", "generator", "transition"]
StereoEye = Literal["left", "right"]
TransitionCategory = Literal["simple", "fusion", "ofx", "audio"]
TransitionPosition = Literal["start", "end"]
TransitionAlignment = Literal["left", "center", "right"]
TimelineImportFormat = Literal["AAF", "EDL", "XML", "FCPXML", "DRT", "ADL", "OTIO"]
TimelineExportType = float
TimelineExportSubtype = float
GradeMode = Literal[0, 1, 2]
VersionType = Literal[0, 1]
MagicMaskMode = Literal["F", "B", "BI"]
CacheMode = float
ExportLutType = float
DolbyVisionAnalysisType = float
GalleryStillFormat = Literal["dpx", "cin", "tif", "jpg", "png", "ppm", "bmp", "xpm", "drx"]
StillFrameSource = Literal[1, 2]
RenderMode = Literal[0, 1]
RenderModeName = Literal["Single clip", "Individual clips"]
UniqueFilenameStyle = Literal[0, 1]
AlphaMode = Literal[0, 1]
VideoQualityLevel = Literal["Least", "Low", "Medium", "High", "Best"]
SubtitleFormat = Literal["BurnIn", "EmbeddedCaptions", "SeparateFile"]
PixelAspectRatio = Literal["16_9", "4_3", "square", "cinemascope"]
JobStatus = str
QuickExportStatus = Literal["Render Complete", "Render Failed", "Render Cancelled", "Upload Completed", "Upload Failed", "Upload Cancelled"]
CloudSettingKey = float
CloudSyncMode = float
CloudSyncStatus = float
DynamicZoomEase = float
CompositeMode = float
RetimeProcess = float
MotionEstimation = float
Scaling = float
ResizeFilter = float
SuperScaleProject = Literal[0, 1, 2, 3, 4]
ProxyMediaMode = Literal[0, 1, 2]
JobAction = Literal["cancel"]
DatabaseInfo = TypedDict(
    "DatabaseInfo",
    {
        "DbType": "DatabaseType",
        "DbName": "str",
        "IpAddress": "str",
    },
    total=False,
)
ProjectAttributes = TypedDict(
    "ProjectAttributes",
    {
        "lastModifiedDate": "str",
        "creationDate": "str",
        "notes": "str",
        "liveCollaborationMode": "CollaborationMode",
    },
    total=False,
)
ProjectSettingsPresetInfo = TypedDict(
    "ProjectSettingsPresetInfo",
    {
        "Name": "str",
        "Width": "int",
        "Height": "int",
    },
    total=False,
)
EncryptDCTLOptions = TypedDict(
    "EncryptDCTLOptions",
    {
        "Name": "str | None",
        "Expiry": "str | None",
        "OutputFolder": "str | None",
    },
    total=False,
)
MarkerInfo = TypedDict(
    "MarkerInfo",
    {
        "color": "MarkerColor",
        "duration": "float",
        "note": "str",
        "name": "str",
        "customData": "str",
    },
    total=False,
)
MarkInOut = TypedDict(
    "MarkInOut",
    {
        "video": "MarkInOutRange",
        "audio": "MarkInOutRange",
    },
    total=False,
)
MarkInOutRange = TypedDict(
    "MarkInOutRange",
    {
        "in": "int",
        "out": "int",
    },
    total=False,
)
ImportClipInfo = TypedDict(
    "ImportClipInfo",
    {
        "FilePath": "str",
        "StartIndex": "int",
        "EndIndex": "int",
    },
    total=False,
)
MediaStorageItemInfo = TypedDict(
    "MediaStorageItemInfo",
    {
        "media": "str",
        "startFrame": "int",
        "endFrame": "int",
    },
    total=False,
)
CloneStatus = TypedDict(
    "CloneStatus",
    {
        "JobStatus": "CloneJobStatus",
        "CompletionPercentage": "float",
        "Error": "str",
    },
    total=False,
)
CloneToolSettings = TypedDict(
    "CloneToolSettings",
    {
        "PreserveFolderName": "bool",
        "ChecksumType": "CloneChecksumType",
    },
    total=False,
)
DeblurOptions = TypedDict(
    "DeblurOptions",
    {
        "FileName": "str",
        "Format": "str",
        "Codec": "str",
        "EncodingProfile": "str",
        "Encoder": "DeblurEncoder",
        "UseExtremeMode": "bool",
        "UseMarkInMarkOut": "bool",
        "RenderAtSourceRes": "bool",
        "UseMoreGpuMemory": "bool",
    },
    total=False,
)
Transcription = TypedDict(
    "Transcription",
    {
        "language": "str",
        "segments": "list[TranscriptionSegment]",
    },
    total=False,
)
TranscriptionSegment = TypedDict(
    "TranscriptionSegment",
    {
        "start": "str",
        "end": "str",
        "text": "str",
        "speaker": "str | None",
        "words": "list[TranscriptionWord]",
    },
    total=False,
)
TranscriptionWord = TypedDict(
    "TranscriptionWord",
    {
        "start": "str",
        "end": "str",
        "text": "str",
    },
    total=False,
)
ThumbnailData = TypedDict(
    "ThumbnailData",
    {
        "width": "int",
        "height": "int",
        "format": "str",
        "data": "str",
    },
    total=False,
)
MulticamOptions = TypedDict(
    "MulticamOptions",
    {
        "name": "str",
        "startTimecode": "str",
        "frameRate": "float",
        "angleSyncMode": "MulticamAngleSyncMode",
        "channelConfig": "int | AudioSyncChannel",
        "multicamAudioMode": "MulticamAudioMode",
        "angleNameMode": "MulticamAngleNameMode",
        "splitAtGaps": "bool",
        "useFullClipExtents": "bool",
        "createBinForSourceClips": "bool",
        "detectSameCameraClipsMode": "MulticamDetectMode",
    },
    total=False,
)
SmartSwitchSettings = TypedDict(
    "SmartSwitchSettings",
    {
        "minEditDuration": "float",
        "editChangeDelay": "float",
        "isAutoDetectWideAngle": "bool",
        "analysisMode": "SmartSwitchAnalysisMode",
        "wideAngleID": "str",
        "wideAngleFrequency": "SmartSwitchWideAngleFrequency",
        "isUseWideAngleForIntroOutro": "bool",
        "isUseWideAngleForSilence": "bool",
        "switchOnVideoOnly": "bool",
        "quality": "SmartSwitchQuality",
    },
    total=False,
)
AudioSyncSettings = TypedDict(
    "AudioSyncSettings",
    {
        "syncMode": "AudioSyncMode",
        "channelNumber": "int | AudioSyncChannel",
        "retainEmbeddedAudio": "bool",
        "retainVideoMetadata": "bool",
    },
    total=False,
)
NormalizeAudioOptions = TypedDict(
    "NormalizeAudioOptions",
    {
        "normalizationMode": "str",
        "targetLevel": "float",
        "targetLoudness": "float",
        "setLevelMode": "NormalizeAudioSetLevelMode",
    },
    total=False,
)
AutoAlignOptions = TypedDict(
    "AutoAlignOptions",
    {
        "SyncUsing": "AutoAlignSyncUsing",
        "UseTrack": "int | AutoAlignUseTrack",
    },
    total=False,
)
VoiceIsolationState = TypedDict(
    "VoiceIsolationState",
    {
        "isEnabled": "bool",
        "amount": "int",
    },
    total=False,
)
SpeechSettings = TypedDict(
    "SpeechSettings",
    {
        "TextInput": "str",
        "VoiceModel": "str",
        "CustomVoiceFile": "str",
        "Speed": "float",
        "Variation": "float",
        "Pitch": "float",
        "GenerationID": "int",
        "Filename": "str",
        "AddToTimeline": "bool",
        "AudioTrack": "int",
    },
    total=False,
)
AudioMapping = TypedDict(
    "AudioMapping",
    {
        "embedded_audio_channels": "int",
        "linked_audio": "dict[str, LinkedAudio]",
        "track_mapping": "dict[str, AudioTrackMapping]",
    },
    total=False,
)
LinkedAudio = TypedDict(
    "LinkedAudio",
    {
        "channels": "int",
        "offset": "int",
        "path": "str",
    },
    total=False,
)
AudioTrackMapping = TypedDict(
    "AudioTrackMapping",
    {
        "channel_idx": "list[int]",
        "mute": "bool",
        "type": "str",
    },
    total=False,
)
AutoCaptionSettings = TypedDict(
    "AutoCaptionSettings",
    {
        "language": "AutoCaptionLanguage",
        "captionPreset": "AutoCaptionPreset",
        "charsPerLine": "int",
        "lineBreak": "AutoCaptionLineBreak",
        "gap": "int",
    },
    total=False,
)
AppendClipInfo = TypedDict(
    "AppendClipInfo",
    {
        "mediaPoolItem": "MediaPoolItem",
        "startFrame": "float",
        "endFrame": "float",
        "mediaType": "MediaType",
        "trackIndex": "int",
        "recordFrame": "float",
    },
    total=False,
)
CreateTimelineClipInfo = TypedDict(
    "CreateTimelineClipInfo",
    {
        "mediaPoolItem": "MediaPoolItem",
        "startFrame": "float",
        "endFrame": "float",
        "recordFrame": "float",
    },
    total=False,
)
NewTrackOptions = TypedDict(
    "NewTrackOptions",
    {
        "audioType": "AudioTrackFormat",
        "index": "int",
    },
    total=False,
)
CompoundClipOptions = TypedDict(
    "CompoundClipOptions",
    {
        "startTimecode": "str",
        "name": "str",
    },
    total=False,
)
TransitionOptions = TypedDict(
    "TransitionOptions",
    {
        "type": "str",
        "category": "TransitionCategory",
        "position": "TransitionPosition",
        "alignment": "TransitionAlignment",
        "duration": "int | None",
    },
    total=False,
)
TakeInfo = TypedDict(
    "TakeInfo",
    {
        "startFrame": "int",
        "endFrame": "int",
        "mediaPoolItem": "MediaPoolItem",
    },
    total=False,
)
FadeInfo = TypedDict(
    "FadeInfo",
    {
        "FadeIn": "int",
        "FadeOut": "int",
    },
    total=False,
)
SpeedOptions = TypedDict(
    "SpeedOptions",
    {
        "Percentage": "float",
        "PitchCorrection": "bool",
        "StretchKeyframesToFit": "bool",
        "RippleTimeline": "bool",
    },
    total=False,
)
OutputBlanking = TypedDict(
    "OutputBlanking",
    {
        "Top": "int",
        "Bottom": "int",
        "Left": "int",
        "Right": "int",
    },
    total=False,
)
FloatingWindowParams = TypedDict(
    "FloatingWindowParams",
    {
        "left": "float",
        "right": "float",
        "top": "float",
        "bottom": "float",
    },
    total=False,
)
ImportOptions = TypedDict(
    "ImportOptions",
    {
        "timelineName": "str",
        "importSourceClips": "bool",
        "sourceClipsPath": "str",
        "sourceClipsFolders": "list[Folder]",
        "interlaceProcessing": "bool",
    },
    total=False,
)
AAFImportOptions = TypedDict(
    "AAFImportOptions",
    {
        "autoImportSourceClipsIntoMediaPool": "bool",
        "ignoreFileExtensionsWhenMatching": "bool",
        "linkToSourceCameraFiles": "bool",
        "useSizingInfo": "bool",
        "importMultiChannelAudioTracksAsLinkedGroups": "bool",
        "insertAdditionalTracks": "bool",
        "insertWithOffset": "str",
        "sourceClipsPath": "str",
        "sourceClipsFolders": "list[Folder]",
    },
    total=False,
)
CDL = TypedDict(
    "CDL",
    {
        "NodeIndex": "str | int",
        "Slope": "str",
        "Offset": "str",
        "Power": "str",
        "Saturation": "float | str",
    },
    total=False,
)
VersionInfo = TypedDict(
    "VersionInfo",
    {
        "versionName": "str",
        "versionType": "VersionType",
    },
    total=False,
)
RenderSettings = TypedDict(
    "RenderSettings",
    {
        "SelectAllFrames": "bool",
        "MarkIn": "int",
        "MarkOut": "int",
        "TargetDir": "str",
        "CustomName": "str",
        "UseUniqueFilenames": "bool",
        "UniqueFilenameStyle": "UniqueFilenameStyle",
        "ExportVideo": "bool",
        "ExportAudio": "bool",
        "FormatWidth": "int",
        "FormatHeight": "int",
        "FrameRate": "float",
        "PixelAspectRatio": "PixelAspectRatio",
        "VideoQuality": "int | VideoQualityLevel",
        "AudioFormat": "str",
        "AudioCodec": "str",
        "AudioBitDepth": "int",
        "AudioSampleRate": "int",
        "ColorSpaceTag": "str",
        "GammaTag": "str",
        "ExportAlpha": "bool",
        "AlphaMode": "AlphaMode",
        "EncodingProfile": "str",
        "MultiPassEncode": "bool",
        "NetworkOptimization": "bool",
        "ClipStartFrame": "int",
        "TimelineStartTimecode": "str",
        "ReplaceExistingFilesInPlace": "bool",
        "ExportSubtitle": "bool",
        "SubtitleFormat": "SubtitleFormat",
        "UseFullExtents": "bool",
        "AddFrameHandles": "int",
        "DataBurnIn": "str",
    },
    total=False,
)
RenderJobInfo = TypedDict(
    "RenderJobInfo",
    {
        "JobId": "str",
        "RenderJobName": "str",
        "TimelineName": "str",
        "TargetDir": "str",
        "IsExportVideo": "bool",
        "IsExportAudio": "bool",
        "FormatWidth": "int",
        "FormatHeight": "int",
        "FrameRate": "str",
        "PixelAspectRatio": "float",
        "MarkIn": "int",
        "MarkOut": "int",
        "AudioBitDepth": "int",
        "AudioSampleRate": "int",
        "ExportAlpha": "bool",
        "AlphaMode": "AlphaMode",
        "OutputFilename": "str",
        "RenderMode": "RenderModeName",
        "PresetName": "str",
        "VideoFormat": "str",
        "VideoCodec": "str",
        "AudioCodec": "str",
        "EncodingProfile": "str",
        "MultiPassEncode": "bool",
        "NetworkOptimization": "bool",
        "UploadStatus": "str",
        "ClipStartFrame": "int",
        "TimelineStartTimecode": "str",
        "ReplaceExistingFilesInPlace": "bool",
    },
    total=False,
)
RenderJobStatus = TypedDict(
    "RenderJobStatus",
    {
        "JobStatus": "JobStatus",
        "CompletionPercentage": "float",
        "TimeTakenToRenderInMs": "int",
        "EstimatedTimeRemainingInMs": "int",
        "Error": "str",
    },
    total=False,
)
RenderPreset = TypedDict(
    "RenderPreset",
    {
    },
    total=False,
)
RenderFormatAndCodec = TypedDict(
    "RenderFormatAndCodec",
    {
        "format": "str",
        "codec": "str",
    },
    total=False,
)
ResolutionInfo = TypedDict(
    "ResolutionInfo",
    {
        "Width": "int",
        "Height": "int",
    },
    total=False,
)
QuickExportRenderSettings = TypedDict(
    "QuickExportRenderSettings",
    {
        "TargetDir": "str",
        "CustomName": "str",
        "VideoQuality": "int | VideoQualityLevel",
        "EnableUpload": "bool",
    },
    total=False,
)
QuickExportRenderStatus = TypedDict(
    "QuickExportRenderStatus",
    {
        "JobStatus": "QuickExportStatus",
        "CompletionPercentage": "int",
        "TimeTakenToRenderInMs": "int",
        "Error": "str",
    },
    total=False,
)
CloudSettings = TypedDict(
    "CloudSettings",
    {
        "projectName": "str",
        "projectMediaPath": "str",
        "isCollab": "bool",
        "syncMode": "CloudSyncMode",
        "isCameraAccess": "bool",
    },
    total=False,
)
TimelineItemProperties = TypedDict(
    "TimelineItemProperties",
    {
        "Pan": "float",
        "Tilt": "float",
        "ZoomX": "float",
        "ZoomY": "float",
        "ZoomGang": "bool",
        "RotationAngle": "float",
        "AnchorPointX": "float",
        "AnchorPointY": "float",
        "Pitch": "float",
        "Yaw": "float",
        "FlipX": "bool",
        "FlipY": "bool",
        "CropLeft": "float",
        "CropRight": "float",
        "CropTop": "float",
        "CropBottom": "float",
        "CropSoftness": "float",
        "CropRetain": "bool",
        "DynamicZoomEase": "DynamicZoomEase",
        "CompositeMode": "CompositeMode",
        "Opacity": "float",
        "Distortion": "float",
        "RetimeProcess": "RetimeProcess",
        "MotionEstimation": "MotionEstimation",
        "Scaling": "Scaling",
        "ResizeFilter": "ResizeFilter",
        "TransformEnabled": "bool",
        "CroppingEnabled": "bool",
        "DynamicZoomEnabled": "bool",
        "CompositeEnabled": "bool",
        "LensCorrectionEnabled": "bool",
        "RetimeAndScalingEnabled": "bool",
        "AudioVolumeEnabled": "bool",
        "AudioVolume": "float",
        "AudioPanEnabled": "bool",
        "AudioPan": "float",
        "AudioPitchEnabled": "bool",
        "AudioPitchSemiTones": "float",
        "AudioPitchCents": "float",
        "AudioVoiceIsolationEnabled": "bool",
        "AudioVoiceIsolationAmount": "int",
        "AudioDialogueLevelerEnabled": "bool",
        "AudioDialogueLevelerMode": "DialogueLevelerMode",
        "AudioDialogueLevelerReduceLoudDialogue": "bool",
        "AudioDialogueLevelerLiftSoftDialogue": "bool",
        "AudioDialogueLevelerBackgroundReduction": "bool",
        "AudioDialogueLevelerOutputGain": "float",
    },
    total=False,
)
ProjectSettings = TypedDict(
    "ProjectSettings",
    {
        "timelineFrameRate": "float | str",
        "timelinePlaybackFrameRate": "str",
        "timelineResolutionWidth": "str",
        "timelineResolutionHeight": "str",
        "timelineSampleRate": "str",
        "superScale": "SuperScaleProject",
        "colorScienceMode": "Literal['davinciYRGB', 'davinciYRGBColorManaged', 'davinciYRGBColorManagedv2', 'acescc', 'acescct']",
        "nodeStackLayers": "str",
        "perfProxyMediaMode": "Literal['0', '1', '2']",
        "videoMonitorUseMatrixOverrideFor422SDI": "Literal['0', '1']",
        "videoMonitorMatrixOverrideFor422SDI": "Literal['Rec.601', 'Rec.709', 'Rec.2020']",
        "videoMonitorFormat": "str",
        "timelineWorkingLuminance": "str",
        "timelineOutputResMismatchBehavior": "Literal['centerCrop', 'scaleToFit', 'scaleToCrop', 'stretch']",
        "timelineOutputResolutionWidth": "str",
        "timelineOutputResolutionHeight": "str",
        "videoBitDepth": "str",
        "audioCaptureNumChannels": "str",
        "rcmPresetMode": "str",
        "colorVersion": "str",
        "colorAcesIDT": "str",
        "colorAcesODT": "str",
        "colorAcesNodeLUTProcessingSpace": "Literal['projectSetting', 'acesccAp1', 'acesAp0Linear']",
        "colorSpaceInput": "str",
        "colorSpaceTimeline": "str",
        "colorSpaceOutput": "str",
        "hdrMasteringLuminanceMax": "str",
        "timelinePixelAspectRatio": "Literal['square', 'cinemascope', '16_9', '4_3']",
        "timelineDropFrameTimecode": "Literal['0', '1']",
        "timelineInterlaceProcessing": "Literal['0', '1']",
        "timelineOutputResMatchTimelineRes": "Literal['0', '1']",
        "timelineOutputPixelAspectRatio": "Literal['square', 'cinemascope', '16_9', '4_3']",
        "timelineInputResMismatchBehavior": "Literal['centerCrop', 'scaleToFit', 'scaleToCrop', 'stretch']",
        "timelineFrameRateMismatchBehavior": "str",
        "timelineInputResMismatchUseCustomPreset": "Literal['0', '1']",
        "timelineInputResMismatchCustomPreset": "str",
        "timelineOutputResMismatchUseCustomPreset": "Literal['0', '1']",
        "timelineOutputResMismatchCustomPreset": "str",
        "timelineSaveThumbsInProject": "Literal['0', '1']",
        "imageRetimeInterpolation": "Literal['nearest', 'frameBlend', 'opticalFlow']",
        "imageMotionEstimationMode": "str",
        "imageMotionEstimationRange": "Literal['small', 'medium', 'larger']",
        "imageResizeMode": "str",
        "imageDeinterlaceQuality": "Literal['normal', 'high']",
        "imageEnableFieldProcessing": "Literal['0', '1']",
        "perfCacheClipsLocation": "str",
        "perfOptimisedMediaOn": "Literal['0', '1']",
        "perfRenderCacheMode": "Literal['none', 'smart', 'user']",
        "perfOptimizedResolutionRatio": "str",
        "perfAutoRenderCacheEnable": "Literal['0', '1']",
        "perfAutoRenderCacheAfterTime": "str",
        "perfAutoRenderCacheTransition": "Literal['0', '1']",
        "perfAutoRenderCacheComposite": "Literal['0', '1']",
        "perfAutoRenderCacheFuEffect": "Literal['0', '1']",
        "perfOptimisedCodec": "str",
        "perfProxyResolutionRatio": "Literal['original', 'half', 'quarter']",
        "perfRenderCacheCodec": "str",
        "isAutoColorManage": "Literal['0', '1']",
        "separateColorSpaceAndGamma": "Literal['0', '1']",
        "colorSpaceTimelineGamma": "str",
        "colorSpaceInputGamma": "str",
        "colorSpaceOutputGamma": "str",
        "colorSpaceOutputToneMapping": "Literal['None', 'Simple', 'Luminance Mapping', 'DaVinci', 'Saturation Preserving', 'RED IPP2']",
        "inputDRT": "Literal['None', 'Simple', 'Luminance Mapping', 'DaVinci', 'Saturation Preserving', 'RED IPP2']",
        "outputDRT": "Literal['None', 'Simple', 'Luminance Mapping', 'DaVinci', 'Saturation Preserving', 'RED IPP2']",
        "useInverseDRT": "Literal['0', '1']",
        "timelineWorkingLuminanceMode": "str",
        "inputDRTSatRolloffStart": "str",
        "inputDRTSatRolloffLimit": "str",
        "outputDRTSatRolloffStart": "str",
        "outputDRTSatRolloffLimit": "str",
        "colorSpaceOutputGamutMapping": "Literal['None', 'Saturation Mapping', 'RED IPP2 Gamut Mapping']",
        "imageResizingGamma": "Literal['Timeline', 'Log', 'Linear', 'Linear - Tone Mapped', 'Gamma', 'Gamma - Tone Mapped']",
        "graphicsWhiteLevel": "str",
        "useCATransform": "Literal['0', '1']",
        "disableFusionToneMapping": "Literal['0', '1']",
        "useColorSpaceAwareGradingTools": "Literal['0', '1']",
        "colorAcesGamutCompressType": "str",
        "colorSpaceOutputToneLuminanceMax": "str",
        "colorSpaceOutputGamutSaturationKnee": "str",
        "colorSpaceOutputGamutSaturationMax": "str",
        "colorKeyframeDynamicsStartProfile": "str",
        "colorKeyframeDynamicsEndProfile": "str",
        "colorLuminanceMixerDefaultZero": "Literal['0', '1']",
        "colorUseLegacyLogGrades": "Literal['0', '1', '2']",
        "colorUseContrastSCurve": "Literal['0', '1']",
        "colorUseStereoConvergenceForEffects": "Literal['0', '1']",
        "colorUseLocalVersionsAsDefault": "Literal['0', '1']",
        "colorUseBGRPixelOrderForDPX": "Literal['0', '1']",
        "colorGalleryStillsLocation": "str",
        "colorGalleryStillsNamingEnabled": "Literal['0', '1']",
        "colorGalleryStillsNamingPattern": "str",
        "colorGalleryStillsNamingCustomPattern": "str",
        "colorGalleryStillsNamingWithStillNumber": "Literal['0', '1']",
        "colorVersion1Name": "str",
        "colorVersion2Name": "str",
        "colorVersion3Name": "str",
        "colorVersion4Name": "str",
        "colorVersion5Name": "str",
        "colorVersion6Name": "str",
        "colorVersion7Name": "str",
        "colorVersion8Name": "str",
        "colorVersion9Name": "str",
        "colorVersion10Name": "str",
        "hdrMasteringOn": "Literal['0', '1']",
        "hdrDolbyControlsOn": "Literal['0', '1']",
        "hdrDolbyVersion": "Literal['2.9', '4.0']",
        "hdrDolbyAnalysisTuning": "Literal['Legacy', 'Most Mapping', 'More Mapping', 'Balanced', 'Less Mapping', 'Least Mapping']",
        "hdrDolbyMasterDisplay": "str",
        "hdr10PlusControlsOn": "Literal['0', '1']",
        "audioOutputHasTimecode": "Literal['0', '1']",
        "videoMonitorUseStereoSDI": "Literal['0', '1']",
        "videoMonitorUse444SDI": "Literal['0', '1']",
        "videoMonitorSDIConfiguration": "Literal['single_link', 'dual_link', 'quad_link']",
        "videoDataLevels": "Literal['Video', 'Full']",
        "videoDataLevelsRetainSubblockAndSuperWhiteData": "Literal['0', '1']",
        "videoMonitorBitDepth": "str",
        "videoMonitorScaling": "Literal['basic', 'bilinear']",
        "videoMonitorUseHDROverHDMI": "Literal['0', '1']",
        "videoDeckFormat": "str",
        "videoDeckUseStereoSDI": "Literal['0', '1']",
        "videoMonitorUseLevelA": "Literal['0', '1']",
        "videoDeckUse444SDI": "Literal['0', '1']",
        "videoDeckSDIConfiguration": "Literal['single_link', 'dual_link', 'quad_link']",
        "videoDeckBitDepth": "str",
        "videoDeckUseAudoEdit": "Literal['0', '1']",
        "videoDeckNonAutoEditFrames": "str",
        "videoDeckPrerollSec": "str",
        "videoDeckOutputSyncSource": "str",
        "videoDeckAdd32Pulldown": "Literal['0', '1']",
        "videoCaptureMode": "str",
        "videoCaptureFormat": "str",
        "videoCaptureCodec": "str",
        "videoCaptureIngestHandles": "str",
        "videoPlayoutMode": "str",
        "videoPlayoutShowSourceTimecode": "Literal['0', '1']",
        "videoPlayoutShowLTC": "Literal['0', '1']",
        "videoPlayoutLTCFramesOffset": "str",
        "videoPlayoutAudioFramesOffset": "str",
        "audioPlayoutNumChannels": "str",
        "videoPlayoutBatchHeadDuration": "str",
        "videoPlayoutBatchTailDuration": "str",
        "limitBroadcastSafeOn": "Literal['0', '1']",
        "limitBroadcastSafeLevels": "str",
        "limitAudioMeterLUFS": "str",
        "limitAudioMeterLoudnessScale": "str",
        "limitAudioMeterAlignLevel": "str",
        "limitAudioMeterHighLevel": "str",
        "limitAudioMeterLowLevel": "str",
        "limitAudioMeterDisplayMode": "str",
        "limitSubtitleCPL": "str",
        "limitSubtitleCaptionDurationSec": "str",
        "superScaleSharpness": "Literal['0', '1']",
        "superScaleNoiseReduction": "Literal['0', '1']",
        "superScaleSharpnessStrength": "str",
        "superScaleNoiseReductionStrength": "str",
        "transcriptionLanguage": "str",
        "speakerDetection": "Literal['0', '1']",
        "cloudProjectMediaLocation": "str",
        "projectMediaLocation": "str",
    },
    total=False,
)
TimelineSettings = TypedDict(
    "TimelineSettings",
    {
        "timelineFrameRate": "float | str",
        "timelineResolutionWidth": "str",
        "timelineResolutionHeight": "str",
        "useCustomSettings": "Literal['0', '1']",
        "timelineSampleRate": "str",
        "superScale": "SuperScaleProject",
        "colorScienceMode": "Literal['davinciYRGB', 'davinciYRGBColorManaged', 'davinciYRGBColorManagedv2', 'acescc', 'acescct']",
        "perfProxyMediaMode": "Literal['0', '1', '2']",
        "videoMonitorUseMatrixOverrideFor422SDI": "Literal['0', '1']",
        "videoMonitorMatrixOverrideFor422SDI": "Literal['Rec.601', 'Rec.709', 'Rec.2020']",
        "videoMonitorFormat": "str",
        "timelineWorkingLuminance": "str",
        "timelineOutputResMismatchBehavior": "Literal['centerCrop', 'scaleToFit', 'scaleToCrop', 'stretch']",
        "timelineOutputResolutionWidth": "str",
        "timelineOutputResolutionHeight": "str",
        "videoBitDepth": "str",
        "audioCaptureNumChannels": "str",
        "rcmPresetMode": "str",
        "colorVersion": "str",
        "colorAcesIDT": "str",
        "colorAcesODT": "str",
        "colorAcesNodeLUTProcessingSpace": "Literal['projectSetting', 'acesccAp1', 'acesAp0Linear']",
        "colorSpaceInput": "str",
        "colorSpaceTimeline": "str",
        "colorSpaceOutput": "str",
        "hdrMasteringLuminanceMax": "str",
        "timelinePixelAspectRatio": "Literal['square', 'cinemascope', '16_9', '4_3']",
        "timelineDropFrameTimecode": "Literal['0', '1']",
        "timelineInterlaceProcessing": "Literal['0', '1']",
        "timelineOutputResMatchTimelineRes": "Literal['0', '1']",
        "timelineOutputPixelAspectRatio": "Literal['square', 'cinemascope', '16_9', '4_3']",
        "timelineInputResMismatchBehavior": "Literal['centerCrop', 'scaleToFit', 'scaleToCrop', 'stretch']",
        "isAutoColorManage": "Literal['0', '1']",
        "separateColorSpaceAndGamma": "Literal['0', '1']",
        "colorSpaceTimelineGamma": "str",
        "colorSpaceOutputGamma": "str",
        "colorSpaceOutputToneMapping": "Literal['None', 'Simple', 'Luminance Mapping', 'DaVinci', 'Saturation Preserving', 'RED IPP2']",
        "inputDRT": "Literal['None', 'Simple', 'Luminance Mapping', 'DaVinci', 'Saturation Preserving', 'RED IPP2']",
        "outputDRT": "Literal['None', 'Simple', 'Luminance Mapping', 'DaVinci', 'Saturation Preserving', 'RED IPP2']",
        "useInverseDRT": "Literal['0', '1']",
        "timelineWorkingLuminanceMode": "str",
        "inputDRTSatRolloffStart": "str",
        "inputDRTSatRolloffLimit": "str",
        "outputDRTSatRolloffStart": "str",
        "outputDRTSatRolloffLimit": "str",
        "colorSpaceOutputGamutMapping": "Literal['None', 'Saturation Mapping', 'RED IPP2 Gamut Mapping']",
        "imageResizingGamma": "Literal['Timeline', 'Log', 'Linear', 'Linear - Tone Mapped', 'Gamma', 'Gamma - Tone Mapped']",
        "graphicsWhiteLevel": "str",
        "useCATransform": "Literal['0', '1']",
        "disableFusionToneMapping": "Literal['0', '1']",
        "useColorSpaceAwareGradingTools": "Literal['0', '1']",
        "colorAcesGamutCompressType": "str",
        "colorSpaceOutputToneLuminanceMax": "str",
        "colorSpaceOutputGamutSaturationKnee": "str",
        "colorSpaceOutputGamutSaturationMax": "str",
        "hdrMasteringOn": "Literal['0', '1']",
        "hdrDolbyControlsOn": "Literal['0', '1']",
        "hdrDolbyVersion": "Literal['2.9', '4.0']",
        "hdrDolbyMasterDisplay": "str",
        "hdr10PlusControlsOn": "Literal['0', '1']",
        "videoMonitorUseStereoSDI": "Literal['0', '1']",
        "videoMonitorUse444SDI": "Literal['0', '1']",
        "videoMonitorSDIConfiguration": "Literal['single_link', 'dual_link', 'quad_link']",
        "videoDataLevels": "Literal['Video', 'Full']",
        "videoDataLevelsRetainSubblockAndSuperWhiteData": "Literal['0', '1']",
        "videoMonitorBitDepth": "str",
        "videoMonitorScaling": "Literal['basic', 'bilinear']",
        "videoMonitorUseHDROverHDMI": "Literal['0', '1']",
        "videoMonitorUseLevelA": "Literal['0', '1']",
        "acesVersion": "str",
        "colorAcesMidGray": "str",
        "use203NitsReference": "Literal['0', '1']",
        "colorSpaceOutputGamutLimit": "str",
        "hdrDolbyUseExternalCMU": "Literal['0', '1']",
        "hdrVividControlsOn": "Literal['0', '1']",
        "hdrVividMasterDisplay": "str",
    },
    total=False,
)
ClipProperties = TypedDict(
    "ClipProperties",
    {
        "Alpha mode": "str",
        "Audio Bit Depth": "str",
        "Audio Ch": "str",
        "Audio Codec": "str",
        "Bit Depth": "str",
        "Camera FPS": "str",
        "Camera TC Type": "str",
        "Category": "str",
        "Clip Directory": "str",
        "Cloud Sync": "str",
        "Data Level": "str",
        "Date Added": "str",
        "Date Created": "str",
        "Date Modified": "str",
        "Drop frame": "Literal['0', '1']",
        "Duration": "str",
        "Enable Deinterlacing": "Literal['0', '1']",
        "End": "str",
        "End TC": "str",
        "Field Dominance": "str",
        "File Name": "str",
        "File Path": "str",
        "Format": "str",
        "FPS": "float",
        "Frames": "str",
        "H-FLIP": "str",
        "In": "str",
        "Input Color Space": "str",
        "Input Gamma": "str",
        "Input Sizing Preset": "str",
        "Offline Reference": "str",
        "Online Status": "str",
        "Out": "str",
        "PAR": "str",
        "Proxy": "str",
        "Reel Name": "str",
        "Resolution": "str",
        "Sample Rate": "str",
        "Start": "str",
        "Start TC": "str",
        "Super Scale": "Literal[1, 2, 3, 4]",
        "SuperScale Noise Reduction": "str",
        "SuperScale Sharpness": "str",
        "Synced Audio": "str",
        "Tag": "str",
        "Transcription": "str",
        "Transcription Status": "str",
        "Type": "str",
        "Usage": "str",
        "V-FLIP": "str",
        "Video Codec": "str",
        "Audio Offset": "str",
        "Clip Color": "ClipColor",
        "Clip Name": "str",
        "Flags": "str",
        "IDT": "str",
        "Input LUT": "str",
        "Noise Reduction": "str",
        "Proxy Media Path": "str",
        "Sharpness": "str",
        "Codec": "str",
        "In Point": "str",
        "Out Point": "str",
    },
    total=False,
)
ClipMetadata = TypedDict(
    "ClipMetadata",
    {
        "2nd Asst": "str",
        "2nd Continuity": "str",
        "2nd Dir": "str",
        "2nd Dir Asst": "str",
        "2nd Dir Reviewed": "str",
        "2nd DIT": "str",
        "2nd DOP": "str",
        "2nd DOP Reviewed": "str",
        "3D Rig ID #": "str",
        "3D Rig Type": "str",
        "Angle": "str",
        "Aspect Ratio Notes": "str",
        "Assistant Director": "str",
        "Assistant Producer": "str",
        "Audio Duration TC": "str",
        "Audio End TC": "str",
        "Audio File Type": "str",
        "Audio FPS": "str",
        "Audio Media": "str",
        "Audio Notes": "str",
        "Audio Offset": "str",
        "Audio Recorder": "str",
        "Audio Start TC": "str",
        "Audio TC Type": "str",
        "Aux 1": "str",
        "Aux 2": "str",
        "BG (m)": "str",
        "Bit Rate": "str",
        "Calibration Source": "str",
        "Calibration Type": "str",
        "Calibration UUID": "str",
        "Camera #": "str",
        "Camera Aperture": "str",
        "Camera Aperture Type": "str",
        "Camera Assistant": "str",
        "Camera Firmware": "str",
        "Camera Format": "str",
        "Camera ID": "str",
        "Camera Manufacturer": "str",
        "Camera Notes": "str",
        "Camera Operator": "str",
        "Camera Pan Angle": "str",
        "Camera Position": "str",
        "Camera Roll Angle": "str",
        "Camera Serial #": "str",
        "Camera Tilt Angle": "str",
        "Camera Type": "str",
        "CDL SAT": "str",
        "CDL SOP": "str",
        "Clip Color": "ClipColor",
        "Clip Name": "str",
        "Clip Number": "str",
        "Codec Bitrate": "str",
        "Color Chart": "str",
        "Color Space Notes": "str",
        "Colorist": "str",
        "Colorist Assistant": "str",
        "Colorist Notes": "str",
        "Colorist Reviewed": "str",
        "Comments": "str",
        "Compression Ratio": "str",
        "Continuity": "str",
        "Continuity Reviewed": "str",
        "Convergence Adj": "str",
        "Crew Comments": "str",
        "CV (m)": "str",
        "Dailies Colorist": "str",
        "Data Wrangler": "str",
        "Date Recorded": "str",
        "Day / Night": "str",
        "Deck Firmware": "str",
        "Deck Serial #": "str",
        "Description": "str",
        "Dialog Duration": "str",
        "Dialog Notes": "str",
        "Dialog Starts As": "str",
        "Digital Technician": "str",
        "Director": "str",
        "Director Reviewed": "str",
        "Distance": "str",
        "DOP": "str",
        "DOP Reviewed": "str",
        "Editing Assistant": "str",
        "Editor": "str",
        "EDL Clip Name": "str",
        "Embedded Audio": "str",
        "End Dialog TC": "str",
        "Environment": "str",
        "Episode #": "str",
        "Episode Name": "str",
        "FG (m)": "str",
        "Filter": "str",
        "Flags": "str",
        "Focal Point (mm)": "str",
        "Focus Puller": "str",
        "Focus Reviewed": "str",
        "Framing Chart": "str",
        "FSD": "str",
        "Gamma Notes": "str",
        "Genre": "str",
        "Grey Chart": "str",
        "IA (mm)": "str",
        "IDT": "str",
        "ILPD": "str",
        "Immersive ID": "str",
        "Input LUT": "str",
        "ISO": "str",
        "Key Grip": "str",
        "Keyword": "str",
        "Lab Roll #": "str",
        "Lens Chart": "str",
        "Lens Notes": "str",
        "Lens Number": "str",
        "Lens Type": "str",
        "Line Producer": "str",
        "Location": "str",
        "LUT 1": "str",
        "LUT 2": "str",
        "LUT 3": "str",
        "LUT Used": "str",
        "LUT Used On Set": "str",
        "Media Type": "str",
        "Mon Color Space": "str",
        "Monitor LUT": "str",
        "Move": "str",
        "ND Filter": "str",
        "Noise Reduction": "str",
        "PAR Notes": "str",
        "People": "str",
        "Post Producer": "str",
        "Producer": "str",
        "Production Asst": "str",
        "Production Company": "str",
        "Production Name": "str",
        "Program Name": "str",
        "Projection": "str",
        "Proxy Media Path": "str",
        "Rating": "str",
        "RAW": "str",
        "Reel Number": "str",
        "Reviewers Notes": "str",
        "Rig Inverted": "str",
        "Roll/Card": "str",
        "S3D Eye": "str",
        "S3D Notes": "str",
        "S3D Shot": "str",
        "S3D Sync": "str",
        "Safe Area": "str",
        "Sample Rate (KHz)": "str",
        "Scene": "str",
        "Script Supervisor": "str",
        "Send to": "str",
        "Send to Studio": "str",
        "Sensor": "str",
        "Sensor Area Captured": "str",
        "Series #": "str",
        "Setup": "str",
        "Sharpness": "str",
        "Shoot Day": "str",
        "Shot": "str",
        "Shot During Ep": "str",
        "Shot Frame Rate": "str",
        "Shot Type": "str",
        "Shutter Angle": "str",
        "Shutter Speed": "str",
        "Shutter Type": "str",
        "Slate TC": "str",
        "Sound Mixer": "str",
        "Sound Reviewed": "str",
        "Sound Roll #": "str",
        "Start Dialog TC": "str",
        "Start KeyKode": "str",
        "Subcategory": "str",
        "Take": "str",
        "Time-lapse Interval": "str",
        "Tone": "str",
        "Track 1": "str",
        "Track 10": "str",
        "Track 11": "str",
        "Track 12": "str",
        "Track 13": "str",
        "Track 14": "str",
        "Track 15": "str",
        "Track 16": "str",
        "Track 17": "str",
        "Track 18": "str",
        "Track 19": "str",
        "Track 2": "str",
        "Track 20": "str",
        "Track 21": "str",
        "Track 22": "str",
        "Track 23": "str",
        "Track 24": "str",
        "Track 3": "str",
        "Track 4": "str",
        "Track 5": "str",
        "Track 6": "str",
        "Track 7": "str",
        "Track 8": "str",
        "Track 9": "str",
        "Unit Manager": "str",
        "Unit Name": "str",
        "Uploaded From": "str",
        "VFX Grey Ball": "str",
        "VFX Markers": "str",
        "VFX Mirror Ball": "str",
        "VFX Notes": "str",
        "VFX Shot #": "str",
        "VFX Svsr Reviewed": "str",
        "Wardrobe Reviewed": "str",
        "White Balance Tint": "str",
        "White Point (Kelvin)": "str",
    },
    total=False,
)
AppendClip = TypedDict(
    "AppendClip",
    {
        "media_pool_item": "MediaPoolItem",
        "start": "str",
        "end": "str",
        "track": "int",
        "record_frame": "str",
        "media_type": "Literal['video', 'audio']",
    },
    total=False,
)
Grade = TypedDict(
    "Grade",
    {
        "slope": "tuple[float, float, float]",
        "offset": "tuple[float, float, float]",
        "power": "tuple[float, float, float]",
        "saturation": "float",
    },
    total=False,
)
BatchCall = TypedDict(
    "BatchCall",
    {
        "method": "str",
        "on": "str",
        "args": "dict[str, Any] | list[Any]",
        "each": "int",
        "from": "int",
        "quiet": "bool",
    },
    total=False,
)

class Resolve:
    """The application. Reached with scriptapp('Resolve'); also carries every constant."""
    AUDIO_SYNC_CHANNEL_AUTOMATIC: float
    AUDIO_SYNC_CHANNEL_MIX: float
    AUDIO_SYNC_CHANNEL_NUMBER: float
    AUDIO_SYNC_IN: float
    AUDIO_SYNC_MARKER: float
    AUDIO_SYNC_MODE: float
    AUDIO_SYNC_OUT: float
    AUDIO_SYNC_RETAIN_EMBEDDED_AUDIO: float
    AUDIO_SYNC_RETAIN_VIDEO_METADATA: float
    AUDIO_SYNC_TIMECODE: float
    AUDIO_SYNC_WAVEFORM: float
    AUTO_ALIGN_CLIPS_USING_TIMECODE: float
    AUTO_ALIGN_CLIPS_USING_WAVEFORM: float
    AUTO_ALIGN_CLIPS_WAVEFORM_TRACK_AUTOMATIC: float
    AUTO_ALIGN_CLIPS_WAVEFORM_TRACK_MIX: float
    AUTO_CAPTION_AUTO: float
    AUTO_CAPTION_DANISH: float
    AUTO_CAPTION_DUTCH: float
    AUTO_CAPTION_ENGLISH: float
    AUTO_CAPTION_FINNISH: float
    AUTO_CAPTION_FRENCH: float
    AUTO_CAPTION_GERMAN: float
    AUTO_CAPTION_HINDI: float
    AUTO_CAPTION_INDONESIAN: float
    AUTO_CAPTION_ITALIAN: float
    AUTO_CAPTION_JAPANESE: float
    AUTO_CAPTION_KOREAN: float
    AUTO_CAPTION_LINE_DOUBLE: float
    AUTO_CAPTION_LINE_SINGLE: float
    AUTO_CAPTION_MALAY: float
    AUTO_CAPTION_MANDARIN_SIMPLIFIED: float
    AUTO_CAPTION_MANDARIN_TRADITIONAL: float
    AUTO_CAPTION_NETFLIX: float
    AUTO_CAPTION_NORWEGIAN: float
    AUTO_CAPTION_POLISH: float
    AUTO_CAPTION_PORTUGUESE: float
    AUTO_CAPTION_ROMANIAN: float
    AUTO_CAPTION_RUSSIAN: float
    AUTO_CAPTION_SPANISH: float
    AUTO_CAPTION_SUBTITLE_DEFAULT: float
    AUTO_CAPTION_SWEDISH: float
    AUTO_CAPTION_TAMIL: float
    AUTO_CAPTION_TELETEXT: float
    AUTO_CAPTION_THAI: float
    AUTO_CAPTION_TURKISH: float
    AUTO_CAPTION_VIETNAMESE: float
    CACHE_AUTO_ENABLED: float
    CACHE_DISABLED: float
    CACHE_ENABLED: float
    CLONE_CHECKSUM_TYPE_CRC32: float
    CLONE_CHECKSUM_TYPE_FILESIZE: float
    CLONE_CHECKSUM_TYPE_MD5: float
    CLONE_CHECKSUM_TYPE_NONE: float
    CLONE_CHECKSUM_TYPE_SHA256: float
    CLONE_CHECKSUM_TYPE_SHA512: float
    CLONE_CHECKSUM_TYPE_XXH_64: float
    CLOUD_SETTING_IS_CAMERA_ACCESS: float
    CLOUD_SETTING_IS_COLLAB: float
    CLOUD_SETTING_PROJECT_MEDIA_PATH: float
    CLOUD_SETTING_PROJECT_NAME: float
    CLOUD_SETTING_SYNC_MODE: float
    CLOUD_SYNC_DEFAULT: float
    CLOUD_SYNC_DOWNLOAD_FAIL: float
    CLOUD_SYNC_DOWNLOAD_IN_PROGRESS: float
    CLOUD_SYNC_DOWNLOAD_IN_QUEUE: float
    CLOUD_SYNC_DOWNLOAD_NOT_FOUND: float
    CLOUD_SYNC_DOWNLOAD_SUCCESS: float
    CLOUD_SYNC_NONE: float
    CLOUD_SYNC_PROXY_AND_ORIG: float
    CLOUD_SYNC_PROXY_ONLY: float
    CLOUD_SYNC_SUCCESS: float
    CLOUD_SYNC_UPLOAD_FAIL: float
    CLOUD_SYNC_UPLOAD_IN_PROGRESS: float
    CLOUD_SYNC_UPLOAD_IN_QUEUE: float
    CLOUD_SYNC_UPLOAD_NOT_FOUND: float
    CLOUD_SYNC_UPLOAD_SUCCESS: float
    COMPOSITE_ADD: float
    COMPOSITE_ALPHA: float
    COMPOSITE_COLORIZE: float
    COMPOSITE_COLOR_BURN: float
    COMPOSITE_COLOR_DODGE: float
    COMPOSITE_DARKEN: float
    COMPOSITE_DARKER_COLOR: float
    COMPOSITE_DIFF: float
    COMPOSITE_DIVIDE: float
    COMPOSITE_EXCLUSION: float
    COMPOSITE_FOREGROUND: float
    COMPOSITE_HARDLIGHT: float
    COMPOSITE_HARD_MIX: float
    COMPOSITE_HUE: float
    COMPOSITE_INVERTED_ALPHA: float
    COMPOSITE_INVERTED_LUM: float
    COMPOSITE_LIGHTEN: float
    COMPOSITE_LIGHTER_COLOR: float
    COMPOSITE_LINEAR_BURN: float
    COMPOSITE_LINEAR_DODGE: float
    COMPOSITE_LINEAR_LIGHT: float
    COMPOSITE_LUM: float
    COMPOSITE_LUMA_MASK: float
    COMPOSITE_MULTIPLY: float
    COMPOSITE_NORMAL: float
    COMPOSITE_OVERLAY: float
    COMPOSITE_PIN_LIGHT: float
    COMPOSITE_SATURATE: float
    COMPOSITE_SCREEN: float
    COMPOSITE_SOFTLIGHT: float
    COMPOSITE_SUBTRACT: float
    COMPOSITE_VIVID_LIGHT: float
    DIALOGUE_LEVELER_MODE_ALLOW_WIDER_DYNAMICS: float
    DIALOGUE_LEVELER_MODE_LIFT_SOFT_WHISPERY_SOURCES: float
    DIALOGUE_LEVELER_MODE_MORE_LIFT_FOR_LOW_LEVELS: float
    DIALOGUE_LEVELER_MODE_OPTIMIZE_MODERATE_LEVELS: float
    DLB_BLEND_SHOTS: float
    DYNAMIC_ZOOM_EASE_IN: float
    DYNAMIC_ZOOM_EASE_IN_AND_OUT: float
    DYNAMIC_ZOOM_EASE_LINEAR: float
    DYNAMIC_ZOOM_EASE_OUT: float
    EXPORT_AAF: float
    EXPORT_AAF_EXISTING: float
    EXPORT_AAF_NEW: float
    EXPORT_ALE: float
    EXPORT_ALE_CDL: float
    EXPORT_CDL: float
    EXPORT_DOLBY_VISION_VER_2_9: float
    EXPORT_DOLBY_VISION_VER_4_0: float
    EXPORT_DOLBY_VISION_VER_5_1: float
    EXPORT_DRT: float
    EXPORT_EDL: float
    EXPORT_FCPXML_1_10: float
    EXPORT_FCPXML_1_8: float
    EXPORT_FCPXML_1_9: float
    EXPORT_FCP_7_XML: float
    EXPORT_HDR_10_PROFILE_A: float
    EXPORT_HDR_10_PROFILE_B: float
    EXPORT_LUT_17PTCUBE: float
    EXPORT_LUT_33PTCUBE: float
    EXPORT_LUT_65PTCUBE: float
    EXPORT_LUT_PANASONICVLUT: float
    EXPORT_MISSING_CLIPS: float
    EXPORT_NONE: float
    EXPORT_OTIO: float
    EXPORT_SDL: float
    EXPORT_TEXT_CSV: float
    EXPORT_TEXT_TAB: float
    FLATTEN_MULTICAM_COPY_GRADE: float
    FLATTEN_MULTICAM_RETAIN_GRADE_FROM_ANGLE: float
    KEYFRAME_MODE_ALL: float
    KEYFRAME_MODE_COLOR: float
    KEYFRAME_MODE_SIZING: float
    MARKER_BLUE: float
    MARKER_COCOA: float
    MARKER_CREAM: float
    MARKER_CYAN: float
    MARKER_FUCHSIA: float
    MARKER_GREEN: float
    MARKER_LAVENDER: float
    MARKER_LEMON: float
    MARKER_MINT: float
    MARKER_NONE: float
    MARKER_PINK: float
    MARKER_PURPLE: float
    MARKER_RED: float
    MARKER_ROSE: float
    MARKER_SAND: float
    MARKER_SKY: float
    MARKER_YELLOW: float
    MOTION_EST_ENHANCED_BETTER: float
    MOTION_EST_ENHANCED_FASTER: float
    MOTION_EST_METAL: float
    MOTION_EST_SPEED_WARP_BETTER: float
    MOTION_EST_SPEED_WARP_FASTER: float
    MOTION_EST_STANDARD_BETTER: float
    MOTION_EST_STANDARD_FASTER: float
    MOTION_EST_USE_PROJECT: float
    MULTICAM_ANGLE_NAME_ANGLE: float
    MULTICAM_ANGLE_NAME_CAMERA: float
    MULTICAM_ANGLE_NAME_CLIP: float
    MULTICAM_ANGLE_NAME_FILE: float
    MULTICAM_ANGLE_NAME_SEQUENTIAL: float
    MULTICAM_ANGLE_SYNC_AUDIO: float
    MULTICAM_ANGLE_SYNC_IN: float
    MULTICAM_ANGLE_SYNC_MARKER: float
    MULTICAM_ANGLE_SYNC_OUT: float
    MULTICAM_ANGLE_SYNC_TIMECODE: float
    MULTICAM_AUDIO_ADAPTIVE: float
    MULTICAM_AUDIO_ALL: float
    MULTICAM_AUDIO_REFERENCE: float
    MULTICAM_AUDIO_SOURCE: float
    MULTICAM_DETECT_BY_ANGLE: float
    MULTICAM_DETECT_BY_CAMERA_NUMBER: float
    MULTICAM_DETECT_BY_REEL_NAME: float
    MULTICAM_DETECT_BY_REEL_NUMBER: float
    MULTICAM_DETECT_BY_ROLL_CARD: float
    MULTICAM_DETECT_NONE: float
    NORMALIZE_AUDIO_SET_LEVEL_INDEPENDENT: float
    NORMALIZE_AUDIO_SET_LEVEL_RELATIVE: float
    RESIZE_FILTER_BESSEL: float
    RESIZE_FILTER_BICUBIC: float
    RESIZE_FILTER_BILINEAR: float
    RESIZE_FILTER_BOX: float
    RESIZE_FILTER_CATMULL_ROM: float
    RESIZE_FILTER_CUBIC: float
    RESIZE_FILTER_GAUSSIAN: float
    RESIZE_FILTER_LANCZOS: float
    RESIZE_FILTER_LINEAR: float
    RESIZE_FILTER_MITCHELL: float
    RESIZE_FILTER_NEAREST_NEIGHBOR: float
    RESIZE_FILTER_QUADRATIC: float
    RESIZE_FILTER_SHARPER: float
    RESIZE_FILTER_SINC: float
    RESIZE_FILTER_SMOOTHER: float
    RESIZE_FILTER_USE_PROJECT: float
    RETIME_FRAME_BLEND: float
    RETIME_NEAREST: float
    RETIME_OPTICAL_FLOW: float
    RETIME_USE_PROJECT: float
    SCALE_CROP: float
    SCALE_FILL: float
    SCALE_FIT: float
    SCALE_STRETCH: float
    SCALE_USE_PROJECT: float
    SMART_SWITCH_ANALYSIS_MODE_AUDIO_ONLY: float
    SMART_SWITCH_ANALYSIS_MODE_DETECT_WIDE_ANGLE: float
    SMART_SWITCH_ANALYSIS_MODE_NONE: float
    SMART_SWITCH_QUALITY_BETTER: float
    SMART_SWITCH_QUALITY_FASTER: float
    SMART_SWITCH_WIDE_ANGLE_FREQ_HIGH: float
    SMART_SWITCH_WIDE_ANGLE_FREQ_LOW: float
    SMART_SWITCH_WIDE_ANGLE_FREQ_MEDIUM: float
    SUBTITLE_CAPTION_PRESET: float
    SUBTITLE_CHARS_PER_LINE: float
    SUBTITLE_GAP: float
    SUBTITLE_LANGUAGE: float
    SUBTITLE_LINE_BREAK: float
    def Fusion(self) -> Fusion | None:
        """Hand out the Fusion application object that the compositing API hangs off."""
    def GetMediaStorage(self) -> MediaStorage | None:
        """Hand out the object for browsing disks and bringing files into the pool."""
    def GetProjectManager(self) -> ProjectManager | None:
        """Hand out the project manager bound to the database that is attached now."""
    def OpenPage(self, pageName: PageName) -> bool:
        """Switch the application window to one of its pages."""
    def GetCurrentPage(self) -> PageName | None:
        """Name the page the application is showing, or nothing when no page is up."""
    def GetProductName(self) -> str:
        """Name the running product; the only API reading that separates the free edition from Studio."""
    def GetVersion(self) -> tuple[int, int, int, int, str]:
        """Give the version as a five-part list, the last part being a text suffix that is usually empty."""
    def GetVersionString(self) -> str:
        """Give the version as one dotted string."""
    def GetLayoutPresetList(self) -> list[str]:
        """List the names of the saved window layouts."""
    def LoadLayoutPreset(self, presetName: str) -> bool:
        """Rearrange the window to a saved layout."""
    def UpdateLayoutPreset(self, presetName: str) -> bool:
        """Replace the contents of a saved layout with the window as it stands."""
    def ExportLayoutPreset(self, presetName: str, presetFilePath: str) -> bool:
        """Write a saved layout to a file."""
    def DeleteLayoutPreset(self, presetName: str) -> bool:
        """Remove a saved layout."""
    def SaveLayoutPreset(self, presetName: str) -> bool:
        """Save the window as it stands under a new layout name."""
    def ImportLayoutPreset(self, presetFilePath: str, presetName: str = ...) -> bool:
        """Add a layout from a file, named by the caller or after the file."""
    def Quit(self) -> bool | None:
        """Shut the application down."""
    def ImportRenderPreset(self, presetPath: str) -> bool:
        """Add a render preset from a file and make it the active one."""
    def ExportRenderPreset(self, presetName: str, exportPath: str) -> bool:
        """Write a named render preset to a file."""
    def GetBurnInPresetList(self) -> list[str]:
        """List the names of the data burn-in presets."""
    def DeleteBurnInPreset(self, presetName: str) -> bool:
        """Remove a data burn-in preset."""
    def ImportBurnInPreset(self, presetPath: str) -> bool:
        """Read a burn-in preset from a file."""
    def ExportBurnInPreset(self, presetName: str, exportPath: str) -> bool:
        """Write a named data burn-in preset to a file."""
    def GetUserPreferencesPresetList(self) -> list[str]:
        """List the names of the saved user-preference sets."""
    def LoadUserPreferencesPreset(self, presetName: str) -> bool:
        """Replace the live user preferences with a saved set."""
    def SaveUserPreferencesPreset(self, presetName: str) -> bool:
        """Save the live user preferences as a new named set."""
    def DeleteUserPreferencesPreset(self, presetName: str) -> bool:
        """Remove a saved set of user preferences."""
    def ImportUserPreferencesPreset(self, filePath: str, presetName: str = ...) -> bool:
        """Add a preference set from a file without applying it; unnamed imports take the file's name."""
    def ExportUserPreferencesPreset(self, presetName: str, exportPath: str) -> bool:
        """Write a preference set to exactly the path given; no extension is appended."""
    def GetKeyframeMode(self) -> KeyframeMode:
        """Tell which kinds of keyframes the application is recording."""
    def SetKeyframeMode(self, keyframeMode: KeyframeMode) -> bool:
        """Choose which kinds of keyframes the application records."""
    def GetFairlightPresets(self) -> list[str] | dict[Any, Any]:
        """List the saved Fairlight mixes by name."""
    def DisableBackgroundTasksForCurrentResolveSession(self) -> None:
        """Stop all background work until the application is restarted."""
    @overload
    def SetHighPriority(self, highPriority: bool) -> bool:
        """Set the priority of script execution to high or normal."""
    @overload
    def SetHighPriority(self) -> bool: ...
    def GetCurrentProject(self) -> Project | None:
        """Hand out the open project without the project manager."""
    def GetCurrentTimeline(self) -> Timeline | None:
        """Hand out the open timeline without the project."""
    def GetMediaPool(self) -> MediaPool | None:
        """Hand out the media pool of the open project."""
    def GetGallery(self) -> Gallery | None:
        """Hand out the gallery of the open project."""
    def IsStudio(self) -> bool:
        """Tell whether this is the Studio edition."""
    def GetKeyboardPresetList(self) -> list[str]:
        """List the keyboard layouts by name."""
    def LoadKeyboardPreset(self, presetName: str) -> bool:
        """Switch the keyboard layout of the application."""
    def DeleteKeyboardPreset(self, presetName: str) -> bool:
        """Delete a keyboard layout."""
    def GetCurrentKeyboardPreset(self) -> str:
        """Name the keyboard layout in force."""
    def ImportKeyboardPreset(self, filePath: str, presetName: str = ...) -> bool:
        """Read a keyboard layout from a file, named by the file unless a name is given."""
    def ExportKeyboardPreset(self, presetName: str, exportPath: str) -> bool:
        """Write a keyboard layout to a file."""
    def ValidateDCTL(self, dctlSource: str) -> str | None:
        """Compile DCTL source and report what is wrong with it."""
    def EncryptDCTL(self, inputPath: str, encryptDCTLOptions: EncryptDCTLOptions = ...) -> bool:
        """Write an encrypted copy of a DCTL file."""

class ProjectManager:
    """The project library of the attached database."""
    def ArchiveProject(self, projectName: str, filePath: str, isArchiveSrcMedia: bool = ..., isArchiveRenderCache: bool = ..., isArchiveProxyMedia: bool = ...) -> bool:
        """Pack a project, optionally with media, cache and proxies, into an archive on disk."""
    def CreateProject(self, projectName: str, mediaLocationPath: str = ...) -> Project | None:
        """Create a project with an unused name and make it current."""
    def DeleteProject(self, projectName: str) -> bool:
        """Delete a project of the current folder that is not loaded."""
    def LoadProject(self, projectName: str) -> Project | None:
        """Open a project of the current folder and make it current."""
    def GetCurrentProject(self) -> Project | None:
        """Hand out the project that is open."""
    def SaveProject(self) -> bool:
        """Save the open project under its own name."""
    def CloseProject(self, project: Project) -> bool:
        """Close a project and drop whatever was not saved."""
    def CreateFolder(self, folderName: str) -> bool:
        """Make a project folder with an unused name in the current folder."""
    def DeleteFolder(self, folderName: str) -> bool:
        """Delete a project folder of the current folder."""
    def GetProjectListInCurrentFolder(self) -> list[str]:
        """List the project names in the current folder."""
    def GetProjectAttributesInCurrentFolder(self) -> dict[str, ProjectAttributes]:
        """Give dates, notes and collaboration mode of every project in the current folder."""
    def GetFolderListInCurrentFolder(self) -> list[str]:
        """List the project folders in the current folder."""
    def GotoRootFolder(self) -> bool:
        """Move the project browser to the top of the database."""
    def GotoParentFolder(self) -> bool:
        """Move the project browser up one folder; False at the top."""
    def GetCurrentFolder(self) -> str:
        """Name the folder the project browser is in; the top reads as an empty string."""
    def OpenFolder(self, folderName: str) -> bool:
        """Move the project browser into a named folder."""
    def ImportProject(self, filePath: str, projectName: str = ...) -> bool:
        """Bring a project file into the current folder, optionally renamed."""
    def ExportProject(self, projectName: str, filePath: str, withStillsAndLUTs: bool = ...) -> bool:
        """Write a project to a .drp file, with its stills and LUTs unless told otherwise."""
    def RestoreProject(self, filePath: str, projectName: str = ...) -> bool:
        """Unpack a project archive, optionally renamed."""
    def GetCurrentDatabase(self) -> DatabaseInfo:
        """Describe the database connection in use."""
    def GetDatabaseList(self) -> list[DatabaseInfo]:
        """Describe every database the application knows."""
    def SetCurrentDatabase(self, dbInfo: DatabaseInfo) -> bool:
        """Switch to another database, closing whatever project is open."""
    def CreateCloudProject(self, cloudSettings: CloudSettings) -> Project | None:
        """Create a project in the cloud library and make it current."""
    def LoadCloudProject(self, cloudSettings: CloudSettings) -> Project | None:
        """Open a project of the cloud library."""
    def ImportCloudProject(self, filePath: str, cloudSettings: CloudSettings) -> bool:
        """Bring a project file into the cloud library."""
    def RestoreCloudProject(self, folderPath: str, cloudSettings: CloudSettings) -> bool:
        """Unpack a project archive into the cloud library."""
    def GetProjectsInCurrentFolder(self) -> dict[float, str]:
        """Project names of the current folder as a numbered map."""
    def GetFoldersInCurrentFolder(self) -> dict[float, str]:
        """Folder names of the current folder as a numbered map."""
    def GetProjectLastModifiedTime(self, projectName: str) -> int:
        """Give the time a project of the current folder was last changed."""

class Project:
    """The open project: timelines, settings, render queue, color groups."""
    def GetMediaPool(self) -> MediaPool | None:
        """Hand out the media pool of the project."""
    def GetTimelineCount(self) -> int:
        """Count the timelines of the project."""
    def GetTimelineByIndex(self, idx: int) -> Timeline | None:
        """Hand out a timeline by its position, counted from 1."""
    def GetCurrentTimeline(self) -> Timeline | None:
        """Hand out the timeline that is open."""
    def SetCurrentTimeline(self, timeline: Timeline) -> bool:
        """Open a timeline; appends, inserts and editor-state reads all follow it."""
    def GetGallery(self) -> Gallery | None:
        """Hand out the gallery of the project."""
    def GetName(self) -> str:
        """Name the project."""
    def SetName(self, projectName: str) -> bool:
        """Rename the project to an unused name."""
    def GetPresetList(self) -> list[ProjectSettingsPresetInfo]:
        """List the project presets, with their frame size."""
    def SetPreset(self, presetName: str) -> bool:
        """Overwrite the project settings with a preset."""
    def GetSetting(self, settingName: str = ...) -> str | float | dict[str, Any]:
        """Read one project setting, or all of them when no key is given."""
    @overload
    def SetSetting(self, settingName: str, settingValue: str) -> bool:
        """Write one project setting."""
    @overload
    def SetSetting(self, settingName: str, settingValue: str, sharpness: float, noiseReduction: float) -> bool: ...
    def RefreshLUTList(self) -> bool:
        """Rescan the LUT folders."""
    def GetUniqueId(self) -> str:
        """Give the project's id."""
    def InsertAudioToCurrentTrackAtPlayhead(self, mediaPath: str, startOffsetInSamples: int, durationInSamples: int) -> bool:
        """Insert a stretch of an audio file, measured in samples, at the playhead on the selected Fairlight track."""
    def ExportCurrentFrameAsStill(self, filePath: str) -> bool:
        """Write the frame under the playhead to an image file named by extension."""
    def GetColorGroupsList(self) -> list[ColorGroup]:
        """List the color groups."""
    def AddColorGroup(self, groupName: str) -> ColorGroup | None:
        """Create a color group with an unused name."""
    def DeleteColorGroup(self, colorGroup: ColorGroup) -> bool:
        """Remove a color group and ungroup its clips."""
    def ApplyFairlightPresetToCurrentTimeline(self, presetName: str) -> bool:
        """Apply a saved Fairlight mix to the current timeline."""
    def ResetIntellisearchAnalysis(self) -> bool:
        """Throw away all IntelliSearch analysis of the project."""
    @overload
    def GenerateSpeech(self, speechSettings: SpeechSettings) -> MediaPoolItem | str:
        """Synthesise speech into a new audio clip and optionally place it at a timecode."""
    @overload
    def GenerateSpeech(self, speechGenerationSettings: SpeechSettings, timecode: str) -> MediaPoolItem | str: ...
    def GetPresets(self) -> dict[float, ProjectSettingsPresetInfo]:
        """Project presets as a numbered map."""
    def GetProjectSettingsPresetList(self) -> list[ProjectSettingsPresetInfo]:
        """List the project settings presets with their frame sizes."""
    def SetProjectSettingsPreset(self, presetName: str) -> bool:
        """Overwrite the project settings with a preset."""
    def DeleteProjectSettingsPreset(self, presetName: str) -> bool:
        """Delete a project settings preset."""
    def SaveCurrentProjectSettingsAsNewPreset(self, presetName: str) -> bool:
        """Save the project settings as a new preset."""
    def UpdateProjectSettingsPreset(self, presetName: str) -> bool:
        """Overwrite a project settings preset with the settings in force."""
    def ExportProjectSettingsPreset(self, presetName: str, exportPath: str) -> bool:
        """Write a project settings preset to a file."""
    def ImportProjectSettingsPreset(self, presetFilePath: str, presetName: str = ...) -> bool:
        """Read a project settings preset from a file, named by the file unless a name is given."""
    def GetSettings(self) -> ProjectSettings:
        """Read all project settings at once."""
    def SetSettings(self, settings: ProjectSettings) -> bool:
        """Set project settings from a dict."""
    def AddRenderJob(self) -> str:
        """Queue one render of the current timeline with the settings as they stand, and give its id."""
    def DeleteRenderJob(self, jobId: str) -> bool:
        """Take one job off the render queue."""
    def DeleteAllRenderJobs(self) -> bool:
        """Empty the render queue, other people's jobs included."""
    def GetRenderJobList(self) -> list[RenderJobInfo]:
        """List the queued jobs with their settings."""
    def GetRenderPresetList(self) -> list[str]:
        """List the render presets."""
    @overload
    def StartRendering(self, jobIds: list[str], isInteractiveMode: bool = ...) -> bool:
        """Start rendering the given jobs, or the whole queue when none is named."""
    @overload
    def StartRendering(self, jobId1: str, *more: str) -> bool: ...
    @overload
    def StartRendering(self, isInteractiveMode: bool = ...) -> bool: ...
    def StopRendering(self) -> None:
        """Cancel whatever is rendering."""
    def IsRenderingInProgress(self) -> bool:
        """Tell whether a render is running."""
    def LoadRenderPreset(self, presetName: str) -> bool:
        """Make a render preset the base state of the Deliver page."""
    def SaveAsNewRenderPreset(self, presetName: str) -> bool:
        """Save the render state under a new preset name."""
    def DeleteRenderPreset(self, presetName: str) -> bool:
        """Remove a render preset."""
    def SetRenderSettings(self, settings: RenderSettings) -> bool:
        """Lay the given render keys over the state the Deliver page holds."""
    def GetRenderJobStatus(self, jobId: str) -> RenderJobStatus:
        """Give the state and percentage of a job by its id."""
    def GetQuickExportRenderPresets(self) -> list[str]:
        """List the one-click export presets."""
    def RenderWithQuickExport(self, quickExportPresetName: str, presetInfo: QuickExportRenderSettings) -> QuickExportRenderStatus | str:
        """Render the current timeline with a one-click preset, possibly uploading it."""
    def GetRenderFormats(self) -> dict[str, str]:
        """Map render format names to their file extension."""
    def GetRenderCodecs(self, renderFormatFileExtension: str) -> dict[str, str]:
        """Map codec descriptions to the codec ids of a format."""
    def GetCurrentRenderFormatAndCodec(self) -> RenderFormatAndCodec:
        """Tell which format and codec are selected."""
    def SetCurrentRenderFormatAndCodec(self, format: str, codec: str) -> bool:
        """Select a format and codec by id."""
    def GetCurrentRenderMode(self) -> RenderMode:
        """Tell whether a render makes one file or one per clip."""
    def SetCurrentRenderMode(self, renderMode: RenderMode) -> bool:
        """Choose between one file and one file per clip."""
    def GetRenderResolutions(self, format: str = ..., codec: str = ...) -> list[ResolutionInfo]:
        """List the frame sizes a format and codec allow, or all of them."""
    def LoadBurnInPreset(self, presetName: str) -> bool:
        """Apply a data burn-in preset to the project."""
    def GetRenderJobs(self) -> dict[float, RenderJobInfo]:
        """Render jobs as a numbered map."""
    def GetRenderPresets(self) -> dict[float, str]:
        """Render presets as a numbered map."""
    def UpdateRenderPreset(self, presetName: str) -> bool:
        """Overwrite a render preset with the render settings in force."""
    def SetQuickExportEnabledForRenderPreset(self, presetName: str, isEnabled: bool) -> bool:
        """Show or hide a render preset among the one-click exports."""
    def GetAudioRenderFormats(self) -> dict[str, str]:
        """Map sound-only format names to file extensions."""
    def GetAudioRenderCodecs(self, audioRenderFormatFileExtension: str) -> dict[str, str]:
        """Map codec descriptions of a sound format to codec ids."""

class MediaStorage:
    """The disks, as the media browser shows them."""
    def GetMountedVolumeList(self) -> list[str]:
        """List the volumes shown in the media browser."""
    def GetSubFolderList(self, folderPath: str) -> list[str]:
        """List the folders inside an absolute folder path."""
    def GetFileList(self, folderPath: str) -> list[str]:
        """List the files and media entries in a folder; sequences may appear as one entry."""
    def RevealInStorage(self, path: str) -> bool:
        """Expand and show a path in the media browser."""
    @overload
    def AddItemListToMediaPool(self, itemInfos: list[MediaStorageItemInfo]) -> list[MediaPoolItem]:
        """Bring files or folders into the current bin."""
    @overload
    def AddItemListToMediaPool(self, item1: str, *more: str) -> list[MediaPoolItem]: ...
    @overload
    def AddItemListToMediaPool(self, items: list[str]) -> list[MediaPoolItem]: ...
    def AddClipMattesToMediaPool(self, mediaPoolItem: MediaPoolItem, paths: list[str], stereoEye: StereoEye = ...) -> bool:
        """Attach matte files to a clip, optionally for one stereo eye."""
    def AddTimelineMattesToMediaPool(self, paths: list[str]) -> list[MediaPoolItem]:
        """Bring matte files into the current bin as timeline mattes."""
    def GetMountedVolumes(self) -> dict[float, str]:
        """Mounted volumes as a numbered map."""
    def GetSubFolders(self, folderPath: str) -> dict[float, str]:
        """Folders inside a folder as a numbered map."""
    def GetFiles(self, folderPath: str) -> dict[float, str]:
        """Files inside a folder as a numbered map."""
    @overload
    def AddItemsToMediaPool(self, items: list[str]) -> dict[float, MediaPoolItem]:
        """Bring files into the current bin and give the clips as a numbered map."""
    @overload
    def AddItemsToMediaPool(self, item1: str, *more: str) -> dict[float, MediaPoolItem]: ...
    def StartCloneMedia(self, sourceDir: str, targetDirs: str | list[str]) -> bool:
        """Start copying a folder to one or several places with checksums."""
    def SetCloneToolSettings(self, cloneToolSettings: CloneToolSettings = ...) -> bool:
        """Choose folder naming and checksum of the clone tool."""
    def StopCloneMedia(self) -> bool:
        """Stop the running copy."""
    def GetCloneStatus(self) -> CloneStatus:
        """Read how far the copy is."""

class MediaPool:
    """The bins of a project, and everything that creates clips or timelines."""
    def GetRootFolder(self) -> Folder | None:
        """Hand out the top bin."""
    def AddSubFolder(self, folder: Folder, name: str) -> Folder | None:
        """Make a bin inside another."""
    def RefreshFolders(self) -> bool:
        """Pull bin changes made by collaborators."""
    def CreateEmptyTimeline(self, name: str) -> Timeline | None:
        """Create a timeline with an unused name at the project's rate and size."""
    @overload
    def AppendToTimeline(self, clipInfos: list[AppendClipInfo]) -> list[TimelineItem]:
        """Place clips at the end, or at given record frames and tracks, of the current timeline."""
    @overload
    def AppendToTimeline(self, clip1: MediaPoolItem, *more: MediaPoolItem) -> list[TimelineItem]: ...
    @overload
    def AppendToTimeline(self, clips: list[MediaPoolItem]) -> list[TimelineItem]: ...
    @overload
    def CreateTimelineFromClips(self, name: str, clipInfos: list[CreateTimelineClipInfo]) -> Timeline | None:
        """Create a timeline and fill it with clips."""
    @overload
    def CreateTimelineFromClips(self, name: str, clip1: MediaPoolItem, *more: MediaPoolItem) -> Timeline | None: ...
    @overload
    def CreateTimelineFromClips(self, name: str, clips: list[MediaPoolItem]) -> Timeline | None: ...
    def ImportTimelineFromFile(self, filePath: str, importOptions: ImportOptions = ...) -> Timeline | None:
        """Create a timeline from an interchange file."""
    def DeleteTimelines(self, timelines: list[Timeline]) -> bool:
        """Delete timelines."""
    def GetCurrentFolder(self) -> Folder | None:
        """Hand out the selected bin."""
    def SetCurrentFolder(self, folder: Folder) -> bool:
        """Select the bin that imports and new timelines go to."""
    def DeleteClips(self, clips: list[MediaPoolItem]) -> bool:
        """Remove clips from the pool."""
    def ImportFolderFromFile(self, filePath: str, sourceClipsPath: str = ...) -> bool:
        """Unpack a .drb bin export into the current bin."""
    def DeleteFolders(self, subfolders: list[Folder]) -> bool:
        """Delete bins with everything in them."""
    def MoveClips(self, clips: list[MediaPoolItem], targetFolder: Folder) -> bool:
        """Move clips to another bin."""
    def MoveFolders(self, folders: list[Folder], targetFolder: Folder) -> bool:
        """Move bins into another bin."""
    def GetClipMatteList(self, mediaPoolItem: MediaPoolItem) -> list[str]:
        """List the matte files of a clip."""
    def GetTimelineMatteList(self, folder: Folder) -> list[MediaPoolItem]:
        """List the timeline mattes in a bin."""
    def DeleteClipMattes(self, mediaPoolItem: MediaPoolItem, paths: list[str]) -> bool:
        """Detach matte files from a clip."""
    def RelinkClips(self, clips: list[MediaPoolItem], folderPath: str) -> bool:
        """Look for the clips' files in another folder."""
    def UnlinkClips(self, clips: list[MediaPoolItem]) -> bool:
        """Take clips offline from their files."""
    @overload
    def ImportMedia(self, clipInfos: list[ImportClipInfo]) -> list[MediaPoolItem]:
        """Bring files, folders or image sequences into the current bin."""
    @overload
    def ImportMedia(self, items: list[str]) -> list[MediaPoolItem]: ...
    def ExportMetadata(self, fileName: str, clips: list[MediaPoolItem] = ...) -> bool:
        """Write clip metadata to a CSV file, for all clips when none are named."""
    def GetUniqueId(self) -> str:
        """Give the media pool's id."""
    def CreateStereoClip(self, leftMediaPoolItem: MediaPoolItem, rightMediaPoolItem: MediaPoolItem) -> MediaPoolItem | None:
        """Merge a left and a right clip into one stereoscopic clip that replaces them."""
    def AutoSyncAudio(self, mediaPoolItems: list[MediaPoolItem], audioSyncSettings: AudioSyncSettings) -> bool:
        """Link picture and sound clips by timecode or waveform."""
    def GetSelectedClips(self) -> list[MediaPoolItem]:
        """List the clips selected in the pool."""
    def SetSelectedClip(self, mediaPoolItem: MediaPoolItem) -> bool:
        """Select one clip in the pool."""
    def CreateMulticamClip(self, clips: list[MediaPoolItem], multicamOptions: MulticamOptions) -> list[MediaPoolItem]:
        """Make multicam clips from pool clips."""

class Folder:
    """One bin."""
    def GetClipList(self) -> list[MediaPoolItem]:
        """List the clips of a bin, timelines included."""
    def GetName(self) -> str:
        """Name the bin; the top one is called Master."""
    def GetSubFolderList(self) -> list[Folder]:
        """List the bins inside a bin."""
    def GetIsFolderStale(self) -> bool:
        """Tell whether a collaborator has changed the bin."""
    def GetUniqueId(self) -> str:
        """Give the bin's id."""
    def Export(self, filePath: str) -> bool:
        """Write the bin to a .drb file."""
    def TranscribeAudio(self, useSpeakerDetection: bool = ..., transcribeAsNestedClip: bool = ...) -> bool:
        """Transcribe every clip in the bin and below."""
    def ClearTranscription(self) -> bool:
        """Drop the transcripts of every clip in the bin and below."""
    def PerformAudioClassification(self) -> bool:
        """Sort the audio of every clip in the bin and below into categories."""
    def ClearAudioClassification(self) -> bool:
        """Drop the audio categories of every clip in the bin and below."""
    def RemoveMotionBlur(self, deblurOption: DeblurOptions = ...) -> list[tuple[MediaPoolItem, MediaPoolItem]] | str:
        """Make deblurred copies of the bin's clips and give pairs of old and new."""
    def AnalyzeForIntellisearch(self, identifyFaces: bool, isBetterMode: bool) -> bool | str:
        """Index every clip in the bin for search, optionally by face."""
    def AnalyzeForSlate(self, markerColor: SlateMarkerColor | MarkerColor) -> bool:
        """Find slates in every clip of the bin and mark them."""
    def GetClips(self) -> dict[float, MediaPoolItem]:
        """Clips of a bin as a numbered map."""
    def GetSubFolders(self) -> dict[float, Folder]:
        """Bins inside a bin as a numbered map."""

class MediaPoolItem:
    """One clip in the pool, whether footage, sound, still, timeline or compound."""
    def GetName(self) -> str:
        """Name the clip."""
    def SetName(self, name: str) -> bool:
        """Rename the clip."""
    def GetMetadata(self, metadataType: str = ...) -> str | dict[str, str]:
        """Read one metadata field, or all that are set."""
    @overload
    def SetMetadata(self, metadata: dict[str, str]) -> bool:
        """Write one metadata field or a dict of them."""
    @overload
    def SetMetadata(self, metadataType: str, metadataValue: str) -> bool: ...
    def GetTimeline(self) -> Timeline | None:
        """Open the timeline behind a pool clip of type Timeline; None for everything else, compound clips included."""
    def GetThirdPartyMetadata(self, metadataType: str = ...) -> str | dict[str, str]:
        """Read one field, or all, of the free-form metadata scripts can attach."""
    @overload
    def SetThirdPartyMetadata(self, metadata: dict[str, str]) -> bool:
        """Write one field, or a dict, of free-form metadata."""
    @overload
    def SetThirdPartyMetadata(self, metadataType: str, metadataValue: str) -> bool: ...
    def GetMediaId(self) -> str:
        """Give the id of the media behind the clip."""
    def AddMarker(self, frameId: float, color: MarkerColor, name: str, note: str, duration: float, customData: str = ...) -> bool:
        """Put a marker on the clip, counted in frames from its first frame."""
    def GetMarkers(self) -> dict[float, MarkerInfo]:
        """Give the clip's markers by frame."""
    def GetMarkerByCustomData(self, customData: str) -> MarkerInfo:
        """Find the first clip marker carrying a given custom string."""
    def UpdateMarkerCustomData(self, frameId: float, customData: str) -> bool:
        """Replace the custom string of the clip marker at a frame."""
    def GetMarkerCustomData(self, frameId: float) -> str:
        """Read the custom string of the clip marker at a frame."""
    def DeleteMarkersByColor(self, color: ColorOrAll) -> bool:
        """Remove the clip markers of one color, or all of them."""
    def DeleteMarkerAtFrame(self, frameNum: float) -> bool:
        """Remove the clip marker at a frame."""
    def DeleteMarkerByCustomData(self, customData: str) -> bool:
        """Remove the first clip marker carrying a given custom string."""
    def AddFlag(self, color: FlagColor) -> bool:
        """Add a colored flag to the clip."""
    def GetFlagList(self) -> list[FlagColor]:
        """List the clip's flag colors."""
    def ClearFlags(self, color: ColorOrAll) -> bool:
        """Remove the clip's flags of one color, or all."""
    def GetClipColor(self) -> ClipColor:
        """Read the clip's color; empty when none is set."""
    def SetClipColor(self, colorName: ClipColor) -> bool:
        """Color the clip with one of the sixteen clip colors."""
    def ClearClipColor(self) -> bool:
        """Remove the clip's color."""
    def GetClipProperty(self, propertyName: str = ...) -> str | float | ClipProperties:
        """Read one clip attribute, or all of them."""
    @overload
    def SetClipProperty(self, propertyName: str, propertyValue: Any) -> bool:
        """Write one clip attribute."""
    @overload
    def SetClipProperty(self, propertyName: str, propertyValue: Any, sharpness: float, noiseReduction: float) -> bool: ...
    def LinkProxyMedia(self, proxyMediaFilePath: str) -> bool:
        """Attach an existing proxy file to the clip."""
    def LinkFullResolutionMedia(self, fullResMediaPath: str) -> bool:
        """Attach the full-size file to a clip that was imported as a proxy."""
    def UnlinkProxyMedia(self) -> bool:
        """Detach the clip's proxy."""
    def ReplaceClip(self, filePath: str) -> bool:
        """Swap the file behind the clip."""
    def ReplaceClipPreserveSubClip(self, filePath: str) -> bool:
        """Swap the file behind the clip and keep its subclip range."""
    def GetUniqueId(self) -> str:
        """Give the clip's id in the pool."""
    def TranscribeAudio(self, useSpeakerDetection: bool = ..., transcribeAsNestedClip: bool = ...) -> bool:
        """Transcribe the clip."""
    def ClearTranscription(self, clearNestedClipTranscription: bool = ...) -> bool:
        """Drop the clip's transcript."""
    def PerformAudioClassification(self) -> bool:
        """Sort the clip's audio into a category."""
    def ClearAudioClassification(self) -> bool:
        """Drop the clip's audio category."""
    def GetAudioMapping(self) -> str:
        """Give the clip's channel mapping as a JSON string."""
    def GetMarkInOut(self) -> MarkInOut:
        """Give the clip's in and out marks; unset kinds are left out."""
    def SetMarkInOut(self, markIn: int, markOut: int, markType: MarkType = ...) -> bool:
        """Set the clip's in and out marks for picture, sound or both."""
    def ClearMarkInOut(self, markType: MarkType = ...) -> bool:
        """Remove the clip's in and out marks."""
    def MonitorGrowingFile(self) -> bool:
        """Keep re-reading a file that is still being written, until it stops growing."""
    def RemoveMotionBlur(self, deblurOption: DeblurOptions) -> MediaPoolItem | str:
        """Make a deblurred copy of the clip and hand it out."""
    def AnalyzeForIntellisearch(self, identifyFaces: bool, isBetterMode: bool) -> bool | str:
        """Index the clip for search, optionally by face."""
    def AnalyzeForSlate(self, markerColor: SlateMarkerColor | MarkerColor) -> bool:
        """Find the slate in the clip and mark it."""
    def GetFlags(self) -> dict[float, FlagColor]:
        """Flag colors of the clip as a numbered map."""
    def SetAudioMapping(self, audioMapping: str) -> bool:
        """Set which channels of the clip feed which tracks, from JSON text."""
    def GetTranscription(self, useNestedClipTranscription: bool = ...) -> Transcription | None:
        """Read the transcript of a clip, word by word."""

class Timeline:
    """One timeline."""
    def GetName(self) -> str:
        """Name the timeline."""
    def SetName(self, timelineName: str) -> bool:
        """Rename the timeline to an unused name."""
    def GetStartFrame(self) -> int:
        """Give the first frame number, the start timecode counted in frames (86400 for one hour at 24)."""
    def GetEndFrame(self) -> int:
        """Give the frame after the last one; the largest start plus duration over all items."""
    def SetStartTimecode(self, timecode: str) -> bool:
        """Change the start timecode, the clock every record position is read on."""
    def GetStartTimecode(self) -> str:
        """Give the start timecode."""
    def GetTrackCount(self, trackType: TrackType) -> int:
        """Count the tracks of one kind."""
    @overload
    def AddTrack(self, trackType: TrackType, subTrackType: AudioTrackFormat = ...) -> bool:
        """Add a track above the others; the index of the 21.0 text is gone from the 21.1 text."""
    @overload
    def AddTrack(self, trackType: TrackType, newTrackOptions: NewTrackOptions = ...) -> bool: ...
    def DeleteTrack(self, trackType: TrackType, trackIndex: int) -> bool:
        """Remove a track and what is on it."""
    def GetTrackSubType(self, trackType: TrackType, trackIndex: int) -> AudioTrackFormat:
        """Give the channel format of an audio track; empty for other kinds."""
    def SetTrackEnable(self, trackType: TrackType, trackIndex: int, enabled: bool) -> bool:
        """Switch a track on or off."""
    def GetIsTrackEnabled(self, trackType: TrackType, trackIndex: int) -> bool:
        """Tell whether a track is on."""
    def SetTrackLock(self, trackType: TrackType, trackIndex: int, locked: bool) -> bool:
        """Lock or unlock a track."""
    def GetIsTrackLocked(self, trackType: TrackType, trackIndex: int) -> bool:
        """Tell whether a track is locked."""
    def AddMarker(self, frameId: float, color: MarkerColor, name: str, note: str, duration: float, customData: str = ...) -> bool:
        """Put a marker on the timeline, counted from its first frame."""
    def GetMarkers(self) -> dict[float, MarkerInfo]:
        """Give the timeline's markers by frame."""
    def GetMarkerByCustomData(self, customData: str) -> MarkerInfo:
        """Find the first timeline marker carrying a given custom string."""
    def UpdateMarkerCustomData(self, frameId: float, customData: str) -> bool:
        """Replace the custom string of the timeline marker at a frame."""
    def GetMarkerCustomData(self, frameId: float) -> str:
        """Read the custom string of the timeline marker at a frame."""
    def DeleteMarkersByColor(self, color: ColorOrAll) -> bool:
        """Remove the timeline markers of one color, or all of them."""
    def DeleteMarkerAtFrame(self, frameNum: float) -> bool:
        """Remove the timeline marker at a frame."""
    def DeleteMarkerByCustomData(self, customData: str) -> bool:
        """Remove the first timeline marker carrying a given custom string."""
    def GetCurrentTimecode(self) -> str:
        """Give the playhead position as an absolute timecode."""
    def SetCurrentTimecode(self, timecode: str) -> bool:
        """Move the playhead to an absolute timecode."""
    def GetTrackName(self, trackType: TrackType, trackIndex: int) -> str:
        """Name a track."""
    def SetTrackName(self, trackType: TrackType, trackIndex: int, name: str) -> bool:
        """Rename a track."""
    @overload
    def DuplicateTimeline(self, timelineName: str) -> Timeline | None:
        """Copy the timeline, optionally under a given name."""
    @overload
    def DuplicateTimeline(self) -> Timeline | None: ...
    @overload
    def Export(self, fileName: str, exportType: TimelineExportType, exportSubtype: TimelineExportSubtype) -> bool:
        """Write the timeline to an interchange file."""
    @overload
    def Export(self, fileName: str, exportType: TimelineExportType) -> bool: ...
    def GetSetting(self, settingName: str = ...) -> str | float | dict[str, Any]:
        """Read one timeline setting, or all of them when no key is given."""
    def SetSetting(self, settingName: str, settingValue: str) -> bool:
        """Write one timeline setting."""
    def GetUniqueId(self) -> str:
        """Give the timeline's id; the only safe way to compare two handles."""
    def GetNodeGraph(self) -> Graph | None:
        """Hand out the timeline's own grade."""
    def GetMediaPoolItem(self) -> MediaPoolItem | None:
        """Hand out the pool clip that stands for this timeline."""
    def GetMarkInOut(self) -> MarkInOut:
        """Give the timeline's in and out marks; unset kinds are left out."""
    def SetMarkInOut(self, markIn: int, markOut: int, markType: MarkType = ...) -> bool:
        """Set the timeline's in and out marks for picture, sound or both."""
    def ClearMarkInOut(self, markType: MarkType = ...) -> bool:
        """Remove the timeline's in and out marks."""
    def GetSettings(self) -> TimelineSettings | ProjectSettings:
        """Read all timeline settings at once."""
    def SetSettings(self, settings: TimelineSettings) -> bool:
        """Set timeline settings from a dict."""
    def SetOutputBlanking(self, outputBlanking: OutputBlanking) -> bool:
        """Set the blanking of the timeline on four sides."""
    def GetOutputBlanking(self) -> OutputBlanking:
        """Read the blanking of the timeline."""
    def DeleteClips(self, timelineItems: list[TimelineItem], rippleDelete: bool = ...) -> bool:
        """Remove items, closing the gap when ripple is asked for."""
    def SetClipsLinked(self, timelineItems: list[TimelineItem], linked: bool) -> bool:
        """Link or unlink items."""
    def GetItemListInTrack(self, trackType: TrackType, index: int) -> list[TimelineItem]:
        """List the items of a track in order, transitions included."""
    def GetSelectedClips(self) -> list[TimelineItem]:
        """List the items selected in the timeline."""
    def GetCurrentVideoItem(self) -> TimelineItem | None:
        """Hand out the picture item under the playhead."""
    def GetCurrentClipThumbnailImage(self) -> ThumbnailData:
        """Give a small base64 RGB image of the clip under the playhead."""
    def CreateCompoundClip(self, timelineItems: list[TimelineItem], clipInfo: CompoundClipOptions = ...) -> TimelineItem | None:
        """Fold items into a compound clip."""
    def CreateFusionClip(self, timelineItems: list[TimelineItem]) -> TimelineItem | None:
        """Fold items into a Fusion clip."""
    def ImportIntoTimeline(self, filePath: str, importOptions: AAFImportOptions = ...) -> bool:
        """Bring the items of an AAF file into this timeline."""
    def InsertGeneratorIntoTimeline(self, generatorName: str) -> TimelineItem | None:
        """Insert a generator at the playhead."""
    def InsertFusionGeneratorIntoTimeline(self, generatorName: str) -> TimelineItem | None:
        """Insert a Fusion generator at the playhead."""
    def InsertFusionCompositionIntoTimeline(self) -> TimelineItem | None:
        """Insert an empty Fusion composition at the playhead."""
    def InsertOFXGeneratorIntoTimeline(self, generatorName: str) -> TimelineItem | None:
        """Insert an OpenFX generator at the playhead."""
    def InsertTitleIntoTimeline(self, titleName: str) -> TimelineItem | None:
        """Insert a plain title at the playhead."""
    def InsertFusionTitleIntoTimeline(self, titleName: str) -> TimelineItem | None:
        """Insert a Fusion title such as Text+ at the playhead."""
    def GrabStill(self) -> GalleryStill | None:
        """Store a still of the frame under the playhead in the current album."""
    def GrabAllStills(self, stillFrameSource: StillFrameSource) -> list[GalleryStill]:
        """Store one still per clip, from the first or the middle frame."""
    def CreateSubtitlesFromAudio(self, autoCaptionSettings: AutoCaptionSettings = ...) -> bool:
        """Transcribe the timeline into a subtitle track."""
    def DetectSceneCuts(self) -> bool:
        """Find the cuts in the picture and split the items there."""
    def ConvertTimelineToStereo(self) -> bool:
        """Turn the timeline into a stereoscopic one."""
    @overload
    def AnalyzeDolbyVision(self, timelineItems: list[TimelineItem], analysisType: DolbyVisionAnalysisType) -> bool:
        """Start Dolby Vision analysis of some or all items."""
    @overload
    def AnalyzeDolbyVision(self, timelineItems: list[TimelineItem] = ..., analysisType: DolbyVisionAnalysisType = ...) -> bool: ...
    def GetVoiceIsolationState(self, trackIndex: int) -> VoiceIsolationState:
        """Read the voice isolation switch and amount of an audio track."""
    def SetVoiceIsolationState(self, trackIndex: int, voiceIsolationState: VoiceIsolationState) -> bool:
        """Set the voice isolation switch and amount of an audio track."""
    def GetItemsInTrack(self, trackType: TrackType, index: int) -> dict[float, TimelineItem]:
        """Items of a track as a numbered map."""
    def NormalizeAudioLevel(self, timelineItems: list[TimelineItem], normalizeAudioOptions: NormalizeAudioOptions = ...) -> bool:
        """Bring items to a target level or loudness."""
    def AutoAlignClips(self, timelineItems: list[TimelineItem], autoAlignOptions: AutoAlignOptions = ...) -> bool:
        """Move items so that they line up by timecode or waveform."""
    def GetNormalizeAudioModes(self) -> list[str]:
        """List the names NormalizeAudioLevel takes as its mode."""

class TimelineItem:
    """One item on a track: a clip, title, generator, subtitle or transition."""
    def GetName(self) -> str:
        """Name the item; multicam items append the angle."""
    def SetName(self, name: str) -> bool:
        """Rename the item."""
    def GetDuration(self, subframePrecision: bool = ...) -> int | float:
        """Give the item's length in timeline frames."""
    def GetEnd(self, subframePrecision: bool = ...) -> int | float:
        """Give the item's end on the timeline."""
    def GetSourceEndFrame(self) -> int:
        """Give the end of the used source."""
    def GetSourceEndTime(self) -> float:
        """Give the end of the used source in seconds, on the media's own timecode clock."""
    def GetLeftOffset(self, subframePrecision: bool = ...) -> int | float:
        """Give how far into its source the item starts."""
    def GetRightOffset(self, subframePrecision: bool = ...) -> int | float:
        """Give how far the item could be extended at its end."""
    def GetStart(self, subframePrecision: bool = ...) -> int | float:
        """Give the item's first record frame, timeline start included."""
    def GetSourceStartFrame(self) -> int:
        """Give the first used source frame."""
    def GetSourceStartTime(self) -> float:
        """Give the start of the used source in seconds, on the media's own timecode clock."""
    @overload
    def SetProperty(self, propertyKey: str, propertyValue: Any) -> bool:
        """Set one inspector value, or several from a dict."""
    @overload
    def SetProperty(self, properties: dict[str, Any]) -> bool: ...
    def GetProperty(self, propertyKey: str = ...) -> Any | dict[str, Any]:
        """Read one inspector value, or all of them."""
    def GetMediaPoolItem(self) -> MediaPoolItem | None:
        """Hand out the pool clip behind the item."""
    def GetStereoConvergenceValues(self) -> dict[float, float]:
        """Give the stereo convergence keyframes."""
    def GetStereoLeftFloatingWindowParams(self) -> dict[Any, FloatingWindowParams]:
        """Give the left eye's floating-window keyframes."""
    def GetStereoRightFloatingWindowParams(self) -> dict[Any, FloatingWindowParams]:
        """Give the right eye's floating-window keyframes."""
    def SetClipEnabled(self, enabled: bool) -> bool:
        """Switch the item on or off."""
    def GetClipEnabled(self) -> bool:
        """Tell whether the item is on."""
    def GetUniqueId(self) -> str:
        """Give the item's id."""
    def Stabilize(self) -> bool:
        """Run stabilisation on the item."""
    def SmartReframe(self) -> bool:
        """Reframe the item to the timeline's shape."""
    def GetLinkedItems(self) -> list[TimelineItem]:
        """List the items linked to this one."""
    def GetTrackTypeAndIndex(self) -> tuple[TrackType, int]:
        """Give the kind and number of the item's track."""
    def GetSourceAudioChannelMapping(self) -> str:
        """Give the item's channel mapping as a JSON string."""
    def GetVoiceIsolationState(self) -> VoiceIsolationState:
        """Read the item's voice isolation switch and amount."""
    def SetVoiceIsolationState(self, state: VoiceIsolationState) -> bool:
        """Set the item's voice isolation switch and amount."""
    def GetType(self) -> TimelineItemType:
        """Tell a picture item, sound item, generator or transition apart."""
    def AddTransition(self, transitionOptions: TransitionOptions) -> TimelineItem | None:
        """Put a transition on one edge of the item."""
    def SetProperties(self, properties: TimelineItemProperties) -> bool:
        """Set inspector values from a dict."""
    def GetProperties(self) -> TimelineItemProperties:
        """Read all inspector values of an item."""
    def SetSpeed(self, speedOptions: SpeedOptions) -> bool:
        """Change the speed of an item."""
    def GetSpeed(self) -> SpeedOptions:
        """Read the speed options of an item."""
    def SetSourceAudioChannelMapping(self, audioMapping: str) -> bool:
        """Set which source channels the item plays, from JSON text."""
    def SetOutputBlanking(self, outputBlanking: OutputBlanking) -> bool:
        """Set the blanking of one item on four sides."""
    def GetOutputBlanking(self) -> OutputBlanking:
        """Read the blanking of one item."""
    def SetUseTimelineForOutputBlanking(self, useTimelineOutputBlanking: bool) -> bool:
        """Make an item follow the timeline's blanking, or not."""
    def GetUseTimelineForOutputBlanking(self) -> bool:
        """Tell whether an item follows the timeline's blanking."""
    def PerformMulticamSmartSwitch(self, smartSwitchSettings: SmartSwitchSettings) -> bool:
        """Let the application cut a multicam item between its angles."""
    def FlattenMulticam(self, gradeOption: FlattenMulticamGrade) -> bool:
        """Replace a multicam item by the clip of its angle."""
    def GetFades(self) -> FadeInfo:
        """Read the fade lengths of an item."""
    def SetFades(self, fades: FadeInfo) -> bool:
        """Set the fade lengths of an item."""
    def AddVersion(self, versionName: str, versionType: VersionType) -> bool:
        """Add a grade version, local or remote."""
    def GetCurrentVersion(self) -> VersionInfo:
        """Name the grade version in use and its kind."""
    def DeleteVersionByName(self, versionName: str, versionType: VersionType) -> bool:
        """Remove a grade version."""
    def LoadVersionByName(self, versionName: str, versionType: VersionType) -> bool:
        """Switch to a named grade version."""
    def RenameVersionByName(self, oldName: str, newName: str, versionType: VersionType) -> bool:
        """Rename a grade version."""
    def GetVersionNameList(self, versionType: VersionType) -> list[str]:
        """List the grade versions of one kind."""
    def SetCDL(self, CDL: CDL) -> bool:
        """Put an ASC CDL on one node."""
    def CopyGrades(self, tgtTimelineItems: list[TimelineItem]) -> bool:
        """Copy the grade of this item's layer over the same layer of other items."""
    def UpdateSidecar(self) -> bool:
        """Write the camera-raw sidecar next to a BRAW or R3D file."""
    def LoadBurnInPreset(self, presetName: str) -> bool:
        """Apply a data burn-in preset to the item."""
    def CreateMagicMask(self, mode: MagicMaskMode) -> bool:
        """Track a mask the operator has already clicked."""
    def RegenerateMagicMask(self) -> bool:
        """Track an existing mask again."""
    def GetNodeGraph(self, layerIdx: int = ...) -> Graph | None:
        """Hand out the item's grade, for one layer when given."""
    def GetColorGroup(self) -> ColorGroup | None:
        """Hand out the item's color group."""
    def AssignToColorGroup(self, colorGroup: ColorGroup) -> bool:
        """Put the item in a color group."""
    def RemoveFromColorGroup(self) -> bool:
        """Take the item out of its color group; False when it has none."""
    def ExportLUT(self, exportType: ExportLutType, path: str) -> bool:
        """Bake the item's grade into a LUT file of a given size."""
    def GetIsColorOutputCacheEnabled(self) -> bool | CacheMode:
        """Read the color output cache switch."""
    def GetIsFusionOutputCacheEnabled(self) -> str | CacheMode:
        """Read the Fusion output cache switch."""
    def SetColorOutputCache(self, enabled: bool | CacheMode) -> bool:
        """Switch the color output cache on or off."""
    def SetFusionOutputCache(self, cacheValue: str | CacheMode) -> bool:
        """Set the Fusion output cache to automatic, on or off."""
    def ResetAllNodeColors(self) -> bool:
        """Remove the color tags from every node of the version in use."""
    def GetVersionNames(self, versionType: VersionType) -> dict[float, str]:
        """Grade version names as a numbered map."""
    def GetNumNodes(self) -> int:
        """Count the nodes of the item's grade; superseded by the graph object in 19.0."""
    def SetLUT(self, nodeIndex: int, lutPath: str) -> bool:
        """Put a LUT on a node; superseded by the graph object in 19.0."""
    def GetLUT(self, nodeIndex: int) -> str:
        """Read a node's LUT; superseded by the graph object in 19.0."""
    def GetNodeLabel(self, nodeIndex: int) -> str:
        """Read a node's label; superseded by the graph object in 19.0."""
    def GetFusionCompCount(self) -> int:
        """Count the Fusion comps of the item."""
    def GetFusionCompByIndex(self, compIndex: int) -> FusionComp | None:
        """Hand out a Fusion comp by position, counted from 1."""
    def GetFusionCompNameList(self) -> list[str]:
        """List the names of the item's Fusion comps."""
    def GetFusionCompByName(self, compName: str) -> FusionComp | None:
        """Hand out a Fusion comp by name."""
    def AddFusionComp(self) -> FusionComp | None:
        """Add a Fusion comp with a MediaIn and a MediaOut to the item."""
    def ImportFusionComp(self, path: str) -> FusionComp | None:
        """Add a Fusion comp read from a .comp file."""
    def ExportFusionComp(self, path: str, compIndex: int) -> bool:
        """Write one Fusion comp of the item to a file."""
    def DeleteFusionCompByName(self, compName: str) -> bool:
        """Remove a named Fusion comp."""
    def LoadFusionCompByName(self, compName: str) -> FusionComp | None:
        """Make a named Fusion comp the active one."""
    def RenameFusionCompByName(self, oldName: str, newName: str) -> bool:
        """Rename a Fusion comp."""
    def GetFusionCompNames(self) -> dict[float, str]:
        """Fusion comp names as a numbered map."""
    def AddMarker(self, frameId: float, color: MarkerColor, name: str, note: str, duration: float, customData: str = ...) -> bool:
        """Put a marker on the item, counted from the clip's own start."""
    def GetMarkers(self) -> dict[float, MarkerInfo]:
        """Give the item's markers by frame."""
    def GetMarkerByCustomData(self, customData: str) -> MarkerInfo:
        """Find the first item marker carrying a given custom string."""
    def UpdateMarkerCustomData(self, frameId: float, customData: str) -> bool:
        """Replace the custom string of the item marker at a frame."""
    def GetMarkerCustomData(self, frameId: float) -> str:
        """Read the custom string of the item marker at a frame."""
    def DeleteMarkersByColor(self, color: ColorOrAll) -> bool:
        """Remove the item markers of one color, or all of them."""
    def DeleteMarkerAtFrame(self, frameNum: float) -> bool:
        """Remove the item marker at a frame."""
    def DeleteMarkerByCustomData(self, customData: str) -> bool:
        """Remove the first item marker carrying a given custom string."""
    def AddFlag(self, color: FlagColor) -> bool:
        """Add a colored flag to the item."""
    def GetFlagList(self) -> list[FlagColor]:
        """List the item's flag colors."""
    def ClearFlags(self, color: ColorOrAll) -> bool:
        """Remove the item's flags of one color, or all."""
    def GetClipColor(self) -> ClipColor:
        """Read the item's color; empty when none is set."""
    def SetClipColor(self, colorName: ClipColor) -> bool:
        """Color the item with one of the sixteen clip colors."""
    def ClearClipColor(self) -> bool:
        """Remove the item's color."""
    def AddTake(self, mediaPoolItem: MediaPoolItem, startFrame: int = ..., endFrame: int = ...) -> bool:
        """Add a take, turning the item into a take selector."""
    def GetSelectedTakeIndex(self) -> int:
        """Give the selected take, counted from 1, or 0."""
    def GetTakesCount(self) -> int:
        """Count the takes; 0 when the item is no take selector."""
    def GetTakeByIndex(self, idx: int) -> TakeInfo:
        """Describe one take by position, counted from 1."""
    def DeleteTakeByIndex(self, idx: int) -> bool:
        """Remove one take."""
    def SelectTakeByIndex(self, idx: int) -> bool:
        """Switch the item to one take."""
    def FinalizeTake(self) -> bool:
        """Keep the selected take and drop the others."""
    def GetFlags(self) -> dict[float, FlagColor]:
        """Flag colors of the item as a numbered map."""

class Gallery:
    """The still and PowerGrade albums of a project."""
    def GetAlbumName(self, galleryStillAlbum: GalleryStillAlbum) -> str:
        """Name an album."""
    def SetAlbumName(self, galleryStillAlbum: GalleryStillAlbum, albumName: str) -> bool:
        """Rename an album."""
    def GetCurrentStillAlbum(self) -> GalleryStillAlbum | None:
        """Hand out the selected album."""
    def SetCurrentStillAlbum(self, galleryStillAlbum: GalleryStillAlbum) -> bool:
        """Select an album; grabbed stills land there."""
    def GetGalleryStillAlbums(self) -> list[GalleryStillAlbum]:
        """List the still albums."""
    def GetGalleryPowerGradeAlbums(self) -> list[GalleryStillAlbum]:
        """List the PowerGrade albums."""
    def CreateGalleryStillAlbum(self) -> GalleryStillAlbum | None:
        """Create a still album."""
    def CreateGalleryPowerGradeAlbum(self) -> GalleryStillAlbum | None:
        """Create a PowerGrade album."""

class GalleryStillAlbum:
    """One album."""
    def GetStills(self) -> list[GalleryStill]:
        """List the stills of the album."""
    def GetLabel(self, galleryStill: GalleryStill) -> str:
        """Read a still's label."""
    def SetLabel(self, galleryStill: GalleryStill, label: str) -> bool:
        """Write a still's label."""
    def ImportStills(self, filePaths: list[str]) -> bool:
        """Read stills from files; True when at least one came in."""
    def ExportStills(self, galleryStill: list[GalleryStill], folderPath: str, filePrefix: str, format: GalleryStillFormat) -> bool:
        """Write stills to a folder, each with its .drx grade."""
    def DeleteStills(self, galleryStill: list[GalleryStill]) -> bool:
        """Remove stills from the album."""

class GalleryStill:
    """One still. Only ever passed around; it has no methods of its own."""
    ...

class Graph:
    """A tree of grade nodes belonging to an item, a timeline or a color group."""
    def GetNumNodes(self) -> int:
        """Count the nodes."""
    def SetLUT(self, nodeIndex: int, lutPath: str) -> bool:
        """Put a LUT on a node by a path below the master LUT folder."""
    def GetLUT(self, nodeIndex: int) -> str:
        """Read the relative LUT path of a node; empty when none."""
    def SetNodeCacheMode(self, nodeIndex: int, cacheValue: CacheMode) -> bool:
        """Set a node's cache to automatic, off or on."""
    def GetNodeCacheMode(self, nodeIndex: int) -> CacheMode:
        """Read a node's cache mode; a fresh node reads -1."""
    def GetNodeLabel(self, nodeIndex: int) -> str:
        """Read a node's label; empty when none."""
    def GetToolsInNode(self, nodeIndex: int) -> list[str] | None:
        """List the names of the tools used in a node."""
    def SetNodeEnabled(self, nodeIndex: int, isEnabled: bool) -> bool:
        """Switch a node on or off."""
    def ApplyGradeFromDRX(self, path: str, gradeMode: GradeMode) -> bool:
        """Replace the grade by the one in a .drx file."""
    def ApplyArriCdlLut(self) -> bool:
        """Apply the CDL and LUT carried by ARRI media."""
    def ResetAllGrades(self) -> bool:
        """Clear the whole grade."""

class ColorGroup:
    """A named set of items sharing grades before and after their own."""
    def GetName(self) -> str:
        """Name the group."""
    def SetName(self, groupName: str) -> bool:
        """Rename the group."""
    def GetClipsInTimeline(self, timeline: Timeline = ...) -> list[TimelineItem]:
        """List the group's items in a timeline, the current one by default."""
    def GetPreClipNodeGraph(self) -> Graph | None:
        """Hand out the grade applied before each clip's own."""
    def GetPostClipNodeGraph(self) -> Graph | None:
        """Hand out the grade applied after each clip's own."""

class Fusion:
    """The compositing application inside Resolve. Its API is Fusion's own and is not listed in the Resolve text."""
    def GetCurrentComp(self) -> FusionComp | None:
        """Hand out the comp open on the Fusion page; nothing when no comp is open."""
    def GetData(self, key: str) -> Any:
        """Read a value scripts have left on the application."""
    def SetData(self, key: str, value: Any) -> Any:
        """Leave a value on the application for another script."""
    def GetPrefs(self, name: str = ...) -> Any:
        """Read Fusion preferences."""
    def SetPrefs(self, nameOrTable: Any, value: Any = ...) -> Any:
        """Write Fusion preferences."""
    def LoadPrefs(self, fileName: str = ...) -> bool:
        """Load Fusion preferences from a file."""
    def SavePrefs(self, fileName: str = ...) -> bool:
        """Save Fusion preferences to a file."""
    def RunScript(self, path: str) -> Any:
        """Run a script file inside the application."""
    def Execute(self, code: str) -> Any:
        """Run code inside the application."""
    def GetRegList(self, typeMask: Any) -> dict[float, Any]:
        """List what is registered under a kind, tools for example."""

class FusionComp:
    """One composition: a graph of tools on an item or on the Fusion page."""
    def AddTool(self, regId: str, x: float = ..., y: float = ...) -> FusionTool | None:
        """Add a tool of a registered kind."""
    def FindTool(self, name: str) -> FusionTool | None:
        """Find a tool by name."""
    def GetToolList(self, selectedOnly: bool = ..., regId: str = ...) -> dict[float, FusionTool]:
        """Give the tools as a map counted from 1, optionally of one kind."""
    def Lock(self) -> None:
        """Hold back updates while the graph is changed."""
    def Unlock(self) -> None:
        """Release updates."""
    def StartUndo(self, name: str) -> None:
        """Open an undo step."""
    def EndUndo(self, keep: bool = ...) -> None:
        """Close an undo step."""
    def GetAttrs(self, name: str = ...) -> Any:
        """Read comp attributes such as its render range."""
    def SetAttrs(self, table: dict[str, Any]) -> Any:
        """Write comp attributes."""
    def Paste(self, settings: Any = ...) -> Any:
        """Paste tools from a settings table."""
    def Render(self, options: Any = ...) -> Any:
        """Render the comp's savers."""
    def BezierSpline(self) -> FusionTool:
        """Make an animation curve to assign to an input."""
    def FindToolByID(self, regId: str) -> FusionTool | None:
        """Find the first tool of a kind."""
    def Save(self, path: str) -> Any:
        """Write the text of the comp to a file."""

class FusionTool:
    """One node of a composition. Inputs are also attributes: assigning connects or sets, any name answers."""
    def SetInput(self, input: str, value: Any, time: float = ...) -> None:
        """Set an input, optionally at a time."""
    def GetInput(self, input: str, time: float = ...) -> Any:
        """Read an input, optionally at a time."""
    def ConnectInput(self, input: str, tool: FusionTool) -> bool:
        """Feed an input from another tool."""
    def FindMainInput(self, index: int) -> FusionInput | None:
        """Hand out a main input by position."""
    def GetInputList(self) -> dict[float, FusionInput]:
        """Give the inputs as a map counted from 1."""
    def GetOutputList(self) -> dict[float, Any]:
        """Give the outputs as a map counted from 1."""
    def GetAttrs(self, name: str = ...) -> Any:
        """Read tool attributes such as TOOLS_Name and TOOLS_RegID."""
    def SetAttrs(self, table: dict[str, Any]) -> Any:
        """Write tool attributes, for example to rename it."""
    def SaveSettings(self, path: str = ...) -> Any:
        """Save the tool's settings to a file, or give them as a table."""
    def LoadSettings(self, pathOrTable: Any) -> bool:
        """Load settings; only the file form is dependable from Python."""
    def AddModifier(self, input: str, regId: str) -> Any:
        """Put a modifier on an input."""
    def Delete(self) -> None:
        """Remove the tool."""
    def Refresh(self) -> Any:
        """Rebuild a tool after its own controls changed."""

class FusionInput:
    """One input of a tool."""
    def GetAttrs(self, name: str = ...) -> Any:
        """Read input attributes."""
    def GetConnectedOutput(self) -> Any:
        """Hand out the output feeding the input."""
    def GetExpression(self) -> str:
        """Read the expression on the input."""
    def SetExpression(self, expression: str) -> None:
        """Put an expression on the input."""
    def GetKeyFrames(self) -> dict[float, float]:
        """Give the keyframes: position counted from 1 to frame number."""
    def ConnectTo(self, source: Any) -> Any:
        """Connect the input to an output or a modifier."""

class FusionSpline:
    """An animation curve on an input. Keys are written by index: spline[frame] = value."""
    def DeleteKeyFrames(self, frame: float, lastFrame: float = ...) -> None:
        """Remove keyframes."""

class FusionFlowView:
    """The node view, reached as comp.CurrentFrame.FlowView."""
    def SetPos(self, tool: FusionTool, x: float, y: float) -> None:
        """Move a node."""
    def GetPosTable(self, tool: FusionTool) -> dict[float, float] | list[float]:
        """Read a node's position."""

def scriptapp(name: str, host: str = ...) -> Resolve | None: ...
