use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// A text that others are compared with, in capitals or not.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    text: String,
    /// What looks for it in others, if that is asked for: in one pass, wherever it begins in them.
    search: Option<AhoCorasick>,
}

impl Needle {
    /// One that whole texts are compared with.
    pub(crate) fn whole(text: String) -> Self {
        Self { text, search: None }
    }

    /// One that is searched for; nothing if it is too long.
    pub(crate) fn part(text: String) -> Option<Self> {
        let kind = match text.len() {
            ..=MOST_OF_A_TABLE => AhoCorasickKind::DFA,
            _ => AhoCorasickKind::ContiguousNFA,
        };
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true).kind(Some(kind));
        let search = builder.build([&text]).ok()?;
        Some(Self {
            text,
            search: Some(search),
        })
    }

    pub(crate) fn is(&self, text: &[u8]) -> bool {
        text.eq_ignore_ascii_case(self.text.as_bytes())
    }

    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        self.search
            .as_ref()
            .is_some_and(|search| search.is_match(text))
    }
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.search.is_some()) == (&other.text, other.search.is_some())
    }
}

/// The longest text for which a table is made that has a row for each of its bytes.
const MOST_OF_A_TABLE: usize = 256;
