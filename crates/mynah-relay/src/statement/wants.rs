/// What is asked for of statements. Without any, no statement is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wants {
    /// Kinds, tables and effects.
    pub(crate) outlines: bool,
    pub(crate) digests: bool,
}

impl Wants {
    pub(crate) const ALL: Self = Self {
        outlines: true,
        digests: true,
    };

    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            outlines: self.outlines || other.outlines,
            digests: self.digests || other.digests,
        }
    }

    pub(crate) fn any(self) -> bool {
        self.outlines || self.digests
    }
}
