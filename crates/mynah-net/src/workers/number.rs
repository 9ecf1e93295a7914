/// How many workers there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    /// So many are there from the start on; at least one.
    pub(crate) least: usize,
    /// So many there may be while each has a client.
    pub(crate) most: usize,
}

impl Number {
    /// Always the same number.
    pub(crate) fn fixed(number: usize) -> Self {
        Self {
            least: number,
            most: number,
        }
    }

    /// Whether workers are added when each has a client, and end when they are unused.
    pub(super) fn varies(self) -> bool {
        self.most > self.least
    }
}
