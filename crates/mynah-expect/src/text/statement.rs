use std::sync::{Arc, OnceLock};

use super::element::{Element, ElementKind, elements};
use super::render::{Literals, Spacing, render};
use super::value_columns::{names, value_columns};
use super::{comment, digest_text};
use crate::value::Value;
use mynah_sql::Reading;

/// A statement's text, prepared for comparing. Two statements are the same if they differ only in white space
/// outside of quotes, or in the way a literal's value is written.
#[derive(Clone, Debug)]
pub struct Statement {
    text: Arc<str>,
    reading: Reading,
    /// Made when it is first needed, as the digest is.
    parsed: OnceLock<Parsed>,
    digest: OnceLock<Arc<str>>,
}

#[derive(Clone, Debug)]
struct Parsed {
    skeleton: Arc<str>,
    slots: Vec<Slot>,
}

/// A place for a value in a statement's text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Slot {
    Literal(Value),
    Placeholder,
}

impl Statement {
    /// Parses a text with a server's default `sql_mode`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::with_reading(text, Reading::default())
    }

    /// Parses a text by the settings of a session, such as its `sql_mode`.
    #[must_use]
    pub fn with_reading(text: &str, reading: Reading) -> Self {
        Self {
            text: text.into(),
            reading,
            parsed: OnceLock::new(),
            digest: OnceLock::new(),
        }
    }

    /// Parses a text and takes out the comment with a test's id, `/*mynah_test='t7'*/`. Returns the id, too.
    #[must_use]
    pub fn with_test_id(text: &str, reading: Reading) -> (Self, Option<String>) {
        match comment::take_test_id(text, reading) {
            Some((text, id)) => (Self::with_reading(&text, reading), Some(id)),
            None => (Self::with_reading(text, reading), None),
        }
    }

    /// The statement's text as it was parsed: without the comment that names a test, if that was taken out.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The digest of the statement's text; see [`digest_text`](crate::digest_text).
    #[must_use]
    pub fn digest(&self) -> &Arc<str> {
        self.digest
            .get_or_init(|| digest_text(&self.text, self.reading).into())
    }

    /// The form by which whole texts are compared, besides their values: the text with normalised white space,
    /// and with `?` in place of its values.
    #[must_use]
    pub fn shape(&self) -> &Arc<str> {
        self.skeleton()
    }

    /// For each value of the statement, literals and placeholders, the column that it is stored in or compared with, in
    /// lower case; `None` where the text doesn't say it.
    #[must_use]
    pub fn value_columns(&self) -> Vec<Option<String>> {
        value_columns(&self.text, &elements(&self.text, self.reading))
    }

    /// The names and keywords in the text, in lower case and without quotes.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        names(&self.text, &elements(&self.text, self.reading)).collect()
    }

    /// The same statement with other values in place of its literals: each is asked for with the number of the value,
    /// counted from 0 over literals and placeholders.
    pub(crate) fn with_literals(&self, value: impl Fn(usize) -> Option<Value>) -> Self {
        let elements = elements(&self.text, self.reading);
        let mut text = String::with_capacity(self.text.len());
        let (mut slot, mut end) = (0, 0);
        for element in &elements {
            let is_literal = match element.kind {
                ElementKind::Fixed => continue,
                ElementKind::Literal(_) => true,
                ElementKind::Placeholder => false,
            };
            if let Some(value) = value(slot).filter(|_| is_literal) {
                text.push_str(self.text.get(end..element.range.start).unwrap_or_default());
                text.push_str(&value.to_string());
                end = element.range.end;
            }
            slot += 1;
        }
        text.push_str(self.text.get(end..).unwrap_or_default());
        Self::with_reading(&text, self.reading)
    }

    /// The text with `?` in place of literals, and [`PART`](super::PART) between its elements.
    pub(crate) fn skeleton(&self) -> &Arc<str> {
        &self.parsed().skeleton
    }

    pub(crate) fn slots(&self) -> &[Slot] {
        &self.parsed().slots
    }

    fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| {
            let elements = elements(&self.text, self.reading);
            // The separator stands in no text, so two statements have the same skeleton only if they have the
            // same elements.
            let skeleton = render(
                &self.text,
                &elements,
                Spacing::Parted,
                Literals::Placeholders,
            );
            let slots = elements
                .into_iter()
                .filter_map(|element| match element.kind {
                    ElementKind::Fixed => None,
                    ElementKind::Literal(value) => Some(Slot::Literal(value)),
                    ElementKind::Placeholder => Some(Slot::Placeholder),
                });
            Parsed {
                skeleton: skeleton.into(),
                slots: slots.collect(),
            }
        })
    }

    /// The same with the digest of another text: one whose passwords are hidden has placeholders there.
    pub(crate) fn with_digest_of(self, text: &str) -> Self {
        let digest: Arc<str> = digest_text(text, self.reading).into();
        Self {
            digest: OnceLock::from(digest),
            ..self
        }
    }

    /// Forgets what was made of the text to compare it.
    pub(crate) fn forget_parts(&mut self) {
        self.parsed = OnceLock::new();
    }

    /// How the text is read.
    #[must_use]
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// The number of placeholders in the statement.
    #[must_use]
    pub fn placeholders(&self) -> usize {
        let is_placeholder = |slot: &&Slot| **slot == Slot::Placeholder;
        self.slots().iter().filter(is_placeholder).count()
    }

    /// The text in front of the first placeholder: whatever is bound, the statement begins so. Absent without
    /// placeholders.
    pub(crate) fn before_placeholders(&self, spacing: Spacing) -> Option<String> {
        let elements = elements(&self.text, self.reading);
        let is_placeholder = |element: &Element| element.kind == ElementKind::Placeholder;
        let first = elements.iter().position(is_placeholder)?;
        let with_it = elements.get(..=first)?;
        let mut written = render(&self.text, with_it, spacing, Literals::AsSent);
        written.truncate(written.trim_end_matches('?').len());
        Some(written)
    }

    /// All forms of the text that prefixes and patterns are looked for in: as it was sent, with the values of
    /// its placeholders, and with placeholders in place of its literals. So they are the same for a statement
    /// whether its values are bound or written.
    pub(crate) fn forms(&self, bound: &[Value], spacing: Spacing) -> Vec<String> {
        let elements = elements(&self.text, self.reading);
        let write = |literals| render(&self.text, &elements, spacing, literals);
        // The same statement may be expected as it is sent, prepared, or with values in place of its
        // placeholders.
        let mut forms = vec![write(Literals::AsSent)];
        if !self.slots().is_empty() {
            forms.push(write(Literals::Placeholders));
        }
        if !bound.is_empty() {
            forms.push(write(Literals::Bound(bound)));
        }
        forms
    }
}

impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        self.skeleton() == other.skeleton() && self.slots() == other.slots()
    }
}
