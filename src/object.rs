//! The text by which an agent names the object of a call, as a locator.

use resolve_api::locate::is_unique_id;
use resolve_api::{Key, Locator};

use crate::error::{Code, ToolError};

/// The object of `class` that `on` names.
///
/// Without `on` it is the only one of its class, or the current one. With it: a unique id, a token of an earlier
/// answer (`held-…`), `#2` for the second, `/Master/Day 1` for a folder, else a name. The node graph is named by its
/// owner: the id of an item, `timeline`, or the name of a color group.
///
/// # Errors
/// `invalid_argument` when the class cannot be named that way, or has no current object.
pub fn locate(class: &str, on: Option<&str>) -> Result<Locator, ToolError> {
    let on = on.map(str::trim).filter(|on| !on.is_empty());
    if let Some(token) = on.filter(|on| on.starts_with("held-")) {
        return Ok(Locator::Held { class: class.to_owned(), token: token.to_owned() });
    }
    match (class, on) {
        ("Graph", on) => Ok(Locator::Graph { of: Box::new(owner_of_graph(on)?), layer: None }),
        (class, None) => Locator::implied(class).ok_or_else(|| needed(class)),
        // Agents name the object that there is anyway; that does no harm.
        (class, Some(on)) if on.eq_ignore_ascii_case(class) || on == "current" => {
            Locator::implied(class).ok_or_else(|| needed(class))
        }
        (class, Some(on)) => Locator::with_key(class, key(on)?).ok_or_else(|| cannot_be_named(class, on)),
    }
}

fn owner_of_graph(on: Option<&str>) -> Result<Locator, ToolError> {
    Ok(match on {
        None => Locator::TimelineItem(Key::Current),
        Some("timeline" | "Timeline") => Locator::Timeline(Key::Current),
        Some(on) => match key(on)? {
            Key::Name(name) => Locator::ColorGroup(Key::Name(name)),
            key => Locator::TimelineItem(key),
        },
    })
}

fn key(on: &str) -> Result<Key, ToolError> {
    if let Some(number) = on.strip_prefix('#') {
        return match number.parse() {
            Ok(index) if index > 0 => Ok(Key::Index(index)),
            _ => Err(unusable(on, "after # comes a number from 1", "write #1 for the first".to_owned())),
        };
    }
    Ok(if on.starts_with("/Master") {
        Key::Path(on.to_owned())
    } else if is_unique_id(on) {
        Key::Id(on.to_owned())
    } else {
        Key::Name(on.to_owned())
    })
}

fn unusable(on: &str, why: impl std::fmt::Display, hint: String) -> ToolError {
    ToolError::new(Code::InvalidArgument, format!("on: '{on}' names no object: {why}"))
        .at("on")
        .with_hint(hint)
}

fn cannot_be_named(class: &str, on: &str) -> ToolError {
    match Locator::implied(class) {
        Some(_) if !matches!(class, "Folder" | "Timeline" | "TimelineItem" | "GalleryStillAlbum") => {
            unusable(on, format!("there is one {class}, and it has no name"), "leave on out".to_owned())
        }
        Some(_) => {
            unusable(on, format!("a {class} cannot be picked that way"), "use its unique id".to_owned())
        }
        None => unusable(on, format!("a {class} has no unique id"), way_to_name(class)),
    }
}

fn needed(class: &str) -> ToolError {
    ToolError::new(Code::InvalidArgument, format!("on: missing; there is more than one {class}"))
        .at("on")
        .with_hint(way_to_name(class))
}

/// How an object of a class without a current one is named.
fn way_to_name(class: &str) -> String {
    match class {
        "MediaPoolItem" => "give the id or the name of a media pool item, from media_pool_read".to_owned(),
        "ColorGroup" => "give the name of a color group, from Project.GetColorGroupsList".to_owned(),
        _ => format!("give the id (held-…) under which an earlier answer gave the {class}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "3dd2c1a5-9f0e-4c41-8a35-1f2e5d7c9b10";

    fn located(class: &str, on: Option<&str>) -> Locator {
        locate(class, on).expect("it names an object")
    }

    /// What agents leave out is what they mean: the one there is, or the current one.
    #[test]
    fn without_on_it_is_the_only_or_the_current_one() {
        assert_eq!(Locator::MediaPool, located("MediaPool", None));
        assert_eq!(Locator::Timeline(Key::Current), located("Timeline", None));
        assert_eq!(Locator::Timeline(Key::Current), located("Timeline", Some(" ")));
        assert_eq!(
            Locator::Graph { of: Box::new(Locator::TimelineItem(Key::Current)), layer: None },
            located("Graph", None)
        );
        for class in ["MediaPoolItem", "ColorGroup", "GalleryStill"] {
            assert_eq!(Some("on".to_owned()), locate(class, None).expect_err("there are many").path);
        }
    }

    /// Ids, names, paths and places are told apart by their form alone, so that no look-up is needed for it.
    #[test]
    fn on_is_an_id_a_name_a_path_or_a_place() {
        assert_eq!(Locator::Timeline(Key::Id(ID.into())), located("Timeline", Some(ID)));
        assert_eq!(Locator::Timeline(Key::Name("Cut 1".into())), located("Timeline", Some("Cut 1")));
        assert_eq!(Locator::Timeline(Key::Index(2)), located("Timeline", Some("#2")));
        assert_eq!(
            Locator::Folder(Key::Path("/Master/Day 1".into())),
            located("Folder", Some("/Master/Day 1"))
        );
        assert_eq!(
            Locator::Held { class: "GalleryStill".into(), token: "held-3-7".into() },
            located("GalleryStill", Some("held-3-7"))
        );
        assert!(locate("Timeline", Some("#0")).is_err());
        assert!(locate("GalleryStill", Some("Still 1")).is_err());
        assert!(locate("MediaPool", Some("Master")).is_err());
    }

    /// A graph is named by what it belongs to.
    #[test]
    fn a_graph_is_named_by_its_owner() {
        let of = |on| match located("Graph", Some(on)) {
            Locator::Graph { of, layer: None } => *of,
            other => panic!("not a graph: {other}"),
        };

        assert_eq!(Locator::TimelineItem(Key::Id(ID.into())), of(ID));
        assert_eq!(Locator::Timeline(Key::Current), of("timeline"));
        assert_eq!(Locator::ColorGroup(Key::Name("Night".into())), of("Night"));
    }
}
