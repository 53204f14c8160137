//! What a call may answer: a value, or a fault that says why. A success that was not observed is none.

use crate::harness::Environment;
use resolve_api::{Fault, Key, Locator, Value};

fn timeline() -> Locator {
    Locator::Timeline(Key::Current)
}

/// A setter that answers False is refused; that is Resolve's usual way to fail.
#[test]
fn false_is_a_refusal() {
    let mut host = Environment::with_fake("").start();

    let fault = host.fault(timeline(), "AddMarker", [0.into(), "Mauve".into()]);

    assert_eq!(Fault::Refused { method: "Timeline.AddMarker".into(), reason: None }, fault);
}

/// A sentence where a bool is promised would pass for true in Python; it is a refusal, and its reason.
#[test]
fn a_sentence_where_a_bool_is_promised_is_a_refusal() {
    let mut host = Environment::with_fake("").start();

    let fault = host.fault(Locator::Project, "SetSetting", ["odd".into(), "1".into()]);

    let reason = Some("There is no setting of that name".into());
    assert_eq!(Fault::Refused { method: "Project.SetSetting".into(), reason }, fault);
}

/// Empty answers of a call that should have made something are refusals too.
#[test]
fn nothing_where_something_is_promised_is_a_refusal() {
    let mut host = Environment::with_fake("").start();

    let none = host.fault(Locator::ProjectManager, "CreateProject", ["First".into()]);
    let empty = host.fault(Locator::MediaPool, "ImportMedia", [Value::List(vec!["/nowhere.mov".into()])]);

    assert_eq!(Fault::Refused { method: "ProjectManager.CreateProject".into(), reason: None }, none);
    assert_eq!(Fault::Refused { method: "MediaPool.ImportMedia".into(), reason: None }, empty);
}

/// For a read, nothing is an answer: a timeline without markers has none.
#[test]
fn nothing_is_an_answer_to_a_question() {
    let mut host = Environment::with_fake("resolve_methods['GetCurrentPage'] = lambda: None\n").start();

    assert_eq!(Value::map::<&str>([]), host.call(timeline(), "GetMarkers", []));
    assert_eq!(Value::Null, host.call(Locator::Resolve, "GetCurrentPage", []));
}

/// A write that was made is told as what Resolve answered, and can be read back: marker keys are floats
/// there, and come as their shortest text.
#[test]
fn a_write_reaches_resolve() {
    let mut host = Environment::with_fake("").start();

    assert_eq!(Value::Bool(true), host.call(timeline(), "AddMarker", [96.into(), "Blue".into(), "Ä".into()]));

    let markers = host.call(timeline(), "GetMarkers", []);
    assert_eq!(Some(&Value::List(vec!["Ä".into()])), markers.get("96").and_then(|marker| marker.get("rest")));
}

/// Any attribute answers on a live object, so that only `dir()` tells what exists; the fault names the build.
#[test]
fn a_method_that_is_not_listed_does_not_exist() {
    let mut host = Environment::with_fake(
        "PyRemoteObject.__getattr__ = lambda self, name, real=PyRemoteObject.__getattr__: real(self, name) or (lambda *a: True)\n",
    )
    .start();

    let fault = host.fault(timeline(), "AppendToTimeline", []);

    let expected = Fault::NoSuchMethod {
        class: "Timeline".into(),
        method: "AppendToTimeline".into(),
        version: "DaVinci Resolve Studio 21.1.0.14".into(),
    };
    assert_eq!(expected, fault);
}

/// An attribute that is listed and answers None cannot be called; it must not end as a TypeError of Python's.
#[test]
fn an_attribute_that_answers_none_is_no_method() {
    let mut host = Environment::with_fake("resolve_methods['Gone'] = None\n").start();

    assert!(matches!(host.fault(Locator::Resolve, "Gone", []), Fault::NoSuchMethod { .. }));
}

/// An exception comes with its type and text, and its traceback is in the log.
#[test]
fn an_exception_is_told() {
    let mut host = Environment::with_fake(
        "def fail(*args):\n    raise LookupError('no such Ünit')\nresolve_methods['Fail'] = fail\n",
    )
    .start();

    let fault = host.fault(Locator::Resolve, "Fail", [1.into()]);

    let (exception, message) = ("LookupError".to_owned(), "no such Ünit".to_owned());
    assert_eq!(Fault::Raised { method: "Resolve.Fail".into(), exception, message }, fault);
    assert!(host.end().1.contains("in fail"));
}

/// A constant is sent by name and read off the live object; one that this build lacks is named.
#[test]
fn a_constant_is_read_off_resolve() {
    let mut host = Environment::with_fake("resolve_methods['Echo'] = lambda value: value\n").start();

    assert_eq!(Value::Float(2.0), host.call(Locator::Resolve, "Echo", [Value::constant("EXPORT_EDL")]));

    for name in ["EXPORT_NOTHING", "GetCurrentPage"] {
        let fault = host.fault(Locator::Resolve, "Echo", [Value::constant(name)]);
        let reason = format!("this build of Resolve has no constant {name}");
        assert_eq!(Fault::BadArgument { path: "args[0]".into(), reason }, fault);
    }
}

/// Constants never change while Resolve runs, and each look is a round trip: one is enough.
#[test]
fn a_constant_is_read_once() {
    let looks = r#"
looks = []

class Counted(PyRemoteObject):
    def __getattr__(self, name):
        looks.append(name)
        return super().__getattr__(name)

Counted.__name__ = "PyRemoteObject"
resolve_methods["Echo"] = lambda value: value
resolve_methods["Looks"] = lambda: float(looks.count("EXPORT_EDL"))
resolve = Counted("Resolve", resolve_methods, lambda: world.running)
"#;
    let mut host = Environment::with_fake(looks).start();

    for _ in 0..3 {
        host.call(Locator::Resolve, "Echo", [Value::constant("EXPORT_EDL")]);
    }

    assert_eq!(Value::Float(1.0), host.call(Locator::Resolve, "Looks", []));
}

/// A key that stands for a constant becomes its number: the older forms of some dicts have no other keys.
#[test]
fn a_key_may_be_a_constant() {
    let mut host = Environment::with_fake("resolve_methods['Echo'] = lambda value: value\n").start();
    let dict = Value::map([("$constant:EXPORT_EDL", Value::Bool(true)), ("name", Value::Bool(false))]);

    let expected = Value::map([("2", Value::Bool(true)), ("name", Value::Bool(false))]);
    assert_eq!(expected, host.call(Locator::Resolve, "Echo", [dict]));
}

/// On the engine backend a refusal carries the engine's reason, and what the engine does not do is said
/// before it is tried.
#[test]
fn the_engine_says_why() {
    let environment = Environment::with_fake("");
    let package = environment.package("resolve_engine");
    std::fs::write(package.join("failure.py"), "def last():\n    return 'the color is not one of 16'\n")
        .unwrap();
    std::fs::write(
        package.join("unsupported.py"),
        "def reason(kind, method):\n    return 'no window' if (kind, method) == ('Resolve', 'GetCurrentPage') else None\n",
    )
    .unwrap();
    let mut host = environment.start();

    let refused = host.fault(timeline(), "AddMarker", [0.into(), "Mauve".into()]);
    let unsupported = host.fault(Locator::Resolve, "GetCurrentPage", []);

    let reason = Some("the color is not one of 16".into());
    assert_eq!(Fault::Refused { method: "Timeline.AddMarker".into(), reason }, refused);
    let (method, reason) = ("Resolve.GetCurrentPage".into(), "no window".into());
    assert_eq!(Fault::Unsupported { method, reason }, unsupported);
}

/// Every call of the scripting API is counted, those of the look-up too.
#[test]
fn calls_are_counted() {
    let mut host = Environment::with_fake("").start();
    host.connect();

    assert_eq!(1, host.reply(Locator::Resolve, "GetCurrentPage", []).api_calls);
    // The project manager, the project, its id, the timeline, the call.
    assert_eq!(5, host.reply(timeline(), "GetName", []).api_calls);
}

/// When Resolve has ended its objects answer None. A read finds the new one; a write is not made again,
/// since nobody can know whether it happened.
#[test]
fn a_lost_connection_is_noticed_and_made_again() {
    let environment = Environment::with_fake(
        r#"
lives = iter([2, 3])

def scriptapp(name):
    global resolve, manager
    print("asked for the resolve object")
    methods = dict(resolve_methods, GetLife=lambda life=next(lives, 0): life)
    flag = {"alive": True}
    methods["End"] = lambda: flag.update(alive=False)
    methods["EndInstead"] = lambda *args: flag.update(alive=False)
    methods["SetCurrentPage"] = methods["OpenPage"] = methods["EndInstead"]
    return PyRemoteObject("Resolve", methods, lambda: flag["alive"])
"#,
    );
    let mut host = environment.start();
    assert_eq!(Value::Int(2), host.call(Locator::Resolve, "GetLife", []));

    let lost = host.fault(Locator::Resolve, "OpenPage", ["edit".into()]);

    assert!(lost.to_string().contains("whether that took effect is not known"), "{lost}");
    assert_eq!(Value::Int(3), host.call(Locator::Resolve, "GetLife", []));
}

/// A read on a connection that was lost since the last call is made again on a new one, unseen.
#[test]
fn a_read_after_a_restart_of_resolve_works() {
    let environment = Environment::with_fake(
        r#"
current = {}

def scriptapp(name):
    flag = {"alive": True}
    current["flag"] = flag
    methods = dict(resolve_methods, EndSoon=lambda: (flag.update(alive=False), "ending")[1])
    return PyRemoteObject("Resolve", methods, lambda: flag["alive"])
"#,
    );
    let mut host = environment.start();
    assert_eq!(Value::from("ending"), host.call(Locator::Resolve, "EndSoon", []));

    let reply = host.reply(timeline(), "GetName", []);

    assert_eq!(resolve_api::wire::Outcome::Value("Cut 1".into()), reply.outcome);
}

/// Resolve answers None to Quit and ends: that is neither a refusal nor a lost connection.
#[test]
fn quitting_is_not_a_lost_connection() {
    let environment = Environment::with_fake(
        r#"
def quit():
    world.running = False

resolve_methods["Quit"] = quit
"#,
    );
    let mut host = environment.start();

    assert_eq!(Value::Null, host.call(Locator::Resolve, "Quit", []));

    let reason = host.refusal();
    assert!(reason.contains("did not start"), "{reason}");
}

/// `bridge.fusion-dir-incomplete`: `dir()` of a tool of Fusion leaves out GetAttrs, which it has. A method that no row
/// names is still refused.
#[test]
fn fusion_has_methods_that_it_does_not_list() {
    let mut host = Environment::with_fake(
        r#"
class Tool(PyRemoteObject):
    def __dir__(self):
        return ["GetInput"]

Tool.__name__ = "PyRemoteObject"
tool = Tool("FusionTool", {"GetAttrs": lambda: {"TOOLS_Name": "Blur1"}}, lambda: True)
resolve_methods["Tool"] = lambda: tool
"#,
    )
    .start();
    let tool = host.call(Locator::Resolve, "Tool", []).as_object().unwrap().clone();

    assert_eq!("FusionTool", tool.class());
    assert_eq!(Value::map([("TOOLS_Name", "Blur1".into())]), host.call(tool.clone(), "GetAttrs", []));
    let fault = host.fault(tool, "MakeCoffee", []);
    assert!(matches!(fault, Fault::NoSuchMethod { .. }), "{fault:?}");
}
