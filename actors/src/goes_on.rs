//! Work that Resolve goes on with after it has answered the call that began it: followed to its end, so that who waits for
//! the call waits for the work.

use std::time::Duration;

use resolve_api::catalogue::{Method, catalogue};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Value};

use crate::error::CallError;
use crate::guard::Proof;
use crate::operation::Answer;
use crate::session::Session;
use crate::ticket::Progress;

/// How often it is asked how far the work is: often enough for a progress bar, seldom enough not to slow a copy.
const EVERY: Duration = Duration::from_millis(500);

/// Resolve's words, in English, for work that goes on, and for an end that is not the one that was wanted.
const AT_WORK: &str = "Cloning";
const ENDED: [&str; 2] = ["Cancelled", "Failed"];

/// The method that tells how far the work is which a call begins, where its row names one.
pub(crate) fn told_by(call: &MethodCall) -> Option<&'static Method> {
    let row = catalogue().method(call.on.class(), &call.method)?;
    row.goes_on.as_deref().and_then(|reader| catalogue().method_by_label(reader))
}

/// Waits for the end of the work that a call has begun, and tells how far it is; others get their turn in between. Where
/// somebody wants it to stop, it is stopped with the method that the row names.
///
/// # Errors
/// `refused` with what the reader tells of a failure or of an end before the end, and what keeps it from being asked.
pub(crate) async fn to_the_end(
    session: &Session,
    call: &MethodCall,
    reader: &Method,
    begun: Answer,
) -> Result<Answer, CallError> {
    let row = catalogue().method(call.on.class(), &call.method);
    let stopper =
        row.and_then(|row| row.stopped_by.as_deref()).and_then(|label| catalogue().method_by_label(label));
    let mut at_work: Option<String> = None;
    loop {
        let status = session.map(&call.on, &reader.name, []).await?;
        let text = |key: &str| status.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let percent = status.get("CompletionPercentage").and_then(Value::as_f64).unwrap_or(0.0);
        let (word, error) = (text("JobStatus"), text("Error"));
        let failed = |why: String| Fault::Refused { method: call.label(), reason: Some(why) }.into();
        if !error.is_empty() {
            return Err(failed(format!("it began, and failed at {percent:.0} %: {error}")));
        }
        // At 100 % the last file may still be read back. In whatever language: the word that was told before the end is
        // that of the work, and another one is that of its end.
        let works = word == AT_WORK || at_work.as_ref() == Some(&word);
        if percent >= 100.0 && !works {
            let how = format!("{} came to 100 %", reader.label());
            return Ok(Answer { proof: Proof::Seen { how }, ..begun });
        }
        let ended = ENDED.contains(&word.as_str()) || at_work.as_ref().is_some_and(|_| !works);
        at_work.get_or_insert_with(|| word.clone());
        if ended {
            return Err(failed(format!(
                "it began, and ended at {percent:.0} %, which Resolve calls '{word}'"
            )));
        }
        session.is_at(Progress { done: percent, total: 100.0 });
        if let Some(stopper) = stopper.filter(|_| session.is_asked_to_stop()) {
            match session.call(call.on.clone(), &stopper.name, []).await {
                Ok(_) => {
                    let remark = format!("stopped at {percent:.0} %; what was done by then stays");
                    return Ok(Answer { remarks: vec![remark], stopped: true, ..begun });
                }
                // It has ended meanwhile, which the next look tells.
                Err(CallError::Fault(Fault::Refused { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        session.release().await;
        tokio::time::sleep(EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use resolve_api::Locator;
    use serde_json::json;

    use super::*;
    use crate::journal::{Asked, Journal, Noted};
    use crate::tests::scripted::{Scripted, method, read, value};
    use crate::{Call, Ticket, What};

    /// A call that begins a copy, and is noted.
    fn copy(folder: &std::path::Path, ticket: &Ticket) -> Call {
        let asked = Asked {
            session: "one".into(),
            client: String::new(),
            tool: "api_call".into(),
            arguments: json!({}),
        };
        let journal = Arc::new(Journal::at(folder.join("journal.db"), |_| "other"));
        let (may_be_undone, copies_timelines, may_take_long) = (false, false, true);
        let noted = Noted { journal, asked, may_be_undone, copies_timelines, may_take_long };
        let folder = folder.to_string_lossy().into_owned();
        let args = vec![folder.as_str().into(), folder.as_str().into()];
        let what = What::Method(MethodCall::new(Locator::MediaStorage, "StartCloneMedia", args));
        Call {
            what,
            noted: Some(noted),
            ticket: ticket.clone(),
            ..method(Locator::MediaStorage, "GetCloneStatus")
        }
    }

    /// A Resolve whose copy is at these places, in the words of a window in German.
    fn copying(stations: &'static [(f64, &'static str)], calls: &Arc<AtomicUsize>) -> Scripted {
        let calls = calls.clone();
        Scripted::answering(move |call| {
            Ok(match call.method.as_str() {
                "GetCloneStatus" => {
                    let at = calls.fetch_add(1, Ordering::SeqCst).min(stations.len() - 1);
                    let (percent, word) = stations[at];
                    Value::map([("JobStatus", word.into()), ("CompletionPercentage", percent.into())])
                }
                "StopCloneMedia" => {
                    calls.store(usize::MAX / 2, Ordering::SeqCst);
                    true.into()
                }
                _ => true.into(),
            })
        })
    }

    /// Resolve answers when the copy has begun; the call has ended when the copy has, with its percentage on the way and a
    /// turn for others.
    #[tokio::test(start_paused = true)]
    async fn a_copy_is_followed_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let (ticket, calls) = (Ticket::default(), Arc::default());
        let stations =
            &[(10.0, "Wird kopiert"), (60.0, "Wird kopiert"), (100.0, "Wird kopiert"), (100.0, "Fertig")];
        let system = copying(stations, &calls).start();

        let (answer, ()) = tokio::join!(system.call(copy(folder.path(), &ticket)), async {
            tokio::time::sleep(EVERY + EVERY / 2).await;
            assert_eq!(Some(Progress { done: 60.0, total: 100.0 }), ticket.progress());
            value(system.call(read()).await).unwrap();
        });

        let answer = answer.unwrap();
        assert_eq!((Value::from(true), 4), (answer.value, calls.load(Ordering::SeqCst)));
        assert!(matches!(answer.proof, Proof::Seen { .. }), "{:?}", answer.proof);
    }

    /// A copy that somebody ends in Resolve's window has failed; one that is told to stop does.
    #[tokio::test(start_paused = true)]
    async fn a_copy_that_does_not_come_to_its_end_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (ticket, calls) = (Ticket::default(), Arc::default());
        let system = copying(&[(10.0, "Wird kopiert"), (10.0, "Abgebrochen")], &calls).start();
        let error = system.call(copy(folder.path(), &ticket)).await.unwrap_err();
        assert!(error.to_string().contains("ended at 10 %, which Resolve calls 'Abgebrochen'"), "{error}");

        let (ticket, calls) = (Ticket::default(), Arc::default());
        let system = copying(&[(10.0, "Cancelled")], &calls).start();
        let error = system.call(copy(folder.path(), &ticket)).await.unwrap_err();
        assert!(error.to_string().contains("'Cancelled'"), "{error}");

        let (ticket, calls) = (Ticket::default(), Arc::default());
        let system = copying(&[(10.0, "Wird kopiert")], &calls).start();
        ticket.ask_to_stop();
        let answer = system.call(copy(folder.path(), &ticket)).await.unwrap();
        assert!(answer.stopped && calls.load(Ordering::SeqCst) > 1_000, "{answer:?}");
    }
}
