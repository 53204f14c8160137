//! Presets of the program: by which calls they are listed, written to files, read from them and deleted.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;

use crate::locator::Locator;
use crate::value::Value;
use crate::wire::MethodCall;

/// The calls about presets of one kind, `Class.Method` each.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presets {
    list: String,
    export: String,
    import: String,
    delete: String,
    /// Writes that name the preset which they change.
    named: HashSet<String>,
    /// Whether an import takes the name from the file alone.
    #[serde(default)]
    pub named_by_file: bool,
    /// Whether an export takes the path as that of a folder, in which it writes `<name>.xml`.
    #[serde(default)]
    pub into_folder: bool,
    /// Whether an import also loads the preset.
    #[serde(default)]
    pub loads: bool,
}

impl Presets {
    /// Every write of presets of this kind.
    pub(super) fn writes(&self) -> impl Iterator<Item = &str> {
        self.named.iter().chain([&self.import]).map(String::as_str)
    }

    /// Every method that is called.
    pub(super) fn called(&self) -> impl Iterator<Item = &str> {
        [&self.list, &self.export, &self.import, &self.delete].into_iter().map(String::as_str)
    }

    /// Whether a write imports a preset.
    pub fn imports(&self, write: &MethodCall) -> bool {
        write.label() == self.import
    }

    /// The name of the preset that a write changes.
    pub fn name(&self, write: &MethodCall) -> Option<String> {
        let text =
            |place: usize| write.args.get(place).and_then(Value::as_str).filter(|text| !text.is_empty());
        if !self.imports(write) {
            return text(0).map(str::to_owned);
        }
        let of_file = || Some(Path::new(text(0)?).file_stem()?.to_str()?.to_owned());
        text(1).map(str::to_owned).or_else(of_file)
    }

    /// The call that lists them.
    pub fn list(&self) -> Option<MethodCall> {
        made(&self.list, vec![])
    }

    /// The call that writes one to a path.
    pub fn export(&self, name: &str, path: &str) -> Option<MethodCall> {
        made(&self.export, vec![name.into(), path.into()])
    }

    /// The call that reads one from a file.
    pub fn import(&self, name: &str, path: &str) -> Option<MethodCall> {
        let name = (!self.named_by_file).then(|| name.into());
        made(&self.import, [path.into()].into_iter().chain(name).collect())
    }

    /// The call that deletes one.
    pub fn delete(&self, name: &str) -> Option<MethodCall> {
        made(&self.delete, vec![name.into()])
    }
}

fn made(label: &str, args: Vec<Value>) -> Option<MethodCall> {
    let (class, method) = label.split_once('.')?;
    Some(MethodCall::new(Locator::implied(class)?, method, args))
}
