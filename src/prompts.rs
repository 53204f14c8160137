//! Prompts: common jobs that a person picks from a menu, written as a task for the model.

use rmcp::ErrorData;
use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};
use serde_json::json;

/// A job.
struct Job {
    name: &'static str,
    title: &'static str,
    /// What it is for, in one sentence.
    doc: &'static str,
    args: &'static [Arg],
    /// The task, with `{name}` where an argument stands.
    task: &'static str,
}

/// What a person may say about a job.
struct Arg {
    name: &'static str,
    doc: &'static str,
    /// What stands for it when it is not given; without it, it must be.
    default: Option<&'static str>,
    /// Values that are offered.
    values: &'static [&'static str],
}

const fn must(name: &'static str, doc: &'static str) -> Arg {
    Arg { name, doc, default: None, values: &[] }
}

const fn may(name: &'static str, doc: &'static str, default: &'static str) -> Arg {
    Arg { name, doc, default: Some(default), values: &[] }
}

const TIMELINE: Arg = may("timeline", "name or id of the timeline; the current one", "the current timeline");

static JOBS: [Job; 6] = [
    Job {
        name: "assemble_from_folder",
        title: "Assemble from a folder",
        doc: "Imports what is in a folder and lays it on a new timeline in the order of its names or timecodes.",
        args: &[
            must("folder", "absolute path of the folder with the media"),
            may("name", "name of the timeline", "Assembly"),
            Arg {
                name: "order",
                doc: "what the clips are sorted by",
                default: Some("name"),
                values: &["name", "timecode"],
            },
        ],
        task: "Make an assembly from the media in {folder}.\n\
1. Read project_read. With no project open, ask me for a name and a frame rate before you create one.\n\
2. Import the folder with import_media and read what came in; tell me of each file that was refused and why.\n\
3. If most clips have another frame rate than the project, say so and ask before you go on.\n\
4. Create the timeline \"{name}\" and append every clip with picture, sorted by {order}, whole.\n\
5. Read the timeline back, look at it in a contact sheet, and tell me how long it is and what looks odd.",
    },
    Job {
        name: "rough_cut",
        title: "Rough cut from a list",
        doc: "Cuts a timeline from a list of clips with in and out points.",
        args: &[
            must("ranges", "one range a line: clip, in, out, such as \"A001.mov 00:00:10:00 00:00:14:12\""),
            may("name", "name of the new timeline", "Rough cut"),
        ],
        task: "Cut a new timeline \"{name}\" from this list, in this order:\n\n{ranges}\n\n\
1. Find each clip with media_pool_read; if a name fits none or several, show me what there is instead of guessing.\n\
2. Out points are exclusive. Check each range against the clip's length before you append anything.\n\
3. Append all ranges with one append_to_timeline, and compare what it answers with the list, frame by frame.\n\
4. Mark each cut whose range had to be changed with a red marker that says why.\n\
5. Show me a contact sheet with one frame of each shot.",
    },
    Job {
        name: "review_markers",
        title: "Go through the markers",
        doc: "Shows the frame at each marker and answers or does what the marker asks for.",
        args: &[TIMELINE, may("color", "only markers of this color", "any color")],
        task: "Go through the markers of {timeline} ({color}).\n\
1. Read them with timeline_read, in their order, and look at the frame under each, several on one sheet.\n\
2. Make a table: position, color, name, note, what the frame shows, what the note asks for.\n\
3. Say which of them you can do with your tools. Do nothing before I have picked some.\n\
4. After each change look at the frame again, and turn its marker green only if the change is to be seen.",
    },
    Job {
        name: "deliver_for_web",
        title: "Deliver for the web",
        doc: "Renders a timeline as H.264 for the web, after checking it.",
        args: &[
            must("directory", "absolute path of the folder for the file"),
            TIMELINE,
            Arg {
                name: "height",
                doc: "lines of the picture",
                default: Some("1080"),
                values: &["720", "1080", "2160"],
            },
        ],
        task: "Deliver {timeline} for the web into {directory}.\n\
1. Read the timeline: no offline clips, no gaps you cannot explain, no disabled tracks that should be seen. Tell me \
what you find and ask before you render with any of it.\n\
2. Queue one job: MP4, H.264, {height} lines at the timeline's shape and frame rate.\n\
3. Start that job alone and wait for it with jobs_read; tell me the percentage now and then.\n\
4. When it is complete, tell me the path, the size, and its length against the timeline's.",
    },
    Job {
        name: "social_reformat",
        title: "Reformat for social media",
        doc: "Makes a copy of a timeline in another shape and frames each shot anew.",
        args: &[
            TIMELINE,
            Arg {
                name: "shape",
                doc: "the shape of the picture",
                default: Some("9:16"),
                values: &["9:16", "4:5", "1:1"],
            },
        ],
        task: "Make a {shape} version of {timeline}.\n\
1. Duplicate the timeline and name the copy after the shape; the original stays as it is.\n\
2. Give the copy a size of that shape with the same number of lines across as the original has down.\n\
3. Look at each shot in a contact sheet. Set zoom and pan with set_item_properties so that what matters fills the \
frame: faces in the upper third, text whole.\n\
4. Look again after the change, shot by shot, and list those that do not work in this shape.",
    },
    Job {
        name: "check_before_delivery",
        title: "Check before delivery",
        doc: "Looks for what goes wrong in deliveries, and changes nothing.",
        args: &[TIMELINE],
        task: "Check {timeline} before it is delivered. Change nothing.\n\
1. Read the timeline: offline clips, gaps, items shorter than five frames, disabled or locked tracks, sound without \
picture and picture without sound, clips of another frame rate.\n\
2. Look at the first and the last frame, and at a contact sheet of sixteen frames in between: black, frozen, letterbox \
that changes.\n\
3. Read the render queue: jobs of another timeline, of another frame rate, into one file.\n\
4. Tell me what you found, the worst first, each with its position and what you would do about it.",
    },
];

/// All of them as they are listed.
pub fn all() -> Vec<Prompt> {
    let arg = |arg: &Arg| {
        let doc = match arg.default {
            Some(default) => format!("{}; when left out: {default}", arg.doc),
            None => arg.doc.to_owned(),
        };
        PromptArgument::new(arg.name).with_description(doc).with_required(arg.default.is_none())
    };
    JOBS.iter()
        .map(|job| {
            Prompt::new(job.name, Some(job.doc), Some(job.args.iter().map(arg).collect()))
                .with_title(job.title)
        })
        .collect()
}

/// The task of one job, with what the person said about it.
///
/// # Errors
/// An unknown name, an argument that is missing, or one that the job does not have.
pub fn get(name: &str, given: Option<&JsonObject>) -> Result<GetPromptResult, ErrorData> {
    let job = JOBS.iter().find(|job| job.name == name).ok_or_else(|| {
        let names: Vec<&str> = JOBS.iter().map(|job| job.name).collect();
        ErrorData::invalid_params(format!("unknown prompt '{name}'"), Some(json!({ "prompts": names })))
    })?;
    for key in given.iter().flat_map(|given| given.keys()) {
        if job.args.iter().all(|arg| arg.name != key) {
            return Err(ErrorData::invalid_params(
                format!("the prompt '{name}' has no argument '{key}'"),
                None,
            ));
        }
    }
    let mut task = job.task.to_owned();
    for arg in job.args {
        let said = given
            .and_then(|given| given.get(arg.name)?.as_str())
            .map(str::trim)
            .filter(|said| !said.is_empty());
        let said = said.or(arg.default).ok_or_else(|| {
            ErrorData::invalid_params(format!("the argument '{}' is missing: {}", arg.name, arg.doc), None)
        })?;
        task = task.replace(&format!("{{{}}}", arg.name), said);
    }
    Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, task)]).with_description(job.doc))
}

/// The values that are offered for an argument; `None` where only Resolve knows them.
pub fn values(name: &str, arg: &str) -> Option<Vec<String>> {
    let arg = JOBS.iter().find(|job| job.name == name)?.args.iter().find(|known| known.name == arg)?;
    match (arg.name, arg.values) {
        ("timeline", _) => None,
        ("color", _) => Some(resolve_api::catalogue::catalogue().enumeration("MarkerColor")?.words()),
        (_, values) => Some(values.iter().map(|value| (*value).to_owned()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    fn text(name: &str, given: Json) -> Result<String, ErrorData> {
        let prompt = get(name, given.as_object())?;
        Ok(prompt.messages[0].content.as_text().expect("a text").text.clone())
    }

    /// No placeholder is left in a task, and nothing that is said about it is lost.
    #[test]
    fn a_task_holds_what_was_said() {
        let task =
            text("deliver_for_web", json!({"directory": "/out", "height": "720"})).expect("all is there");
        assert!(
            task.contains("the current timeline for the web into /out") && task.contains("720 lines"),
            "{task}"
        );
        for job in &JOBS {
            let all = Json::Object(job.args.iter().map(|arg| (arg.name.to_owned(), "x".into())).collect());
            let task = text(job.name, all).expect(job.name);
            assert!(!task.contains(['{', '}']), "{}: {task}", job.name);
            assert!(task.len() < 1_500, "{}: {} bytes", job.name, task.len());
        }
    }

    /// A tool that a task names is one that there is.
    #[test]
    fn tasks_name_tools_that_there_are() {
        let tools = crate::tools::Tools::standard();
        for job in &JOBS {
            let words = job.task.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            for word in words.filter(|word| word.contains('_')) {
                assert!(tools.get(word).is_some(), "{}: {word}", job.name);
            }
        }
    }

    /// What is missing or not known is said; nothing is made up.
    #[test]
    fn a_missing_or_unknown_argument_is_refused() {
        assert!(text("rough_cut", json!({})).is_err());
        assert!(text("rough_cut", json!({"ranges": "a", "order": "b"})).is_err());
        assert!(text("make_coffee", json!({})).is_err());
        assert_eq!(
            Some(vec!["720".to_owned(), "1080".to_owned(), "2160".to_owned()]),
            values("deliver_for_web", "height")
        );
        assert!(values("review_markers", "color").is_some_and(|colors| colors.contains(&"Blue".to_owned())));
    }
}
