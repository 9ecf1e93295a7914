//! The proxy's counters, and their text form for Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mynah_session::observe::{Direction, Timing};
use mynah_sql::StatementKind;

use crate::fault::{FaultRules, InstalledFault};
use crate::summary::{CommandSummary, Latencies, Summary};
use crate::trace::TraceHealth;
use crate::upstreams::{UpstreamView, Upstreams};

/// Counts of all connections since the start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    connections: AtomicU64,
    refused: AtomicU64,
    from_clients: AtomicU64,
    from_servers: AtomicU64,
    rows: AtomicU64,
    commands: Mutex<BTreeMap<&'static str, PerCommand>>,
    errors: Mutex<BTreeMap<u32, u64>>,
    /// How many statements of each kind were run.
    statements: Mutex<BTreeMap<StatementKind, u64>>,
    /// How long commands took, with finer steps than Prometheus has; absent without a summary.
    summary: Option<Mutex<Latencies>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct PerCommand {
    count: u64,
    /// How many of them have failed.
    failed: u64,
    /// How many of them had an answer.
    answered: u64,
    sum: Duration,
    /// How many took no longer than the bound of their place.
    buckets: [u64; BOUNDS.len()],
}

impl Counters {
    /// Those of which a summary is wanted.
    pub(crate) fn with_summary() -> Self {
        Self {
            summary: Some(Mutex::default()),
            ..Self::default()
        }
    }

    /// What there was; nothing unless a summary is wanted.
    pub(crate) fn summary(&self) -> Option<Summary> {
        let latencies = self.summary.as_ref()?;
        let latencies = latencies.lock().unwrap_or_else(PoisonError::into_inner);
        let commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
        let commands = commands.iter().map(|(&name, command)| CommandSummary {
            name,
            count: command.count,
            errors: command.failed,
            latency: latencies.percentiles(name),
        });
        Some(Summary {
            connections: self.connections.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            commands: commands.collect(),
        })
    }

    pub(crate) fn connected(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn passed(&self, from: Direction, bytes: usize) {
        let counter = match from {
            Direction::Client => &self.from_clients,
            Direction::Server => &self.from_servers,
        };
        counter.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// A login or a connection has failed with this error.
    pub(crate) fn failed(&self, code: u32) {
        let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        *errors.entry(code).or_default() += 1;
    }

    /// A statement of this kind was run.
    pub(crate) fn executed(&self, kind: StatementKind) {
        let mut statements = self
            .statements
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *statements.entry(kind).or_default() += 1;
    }

    /// A command is done, with its answer if it has one: `error` is the number of the error it failed with, if it did.
    pub(crate) fn completed(
        &self,
        name: &'static str,
        rows: u64,
        error: Option<u32>,
        timing: Option<Timing>,
    ) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        if let Some(code) = error {
            self.failed(code);
        }
        let mut commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
        let command = commands.entry(name).or_default();
        command.count += 1;
        command.failed += u64::from(error.is_some());
        let Some(Timing { latency, .. }) = timing else {
            return;
        };
        command.answered += 1;
        command.sum += latency;
        for (bucket, bound) in command.buckets.iter_mut().zip(BOUNDS) {
            if latency <= bound {
                *bucket += 1;
            }
        }
        drop(commands);
        if let Some(latencies) = &self.summary {
            let mut latencies = latencies.lock().unwrap_or_else(PoisonError::into_inner);
            latencies.add(name, latency);
        }
    }

    /// All of it, with how many connections there are.
    pub(crate) fn prometheus(
        &self,
        open: usize,
        trace: TraceHealth,
        faults: &FaultRules,
        upstreams: Option<&Upstreams>,
    ) -> String {
        let mut text = String::new();
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        for (name, kind, help, value) in [
            (
                "connections_open",
                "gauge",
                "Connections of clients there are.",
                open as u64,
            ),
            (
                "connections_total",
                "counter",
                "Connections of clients there were.",
                of(&self.connections),
            ),
            (
                "connections_refused_total",
                "counter",
                "Connections that were refused, by their server or the proxy.",
                of(&self.refused),
            ),
            (
                "client_bytes_total",
                "counter",
                "Bytes that clients sent.",
                of(&self.from_clients),
            ),
            (
                "server_bytes_total",
                "counter",
                "Bytes that servers sent.",
                of(&self.from_servers),
            ),
            (
                "rows_total",
                "counter",
                "Rows that servers sent.",
                of(&self.rows),
            ),
            (
                "trace_lines_lost_total",
                "counter",
                "Lines of the trace that could not be written.",
                trace.lost,
            ),
            (
                "trace_bytes_waiting",
                "gauge",
                "Bytes of the trace that wait to be written.",
                trace.waiting as u64,
            ),
            (
                "trace_blocks",
                "gauge",
                "Whether connections wait for the trace to be read or written.",
                trace.blocks.into(),
            ),
        ] {
            head(&mut text, name, kind, help);
            put(&mut text, format_args!("mynah_proxy_{name} {value}\n"));
        }
        let commands = self
            .commands
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        head(
            &mut text,
            "commands_total",
            "counter",
            "Commands, by their names.",
        );
        for (name, command) in &commands {
            let (name, count) = (name.to_ascii_lowercase(), command.count);
            put(
                &mut text,
                format_args!("mynah_proxy_commands_total{{command=\"{name}\"}} {count}\n"),
            );
        }
        head(
            &mut text,
            "errors_total",
            "counter",
            "Commands and logins that failed, by the error's number.",
        );
        for (code, count) in &*self.errors.lock().unwrap_or_else(PoisonError::into_inner) {
            put(
                &mut text,
                format_args!("mynah_proxy_errors_total{{code=\"{code}\"}} {count}\n"),
            );
        }
        let help = "Statements that were run, by what they do.";
        head(&mut text, "statements_total", "counter", help);
        let statements = self
            .statements
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        for (kind, count) in statements {
            put(
                &mut text,
                format_args!("mynah_proxy_statements_total{{kind=\"{kind}\"}} {count}\n"),
            );
        }
        let help = "From a command's last byte, or the answer before, to the end of its answer.";
        head(&mut text, "command_duration_seconds", "histogram", help);
        for (name, command) in &commands {
            let name = name.to_ascii_lowercase();
            let metric = "mynah_proxy_command_duration_seconds";
            for (count, bound) in command.buckets.iter().zip(BOUNDS) {
                let bound = bound.as_secs_f64();
                put(
                    &mut text,
                    format_args!("{metric}_bucket{{command=\"{name}\",le=\"{bound}\"}} {count}\n"),
                );
            }
            let (count, sum) = (command.answered, command.sum.as_secs_f64());
            put(
                &mut text,
                format_args!("{metric}_bucket{{command=\"{name}\",le=\"+Inf\"}} {count}\n"),
            );
            put(
                &mut text,
                format_args!("{metric}_sum{{command=\"{name}\"}} {sum}\n"),
            );
            put(
                &mut text,
                format_args!("{metric}_count{{command=\"{name}\"}} {count}\n"),
            );
        }
        put_faults(&mut text, faults);
        if let Some(upstreams) = upstreams {
            put_upstreams(&mut text, upstreams);
        }
        text
    }
}

/// The counts of each rule for faults that is in force.
fn put_faults(text: &mut String, faults: &FaultRules) {
    let rules = faults.list();
    type Count = fn(&InstalledFault) -> u64;
    let counts: [(&str, &str, Count); 2] = [
        (
            "fault_matches_total",
            "Commands that the condition of a rule for a fault held for.",
            InstalledFault::matched,
        ),
        (
            "faults_total",
            "Faults that were played, by their rules.",
            InstalledFault::played,
        ),
    ];
    for (name, help, count) in counts {
        head(text, name, "counter", help);
        for rule in &**rules {
            let (id, count) = (rule.id(), count(rule));
            let at = rule.rule().at();
            let fault = rule.rule().fault();
            put(
                text,
                format_args!(
                    "mynah_proxy_{name}{{rule=\"{id}\",at=\"{at}\",fault=\"{fault}\"}} {count}\n"
                ),
            );
        }
    }
}

/// The states and counts of each upstream of routes that have several.
fn put_upstreams(text: &mut String, upstreams: &Upstreams) {
    type Value = fn(&UpstreamView) -> u64;
    let values: [(&str, &str, &str, Value); 6] = [
        ("up", "gauge", "Whether the upstream is up.", |view| {
            view.is_up.into()
        }),
        (
            "drained",
            "gauge",
            "Whether the upstream is drained.",
            |view| view.is_drained.into(),
        ),
        (
            "connections_open",
            "gauge",
            "Connections to the upstream there are.",
            |view| view.connections as u64,
        ),
        (
            "connections_total",
            "counter",
            "Connections to the upstream that were made.",
            |view| view.total,
        ),
        (
            "failures_total",
            "counter",
            "Connections to the upstream that could not be made for a client.",
            |view| view.failures,
        ),
        (
            "check_failures_total",
            "counter",
            "Checks that the upstream failed.",
            |view| view.failed_checks,
        ),
    ];
    let all = upstreams.list();
    for (name, kind, help, value) in values {
        head(text, &format!("upstream_{name}"), kind, help);
        for (known, view) in &all {
            let label = known
                .name
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n");
            let value = value(view);
            put(
                text,
                format_args!("mynah_proxy_upstream_{name}{{upstream=\"{label}\"}} {value}\n"),
            );
        }
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    put(
        text,
        format_args!("# HELP mynah_proxy_{name} {help}\n# TYPE mynah_proxy_{name} {kind}\n"),
    );
}

fn put(text: &mut String, args: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _written = text.write_fmt(args);
}

/// 100 µs to 10 s.
const BOUNDS: [Duration; 11] = [
    Duration::from_micros(100),
    Duration::from_micros(250),
    Duration::from_micros(500),
    Duration::from_millis(1),
    Duration::from_micros(2500),
    Duration::from_millis(10),
    Duration::from_millis(25),
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(10),
];
