//! Which part a statement is of.

use std::collections::BTreeMap;

use mynah_expect::{Reading, Statement, TEST_ID_KEY, TestIdSources};
use mynah_recording::{Entry, Text};

use crate::Connection;

/// Takes the id of a test out of a statement, and gives it, or the one that its connection has.
pub(super) fn test_id(
    entry: &mut Entry,
    connection_attributes: &BTreeMap<String, String>,
    about: &Connection,
) -> Option<String> {
    let comment = match entry.stmt.as_str().contains(TEST_ID_KEY) {
        true => {
            let (statement, id) = Statement::with_test_id(entry.stmt.as_str(), Reading::default());
            entry.stmt = Text::from(statement.text());
            id
        }
        false => None,
    };
    let attribute = entry.attributes.remove(TEST_ID_KEY);
    let attributes = attribute.map(|value| (TEST_ID_KEY.to_owned(), value.value()));
    let (user, schema) = (text(&about.user), text(&about.schema));
    let sources = TestIdSources {
        query_attributes: &attributes.into_iter().collect(),
        comment: comment.as_deref(),
        connection_attributes,
        user: &user,
        schema: Some(&*schema).filter(|schema| !schema.is_empty()),
    };
    sources.test_id().map(|(_, id)| id)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
