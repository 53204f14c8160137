//! What a caller that has left is told of the call that it left behind.

use tokio_util::sync::CancellationToken;

use resolve_api::catalogue::Effect;

use crate::error::CallError;
use crate::ticket::Ticket;

/// What tells a caller that has left what it left behind.
pub(crate) struct Left<'a> {
    /// Cancelled when it leaves.
    pub(crate) cancel: &'a CancellationToken,
    /// The call's.
    pub(crate) ticket: &'a Ticket,
    /// What the call does.
    pub(crate) effect: Effect,
}

impl Left<'_> {
    /// Withdraws the call if it has not started. One that runs is noted as one whose outcome is not known, until it is.
    pub(crate) fn told(&self, label: &str) -> CallError {
        if self.ticket.withdraw() || self.effect == Effect::Read {
            return CallError::Cancelled;
        }
        let error = CallError::Abandoned { method: label.to_owned() };
        if let Some(entry) = self.ticket.entry() {
            entry.abandoned(&error);
        }
        error
    }
}
