use crate::kind::Word;

/// What a statement asks of those before it on the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asks {
    /// For the last id that an insert generated.
    pub(crate) insert_id: bool,
    /// For what the last statement has left: numbers of rows, warnings, errors.
    pub(crate) last: bool,
}

impl Asks {
    pub(crate) fn of(words: &[Word]) -> Self {
        let mut asks = Self::default();
        for (at, word) in words.iter().enumerate() {
            let next = words.get(at + 1);
            let is_call = next.is_some_and(|next| next.is("("));
            let before = at.checked_sub(1).and_then(|before| words.get(before));
            let is_variable = before.is_some_and(|before| before.is_one_of(&["@", "."]));
            let shows = next.is_some_and(|next| next.is_one_of(&["WARNINGS", "ERRORS", "COUNT"]));
            asks.insert_id |= (is_call && word.is("LAST_INSERT_ID"))
                || (is_variable && word.is_one_of(&["IDENTITY", "LAST_INSERT_ID"]));
            asks.last |= (is_call && word.is_one_of(&["ROW_COUNT", "FOUND_ROWS"]))
                || (is_variable && word.is_one_of(&["WARNING_COUNT", "ERROR_COUNT"]))
                || (at == 0 && word.is("SHOW") && shows)
                || (at == 0 && word.is("GET"));
        }
        asks
    }

    pub(crate) fn any(self) -> bool {
        self.insert_id || self.last
    }
}
