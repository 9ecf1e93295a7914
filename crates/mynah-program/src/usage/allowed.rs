use std::fmt;

/// The values that an option allows, for error messages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Allowed {
    /// One of these words.
    OneOf(Vec<&'static str>),
    /// A whole number within these bounds.
    Number {
        /// The smallest number that is allowed.
        least: u64,
        /// The largest number that is allowed.
        most: u64,
    },
    /// A whole number and a unit of time, `500ms`, up to 365 days.
    Time,
    /// A number of bytes, with or without a unit, up to 1024⁴.
    Size,
    /// Permissions in octal, as for `chmod`.
    Permissions,
    /// The name or the address of a host.
    Host,
    /// A host, for an option whose value also contained a port: the port has an option of its own.
    HostAlone {
        /// The name of the option for the port.
        port_option: &'static str,
    },
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(words) => match words.split_last() {
                Some((last, others)) if !others.is_empty() => {
                    write!(f, "{} or {last}", others.join(", "))
                }
                _ => f.write_str(&words.join("")),
            },
            Self::Number { least, most } => write!(f, "a number from {least} to {most}"),
            Self::Time => f.write_str("a time like 500ms, 5s or 10m, at most 8760h"),
            Self::Size => f.write_str("a size like 512, 64K, 10M or 1G, at most 1T"),
            Self::Permissions => f.write_str("octal permissions from 0 to 0777"),
            Self::Host => f.write_str("a name or an address"),
            Self::HostAlone { port_option } => {
                write!(f, "a name or an address, and {port_option} for the port")
            }
        }
    }
}
