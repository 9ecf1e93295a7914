use std::collections::BTreeMap;

use clap::Args;
use mynah_program::{UsageError, values};
use mynah_relay::{MirrorAccounts, MirrorOptions, Rule, VolatileRules};

use super::ArgsError;
use super::error::together;
use crate::compare_with::CompareWith;

#[derive(Debug, Args)]
#[command(next_help_heading = "Comparing two servers")]
pub(super) struct CompareWithArgs {
    /// send all that clients send, statements that change data included, to this second server, too, and end with exit
    /// code 3 if its answers differ from those of --upstream; an address as for --upstream; once, or for each --listen
    #[arg(long, value_name = "ADDRESS")]
    compare_with: Vec<String>,

    /// user who logs in to the second server for all clients (default: the client's own user name)
    #[arg(long, value_name = "USER")]
    compare_with_user: Option<String>,

    /// file with the password for the second server (default: no password)
    #[arg(long, value_name = "FILE")]
    compare_with_password_file: Option<String>,

    /// file with a JSON object of users and their passwords for the second server
    #[arg(long, value_name = "FILE")]
    compare_with_accounts: Option<String>,
}

/// What is said by options of other groups.
pub(super) struct Others<'a> {
    pub(super) report: Option<&'a str>,
    pub(super) volatile: VolatileRules,
    pub(super) redact: Vec<Rule>,
    pub(super) passthrough: bool,
    /// Whether there is `--compare` or `--replay`.
    pub(super) has_recording: bool,
    pub(super) listens: usize,
}

impl CompareWithArgs {
    /// Whether there is a second server.
    pub(super) fn is_given(&self) -> bool {
        !self.compare_with.is_empty()
    }

    /// The second servers, and what becomes of the report.
    pub(super) fn options(
        &self,
        others: Others<'_>,
    ) -> Result<Option<(MirrorOptions, CompareWith)>, ArgsError> {
        if !self.is_given() {
            return match self.account_option() {
                Some(option) => {
                    let remedy = "say what to compare with";
                    Err(together(option, "without --compare-with", remedy))
                }
                None => Ok(None),
            };
        }
        if others.has_recording {
            let problem = "with --compare or --replay";
            let remedy = "compare with a server or with a recording";
            return Err(together(OPTION, problem, remedy));
        }
        if others.passthrough {
            let problem = "with --tls passthrough, where nothing can be read";
            return Err(together(OPTION, problem, "leave one of them out"));
        }
        if self.compare_with.len() > 1 && self.compare_with.len() != others.listens {
            let problem = "neither once nor for each --listen";
            let remedy = "write it once, or as often as --listen";
            return Err(together(OPTION, problem, remedy));
        }
        let servers = self.compare_with.iter();
        let servers = servers.map(|text| values::parsed(OPTION, text));
        let folder = tempfile::tempdir().map_err(ArgsError::NoFolder)?;
        let mirror = MirrorOptions {
            servers: servers.collect::<Result<_, _>>()?,
            accounts: self.accounts()?,
            folder: folder.path().to_owned(),
            redact: others.redact,
        };
        let compare = CompareWith {
            report: others.report.map(Into::into),
            volatile: others.volatile,
            folder,
        };
        Ok(Some((mirror, compare)))
    }

    fn accounts(&self) -> Result<MirrorAccounts, UsageError> {
        let password = match &self.compare_with_password_file {
            Some(path) => text(PASSWORD, path)?,
            None => String::new(),
        };
        let passwords: BTreeMap<String, String> = match &self.compare_with_accounts {
            Some(path) => {
                let text = text(ACCOUNTS, path)?;
                // The reason doesn't quote the file.
                serde_json::from_str(&text).map_err(|error| refused(ACCOUNTS, path, error))?
            }
            None => BTreeMap::new(),
        };
        Ok(MirrorAccounts {
            user: self.compare_with_user.clone(),
            password,
            passwords,
        })
    }

    fn account_option(&self) -> Option<&'static str> {
        let options = [
            ("--compare-with-user", &self.compare_with_user),
            (PASSWORD, &self.compare_with_password_file),
            (ACCOUNTS, &self.compare_with_accounts),
        ];
        let given = options.iter().find(|(_, value)| value.is_some());
        given.map(|(option, _)| *option)
    }
}

fn text(option: &'static str, path: &str) -> Result<String, UsageError> {
    let text = String::from_utf8(values::secret(option, path)?);
    text.map_err(|error| refused(option, path, error.utf8_error()))
}

fn refused(
    option: &'static str,
    path: &str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> UsageError {
    UsageError::Refused {
        option,
        value: path.to_owned(),
        source: Box::new(source),
    }
}

const OPTION: &str = "--compare-with";
const PASSWORD: &str = "--compare-with-password-file";
const ACCOUNTS: &str = "--compare-with-accounts";
