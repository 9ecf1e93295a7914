//! What the values of options mean.

use std::time::Duration;

use mynah::{Compression, TlsMode, TlsVersion};

use super::UsageError;

/// A port: its digits, nothing else. The option is named as the original mock does.
pub(super) fn port(value: &str, option: &'static str) -> Result<u16, UsageError> {
    number(value, option, 0, u16::MAX)
}

/// How many threads.
pub(super) fn workers(value: &str) -> Result<usize, UsageError> {
    number(value, "workers", 1, 1024).map(usize::from)
}

/// How many workers may be lost.
pub(super) fn lost_workers(value: &str) -> Result<usize, UsageError> {
    number(value, "lost-workers", 1, 1024).map(usize::from)
}

pub(super) fn ssl_mode(value: &str) -> Result<TlsMode, UsageError> {
    match value.to_ascii_uppercase().as_str() {
        "DISABLED" => Ok(TlsMode::Disabled),
        "PREFERRED" => Ok(TlsMode::Preferred),
        "REQUIRED" => Ok(TlsMode::Required),
        _ => Err(UsageError::SslMode(value.to_owned())),
    }
}

pub(super) fn tls_version(value: &str) -> Result<TlsVersion, UsageError> {
    let unknown = |_| UsageError::TlsVersion(value.to_owned());
    value.parse().map_err(unknown)
}

/// The token in a file.
pub(super) fn http_token(path: &str) -> Result<String, UsageError> {
    mynah::read_http_token(path.as_ref())
        .map_err(|error| UsageError::Other(format!("option http-token-file, '{path}': {error}")))
}

/// Permissions in octal.
pub(super) fn socket_mode(value: &str) -> Result<u32, UsageError> {
    let mode = u32::from_str_radix(value, 8).ok();
    mode.filter(|mode| *mode <= 0o777 && !value.starts_with('+'))
        .ok_or_else(|| UsageError::SocketMode(value.to_owned()))
}

/// Whether there shall be core files.
pub(super) fn core_file(value: &str) -> Result<bool, UsageError> {
    match value {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(UsageError::OneOf {
            option: "--core-file",
            allowed: "['0', '1']",
            value: value.to_owned(),
        }),
    }
}

pub(super) fn isolation(value: &str) -> Result<mynah::Isolation, UsageError> {
    value.parse().map_err(|_| UsageError::OneOf {
        option: "--isolation",
        allowed: "['auto', 'context']",
        value: value.to_owned(),
    })
}

/// What is answered where the trace has no answer.
pub(super) fn prelude(value: &str) -> Result<mynah::PreludeKind, UsageError> {
    value.parse().map_err(|_| UsageError::OneOf {
        option: "--prelude",
        allowed: "['default', 'tools', 'none']",
        value: value.to_owned(),
    })
}

/// Algorithms with commas between them, as MySQL's own option has them.
pub(super) fn compression(value: &str) -> Result<Compression, UsageError> {
    let mut compression = Compression::default();
    for name in value.split(',') {
        match name.trim().to_ascii_lowercase().as_str() {
            "zlib" => compression.zlib = true,
            "zstd" => compression.zstd = true,
            "uncompressed" => {}
            _ => {
                return Err(UsageError::OneOf {
                    option: "--compression-algorithms",
                    allowed: "['zlib', 'zstd', 'uncompressed']",
                    value: name.to_owned(),
                });
            }
        }
    }
    Ok(compression)
}

/// How many connections.
pub(super) fn connections(value: &str) -> Result<usize, UsageError> {
    number(value, "max-connections", 1, u16::MAX).map(usize::from)
}

/// A number of bytes, in units of 1024, 1024² and so on if there is a letter.
pub(super) fn size(option: &'static str, value: &str) -> Result<usize, UsageError> {
    let refused = || UsageError::Size {
        option,
        value: value.to_owned(),
    };
    let digits = value.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let shift = match value.get(digits.len()..) {
        Some("") => 0,
        Some("K" | "k") => 10,
        Some("M" | "m") => 20,
        Some("G" | "g") => 30,
        Some("T" | "t") => 40,
        _ => return Err(refused()),
    };
    let number = whole::<u64>(digits).ok_or_else(refused)?;
    let size = number.checked_mul(1 << shift).ok_or_else(refused)?;
    if !(1..=1 << 40).contains(&size) {
        return Err(refused());
    }
    usize::try_from(size).map_err(|_| refused())
}

/// A whole number and its unit.
pub(super) fn time(value: &str, option: &'static str) -> Result<Duration, UsageError> {
    let refused = || UsageError::Time {
        option,
        value: value.to_owned(),
    };
    let digits = value.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let unit = match value.get(digits.len()..) {
        Some("ms") => 1,
        Some("s") => 1000,
        Some("m") => 60_000,
        Some("h") => 3_600_000,
        _ => return Err(refused()),
    };
    let number = whole::<u64>(digits).ok_or_else(refused)?;
    let millis = number.checked_mul(unit).ok_or_else(refused)?;
    if !(1..=86_400_000).contains(&millis) {
        return Err(refused());
    }
    Ok(Duration::from_millis(millis))
}

fn number(value: &str, option: &'static str, least: u16, most: u16) -> Result<u16, UsageError> {
    let fits = |number: &u16| (least..=most).contains(number);
    whole(value).filter(fits).ok_or_else(|| UsageError::Number {
        option,
        least,
        most,
        value: value.to_owned(),
    })
}

/// A number of digits only: without a sign.
fn whole<T: std::str::FromStr>(value: &str) -> Option<T> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    value.parse().ok().filter(|_| digits)
}

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
        ] {
            assert_eq!(time(text, "t"), Ok(Duration::from_millis(millis)), "{text}");
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
            "25h",
            "5S",
            "5é",
            "99999999999999999h",
        ] {
            let refused = UsageError::Time {
                option: "t",
                value: text.to_owned(),
            };
            assert_eq!(time(text, "t"), Err(refused), "{text}");
        }
    }

    #[test]
    fn modes_are_octal() {
        assert_eq!(socket_mode("0770"), Ok(0o770));
        assert_eq!(socket_mode("600"), Ok(0o600));
        for text in ["", "778", "1777", "+700", "-700", "rwx"] {
            let refused = UsageError::SocketMode(text.to_owned());
            assert_eq!(socket_mode(text), Err(refused), "{text}");
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
            assert_eq!(size("max-input", text), Ok(bytes), "{text}");
        }
        for text in ["", "0", "-1", "1.5G", "1 G", "1KB", "2T", "G", "1é"] {
            let error = size("max-input", text).unwrap_err();
            let expected =
                format!("option max-input needs a size from 1 to 1T, like 64M or 1G, was '{text}'");
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn ports_are_decimal() {
        for (text, expected) in [("0", 0), ("3306", 3306), ("03306", 3306), ("65535", 65535)] {
            assert_eq!(port(text, "port"), Ok(expected), "{text}");
        }
        for text in ["65536", "-1", "+1", "0xffff", "1e3", " 1", "1 ", "٣"] {
            let error = port(text, "port in [mock_server:classic]").unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "option port in [mock_server:classic] needs value between 0 and 65535 inclusive, was '{text}'"
                )
            );
        }
    }
}
