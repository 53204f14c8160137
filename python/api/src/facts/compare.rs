//! Whether what was read back is what was written, as Resolve means it.

use crate::catalogue::catalogue;
use crate::locator::{Key, Locator};
use crate::value::Value;

/// How far two numbers may be apart and still be the same, relative to the larger where that is above 1. Resolve
/// gives back 39.99996 for a crop of 40, which is a millionth; fades and sizes differ by whole steps.
const TOLERANCE: f64 = 1e-4;

/// Whether `read` is what `wanted` asked for: numbers within a tolerance and also as text, switches as `1`, `True`
/// or a number, constants by their number, objects by their id, dicts by the wanted keys only. `None` where that
/// cannot be told: a constant whose number nobody wrote down, an object named in two ways.
pub fn same(wanted: &Value, read: &Value) -> Option<bool> {
    match (wanted, read) {
        (Value::Constant(constant), Value::Constant(other)) => Some(constant.name == other.name),
        (Value::Constant(constant), other) => {
            let known = catalogue().constants().find(|(_, known)| known.name == constant.name)?.1;
            same(&Value::Float(known.stated?), other)
        }
        (Value::Map(wanted), Value::Map(read)) => {
            // A text that was emptied is not listed any more: clips have no metadata without a value.
            all(wanted.iter().map(|(key, value)| same(value, read.get(key).unwrap_or(&Value::Null))))
        }
        (Value::List(wanted), Value::List(read)) if wanted.len() == read.len() => {
            all(wanted.iter().zip(read).map(|(wanted, read)| same(wanted, read)))
        }
        (Value::Object(wanted), Value::Object(read)) => same_object(&wanted.locator, &read.locator),
        (Value::Null, Value::Str(text)) | (Value::Str(text), Value::Null) => Some(text.is_empty()),
        _ => Some(wanted == read || number(wanted).zip(number(read)).is_some_and(|(a, b)| near(a, b))),
    }
}

/// Two objects, told apart by their ids; by a name, a path or a token only where both are of that kind, since one
/// object can be named in many ways.
fn same_object(wanted: &Locator, read: &Locator) -> Option<bool> {
    if wanted == read {
        return Some(true);
    }
    if wanted.class() != read.class() {
        return Some(false);
    }
    let by_id = |locator: &Locator| !matches!(locator, Locator::Held { .. }) && locator.id().is_some();
    let by_name = |locator: &Locator| {
        matches!(locator, Locator::ColorGroup(Key::Name(_)) | Locator::GalleryStillAlbum(Key::Name(_)))
    };
    (by_id(wanted) && by_id(read) || by_name(wanted) && by_name(read)).then_some(false)
}

/// [`same`], with letters of either case.
pub fn same_ignoring_case(wanted: &Value, read: &Value) -> Option<bool> {
    match (wanted.as_str(), read.as_str()) {
        (Some(wanted), Some(read)) => Some(wanted.to_lowercase() == read.to_lowercase()),
        _ => same(wanted, read),
    }
}

/// Whether two timecodes name the same frame: `;` and `.` before the frames say drop-frame as `:` may.
pub fn same_timecode(wanted: &Value, read: &Value) -> Option<bool> {
    let plain = |value: &Value| value.as_str().map(|text| text.trim().replace([';', '.'], ":"));
    match (plain(wanted), plain(read)) {
        (Some(wanted), Some(read)) => Some(wanted == read),
        _ => same(wanted, read),
    }
}

/// Whether two paths name the same file: Resolve answers some of them from a folder of its own, and on Windows
/// with the other separator.
pub fn same_path(wanted: &Value, read: &Value) -> Option<bool> {
    let plain = |value: &Value| value.as_str().map(|text| text.replace('\\', "/").to_lowercase());
    let (Some(wanted), Some(read)) = (plain(wanted), plain(read)) else { return same(wanted, read) };
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short)
            .is_some_and(|rest| !short.is_empty() && (rest.ends_with('/') || short.starts_with('/')))
    };
    Some(wanted == read || ends(&wanted, &read) || ends(&read, &wanted))
}

/// Whether two texts hold the same JSON.
pub fn same_json(wanted: &Value, read: &Value) -> Option<bool> {
    let parse = |value: &Value| serde_json::from_str::<Value>(value.as_str()?).ok();
    match (parse(wanted), parse(read)) {
        (Some(wanted), Some(read)) => same(&wanted, &read),
        _ => same(wanted, read),
    }
}

/// Whether `list` has an entry that is [`same`]; a dict is asked for a key, or for a value that is one.
pub fn contains(list: &Value, wanted: &Value) -> Option<bool> {
    match list {
        Value::List(items) => any(items.iter().map(|item| same(wanted, item))),
        Value::Map(entries) => match wanted {
            Value::Map(_) => any(entries.values().map(|item| same(wanted, item))),
            _ => any(entries.keys().map(|key| same(wanted, &Value::from(key.as_str())))),
        },
        _ => Some(false),
    }
}

/// Whether nothing is there: `None`, empty text, an empty list or dict.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Str(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// A value as a number: Resolve takes a switch as `True`, `1` or `"1"` and answers another of them.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
        Value::Str(text) if text.eq_ignore_ascii_case("true") => Some(1.0),
        Value::Str(text) if text.eq_ignore_ascii_case("false") => Some(0.0),
        Value::Str(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1.0)
}

/// Yes when all are, no when one is not; unknown otherwise.
fn all(mut verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    verdicts
        .try_fold(true, |_, verdict| match verdict {
            Some(true) => Ok(true),
            other => Err(other),
        })
        .map_or_else(|other| other, Some)
}

fn any(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for verdict in verdicts {
        match verdict {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, Value)]) -> Value {
        Value::map(pairs.iter().map(|(key, value)| (*key, value.clone())))
    }

    /// Resolve answers numbers as floats, as text, and a millionth off; none of it means that the write failed.
    #[test]
    fn numbers_are_compared_as_numbers() {
        assert_eq!(Some(true), same(&Value::Float(40.0), &Value::Float(39.99996)));
        assert_eq!(Some(true), same(&"24".into(), &Value::Float(24.0)));
        assert_eq!(Some(true), same(&true.into(), &"1".into()));
        assert_eq!(Some(true), same(&3840.into(), &"3840".into()));
        assert_eq!(Some(false), same(&Value::Float(1.25), &Value::Float(1.0)));
        assert_eq!(Some(false), same(&"Blue".into(), &"".into()));
        assert_eq!(Some(true), same(&"".into(), &Value::Null));
    }

    /// A write of two keys is compared with these two keys, not with the thirty others of the answer.
    #[test]
    fn a_dict_is_compared_by_the_wanted_keys() {
        let read = map(&[("ZoomX", Value::Float(1.5)), ("Pan", Value::Float(0.0)), ("Tilt", 0.into())]);

        assert_eq!(Some(true), same(&map(&[("ZoomX", Value::Float(1.5)), ("Pan", 0.into())]), &read));
        assert_eq!(Some(false), same(&map(&[("ZoomX", 2.into())]), &read));
        assert_eq!(Some(false), same(&map(&[("Opacity", 50.into())]), &read));
    }

    /// A constant crosses by its name and comes back as its number; where nobody wrote the number down, the
    /// comparison must say that it cannot tell, not that the write failed.
    #[test]
    fn a_constant_is_compared_by_its_number_where_it_is_known() {
        assert_eq!(Some(true), same(&Value::constant("EXPORT_AAF"), &Value::Float(0.0)));
        assert_eq!(Some(false), same(&Value::constant("EXPORT_AAF"), &Value::Float(1.0)));
        assert_eq!(None, same(&Value::constant("NOT_A_CONSTANT"), &Value::Float(1.0)));
    }

    /// A folder that was named by its path comes back by its id; that is no other folder.
    #[test]
    fn objects_are_told_apart_by_their_ids() {
        let folder = |key: Key| Value::object(Locator::Folder(key));
        let id = |id: &str| folder(Key::Id(id.into()));
        assert_eq!(Some(true), same(&id("a"), &id("a")));
        assert_eq!(Some(false), same(&id("a"), &id("b")));
        assert_eq!(None, same(&folder(Key::Path("/Master".into())), &id("a")));
        assert_eq!(Some(false), same(&id("a"), &Value::object(Locator::Timeline(Key::Id("a".into())))));
        let group = |name: &str| Value::object(Locator::ColorGroup(Key::Name(name.into())));
        assert_eq!(Some(false), same(&group("warm"), &group("cold")));
        assert_eq!(Some(false), same(&group("warm"), &Value::Null));
    }

    /// The other comparisons, with what Resolve was seen to answer.
    #[test]
    fn texts_are_compared_as_what_they_are() {
        assert_eq!(Some(true), same_ignoring_case(&"Edit".into(), &"edit".into()));
        assert_eq!(Some(true), same_timecode(&"01:00:04:00".into(), &"01:00:04;00".into()));
        assert_eq!(Some(false), same_timecode(&"01:00:04:00".into(), &"01:00:04:01".into()));
        assert_eq!(Some(true), same_path(&"/LUT/Film/warm.cube".into(), &"Film\\warm.cube".into()));
        assert_eq!(Some(false), same_path(&"/LUT/Film/warm.cube".into(), &"arm.cube".into()));
        assert_eq!(Some(false), same_path(&"/LUT/Film/warm.cube".into(), &"".into()));
        assert_eq!(Some(true), same_json(&r#"{"a": 1, "b": [2]}"#.into(), &r#"{"b":[2],"a":1.0}"#.into()));
    }

    /// Lists of names, of dicts and of objects, and dicts whose keys are asked for.
    #[test]
    fn lists_and_dicts_are_searched() {
        let timeline = |id: &str| Value::object(Locator::Timeline(Key::Id(id.into())));
        let jobs = Value::List(vec![map(&[("JobId", "a".into()), ("TimelineName", "cut".into())])]);
        let markers = map(&[("96", map(&[("color", "Blue".into())]))]);

        assert_eq!(Some(true), contains(&jobs, &map(&[("JobId", "a".into())])));
        assert_eq!(Some(false), contains(&jobs, &map(&[("JobId", "b".into())])));
        assert_eq!(Some(true), contains(&Value::List(vec![timeline("1"), timeline("2")]), &timeline("2")));
        assert_eq!(Some(true), contains(&markers, &96.into()));
        assert_eq!(Some(true), contains(&markers, &map(&[("color", "Blue".into())])));
        assert_eq!(Some(false), contains(&markers, &map(&[("color", "Red".into())])));
        assert_eq!(Some(false), contains(&Value::Null, &96.into()));
    }
}
