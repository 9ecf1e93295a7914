use bytes::Bytes;
use mynah_session::{Account, Certificate};

use super::{Document, Key, Kind, Misfit, field, keys};

/// The `auth` of a handshake.
pub(super) fn account<D: Document>(doc: &mut D, handshake: &D::Value) -> Result<Account, D::Error> {
    let Some(auth) = object(doc, handshake, keys::AUTH)? else {
        return Ok(Account::default());
    };
    let certificate = match object(doc, &auth, keys::CERTIFICATE)? {
        Some(certificate) => Some(Certificate {
            issuer: string(doc, &certificate, keys::ISSUER)?,
            subject: string(doc, &certificate, keys::SUBJECT)?,
        }),
        None => None,
    };
    Ok(Account {
        username: string(doc, &auth, keys::USERNAME)?,
        password: string(doc, &auth, keys::PASSWORD)?,
        auth_method_name: string(doc, &auth, keys::AUTH_METHOD_NAME)?,
        certificate,
    })
}

fn object<D: Document>(
    doc: &mut D,
    parent: &D::Value,
    key: Key,
) -> Result<Option<D::Value>, D::Error> {
    let value = doc.get(parent, key)?;
    match doc.kind(&value) {
        Kind::Undefined => Ok(None),
        kind if kind.is_object() => Ok(Some(value)),
        _ => Err(Misfit::Auth.into()),
    }
}

fn string<D: Document>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
) -> Result<Option<Bytes>, D::Error> {
    let value = doc.get(object, key)?;
    match doc.kind(&value) {
        Kind::Undefined => Ok(None),
        Kind::String => doc.text(&value, field::bytes).map(Some),
        _ => Err(Misfit::Auth.into()),
    }
}
