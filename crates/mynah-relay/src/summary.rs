//! The summary of all connections that the proxy prints at its end.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use hdrhistogram::Histogram;

/// Counts of connections and commands since a relay was started. `Display` writes them as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// How many client connections were accepted.
    pub connections: u64,
    /// How many of the connections were refused, by their server or by the proxy.
    pub refused: u64,
    /// The commands that have ended, one entry per name.
    pub commands: Vec<CommandSummary>,
}

/// The counts of all commands of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandSummary {
    /// The command's name without `COM_`, such as `QUERY`; in the X Protocol without its package, such as
    /// `STMT_EXECUTE`.
    pub name: &'static str,
    /// How many commands of this name have ended, by an answer, without one, or with their connection.
    pub count: u64,
    /// How many of the commands got an error as their answer, from the server or from a gate.
    pub errors: u64,
    /// The median and the 99th percentile of the answers' latency; `None` if none of the commands was answered, as
    /// with those that servers don't answer.
    pub latency: Option<(Duration, Duration)>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |command: &CommandSummary| command.name.len();
        let width = self.commands.iter().map(name).max().unwrap_or(0).max(7);
        let [count, errors, p50, p99] = ["count", "errors", "p50", "p99"];
        writeln!(
            f,
            "{:width$} {count:>10} {errors:>8} {p50:>13} {p99:>13}",
            "command"
        )?;
        for command in &self.commands {
            let CommandSummary {
                name,
                count,
                errors,
                ..
            } = command;
            write!(f, "{name:width$} {count:>10} {errors:>8}")?;
            if let Some((p50, p99)) = command.latency {
                let [p50, p99] = [p50, p99].map(millis);
                write!(f, " {p50:>13} {p99:>13}")?;
            }
            writeln!(f)?;
        }
        let plural = if self.connections == 1 { "" } else { "s" };
        write!(f, "{} connection{plural}", self.connections)?;
        if self.refused > 0 {
            write!(f, ", {} refused", self.refused)?;
        }
        Ok(())
    }
}

fn millis(latency: Duration) -> String {
    let micros = latency.as_micros();
    format!("{}.{:03} ms", micros / 1000, micros % 1000)
}

/// How long commands took, by their names.
#[derive(Debug, Default)]
pub(crate) struct Latencies(BTreeMap<&'static str, Histogram<u64>>);

impl Latencies {
    pub(crate) fn add(&mut self, name: &'static str, latency: Duration) {
        let histogram = match self.0.get_mut(name) {
            Some(histogram) => histogram,
            None => {
                let Ok(new) = Histogram::new_with_max(LONGEST, DIGITS) else {
                    return;
                };
                self.0.entry(name).or_insert(new)
            }
        };
        histogram.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(LONGEST));
    }

    /// How long half of them took at most, and 99 of a hundred.
    pub(crate) fn percentiles(&self, name: &str) -> Option<(Duration, Duration)> {
        let histogram = self.0.get(name)?;
        let at =
            |quantile| Duration::from_micros(histogram.value_at_quantile(quantile).min(LONGEST));
        Some((at(0.5), at(0.99)))
    }
}

/// An hour in microseconds: what took longer counts as that.
const LONGEST: u64 = 3_600_000_000;

/// How many digits of a time are exact.
const DIGITS: u8 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_each_command_and_errors_are_counted() {
        let mut latencies = Latencies::default();
        for micros in 1..=1000 {
            latencies.add("QUERY", Duration::from_micros(micros));
        }
        latencies.add("PING", Duration::MAX);
        let command = |name, count, errors| CommandSummary {
            name,
            count,
            errors,
            latency: latencies.percentiles(name),
        };
        let summary = Summary {
            connections: 2,
            refused: 1,
            commands: vec![
                command("PING", 1, 0),
                command("QUERY", 1000, 12),
                command("QUIT", 1, 0),
            ],
        };
        let table = [
            "command      count   errors           p50           p99",
            "PING             1        0 3600000.000 ms 3600000.000 ms",
            "QUERY         1000       12      0.500 ms      0.990 ms",
            "QUIT             1        0",
            "2 connections, 1 refused",
        ];
        assert_eq!(summary.to_string(), table.join("\n"));
    }
}
