use std::time::Duration;

use clap::Args;
use mynah_program::{UsageError, values};
use mynah_relay::{CheckAccount, UpstreamOptions, UpstreamPolicy};

use super::ArgsError;
use super::error::together;

#[derive(Debug, Args)]
#[command(next_help_heading = "Several upstreams")]
pub(super) struct UpstreamArgs {
    /// which of several upstreams a connection gets: first-available (the first of the list that is up) or round-robin
    /// (each in turn of those that are up); once, or for each --listen (default first-available)
    #[arg(long, value_name = "POLICY")]
    upstream_policy: Vec<String>,

    /// the most connections at a time to each of several upstreams (default: no limit)
    #[arg(long, value_name = "NUMBER")]
    upstream_max_connections: Option<String>,

    /// how long the share of connections grows for an upstream that comes back: 30s, 5m; off for its whole share at once
    /// (default 30s)
    #[arg(long, value_name = "TIME")]
    upstream_slow_start: Option<String>,

    /// the time between two checks of an upstream: 500ms, 10s (default 2s)
    #[arg(long, value_name = "TIME")]
    upstream_check_interval: Option<String>,

    /// the time after which a check counts as failed, and again each time it is over: 500ms, 10s (default 5s)
    #[arg(long, value_name = "TIME")]
    upstream_check_timeout: Option<String>,

    /// how many checks in a row an upstream that is down must pass to be up (default 2)
    #[arg(long, value_name = "NUMBER")]
    upstream_check_rise: Option<String>,

    /// how many checks in a row an upstream that is up must fail to be down (default 3)
    #[arg(long, value_name = "NUMBER")]
    upstream_check_fall: Option<String>,

    /// user by which checks log in over the classic protocol, so that upstreams are checked while they are up, too
    /// (default: none)
    #[arg(long, value_name = "USER")]
    upstream_check_user: Option<String>,

    /// file with the password of --upstream-check-user (default: no password)
    #[arg(long, value_name = "FILE")]
    upstream_check_password_file: Option<String>,
}

impl UpstreamArgs {
    /// The options, of which there are none unless a route has several upstreams.
    pub(super) fn options(&self, is_used: bool) -> Result<UpstreamOptions, ArgsError> {
        if !is_used && let Some(option) = self.given() {
            let problem = "without a route that has several upstreams";
            return Err(together(option, problem, "write --upstream A,B"));
        }
        let defaults = UpstreamOptions::default();
        let time = |option, value: &Option<String>, default| {
            let value = value.as_deref();
            value.map_or(Ok(default), |value| values::time(option, value))
        };
        let number = |option, value: &Option<String>, default| {
            let value = value.as_deref();
            value.map_or(Ok(default), |value| values::number(option, value, 1..=1000))
        };
        let most = self.upstream_max_connections.as_deref();
        let most = most
            .map(|most| values::number("--upstream-max-connections", most, 1..=1_000_000))
            .transpose()?;
        let slow_start = match self.upstream_slow_start.as_deref() {
            Some(word) if word.eq_ignore_ascii_case("off") => Duration::ZERO,
            _ => time(
                "--upstream-slow-start",
                &self.upstream_slow_start,
                defaults.slow_start,
            )?,
        };
        Ok(UpstreamOptions {
            max_connections: most,
            slow_start,
            check_interval: time(
                "--upstream-check-interval",
                &self.upstream_check_interval,
                defaults.check_interval,
            )?,
            check_timeout: time(
                "--upstream-check-timeout",
                &self.upstream_check_timeout,
                defaults.check_timeout,
            )?,
            check_rise: number(
                "--upstream-check-rise",
                &self.upstream_check_rise,
                defaults.check_rise,
            )?,
            check_fall: number(
                "--upstream-check-fall",
                &self.upstream_check_fall,
                defaults.check_fall,
            )?,
            check_account: self.account()?,
        })
    }

    /// The policies as they were given.
    pub(super) fn policies(&self) -> Result<Vec<UpstreamPolicy>, ArgsError> {
        let choices = [
            ("first-available", UpstreamPolicy::FirstAvailable),
            ("round-robin", UpstreamPolicy::RoundRobin),
        ];
        let policies = self.upstream_policy.iter();
        let policies = policies.map(|text| values::choice("--upstream-policy", text, &choices));
        Ok(policies.collect::<Result<_, _>>()?)
    }

    fn account(&self) -> Result<Option<CheckAccount>, ArgsError> {
        let option = "--upstream-check-password-file";
        match (
            &self.upstream_check_user,
            &self.upstream_check_password_file,
        ) {
            (None, None) => Ok(None),
            (None, Some(_)) => {
                let remedy = "say whose password it is with --upstream-check-user";
                Err(together(option, "without --upstream-check-user", remedy))
            }
            (Some(user), file) => Ok(Some(CheckAccount {
                user: user.clone(),
                password: match file {
                    Some(path) => {
                        let text = String::from_utf8(values::secret(option, path)?);
                        text.map_err(|error| UsageError::Refused {
                            option,
                            value: path.clone(),
                            source: Box::new(error.utf8_error()),
                        })?
                    }
                    None => String::new(),
                },
            })),
        }
    }

    /// An option that is given.
    fn given(&self) -> Option<&'static str> {
        let options = [
            ("--upstream-policy", !self.upstream_policy.is_empty()),
            (
                "--upstream-max-connections",
                self.upstream_max_connections.is_some(),
            ),
            ("--upstream-slow-start", self.upstream_slow_start.is_some()),
            (
                "--upstream-check-interval",
                self.upstream_check_interval.is_some(),
            ),
            (
                "--upstream-check-timeout",
                self.upstream_check_timeout.is_some(),
            ),
            ("--upstream-check-rise", self.upstream_check_rise.is_some()),
            ("--upstream-check-fall", self.upstream_check_fall.is_some()),
            ("--upstream-check-user", self.upstream_check_user.is_some()),
            (
                "--upstream-check-password-file",
                self.upstream_check_password_file.is_some(),
            ),
        ];
        options
            .iter()
            .find(|(_, given)| *given)
            .map(|(option, _)| *option)
    }
}
