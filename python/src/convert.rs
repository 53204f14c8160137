//! Turns values of the wire into Python objects and back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use pyo3::exceptions::PyUnicodeEncodeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use resolve_api::batch::StepRef;
use resolve_api::kind::Kind;
use resolve_api::value::CONSTANT_KEY;
use resolve_api::wire::MAX_LINE_BYTES;
use resolve_api::{Fault, Locator, Value};

/// How deep lists and dicts may be nested, in arguments and answers. Resolve's deepest answer has four
/// levels; 64 is well below what the JSON reader on the other side takes (128).
pub const MAX_DEPTH: usize = 64;

/// The key of the map that stands for Python's `bytes`, which JSON cannot hold.
const BYTES: &str = "$bytes";

/// The name of the type of every object that Resolve hands out.
const REMOTE_TYPE: &str = "PyRemoteObject";

/// What a conversion needs of the rest of the host: Resolve's objects and constants.
pub trait Objects<'py> {
    /// The object that `locator` means; `path` names the argument in a fault.
    fn object(&mut self, locator: &Locator, path: &str) -> Result<Bound<'py, PyAny>, Fault>;

    /// The constant of that name, read off the resolve object.
    fn constant(&mut self, name: &str, path: &str) -> Result<Bound<'py, PyAny>, Fault>;

    /// What an earlier step of the same batch answered; `path` names the argument in a fault.
    fn earlier(&mut self, earlier: &StepRef, path: &str) -> Result<Bound<'py, PyAny>, Fault>;

    /// The locator under which `object` can be found again; `class` is what the method promises, where it
    /// promises one class only.
    fn locator(&mut self, object: &Bound<'py, PyAny>, class: Option<&str>) -> Result<Locator, Fault>;
}

/// A value as the Python object that a method takes. `path` is where it stands, such as `args[0]`.
///
/// # Errors
/// [`Fault::BadArgument`] for what has no form in Python, and whatever finding an object brings.
pub fn to_python<'py>(
    py: Python<'py>,
    value: &Value,
    path: &str,
    objects: &mut impl Objects<'py>,
) -> Result<Bound<'py, PyAny>, Fault> {
    to_python_at(py, value, path, 0, objects)
}

fn to_python_at<'py>(
    py: Python<'py>,
    value: &Value,
    path: &str,
    depth: usize,
    objects: &mut impl Objects<'py>,
) -> Result<Bound<'py, PyAny>, Fault> {
    let bad = |reason: String| Fault::BadArgument { path: path.to_owned(), reason };
    let failed = |error: PyErr| bad(format!("it cannot be handed to Python: {error}"));
    if depth > MAX_DEPTH {
        return Err(bad(format!("it is nested deeper than {MAX_DEPTH} levels")));
    }
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(truth) => PyBool::new(py, *truth).to_owned().into_any(),
        Value::Int(number) => number.into_pyobject(py).map_err(|never| match never {})?.into_any(),
        Value::Float(number) if !number.is_finite() => {
            return Err(bad(format!("{number} is not a number that Resolve takes")));
        }
        Value::Float(number) => PyFloat::new(py, *number).into_any(),
        Value::Str(text) => PyString::new(py, text).into_any(),
        Value::List(items) => {
            let list = PyList::empty(py);
            for (index, item) in items.iter().enumerate() {
                let item = to_python_at(py, item, &format!("{path}[{index}]"), depth + 1, objects)?;
                list.append(item).map_err(failed)?;
            }
            list.into_any()
        }
        Value::Object(object) => objects.object(&object.locator, path)?,
        Value::Constant(constant) => objects.constant(&constant.name, path)?,
        Value::Step(earlier) => objects.earlier(earlier, path)?,
        Value::Map(entries) if entries.len() == 1 && entries.contains_key(BYTES) => {
            let text =
                entries[BYTES].as_str().ok_or_else(|| bad(format!("{BYTES} must hold base64 text")))?;
            let bytes = BASE64.decode(text).map_err(|error| bad(format!("{BYTES}: {error}")))?;
            PyBytes::new(py, &bytes).into_any()
        }
        Value::Map(entries) => {
            let dict = PyDict::new(py);
            for (key, item) in entries {
                let at = format!("{path}.{key}");
                let item = to_python_at(py, item, &at, depth + 1, objects)?;
                match key.strip_prefix(CONSTANT_KEY) {
                    Some(name) => dict.set_item(objects.constant(name, &at)?, item),
                    None => dict.set_item(key, item),
                }
                .map_err(failed)?;
            }
            dict.into_any()
        }
    })
}

/// An answer of `method` (`Class.Method`) as a value; `kind` is what its row promises.
///
/// Text that is not valid Unicode (a file name in another encoding) comes with replacement characters.
///
/// # Errors
/// [`Fault::TooLarge`] as soon as the answer is known to exceed the wire's limit, and [`Fault::Raised`] for
/// what has no form on the wire, with the Python type in its text.
pub fn from_python<'py>(
    object: &Bound<'py, PyAny>,
    kind: Option<&Kind>,
    method: &str,
    objects: &mut impl Objects<'py>,
) -> Result<Value, Fault> {
    let mut reading = Reading { method, class: kind.and_then(only_class), bytes: 0, objects };
    reading.value(object, 0)
}

/// The class of the objects in a kind, where there is just one.
fn only_class(kind: &Kind) -> Option<&str> {
    fn classes<'k>(kind: &'k Kind, found: &mut Vec<&'k str>) {
        match kind {
            Kind::Object(class) if !found.contains(&class.as_str()) => found.push(class),
            Kind::List(item) | Kind::Optional(item) => classes(item, found),
            Kind::Map(key, item) => {
                classes(key, found);
                classes(item, found);
            }
            Kind::Tuple(kinds) | Kind::OneOf(kinds) => kinds.iter().for_each(|kind| classes(kind, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    classes(kind, &mut found);
    match found[..] {
        [class] => Some(class),
        _ => None,
    }
}

/// One answer on its way to the wire.
struct Reading<'r, O> {
    method: &'r str,
    class: Option<&'r str>,
    /// Lower bound of the answer's size as JSON so far.
    bytes: usize,
    objects: &'r mut O,
}

impl<'py, O: Objects<'py>> Reading<'_, O> {
    fn value(&mut self, object: &Bound<'py, PyAny>, depth: usize) -> Result<Value, Fault> {
        if depth > MAX_DEPTH {
            return Err(self.formless(format!("the answer is nested deeper than {MAX_DEPTH} levels")));
        }
        if object.is_none() {
            self.count(4)?;
            return Ok(Value::Null);
        }
        // `bool` before `int`: it is a subclass of it.
        if let Ok(truth) = object.cast::<PyBool>() {
            self.count(4)?;
            return Ok(Value::Bool(truth.is_true()));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return self.text(text).map(Value::Str);
        }
        if let Ok(number) = object.cast::<PyInt>() {
            self.count(1)?;
            let number = number.extract::<i64>();
            return number
                .map(Value::Int)
                .map_err(|_| self.formless("a whole number does not fit 64 bits".into()));
        }
        if let Ok(number) = object.cast::<PyFloat>() {
            self.count(3)?;
            let number = number.value();
            if !number.is_finite() {
                return Err(
                    self.formless(format!("the answer holds {number}, which has no form on the wire"))
                );
            }
            return Ok(Value::Float(number));
        }
        if let Ok(items) = object.cast::<PyList>() {
            return self.list(items.iter(), depth);
        }
        if let Ok(items) = object.cast::<PyTuple>() {
            return self.list(items.iter(), depth);
        }
        if let Ok(entries) = object.cast::<PyDict>() {
            return self.map(entries, depth);
        }
        if let Ok(bytes) = object.cast::<PyBytes>() {
            self.count(bytes.as_bytes().len() / 3 * 4)?;
            return Ok(Value::map([(BYTES, BASE64.encode(bytes.as_bytes()).into())]));
        }
        if is_remote(object) {
            self.count(16)?;
            return self.objects.locator(object, self.class).map(Value::object);
        }
        Err(self.formless(format!("the answer holds a {}, which has no form on the wire", type_name(object))))
    }

    fn list(&mut self, items: impl Iterator<Item = Bound<'py, PyAny>>, depth: usize) -> Result<Value, Fault> {
        self.count(2)?;
        let mut list = Vec::new();
        for item in items {
            self.count(1)?;
            list.push(self.value(&item, depth + 1)?);
        }
        Ok(Value::List(list))
    }

    fn map(&mut self, entries: &Bound<'py, PyDict>, depth: usize) -> Result<Value, Fault> {
        self.count(2)?;
        let mut map = indexmap::IndexMap::with_capacity(entries.len().min(1024));
        for (key, item) in entries {
            let key = self.key(&key)?;
            self.count(2)?;
            if map.contains_key(&key) {
                return Err(self.formless(format!("two keys of the answer both read '{key}'")));
            }
            let item = self.value(&item, depth + 1)?;
            map.insert(key, item);
        }
        Ok(Value::Map(map))
    }

    /// A key: text as it is, numbers as their shortest text (`96.0` is `96`).
    fn key(&mut self, key: &Bound<'py, PyAny>) -> Result<String, Fault> {
        if let Ok(text) = key.cast::<PyString>() {
            return self.text(text);
        }
        if key.is_instance_of::<PyBool>() {
            return Err(self.formless("a key of the answer is a bool".into()));
        }
        if let Ok(number) = key.extract::<i64>() {
            return Ok(number.to_string());
        }
        match key.cast::<PyFloat>() {
            Ok(number) if number.value().is_finite() => Ok(number.value().to_string()),
            _ => Err(self.formless(format!("a key of the answer is a {}", type_name(key)))),
        }
    }

    fn text(&mut self, text: &Bound<'py, PyString>) -> Result<String, Fault> {
        match text.to_str() {
            Ok(text) => {
                self.count(text.len() + 2)?;
                Ok(text.to_owned())
            }
            Err(error) if error.is_instance_of::<PyUnicodeEncodeError>(text.py()) => {
                let text = text.to_string_lossy().into_owned();
                self.count(text.len() + 2)?;
                Ok(text)
            }
            Err(error) => Err(self.formless(error.to_string())),
        }
    }

    /// Counts bytes, so that an answer that cannot be sent is not copied first.
    fn count(&mut self, bytes: usize) -> Result<(), Fault> {
        self.bytes += bytes;
        if self.bytes <= MAX_LINE_BYTES {
            return Ok(());
        }
        Err(Fault::TooLarge { method: self.method.to_owned(), bytes: self.bytes, limit: MAX_LINE_BYTES })
    }

    fn formless(&self, message: String) -> Fault {
        Fault::Raised { method: self.method.to_owned(), exception: "UnexpectedAnswer".to_owned(), message }
    }
}

/// Whether this is an object of Resolve's. All are of one type.
fn is_remote(object: &Bound<'_, PyAny>) -> bool {
    object.get_type().name().is_ok_and(|name| name == REMOTE_TYPE)
}

/// Resolve's class of a remote object, read off its text: `Timeline (0x…) [App: 'Resolve' on …]`.
pub fn class_in_repr(object: &Bound<'_, PyAny>) -> Option<String> {
    let repr = object.repr().ok()?;
    let repr = repr.to_string_lossy();
    let (class, _) = repr.split_once(" (")?;
    let named =
        !class.is_empty() && class.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    named.then(|| class.to_owned())
}

/// The Python type of an object, for messages.
pub fn type_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string())
}
