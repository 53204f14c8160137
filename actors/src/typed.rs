//! Calls within a session whose answers have a type.

use indexmap::IndexMap;
use resolve_api::shorten::shortened;
use resolve_api::{Fault, Key, Locator, Value};

use crate::error::CallError;
use crate::session::Session;

impl Session {
    /// Text; empty where Resolve has none.
    pub(crate) async fn text(
        &self,
        on: &Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<String, CallError> {
        match self.call(on.clone(), method, args).await? {
            Value::Str(text) => Ok(text),
            Value::Null => Ok(String::new()),
            other => Err(unexpected(on, method, "text", &other)),
        }
    }

    /// A whole number.
    pub(crate) async fn int(
        &self,
        on: &Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<i64, CallError> {
        let answer = self.call(on.clone(), method, args).await?;
        answer.as_int().ok_or_else(|| unexpected(on, method, "a whole number", &answer))
    }

    /// True or false.
    pub(crate) async fn bool(
        &self,
        on: &Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<bool, CallError> {
        let answer = self.call(on.clone(), method, args).await?;
        answer.as_bool().ok_or_else(|| unexpected(on, method, "true or false", &answer))
    }

    /// An object that may be missing.
    pub(crate) async fn maybe_object(
        &self,
        on: &Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<Option<Locator>, CallError> {
        match self.call(on.clone(), method, args).await? {
            Value::Object(object) => Ok(Some(object.locator)),
            Value::Null => Ok(None),
            other => Err(unexpected(on, method, "an object", &other)),
        }
    }

    /// An object that must be there.
    pub(crate) async fn object(
        &self,
        on: &Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<Locator, CallError> {
        let object = self.maybe_object(on, method, args).await?;
        object.ok_or_else(|| unexpected(on, method, "an object", &Value::Null))
    }

    /// A list; where Resolve has none it answers `None`. Elements that are `None` are left out.
    pub(crate) async fn list(
        &self,
        on: &Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<Vec<Value>, CallError> {
        match self.call(on.clone(), method, args).await? {
            Value::List(items) => Ok(items.into_iter().filter(|item| *item != Value::Null).collect()),
            Value::Null => Ok(Vec::new()),
            other => Err(unexpected(on, method, "a list", &other)),
        }
    }

    /// A list of objects.
    pub(crate) async fn objects(
        &self,
        on: &Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<Vec<Locator>, CallError> {
        let items = self.list(on, method, args).await?;
        let objects = items.into_iter().map(|item| match item {
            Value::Object(object) => Ok(object.locator),
            other => Err(unexpected(on, method, "a list of objects", &other)),
        });
        objects.collect()
    }

    /// A dict; empty where Resolve has none.
    pub(crate) async fn map(
        &self,
        on: &Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<IndexMap<String, Value>, CallError> {
        match self.call(on.clone(), method, args).await? {
            Value::Map(entries) => Ok(entries),
            Value::Null => Ok(IndexMap::new()),
            Value::List(items) if items.is_empty() => Ok(IndexMap::new()),
            other => Err(unexpected(on, method, "a dict", &other)),
        }
    }

    /// The object with its unique id in place of "current", a name or an index: the answer of an operation names
    /// what it worked on even if another becomes current meanwhile.
    pub(crate) async fn by_id(&self, on: &Locator) -> Result<Locator, CallError> {
        if on.id().is_some() {
            return Ok(on.clone());
        }
        // Asked beside the tool's own calls: what is noted of these needs it, too.
        let id = match self.ask(on.clone(), "GetUniqueId", vec![]).await? {
            Value::Null => String::new(),
            Value::Str(id) => id,
            other => return Err(unexpected(on, "GetUniqueId", "text", &other)),
        };
        Locator::by_id(on.class(), &id).ok_or_else(|| unexpected(on, "GetUniqueId", "an id", &id.into()))
    }

    /// `{id, name}` of an object that has both.
    pub(crate) async fn id_and_name(&self, on: &Locator) -> Result<IndexMap<String, Value>, CallError> {
        let id = match on.id() {
            Some(id) => id.to_owned(),
            None => self.text(on, "GetUniqueId", []).await?,
        };
        let name = self.text(on, "GetName", []).await?;
        Ok(IndexMap::from_iter([("id".to_owned(), id.into()), ("name".to_owned(), name.into())]))
    }
}

/// The timeline that is shown.
pub(crate) const CURRENT_TIMELINE: Locator = Locator::Timeline(Key::Current);

pub(crate) fn unexpected(on: &Locator, method: &str, wanted: &str, got: &Value) -> CallError {
    let answer = shortened(serde_json::to_string(got).unwrap_or_default(), 200);
    Fault::Refused {
        method: format!("{}.{method}", on.class()),
        reason: Some(format!("it answered {answer} where {wanted} is promised")),
    }
    .into()
}
