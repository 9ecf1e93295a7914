//! Parses the values of options, and reads the secrets in files that options name.

use std::ops::RangeInclusive;
use std::time::Duration;

use mynah_net::TlsMode;

use crate::{Allowed, UsageError};

/// Parses an option's value that is one of several words, in upper or lower case, and returns what belongs to the
/// word.
///
/// # Errors
/// [`UsageError::Value`].
pub fn choice<T: Clone>(
    option: &'static str,
    value: &str,
    choices: &[(&'static str, T)],
) -> Result<T, UsageError> {
    let mut all = choices.iter();
    let found = all.find(|(word, _)| word.eq_ignore_ascii_case(value));
    found.map(|(_, choice)| choice.clone()).ok_or_else(|| {
        let words = choices.iter().map(|(word, _)| *word).collect();
        wrong(option, value, Allowed::OneOf(words))
    })
}

/// Parses whether TLS is disabled, preferred or required.
///
/// # Errors
/// [`UsageError::Value`].
pub fn tls_mode(option: &'static str, value: &str) -> Result<TlsMode, UsageError> {
    let modes = [
        ("disabled", TlsMode::Disabled),
        ("preferred", TlsMode::Preferred),
        ("required", TlsMode::Required),
    ];
    choice(option, value, &modes)
}

/// Parses a whole number, written with digits only.
///
/// # Errors
/// [`UsageError::Value`] for another text, or a number outside the range or that of `T`.
pub fn number<T: TryFrom<u64>>(
    option: &'static str,
    value: &str,
    range: RangeInclusive<u64>,
) -> Result<T, UsageError> {
    let number = whole(value).filter(|number| range.contains(number));
    let number = number.and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| {
        let (&least, &most) = (range.start(), range.end());
        wrong(option, value, Allowed::Number { least, most })
    })
}

/// Parses a TCP port; 0 stands for any free port.
///
/// # Errors
/// [`UsageError::Value`].
pub fn port(option: &'static str, value: &str) -> Result<u16, UsageError> {
    number(option, value, 0..=u64::from(u16::MAX))
}

/// Parses a time from 1 ms to 365 days, a whole number with a unit: `500ms`, `5s`, `10m`, `8h`.
///
/// # Errors
/// [`UsageError::Value`].
pub fn time(option: &'static str, value: &str) -> Result<Duration, UsageError> {
    let (digits, unit) = split(value);
    let unit = match unit {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let millis = whole(digits).zip(unit);
    let millis = millis.and_then(|(number, unit)| number.checked_mul(unit));
    millis
        .filter(|millis| (1..=YEAR).contains(millis))
        .map(Duration::from_millis)
        .ok_or_else(|| wrong(option, value, Allowed::Time))
}

/// Parses a number of bytes from 1 to 1024⁴; a letter multiplies it by 1024, 1024² and so on: `512`, `64K`, `10M`,
/// `1G`, `1T`.
///
/// # Errors
/// [`UsageError::Value`].
pub fn size<T: TryFrom<u64>>(option: &'static str, value: &str) -> Result<T, UsageError> {
    let (digits, unit) = split(value);
    let unit = match unit.to_ascii_uppercase().as_str() {
        "" => Some(1),
        "K" => Some(1 << 10),
        "M" => Some(1 << 20),
        "G" => Some(1 << 30),
        "T" => Some(1 << 40),
        _ => None,
    };
    let size = whole(digits).zip(unit);
    let size = size.and_then(|(number, unit)| number.checked_mul(unit));
    size.filter(|size| (1..=1 << 40).contains(size))
        .and_then(|size| T::try_from(size).ok())
        .ok_or_else(|| wrong(option, value, Allowed::Size))
}

/// Parses permission bits, in octal as for `chmod`: `600`, at most `777`.
///
/// # Errors
/// [`UsageError::Value`].
pub fn permissions(option: &'static str, value: &str) -> Result<u32, UsageError> {
    let mode = u32::from_str_radix(value, 8).ok();
    mode.filter(|mode| *mode <= 0o777 && !value.starts_with('+'))
        .ok_or_else(|| wrong(option, value, Allowed::Permissions))
}

/// Parses a host name or an address, `::1` or `[::1]`, without a port. `port_option` names the option for the port in
/// the error for a value that has one. A name is returned as it is, whether or not it exists.
///
/// # Errors
/// [`UsageError::Value`] for a value with a port, and for brackets around anything but an IPv6 address.
pub fn host(
    option: &'static str,
    value: &str,
    port_option: &'static str,
) -> Result<String, UsageError> {
    // `host:port` is a likely mistake: the port has an option of its own. An IPv6 address has colons as well.
    let has_port = |(host, port): (&str, &str)| {
        whole(port).is_some() && (host.ends_with(']') || !host.contains(':'))
    };
    if value.rsplit_once(':').is_some_and(has_port) {
        return Err(wrong(option, value, Allowed::HostAlone { port_option }));
    }
    match value.strip_prefix('[').map(|rest| rest.strip_suffix(']')) {
        None => Ok(value.to_owned()),
        Some(Some(host)) if host.parse::<std::net::Ipv6Addr>().is_ok() => Ok(host.to_owned()),
        Some(_) => Err(wrong(option, value, Allowed::Host)),
    }
}

/// Reads the token for HTTP clients from the file at this path.
///
/// # Errors
/// [`UsageError::Refused`], if the file can't be read, or doesn't contain one word of ASCII characters.
pub fn http_token(option: &'static str, path: &str) -> Result<String, UsageError> {
    mynah_net::read_http_token(path.as_ref()).map_err(|error| refused(option, path, error))
}

/// Reads a secret from the file at this path: its bytes, without white space at the end.
///
/// # Errors
/// [`UsageError::Refused`], with the operating system's error.
pub fn secret(option: &'static str, path: &str) -> Result<Vec<u8>, UsageError> {
    let bytes = std::fs::read(path).map_err(|error| refused(option, path, error))?;
    Ok(bytes.trim_ascii_end().to_vec())
}

/// Parses a value by its type's `FromStr`.
///
/// # Errors
/// [`UsageError::Refused`], with the type's error.
pub fn parsed<T>(option: &'static str, value: &str) -> Result<T, UsageError>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    value.parse().map_err(|error| refused(option, value, error))
}

fn refused(
    option: &'static str,
    value: &str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> UsageError {
    UsageError::Refused {
        option,
        value: value.to_owned(),
        source: Box::new(source),
    }
}

fn wrong(option: &'static str, value: &str, allowed: Allowed) -> UsageError {
    UsageError::Value {
        option,
        value: value.to_owned(),
        allowed,
    }
}

/// The digits of a value, and the rest.
fn split(value: &str) -> (&str, &str) {
    let end = value.bytes().take_while(u8::is_ascii_digit).count();
    value.split_at_checked(end).unwrap_or((value, ""))
}

/// A number of digits only: without a sign.
fn whole(value: &str) -> Option<u64> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    value.parse().ok().filter(|_| digits)
}

const YEAR: u64 = 365 * 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit() {
        for (text, millis) in [
            ("500ms", 500),
            ("5s", 5000),
            ("2m", 120_000),
            ("24h", 86_400_000),
            ("8760h", YEAR),
        ] {
            assert_eq!(time("--t", text).unwrap().as_millis(), millis.into());
        }
        for text in [
            "",
            "5",
            "s",
            "0s",
            "-1s",
            "+1s",
            "1.5s",
            "5 s",
            "8761h",
            "5S",
            "5é",
            "99999999999999999999s",
        ] {
            let said = time("--t", text).unwrap_err().to_string();
            let expected = format!(
                "bad value '{text}' in --t; use a time like 500ms, 5s or 10m, at most 8760h"
            );
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn sizes_may_have_a_unit() {
        for (text, bytes) in [
            ("1", 1),
            ("100", 100),
            ("4K", 4096),
            ("64m", 64 << 20),
            ("1G", 1 << 30),
            ("1T", 1 << 40),
        ] {
            assert_eq!(size::<u64>("--s", text).unwrap(), bytes, "{text}");
        }
        for text in [
            "", "0", "-1", "+1", "1.5G", "1 G", "1KB", "2T", "G", "k", "1é",
        ] {
            let said = size::<u64>("--s", text).unwrap_err().to_string();
            let expected = format!(
                "bad value '{text}' in --s; use a size like 512, 64K, 10M or 1G, at most 1T"
            );
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn permissions_are_octal() {
        assert_eq!(permissions("--m", "0770").unwrap(), 0o770);
        assert_eq!(permissions("--m", "600").unwrap(), 0o600);
        for text in ["", "778", "1777", "+700", "-700", "rwx"] {
            let said = permissions("--m", text).unwrap_err().to_string();
            let expected =
                format!("bad value '{text}' in --m; use octal permissions from 0 to 0777");
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn ports_are_decimal() {
        for (text, expected) in [("0", 0), ("3306", 3306), ("03306", 3306), ("65535", 65535)] {
            assert_eq!(port("--port", text).unwrap(), expected, "{text}");
        }
        for text in ["", "65536", "-1", "+1", "0xffff", "1e3", " 1", "1 ", "٣"] {
            let said = port("--port", text).unwrap_err().to_string();
            let expected = format!("bad value '{text}' in --port; use a number from 0 to 65535");
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn an_unknown_choice_is_answered_with_the_choices() {
        assert_eq!(tls_mode("--tls", "Required").unwrap(), TlsMode::Required);
        let said = tls_mode("--tls", "maybe").unwrap_err().to_string();
        let expected = "bad value 'maybe' in --tls; use disabled, preferred or required";
        assert_eq!(said, expected);
    }

    #[test]
    fn a_host_may_have_brackets_and_has_no_port() {
        for (text, expected) in [
            ("localhost", "localhost"),
            ("127.0.0.1", "127.0.0.1"),
            ("::", "::"),
            ("::1", "::1"),
            ("[::1]", "::1"),
            ("fe80::1:26040", "fe80::1:26040"),
        ] {
            assert_eq!(host("--bind", text, "--port").unwrap(), expected);
        }
        for text in ["127.0.0.1:26040", "[::1]:26040", "localhost:0"] {
            let said = host("--bind", text, "--port").unwrap_err().to_string();
            let expected = format!(
                "bad value '{text}' in --bind; use a name or an address, and --port for the port"
            );
            assert_eq!(said, expected);
        }
        for text in ["[::1", "[]", "[localhost]"] {
            let said = host("--bind", text, "--port").unwrap_err().to_string();
            let expected = format!("bad value '{text}' in --bind; use a name or an address");
            assert_eq!(said, expected);
        }
    }
}
