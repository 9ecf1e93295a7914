use std::time::Duration;

use clap::Args;
use mynah::Options;
use mynah_program::{UsageError, values};

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// how long a script may run for one statement: 500ms, 5s, 1m (default 5s)
    #[arg(long, value_name = "TIME")]
    statement_budget: Option<String>,

    /// how many bytes a script may hold for one statement (default 256M)
    #[arg(long, value_name = "SIZE")]
    script_memory: Option<String>,

    /// how long the start may take: 500ms, 5s, 1m (default 60s)
    #[arg(long, value_name = "TIME")]
    start_budget: Option<String>,

    /// how many threads serve clients (default: as many as there are processors)
    #[arg(long, value_name = "N")]
    workers: Option<String>,

    /// after how many threads lost to scripts the program ends (default 8)
    #[arg(long, value_name = "N")]
    lost_workers: Option<String>,

    /// how many connections there may be at once; one more gets error 1040 (default 4096)
    #[arg(long, value_name = "N")]
    max_connections: Option<String>,

    /// how many bytes all large statements may take together while they are read and answered; more wait: 64M, 1G
    /// (default 1G)
    #[arg(long, value_name = "SIZE")]
    max_input: Option<String>,

    /// how many bytes the values of mysqld.global may take (default 64M)
    #[arg(long, value_name = "SIZE")]
    max_globals: Option<String>,

    /// how long a client may send nothing (default 8h)
    #[arg(long, value_name = "TIME")]
    idle_timeout: Option<String>,

    /// how long a client may read nothing of what it is sent (default 60s)
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
