use super::{Document, Key, Kind, Misfit, keys};

/// The sections of a script, of the types they must have.
#[derive(Debug)]
pub(crate) struct Sections<V> {
    /// An array, a function, or a coroutine; undefined if there are expectations alone.
    pub(crate) stmts: V,
    /// What tests expect, an array or an object; undefined if there is nothing.
    pub(crate) expectations: V,
    /// Whether an array starts again when it is at its end.
    pub(crate) looped: bool,
    /// Whether the entries of an array are compared with the statements.
    pub(crate) strict: bool,
    /// An object, or a function; undefined if there is none.
    pub(crate) handshake: V,
    /// An array; anything else is refused when it is needed, which only the X Protocol does.
    pub(crate) notices: V,
}

/// What a script consists of.
pub(crate) fn sections<D: Document>(
    doc: &mut D,
    script: &D::Value,
) -> Result<Sections<D::Value>, D::Error> {
    let kind = doc.kind(script);
    if !kind.is_object() {
        return Err(Misfit::NoScript(kind).into());
    }
    let stmts = doc.get(script, keys::STMTS)?;
    let expectations = doc.get(script, keys::EXPECTATIONS)?;
    match doc.kind(&stmts) {
        Kind::Array | Kind::Function => {}
        Kind::Object if doc.is_coroutine(&stmts) => {}
        // What is expected may be all there is.
        Kind::Undefined if doc.kind(&expectations) != Kind::Undefined => {}
        kind => return Err(Misfit::Statements(kind).into()),
    }
    let handshake = doc.get(script, keys::HANDSHAKE)?;
    match doc.kind(&handshake) {
        Kind::Undefined | Kind::Object | Kind::Function | Kind::Array => {}
        kind => return Err(Misfit::Handshake(kind).into()),
    }
    let notices = doc.get(script, keys::NOTICES)?;
    match doc.kind(&notices) {
        Kind::Undefined | Kind::Array | Kind::Function => {}
        Kind::Object if doc.is_coroutine(&notices) => {}
        kind => return Err(Misfit::Notices(kind).into()),
    }
    let looped = flag(doc, script, keys::LOOP, Misfit::Loop)?;
    let strict = flag(doc, script, keys::STRICT, Misfit::Strict)?;
    Ok(Sections {
        stmts,
        expectations,
        looped,
        strict,
        handshake,
        notices,
    })
}

/// Reads a boolean; `false` if it is absent.
fn flag<D: Document>(
    doc: &mut D,
    script: &D::Value,
    key: Key,
    wrong: fn(Kind) -> Misfit,
) -> Result<bool, D::Error> {
    let value = doc.get(script, key)?;
    match doc.kind(&value) {
        Kind::Undefined => Ok(false),
        kind => Ok(doc.boolean(&value).ok_or(wrong(kind))?),
    }
}
