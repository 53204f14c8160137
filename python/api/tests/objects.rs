//! How an argument names an object of Resolve.

use resolve_api::locate::locate;
use resolve_api::{Key, Locator};
use serde_json::{Value as Json, json};

fn located(class: &str, given: Json) -> Locator {
    locate(class, &given, "on").unwrap_or_else(|error| panic!("{given}: {error}"))
}

fn refused(class: &str, given: Json) -> String {
    locate(class, &given, "on").expect_err(&given.to_string()).to_string()
}

const ID: &str = "3dd2c1a5-9f0e-4c41-8a35-1f2e5d7c9b10";

/// Ids, names, paths and places are told apart by their form alone, so that no look-up is needed for it.
#[test]
fn text_names_an_object() {
    assert_eq!(located("Timeline", json!(ID)), Locator::Timeline(Key::Id(ID.into())));
    assert_eq!(located("Timeline", json!("Cut 1")), Locator::Timeline(Key::Name("Cut 1".into())));
    assert_eq!(located("MediaPoolItem", json!("a.mov")), Locator::MediaPoolItem(Key::Name("a.mov".into())));
    assert_eq!(located("TimelineItem", json!("a.mov")), Locator::TimelineItem(Key::Id("a.mov".into())));
    assert_eq!(located("Timeline", json!("#2")), Locator::Timeline(Key::Index(2)));
    assert!(refused("Timeline", json!("#0")).contains("from 1"));
    assert_eq!(located("Timeline", json!("current")), Locator::Timeline(Key::Current));
    assert_eq!(located("Folder", json!("/Master/Day 1")), Locator::Folder(Key::Path("/Master/Day 1".into())));
    assert_eq!(located("ColorGroup", json!("Night")), Locator::ColorGroup(Key::Name("Night".into())));
    assert_eq!(located("MediaPool", json!("current")), Locator::MediaPool);
    let held = Locator::Held { class: "GalleryStill".into(), token: "held-1-2".into() };
    assert_eq!(located("GalleryStill", json!("held-1-2")), held);
}

/// An object picks by one key; an id wins, because a reply carries the name beside it.
#[test]
fn an_object_picks_by_key() {
    assert_eq!(
        located("MediaPoolItem", json!({"name": "a.mov"})),
        Locator::MediaPoolItem(Key::Name("a.mov".into()))
    );
    assert_eq!(located("Timeline", json!({"index": 2})), Locator::Timeline(Key::Index(2)));
    assert_eq!(located("Folder", json!({"path": "/Master"})), Locator::Folder(Key::Path("/Master".into())));
    let reply = json!({"class": "Timeline", "id": "a-b", "name": "Cut"});
    assert_eq!(located("Timeline", reply), Locator::Timeline(Key::Id("a-b".into())));
    let wire = json!({"$object": {"timeline": {"id": "a-b"}}});
    assert_eq!(located("Timeline", wire), Locator::Timeline(Key::Id("a-b".into())));
}

/// A node graph is named by its owner, which is a timeline item unless said otherwise.
#[test]
fn a_graph_is_named_by_its_owner() {
    let of = Box::new(Locator::TimelineItem(Key::Id("i".into())));
    assert_eq!(located("Graph", json!({"of": "i", "layer": 2})), Locator::Graph { of, layer: Some(2) });
    let of = Box::new(Locator::ColorGroup(Key::Name("Night".into())));
    let given = json!({"of": {"class": "ColorGroup", "name": "Night"}});
    assert_eq!(located("Graph", given), Locator::Graph { of, layer: None });
    assert_eq!(
        refused("Graph", json!({"of": {"class": "Folder", "name": "x"}})),
        "on.of.class: must be one of TimelineItem, Timeline, ColorGroup; got \"Folder\""
    );
}

/// What names no object, or two, is refused at its path with how to write it.
#[test]
fn what_names_no_object_is_refused() {
    assert_eq!(
        refused("Timeline", json!({"nam": "x"})),
        "on.nam: there is no 'nam' here; an object is told by id, token, name, index, path, current"
    );
    assert_eq!(
        refused("Timeline", json!({"index": 0})),
        "on.index: must be a whole number from 1; got the number 0"
    );
    assert_eq!(
        refused("Timeline", json!({"name": "x", "index": 1})),
        "on: must have one of id, name, index, path; got several"
    );
    assert_eq!(
        refused("GalleryStill", json!("first")),
        "on: must be a GalleryStill: the held-… token that a reply carried; got \"first\""
    );
    assert!(refused("MediaPoolItem", json!("current")).contains("there is no current one"));
    assert!(refused("Timeline", json!({"$object": {"folder": "current"}})).contains("got a Folder"));
    for given in [json!(null), json!(7), json!({}), json!(""), json!([])] {
        refused("Timeline", given);
    }
}
