//! The option that sets how long calls and restarts may take: names of deadlines with seconds, over the defaults.

use std::str::FromStr;
use std::time::Duration;

use resolve_actors::{Deadlines, RestartPolicy};

/// The shortest deadline, in seconds: a working call takes milliseconds, a busy machine some tens of them.
const SHORTEST_S: f64 = 0.1;

/// The longest, in seconds. A host that hangs must be given up on within an hour.
const LONGEST_S: f64 = 3600.0;

/// Deadlines that were set, such as `read=5,write=120`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeadlineOptions(Vec<(Name, Duration)>);

/// Which deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Hello,
    Connect,
    Read,
    Write,
    LongRunning,
    Batch,
    Grace,
    Operation,
    Turn,
    Job,
    Period,
}

/// Every name, as it is written.
const NAMES: [(&str, Name); 11] = [
    ("hello", Name::Hello),
    ("connect", Name::Connect),
    ("read", Name::Read),
    ("write", Name::Write),
    ("long_running", Name::LongRunning),
    ("batch", Name::Batch),
    ("grace", Name::Grace),
    ("operation", Name::Operation),
    ("turn", Name::Turn),
    ("job", Name::Job),
    ("period", Name::Period),
];

/// Why deadlines are not understood.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DeadlineError {
    /// It is not a name, `=` and a number.
    #[error("'{0}' is not a deadline; write NAME=SECONDS, such as read=5")]
    Form(String),
    /// There is no such deadline.
    #[error(
        "there is no deadline '{0}'; there are hello, connect, read, write, long_running, batch, grace, operation, turn, job and period"
    )]
    Name(String),
    /// The number is out of bounds.
    #[error("{0} s is no deadline; it is from {SHORTEST_S} to {LONGEST_S} s")]
    Seconds(f64),
}

impl FromStr for DeadlineOptions {
    type Err = DeadlineError;

    fn from_str(text: &str) -> Result<Self, DeadlineError> {
        let one = |part: &str| {
            let form = || DeadlineError::Form(part.to_owned());
            let (name, seconds) = part.split_once('=').ok_or_else(form)?;
            let known = NAMES.iter().find(|(known, _)| *known == name.trim());
            let (_, name) = known.ok_or_else(|| DeadlineError::Name(name.trim().to_owned()))?;
            let seconds: f64 = seconds.trim().parse().map_err(|_| form())?;
            if !(SHORTEST_S..=LONGEST_S).contains(&seconds) {
                return Err(DeadlineError::Seconds(seconds));
            }
            Ok((*name, Duration::from_secs_f64(seconds)))
        };
        text.split(',').map(one).collect::<Result<_, _>>().map(Self)
    }
}

impl DeadlineOptions {
    /// Sets what was named.
    pub fn set(&self, deadlines: &mut Deadlines, restarts: &mut RestartPolicy) {
        for (name, duration) in &self.0 {
            let deadline = match name {
                Name::Hello => &mut deadlines.hello,
                Name::Connect => &mut deadlines.connect,
                Name::Read => &mut deadlines.read,
                Name::Write => &mut deadlines.write,
                Name::LongRunning => &mut deadlines.long_running,
                Name::Batch => &mut deadlines.batch,
                Name::Grace => &mut deadlines.grace,
                Name::Operation => &mut deadlines.operation,
                Name::Turn => &mut deadlines.turn,
                Name::Job => &mut deadlines.job,
                Name::Period => &mut restarts.period,
            };
            *deadline = *duration;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was set is set, and nothing else changes.
    #[test]
    fn what_was_named_is_set() {
        let options: DeadlineOptions = "read=0.5, write = 120,period=5".parse().expect("it is understood");
        let (mut deadlines, mut restarts) = (Deadlines::default(), RestartPolicy::default());
        let expected = (
            Deadlines { read: Duration::from_millis(500), write: Duration::from_secs(120), ..deadlines },
            RestartPolicy { period: Duration::from_secs(5), ..restarts },
        );

        options.set(&mut deadlines, &mut restarts);
        assert_eq!(expected, (deadlines, restarts));
    }

    /// A mistyped deadline must not leave the default in its place without a word.
    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text: &str| text.parse::<DeadlineOptions>().expect_err(text);

        assert_eq!(DeadlineError::Form("read".into()), wrong("read"));
        assert_eq!(DeadlineError::Form("read=soon".into()), wrong("write=1,read=soon"));
        assert_eq!(DeadlineError::Name("raed".into()), wrong("raed=1"));
        assert_eq!(DeadlineError::Seconds(0.0), wrong("read=0"));
        assert_eq!(DeadlineError::Seconds(1e9), wrong("turn=1e9"));
        assert!(matches!(wrong("read=nan"), DeadlineError::Seconds(_)));
    }

    /// Every name that an error tells is one, and every one is told.
    #[test]
    fn every_deadline_is_named_in_the_error() {
        let text = DeadlineError::Name(String::new()).to_string();
        for (name, _) in NAMES {
            assert!(text.contains(name), "{name}");
            assert!(format!("{name}=1").parse::<DeadlineOptions>().is_ok(), "{name}");
        }
    }
}
