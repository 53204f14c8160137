//! What is suggested for a name that does not exist.

use resolve_api::catalogue::catalogue;
use resolve_api::nearest::nearest_names;

fn first(class: Option<&str>, name: &str) -> String {
    let nearest = catalogue().nearest_method(class, name);
    nearest.first().map(|method| method.label()).unwrap_or_default()
}

/// The names that agents invent lead to the method that exists.
#[test]
fn invented_methods_lead_to_real_ones() {
    for (class, name, expected) in [
        ("Timeline", "AppendToTimeline", "MediaPool.AppendToTimeline"),
        ("Folder", "AddSubFolder", "MediaPool.AddSubFolder"),
        ("TimelineItem", "GetMetadata", "MediaPoolItem.GetMetadata"),
        ("TimelineItem", "GetClipProperty", "MediaPoolItem.GetClipProperty"),
        ("Project", "CreateEmptyTimeline", "MediaPool.CreateEmptyTimeline"),
        ("Timeline", "AutoSyncAudio", "MediaPool.AutoSyncAudio"),
        ("Timeline", "AddMarkers", "Timeline.AddMarker"),
        ("Timeline", "addMarker", "Timeline.AddMarker"),
        ("timeline", "add_marker", "Timeline.AddMarker"),
        ("TimelineItem", "GetClipColour", "TimelineItem.GetClipColor"),
        ("MediaPool", "ImportMedias", "MediaPool.ImportMedia"),
        ("Project", "StartRender", "Project.StartRendering"),
        ("Nonsense", "OpenPage", "Resolve.OpenPage"),
    ] {
        assert_eq!(first(Some(class), name), expected, "{class}.{name}");
    }
    assert_eq!(first(None, "media_pool_import_media"), "MediaPool.ImportMedia");
    assert_eq!(first(None, "ImportMedia"), "MediaPool.ImportMedia", "the very name before a like one");
}

/// Nothing is suggested where nothing is near: a wild guess sends an agent further astray.
#[test]
fn nothing_near_is_nothing() {
    assert_eq!(first(Some("Timeline"), "Xylophone"), "");
    assert_eq!(nearest_names("zebra", ["name", "color"], 3), Vec::<String>::new());
    assert!(catalogue().nearest_method(Some("Timeline"), "Get").len() <= 5);
}
