//! How long a long call will take, as earlier calls of the same method tell: Resolve itself tells nothing until the end.

use std::future::Future;

use resolve_api::wire::MethodCall;
use tokio::time::Instant;

use crate::error::CallError;
use crate::journal::Correction;
use crate::operation::Answer;
use crate::session::Session;
use crate::ticket::Progress;

/// The percentage that a call does not pass before its end, however long it takes: earlier calls promise nothing.
const MOST_PERCENT: f64 = 99.0;

/// An earlier call of the method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Took {
    /// Seconds from its start to its answer.
    pub seconds: f64,
    /// How much it worked on, in whatever the method is measured in; absent where that was not known.
    pub extent: Option<f64>,
}

/// What earlier calls of a method tell of the one that runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Seconds that it takes in all.
    pub seconds: f64,
    /// How many calls tell so.
    pub calls: usize,
    /// Whether each was scaled by how much it worked on.
    pub scaled: bool,
}

/// A call that runs, as earlier ones tell how far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// What they tell.
    pub estimate: Estimate,
    /// Seconds that it has been running.
    pub so_far_s: f64,
}

impl Expected {
    /// How much of it is done, 0 to 99.
    pub fn percent(&self) -> f64 {
        (100.0 * self.so_far_s / self.estimate.seconds).min(MOST_PERCENT)
    }

    /// The same as progress.
    pub fn progress(&self) -> Progress {
        Progress { done: self.percent(), total: 100.0 }
    }

    /// Seconds that are left; absent once it takes longer than the earlier ones.
    pub fn eta_s(&self) -> Option<f64> {
        Some(self.estimate.seconds - self.so_far_s).filter(|left| *left > 0.0)
    }
}

/// The median of earlier calls, each scaled by how much it worked on where that is known of them and of this one. None
/// without any.
pub(crate) fn estimate(earlier: &[Took], extent: Option<f64>) -> Option<Estimate> {
    let scaled: Vec<f64> = match extent.filter(|extent| *extent > 0.0) {
        None => Vec::new(),
        Some(extent) => {
            let known =
                earlier.iter().filter_map(|took| Some((took.seconds, took.extent.filter(|of| *of > 0.0)?)));
            known.map(|(seconds, of)| seconds * extent / of).collect()
        }
    };
    let is_scaled = !scaled.is_empty();
    let mut seconds =
        if is_scaled { scaled } else { earlier.iter().map(|took| took.seconds).collect::<Vec<_>>() };
    seconds.sort_by(f64::total_cmp);
    let median = *seconds.get(seconds.len() / 2)?;
    (median > 0.0).then_some(Estimate { seconds: median, calls: seconds.len(), scaled: is_scaled })
}

/// Makes a long call that is noted in this entry: tells before what earlier ones took, while it runs what it has written,
/// and keeps what it took itself.
///
/// # Errors
/// Those of the call.
pub(crate) async fn timed(
    session: &Session,
    entry: Correction,
    call: &MethodCall,
    made: impl Future<Output = Result<Answer, CallError>>,
) -> Result<Answer, CallError> {
    let (method, by) = (call.label(), session.backend());
    let writes = session.will_write(call).await;
    let extent = match &writes {
        Some(writes) => writes.total.map(|bytes| bytes as f64),
        None => session.extent(call).await,
    };
    if let Some(estimate) = estimate(&entry.earlier(&method, by), extent) {
        session.expects(estimate);
    }
    let began = Instant::now();
    let answer = match writes {
        Some(writes) => writes.followed(session, made).await,
        None => made.await,
    };
    if answer.as_ref().is_ok_and(|answer| !answer.stopped) {
        entry.took(&method, by, Took { seconds: began.elapsed().as_secs_f64(), extent });
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(seconds: f64, extent: impl Into<Option<f64>>) -> Took {
        Took { seconds, extent: extent.into() }
    }

    /// Twice as much takes twice as long; what is not known of a call is not made up.
    #[test]
    fn earlier_calls_are_scaled_where_that_is_known() {
        let earlier = [took(10.0, 100.0), took(30.0, 100.0), took(2.0, 10.0), took(7.0, None)];

        let expected = Estimate { seconds: 40.0, calls: 3, scaled: true };
        assert_eq!(Some(expected), estimate(&earlier, Some(200.0)));
        let expected = Estimate { seconds: 10.0, calls: 4, scaled: false };
        assert_eq!(Some(expected), estimate(&earlier, None));
        let unknown = estimate(&[took(7.0, None)], Some(50.0));
        assert_eq!(Some(Estimate { seconds: 7.0, calls: 1, scaled: false }), unknown);
        assert_eq!(None, estimate(&[], Some(50.0)));
    }

    /// A call that takes longer than all before it is never said to be done, and nothing is promised of its end.
    #[test]
    fn no_call_is_done_before_its_end() {
        let estimate = Estimate { seconds: 20.0, calls: 1, scaled: false };
        let after = |so_far_s| Expected { estimate, so_far_s };

        assert_eq!((25.0, Some(15.0)), (after(5.0).percent(), after(5.0).eta_s()));
        assert_eq!((99.0, None), (after(500.0).percent(), after(500.0).eta_s()));
    }
}
