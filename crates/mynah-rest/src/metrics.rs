//! The route of counters, for Prometheus.

use hyper::StatusCode;
use mynah_expect::StatementCounts;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::served::Served;

/// Counts at the time of a request.
pub(crate) fn metrics(served: &Served) -> Result<Reply, Refusal> {
    let mut registry = Registry::with_prefix("mynah_mock");
    registry.register_collector(Box::new(Now(served.clone())));
    let mut text = String::new();
    encode(&mut text, &registry)
        .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error))?;
    Ok(reply::metrics(text))
}

#[derive(Debug)]
struct Now(Served);

impl Collector for Now {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let Served {
            connections, tests, ..
        } = &self.0;
        let shared = tests.shared();
        let report = shared.report();
        let gauge = |count: usize| ConstGauge::new(i64::try_from(count).unwrap_or(i64::MAX));
        for (name, help, value) in [
            ("connections", "Connections of clients", connections.count()),
            ("tests", "Tests that are open", tests.open_ids().len()),
            (
                "journal_statements",
                "Statements in the journal of those without a test",
                shared.journal_len(),
            ),
            (
                "unmet_expectations",
                "Expectations without a test that aren't met",
                report.unmet.len(),
            ),
        ] {
            let metric = gauge(value);
            let encoder = encoder.encode_descriptor(name, help, None, metric.metric_type())?;
            metric.encode(encoder)?;
        }
        let lost = u64::try_from(connections.lost_workers().count()).unwrap_or(u64::MAX);
        for (name, help, value) in [
            (
                "lost_workers",
                "Threads that were lost to scripts, and replaced",
                lost,
            ),
            (
                "journal_overflowed",
                "Statements that have left the journal to make room for others",
                report.overflowed,
            ),
        ] {
            let metric = ConstCounter::new(value);
            let encoder = encoder.encode_descriptor(name, help, None, metric.metric_type())?;
            metric.encode(encoder)?;
        }
        let help = "Statements, by what answered them";
        let mut family =
            encoder.encode_descriptor("statements", help, None, MetricType::Counter)?;
        for (by, value) in by_answer(tests.counts()) {
            let labels = [("answered_by", by)];
            ConstCounter::new(value).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

fn by_answer(counts: StatementCounts) -> [(&'static str, u64); 5] {
    [
        ("expectation", counts.expectation),
        ("script", counts.script),
        ("prelude", counts.prelude),
        ("session", counts.session),
        ("nothing", counts.unexpected),
    ]
}
