//! `LIMIT …`

use super::tokens::Slice;

/// Which rows of a result are sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    offset: usize,
    count: usize,
}

impl Limit {
    /// `n`, `m, n` or `n OFFSET m`
    pub(super) fn read(limit: Slice<'_>) -> Option<Self> {
        let number = |index| limit.get(index)?.1.parse().ok();
        let (offset, count) = match limit.len() {
            1 => (0, number(0)?),
            3 if limit.is(1, ",") => (number(0)?, number(2)?),
            3 if limit.is(1, "offset") => (number(2)?, number(0)?),
            _ => return None,
        };
        Some(Self { offset, count })
    }

    pub(super) fn of<T>(self, rows: Vec<T>) -> Vec<T> {
        rows.into_iter()
            .skip(self.offset)
            .take(self.count)
            .collect()
    }
}
