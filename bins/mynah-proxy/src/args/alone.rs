//! Which options have an effect where a recording alone answers.

use std::ffi::OsString;

use clap::parser::ValueSource;

use super::error::together;
use super::{Args, ArgsError};

/// Refuses options that would do nothing where a recording alone answers.
pub(super) fn check(args: &[OsString]) -> Result<(), ArgsError> {
    for (option, value) in given(args) {
        let is_refused = |refused: &&&str| refused.strip_prefix("--") == Some(&option);
        if let Some(refused) = REFUSED.iter().find(is_refused)
            && !DEFAULTS.contains(&(refused, &value))
        {
            let problem = "with --replay in the modes none and once, in which the recording alone answers, and this has no effect";
            let remedy = "leave it out, or choose another --record-mode";
            return Err(together(refused, problem, remedy));
        }
    }
    Ok(())
}

/// The options of a command line by their long names, each with its first value.
pub(super) fn given(args: &[OsString]) -> Vec<(String, String)> {
    let mut command = mynah_program::command::<Args>();
    command.build();
    let Ok(matches) = command.clone().try_get_matches_from(args) else {
        return Vec::new();
    };
    let known = command.get_arguments().filter_map(|option| {
        let id = option.get_id().as_str();
        let is_given = matches.value_source(id) == Some(ValueSource::CommandLine);
        let mut values = matches.get_raw(id).into_iter().flatten();
        let value = values.find(|value| !value.is_empty());
        let has_value = option.get_action().takes_values();
        let value = value.map(|value| value.to_string_lossy().into_owned());
        let long = option.get_long().filter(|_| is_given)?;
        // An empty value is no value.
        (value.is_some() || !has_value).then(|| (long.to_owned(), value.unwrap_or_default()))
    });
    known.collect()
}

/// Options of what only happens between a client and a server.
const REFUSED: &[&str] = &[
    "--accept-proxy-protocol",
    "--colour",
    "--digests",
    "--fault",
    "--fault-seed",
    "--faults",
    "--filter",
    "--format",
    "--idle-timeout",
    "--keep",
    "--login-timeout",
    "--max-connections",
    "--only",
    "--open",
    "--output",
    "--rotate",
    "--show-secrets",
    "--slow",
    "--summary",
    "--tls",
    "--trace",
    "--trace-overflow",
    "--width",
];

/// What is so in any case.
const DEFAULTS: &[(&str, &str)] = &[("--trace", "off"), ("--tls", "terminate")];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Options that do what they say.
    const PLAYED: &[&str] = &[
        "--client-tls",
        "--config",
        "--client-tls-ca",
        "--client-tls-cert",
        "--client-tls-key",
        "--client-tls-self-signed",
        "--drain",
        "--help",
        "--http-bind",
        "--http-port",
        "--http-token-file",
        "--listen",
        "--protocol",
        "--record-mode",
        "--redact-key",
        "--replay",
        "--socket-mode",
        "--verbose",
        "--version",
        "--volatile",
        "--workers",
    ];

    /// Options of the server, which isn't asked, and of what is recorded: nothing is.
    const OF_OTHER_MODES: &[&str] = &[
        "--connect-timeout",
        "--record-rows-limit",
        "--redact",
        "--send-proxy-protocol",
        "--server-tls",
        "--server-tls-ca",
        "--server-tls-cert",
        "--server-tls-key",
        "--server-tls-verify",
        "--upstream",
        "--upstream-check-fall",
        "--upstream-check-interval",
        "--upstream-check-password-file",
        "--upstream-check-rise",
        "--upstream-check-timeout",
        "--upstream-check-user",
        "--upstream-max-connections",
        "--upstream-policy",
        "--upstream-slow-start",
    ];

    /// Options that go with no `--replay` at all.
    const WITHOUT_REPLAY: &[&str] = &[
        "--compare",
        "--compare-with",
        "--compare-with-accounts",
        "--compare-with-password-file",
        "--compare-with-user",
        "--pseudonym",
        "--record",
        "--report",
    ];

    #[test]
    fn of_each_option_it_is_known_whether_it_has_an_effect() {
        let mut command = mynah_program::command::<Args>();
        command.build();
        let all = command.get_arguments().filter_map(clap::Arg::get_long);
        let all: BTreeSet<_> = all.map(|long| format!("--{long}")).collect();
        let known = [REFUSED, PLAYED, OF_OTHER_MODES, WITHOUT_REPLAY].concat();
        let count = known.len();
        let known: BTreeSet<_> = known.into_iter().map(str::to_owned).collect();
        assert_eq!(known, all);
        assert_eq!(count, all.len(), "an option is known in two ways");
    }
}
