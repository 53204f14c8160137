//! Four clients at once over HTTP, faults at random, and for long: every call has its one answer, and nothing grows.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Start, alive_with_home, signal};
use crate::http_client::{Http, Session};
use crate::process_facts::{Facts, living_children, resident_memory, zombies};
use crate::soak_mix::{PROJECT, Worker};
use crate::until::until;

/// Clients at once.
const CLIENTS: u64 = 4;

/// Whatever works takes a hundredth of these on an idle machine. A host that has crashed too often is not waited for longer
/// than for one that hangs: the soak is of what goes on.
const DEADLINES: &str = "connect=10,read=8,write=8,batch=8,grace=1,period=5";

/// What may go wrong in the short form, so often that all of it does within a few hundred calls.
const SHORT: &str = include_str!("soak/short.toml");

/// The same for 50,000 calls, much more seldom.
const LONG: &str = include_str!("soak/long.toml");

/// How much more a process may hold in memory at the end than after its warm-up: allocators keep what was once needed.
const GROWTH: u64 = 12 << 20;

/// Timelines, tracks and what else each client works with: what one more look may add to the cache.
const OBJECTS: u64 = 8 * CLIENTS;

/// Fewer samples of one host say nothing of its growth.
const SAMPLES_OF_A_HOST: usize = 20;

/// What is seen of the server at a moment.
struct Sample {
    calls: u64,
    memory: u64,
    facts: Facts,
    /// The host that runs, and its memory.
    host: Option<(u32, u64)>,
    /// What its cache of objects remembers.
    objects: u64,
}

/// What a soak has come to.
struct Soaked {
    sent: u64,
    answers: BTreeMap<String, u64>,
    samples: Vec<Sample>,
    took: Duration,
    counters: serde_json::Value,
}

/// Runs `calls` calls with these faults, or as many as there is time for.
fn soak(faults: &str, calls: u64, within: Duration) -> Soaked {
    let folder = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
    let file = folder.path().join("faults.toml");
    // Nothing goes wrong before everything is ready; the next host then reads what may.
    std::fs::write(&file, "").expect("the folder is writable");
    let start = Start::engine().arg("--faults").arg(&file);
    let mut http = Http::start(start.arg("--deadlines").arg(DEADLINES));
    let session = Session::open(&http, "2025-11-25");
    session.call("create_project", json!({"name": PROJECT, "frame_rate": 24}));
    let mut workers: Vec<Worker> = (0..CLIENTS).map(|number| Worker::new(&http, number)).collect();
    workers.iter_mut().for_each(Worker::prepare);
    std::fs::write(&file, faults).expect("the folder is writable");
    let ready = *living_children(http.pid()).first().expect("a host runs");
    signal(ready, "KILL");
    until("a host with the faults runs", || {
        let status = session.call("status", json!({}));
        status["connected"] == true && status["host"]["pid"] != json!(ready)
    });

    let (began, made) = (Instant::now(), AtomicU64::new(0));
    let mut samples = Vec::new();
    let workers: Vec<Worker> = std::thread::scope(|scope| {
        let running: Vec<_> = workers
            .into_iter()
            .map(|mut worker| {
                let made = &made;
                scope.spawn(move || {
                    while made.fetch_add(1, Ordering::Relaxed) < calls && began.elapsed() < within {
                        worker.step();
                    }
                    worker
                })
            })
            .collect();
        while running.iter().any(|worker| !worker.is_finished()) {
            samples.push(sample(http.pid(), &session, made.load(Ordering::Relaxed)));
            // The interval of the samples; nothing waits for it.
            std::thread::sleep(Duration::from_millis(200));
        }
        running.into_iter().map(|worker| worker.join().expect("a client's answers are in order")).collect()
    });
    let took = began.elapsed();
    let mut answers = BTreeMap::new();
    for worker in &workers {
        worker.answers.iter().for_each(|(code, count)| *answers.entry(code.clone()).or_default() += count);
    }
    let sent = workers.iter().map(|worker| worker.sent).sum();
    until("no zombie is left", || zombies(http.pid()).is_empty());
    let counters = session.call("status", json!({}))["counters"].take();
    drop(session);
    drop(workers);
    let asked = Instant::now();
    signal(http.pid(), "TERM");
    let ended = http.wait_for_end(asked);
    assert!(ended.status.success(), "it left with {}", ended.status);
    until("no process is left", || alive_with_home(http.home()).is_empty());
    Soaked { sent, answers, samples, took, counters }
}

fn sample(pid: u32, session: &Session, calls: u64) -> Sample {
    let host = living_children(pid).first().and_then(|host| Some((*host, resident_memory(*host)?)));
    let memory = resident_memory(pid).expect("the server runs");
    let objects = session.call("status", json!({}))["objects"].as_u64().expect("a number");
    Sample { calls, memory, facts: Facts::of(pid), host, objects }
}

impl Soaked {
    /// Each request has one answer, and after a tenth of the calls nothing grows.
    fn check(&self) {
        eprintln!("{self}");
        assert_eq!(self.sent, self.answers.values().sum::<u64>(), "requests and answers");
        let all = self.samples.last().map_or(0, |sample| sample.calls);
        let after: Vec<&Sample> = self.samples.iter().filter(|sample| sample.calls > all / 10).collect();
        let (early, late) = after.split_at(after.len() / 2);
        let most = |of: &[&Sample], what: fn(&Sample) -> u64| {
            of.iter().map(|sample| what(sample)).max().unwrap_or(0)
        };
        let memory = |sample: &Sample| sample.memory;
        assert!(
            most(late, memory) <= most(early, memory) + GROWTH,
            "the server grows from {} to {} bytes",
            most(early, memory),
            most(late, memory)
        );
        // At the busiest moment: one connection per client, and the pipes of a host that is being replaced.
        let files = |sample: &Sample| sample.facts.files as u64;
        assert!(most(late, files) <= most(early, files) + CLIENTS, "open files: {}", most(late, files));
        let objects = |sample: &Sample| sample.objects;
        assert!(most(late, objects) <= most(early, objects) + OBJECTS, "objects: {}", most(late, objects));
        let threads = |sample: &Sample| sample.facts.threads as u64;
        assert!(most(late, threads) <= most(early, threads) + CLIENTS, "threads: {}", most(late, threads));
        for (host, memory) in self.hosts().into_iter().filter(|(_, memory)| memory.len() >= SAMPLES_OF_A_HOST)
        {
            // A sample may fall into the moment in which a fault takes memory: half of them are below the median.
            let (early, late) = memory.split_at(memory.len() / 2);
            let (early, late) = (median(early), median(late));
            assert!(late <= early + GROWTH, "host {host} grows from {early} to {late} bytes");
        }
    }

    /// The memory of each host in the order of its samples.
    fn hosts(&self) -> BTreeMap<u32, Vec<u64>> {
        let mut hosts: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        for (host, memory) in self.samples.iter().filter_map(|sample| sample.host) {
            hosts.entry(host).or_default().push(memory);
        }
        hosts
    }

    /// How many answers had this code.
    fn answered(&self, code: &str) -> u64 {
        self.answers.get(code).copied().unwrap_or(0)
    }
}

fn median(of: &[u64]) -> u64 {
    let mut sorted = of.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

impl std::fmt::Display for Soaked {
    fn fmt(&self, text: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mb = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        writeln!(text, "{} requests in {:.0} s: {:?}", self.sent, self.took.as_secs_f64(), self.answers)?;
        writeln!(text, "counters: {}", self.counters)?;
        let step = (self.samples.len() / 10).max(1);
        for sample in self.samples.iter().step_by(step).chain(self.samples.last()) {
            let Sample { calls, memory, facts, host, objects } = sample;
            let (host, of_host) = host.map_or((0, 0), |(host, memory)| (host, memory));
            writeln!(
                text,
                "after {calls:6} calls: server {:5.1} MB, {} files, {} threads; host {host} {:5.1} MB, {objects} objects",
                mb(*memory),
                facts.files,
                facts.threads,
                mb(of_host)
            )?;
        }
        Ok(())
    }
}

/// In less than a minute on an idle machine: each kind of fault strikes at least once, and every call is answered.
#[test]
fn a_few_hundred_calls_with_faults_are_all_answered() {
    let soaked = soak(SHORT, 600, Duration::from_secs(300));

    soaked.check();
    assert!(soaked.answered("ok") > soaked.sent / 2, "most succeed");
    // A call that hangs may be one that a tool makes beside its own, which is then answered without it.
    assert!(soaked.counters["timeouts"].as_u64() >= Some(1), "nothing has hung: {}", soaked.counters);
    for code in ["interrupted", "raised", "refused", "not_verified", "not_connected"] {
        assert!(soaked.answered(code) > 0, "no fault with {code} has struck");
    }
}

/// `make soak`. SOAK_CALLS and SOAK_MINUTES make it shorter or longer.
#[test]
#[ignore = "takes minutes: make soak"]
fn fifty_thousand_calls_with_faults_are_all_answered_and_nothing_grows() {
    let set = |name: &str, default: u64| match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => default,
    };
    let (calls, minutes) = (set("SOAK_CALLS", 50_000), set("SOAK_MINUTES", 30));
    let soaked = soak(LONG, calls, Duration::from_secs(60 * minutes));

    soaked.check();
    assert!(soaked.sent >= calls, "only {} of {calls} calls were made in {minutes} minutes", soaked.sent);
}
