//! The parameter's name in what a guard says of an argument: guards see arguments by position, and who calls knows
//! them by name.

use resolve_api::catalogue::Method;
use resolve_api::kind::Kind;

use crate::error::CallError;

/// The error, with `args.filePath` for `args[0]`. By position it stays where forms of the method call the place by
/// different names, or where any number of arguments may follow.
pub(super) fn named(row: &Method, given: usize, error: CallError) -> CallError {
    match error {
        CallError::InvalidArgument { path, reason, hint, candidates } => {
            let path = by_name(row, given, &path).unwrap_or(path);
            CallError::InvalidArgument { path, reason, hint, candidates }
        }
        error => error,
    }
}

fn by_name(row: &Method, given: usize, path: &str) -> Option<String> {
    let (place, inside) = path.strip_prefix("args[")?.split_once(']')?;
    let place: usize = place.parse().ok()?;
    let fitting = row.forms().filter(|(params, variadic)| {
        let required = params.iter().filter(|param| param.required).count();
        given >= required && (variadic.is_some() || given <= params.len()) && {
            // What has fields is a dict.
            !inside.contains('.') || params.get(place).is_some_and(|param| is_dict(&param.kind))
        }
    });
    let mut names = fitting.map(|(params, _)| params.get(place).map(|param| param.name.as_str()));
    let name = names.next()??;
    names.all(|other| other == Some(name)).then(|| format!("args.{name}{inside}"))
}

fn is_dict(kind: &Kind) -> bool {
    match kind {
        Kind::Dict(_) | Kind::Map(..) => true,
        Kind::List(kind) | Kind::Optional(kind) => is_dict(kind),
        Kind::OneOf(kinds) => kinds.iter().any(is_dict),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use resolve_api::catalogue::catalogue;

    use super::*;

    /// A place has the name that the row gives it, and none where its forms do not agree.
    #[test]
    fn places_have_the_names_of_their_parameters() {
        for (label, given, path, expected) in [
            ("ProjectManager.ImportProject", 1, "args[0]", Some("args.filePath")),
            ("ProjectManager.ExportProject", 2, "args[1]", Some("args.filePath")),
            ("GalleryStillAlbum.ImportStills", 1, "args[0][1]", Some("args.filePaths[1]")),
            ("MediaPool.AppendToTimeline", 1, "args[0][0].trackIndex", Some("args.clipInfos[0].trackIndex")),
            ("MediaPool.AppendToTimeline", 1, "args[0][0]", None),
            ("ProjectManager.ImportProject", 1, "args[7]", None),
            ("ProjectManager.ImportProject", 1, "on", None),
        ] {
            let row = catalogue().method_by_label(label).unwrap();
            assert_eq!(expected.map(str::to_owned), by_name(row, given, path), "{label} {path}");
        }
    }
}
