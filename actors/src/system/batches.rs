//! Several calls under one lease: batches, and what an undo is made of.

use std::time::Duration;

use resolve_api::batch::Batch;
use resolve_api::catalogue::{Domain, Effect};
use tokio_util::sync::CancellationToken;

use super::System;
use crate::batch::{self, StepAnswer};
use crate::domain::{self, BatchRequest, TakeBackRequest};
use crate::error::CallError;
use crate::job::Port;
use crate::journal::{Note, Noted, Seen};
use crate::left::Left;
use crate::session::Methods;
use crate::take_back::{TakenBack, Taking};
use crate::ticket::Ticket;
use crate::told::Told;

/// What goes along with the calls of a batch.
struct Beside {
    noted: Option<Noted>,
    based_on: Option<String>,
    dry_run: bool,
    ticket: Ticket,
}

/// Several calls under one lease.
struct Together {
    label: String,
    effect: Effect,
    /// How long all of it may take.
    within: Duration,
    cancel: CancellationToken,
    ticket: Ticket,
    noted: Option<Noted>,
    dry_run: bool,
}

impl System {
    /// Makes several calls one after another; nothing of another caller runs between them. Reads alone go to the
    /// interpreter in one hop. The answers stand in the order of the steps.
    ///
    /// # Errors
    /// [`CallError::InvalidArgument`] for a batch that cannot be made, and what keeps all of it from starting. What a
    /// step meets is its own answer.
    pub async fn batch(
        &self,
        batch: Batch,
        deadline: Option<Duration>,
        cancel: CancellationToken,
        noted: Option<Noted>,
        based_on: Option<String>,
        ticket: Ticket,
    ) -> Result<Vec<StepAnswer>, CallError> {
        self.steps(batch, deadline, cancel, Beside { noted, based_on, dry_run: false, ticket }).await
    }

    /// What the calls of a batch would change, without a change: its reads are made, its writes are told.
    ///
    /// # Errors
    /// As [`System::batch`].
    pub async fn dry_run(
        &self,
        batch: Batch,
        cancel: CancellationToken,
        based_on: Option<String>,
    ) -> Result<Vec<StepAnswer>, CallError> {
        let ticket = Ticket::default();
        self.steps(batch, None, cancel, Beside { noted: None, based_on, dry_run: true, ticket }).await
    }

    async fn steps(
        &self,
        batch: Batch,
        deadline: Option<Duration>,
        cancel: CancellationToken,
        beside: Beside,
    ) -> Result<Vec<StepAnswer>, CallError> {
        let Beside { noted, based_on, dry_run, ticket } = beside;
        let rows = batch::rows(&batch)?;
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let label = format!("a batch of {} calls", rows.len());
        let effect = if dry_run { Effect::Read } else { batch::effect(&rows) };
        let within = deadline.unwrap_or(self.config.deadlines.operation) + self.config.deadlines.turn;
        let together = Together { label, effect, within, cancel, ticket, noted, dry_run };
        let message = |methods, port| domain::Msg::Batch(BatchRequest { batch, methods, based_on, port });
        self.together(first.domain, together, message).await
    }

    /// Takes back what an entry of the journal did, or a part of it: nothing of another caller runs between the look at
    /// what is there, the calls, and the look at what is there then.
    ///
    /// # Errors
    /// [`CallError::ChangedSince`] where something else has changed it since, and what keeps all of it from starting. What
    /// a call meets is its own answer.
    pub async fn take_back(
        &self,
        taking: Taking,
        cancel: CancellationToken,
        noted: Noted,
        client: Option<Told>,
    ) -> Result<TakenBack, CallError> {
        let together = Together {
            label: "an undo".to_owned(),
            effect: Effect::Destructive,
            within: self.config.deadlines.operation + self.config.deadlines.turn,
            cancel,
            ticket: Ticket::of(client),
            noted: Some(noted),
            dry_run: false,
        };
        let message = |methods, port| domain::Msg::TakeBack(TakeBackRequest { taking, methods, port });
        self.together(Domain::Project, together, message).await
    }

    /// Sends what holds the interpreter for several calls to its domain, and waits for what comes of it.
    async fn together<T: Seen + 'static>(
        &self,
        domain: Domain,
        together: Together,
        message: impl FnOnce(Methods, Port<T>) -> domain::Msg,
    ) -> Result<T, CallError> {
        let Together { label, effect, within, cancel, ticket, noted, dry_run } = together;
        let permit = self.admit(&cancel)?;
        let note = noted.and_then(|noted| Note::begin(noted, &ticket));
        let methods = Methods {
            name: label.clone(),
            effect,
            call_deadline: None,
            within,
            cancel: cancel.clone(),
            ticket: ticket.clone(),
            recorder: Note::recorder(note.as_ref()),
            dry_run,
        };
        let (port, answer) = Port::new(Some(permit));
        let port = port.observed(Note::observer(note));
        self.send(domain, message(methods, port), &label).await?;
        self.answer(answer, within, Left { cancel: &cancel, ticket: &ticket, effect }, &label).await
    }
}
