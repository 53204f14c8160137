//! The notation of the rows: `duration|len?: int 1.. = 1 — frames` becomes a parameter, `[Folder]?` a kind.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::kind::{Kind, Param, Presence};
use crate::vocabulary::{Choice, Enumeration, Values};

/// What stands between a parameter, a kind or a value and the words about it.
const DASH: &str = " — ";

/// Reads the notation, and knows which names are enumerations, dicts and classes.
#[derive(Default)]
pub(crate) struct Notation {
    names: HashMap<String, fn(String) -> Kind>,
    /// The enumerations that were written out in a row, by their text.
    pub(crate) literals: IndexMap<String, Enumeration>,
}

impl Notation {
    /// Makes `name` mean what `kind` makes of it; false if the name has a meaning already.
    pub(crate) fn define(&mut self, name: &str, kind: fn(String) -> Kind) -> bool {
        self.names.insert(name.to_owned(), kind).is_none()
    }

    /// Reads one parameter. A name that starts with `*` stands for any number of arguments (see [`variadic`]).
    pub(crate) fn param(&mut self, text: &str) -> Result<Param, String> {
        let (head, doc) = split_doc(text);
        let (names, rest) =
            head.split_once(':').ok_or_else(|| format!("'{text}' has no ':' after its name"))?;
        let (names, required) = match names.strip_suffix('?') {
            Some(names) => (names, false),
            None => (names, true),
        };
        let mut names = names.split('|').map(str::to_owned);
        let name =
            names.next().filter(|name| !name.is_empty()).ok_or_else(|| format!("'{text}' has no name"))?;
        let mut param = Param { older_names: names.collect(), ..Param::required(name, Kind::Any, doc) };
        param.required = required;

        let mut cursor = Cursor { rest: rest.trim(), notation: self };
        param.kind = cursor.kind()?;
        let mut rest = cursor.rest.trim();
        if let Some((before, default)) = rest.split_once('=') {
            let default: serde_json::Value =
                serde_json::from_str(default).map_err(|error| format!("default of '{text}': {error}"))?;
            param = param.or(default);
            param.required = false;
            rest = before.trim();
        }
        if !rest.is_empty() {
            let (low, high) = rest.split_once("..").ok_or_else(|| format!("'{text}': what is '{rest}'?"))?;
            param.minimum = bound(low, text)?;
            param.maximum = bound(high, text)?;
        }
        Ok(param)
    }

    /// Reads a kind and the words after it.
    pub(crate) fn kind(&mut self, text: &str) -> Result<(Kind, String), String> {
        let (head, doc) = split_doc(text);
        let mut cursor = Cursor { rest: head, notation: self };
        let kind = cursor.kind()?;
        match cursor.rest.trim() {
            "" => Ok((kind, doc.to_owned())),
            rest => Err(format!("'{text}': what is '{rest}'?")),
        }
    }
}

/// The parameter behind a leading `*`, if this one has it.
pub(crate) fn variadic(param: &Param) -> Option<Param> {
    param.name.strip_prefix('*').map(|name| Param { name: name.to_owned(), ..param.clone() })
}

/// Cuts the words off that follow a dash.
pub(crate) fn split_doc(text: &str) -> (&str, &str) {
    text.split_once(DASH).unwrap_or((text, ""))
}

fn bound(text: &str, whole: &str) -> Result<Option<f64>, String> {
    match text.trim() {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| format!("'{whole}': '{number}' is not a number")),
    }
}

struct Cursor<'a, 'n> {
    rest: &'a str,
    notation: &'n mut Notation,
}

impl<'a> Cursor<'a, '_> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(format!("'{token}' expected before '{}'", self.rest)) }
    }

    /// Alternatives; written-out values among them become one enumeration, `null` makes the rest optional.
    fn kind(&mut self) -> Result<Kind, String> {
        let mut kinds = Vec::new();
        let mut choices = Vec::new();
        let mut nullable = false;
        loop {
            match self.literal()? {
                Some(choice) => choices.push(choice),
                None => match self.suffixed()? {
                    Kind::Null => nullable = true,
                    kind => kinds.push(kind),
                },
            }
            if !self.eat("|") {
                break;
            }
        }
        if !choices.is_empty() {
            kinds.insert(0, self.enumeration(choices)?);
        }
        let kind = match kinds.len() {
            0 => return Ok(Kind::Null),
            1 => kinds.remove(0),
            _ => Kind::OneOf(kinds),
        };
        Ok(if nullable { Kind::optional(kind) } else { kind })
    }

    fn suffixed(&mut self) -> Result<Kind, String> {
        let kind = self.primary()?;
        Ok(if self.rest.starts_with('?') && self.eat("?") { Kind::optional(kind) } else { kind })
    }

    fn primary(&mut self) -> Result<Kind, String> {
        if self.eat("[") {
            let item = self.kind()?;
            self.expect("]")?;
            return Ok(Kind::list(item));
        }
        if self.eat("{") {
            let key = self.kind()?;
            self.expect(":")?;
            let value = self.kind()?;
            self.expect("}")?;
            return Ok(Kind::Map(Box::new(key), Box::new(value)));
        }
        if self.eat("(") {
            let mut items = vec![self.kind()?];
            while self.eat(",") {
                items.push(self.kind()?);
            }
            self.expect(")")?;
            return Ok(if items.len() == 1 { items.remove(0) } else { Kind::Tuple(items) });
        }
        let name = self.word();
        Ok(match name {
            "str" => Kind::Str,
            "int" => Kind::Int,
            "number" => Kind::Number,
            "bool" => Kind::Bool,
            "any" => Kind::Any,
            "timecode" => Kind::Timecode,
            "json" => Kind::JsonText,
            "null" => Kind::Null,
            "position" => Kind::Position,
            _ if let Some(presence) = Presence::ALL.into_iter().find(|known| known.word() == name) => {
                Kind::Path(presence)
            }
            _ => match self.notation.names.get(name) {
                Some(kind) => kind(name.to_owned()),
                None => return Err(format!("there is no kind '{name}' (before '{}')", self.rest)),
            },
        })
    }

    fn word(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// `"text"` or a whole number.
    fn literal(&mut self) -> Result<Option<Literal>, String> {
        if self.eat("\"") {
            let (text, rest) = self.rest.split_once('"').ok_or("a text has no closing quote")?;
            self.rest = rest;
            return Ok(Some(Literal::Text(text.to_owned())));
        }
        self.rest = self.rest.trim_start();
        if !self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return Ok(None);
        }
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        number
            .parse()
            .map(|number| Some(Literal::Integer(number)))
            .map_err(|_| format!("'{number}' is no number"))
    }

    fn enumeration(&mut self, literals: Vec<Literal>) -> Result<Kind, String> {
        let name = literals.iter().map(Literal::to_string).collect::<Vec<_>>().join(" | ");
        let values = if literals.iter().all(|literal| matches!(literal, Literal::Text(_))) {
            Values::Texts(literals.into_iter().map(|literal| Choice::new(literal.text())).collect())
        } else {
            let numbers: Option<Vec<i64>> = literals.iter().map(Literal::integer).collect();
            let numbers = numbers.ok_or_else(|| format!("'{name}' mixes text and numbers"))?;
            Values::Integers(numbers.into_iter().map(|number| (number, String::new())).collect())
        };
        let enumeration =
            Enumeration { name: name.clone(), doc: String::new(), values, open: false, since: None };
        self.notation.literals.entry(name.clone()).or_insert(enumeration);
        Ok(Kind::Enum(name))
    }
}

enum Literal {
    Text(String),
    Integer(i64),
}

impl Literal {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Integer(number) => number.to_string(),
        }
    }

    fn integer(&self) -> Option<i64> {
        match self {
            Self::Text(_) => None,
            Self::Integer(number) => Some(*number),
        }
    }
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Integer(number) => write!(f, "{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notation() -> Notation {
        let mut notation = Notation::default();
        notation.define("MarkerColor", Kind::Enum);
        notation.define("Folder", Kind::Object);
        notation
    }

    /// Every part of a parameter lands in its field; a row that reads differently would send wrong arguments.
    #[test]
    fn reads_every_part_of_a_parameter() {
        let param = notation().param("duration|len: int 1..9 = 1 — frames: an example").unwrap();

        let expected = Param {
            older_names: vec!["len".into()],
            minimum: Some(1.0),
            maximum: Some(9.0),
            ..Param::optional("duration", Kind::Int, "frames: an example").or(1)
        };
        assert_eq!(param, expected);
    }

    /// A name with a blank, a missing default and an open range are as valid as the short forms.
    #[test]
    fn reads_the_optional_parts() {
        let mut notation = notation();

        assert_eq!(
            notation.param("File Path?: path").unwrap(),
            Param::optional("File Path", Kind::Path(Presence::Any), "")
        );
        assert_eq!(
            notation.param("n: number ..0.5").unwrap(),
            Param::required("n", Kind::Number, "").at_most(0.5)
        );
        let any = notation.param("*clips: Folder").unwrap();
        assert_eq!(variadic(&any).unwrap(), Param::required("clips", Kind::object("Folder"), ""));
    }

    /// Each bracket of the type language, nested, is written back as it was read.
    #[test]
    fn reads_and_writes_each_bracket() {
        for text in [
            "[Folder]",
            "{str: [MarkerColor]}",
            "(str, int)",
            "int | str",
            "bool?",
            "int | str | null",
            "\"0\" | \"1\"",
            "1 | 2",
            "[{int: any}?]",
        ] {
            assert_eq!(notation().kind(text).unwrap().0.to_string(), text);
        }
    }

    /// A misspelt kind in a row is an error at load, not a kind that accepts nothing.
    #[test]
    fn refuses_unknown_names_and_leftovers() {
        assert_eq!(notation().kind("Folders").unwrap_err(), "there is no kind 'Folders' (before '')");
        assert_eq!(notation().kind("int int").unwrap_err(), "'int int': what is 'int'?");
        assert!(notation().param("name str").is_err());
    }
}
