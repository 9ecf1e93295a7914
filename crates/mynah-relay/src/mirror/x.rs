//! The second server's side of a connection of the X Protocol. Clients choose the ids of prepared statements and cursors,
//! so the second server gets the same messages as the first.

use mynah_client::Error;
use mynah_client::x::{Client, Options};
use mynah_net::Stream;
use mynah_session::observe::{Answer, CommandKind};
use mynah_x::session::Reset;
use mynah_x::{ClientMessage, ClientMessageType, Frame, Message as _};

use super::failure::Failure;
use super::open_lane::OpenLane;
use super::traffic_observer::TrafficObserver;

/// A connection of the X Protocol to the second server.
#[derive(Debug)]
pub(super) struct X(Client);

impl X {
    pub(super) async fn log_in(
        stream: Stream,
        open: &OpenLane,
        user: &str,
        password: &str,
        observer: &TrafficObserver,
    ) -> Result<Self, Error> {
        let observer = observer.clone();
        let mut options = Options::new(user, password)
            .schema(&open.login.schema)
            .on_traffic(move |traffic| observer.pass(traffic));
        if let Some(tls) = open.target.tls.clone() {
            options = match open.target.requires_tls {
                true => options.tls(tls),
                false => options.tls_if_offered(tls),
            };
        }
        Ok(Self(Client::log_in_on(stream, options).await?))
    }

    /// Sends a message that the first server has answered, and reads the answer. Returns why the second server doesn't
    /// get the message, if it doesn't.
    pub(super) async fn run(&mut self, answer: &Answer) -> Result<Option<&'static str>, Failure> {
        let command = &answer.command;
        let CommandKind::X(message_type) = command.kind else {
            return Ok(None);
        };
        match message_type {
            // The second connection is closed when the client has left.
            ClientMessageType::CON_CLOSE | ClientMessageType::SESS_CLOSE => return Ok(None),
            // The client logs in next, and `change_user` sends the reset.
            ClientMessageType::SESS_RESET if !keeps_open(answer) => return Ok(None),
            _ => {}
        }
        let frame = Frame {
            message_type: message_type.0,
            payload: command.payload.clone(),
        };
        let message = ClientMessage::from_frame(&frame);
        let message = message.map_err(|_| Failure::Other("a message can't be read"))?;
        self.0.send(message).await?;
        while self.0.next().await?.is_some() {}
        Ok(None)
    }

    pub(super) async fn change_user(
        &mut self,
        user: &str,
        password: &str,
        schema: &str,
    ) -> Result<(), Error> {
        self.0.change_user(user, password, schema).await
    }

    pub(super) async fn close(self) -> Result<(), Error> {
        self.0.close().await
    }
}

fn keeps_open(answer: &Answer) -> bool {
    let reset = Reset::from_payload(&answer.command.payload);
    reset.is_ok_and(|reset| reset.keep_open == Some(true))
}
