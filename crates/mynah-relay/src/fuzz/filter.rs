use mynah_session::observe::Answer;

use crate::trace::Record;
use crate::{Connection, Filter};

/// Fuzz target: reads a text as a filter, and applies it to the values after a NUL. Panics if an error doesn't
/// point into the text.
pub fn filter(data: &[u8]) {
    let (text, sql) = match data.iter().position(|&byte| byte == 0) {
        Some(end) => data.split_at(end),
        None => (data, &b""[..]),
    };
    let text = String::from_utf8_lossy(text);
    match text.parse::<Filter>() {
        Ok(filter) => {
            let about = Connection {
                user: sql.to_vec().into(),
                ..Connection::default()
            };
            let answer = Answer::none();
            let record = Record {
                sql,
                ..Record::none(&about, &answer)
            };
            let _holds = filter.holds(&record);
        }
        Err(error) => {
            let end = text.chars().count() + 1;
            assert!((1..=end).contains(&error.column), "{error}");
        }
    }
}
