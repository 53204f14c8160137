//! Signs of life for a call that takes long, to a client that asked for them.

use std::convert::Infallible;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::ProgressNotificationParam;
use rmcp::service::RequestContext;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// Time between two signs. Clients that end a silent call do so after 10 s at the earliest; a person who watches
/// wants to see it move.
const EVERY: Duration = Duration::from_secs(1);

/// Tells the client every second for how long the call has been running; never ends by itself.
///
/// A client that sent no progress token has not asked, and hears nothing. The number is the seconds so far, without
/// a total: how far a render is, its own status says.
pub async fn report(context: &RequestContext<RoleServer>, tool: &str) -> Infallible {
    let Some(token) = context.meta.get_progress_token() else { return std::future::pending().await };
    let start = Instant::now();
    let mut ticks = interval_at(start + EVERY, EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let seconds = ticks.tick().await.duration_since(start).as_secs();
        let sign = ProgressNotificationParam::new(token.clone(), seconds as f64)
            .with_message(format!("{tool} has been running for {seconds} s"));
        if let Err(error) = context.peer.notify_progress(sign).await {
            // The answer may still get through; if it does not, the transport says so.
            tracing::debug!("a sign of progress was not sent: {error}");
        }
    }
}
