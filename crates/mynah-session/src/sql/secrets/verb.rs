/// What a statement does, as far as it matters where its passwords are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Verb {
    /// It has not begun.
    #[default]
    None,
    /// It reads, or changes what it names by column.
    Query,
    /// It writes rows, whose values stand in the order of columns.
    Insert,
    Set,
    /// A text is run.
    Run,
    Call,
    /// Accounts, servers, replication, options: whatever has words of its own for passwords.
    Other,
}

impl Verb {
    /// By its first word.
    pub(super) fn of(word: &[u8]) -> Self {
        let word = word.to_ascii_lowercase();
        match &word[..] {
            b"select" | b"update" | b"delete" | b"with" | b"show" | b"do" | b"explain"
            | b"table" | b"describe" | b"desc" | b"values" | b"handler" | b"analyze" | b"get" => {
                Self::Query
            }
            b"insert" | b"replace" | b"load" => Self::Insert,
            b"set" => Self::Set,
            b"prepare" | b"execute" => Self::Run,
            b"call" => Self::Call,
            _ => Self::Other,
        }
    }
}
