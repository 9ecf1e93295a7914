use super::piece::Kind;
use super::pieces::pieces;
use mynah_sql::Reading;
use percent_encoding::percent_decode_str;

/// The key of a test's id in comments and attributes.
pub(crate) const TEST_ID_KEY: &str = "mynah_test";

/// Takes the first comment that names a test out of a statement: `/*mynah_test='t7'*/`, also among other keys,
/// as sqlcommenter writes them (`/*route='%2Fshop',mynah_test='t7'*/`). Gives the text without it, and the id.
pub(crate) fn take_test_id(text: &str, reading: Reading) -> Option<(String, String)> {
    if !text.contains(TEST_ID_KEY) {
        return None;
    }
    let pieces = pieces(text, reading);
    let comments = pieces.iter().filter(|piece| piece.kind == Kind::Comment);
    for comment in comments {
        let body = comment
            .text
            .strip_prefix("/*")
            .and_then(|text| text.strip_suffix("*/"));
        let Some((id, others)) = body.and_then(id_in) else {
            continue;
        };
        let (before, after) = (
            text.get(..comment.range.start)?,
            text.get(comment.range.end..)?,
        );
        let left = match others.as_str() {
            "" if before.is_empty() || before.ends_with(char::is_whitespace) => {
                format!("{before}{}", after.trim_start())
            }
            "" if after.is_empty() || after.starts_with(char::is_whitespace) => {
                format!("{before}{after}")
            }
            // A comment separates tokens, so a blank takes its place: `a/**/b` is two names.
            "" => format!("{before} {after}"),
            others => format!("{before}/*{others}*/{after}"),
        };
        let left = if after.is_empty() {
            left.trim_end().to_owned()
        } else {
            left
        };
        return Some((left, id));
    }
    None
}

/// The id in the body of a comment, and the rest of the body.
fn id_in(body: &str) -> Option<(String, String)> {
    let parts = || body.split(',').map(str::trim);
    let id_of = |part: &str| {
        let (key, value) = part.split_once('=')?;
        let value = value.trim();
        let quoted = value.strip_prefix(['\'', '"']);
        let value = quoted
            .and_then(|value| value.strip_suffix(['\'', '"']))
            .unwrap_or(value);
        // sqlcommenter encodes values as in a URL.
        let id = || percent_decode_str(value).decode_utf8_lossy().into_owned();
        (key.trim() == TEST_ID_KEY && !value.is_empty()).then(id)
    };
    let id = parts().find_map(id_of)?;
    let others: Vec<&str> = parts().filter(|part| id_of(part).is_none()).collect();
    Some((id, others.join(",")))
}
