//! Starting renders, and the settings that a render is told.

use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::{Guarded, Next, bare_refusal, is_refusal, refused, wrong};

/// More kilobits per second than any delivery has (uncompressed 8K is 48 million, and nobody sets that by bit rate);
/// a number above was meant as bits, and Resolve takes it as no limit.
const MOST_KILOBITS: f64 = 2_000_000.0;

/// Starts jobs by their ids only: without any, every job of the queue would start, other people's too.
pub(super) fn start(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let mut jobs = Vec::new();
        for (index, value) in call.args.iter().enumerate() {
            let named = match value {
                Value::List(items) => items.as_slice(),
                Value::Bool(_) => continue,
                one => std::slice::from_ref(one),
            };
            for job in named {
                let Some(job) = job.as_str().filter(|job| !job.is_empty()) else {
                    let reason = "a job is named by its id, which is text; numbers count places in a queue that others use";
                    return Err(wrong(
                        format!("args[{index}]"),
                        reason,
                        "use the ids that AddRenderJob answered",
                        vec![],
                    ));
                };
                jobs.push((index, job.to_owned()));
            }
        }
        let listed = next.ask(Locator::Project, "GetRenderJobList", vec![]).await?;
        let known: Option<Vec<Value>> = listed.and_then(|listed| {
            Some(listed.as_list()?.iter().filter_map(|job| job.get("JobId").cloned()).collect())
        });
        if jobs.is_empty() {
            let reason = "without job ids every job of the queue would start and overwrite its file, other people's too";
            let hint = "name the jobs by the ids that AddRenderJob answered";
            return Err(wrong("args[0]", reason, hint, known.unwrap_or_default()));
        }
        if let Some(known) = known {
            let unknown =
                jobs.iter().find(|(_, job)| !known.iter().any(|id| id.as_str() == Some(job.as_str())));
            if let Some((index, job)) = unknown {
                let reason = format!("there is no job '{job}' in the render queue");
                return Err(wrong(format!("args[{index}]"), reason, "queue it with AddRenderJob", known));
            }
        }
        next.proceed(call).await
    })
}

/// Refuses values that Resolve would misread, and tells which of several keys was refused.
pub(super) fn settings(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let Some(settings) = call.args.first().and_then(Value::as_map).cloned() else {
            return next.proceed(call).await;
        };
        if settings.get("CustomName").and_then(Value::as_str).is_some_and(|name| name.trim().is_empty()) {
            return Err(wrong(
                "args[0].CustomName",
                "an empty name is refused",
                "leave the key out, or give a name",
                vec![],
            ));
        }
        if let Some(quality) =
            settings.get("VideoQuality").and_then(Value::as_f64).filter(|quality| *quality > MOST_KILOBITS)
        {
            let reason =
                format!("{quality} would be {} Gb/s: the number counts kilobits per second", quality / 1e6);
            return Err(wrong(
                "args[0].VideoQuality",
                reason,
                "24000 is 24 Mb/s",
                vec![Value::Float(quality / 1000.0)],
            ));
        }
        let outcome = next.proceed(call.clone()).await;
        if !bare_refusal(&outcome) || settings.len() < 2 {
            return outcome;
        }
        let mut refused_keys = Vec::new();
        for (key, value) in &settings {
            let one = MethodCall::new(
                call.on.clone(),
                "SetRenderSettings",
                [Value::map([(key.as_str(), value.clone())])],
            );
            let outcome = next.proceed(one).await;
            if is_refusal(&outcome) {
                refused_keys.push(key.as_str());
            } else {
                outcome?;
            }
        }
        if refused_keys.is_empty() {
            return Ok(super::Outcome::from(Value::from(true)).remark("refused together, taken one by one"));
        }
        let keys = refused_keys.join(", ");
        Err(refused(&call, format!("{keys} does not go with the format and codec; the other keys are set")))
    })
}

/// Turns the error within the answer of a quick export into one.
pub(super) fn quick_export(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let outcome = next.proceed(call.clone()).await?;
        let text = |key: &str| outcome.value.get(key).and_then(Value::as_str).unwrap_or_default();
        let (status, error) = (text("JobStatus"), text("Error"));
        let number = |key: &str| outcome.value.get(key).and_then(Value::as_f64);
        let word = status.rsplit_once(' ').map_or(status, |(_, word)| word);
        // In a window of another language the word is another one too, and only the numbers tell.
        let well = match word {
            "Failed" | "Cancelled" => Some(false),
            "Complete" | "Completed" => Some(true),
            _ if number("TimeTakenToRenderInMs").is_some() => Some(true),
            _ => number("CompletionPercentage").map(|percent| percent >= 100.0),
        };
        if !error.is_empty() || well == Some(false) {
            let error = if error.is_empty() { "no reason was given" } else { error };
            return Err(refused(&call, format!("{status}: {error}").to_lowercase()));
        }
        Ok(match well {
            Some(_) => outcome,
            None => {
                let told = format!(
                    "'{status}' is Resolve's word for how it ended, in a language that is not known: look for the file"
                );
                outcome.remark(told)
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use resolve_api::Fault;

    use super::super::script::{Script, reason_of};
    use super::*;

    fn project(method: &str, args: Vec<Value>) -> MethodCall {
        MethodCall::new(Locator::Project, method, args)
    }

    fn with_jobs() -> Script {
        let job = |id: &str| Value::map([("JobId", id.into())]);
        Script::newest()
            .answers("Project.GetRenderJobList", Value::List(vec![job("mine"), job("theirs")]))
            .answers("Project.StartRendering", true)
    }

    /// `render.start-all`: no call without ids, none with an id that is not queued, and none by place.
    #[tokio::test]
    async fn a_render_starts_by_job_ids_only() {
        let script = with_jobs();
        for args in
            [vec![], vec![Value::List(vec![])], vec![Value::List(vec![]), true.into()], vec![true.into()]]
        {
            let reason = reason_of(script.guarded(project("StartRendering", args)).await);
            assert!(reason.contains("other people's too"), "{reason}");
        }
        let reason = reason_of(
            script.guarded(project("StartRendering", vec![Value::List(vec!["gone".into()])])).await,
        );
        assert!(reason.contains("no job 'gone'"), "{reason}");
        let reason = reason_of(script.guarded(project("StartRendering", vec![1.into()])).await);
        assert!(reason.contains("by its id"), "{reason}");
        assert!(script.arguments("Project.StartRendering").is_empty());

        script
            .guarded(project("StartRendering", vec![Value::List(vec!["mine".into()]), false.into()]))
            .await
            .unwrap();
        script.guarded(project("StartRendering", vec!["mine".into(), "theirs".into()])).await.unwrap();
        assert_eq!(2, script.arguments("Project.StartRendering").len());
    }

    fn set(settings: &[(&str, Value)]) -> MethodCall {
        project(
            "SetRenderSettings",
            vec![Value::map(settings.iter().map(|(key, value)| (*key, value.clone())))],
        )
    }

    /// `render.empty-name`, `render.quality-unit`: refused before, with the unit that was meant.
    #[tokio::test]
    async fn values_that_resolve_misreads_are_refused() {
        let script = Script::newest().answers("Project.SetRenderSettings", true);
        assert!(reason_of(script.guarded(set(&[("CustomName", "".into())])).await).contains("an empty name"));
        let reason = reason_of(script.guarded(set(&[("VideoQuality", 120_000_000.into())])).await);
        assert!(reason.contains("120 Gb/s: the number counts kilobits"), "{reason}");
        assert!(script.arguments("Project.SetRenderSettings").is_empty());
        script.guarded(set(&[("VideoQuality", 24000.into()), ("CustomName", "cut".into())])).await.unwrap();
    }

    /// `render.key-refused`: False for one key, and the others are set: which one must be said.
    #[tokio::test]
    async fn the_refused_key_is_found() {
        let script = Script::newest().answers("Resolve.GetCurrentPage", "edit").on(
            "Project.SetRenderSettings",
            |args| {
                let refusal = Fault::Refused { method: "Project.SetRenderSettings".into(), reason: None };
                if args[0].get("MultiPassEncode").is_some() { Err(refusal.into()) } else { Ok(true.into()) }
            },
        );
        let settings = set(&[("CustomName", "cut".into()), ("MultiPassEncode", true.into())]);

        let reason = reason_of(script.guarded(settings).await);

        assert!(reason.starts_with("MultiPassEncode does not go"), "{reason}");
        assert_eq!(3, script.arguments("Project.SetRenderSettings").len(), "together, then each by itself");
    }

    /// `render.quick-export-shape`: the failure stands inside the answer.
    #[tokio::test]
    async fn a_failed_quick_export_is_an_error() {
        let script = |status: &str, error: &str| {
            let answer = Value::map([("JobStatus", status.into()), ("Error", error.into())]);
            Script::newest().answers("Project.RenderWithQuickExport", answer)
        };
        let call = || project("RenderWithQuickExport", vec!["H.264 Master".into(), Value::map::<&str>([])]);
        assert_eq!(
            "render failed: disk full",
            reason_of(script("Render Failed", "Disk full").guarded(call()).await)
        );
        let done = script("Render Complete", "").guarded(call()).await.unwrap();
        assert!(done.remarks.is_empty(), "{:?}", done.remarks);
        // `Fehlgeschlagen` is no word that is known: the numbers tell, and where there are none nothing is claimed.
        let told = |percent: i64, took: Option<i64>| {
            let took = took.map(|took| ("TimeTakenToRenderInMs", took.into()));
            let known = [("JobStatus", "Rendern beendet".into()), ("CompletionPercentage", percent.into())];
            let answer = Value::map(known.into_iter().chain(took));
            Script::newest().answers("Project.RenderWithQuickExport", answer)
        };
        assert!(told(100, Some(900)).guarded(call()).await.is_ok());
        assert_eq!("rendern beendet: no reason was given", reason_of(told(40, None).guarded(call()).await));
        let unknown = script("Rendern beendet", "").guarded(call()).await.unwrap();
        assert!(unknown.remarks[0].contains("look for the file"), "{:?}", unknown.remarks);
    }
}
