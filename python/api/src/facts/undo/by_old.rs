//! What puts back from what was read before a write: which calls, and for which of its entries.

use super::ByOld;
use crate::facts::compare;
use crate::facts::read_back::entry;
use crate::facts::template::Places;
use crate::facts::watch::Part;
use crate::value::Value;
use crate::wire::MethodCall;

impl ByOld {
    pub(super) fn made(&self, places: &Places<'_>) -> Option<Vec<MethodCall>> {
        let old = places.old;
        if let Some(unless) = &self.unless
            && compare::contains(old, &unless.fill(places)?) == Some(true)
        {
            return Some(Vec::new());
        }
        if let Some(empty) = self.empty.as_ref().filter(|_| compare::is_empty(old)) {
            return empty.iter().map(|call| call.made(places)).collect();
        }
        // A call that would put something back which was not there is not made.
        let mut made: Vec<MethodCall> = self.calls.iter().filter_map(|call| call.made(places)).collect();
        let Some(each) = &self.each else { return (!made.is_empty()).then_some(made) };
        for (key, value) in self.entries(places)? {
            made.push(each.made(&Places { entry: Some((&key, &value)), ..*places })?);
        }
        Some(made)
    }

    /// The parts of the reader's answer that the write changes.
    pub(super) fn parts(&self, places: &Places<'_>) -> Vec<Part> {
        if let Some(unless) = &self.unless {
            return unless.fill(places).map(Part::Has).into_iter().collect();
        }
        if let Some(at) = &self.at {
            return at.fill(places).map(Part::Key).into_iter().collect();
        }
        match self.those.as_ref().and_then(|those| those.fill(places)) {
            None => vec![Part::Whole],
            Some(Value::Map(_)) => {
                let entries = self.entries(places).unwrap_or_default();
                entries.into_iter().map(|(key, _)| Part::Key(key)).collect()
            }
            Some(word) if word.as_str().is_some_and(|word| word.eq_ignore_ascii_case("all")) => {
                vec![Part::Whole]
            }
            Some(wanted) => vec![Part::Has(wanted)],
        }
    }

    /// The entries of what was there that are meant.
    fn entries(&self, places: &Places<'_>) -> Option<Vec<(Value, Value)>> {
        let number = |text: &str| text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from);
        let all: Vec<(Value, Value)> = match places.old {
            Value::Map(entries) => entries.iter().map(|(key, value)| (number(key), value.clone())).collect(),
            Value::List(entries) => entries.iter().map(|value| (Value::Null, value.clone())).collect(),
            Value::Null => Vec::new(),
            _ => return None,
        };
        if let Some(at) = &self.at {
            let key = at.fill(places)?;
            let found = entry(places.old, &key).cloned();
            return Some(found.map(|value| (key, value)).into_iter().collect());
        }
        let Some(those) = &self.those else { return Some(all) };
        let wanted = those.fill(places)?;
        let word = wanted.as_map().and_then(|map| map.values().next()).unwrap_or(&wanted);
        if word.as_str().is_some_and(|word| word.eq_ignore_ascii_case("all")) {
            return Some(all);
        }
        Some(all.into_iter().filter(|(_, value)| compare::same(&wanted, value) == Some(true)).collect())
    }
}
