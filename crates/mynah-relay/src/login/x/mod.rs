//! The beginning of a connection of the X Protocol, where the proxy has a part in it: until the
//! client authenticates either side may switch to TLS. One message of the client's is carried at a
//! time, with its answer.

mod authentication;
mod capabilities;
mod gate;
mod sides;
mod wire;

use bytes::BytesMut;
use mynah_net::{Stream, TlsMode};
use mynah_session::observe::Direction;
use mynah_x::connection::{Capabilities, CapabilitiesGet, CapabilitiesSet};
use mynah_x::datatypes::Scalar;
use mynah_x::status::{Error, Ok as XOk};
use mynah_x::{ClientMessageType, Frame, Message, ServerMessageType};

use capabilities::{TLS, View};
pub(crate) use gate::LoginGate;
use sides::Sides;
use wire::{asked, told};

use super::turn::Turn;
use super::{Again, Entered, Tools};
use crate::Failure;
use crate::pump::Watch;
use crate::refusal::Refusal;

/// Carries a connection up to where its messages can pass as they come.
pub(crate) async fn login<W: Watch>(
    client: &mut Stream,
    server: &mut Stream,
    ahead: (BytesMut, BytesMut),
    tools: &Tools<'_>,
    watch: &mut W,
) -> Result<Entered, Failure> {
    let turn = Turn::of(Direction::Client);
    let sides = Sides::new(client, server, ahead, watch, &turn);
    turn.within(tools.patience, enter(sides, tools)).await
}

async fn enter<W: Watch>(sides: Sides<'_, W>, tools: &Tools<'_>) -> Result<Entered, Failure> {
    let mut entrance = Entrance { sides, tools };
    loop {
        let Some(frame) = entrance.sides.of_client().await? else {
            entrance.secure().await?;
            return entrance.sides.too_much();
        };
        match ClientMessageType(frame.message_type) {
            ClientMessageType::CON_CAPABILITIES_GET => entrance.get(&frame).await?,
            ClientMessageType::CON_CAPABILITIES_SET => entrance.set(&frame).await?,
            ClientMessageType::CON_CLOSE => {
                entrance.sides.ask_server(&frame).await?;
                return Ok(entrance.sides.entered());
            }
            _ => {
                entrance.secure().await?;
                let mut sides = entrance.sides;
                if sides.is_mediated() {
                    sides.authenticate(Some(frame)).await?;
                } else {
                    sides.ask_server(&frame).await?;
                }
                return Ok(sides.entered());
            }
        }
    }
}

/// The client logs in once more, on a connection of which it may send passwords in clear and the
/// proxy not.
pub(crate) async fn login_again<W: Watch>(
    client: &mut Stream,
    server: &mut Stream,
    unsent: (BytesMut, BytesMut),
    again: &Again<'_>,
    watch: &mut W,
) -> Result<Entered, Failure> {
    let turn = Turn::of(Direction::Client);
    let mut sides = Sides::new(client, server, unsent, watch, &turn);
    let steps = sides.authenticate(None);
    turn.within(again.patience, steps).await?;
    Ok(sides.entered())
}

/// A connection that nobody has begun to log in on.
struct Entrance<'a, W> {
    sides: Sides<'a, W>,
    tools: &'a Tools<'a>,
}

impl<W: Watch> Entrance<'_, W> {
    /// The client asks what the server can do.
    async fn get(&mut self, frame: &Frame) -> Result<(), Failure> {
        self.sides.ask_server(frame).await?;
        let mut answer = self.sides.answer().await?;
        let is_capabilities =
            ServerMessageType(answer.message_type) == ServerMessageType::CONN_CAPABILITIES;
        if is_capabilities && let Ok(mut capabilities) = Capabilities::from_payload(&answer.payload)
        {
            let (client, server) = (&self.sides.client.stream, &self.sides.server.stream);
            let view = View {
                offers_tls: self.tools.tls.client.map(|mode| mode != TlsMode::Disabled),
                has_tls: client.tls().is_some(),
                secure: (client.is_secure(), server.is_secure()),
            };
            let of_server = capabilities.clone();
            view.apply(&mut capabilities);
            if capabilities != of_server {
                answer = told(capabilities);
            }
        }
        self.sides.tell_client(&answer).await
    }

    /// The client sets capabilities, TLS perhaps among them.
    async fn set(&mut self, frame: &Frame) -> Result<(), Failure> {
        let set = CapabilitiesSet::from_payload(&frame.payload);
        let Some(set) = set.ok().filter(CapabilitiesSet::switches_to_tls) else {
            self.sides.ask_server(frame).await?;
            let answer = self.sides.answer().await?;
            return self.sides.tell_client(&answer).await;
        };
        if self.sides.client.stream.tls().is_some() || !self.offers_tls().await? {
            return self.sides.tell_client(&refused_tls()).await;
        }
        let (answer, of_server) = self.agree(frame, set).await?;
        self.sides.tell_client(&answer).await?;
        if ServerMessageType(answer.message_type) != ServerMessageType::OK {
            return Ok(());
        }
        let client = &mut self.sides.client;
        let read_already = client.input.split().freeze();
        tokio::select! {
            biased;
            accepted = client.stream.accept_tls(self.tools.server, read_already) => {
                accepted.map_err(Failure::ClientTls)?;
            }
            error = self.sides.server.gone() => return Err(Failure::Server(error)),
        }
        if of_server {
            self.connect_tls().await
        } else {
            Ok(())
        }
    }

    /// Whether the client may have TLS, as far as it isn't the server that says so when it is asked
    /// for it.
    async fn offers_tls(&mut self) -> Result<bool, Failure> {
        let tls = self.tools.tls;
        match tls.client {
            Some(mode) => Ok(mode != TlsMode::Disabled),
            None if tls.server == Some(TlsMode::Disabled) => {
                self.sides.ask_server(&asked(CapabilitiesGet {})).await?;
                let answer = self.sides.answer().await?;
                let of_server = Capabilities::from_payload(&answer.payload);
                Ok(of_server.is_ok_and(|all| all.get(TLS).is_some()))
            }
            None => Ok(true),
        }
    }

    /// What the client is told that wants TLS, and whether the server has it too then.
    async fn agree(
        &mut self,
        frame: &Frame,
        mut set: CapabilitiesSet,
    ) -> Result<(Frame, bool), Failure> {
        let tls = self.tools.tls;
        if tls.server != Some(TlsMode::Disabled) {
            self.sides.ask_server(frame).await?;
            let answer = self.sides.answer().await?;
            if ServerMessageType(answer.message_type) != ServerMessageType::ERROR {
                return Ok((answer, true));
            }
            if !is_about_tls(&answer) {
                return Ok((answer, false));
            }
            if tls.server == Some(TlsMode::Required) {
                return Err(no_tls());
            }
            if tls.client.is_none() {
                return Ok((answer, false));
            }
        }
        let all = &mut set.capabilities.capabilities;
        all.retain(|capability| !capability.name.eq_ignore_ascii_case(TLS));
        if all.is_empty() {
            return Ok((told(XOk::default()), false));
        }
        self.sides.ask_server(&asked(set)).await?;
        Ok((self.sides.answer().await?, false))
    }

    /// TLS as it has to be before the client says who it is.
    async fn secure(&mut self) -> Result<(), Failure> {
        let tls = self.tools.tls;
        if tls.is_required() && !self.sides.client.stream.is_secure() {
            return Err(Failure::Told(Refusal::insecure()));
        }
        let wanted = matches!(tls.server, Some(TlsMode::Preferred | TlsMode::Required));
        if !wanted || self.sides.server.stream.tls().is_some() {
            return Ok(());
        }
        let capabilities = [(TLS, Scalar::bool(true))].into_iter().collect();
        let set = asked(CapabilitiesSet { capabilities });
        self.sides.ask_server(&set).await?;
        let answer = self.sides.answer().await?;
        match ServerMessageType(answer.message_type) {
            ServerMessageType::OK => self.connect_tls().await,
            _ if tls.server == Some(TlsMode::Required) => Err(no_tls()),
            _ => Ok(()),
        }
    }

    async fn connect_tls(&mut self) -> Result<(), Failure> {
        // As the client would have asked the server itself.
        let name = self.sides.client.stream.server_name();
        self.sides.turn.is(Direction::Server);
        let mirror = self.sides.client.stream.tls_mirror();
        let server = &mut self.sides.server.stream;
        let connected = server.connect_tls(self.tools.client, name.as_deref(), mirror.as_ref());
        connected.await.map_err(Failure::server_tls)
    }
}

/// In the words that servers have for it; some clients look for them.
fn refused_tls() -> Frame {
    told(Error {
        code: CAPABILITY_PREPARE_FAILED,
        msg: format!("Capability prepare failed for '{TLS}'"),
        sql_state: "HY000".to_owned(),
        ..Error::default()
    })
}

/// Whether it is TLS that the server refused, of what was set.
fn is_about_tls(answer: &Frame) -> bool {
    Error::from_payload(&answer.payload).is_ok_and(|error| {
        error.code == CAPABILITY_PREPARE_FAILED && error.msg.contains(&format!("'{TLS}'"))
    })
}

fn no_tls() -> Failure {
    Failure::Told(Refusal::tls("TLS is required, and the server offers none"))
}

const CAPABILITY_PREPARE_FAILED: u32 = 5001;
