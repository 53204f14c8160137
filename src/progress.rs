//! Signs of life for a call that takes long, to a client that asked for them.

use std::convert::Infallible;
use std::time::Duration;

use resolve_actors::{Progress, Ticket};
use rmcp::RoleServer;
use rmcp::model::ProgressNotificationParam;
use rmcp::service::RequestContext;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// Time between two signs. Clients that end a silent call do so after 10 s at the earliest; a person who watches
/// wants to see it move.
const EVERY: Duration = Duration::from_secs(1);

/// The least by which the number of one sign exceeds that of the last: the protocol wants it to rise with each. A
/// thousandth of a file or of a percent says no more than that the call goes on.
const RISE: f64 = 0.001;

/// Tells the client every second how far the call is, or where that is not known, for how long it has been running; never
/// ends by itself.
///
/// A client that sent no progress token has not asked, and hears nothing. What the number counts is decided by the first
/// sign after its turn has come: parts of a known total, percent as earlier calls tell, or seconds without either.
pub async fn report(context: &RequestContext<RoleServer>, tool: &str, ticket: &Ticket) -> Infallible {
    let Some(token) = context.meta.get_progress_token() else { return std::future::pending().await };
    let start = Instant::now();
    let mut ticks = interval_at(start + EVERY, EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last = None;
    let mut in_parts = None;
    loop {
        let seconds = ticks.tick().await.duration_since(start).as_secs();
        let (progress, message) = told(tool, ticket, seconds);
        // While it waits for its turn it is not known what will be counted.
        let waits = progress.is_none() && !ticket.is_started();
        let counted = progress.filter(|_| *in_parts.get_or_insert(progress.is_some()));
        let number = match counted {
            Some(progress) => progress.done,
            None if waits && in_parts.is_none() => 0.0,
            None => {
                in_parts.get_or_insert(false);
                seconds as f64
            }
        };
        let number = last.map_or(number, |last: f64| number.max(last + RISE));
        last = Some(number);
        let mut sign = ProgressNotificationParam::new(token.clone(), number).with_message(message);
        if let Some(progress) = counted {
            sign = sign.with_total(progress.total);
        }
        if let Err(error) = context.peer.notify_progress(sign).await {
            // The answer may still get through; if it does not, the transport says so.
            tracing::debug!("a sign of progress was not sent: {error}");
        }
    }
}

/// How far a call is where it tells that itself or earlier calls do, and the same as a sentence.
fn told(tool: &str, ticket: &Ticket, seconds: u64) -> (Option<Progress>, String) {
    match (ticket.progress(), ticket.expected()) {
        (Some(progress), _) => {
            let Progress { done, total } = progress;
            (Some(progress), format!("{tool}: {done} of {total} after {seconds} s"))
        }
        (None, Some(expected)) => {
            let percent = expected.percent();
            let message = format!("{tool}: about {percent:.0} % after {seconds} s, as earlier calls took");
            (Some(expected.progress()), message)
        }
        (None, None) => (None, format!("{tool} has been running for {seconds} s")),
    }
}
