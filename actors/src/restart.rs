//! When a child that has ended is started again: back-off, intensity and period. Plain arithmetic on clocks.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::config::RestartPolicy;

/// What to do about a child that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Start it again after this pause.
    Restart(Duration),
    /// It has ended too often: refuse its work, and make one attempt after this pause.
    Unavailable(Duration),
}

/// The account of one child.
#[derive(Debug, Default)]
pub(crate) struct Account {
    ends: VecDeque<Instant>,
    /// Since when the child is out on the one attempt per period.
    on_trial: Option<Instant>,
}

impl Account {
    /// Records an end at `now` and decides. A `hopeless` end would happen again at once, so no restart is tried.
    pub(crate) fn ended(&mut self, now: Instant, hopeless: bool, policy: &RestartPolicy) -> Next {
        let recent = |at: &Instant| now.duration_since(*at) < policy.period;
        self.ends.retain(recent);
        let failed_trial = self.on_trial.take().is_some_and(|since| recent(&since));
        self.ends.push_back(now);
        if hopeless || failed_trial || self.ends.len() > policy.intensity {
            self.ends.clear();
            self.on_trial = Some(now + policy.period);
            return Next::Unavailable(policy.period);
        }
        let doublings = u32::try_from(self.ends.len()).unwrap_or(u32::MAX).saturating_sub(2);
        Next::Restart(match self.ends.len() {
            1 => Duration::ZERO,
            _ => policy.backoff_first.saturating_mul(2u32.saturating_pow(doublings)).min(policy.backoff_last),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RestartPolicy = RestartPolicy {
        intensity: 4,
        period: Duration::from_secs(60),
        backoff_first: Duration::from_millis(100),
        backoff_last: Duration::from_millis(300),
    };

    fn ended(account: &mut Account, start: Instant, at: u64) -> Next {
        account.ended(start + Duration::from_secs(at), false, &POLICY)
    }

    /// The first restart is immediate (a call waits), later ones in the period back off up to the cap.
    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_the_cap_and_then_it_is_unavailable() {
        let (mut account, start) = (Account::default(), Instant::now());
        let ms = |ms| Next::Restart(Duration::from_millis(ms));

        let decided: Vec<Next> = (0..5).map(|at| ended(&mut account, start, at)).collect();

        assert_eq!([ms(0), ms(100), ms(200), ms(300), Next::Unavailable(POLICY.period)], decided[..]);
    }

    /// One poisonous call per hour must not add up to unavailability.
    #[tokio::test(start_paused = true)]
    async fn ends_older_than_the_period_are_forgotten() {
        let (mut account, start) = (Account::default(), Instant::now());

        for at in (0..1000).step_by(61) {
            assert_eq!(Next::Restart(Duration::ZERO), ended(&mut account, start, at));
        }
    }

    /// After unavailability there is one attempt per period; one that holds for a period clears the account.
    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_fails_soon_is_not_followed_by_restarts() {
        let (mut account, start) = (Account::default(), Instant::now());
        assert_eq!(Next::Unavailable(POLICY.period), account.ended(start, true, &POLICY));

        assert_eq!(Next::Unavailable(POLICY.period), ended(&mut account, start, 61));
        assert_eq!(Next::Restart(Duration::ZERO), ended(&mut account, start, 61 + 60 + 61));
    }
}
