use std::fmt;

/// Where a fault is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultPoint {
    /// Before the command is forwarded: the server doesn't get it, unless the fault is a latency.
    BeforeForward,
    /// Between the server's answer and the client: the server has done what the command asks for.
    AfterExecute,
}

impl FaultPoint {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::BeforeForward, Self::AfterExecute];

    /// `before_forward` or `after_execute`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeForward => "before_forward",
            Self::AfterExecute => "after_execute",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|point| point.name() == name)
    }
}

impl fmt::Display for FaultPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
