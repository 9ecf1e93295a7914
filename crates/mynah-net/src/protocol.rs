use std::fmt;

/// The protocol that a listener's clients speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Clients speak the classic protocol, of MySQL and MariaDB.
    #[default]
    Classic,
    /// Clients speak the X Protocol.
    X,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Classic => "classic",
            Self::X => "x",
        })
    }
}
