use super::{Document, Kind, Misfit, keys};

/// The sections of a trace, of the types they must have.
#[derive(Debug)]
pub(crate) struct Sections<V> {
    /// An array, a function, or a coroutine.
    pub(crate) stmts: V,
    /// Whether an array starts again when it is at its end.
    pub(crate) looped: bool,
    /// An object, or a function; undefined if there is none.
    pub(crate) handshake: V,
    /// An array; anything else is refused when it is needed, which only the X Protocol does.
    pub(crate) notices: V,
}

/// What a trace consists of.
pub(crate) fn sections<D: Document>(
    doc: &mut D,
    trace: &D::Value,
) -> Result<Sections<D::Value>, D::Error> {
    let kind = doc.kind(trace);
    if !kind.is_object() {
        return Err(Misfit::NoTrace(kind).into());
    }
    let stmts = doc.get(trace, keys::STMTS)?;
    match doc.kind(&stmts) {
        Kind::Array | Kind::Function => {}
        Kind::Object if doc.is_coroutine(&stmts) => {}
        kind => return Err(Misfit::Statements(kind).into()),
    }
    let handshake = doc.get(trace, keys::HANDSHAKE)?;
    match doc.kind(&handshake) {
        Kind::Undefined | Kind::Object | Kind::Function | Kind::Array => {}
        kind => return Err(Misfit::Handshake(kind).into()),
    }
    let notices = doc.get(trace, keys::NOTICES)?;
    match doc.kind(&notices) {
        Kind::Undefined | Kind::Array | Kind::Function => {}
        Kind::Object if doc.is_coroutine(&notices) => {}
        kind => return Err(Misfit::Notices(kind).into()),
    }
    let looped = doc.get(trace, keys::LOOP)?;
    let looped = match doc.kind(&looped) {
        Kind::Undefined => false,
        kind => doc.boolean(&looped).ok_or(Misfit::Loop(kind))?,
    };
    Ok(Sections {
        stmts,
        looped,
        handshake,
        notices,
    })
}
