//! Objects are named, never handed over: by id, name, path or place, and each of them may be gone.

use crate::harness::{Environment, Host};
use resolve_api::change::{Cause, Look, Place};
use resolve_api::wire::{Op, Outcome};
use resolve_api::{Fault, Key, Locator, Value};

fn id(text: &str) -> Key {
    Key::Id(text.to_owned())
}

fn name(text: &str) -> Key {
    Key::Name(text.to_owned())
}

fn host() -> Host {
    Environment::with_fake("world.open.groups += ['Warm', 'Cold', 'Twin', 'Twin']\n").start()
}

/// Each way to name an object leads to the one that is meant.
#[test]
fn objects_are_found_by_each_of_their_keys() {
    let mut host = host();
    for (locator, expected) in [
        (Locator::Timeline(Key::Current), "Cut 1"),
        (Locator::Timeline(Key::Index(2)), "Cut 2"),
        (Locator::Timeline(name("Cut 2")), "Cut 2"),
        (Locator::Timeline(id("project-1-timeline-2")), "Cut 2"),
        (Locator::TimelineItem(Key::Current), "Shot 1"),
        (Locator::TimelineItem(name("Shot 3")), "Shot 3"),
        (Locator::TimelineItem(id("project-1-timeline-1-item-2")), "Shot 2"),
        (Locator::TimelineItem(id("project-1-timeline-2-item-3")), "Shot 3"),
        (Locator::Folder(Key::Current), "Master"),
        (Locator::Folder(Key::Path("/Master".into())), "Master"),
        (Locator::Folder(Key::Path("/Master/Day 1".into())), "Day 1"),
        (Locator::Folder(Key::Path("/Master/A/B/Below/".into())), "Below"),
        (Locator::Folder(name("A/B")), "A/B"),
        (Locator::Folder(id("project-1-below")), "Below"),
        (Locator::MediaPoolItem(name("bird.mov")), "bird.mov"),
        (Locator::MediaPoolItem(id("project-1-clip-3")), "twin.mov"),
        (Locator::ColorGroup(name("Cold")), "Cold"),
        (Locator::ColorGroup(Key::Index(1)), "Warm"),
    ] {
        assert_eq!(Value::from(expected), host.call(locator.clone(), "GetName", []), "{locator}");
    }
}

/// A graph is named by its owner and layer; a color group has one before its clips and one after them.
#[test]
fn graphs_are_found_by_their_owner() {
    let mut host = host();
    let item = Locator::TimelineItem(Key::Current);
    let group = Locator::ColorGroup(name("Warm"));
    for (of, layer, expected) in [
        (&item, Some(2), "project-1-timeline-1-item-1 layer 2"),
        (&item, None, "project-1-timeline-1-item-1 layer 1"),
        (&Locator::Timeline(Key::Current), None, "project-1-timeline-1 layer 0"),
        (&group, None, "Warm before layer 0"),
        (&group, Some(2), "Warm after layer 0"),
    ] {
        let graph = Locator::Graph { of: Box::new(of.clone()), layer };
        assert_eq!(Value::from(expected), host.call(graph.clone(), "GetNodeLabel", [1.into()]), "{graph}");
    }
    let odd = Locator::Graph { of: Box::new(group), layer: Some(3) };
    assert!(matches!(host.fault(odd, "GetNodeLabel", [1.into()]), Fault::BadArgument { .. }));
}

/// What does not exist is told with what does, the nearest first.
#[test]
fn what_is_not_found_is_told_with_the_nearest() {
    let mut host = host();
    for (locator, nearest) in [
        (Locator::Timeline(name("cut2")), "Cut 2"),
        (Locator::Folder(Key::Path("/Master/Day1".into())), "/Master/Day 1"),
        (Locator::MediaPoolItem(name("birds.mov")), "bird.mov"),
        (Locator::TimelineItem(name("Shot 33")), "Shot 3"),
        (Locator::TimelineItem(id("project-1-timeline-1-item-22")), "project-1-timeline-1-item-2"),
        (Locator::ColorGroup(name("Could")), "Cold"),
        (Locator::Timeline(Key::Index(9)), "Cut 1"),
    ] {
        match host.fault(locator.clone(), "GetName", []) {
            Fault::NotFound { what, candidates } => {
                assert_eq!((&locator, Some(nearest)), (&what, candidates.first().map(String::as_str)));
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Without an open project, what is missing is the project, and those that could be opened are named.
#[test]
fn a_missing_project_is_what_is_told() {
    let mut host = Environment::with_fake("world.open = None\n").start();

    let fault = host.fault(Locator::MediaPool, "GetUniqueId", []);

    assert_eq!(Fault::NotFound { what: Locator::Project, candidates: vec!["First".into()] }, fault);
}

/// A name of several is not guessed at: their ids are given.
#[test]
fn a_name_of_several_is_ambiguous() {
    let mut host = host();

    let fault = host.fault(Locator::MediaPoolItem(name("twin.mov")), "GetName", []);

    let candidates = vec!["project-1-clip-2".into(), "project-1-clip-3".into()];
    assert_eq!(Fault::Ambiguous { what: Locator::MediaPoolItem(name("twin.mov")), candidates }, fault);
    let twins = host.fault(Locator::ColorGroup(name("Twin")), "GetName", []);
    let candidates = vec!["number 3".into(), "number 4".into()];
    assert_eq!(Fault::Ambiguous { what: Locator::ColorGroup(name("Twin")), candidates }, twins);
}

/// A key that a class cannot be found by is refused, with those that it can.
#[test]
fn a_key_that_does_not_fit_is_refused() {
    let mut host = host();

    let fault = host.fault(Locator::TimelineItem(Key::Index(1)), "GetName", []);

    let reason = "a TimelineItem is found by its unique id or name".to_owned();
    assert_eq!(Fault::BadArgument { path: "on".into(), reason }, fault);
}

/// An object in an answer is named so that it can be asked again, and that costs the probe and the call.
#[test]
fn an_object_of_an_answer_is_found_again_without_a_walk() {
    let mut host = host();

    let items = host.call(Locator::Timeline(Key::Current), "GetItemListInTrack", ["video".into(), 1.into()]);

    let second = items.as_list().unwrap()[1].as_object().unwrap().clone();
    assert_eq!(Locator::TimelineItem(id("project-1-timeline-1-item-2")), second);
    let reply = host.reply(second, "GetName", []);
    assert_eq!(Outcome::Value("Shot 2".into()), reply.outcome);
    assert_eq!(2, reply.api_calls);
}

/// An object is an argument like any other.
#[test]
fn an_object_can_be_an_argument() {
    let environment = Environment::with_fake("resolve_methods['Name'] = lambda clips: clips[0].GetName()\n");
    let mut host = environment.start();
    let clip = |key| Value::List(vec![Value::object(Locator::MediaPoolItem(key))]);

    assert_eq!(Value::from("bird.mov"), host.call(Locator::Resolve, "Name", [clip(name("bird.mov"))]));
    assert!(matches!(
        host.fault(Locator::Resolve, "Name", [clip(Key::Current)]),
        Fault::BadArgument { path, .. } if path == "args[0][0]"
    ));
}

/// A graph that a call handed out is named by its owner's id, so that the name survives a change of the
/// current timeline.
#[test]
fn a_graph_of_an_answer_is_named_by_its_owner() {
    let mut host = host();

    let graph = host.call(Locator::TimelineItem(Key::Current), "GetNodeGraph", [2.into()]);

    let of = Box::new(Locator::TimelineItem(id("project-1-timeline-1-item-1")));
    assert_eq!(Value::object(Locator::Graph { of, layer: Some(2) }), graph);
}

/// Singletons in an answer are named as what they are.
#[test]
fn a_singleton_of_an_answer_is_named_plainly() {
    let mut host = host();

    assert_eq!(Value::object(Locator::Project), host.call(Locator::ProjectManager, "GetCurrentProject", []));
    assert_eq!(Value::object(Locator::MediaPool), host.call(Locator::Project, "GetMediaPool", []));
}

/// After another project was opened through us, ids of the earlier one are stale, not unknown, and the
/// generation has risen; an id that never was is not found.
#[test]
fn ids_are_stale_after_another_project_was_opened() {
    let mut host = host();
    let item = Locator::TimelineItem(id("project-1-timeline-1-item-2"));
    let before = host.reply(item.clone(), "GetName", []).generation;

    let made = host.reply(Locator::ProjectManager, "CreateProject", ["Second".into()]);

    assert!(made.generation > before);
    assert_eq!(Fault::Stale { what: item.clone(), change: None }, host.fault(item, "GetName", []));
    let never = Locator::TimelineItem(id("never"));
    assert!(matches!(host.fault(never, "GetName", []), Fault::NotFound { .. }));
}

/// The same where a person opened the other project in the window: nobody told us.
#[test]
fn ids_are_stale_after_another_project_was_opened_elsewhere() {
    let environment = Environment::with_fake(
        "def elsewhere():\n    world.add('Elsewhere')\n    return 'done'\nresolve_methods['Elsewhere'] = elsewhere\n",
    );
    let mut host = environment.start();
    let item = Locator::TimelineItem(id("project-1-timeline-1-item-2"));
    let before = host.reply(item.clone(), "GetName", []).generation;
    host.call(Locator::Resolve, "Elsewhere", []);

    let reply = host.reply(item.clone(), "GetName", []);

    assert_eq!(Outcome::Fault(Fault::Stale { what: item, change: None }), reply.outcome);
    assert!(reply.generation > before);
}

/// Who asks next is told what is open now and who has done that: a call of ours, a person in the window, or a Resolve
/// that was started anew. Nothing is looked at where nothing has changed.
#[test]
fn what_is_open_is_looked_at_when_it_changes() {
    let environment = Environment::with_fake(
        r#"
database = "Local"
manager._methods["GetCurrentDatabase"] = lambda: {"DbType": "Disk", "DbName": database}

def elsewhere(name):
    global database
    database = name
    world.add("Elsewhere")
    return "done"

def closed():
    world.open = None

resolve_methods["Elsewhere"] = elsewhere
resolve_methods["Closed"] = closed
"#,
    );
    let mut host = environment.start();
    let place = |database: &str, project: &str, id: &str| {
        let text = |text: &str| Some(text.to_owned());
        Place { database: text(database), project: text(project), project_id: text(id) }
    };
    let look = |place, cause| Some(Look { place, cause });

    let connected = host.ask(Op::Connect).expect("the host runs").look;
    assert_eq!(look(place("Local", "First", "project-1"), Cause::Resolve), connected);
    assert_eq!(None, host.reply(Locator::Project, "GetName", []).look);

    let made = host.reply(Locator::ProjectManager, "CreateProject", ["Second".into()]).look;
    assert_eq!(look(place("Local", "Second", "project-2"), Cause::Called), made);

    host.call(Locator::Resolve, "Elsewhere", ["Team".into()]);
    let met = host.reply(Locator::Project, "GetName", []);
    assert_eq!(Outcome::Value("Elsewhere".into()), met.outcome);
    assert_eq!(look(place("Team", "Elsewhere", "project-3"), Cause::Elsewhere), met.look);
    assert_eq!(None, host.reply(Locator::Project, "GetName", []).look);

    // A project that is closed there, and one that is opened where none was.
    host.call(Locator::Resolve, "Closed", []);
    let none = Place { database: Some("Team".to_owned()), ..Place::default() };
    assert_eq!(look(none, Cause::Elsewhere), host.reply(Locator::Project, "GetName", []).look);
    assert_eq!(None, host.reply(Locator::Project, "GetName", []).look);
    host.call(Locator::Resolve, "Elsewhere", ["Local".into()]);
    assert_eq!(
        look(place("Local", "Elsewhere", "project-4"), Cause::Elsewhere),
        host.reply(Locator::Project, "GetName", []).look
    );
}

/// A Resolve that ends in the middle of a look answers that no project is open. That is not what it is told for.
#[test]
fn what_a_lost_connection_has_open_is_not_looked_at() {
    let environment = Environment::with_fake(
        r#"
lives = manager._methods["GetCurrentProject"]
answer = scriptapp
lost = []

def ends():
    manager._methods["GetCurrentProject"] = lives
    world.running = False

def lose():
    manager._methods["GetCurrentProject"] = ends
    return "it will"

def scriptapp(name):
    world.running = world.running or len(lost) > 1
    lost.append(name)
    return answer(name)

resolve_methods["Lose"] = lose
"#,
    );
    let mut host = environment.start();
    host.ask(Op::Connect).expect("the host runs");
    host.call(Locator::Resolve, "Lose", []);

    let reply = host.reply(Locator::Project, "GetName", []);

    assert!(matches!(reply.outcome, Outcome::Fault(Fault::NotConnected { .. })), "{reply:?}");
    assert_eq!(None, reply.look);
    let place = host.ask(Op::Connect).expect("the host runs").look.expect("it looks").place;
    assert_eq!(Some("First"), place.project.as_deref());
}

/// A held object has no id to ask it for: that its project was closed in the window must be seen all the same,
/// before a call on a dead object answers None.
#[test]
fn a_still_is_stale_after_another_project_was_opened_elsewhere() {
    let environment = Environment::with_fake(
        "resolve_methods['Elsewhere'] = lambda: [world.add('Elsewhere'), 'done'][1]\n",
    );
    let mut host = environment.start();
    let still = host.call(Locator::Timeline(Key::Current), "GrabStill", []).as_object().unwrap().clone();
    host.call(Locator::Resolve, "Elsewhere", []);

    assert_eq!(Fault::Stale { what: still.clone(), change: None }, host.fault(still, "GetLabel", []));
}

/// An item that was deleted is stale; its neighbour is not.
#[test]
fn a_deleted_item_is_stale() {
    let environment = Environment::with_fake(
        "def delete():\n    world.open.timelines[0].items.pop(1).deleted = True\n    return 'done'\nresolve_methods['Delete'] = delete\n",
    );
    let mut host = environment.start();
    let [second, third] =
        [2, 3].map(|index| Locator::TimelineItem(id(&format!("project-1-timeline-1-item-{index}"))));
    host.call(second.clone(), "GetName", []);
    host.call(Locator::Resolve, "Delete", []);

    assert_eq!(Fault::Stale { what: second.clone(), change: None }, host.fault(second, "GetName", []));
    assert_eq!(Value::from("Shot 3"), host.call(third, "GetName", []));
}

/// What has no unique id is held under a token that is good until the project changes, and never in
/// another process.
#[test]
fn a_still_is_held_until_the_project_changes() {
    let environment = Environment::with_fake("");
    let mut host = environment.start();
    let still = host.call(Locator::Timeline(Key::Current), "GrabStill", []).as_object().unwrap().clone();
    assert_eq!("GalleryStill", still.class());
    assert_eq!(Value::from("GalleryStill"), host.call(still.clone(), "GetLabel", []));

    let mut other = environment.start();
    other.call(Locator::Timeline(Key::Current), "GrabStill", []);
    assert_eq!(
        Fault::Stale { what: still.clone(), change: None },
        other.fault(still.clone(), "GetLabel", [])
    );

    host.call(Locator::ProjectManager, "LoadProject", ["First".into()]);
    assert_eq!(Fault::Stale { what: still.clone(), change: None }, host.fault(still, "GetLabel", []));
}

/// Listing more objects than are remembered works, and those that were pushed out are still found.
#[test]
fn more_objects_than_are_remembered_can_be_listed() {
    let environment = Environment::with_fake(
        "world.open.current.items = [Item(f'item-{n}', f'Shot {n}') for n in range(20_000)]\n",
    );
    let mut host = environment.start();

    let items = host.call(Locator::Timeline(Key::Current), "GetItemListInTrack", ["video".into(), 1.into()]);

    let items = items.as_list().unwrap();
    assert_eq!(20_000, items.len());
    let first = host.reply(items[0].as_object().unwrap().clone(), "GetName", []);
    assert_eq!(Outcome::Value("Shot 0".into()), first.outcome);
    assert!(first.api_calls > 2, "the first was pushed out and had to be looked for");
    let last = host.reply(items[19_999].as_object().unwrap().clone(), "GetName", []);
    assert_eq!((Outcome::Value("Shot 19999".into()), 2), (last.outcome, last.api_calls));
}

/// A search has an end: it is given up with a reason before the server's patience is.
#[test]
fn a_search_is_given_up_after_a_bound() {
    let environment = Environment::with_fake(
        "world.open.current.items = [Item(f'item-{n}', f'Shot {n}') for n in range(60_000)]\n",
    );
    let mut host = environment.start();

    let reply = host.reply(Locator::TimelineItem(id("never")), "GetName", []);

    let Outcome::Fault(Fault::BadArgument { path, reason }) = reply.outcome else { panic!("{reply:?}") };
    assert_eq!("on", path);
    assert!(reason.contains("given up after 50000 calls"), "{reason}");
    assert!(reply.api_calls < 51_000);
}
