//! The operation that sets inspector values of a timeline item.

use indexmap::IndexMap;
use resolve_api::batch::{Batch, BatchStep, StepOutcome, Target};
use resolve_api::catalogue::{Domain, Effect, catalogue};
use resolve_api::kind::{Kind, Param};
use resolve_api::vocabulary::Values;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};

use crate::arguments::{Arguments, invalid};
use crate::dry_run;
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
    doc: "Sets inspector values of an item of the current timeline, such as Pan (pixels), ZoomX, RotationAngle, CropLeft, \
          Opacity (percent) or CompositeMode. Values that are not named stay. Answers each value as it was before and as \
          read back.",
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
    if session.is_dry_run() {
        let all = session.properties(&item).await?;
        let now = properties.keys().map(|key| (key.as_str(), all.get(key).cloned().unwrap_or(Value::Null)));
        let plan = [
            ("item", Value::Map(session.id_and_name(&item).await?)),
            ("count", Value::Int(properties.len() as i64)),
            ("now", Value::map(now)),
            ("requested", Value::Map(properties.clone())),
        ];
        return Ok(dry_run::plan("set the values of the item", plan));
    }
    let Change { method, before, after } = session.change_properties(&item, properties).await?;
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
            ("item".to_owned(), Value::map([("id", item.id().map(str::to_owned).into())])),
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
    /// Sets inspector values, and reads all of them before and after: in one hop where the build has the methods of
    /// 21.1, and one by one on older ones.
    async fn change_properties(
        &self,
        item: &Locator,
        properties: &IndexMap<String, Value>,
    ) -> Result<Change, CallError> {
        let step =
            |method: &str, args: Vec<Value>| BatchStep::new(Target::Object(item.clone()), method, args);
        let steps = vec![
            step("GetProperties", vec![]),
            step("SetProperties", vec![Value::Map(properties.clone())]),
            step("GetProperties", vec![]),
        ];
        let mut read = Vec::new();
        for outcome in self.batch(Batch { steps, go_on: false }).await? {
            match outcome {
                StepOutcome::Value(Value::Map(entries)) => read.push(entries),
                StepOutcome::Failed { fault: Fault::NoSuchMethod { .. }, .. } => {
                    return self.change_one_by_one(item, properties).await;
                }
                StepOutcome::Failed { fault, .. } => return Err(fault.into()),
                _ => {}
            }
        }
        let after = read.pop().unwrap_or_default();
        let before = read.pop().unwrap_or_default();
        let write = MethodCall::new(item.clone(), "SetProperties", [Value::Map(properties.clone())]);
        let now = Value::Map(after.clone());
        self.wrote(&write, Value::Map(before.clone()), &now).await;
        Ok(Change { method: "TimelineItem.SetProperties", before, after })
    }

    /// All inspector values of an item, in the way of this build.
    async fn properties(&self, item: &Locator) -> Result<IndexMap<String, Value>, CallError> {
        match self.map(item, "GetProperties", []).await {
            Err(CallError::Fault(Fault::NoSuchMethod { .. })) => self.map(item, "GetProperty", []).await,
            read => read,
        }
    }

    async fn change_one_by_one(
        &self,
        item: &Locator,
        properties: &IndexMap<String, Value>,
    ) -> Result<Change, CallError> {
        let before = self.map(item, "GetProperty", []).await?;
        for (key, value) in properties {
            self.call(item.clone(), "SetProperty", [key.as_str().into(), value.clone()]).await?;
        }
        let after = self.map(item, "GetProperty", []).await?;
        Ok(Change { method: "TimelineItem.SetProperty", before, after })
    }
}

/// All inspector values of an item before and after some were set.
struct Change {
    /// The method that set them.
    method: &'static str,
    before: IndexMap<String, Value>,
    after: IndexMap<String, Value>,
}
