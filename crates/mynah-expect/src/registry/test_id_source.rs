use std::collections::BTreeMap;

use crate::value::Value;

/// The key of a test's id in comments, query attributes and connection attributes.
pub const TEST_ID_KEY: &str = "mynah_test";

/// The parts of a statement and its connection in which clients can name their test.
#[derive(Clone, Copy, Debug)]
pub struct TestIdSources<'a> {
    /// The query attributes; `mynah_test` is the id.
    pub query_attributes: &'a BTreeMap<String, Value>,
    /// The id in a comment of the statement, `/*mynah_test='t7'*/`, which
    /// [`Statement::with_test_id`](crate::Statement::with_test_id) finds; `None` if there is no such comment.
    pub comment: Option<&'a str>,
    /// The connection attributes; `mynah_test` is the id, or `program_name` has it after a `+`: `app+t7`.
    pub connection_attributes: &'a BTreeMap<String, String>,
    /// The name of the user that is logged in, which may have the id after a `+`: `app+t7`.
    pub user: &'a str,
    /// The schema in use, which may have the id after a `+`: `shop+t7`; `None` if none is in use.
    pub schema: Option<&'a str>,
}

/// The part of a statement or of its connection in which a test's id was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TestIdSource {
    /// The query attribute `mynah_test`.
    QueryAttribute,
    /// A comment in the statement: `/*mynah_test='t7'*/`.
    Comment,
    /// The connection attribute `mynah_test`.
    ConnectionAttribute,
    /// The connection attribute `program_name`, after a `+`: `app+t7`.
    ProgramName,
    /// The name of the user, after a `+`: `app+t7`.
    User,
    /// The name of the schema in use, after a `+`: `shop+t7`.
    Schema,
}

impl TestIdSource {
    /// Whether it may hold a `+` that means nothing.
    pub(super) fn is_doubtful(self) -> bool {
        matches!(self, Self::ProgramName | Self::User | Self::Schema)
    }
}

impl<'a> TestIdSources<'a> {
    /// The id of the test, and where it was found; `None` if there is none. If there are several, the first in the
    /// order of the variants of [`TestIdSource`] counts.
    #[must_use]
    pub fn test_id(&self) -> Option<(TestIdSource, String)> {
        let query = self
            .query_attributes
            .get(TEST_ID_KEY)
            .and_then(Value::to_text);
        let attributes = self.connection_attributes;
        let own = attributes.get(TEST_ID_KEY).cloned();
        let program = attributes.get("program_name");
        let suffix = |text: Option<&'a str>| text.and_then(split).map(|(_, id)| id.to_owned());
        let found = [
            (TestIdSource::QueryAttribute, query),
            (TestIdSource::Comment, self.comment.map(str::to_owned)),
            (TestIdSource::ConnectionAttribute, own),
            (
                TestIdSource::ProgramName,
                suffix(program.map(String::as_str)),
            ),
            (TestIdSource::User, suffix(Some(self.user))),
            (TestIdSource::Schema, suffix(self.schema)),
        ];
        let mut found = found.into_iter();
        found.find_map(|(source, id)| Some((source, id.filter(|id| !id.is_empty())?)))
    }
}

/// A name, and the id behind its last `+`.
pub(super) fn split(name: &str) -> Option<(&str, &str)> {
    // Looked for in each statement's user and schema, which hardly ever have one.
    memchr::memrchr(b'+', name.as_bytes())?;
    name.rsplit_once('+').filter(|(_, id)| !id.is_empty())
}
