use std::fmt;

/// What is spoken with the clients of a listener.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// The classic protocol.
    #[default]
    Classic,
    /// The X Protocol.
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
