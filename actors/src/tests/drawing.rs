//! The drawing of the actors in `lib.rs`: its numbers are those that the code runs with.

use tokio::time::Instant;

use crate::config::RestartPolicy;
use crate::limits;
use crate::restart::{Account, Next};

/// A drawing that nobody checks is wrong after the second change of a number.
#[tokio::test(start_paused = true)]
async fn the_numbers_in_the_drawing_are_those_of_the_code() {
    let drawing: String = include_str!("../lib.rs")
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .map(|line| format!("{} ", line.trim_start_matches(['/', '!', ' ', '│', '▼', '▲'])))
        .collect();
    let policy = RestartPolicy::default();
    let (mut account, now) = (Account::default(), Instant::now());
    let ends: Vec<Next> = (0..=policy.intensity).map(|_| account.ended(now, false, &policy)).collect();
    let pauses = ends.iter().filter_map(|end| match end {
        Next::Restart(pause) => Some(format!("{}", pause.as_secs_f64())),
        Next::Unavailable(_) => None,
    });
    let pauses: Vec<String> = pauses.collect();
    assert_eq!(Some(&Next::Unavailable(policy.period)), ends.last());

    let seconds = |duration: std::time::Duration| duration.as_secs_f64();
    let (last, first) = pauses.split_last().expect("there are restarts");
    for said in [
        format!("at most QUEUE_LIMIT ({}) calls", limits::QUEUE_LIMIT),
        format!("{} restarts in {} s", policy.intensity, seconds(policy.period)),
        format!("after {} and {last} s;", first.join(", ")),
        format!("one attempt is made per {} s", seconds(policy.period)),
        format!("{} domain actors", resolve_api::catalogue::Domain::ALL.len()),
        format!("overtaken {} times", limits::READS_BEFORE_A_WRITE),
        format!("waits {} s", seconds(limits::WAIT_FOR_TURN)),
        format!("{} s (read)", seconds(limits::READ_DEADLINE)),
        format!("{} s (write)", seconds(limits::WRITE_DEADLINE)),
        format!("{} s (long)", seconds(limits::LONG_RUNNING_DEADLINE)),
        format!("a write has {} s more", seconds(limits::WRITE_GRACE)),
        format!("hello within {} s", seconds(limits::HELLO_WITHIN)),
        format!("at most {} MiB", resolve_api::wire::MAX_LINE_BYTES >> 20),
    ] {
        assert!(drawing.contains(&said), "the drawing does not say '{said}': {drawing}");
    }
}

/// Each actor of a domain stands in the drawing.
#[test]
fn every_domain_is_drawn() {
    let drawing = include_str!("../lib.rs");
    for domain in resolve_api::catalogue::Domain::ALL {
        assert!(drawing.contains(&format!("─ {domain}")), "{domain}");
    }
}
