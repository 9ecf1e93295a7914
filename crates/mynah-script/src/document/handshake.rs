use mynah_session::{Account, Failure, Greeting, Login};

use super::account::accounts;
use super::failure::failure;
use super::fault::fault;
use super::greeting::greeting;
use super::{Document, Kind, Misfit, keys};

/// What a script says of a connection before its first statement.
#[derive(Clone, Debug)]
pub(crate) enum Handshake {
    /// The greeting, and the accounts that may log in.
    Welcome(Box<(Greeting, Vec<Account>)>),
    /// An error in place of the greeting.
    Refused(Failure),
}

impl Default for Handshake {
    /// The default greeting; every login is accepted.
    fn default() -> Self {
        Self::Welcome(Box::default())
    }
}

/// An object `handshake`.
pub(crate) fn handshake<D: Document>(
    doc: &mut D,
    handshake: &D::Value,
) -> Result<Handshake, D::Error> {
    let fault = fault(doc, handshake)?;
    let error = doc.get(handshake, keys::ERROR)?;
    if doc.kind(&error) != Kind::Undefined {
        if fault.is_some() {
            return Err(Misfit::FaultOfRefused.into());
        }
        return failure(doc, &error).map(Handshake::Refused);
    }
    let mut greeting = greeting(doc, handshake)?;
    greeting.fault = fault;
    let accounts = accounts(doc, handshake)?;
    Ok(Handshake::Welcome(Box::new((greeting, accounts))))
}

impl Handshake {
    /// The server's first packet, or the error in its place.
    pub(crate) fn greeting(self) -> Result<Greeting, Failure> {
        match self {
            Self::Welcome(welcome) => Ok(welcome.0),
            Self::Refused(failure) => Err(failure),
        }
    }

    /// What a client has to pass that wants to log in: the account of its name, or else one of no
    /// name. If there is neither, it is any, which has another name and refuses it.
    pub(crate) fn account(self, login: &Login) -> Result<Account, Failure> {
        match self {
            Self::Welcome(welcome) => {
                let accounts = welcome.1;
                let of = |name| accounts.iter().find(|account| account.username == name);
                let found = of(Some(login.username.clone())).or_else(|| of(None));
                Ok(found.or(accounts.first()).cloned().unwrap_or_default())
            }
            Self::Refused(failure) => Err(failure),
        }
    }
}
