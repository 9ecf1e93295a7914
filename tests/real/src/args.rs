use std::path::PathBuf;

use argh::FromArgs;

use crate::{client::Client, column::Column, suites};

/// Runs real clients against the mock, through the proxy and against real servers, and prints the
/// results as one table. Ends with 1 if something failed; clients that aren't available are
/// skipped, and counted.
#[derive(Debug, FromArgs)]
pub(crate) struct Args {
    /// only clients of these families, or with one of these names (python, node-mysql2, …);
    /// transparency, for whole test programs through the proxy; connect, for the programs of
    /// docs/connect.md; faults, for the table of docs/faults.md; sample, for the tests of the sample application; suites, for all of these
    #[argh(positional)]
    only: Vec<String>,

    /// only these columns: names separated by commas, or their first words (mock, direct, proxy)
    #[argh(option)]
    columns: Option<String>,

    /// clients require TLS at real servers and the proxy, too
    #[argh(switch)]
    pub(crate) tls: bool,

    /// how many clients run at once; as many as there are processors by default
    #[argh(option, default = "processors()")]
    pub(crate) jobs: usize,

    /// write a report in JSON to this file
    #[argh(option)]
    pub(crate) json: Option<PathBuf>,

    /// put the table into this file, between its marker lines
    #[argh(option)]
    pub(crate) readme: Option<PathBuf>,

    /// instead of the table: record the traffic of clients with real servers and the mock, and
    /// compare the kinds of answers, command by command
    #[argh(switch)]
    pub(crate) side_by_side: bool,

    /// instead of the table: record each client with real servers by the proxy, play it the recording without the
    /// server, and compare its output
    #[argh(switch)]
    pub(crate) replay: bool,

    /// with --side-by-side or --replay: keep the recordings in this folder
    #[argh(option)]
    pub(crate) recordings: Option<PathBuf>,

    /// list the clients, and end
    #[argh(switch)]
    pub(crate) list: bool,
}

/// An error in the arguments.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UsageError {
    #[error("no client and no family of clients is called '{0}'; --list shows them")]
    Client(String),
    #[error("no column is called '{0}'; there are {names}", names = Column::ALL.map(Column::name).join(", "))]
    Column(String),
}

impl Args {
    /// Whether a suite of this name is selected.
    pub(crate) fn wants_suite(&self, name: &str) -> bool {
        let is_named = |word: &String| word == SUITES || word == name;
        self.columns.is_none() && (self.only.is_empty() || self.only.iter().any(is_named))
    }

    /// The selected clients and columns.
    pub(crate) fn choose(
        &self,
        clients: Vec<Client>,
    ) -> Result<(Vec<Client>, Vec<Column>), UsageError> {
        for word in &self.only {
            let is_suite = word == SUITES || suites::NAMES.contains(&word.as_str());
            if !is_suite && !clients.iter().any(|client| client.is(word)) {
                return Err(UsageError::Client(word.clone()));
            }
        }
        let chosen =
            |client: &Client| self.only.is_empty() || self.only.iter().any(|word| client.is(word));
        let clients = clients.into_iter().filter(chosen).collect();
        let mut columns = Column::ALL.to_vec();
        if let Some(names) = &self.columns {
            let names: Vec<&str> = names.split(',').map(str::trim).collect();
            for name in &names {
                if !columns.iter().any(|column| column.is(name)) {
                    return Err(UsageError::Column((*name).to_owned()));
                }
            }
            columns.retain(|column| names.iter().any(|name| column.is(name)));
        }
        Ok((clients, columns))
    }
}

/// Selects all suites, among names of clients.
const SUITES: &str = "suites";

fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}
