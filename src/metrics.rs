//! What is counted and measured, as a resource for agents and as Prometheus text for collectors.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet, prometheus_text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use resolve_actors::metrics::{BOUNDS_S, Latency};
use resolve_actors::{HostState, Status, System};
use serde_json::{Value as Json, json};

/// How every name of a metric begins.
const PREFIX: &str = "davinci_mcp";

/// The resource `resolve://metrics`: counters, queue, and each method with its times in milliseconds, those that took
/// longest together first.
pub fn resource(status: &Status, latencies: &BTreeMap<String, Latency>) -> Json {
    let ms = |duration: Duration| (duration.as_secs_f64() * 1e6).round() / 1e3;
    let mut methods: Vec<_> = latencies.iter().collect();
    methods.sort_by_key(|(_, latency)| std::cmp::Reverse(latency.total));
    let row = |(method, latency): (&String, &Latency)| {
        let mut row = json!({
            "method": method,
            "calls": latency.calls,
            "mean_ms": ms(latency.total.div_f64(latency.calls.max(1) as f64)),
            "half_within_ms": ms(latency.at_most(0.5)),
            "99_of_100_within_ms": ms(latency.at_most(0.99)),
            "longest_ms": ms(latency.longest),
        });
        for (name, count) in [("crashed", latency.crashed), ("hung", latency.hung)] {
            if count > 0 {
                row[name] = count.into();
            }
        }
        row
    };
    json!({
        "uptime_s": (status.uptime_s * 1000.0).round() / 1000.0,
        "counters": status.counters,
        "queue": {"depth": status.queue_depth, "limit": status.queue_limit},
        "host": status.host,
        "objects": status.objects,
        "methods": methods.into_iter().map(row).collect::<Vec<_>>(),
    })
}

/// The numbers of a system at the moment of a scrape.
struct Numbers(Arc<System>);

impl fmt::Debug for Numbers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Numbers")
    }
}

impl Collector for Numbers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let status = self.0.status();
        for (name, help, value) in counters(&status) {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(name, help, None, MetricType::Counter)?)?;
        }
        let refused =
            [("busy", status.counters.refused_busy), ("unavailable", status.counters.refused_unavailable)];
        let help = "Calls that were not made";
        let mut family = encoder.encode_descriptor("refused", help, None, MetricType::Counter)?;
        for (reason, value) in refused {
            let labels = [("reason", reason)];
            ConstCounter::new(value).encode(family.encode_family(&labels)?)?;
        }
        for (name, help, value) in gauges(&status) {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
        }
        let latencies = self.0.latencies();
        let help = "Calls of a method during which the host ended, or that did not answer by their deadline";
        let mut family = encoder.encode_descriptor("unanswered_calls", help, None, MetricType::Counter)?;
        for (method, latency) in &latencies {
            for (how, count) in [("crash", latency.crashed), ("hang", latency.hung)] {
                if count > 0 {
                    let labels = [("method", method.as_str()), ("how", how)];
                    ConstCounter::new(count).encode(family.encode_family(&labels)?)?;
                }
            }
        }
        let help = "How long the calls of a method took, whichever way they ended";
        let mut family = encoder.encode_descriptor("call_seconds", help, None, MetricType::Histogram)?;
        for (method, latency) in &latencies {
            let labels = [("method", method.as_str())];
            let bounds = BOUNDS_S.into_iter().chain([f64::INFINITY]);
            let buckets: Vec<(f64, u64)> = bounds.zip(latency.buckets).collect();
            let sum = latency.total.as_secs_f64();
            let mut metric = family.encode_family(&labels)?;
            metric.encode_histogram::<NoLabelSet>(sum, latency.calls, &buckets, None)?;
        }
        Ok(())
    }
}

fn counters(status: &Status) -> [(&'static str, &'static str, u64); 6] {
    let counters = status.counters;
    [
        ("calls", "Calls that were accepted", counters.calls),
        ("api_calls", "Calls of the scripting API", counters.api_calls),
        ("host_messages", "Messages to the host that were answered", counters.hops),
        ("host_restarts", "Starts of a host after the first", counters.restarts),
        ("host_crashes", "Hosts that ended by themselves", counters.crashes),
        ("missed_deadlines", "Calls that did not answer by their deadline", counters.timeouts),
    ]
}

fn gauges(status: &Status) -> [(&'static str, &'static str, f64); 6] {
    let up = matches!(status.host, HostState::Ready | HostState::Busy { .. });
    let flag = |so: bool| f64::from(u8::from(so));
    [
        ("queue_depth", "Calls accepted and not yet answered", status.queue_depth as f64),
        ("queue_limit", "The most of them", status.queue_limit as f64),
        ("host_up", "1 while a host answers", flag(up)),
        ("connected", "1 while something answers as Resolve", flag(status.product.is_some())),
        ("objects", "Objects that the cache of the host remembers", f64::from(status.objects)),
        ("uptime_seconds", "Since the server was started", status.uptime_s),
    ]
}

/// The page for a collector, in the text format of Prometheus (0.0.4).
pub struct Page(Registry);

impl Page {
    /// A page of the numbers of `system`.
    pub fn of(system: Arc<System>) -> Self {
        let backend = system.status().backend.as_str().into();
        let labels = [("backend".into(), backend)];
        let mut registry = Registry::with_prefix_and_labels(PREFIX, labels.into_iter());
        registry.register_collector(Box::new(Numbers(system)));
        Self(registry)
    }

    /// The text at this moment.
    ///
    /// # Errors
    /// None that is known: writing to memory does not fail.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.0)?;
        Ok(text)
    }
}
