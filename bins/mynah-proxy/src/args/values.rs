//! What the values of options mean.

use std::time::Duration;

use mynah_net::{TlsMode, TlsVerify};
use mynah_relay::{Address, Format, Overflow, Protocol, ProxySenders, ProxyVersion};

use super::UsageError;

pub(super) fn address(value: &str, option: &'static str) -> Result<Address, UsageError> {
    let parsed = value.parse();
    parsed.map_err(|source| UsageError::Address { option, source })
}

pub(super) fn protocol(value: &str) -> Result<Protocol, UsageError> {
    match value {
        "auto" => Ok(Protocol::Auto),
        "classic" => Ok(Protocol::Classic),
        "x" => Ok(Protocol::X),
        _ => Err(one_of("--protocol", "auto, classic, x", value)),
    }
}

/// Nothing if there is to be no trace.
pub(super) fn level(value: &str) -> Result<Option<u8>, UsageError> {
    match value {
        "off" => Ok(None),
        "0" => Ok(Some(0)),
        "1" => Ok(Some(1)),
        "2" => Ok(Some(2)),
        "3" => Ok(Some(3)),
        "4" => Ok(Some(4)),
        _ => Err(one_of("--trace", "off, 0, 1, 2, 3, 4", value)),
    }
}

pub(super) fn format(value: &str) -> Result<Format, UsageError> {
    match value {
        "text" => Ok(Format::Text),
        "json" => Ok(Format::Json),
        "hex" => Ok(Format::Hex),
        _ => Err(one_of("--format", "text, json, hex", value)),
    }
}

pub(super) fn overflow(value: &str) -> Result<Overflow, UsageError> {
    match value {
        "block" => Ok(Overflow::Block),
        "drop" => Ok(Overflow::Drop),
        _ => Err(one_of("--trace-overflow", "block, drop", value)),
    }
}

pub(super) fn tls_mode(value: &str, option: &'static str) -> Result<TlsMode, UsageError> {
    match value.to_ascii_lowercase().as_str() {
        "disabled" => Ok(TlsMode::Disabled),
        "preferred" => Ok(TlsMode::Preferred),
        "required" => Ok(TlsMode::Required),
        _ => Err(one_of(option, "disabled, preferred, required", value)),
    }
}

pub(super) fn verify(value: &str) -> Result<TlsVerify, UsageError> {
    match value {
        "nothing" => Ok(TlsVerify::Nothing),
        "ca" => Ok(TlsVerify::Authority),
        "identity" => Ok(TlsVerify::Identity),
        _ => Err(one_of(
            "--server-tls-verify",
            "nothing, ca, identity",
            value,
        )),
    }
}

/// A whole number and its unit.
pub(super) fn time(value: &str, option: &'static str) -> Result<Duration, UsageError> {
    let refused = || UsageError::Time {
        option,
        value: value.to_owned(),
    };
    let (number, unit) = split(value).ok_or_else(refused)?;
    let unit = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(refused()),
    };
    let millis = number.checked_mul(unit).ok_or_else(refused)?;
    Some(Duration::from_millis(millis))
        .filter(|time| (Duration::from_millis(1)..=YEAR).contains(time))
        .ok_or_else(refused)
}

pub(super) fn size(value: &str, option: &'static str) -> Result<u64, UsageError> {
    let refused = || UsageError::Size {
        option,
        value: value.to_owned(),
    };
    let (number, unit) = split(value).ok_or_else(refused)?;
    let unit = match unit {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return Err(refused()),
    };
    let size = number.checked_mul(unit).ok_or_else(refused)?;
    Some(size).filter(|size| *size > 0).ok_or_else(refused)
}

pub(super) fn number(
    value: &str,
    option: &'static str,
    least: u64,
    most: u64,
) -> Result<u64, UsageError> {
    let parsed = split(value).filter(|(_, unit)| unit.is_empty());
    parsed
        .map(|(number, _)| number)
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| UsageError::Number {
            option,
            least,
            most,
            value: value.to_owned(),
        })
}

/// The token in a file.
pub(super) fn http_token(path: &str) -> Result<String, UsageError> {
    mynah_net::read_http_token(path.as_ref())
        .map_err(|error| UsageError::Other(format!("option --http-token-file, '{path}': {error}")))
}

pub(super) fn senders(values: &[String]) -> Result<ProxySenders, UsageError> {
    let none = ProxySenders::default();
    values.iter().try_fold(none, |all, value| {
        let more = value.parse().map_err(UsageError::Senders)?;
        Ok(all.and(more))
    })
}

pub(super) fn proxy_version(value: &str) -> Result<ProxyVersion, UsageError> {
    match value {
        "v1" => Ok(ProxyVersion::V1),
        "v2" => Ok(ProxyVersion::V2),
        _ => Err(one_of("--send-proxy-protocol", "v1, v2", value)),
    }
}

/// Permissions in octal.
pub(super) fn socket_mode(value: &str) -> Result<u32, UsageError> {
    let mode = u32::from_str_radix(value, 8).ok();
    mode.filter(|mode| *mode <= 0o777 && !value.starts_with('+'))
        .ok_or_else(|| one_of("--socket-mode", "octal permissions up to 0777", value))
}

pub(super) fn one_of(option: &'static str, allowed: &'static str, value: &str) -> UsageError {
    UsageError::OneOf {
        option,
        allowed,
        value: value.to_owned(),
    }
}

/// Digits, and what is behind them.
fn split(value: &str) -> Option<(u64, &str)> {
    let end = value.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, unit) = value.split_at_checked(end)?;
    Some((digits.parse().ok()?, unit))
}

const YEAR: Duration = Duration::from_secs(365 * 86_400);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_have_units() {
        assert_eq!(time("500ms", "--x").ok(), Some(Duration::from_millis(500)));
        assert_eq!(time("2m", "--x").ok(), Some(Duration::from_secs(120)));
        for text in [
            "",
            "5",
            "s",
            "0s",
            "-1s",
            "1.5s",
            "5 s",
            "5S",
            "99999999999999999999s",
        ] {
            assert!(time(text, "--x").is_err(), "{text}");
        }
        assert_eq!(size("10m", "--x").ok(), Some(10 << 20));
        assert_eq!(size("512", "--x").ok(), Some(512));
        for text in ["", "k", "0", "10mb", "-1"] {
            assert!(size(text, "--x").is_err(), "{text}");
        }
    }
}
