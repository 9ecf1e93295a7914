use mynah_session::{Account, Failure, Greeting};

use super::account::account;
use super::failure::failure;
use super::greeting::greeting;
use super::{Document, Kind, keys};

/// What a trace says of a connection before its first statement.
#[derive(Clone, Debug)]
pub(crate) enum Handshake {
    /// Who is greeted, and who may log in.
    Welcome(Box<(Greeting, Account)>),
    /// Nobody: this is said instead.
    Refused(Failure),
}

impl Default for Handshake {
    /// Anybody may log in.
    fn default() -> Self {
        Self::Welcome(Box::default())
    }
}

/// An object `handshake`.
pub(crate) fn handshake<D: Document>(
    doc: &mut D,
    handshake: &D::Value,
) -> Result<Handshake, D::Error> {
    let error = doc.get(handshake, keys::ERROR)?;
    if doc.kind(&error) != Kind::Undefined {
        return failure(doc, &error).map(Handshake::Refused);
    }
    let greeting = greeting(doc, handshake)?;
    let account = account(doc, handshake)?;
    Ok(Handshake::Welcome(Box::new((greeting, account))))
}

impl Handshake {
    /// What is said first.
    pub(crate) fn greeting(self) -> Result<Greeting, Failure> {
        match self {
            Self::Welcome(welcome) => Ok(welcome.0),
            Self::Refused(failure) => Err(failure),
        }
    }

    /// Who may log in.
    pub(crate) fn account(self) -> Result<Account, Failure> {
        match self {
            Self::Welcome(welcome) => Ok(welcome.1),
            Self::Refused(failure) => Err(failure),
        }
    }
}
