//! A client of the X Protocol on a socket that blocks.

use std::error::Error;
use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use mynah_auth::Channel;
use mynah_auth::x::{ClientExchange, Mechanism};
use mynah_x::connection::{Capabilities, CapabilitiesGet, CapabilitiesSet};
use mynah_x::datatypes::{Any, AnyValue, Scalar, ScalarValue};
use mynah_x::prepare::{Execute, OneOfMessage, OneOfMessageType, Prepare};
use mynah_x::session::{AuthenticateContinue, AuthenticateStart, Reset};
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, FrameCodec, ServerMessage, status};
use tokio_util::codec::Decoder;

use super::transport::Transport;

type Result<T> = std::result::Result<T, Box<dyn Error>>;
/// What the server refuses.
pub(crate) type Refused<T = ()> = std::result::Result<T, status::Error>;

pub(crate) struct XConnection {
    transport: Transport,
    input: BytesMut,
}

impl XConnection {
    pub(crate) fn open(address: SocketAddr) -> Self {
        Self {
            transport: Transport::connect(address).unwrap(),
            input: BytesMut::new(),
        }
    }

    /// What the server can do: whether TLS is there, and on; and the mechanisms.
    pub(crate) fn capabilities(&mut self) -> (Option<bool>, Vec<String>) {
        self.say([CapabilitiesGet {}]);
        let ServerMessage::Capabilities(all) = self.hear().unwrap() else {
            panic!("no capabilities");
        };
        let tls = all.get("tls").map(|tls| match tls.scalar_value() {
            Some(ScalarValue::Bool(on)) => on,
            other => panic!("{other:?}"),
        });
        let mechanisms = all.get("authentication.mechanisms").unwrap();
        let Some(AnyValue::Array(mechanisms)) = mechanisms.value() else {
            panic!("no mechanisms");
        };
        let names = mechanisms
            .value
            .iter()
            .map(|name| match name.scalar_value() {
                Some(ScalarValue::String(name)) => String::from_utf8(name.value.to_vec()).unwrap(),
                other => panic!("{other:?}"),
            });
        (tls, names.collect())
    }

    /// Switches to TLS, as a truth value asks for it.
    pub(crate) fn start_tls(&mut self) -> Refused {
        self.set(vec![("tls", Scalar::bool(true).into())])?;
        self.upgrade().unwrap();
        Ok(())
    }

    pub(crate) fn set(&mut self, all: Vec<(&str, Any)>) -> Refused {
        let capabilities: Capabilities = all.into_iter().collect();
        self.say([CapabilitiesSet { capabilities }]);
        match self.answer()? {
            ServerMessage::Ok(_) => Ok(()),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn upgrade(&mut self) -> Result<()> {
        self.transport.upgrade()
    }

    pub(crate) fn log_in(&mut self, mechanism: Mechanism, user: &str, password: &str) -> Refused {
        let exchange = exchange(mechanism, user, password);
        self.say([start(mechanism, &exchange)]);
        self.finish_login(&exchange)
    }

    /// Ends the session and begins another, without a look at the answers in between.
    pub(crate) fn log_in_anew(
        &mut self,
        mechanism: Mechanism,
        user: &str,
        password: &str,
    ) -> Refused {
        let exchange = exchange(mechanism, user, password);
        let reset = ClientMessage::from(Reset::default());
        self.say([
            StmtExecute {
                stmt: "do 1".into(),
                ..StmtExecute::default()
            }
            .into(),
            reset,
            start(mechanism, &exchange).into(),
        ]);
        assert!(matches!(self.answer()?, ServerMessage::StmtExecuteOk(_)));
        assert!(matches!(self.answer()?, ServerMessage::Ok(_)));
        self.finish_login(&exchange)
    }

    fn finish_login(&mut self, exchange: &ClientExchange) -> Refused {
        loop {
            match self.answer()? {
                ServerMessage::AuthenticateContinue(more) => {
                    let auth_data = exchange.handle(&more.auth_data).unwrap().into();
                    self.say([AuthenticateContinue { auth_data }]);
                }
                ServerMessage::AuthenticateOk(_) => return Ok(()),
                other => panic!("{other:?}"),
            }
        }
    }

    /// How many rows a statement has.
    pub(crate) fn sql(&mut self, text: &str) -> Refused<usize> {
        self.sql_with(text.to_owned(), &[])
    }

    /// The same on a connection that may break.
    pub(crate) fn try_sql(&mut self, text: &str) -> Result<usize> {
        self.try_say([execute(text)])?;
        self.rows()
    }

    fn rows(&mut self) -> Result<usize> {
        let (mut rows, mut has_columns) = (0, false);
        loop {
            match self.hear()? {
                ServerMessage::ColumnMetaData(_) => has_columns = true,
                ServerMessage::Row(_) if has_columns => rows += 1,
                ServerMessage::FetchDone(_) if has_columns => {}
                ServerMessage::StmtExecuteOk(_) => return Ok(rows),
                other => return Err(format!("{other:?} in an answer").into()),
            }
        }
    }

    /// Prepares a statement.
    pub(crate) fn prepare(&mut self, stmt_id: u32, text: &str) {
        let stmt = OneOfMessage {
            r#type: OneOfMessageType::Stmt.into(),
            stmt_execute: Some(Box::new(execute(text))),
            ..OneOfMessage::default()
        };
        self.say([Prepare { stmt_id, stmt }]);
        self.expect_ok();
    }

    /// How many rows an execution of it has, on a connection that may break.
    pub(crate) fn try_execute(&mut self, stmt_id: u32) -> Result<usize> {
        self.try_say([Execute {
            stmt_id,
            ..Execute::default()
        }])?;
        self.rows()
    }

    /// Asks, and doesn't wait for the answer.
    pub(crate) fn try_say<M: Into<ClientMessage>>(
        &mut self,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<()> {
        let mut w = BytesMut::new();
        for message in messages {
            message.into().put(&mut w);
        }
        self.transport.send(&w)
    }

    /// The same, of a statement with texts for its placeholders.
    pub(crate) fn sql_with(
        &mut self,
        sql: impl Into<Bytes>,
        parameters: &[Vec<u8>],
    ) -> Refused<usize> {
        let texts = parameters.iter().cloned();
        self.say([StmtExecute {
            stmt: sql.into(),
            args: texts.map(|text| Scalar::octets(text).into()).collect(),
            ..StmtExecute::default()
        }]);
        let mut rows = 0;
        loop {
            match self.answer()? {
                ServerMessage::Row(_) => rows += 1,
                ServerMessage::StmtExecuteOk(_) => return Ok(rows),
                _ => {}
            }
        }
    }

    pub(crate) fn say<M: Into<ClientMessage>>(&mut self, messages: impl IntoIterator<Item = M>) {
        self.try_say(messages).unwrap();
    }

    pub(crate) fn expect_ok(&mut self) {
        let answer = self.answer();
        assert!(matches!(answer, Ok(ServerMessage::Ok(_))), "{answer:?}");
    }

    /// The next message that is no notice and no error.
    fn answer(&mut self) -> Refused<ServerMessage> {
        match self.hear().unwrap() {
            ServerMessage::Error(error) => Err(error),
            other => Ok(other),
        }
    }

    /// The next message that is no notice.
    fn hear(&mut self) -> Result<ServerMessage> {
        loop {
            let mut codec = FrameCodec::new(1 << 20);
            if let Some(frame) = codec.decode(&mut self.input)? {
                match ServerMessage::from_frame(&frame)? {
                    ServerMessage::Notice(_) => {}
                    message => return Ok(message),
                }
                continue;
            }
            self.transport.receive(&mut self.input)?;
        }
    }
}

pub(crate) fn execute(text: &str) -> StmtExecute {
    StmtExecute {
        stmt: text.to_owned().into(),
        ..StmtExecute::default()
    }
}

fn exchange(mechanism: Mechanism, user: &str, password: &str) -> ClientExchange {
    let (user, password) = (user.as_bytes(), password.as_bytes());
    ClientExchange::new(mechanism, b"", user, password, Channel::Tls).unwrap()
}

fn start(mechanism: Mechanism, exchange: &ClientExchange) -> AuthenticateStart {
    AuthenticateStart {
        mech_name: mechanism.name().to_owned(),
        auth_data: exchange.start().map(Into::into),
        initial_response: None,
    }
}
