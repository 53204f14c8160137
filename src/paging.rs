//! A part of a long list, and of its entries only the fields that are asked for.

use resolve_actors::Args;
use resolve_api::Value;
use resolve_api::catalogue::Effect;
use resolve_api::kind::{Kind, Param};
use serde_json::{Map, Value as Json};

use crate::error::{Code, ToolError};

/// Entries of a list unless asked otherwise: 50 objects with a few fields are about 4,000 tokens.
const LIMIT: usize = 50;

/// The most entries of one answer: beyond 200 a list fills a window, and names alone are found with a search.
const LIMIT_LARGEST: usize = 200;

/// The parameters that ask for a part.
pub fn params() -> [Param; 3] {
    [
        Param::optional("limit", Kind::Int, "at most so many entries")
            .or(LIMIT)
            .at_least(1.0)
            .at_most(LIMIT_LARGEST as f64),
        Param::optional("cursor", Kind::Str, "next_cursor of the last answer"),
        Param::optional("fields", Kind::list(Kind::Str), "only these keys of each entry"),
    ]
}

/// The part that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    from: usize,
    limit: usize,
    fields: Vec<String>,
    /// Whether the call may be made again for the rest: only one that changes nothing.
    may_repeat: bool,
}

impl Page {
    /// The part that checked arguments ask for, of what a call with this effect answers.
    ///
    /// # Errors
    /// `invalid_argument` for a cursor that is none, or that would make a change a second time.
    pub fn of(args: &Args, effect: Effect) -> Result<Self, ToolError> {
        let limit = args.get("limit").and_then(Value::as_int).and_then(|limit| usize::try_from(limit).ok());
        let fields = args.get("fields").and_then(Value::as_list).unwrap_or_default();
        let may_repeat = effect == Effect::Read;
        let from = match args.get("cursor").and_then(Value::as_str) {
            None => 0,
            Some(cursor) if !may_repeat => {
                return Err(wrong(
                    cursor,
                    "only a call that changes nothing is made again for the rest of its answer",
                ));
            }
            Some(cursor) => {
                cursor.parse().map_err(|_| wrong(cursor, "pass next_cursor of the answer before as it is"))?
            }
        };
        Ok(Self {
            from,
            limit: limit.unwrap_or(LIMIT).clamp(1, LIMIT_LARGEST),
            fields: fields.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            may_repeat,
        })
    }

    /// Puts the part of `value` that is asked for into `body`: as `value`, with `total` and `next_cursor` where it is
    /// a list. A dict whose entries are dicts, such as markers by frame, is a list with names.
    pub fn put(&self, value: Json, body: &mut Map<String, Json>) {
        match value {
            Json::Array(items) => {
                let total = items.len();
                let (from, to) = self.range(total);
                let part = items.into_iter().skip(from).take(to - from);
                body.insert("value".to_owned(), part.map(|entry| self.narrow(entry)).collect());
                self.tell(total, to, body);
            }
            Json::Object(entries)
                if !entries.is_empty()
                    && entries.values().all(Json::is_object)
                    && !is_reference(&entries) =>
            {
                let total = entries.len();
                let (from, to) = self.range(total);
                let part = entries.into_iter().skip(from).take(to - from);
                let part = part.map(|(name, entry)| (name, self.narrow(entry))).collect();
                body.insert("value".to_owned(), Json::Object(part));
                self.tell(total, to, body);
            }
            other => {
                body.insert("value".to_owned(), self.narrow(other));
            }
        }
    }

    /// Leaves in the lists of an overview only the fields that are asked for, and the id of each entry.
    pub fn narrow_lists(fields: &[String], body: &mut Map<String, Json>) {
        let asked = |name: &str| name == "id" || fields.iter().any(|field| field.eq_ignore_ascii_case(name));
        let lists = body.values_mut().filter_map(Json::as_array_mut);
        for entry in lists.flatten().filter_map(Json::as_object_mut) {
            entry.retain(|name, _| asked(name));
        }
    }

    /// From where to where; all of what cannot be asked for again.
    fn range(&self, total: usize) -> (usize, usize) {
        if !self.may_repeat {
            return (0, total);
        }
        let from = self.from.min(total);
        (from, from.saturating_add(self.limit).min(total))
    }

    fn tell(&self, total: usize, to: usize, body: &mut Map<String, Json>) {
        body.insert("total".to_owned(), total.into());
        if to < total {
            body.insert("next_cursor".to_owned(), to.to_string().into());
        }
    }

    /// An entry with only the fields that are asked for; what names an object stays.
    fn narrow(&self, entry: Json) -> Json {
        match entry {
            Json::Object(entries) if !self.fields.is_empty() && !is_reference(&entries) => {
                let asked = |name: &String| self.fields.iter().any(|field| field.eq_ignore_ascii_case(name));
                Json::Object(entries.into_iter().filter(|(name, _)| asked(name)).collect())
            }
            other => other,
        }
    }
}

/// Whether this is an object of Resolve, as a reply names it.
fn is_reference(entries: &Map<String, Json>) -> bool {
    entries.get("class").is_some_and(Json::is_string)
}

fn wrong(cursor: &str, why: &str) -> ToolError {
    ToolError::new(Code::InvalidArgument, format!("cursor: '{cursor}' cannot be used: {why}"))
        .at("cursor")
        .with_hint("leave cursor out; limit and fields make an answer smaller")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(args: Json, effect: Effect) -> Result<Page, ToolError> {
        let Json::Object(args) = args else { panic!("arguments are an object") };
        Page::of(&crate::arguments::check(&params(), args)?, effect)
    }

    fn put(page: &Page, value: Json) -> Json {
        let mut body = Map::new();
        page.put(value, &mut body);
        Json::Object(body)
    }

    /// Following the cursors gives every entry once.
    #[test]
    fn a_list_comes_in_parts() {
        let first = page(json!({"limit": 2}), Effect::Read).unwrap();
        assert_eq!(json!({"value": [1, 2], "total": 3, "next_cursor": "2"}), put(&first, json!([1, 2, 3])));

        let rest = page(json!({"limit": 2, "cursor": "2"}), Effect::Read).unwrap();
        assert_eq!(json!({"value": [3], "total": 3}), put(&rest, json!([1, 2, 3])));
    }

    /// Markers come as a dict by frame: a timeline with a thousand of them is a long list all the same.
    #[test]
    fn a_dict_of_dicts_is_a_list_with_names() {
        let markers = json!({"0": {"name": "a", "note": "x"}, "24": {"name": "b", "note": "y"}});
        let one = page(json!({"limit": 1, "fields": ["name"]}), Effect::Read).unwrap();

        assert_eq!(
            json!({"value": {"0": {"name": "a"}}, "total": 2, "next_cursor": "1"}),
            put(&one, markers)
        );
        let settings = json!({"timelineFrameRate": "24", "x": "1"});
        assert_eq!(
            json!({"value": settings}),
            put(&page(json!({"limit": 1}), Effect::Read).unwrap(), settings.clone())
        );
    }

    /// An import that is made again for its second page would import twice: its answer comes whole.
    #[test]
    fn a_write_is_not_made_again_for_the_rest() {
        let write = page(json!({"limit": 1}), Effect::Write).unwrap();
        assert_eq!(json!({"value": [1, 2], "total": 2}), put(&write, json!([1, 2])));

        let error = page(json!({"cursor": "1"}), Effect::Write).unwrap_err();
        assert_eq!((Code::InvalidArgument, Some("cursor")), (error.code, error.path.as_deref()));
        assert!(page(json!({"cursor": "next"}), Effect::Read).is_err());
    }

    /// What an object is named by is no field that can be left out: without it nothing can be done with the entry.
    #[test]
    fn objects_stay_whole() {
        let names = page(json!({"fields": ["name"]}), Effect::Read).unwrap();
        let clips = json!([{"class": "MediaPoolItem", "id": "a"}]);

        assert_eq!(json!({"value": clips, "total": 1}), put(&names, clips.clone()));
    }
}
