//! A client of ours on a socket that blocks, which logs in, goes on as another user, and asks.

use std::error::Error;
use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use mynah_auth::client::{Credentials, ServerKey};
use mynah_auth::{Channel, LongNonce};
use mynah_classic::command::{
    ComChangeUser, ComQuery, ComQuit, ComStmtExecute, ComStmtPrepare, Command, CursorFlags,
    Parameter, ParameterFlags, ParameterType, ParameterValue, Parameters, ParametersContext,
};
use mynah_classic::response::StmtPrepareOk;
use mynah_classic::{Capabilities, ColumnType};
use mynah_session::classic::Part;
use mynah_session::classic::client::{Action, Client, Event, Options, TlsMode};
use mynah_wire::compress::{Algorithm, Deflator, FrameCodec, Inflator};
use mynah_wire::{HEADER_LEN, Message as _, PacketCodec, Writer as _};
use tokio_util::codec::Decoder;

use super::transport::Transport;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(crate) struct Connection {
    transport: Transport,
    client: Client,
    input: BytesMut,
    frames: Option<Frames>,
}

/// What both sides send where they compress.
struct Frames {
    inflator: Inflator,
    deflator: Deflator,
    received: BytesMut,
}

impl Connection {
    pub(crate) fn log_in(
        address: SocketAddr,
        tls: bool,
        user: &str,
        password: &str,
    ) -> Result<Self> {
        Self::log_in_by(address, tls, Capabilities::empty(), user, password)
    }

    /// Says besides that it can compress, by one of two capabilities.
    pub(crate) fn log_in_by(
        address: SocketAddr,
        tls: bool,
        compression: Capabilities,
        user: &str,
        password: &str,
    ) -> Result<Self> {
        let mut options = Options::new(user.to_owned(), passwords(password)?);
        options.capabilities |= compression;
        options.tls = if tls {
            TlsMode::Required
        } else {
            TlsMode::Disabled
        };
        let mut connection = Self {
            transport: Transport::connect(address)?,
            client: Client::new(options),
            input: BytesMut::new(),
            frames: None,
        };
        connection.until_logged_in()?;
        let shared = connection.client.shared().unwrap_or_default() & compression;
        let algorithm = match shared {
            Capabilities::COMPRESS => Some(Algorithm::Zlib),
            Capabilities::ZSTD_COMPRESSION_ALGORITHM => Some(Algorithm::Zstd(3)),
            _ => None,
        };
        connection.frames = algorithm.map(|algorithm| Frames {
            inflator: Inflator::new(algorithm),
            deflator: Deflator::new(algorithm, 0),
            received: BytesMut::new(),
        });
        Ok(connection)
    }

    pub(crate) fn local_port(&self) -> u16 {
        self.transport.local_port()
    }

    pub(crate) fn is_compressed(&self) -> bool {
        self.frames.is_some()
    }

    pub(crate) fn change_user(&mut self, user: &str, password: &str) -> Result<()> {
        let change = ComChangeUser {
            user: user.to_owned().into(),
            // Without them MySQL takes it for no command at all.
            character_set: 45,
            auth_plugin_name: "caching_sha2_password".into(),
            ..ComChangeUser::default()
        };
        self.client
            .handle(Event::ChangeUser(change, passwords(password)?))?;
        self.until_logged_in()
    }

    /// How many rows a statement has, or nothing if it failed.
    pub(crate) fn query(&mut self, text: &str) -> Result<Option<usize>> {
        self.query_bytes(text.to_owned())
    }

    /// Says goodbye.
    pub(crate) fn quit(&mut self) -> Result<()> {
        self.client.handle(Event::Command(Command::Quit(ComQuit)))?;
        self.send()
    }

    /// Asks, and doesn't wait for the answer.
    pub(crate) fn send_query(&mut self, text: &str) -> Result<()> {
        let query = Command::Query(ComQuery::new(text.to_owned()));
        self.client.handle(Event::Command(query))?;
        self.send()
    }

    /// The same in any character set.
    pub(crate) fn query_bytes(&mut self, text: impl Into<Bytes>) -> Result<Option<usize>> {
        let query = Command::Query(ComQuery::new(text));
        self.client.handle(Event::Command(query))?;
        let (mut rows, mut failed) = (0, false);
        loop {
            match self.next()? {
                Some(Action::Received(part, _)) => {
                    rows += usize::from(part == Part::TextRow);
                    failed |= part == Part::Err;
                }
                Some(Action::Answered) => return Ok((!failed).then_some(rows)),
                Some(other) => return Err(format!("{other:?} in an answer").into()),
                None => {}
            }
        }
    }

    /// Prepares a statement and executes it with texts; whether the server does both.
    pub(crate) fn execute(
        &mut self,
        sql: impl Into<Bytes>,
        parameters: &[Vec<u8>],
    ) -> Result<bool> {
        let query = sql.into();
        let Some(ok) = self.ask(Command::StmtPrepare(ComStmtPrepare { query }))? else {
            return Ok(false);
        };
        let (ok, _) = StmtPrepareOk::from_payload_lenient(&ok, Capabilities::empty())?;
        let parameters = parameters.iter().map(|text| {
            let mut value = BytesMut::new();
            value.put_lenenc_string(text);
            Parameter {
                parameter_type: ParameterType {
                    column_type: ColumnType::VAR_STRING,
                    flags: ParameterFlags::default(),
                    name: Bytes::new(),
                },
                value: ParameterValue::Value(value.freeze()),
            }
        });
        let parameters: Vec<_> = parameters.take(ok.num_params.into()).collect();
        let context = ParametersContext {
            shared: self.client.shared().unwrap_or_default(),
            flags: CursorFlags::default(),
            num_params: ok.num_params,
        };
        let execute = Command::StmtExecute(ComStmtExecute {
            statement_id: ok.statement_id,
            flags: CursorFlags::default(),
            iteration_count: 1,
            parameters: Parameters::new(&parameters).to_payload(context)?,
        });
        Ok(self.ask(execute)?.is_some())
    }

    /// The first part of an answer, or nothing if it failed.
    fn ask(&mut self, command: Command) -> Result<Option<Bytes>> {
        self.client.handle(Event::Command(command))?;
        let (mut first, mut failed) = (None, false);
        loop {
            match self.next()? {
                Some(Action::Received(part, payload)) => {
                    first.get_or_insert(payload);
                    failed |= part == Part::Err;
                }
                Some(Action::Answered) => return Ok(first.filter(|_| !failed)),
                Some(other) => return Err(format!("{other:?} in an answer").into()),
                None => {}
            }
        }
    }

    fn until_logged_in(&mut self) -> Result<()> {
        loop {
            match self.next()? {
                Some(Action::LoggedIn(_)) => return Ok(()),
                Some(Action::StartTls) => {
                    self.send()?;
                    self.transport.upgrade()?;
                    self.input.clear();
                    self.client.handle(Event::TlsEstablished)?;
                }
                Some(other) => return Err(format!("{other:?} in a login").into()),
                None => {}
            }
        }
    }

    fn next(&mut self) -> Result<Option<Action>> {
        loop {
            if let Some(action) = self.client.poll_action() {
                return Ok(Some(action));
            }
            match PacketCodec.decode(&mut self.input)? {
                Some(packet) => self.client.handle(Event::Packet(packet))?,
                None => break,
            }
        }
        self.send()?;
        let Some(frames) = &mut self.frames else {
            self.transport.receive(&mut self.input)?;
            return Ok(None);
        };
        self.transport.receive(&mut frames.received)?;
        while let Some(frame) = FrameCodec.decode(&mut frames.received)? {
            frames.inflator.push(&frame, &mut self.input)?;
        }
        Ok(None)
    }

    fn send(&mut self) -> Result<()> {
        let mut output = self.client.output().split();
        if let Some(frames) = &mut self.frames
            && !output.is_empty()
        {
            let plain = output.split();
            let next = match plain[HEADER_LEN - 1] {
                0 => 0,
                _ => frames.inflator.next_sequence_id(),
            };
            frames.deflator.set_sequence_id(next);
            frames.deflator.write(&plain, &mut output)?;
            let next = frames.deflator.next_sequence_id();
            frames.inflator.expect_sequence_id(next);
        }
        self.transport.send(&output)
    }
}

fn passwords(password: &str) -> Result<Credentials> {
    let mut passwords = Credentials::new(password, Channel::Insecure, LongNonce::random()?);
    passwords.server_key = ServerKey::Ask;
    Ok(passwords)
}
