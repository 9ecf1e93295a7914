use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use mynah_session::observe::Observer;
use mynah_session::sql::{Secrets, Settings};

use super::cursors::{Column, Cursors};
use super::redact::{MAX_STATEMENTS, Redaction};
use crate::trace::options::TraceOptions;
use crate::trace::redact::HiddenAs;

/// What is known of a connection of the X Protocol.
#[derive(Debug)]
pub(crate) struct X {
    pub(super) options: Arc<TraceOptions>,
    pub(super) hidden_as: HiddenAs,
    pub(super) prepared: Prepared,
    pub(super) redaction: Redaction,
    /// The columns of the result that comes.
    pub(super) columns: Vec<Column>,
    /// Whether its rows have begun.
    pub(super) has_rows: bool,
    pub(super) cursors: Cursors,
}

impl X {
    pub(crate) fn new(options: &Arc<TraceOptions>) -> Self {
        Self {
            options: Arc::clone(options),
            hidden_as: HiddenAs::Word,
            prepared: Prepared::default(),
            redaction: Redaction::default(),
            columns: Vec::new(),
            has_rows: false,
            cursors: Cursors::default(),
        }
    }

    /// One for a recording.
    pub(crate) fn recording(options: &Arc<TraceOptions>) -> Self {
        Self {
            hidden_as: HiddenAs::Literal,
            ..Self::new(options)
        }
    }

    /// One that begins in the middle of a connection, with the statements that were prepared before.
    pub(crate) fn joining(options: &Arc<TraceOptions>, known: &Observer) -> Self {
        let mut joining = Self::new(options);
        let rules = options.rules();
        let (ids, are_all) = known.known_prepared();
        for id in ids {
            let sql = known.prepared_sql(id);
            let words = known.prepared_text(id).unwrap_or_default();
            let text = Text {
                secrets: Arc::new(rules.secrets(&words, &Settings::of_x())),
                // Of other statements, only their messages say whether they are about a password.
                is_secret: sql.is_none() && rules.hides,
                words,
            };
            joining.prepared.insert(id, &text);
            if text.is_secret || !text.secrets.is_empty() {
                joining.redaction.note_secret(id);
            }
        }
        joining.prepared.is_incomplete |= !are_all;
        joining.redaction.join(are_all);
        joining
    }
}

/// A statement in words.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) words: Bytes,
    /// What must not be shown of them.
    pub(super) secrets: Arc<Secrets>,
    /// Whether its arguments may be passwords, which the words don't say.
    pub(super) is_secret: bool,
}

/// The statements that are prepared, in words.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    texts: HashMap<u32, Text>,
    /// How many bytes they have.
    held: usize,
    /// Whether there are some that aren't known.
    pub(super) is_incomplete: bool,
}

impl Prepared {
    pub(super) fn insert(&mut self, id: u32, text: &Text) {
        self.remove(id);
        let words = &text.words;
        if self.texts.len() >= MAX_STATEMENTS || self.held + words.len() > MAX_HELD {
            self.is_incomplete = true;
            return;
        }
        self.held += words.len();
        // A slice would hold all of the message.
        let words = Bytes::copy_from_slice(words);
        let text = Text {
            words,
            ..text.clone()
        };
        self.texts.insert(id, text);
    }

    pub(super) fn text(&self, id: u32) -> Option<Text> {
        self.texts.get(&id).cloned()
    }

    pub(super) fn remove(&mut self, id: u32) -> Option<Text> {
        let text = self.texts.remove(&id)?;
        self.held -= text.words.len();
        Some(text)
    }
}

/// How many bytes of texts are held.
const MAX_HELD: usize = 16 * 1024 * 1024;
