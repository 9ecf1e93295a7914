use std::time::Duration;

use clap::Args;
use mynah::Options;
use mynah_program::{UsageError, values};

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// the longest time that a script may run for one statement: 500ms, 5s, 1m (default 5s)
    #[arg(long, value_name = "TIME")]
    statement_budget: Option<String>,

    /// the most bytes that a script may hold for one statement: 64M, 1G (default 256M)
    #[arg(long, value_name = "SIZE")]
    script_memory: Option<String>,

    /// the longest time that the start may take: 500ms, 5s, 1m (default 60s)
    #[arg(long, value_name = "TIME")]
    start_budget: Option<String>,

    /// number of threads that serve clients (default: the number of processors)
    #[arg(long, value_name = "N")]
    workers: Option<String>,

    /// end the program when this many threads are lost to scripts that can't be stopped (default 8)
    #[arg(long, value_name = "N")]
    lost_workers: Option<String>,

    /// the most connections at a time; further clients get error 1040 (default 4096)
    #[arg(long, value_name = "N")]
    max_connections: Option<String>,

    /// the most bytes that all statements over 64 KiB may take together while they are read and answered; further ones
    /// wait: 64M, 1G (default 1G)
    #[arg(long, value_name = "SIZE")]
    max_input: Option<String>,

    /// the most bytes that the keys and values of mysqld.global may take: 64M, 1G (default 64M)
    #[arg(long, value_name = "SIZE")]
    max_globals: Option<String>,

    /// disconnect a client that sends nothing for this time after its login: 30s, 8h (default 8h)
    #[arg(long, value_name = "TIME")]
    idle_timeout: Option<String>,

    /// disconnect a client that reads nothing of its answer for this time: 30s, 5m (default 60s)
    #[arg(long, value_name = "TIME")]
    write_timeout: Option<String>,
}

impl LimitArgs {
    pub(super) fn set(&self, options: &mut Options) -> Result<(), UsageError> {
        if let Some(budget) = &self.statement_budget {
            options.statement_budget = values::time("--statement-budget", budget)?;
        }
        if let Some(size) = &self.script_memory {
            options.script_memory = values::size("--script-memory", size)?;
        }
        let workers = self.workers.as_deref();
        let workers = workers.map(|number| values::number("--workers", number, 1..=1024));
        options.workers = workers.transpose()?;
        if let Some(number) = &self.max_connections {
            let range = 1..=u64::from(u16::MAX);
            options.limits.connections = values::number("--max-connections", number, range)?;
        }
        if let Some(size) = &self.max_input {
            options.limits.input = values::size("--max-input", size)?;
        }
        if let Some(size) = &self.max_globals {
            options.max_globals = values::size("--max-globals", size)?;
        }
        if let Some(timeout) = &self.idle_timeout {
            options.limits.idle_timeout = values::time("--idle-timeout", timeout)?;
        }
        if let Some(timeout) = &self.write_timeout {
            options.limits.write_timeout = values::time("--write-timeout", timeout)?;
        }
        Ok(())
    }

    pub(super) fn start_budget(&self) -> Result<Duration, UsageError> {
        let budget = self.start_budget.as_deref().unwrap_or("60s");
        values::time("--start-budget", budget)
    }

    pub(super) fn lost_workers(&self) -> Result<usize, UsageError> {
        let number = self.lost_workers.as_deref().unwrap_or("8");
        values::number("--lost-workers", number, 1..=1024)
    }
}
