//! Every guard, the outermost first.

use resolve_api::catalogue::Method;

use super::{
    Guard, append, archive, delete, dialog, file, format, item, marker, media, page, place, project,
    read_back, render, setting, timeline,
};

/// Whether a row has this label.
macro_rules! only {
    ($($label:literal),+) => {
        |row: &Method| [$($label),+].contains(&row.label().as_str())
    };
}

/// The guards in the order of their layers: what refuses for good reasons of its own comes first, then what moves
/// the person and puts everything back, then what knows one method, and what reads back last.
pub const GUARDS: &[Guard] = &[
    Guard {
        name: "studio_only",
        doc: "Refuses on the free edition what needs Studio; the call would open a dialog that makes later calls fail.",
        concerns: dialog::needs_studio,
        around: dialog::studio_only,
    },
    Guard {
        name: "dialog",
        doc: "Asks after a refusal without a reason whether a dialog is open, and says so.",
        concerns: dialog::concerns,
        around: dialog::around,
    },
    Guard {
        name: "live_database",
        doc: "Refuses while Resolve has no project database: some calls never return then.",
        concerns: |row| project::OF_THE_DATABASE.contains(&row.label().as_str()),
        around: project::live_database,
    },
    Guard {
        name: "save_project",
        doc: "Refuses to save the project that has no name yet, which never returns.",
        concerns: only!("ProjectManager.SaveProject"),
        around: project::save,
    },
    Guard {
        name: "switch_project",
        doc: "Checks the name, saves the open project before another is opened, and explains a refusal.",
        concerns: project::is_switch,
        around: project::switch,
    },
    Guard {
        name: "delete_project",
        doc: "Refuses for the open project, tries once more what was refused without cause, and looks at the list.",
        concerns: only!("ProjectManager.DeleteProject"),
        around: project::delete,
    },
    Guard {
        name: "archive_project",
        doc: "Refuses to archive the open project where that crashes Resolve.",
        concerns: only!("ProjectManager.ArchiveProject"),
        around: archive::archive,
    },
    Guard {
        name: "restore_project",
        doc: "Refuses an exported project, which another method takes.",
        concerns: only!("ProjectManager.RestoreProject"),
        around: archive::restore,
    },
    Guard {
        name: "quit",
        doc: "Saves the open project before Resolve ends.",
        concerns: only!("Resolve.Quit"),
        around: project::quit,
    },
    Guard {
        name: "backslashes",
        doc: "Turns slashes in paths on Windows, where Resolve finds nothing under the others.",
        concerns: media::takes_paths,
        around: media::backslashes,
    },
    Guard {
        name: "clone_targets",
        doc: "Refuses to clone into a folder that is not there.",
        concerns: only!("MediaStorage.StartCloneMedia"),
        around: media::clone_targets,
    },
    Guard {
        name: "start_rendering",
        doc: "Starts jobs by ids that are in the queue, and never all of them.",
        concerns: only!("Project.StartRendering"),
        around: render::start,
    },
    Guard {
        name: "restore_page",
        doc: "Goes back to the page that was open before a call of the render queue.",
        concerns: page::moves_to_deliver,
        around: page::restore,
    },
    Guard {
        name: "current_timeline",
        doc: "Opens the timeline of a call that works on the open one only, and goes back; refuses such a read.",
        concerns: |row| place::OF_THE_OPEN_TIMELINE.contains(&row.label().as_str()),
        around: place::open_timeline,
    },
    Guard {
        name: "page",
        doc: "Opens the page that the call needs, waits for it, and goes back.",
        concerns: page::concerns,
        around: page::around,
    },
    Guard {
        name: "keep_playhead",
        doc: "Puts the playhead back after an append.",
        concerns: only!("MediaPool.AppendToTimeline"),
        around: place::playhead,
    },
    Guard {
        name: "keep_marks",
        doc: "Sets the in and out marks of the timeline again where a call lost them.",
        concerns: only!("Timeline.AddTrack", "MediaPool.ImportMedia", "MediaPool.AppendToTimeline"),
        around: marker::keep,
    },
    Guard {
        name: "append_to_timeline",
        doc: "Checks tracks and positions before an append, and looks for the items on their tracks after it.",
        concerns: only!("MediaPool.AppendToTimeline"),
        around: append::around,
    },
    Guard {
        name: "import_media",
        doc: "Says which folder the clips went to, and when fewer came of it than were asked for.",
        concerns: media::imports,
        around: media::import,
    },
    Guard {
        name: "multicam_bin",
        doc: "Leaves the sources of a multicam in their folder unless asked otherwise.",
        concerns: only!("MediaPool.CreateMulticamClip"),
        around: media::multicam_bin,
    },
    Guard {
        name: "super_scale",
        doc: "Sends Super Scale as the number that Resolve takes.",
        concerns: only!("MediaPoolItem.SetClipProperty"),
        around: media::super_scale,
    },
    Guard {
        name: "delete_timelines",
        doc: "Refuses a list that holds the open timeline, of which Resolve would delete none.",
        concerns: only!("MediaPool.DeleteTimelines"),
        around: delete::timelines,
    },
    Guard {
        name: "delete_clips",
        doc: "Tries once more what was refused without cause, and looks whether the items are gone.",
        concerns: only!("Timeline.DeleteClips"),
        around: delete::clips,
    },
    Guard {
        name: "add_marker",
        doc: "Refuses an absolute frame with the relative one, and explains a frame that is taken.",
        concerns: marker::adds_marker,
        around: marker::add,
    },
    Guard {
        name: "mark_in_out",
        doc: "Refuses equal marks where they never render, and clears older marks that are in the way.",
        concerns: only!("Timeline.SetMarkInOut"),
        around: marker::in_out,
    },
    Guard {
        name: "timeline_name",
        doc: "Refuses a name that Resolve drops without a word.",
        concerns: only!("Timeline.SetName"),
        around: timeline::name,
    },
    Guard {
        name: "timecode_below_start",
        doc: "Explains a timecode that lies before the timeline.",
        concerns: only!("Timeline.SetCurrentTimecode"),
        around: timeline::timecode,
    },
    Guard {
        name: "custom_settings",
        doc: "Gives a timeline settings of its own before others are set, and refuses others without.",
        concerns: |row| setting::sets(row, "Timeline"),
        around: setting::of_timeline,
    },
    Guard {
        name: "project_setting",
        doc: "Says why a frame rate is refused.",
        concerns: |row| setting::sets(row, "Project"),
        around: setting::of_project,
    },
    Guard {
        name: "add_take",
        doc: "Counts the takes where Resolve answers False for one that it has added.",
        concerns: only!("TimelineItem.AddTake"),
        around: item::add_take,
    },
    Guard {
        name: "cdl_node",
        doc: "Refuses a CDL for a node that is not there.",
        concerns: only!("TimelineItem.SetCDL"),
        around: item::cdl_node,
    },
    Guard {
        name: "version_in_use",
        doc: "Explains why the grade version in use is not deleted.",
        concerns: only!("TimelineItem.DeleteVersionByName"),
        around: item::version_in_use,
    },
    Guard {
        name: "properties_during_render",
        doc: "Refuses the empty answer that Resolve gives for every item while a render runs.",
        concerns: item::reads_properties,
        around: item::during_render,
    },
    Guard {
        name: "render_settings",
        doc: "Refuses values that Resolve misreads, and finds the key that was refused.",
        concerns: only!("Project.SetRenderSettings"),
        around: render::settings,
    },
    Guard {
        name: "render_format",
        doc: "Turns names of formats and codecs into ids, and refuses what is in no list.",
        concerns: only!("Project.SetCurrentRenderFormatAndCodec"),
        around: format::around,
    },
    Guard {
        name: "quick_export",
        doc: "Turns the error within the answer of a quick export into one.",
        concerns: only!("Project.RenderWithQuickExport"),
        around: render::quick_export,
    },
    Guard {
        name: "frame_still",
        doc: "Refuses to write a grade where a picture is written.",
        concerns: only!("Project.ExportCurrentFrameAsStill"),
        around: file::frame,
    },
    Guard {
        name: "export_stills",
        doc: "Looks which files an export of stills made, and says what it needs where it made none.",
        concerns: only!("GalleryStillAlbum.ExportStills"),
        around: file::stills,
    },
    Guard {
        name: "written_file",
        doc: "Looks for the file after a call that writes one.",
        concerns: file::writes,
        around: file::written,
    },
    Guard {
        name: read_back::NAME,
        doc: "Reads a write back and compares.",
        concerns: read_back::concerns,
        around: read_back::around,
    },
];
