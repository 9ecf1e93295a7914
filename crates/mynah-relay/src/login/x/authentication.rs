//! Who the client is, where it may say its password in clear and the server not be told it so:
//! `PLAIN` becomes what servers take without TLS.

use std::io;

use mynah_auth::Channel;
use mynah_auth::x::{AuthData, ClientExchange, Mechanism};
use mynah_classic::error_code;
use mynah_x::session::{AuthenticateContinue, AuthenticateStart};
use mynah_x::status::{Error, Severity};
use mynah_x::{ClientMessageType, Frame, Message, ServerMessageType};

use super::sides::{Said, Sides};
use super::wire::{asked, told};
use crate::Failure;
use crate::pump::Watch;

impl<W: Watch> Sides<'_, W> {
    /// Carries everything until the client is logged in, gives up, or a side has closed.
    pub(super) async fn authenticate(&mut self, first: Option<Frame>) -> Result<(), Failure> {
        if let Some(first) = first
            && self.said(&first).await?.is_done()
        {
            return Ok(());
        }
        loop {
            let step = match self.next().await? {
                Said::Client(Some(frame)) => {
                    // Each answer is told of before the next question.
                    self.catch_up().await?;
                    self.seen(&frame);
                    self.said(&frame).await?
                }
                Said::Server(Some(frame)) => {
                    self.tell_client(&frame).await?;
                    Step::after(&frame)
                }
                // It may hold a password, which the server isn't told in clear.
                Said::TooMuch => return Err(Failure::Client(io::ErrorKind::InvalidData.into())),
                Said::Client(None) | Said::Server(None) => Step::Done,
            };
            if step.is_done() {
                return Ok(());
            }
        }
    }

    /// Carries a message of the client's.
    async fn said(&mut self, frame: &Frame) -> Result<Step, Failure> {
        match ClientMessageType(frame.message_type) {
            ClientMessageType::SESS_AUTHENTICATE_START => {
                if let Some(start) = plain(frame) {
                    return self.in_place_of_plain(&start).await;
                }
                self.ask_server(frame).await?;
                Ok(Step::Next)
            }
            ClientMessageType::SESS_AUTHENTICATE_CONTINUE => {
                self.ask_server(frame).await?;
                Ok(Step::Next)
            }
            _ => {
                self.ask_server(frame).await?;
                Ok(Step::Done)
            }
        }
    }

    /// What was asked before has its answers first, so that the next one is that of the next
    /// question.
    async fn catch_up(&mut self) -> Result<(), Failure> {
        while self.watch.awaits_answer() {
            let frame = self.receive_of_server().await?;
            let Some(frame) = frame else { return Ok(()) };
            self.tell_client(&frame).await?;
        }
        Ok(())
    }

    /// Logs in by one mechanism after the other, as clients do that have no TLS.
    async fn in_place_of_plain(&mut self, start: &AuthenticateStart) -> Result<Step, Failure> {
        let data = start.auth_data.clone().unwrap_or_default();
        let Some(login) = AuthData::from_bytes(&data) else {
            // The server's to refuse; there is no password in it.
            self.ask_server(&asked(start.clone())).await?;
            return Ok(Step::Next);
        };
        let mut refusal = Error::default();
        for mechanism in MECHANISMS {
            let answer = self.log_in_by(mechanism, &login).await?;
            if ServerMessageType(answer.message_type) != ServerMessageType::ERROR {
                self.tell_client(&answer).await?;
                return Ok(Step::after(&answer));
            }
            refusal = Error::from_payload(&answer.payload).map_err(unreadable)?;
            if refusal.code != ACCESS_DENIED || refusal.severity() == Severity::Fatal {
                break;
            }
        }
        if refusal.code == ACCESS_DENIED {
            refusal.msg.push_str(ONLY_WITHOUT_TLS);
        }
        self.tell_client(&told(refusal)).await?;
        Ok(Step::Next)
    }

    /// What the server says to a login by a mechanism.
    async fn log_in_by(
        &mut self,
        mechanism: Mechanism,
        login: &AuthData<'_>,
    ) -> Result<Frame, Failure> {
        let (schema, user) = (login.schema, login.user);
        let exchange =
            ClientExchange::new(mechanism, schema, user, login.response, Channel::Insecure)
                .map_err(Failure::Auth)?;
        let start = AuthenticateStart {
            mech_name: mechanism.name().to_owned(),
            auth_data: exchange.start().map(Into::into),
            initial_response: None,
        };
        self.ask_server(&asked(start)).await?;
        let answer = self.answer().await?;
        let continues = ServerMessageType::SESS_AUTHENTICATE_CONTINUE;
        if ServerMessageType(answer.message_type) != continues {
            return Ok(answer);
        }
        let nonce = AuthenticateContinue::from_payload(&answer.payload).map_err(unreadable)?;
        let response = exchange.handle(&nonce.auth_data).map_err(Failure::Auth)?;
        let auth_data = response.into();
        self.ask_server(&asked(AuthenticateContinue { auth_data }))
            .await?;
        self.answer().await
    }
}

/// How it goes on after a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Next,
    Done,
}

impl Step {
    fn after(answer: &Frame) -> Self {
        match ServerMessageType(answer.message_type) {
            ServerMessageType::SESS_AUTHENTICATE_OK => Self::Done,
            _ => Self::Next,
        }
    }

    fn is_done(self) -> bool {
        self == Self::Done
    }
}

/// The beginning of a login that says the password in clear.
fn plain(frame: &Frame) -> Option<AuthenticateStart> {
    let start = AuthenticateStart::from_payload(&frame.payload).ok()?;
    (start.mech_name == Mechanism::Plain.name()).then_some(start)
}

fn unreadable(error: mynah_x::MessageError) -> Failure {
    Failure::Server(io::Error::other(error))
}

/// In the order in which clients try them.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Mysql41, Mechanism::Sha256Memory];

const ACCESS_DENIED: u32 = error_code::ER_ACCESS_DENIED_ERROR as u32;

const ONLY_WITHOUT_TLS: &str = " (The proxy has no TLS with the server. There accounts log in by \
                                MYSQL41, or by SHA256_MEMORY if they have logged in before by the \
                                X Protocol over TLS.)";
