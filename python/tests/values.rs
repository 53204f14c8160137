//! Values survive the way to Python and back, whatever they hold, or are refused by name.

use crate::harness::{Environment, Host};
use resolve_api::wire::{MAX_LINE_BYTES, Outcome};
use resolve_api::{Fault, Locator, Value};

/// A host whose `Echo` answers its argument, `Repr` its Python text and `Eval` what an expression gives.
fn host() -> Host {
    Environment::with_fake(
        "import datetime, decimal\nresolve_methods.update(Echo=lambda v: v, Repr=repr, Eval=lambda text: eval(text, globals()))\n",
    )
    .start()
}

fn eval(host: &mut Host, expression: &str) -> Outcome {
    host.reply(Locator::Resolve, "Eval", [expression.into()]).outcome
}

/// Each kind of value comes back as itself: text with quotes, breaks and letters of all sorts too.
#[test]
fn values_come_back_as_they_went() {
    let mut host = host();
    let odd = "quote \" back \\ slash / tab \t line \n zero \0 Ünï 日本 \u{1F3AC} \u{2028} \u{202E}rtl";
    let values = Value::List(vec![
        Value::Null,
        Value::Bool(true),
        Value::Int(0),
        Value::Int(i64::MIN),
        Value::Int(i64::MAX),
        Value::Float(23.976),
        Value::Float(-0.5),
        odd.into(),
        "".into(),
        Value::List(vec![]),
        Value::map([(odd, Value::map([("", Value::Null)]))]),
    ]);

    assert_eq!(values, host.call(Locator::Resolve, "Echo", [values.clone()]));
}

/// The Python side gets the types that Resolve expects: a whole number is no float, and True is no 1.
#[test]
fn python_sees_the_right_types() {
    let mut host = host();
    let value = Value::List(vec![
        Value::Null,
        Value::Bool(true),
        Value::Int(1),
        Value::Float(1.0),
        "a".into(),
        Value::map([("$bytes", "AAH/".into())]),
        Value::map([("k", Value::List(vec![]))]),
    ]);

    let expected = "[None, True, 1, 1.0, 'a', b'\\x00\\x01\\xff', {'k': []}]";
    assert_eq!(Value::from(expected), host.call(Locator::Resolve, "Repr", [value]));
}

/// What Python gives in its own ways comes in the wire's: tuples as lists, number keys as their shortest
/// text, bytes as base64, text that is no Unicode with replacement characters.
#[test]
fn answers_are_told_in_the_wires_ways() {
    let mut host = host();
    for (expression, expected) in [
        ("(1, (2.5,))", Value::List(vec![1.into(), Value::List(vec![2.5.into()])])),
        (
            "{96.0: 'a', 0.5: 'b', 7: 'c'}",
            Value::map([("96", "a".into()), ("0.5", "b".into()), ("7", "c".into())]),
        ),
        ("b'\\x00\\x01\\xff'", Value::map([("$bytes", "AAH/".into())])),
        ("b'caf\\xe9'.decode('utf-8', 'surrogateescape')", "caf\u{FFFD}\u{FFFD}\u{FFFD}".into()),
    ] {
        assert_eq!(Outcome::Value(expected), eval(&mut host, expression), "{expression}");
    }
}

/// What has no form on the wire is refused by the name of its type; nothing is turned into something else.
#[test]
fn answers_without_a_form_are_named() {
    let mut host = host();
    for (expression, part) in [
        ("decimal.Decimal(1)", "holds a Decimal"),
        ("[datetime.date(2026, 1, 1)]", "holds a date"),
        ("float('nan')", "holds NaN"),
        ("[float('inf')]", "holds inf"),
        ("2 ** 64", "does not fit 64 bits"),
        ("{None: 1}", "key of the answer is a NoneType"),
        ("{(1, 2): 1}", "key of the answer is a tuple"),
        ("{True: 1}", "key of the answer is a bool"),
        ("{1: 1, '1': 2}", "two keys of the answer both read '1'"),
        ("(lambda l: (l.append(l), l)[1])([])", "nested deeper than 64"),
    ] {
        match eval(&mut host, expression) {
            Outcome::Fault(Fault::Raised { message, .. }) => assert!(message.contains(part), "{message}"),
            other => panic!("{expression}: {other:?}"),
        }
    }
}

/// An object of a kind that nobody knows is held under the name that its text gives it.
#[test]
fn an_unknown_kind_of_object_is_held() {
    let mut host = host();

    let outcome = eval(&mut host, "PyRemoteObject('Kite', {'Fly': lambda: 'high'}, lambda: True)");

    let Outcome::Value(value) = outcome else { panic!("{outcome:?}") };
    let kite = value.as_object().unwrap().clone();
    assert_eq!("Kite", kite.class());
    assert_eq!(Value::from("high"), host.call(kite, "Fly", []));
}

/// Nesting has a bound in both directions, and 64 levels are within it.
#[test]
fn nesting_is_bounded() {
    let nested = |levels: usize| (0..levels).fold(Value::Int(1), |inner, _| Value::List(vec![inner]));
    let mut host = host();

    assert_eq!(nested(64), host.call(Locator::Resolve, "Echo", [nested(64)]));
    match host.fault(Locator::Resolve, "Echo", [nested(65)]) {
        Fault::BadArgument { path, reason } => {
            assert!(path.starts_with("args[0][0]") && reason.contains("64 levels"), "{path}: {reason}");
        }
        other => panic!("{other:?}"),
    }
}

/// A megabyte goes there and back.
#[test]
fn a_megabyte_goes_there_and_back() {
    let mut host = host();
    let text = Value::from("日本\n".repeat(1 << 17));

    assert_eq!(text, host.call(Locator::Resolve, "Echo", [text.clone()]));
}

/// An answer beyond the limit of the wire is told with its size, in place of a line that the server would
/// not read; the host goes on.
#[test]
fn an_answer_beyond_the_limit_is_told() {
    let mut host = host();
    // The second is within the limit until its characters are written as JSON, six bytes each.
    for expression in ["'x' * (1 << 25)", "'\\x01' * (4 << 20)", "[0] * (1 << 24)", "b'x' * (1 << 24)"] {
        match eval(&mut host, expression) {
            Outcome::Fault(Fault::TooLarge { method, bytes, limit }) => {
                assert_eq!(("Resolve.Eval", MAX_LINE_BYTES), (method.as_str(), limit));
                assert!(bytes > limit, "{bytes}");
                // A long list is given up as soon as it is too long, not when all of it was copied.
                assert!(!expression.starts_with('[') || bytes < limit + 10, "{bytes}");
            }
            other => panic!("{expression}: {:.200}", format!("{other:?}")),
        }
    }
    assert_eq!(Outcome::Value(1.into()), eval(&mut host, "1"));
}

/// Bytes that are no base64 are refused with their place.
#[test]
fn wrong_base64_is_refused() {
    let mut host = host();

    let fault = host.fault(Locator::Resolve, "Echo", [Value::map([("$bytes", "???".into())])]);

    assert!(matches!(&fault, Fault::BadArgument { path, .. } if path == "args[0]"), "{fault:?}");
}
