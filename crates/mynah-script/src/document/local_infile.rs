use mynah_session::LocalInfile;

use super::{Document, Kind, Misfit, field, keys};

/// A `local_infile`, and what answers the file: a function, an entry, or nothing, which is an OK.
pub(super) fn local_infile<D: Document>(
    doc: &mut D,
    object: &D::Value,
) -> Result<(LocalInfile, Option<D::Value>), D::Error> {
    if !doc.kind(object).is_object() {
        return Err(Misfit::ExpectObject.into());
    }
    let filename = field::required_string(doc, object, keys::FILENAME)?;
    let limit = field::unsigned(doc, object, keys::LIMIT, MOST)?.unwrap_or(DEFAULT_LIMIT);
    let answer = doc.get(object, keys::ANSWER)?;
    let answer = match doc.kind(&answer) {
        Kind::Undefined => None,
        Kind::Object => Some(answer),
        Kind::Function if !D::DIALECT.json_keys => Some(answer),
        kind => return Err(Misfit::Answer(kind).into()),
    };
    let file = LocalInfile {
        filename,
        limit: limit.try_into().unwrap_or(usize::MAX),
    };
    Ok((file, answer))
}

/// How many bytes are taken unless an entry says how many.
const DEFAULT_LIMIT: u64 = 16 << 20;
/// The most that an entry may let a client send: it is held in memory.
const MOST: u64 = 1 << 30;
