use mynah_auth::Channel;
use mynah_auth::x::{ClientExchange, Mechanism};
use mynah_classic::error_code;
use mynah_x::ServerMessage;
use mynah_x::session::{AuthenticateContinue, AuthenticateStart};
use mynah_x::status::Severity;

use super::Client;
use crate::Error;

impl Client {
    /// Logs in by the first mechanism that the server accepts.
    pub(super) async fn log_in(&mut self) -> Result<(), Error> {
        let login = &self.options.login;
        // Schema, user and password are separated by NULs.
        for (option, text) in [("user", &login.user), ("schema", &login.schema)] {
            if text.contains('\0') {
                return Err(Error::Nul { option });
            }
        }
        let channel = self.wire.socket.channel();
        let mut mechanisms = self.choice(channel).into_iter().peekable();
        while let Some(mechanism) = mechanisms.next() {
            match self.log_in_by(mechanism, channel).await {
                // The account's password may be kept in a form that another mechanism needs.
                Err(Error::X(error))
                    if error.code == u32::from(error_code::ER_ACCESS_DENIED_ERROR)
                        && error.severity != Some(Severity::Fatal.into())
                        && mechanisms.peek().is_some() => {}
                outcome => return outcome,
            }
        }
        Err(Error::NoMechanism)
    }

    /// The mechanisms to try, in order.
    fn choice(&self, channel: Channel) -> Vec<Mechanism> {
        if let Some(mechanism) = self.options.mechanism {
            return vec![mechanism];
        }
        let offered = |mechanism: &Mechanism| self.mechanisms.contains(mechanism);
        // PLAIN suits every account; if it is refused, so are the others.
        if channel.is_secure() && offered(&Mechanism::Plain) {
            return vec![Mechanism::Plain];
        }
        let hashing = [Mechanism::Mysql41, Mechanism::Sha256Memory];
        hashing.into_iter().filter(offered).collect()
    }

    async fn log_in_by(&mut self, mechanism: Mechanism, channel: Channel) -> Result<(), Error> {
        let login = &self.options.login;
        let exchange = ClientExchange::new(
            mechanism,
            login.schema.as_bytes(),
            login.user.as_bytes(),
            login.password.as_str(),
            channel,
        )?;
        let start = AuthenticateStart {
            mech_name: mechanism.name().to_owned(),
            auth_data: exchange.start().map(Into::into),
            initial_response: None,
        };
        let mut answer = self.request(start).await?;
        // No mechanism has a second challenge.
        if let ServerMessage::AuthenticateContinue(challenge) = &answer {
            let auth_data = exchange.handle(&challenge.auth_data)?.into();
            answer = self.request(AuthenticateContinue { auth_data }).await?;
        }
        match answer {
            ServerMessage::AuthenticateOk(_) => Ok(()),
            other => Err(Error::unexpected(&other, "Mysqlx.Session.AuthenticateOk")),
        }
    }
}
