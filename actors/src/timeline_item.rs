//! The operation that sets inspector values of a timeline item.

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect, catalogue};
use resolve_api::kind::{Kind, Param};
use resolve_api::vocabulary::Values;
use resolve_api::{Fault, Locator, Value};

use crate::arguments::{Arguments, invalid};
use crate::error::CallError;
use crate::operation::{Answer, Args, Operation};
use crate::session::Session;
use crate::verify::{Observed, not_verified, same};

/// Sets inspector values.
pub(crate) const SET_ITEM_PROPERTIES: Operation = Operation {
    name: "set_item_properties",
    title: "Set item properties",
    domain: Domain::TimelineItem,
    effect: Effect::Write,
    doc: "Sets inspector values of an item of the current timeline: position (Pan, Tilt in pixels), size (ZoomX, \
          ZoomY), RotationAngle, crop (CropLeft … in pixels), Opacity (percent), CompositeMode and more. Values that \
          are not named stay. Answers each value as it was before and as read back.",
    params: || {
        vec![
            Param::required("item", Kind::object("TimelineItem"), "the item: its id, from timeline_read"),
            Param::required(
                "properties",
                Kind::dict("TimelineItemProperties"),
                "the values, such as {\"ZoomX\": 1.2, \"ZoomY\": 1.2, \"Opacity\": 80}",
            ),
        ]
    },
    run: |session, args| Box::pin(set_item_properties(session, args)),
};

async fn set_item_properties(session: &Session, args: Args) -> Result<Answer, CallError> {
    let item = args.maybe_object("item").ok_or_else(|| invalid("item", "must be a timeline item"))?;
    let properties = args.get("properties").and_then(Value::as_map).filter(|entries| !entries.is_empty());
    let properties = properties.ok_or_else(|| invalid("properties", "name at least one value to set"))?;
    let item = session.by_id(item).await?;
    let before = session.properties(&item).await?;
    let method = session.set_properties(&item, properties).await?;
    let after = session.properties(&item).await?;
    let mut observed = Observed::default();
    let mut was = IndexMap::new();
    for (key, requested) in properties {
        let old = before.get(key).cloned().unwrap_or(Value::Null);
        let new = after.get(key).cloned().unwrap_or(Value::Null);
        if !is_set(requested, &old, &new) {
            return Err(not_verified(method, key, requested, &new));
        }
        was.insert(key.clone(), old);
        observed.note(key, requested.clone(), new);
    }
    Ok(observed
        .into_answer(IndexMap::from_iter([
            ("item".to_owned(), Value::Map(session.id_and_name(&item).await?)),
            ("before".to_owned(), Value::Map(was)),
        ]))
        .into())
}

/// Whether a value reads as it was set. A constant reads as its number; where that is only inferred from the order of
/// a list, a change is proof enough that it was taken.
fn is_set(requested: &Value, old: &Value, new: &Value) -> bool {
    let Value::Constant(constant) = requested else { return same(requested, new) };
    let known = catalogue().enumerations().find_map(|enumeration| match &enumeration.values {
        Values::Constants(constants) => constants.iter().find(|known| known.name == constant.name),
        _ => None,
    });
    let (stated, inferred) = known.map_or((None, None), |known| (known.stated, known.inferred));
    match (stated, inferred, new.as_f64()) {
        (Some(number), _, Some(new)) | (None, Some(number), Some(new)) if number == new => true,
        (Some(_), ..) | (.., None) => false,
        _ => !same(old, new),
    }
}

impl Session {
    /// All inspector values. Builds before 21.1 know them by another method.
    async fn properties(&self, item: &Locator) -> Result<IndexMap<String, Value>, CallError> {
        match self.map(item, "GetProperties", []).await {
            Err(CallError::Fault(Fault::NoSuchMethod { .. })) => self.map(item, "GetProperty", []).await,
            properties => properties,
        }
    }

    /// Sets the values at once; builds before 21.1 take them one by one. Answers the method that was used.
    async fn set_properties(
        &self,
        item: &Locator,
        properties: &IndexMap<String, Value>,
    ) -> Result<&'static str, CallError> {
        match self.call(item.clone(), "SetProperties", [Value::Map(properties.clone())]).await {
            Err(CallError::Fault(Fault::NoSuchMethod { .. })) => {}
            done => return done.map(|_| "TimelineItem.SetProperties"),
        }
        for (key, value) in properties {
            self.call(item.clone(), "SetProperty", [key.as_str().into(), value.clone()]).await?;
        }
        Ok("TimelineItem.SetProperty")
    }
}
