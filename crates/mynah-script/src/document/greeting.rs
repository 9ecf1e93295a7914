use bytes::Bytes;
use mynah_classic::{Capabilities, StatusFlags};
use mynah_session::Greeting;

use super::{Document, Kind, Misfit, field, keys};

/// The `greeting` of a handshake.
pub(super) fn greeting<D: Document>(
    doc: &mut D,
    handshake: &D::Value,
) -> Result<Greeting, D::Error> {
    let object = doc.get(handshake, keys::GREETING)?;
    match doc.kind(&object) {
        Kind::Undefined => return Ok(Greeting::default()),
        kind if kind.is_object() => {}
        kind => return Err(Misfit::Greeting(kind).into()),
    }
    let object = &object;
    let exec_time = field::millis(doc, object, keys::EXEC_TIME, Misfit::GreetingExecTime)?;
    let (capabilities, more_capabilities) = capabilities(doc, object)?;
    let nonce = field::string(doc, object, keys::NONCE)?;
    Ok(Greeting {
        exec_time: exec_time.unwrap_or_default(),
        server_version: field::string(doc, object, keys::SERVER_VERSION)?,
        connection_id: field::u32(doc, object, keys::CONNECTION_ID)?,
        status_flags: StatusFlags::from_bits_retain(
            field::u16(doc, object, keys::STATUS_FLAGS)?.unwrap_or(0),
        ),
        character_set: field::u8(doc, object, keys::CHARACTER_SET)?.unwrap_or(0),
        capabilities,
        more_capabilities,
        auth_method: field::string(doc, object, keys::AUTH_METHOD)?,
        nonce: nonce.map(self::nonce).transpose()?,
        fault: None,
    })
}

/// Reads capabilities: a number for the whole set, or names to add to the default ones.
fn capabilities<D: Document>(
    doc: &mut D,
    greeting: &D::Value,
) -> Result<(Option<Capabilities>, Capabilities), D::Error> {
    let value = doc.get(greeting, keys::CAPABILITIES)?;
    if doc.kind(&value) != Kind::Array {
        let bits = field::u32(doc, greeting, keys::CAPABILITIES)?;
        let all = bits.map(|bits| Capabilities::from_halves(bits, 0));
        return Ok((all, Capabilities::empty()));
    }
    let (mut more, mut next) = (Capabilities::empty(), 0);
    while let Some(name) = doc.next_element(&value, &mut next)? {
        if doc.kind(&name) != Kind::String {
            return Err(Misfit::NotString(keys::CAPABILITIES.name).into());
        }
        let name = doc.text(&name, |name| String::from_utf8_lossy(name).into_owned())?;
        let known = Capabilities::from_name(&name.to_uppercase());
        more |= known.ok_or(Misfit::UnknownCapability(name))?;
    }
    Ok((None, more))
}

/// The nonce to send: without its closing NUL, and of the length that all methods use.
fn nonce(mut nonce: Bytes) -> Result<Bytes, Misfit> {
    if nonce.last() == Some(&0) {
        nonce.truncate(nonce.len() - 1);
    }
    if nonce.len() < SHORTEST_NONCE {
        return Err(Misfit::Nonce(nonce.len()));
    }
    if nonce.len() < NONCE_LEN {
        let mut padded = nonce.to_vec();
        padded.resize(NONCE_LEN, b'0');
        return Ok(padded.into());
    }
    nonce.truncate(NONCE_LEN);
    Ok(nonce)
}

const SHORTEST_NONCE: usize = 8;
const NONCE_LEN: usize = 20;
