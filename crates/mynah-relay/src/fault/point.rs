use std::fmt;

/// The point at which a fault is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultPoint {
    /// Before the command is forwarded. The server doesn't get the command, unless the fault is only a latency.
    BeforeForward,
    /// On the server's answer: the server has executed the command.
    AfterExecute,
}

impl FaultPoint {
    /// Both points at which a fault can be played.
    pub const ALL: &'static [Self] = &[Self::BeforeForward, Self::AfterExecute];

    /// The point's name in rules: `before_forward` or `after_execute`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeForward => "before_forward",
            Self::AfterExecute => "after_execute",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|point| point.name() == name)
    }
}

impl fmt::Display for FaultPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
