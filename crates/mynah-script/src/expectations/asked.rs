use std::sync::Arc;

use mynah_classic::StatusFlags;
use mynah_expect::{
    Call, Connection, Reading, Statement as Text, Test, TestError, TestIdSources, Tests, Value,
};
use mynah_session::{SessionState, Statement};

use super::call::{text_of, values_of};
use super::{Answer, Client};

/// A statement, as its test is asked.
pub(crate) struct Asked {
    pub(crate) test: Arc<Test<Answer>>,
    pub(crate) call: Arc<Call>,
    /// The statement without the comment that names its test, if there is one.
    pub(crate) plain: Option<Statement>,
}

impl Asked {
    /// Finds the test of a statement. `before` is the id of the test that the statement before belongs to.
    ///
    /// # Errors
    /// When its id is that of no open test.
    pub(crate) fn new(
        tests: &Tests<Answer>,
        client: &mut Client,
        statement: &Statement,
        before: Option<&str>,
    ) -> Result<Self, TestError> {
        let character_set = client.character_set(&statement.state);
        let text = text_of(statement, character_set);
        let generated = statement.x.as_ref().map(|x| &*x.generated_ids);
        let text = match generated {
            Some(ids @ [_, ..]) if tests.is_recording() => without_ids(&text, ids).into(),
            _ => text,
        };
        let (read, comment) = Text::with_test_id(&text, reading(tests, client, &statement.state));
        let (mut params, query_attributes) =
            values_of(&statement.params, &statement.attributes, character_set);
        if tests.is_recording()
            && let Some(arguments) = statement.x.as_ref().and_then(|x| x.arguments.as_deref())
        {
            params.push(Value::from(arguments));
        }
        let schema = statement.state.schema.as_ref();
        let schema = schema.map(|schema| String::from_utf8_lossy(schema));
        let Client {
            connection,
            last_schema,
            ..
        } = client;
        let routed = tests.route(&TestIdSources {
            query_attributes: &query_attributes,
            comment: comment.as_deref(),
            connection_attributes: &connection.attributes,
            user: &connection.user,
            schema: schema.as_deref(),
        })?;
        let followed = before.filter(|_| routed.source.is_none() && follows(read.text()));
        // That test may have ended.
        let test = followed.and_then(|id| tests.get(id).ok());
        let test = test.unwrap_or(routed.test);
        let user = (routed.user != connection.user).then(|| routed.user.to_owned());
        let schema = routed.schema.map(|schema| shared(schema, last_schema));
        let connection = match user {
            None => Arc::clone(connection),
            Some(user) => Arc::new(Connection {
                user,
                ..Connection::clone(connection)
            }),
        };
        let plain = comment.is_some().then(|| Statement {
            text: read.text().to_owned().into(),
            ..statement.clone()
        });
        let call = Call {
            statement: read,
            command: statement.command.into(),
            params,
            schema,
            query_attributes,
            connection,
        };
        Ok(Self {
            test,
            call: Arc::new(call),
            plain,
        })
    }
}

/// The name of a schema, as it was made for the statement before, if it is the same.
fn shared(schema: &str, last: &mut Option<Arc<str>>) -> Arc<str> {
    match last {
        Some(last) if **last == *schema => Arc::clone(last),
        _ => Arc::clone(last.insert(schema.into())),
    }
}

/// Whether a statement without an id belongs to the test of the statement before it on the connection. A driver sends
/// COMMIT and the like without asking the application, which so can't put an id into a comment.
fn follows(statement: &str) -> bool {
    let word = statement.trim_start();
    let end = word.find(|c: char| !c.is_ascii_alphabetic());
    let word = word.get(..end.unwrap_or(word.len())).unwrap_or_default();
    ["commit", "rollback", "savepoint", "release"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// An insertion of documents as the client sent them: a recording has other ids, which its server gave.
fn without_ids(text: &str, ids: &[String]) -> String {
    let without = |text: String, id: &String| {
        let first = format!("{{\"_id\": \"{id}\"");
        let and_more = format!("{first}, ");
        text.replace(&and_more, "{").replace(&first, "{")
    };
    ids.iter().fold(text.to_owned(), without)
}

/// The settings by which a session's statements are parsed, which are UTF-8 here.
fn reading(tests: &Tests<Answer>, client: &Client, state: &SessionState) -> Reading {
    let flags = state.flags();
    // A recording doesn't say in which mode a statement was sent, so both are read in the same way.
    if tests.is_recording() {
        return Reading {
            comments: Reading::from(client.dialect).comments,
            ..Reading::default()
        };
    }
    Reading {
        ansi_quotes: state.has_ansi_quotes(),
        no_backslash_escapes: flags.contains(StatusFlags::NO_BACKSLASH_ESCAPES),
        comments: Reading::from(client.dialect).comments,
        ..Reading::default()
    }
}
