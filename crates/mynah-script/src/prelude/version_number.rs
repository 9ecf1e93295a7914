/// A version's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(pub(super) u32, pub(super) u32, pub(super) u32);

impl Number {
    /// The number that a version starts with, behind what MariaDB writes before it for old clients.
    pub(super) fn of(version: &str) -> Self {
        let version = version.strip_prefix("5.5.5-").unwrap_or(version);
        let parts = version.split(|char: char| !char.is_ascii_digit());
        let mut parts = parts.map(|part| part.parse().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        Self(next(), next(), next())
    }
}
