use bytes::Bytes;
use mynah_session::{Account, Certificate, FullAuthentication, PublicKey};

use super::failure::failure;
use super::fault::fault;
use super::{Document, Key, Kind, Misfit, field, keys};

/// The `auth` of a handshake: one account, or several. Without any, all clients may log in.
pub(super) fn accounts<D: Document>(
    doc: &mut D,
    handshake: &D::Value,
) -> Result<Vec<Account>, D::Error> {
    let Some(auth) = object(doc, handshake, keys::AUTH)? else {
        return Ok(Vec::new());
    };
    if doc.kind(&auth) != Kind::Array {
        return Ok(vec![account(doc, &auth)?]);
    }
    let (mut accounts, mut next) = (Vec::new(), 0);
    while let Some(element) = doc.next_element(&auth, &mut next)? {
        if !doc.kind(&element).is_object() {
            return Err(Misfit::Auth.into());
        }
        accounts.push(account(doc, &element)?);
    }
    // The original lets any user in.
    if accounts.is_empty() && !doc.is_compatible() {
        return Err(Misfit::NoAccounts.into());
    }
    Ok(accounts)
}

fn account<D: Document>(doc: &mut D, auth: &D::Value) -> Result<Account, D::Error> {
    let certificate = match object(doc, auth, keys::CERTIFICATE)? {
        Some(certificate) => Some(Certificate {
            issuer: string(doc, &certificate, keys::ISSUER)?,
            subject: string(doc, &certificate, keys::SUBJECT)?,
        }),
        None => None,
    };
    let full = one_of(doc, auth, keys::FULL, &FULL)?;
    let public_key = one_of(doc, auth, keys::PUBLIC_KEY, &PUBLIC_KEYS)?;
    let error = object(doc, auth, keys::ERROR)?;
    Ok(Account {
        stored_password: None,
        username: string(doc, auth, keys::USERNAME)?,
        password: string(doc, auth, keys::PASSWORD)?,
        auth_method_name: string(doc, auth, keys::AUTH_METHOD_NAME)?,
        certificate,
        full,
        public_key,
        error: error.map(|error| failure(doc, &error)).transpose()?,
        fault: fault(doc, auth)?,
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
    field::string_or(doc, object, key, Misfit::Auth)
}

/// One of several names; what stands for none is the default.
fn one_of<D: Document, T: Copy + Default>(
    doc: &mut D,
    object: &D::Value,
    key: Key,
    names: &'static [(&'static str, T)],
) -> Result<T, D::Error> {
    let Some(name) = string(doc, object, key)? else {
        return Ok(T::default());
    };
    let found = names.iter().find(|(known, _)| *known.as_bytes() == *name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        Misfit::OneOf {
            key: key.name,
            allowed: names.iter().map(|(known, _)| *known).collect(),
            found: String::from_utf8_lossy(&name).into_owned(),
        }
        .into()
    })
}

const FULL: [(&str, FullAuthentication); 2] = [
    ("first", FullAuthentication::First),
    ("always", FullAuthentication::Always),
];

const PUBLIC_KEYS: [(&str, PublicKey); 3] = [
    ("wrong", PublicKey::Wrong),
    ("broken", PublicKey::Broken),
    ("refused", PublicKey::Refused),
];
