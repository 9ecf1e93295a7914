//! The second server's side of a connection of the classic protocol.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::command::{
    ComChangeUser, ComQuery, ComStmtClose, ComStmtExecute, Command, CommandCode, CursorFlags,
    Parameters,
};
use mynah_classic::response::StmtPrepareOk;
use mynah_client::{Client, Error, Options, Part};
use mynah_net::Stream;
use mynah_session::observe::{self, Answer, Outcome};
use mynah_wire::Message as _;

use super::MirrorAccounts;
use super::failure::Failure;
use super::open_lane::OpenLane;
use super::traffic_observer::TrafficObserver;

/// A connection of the classic protocol to the second server.
#[derive(Debug)]
pub(super) struct Classic {
    client: Client,
    /// The second server's ids of prepared statements, by those of the first.
    ids: HashMap<u32, u32>,
    /// The content of the file that the client has sent last.
    file: Arc<Mutex<Bytes>>,
}

impl Classic {
    /// Logs in with the client's flags, schema and character set.
    pub(super) async fn log_in(
        stream: Stream,
        open: &OpenLane,
        user: &str,
        password: &str,
        observer: &TrafficObserver,
    ) -> Result<Self, Error> {
        let file = Arc::new(Mutex::new(Bytes::new()));
        let (content, observer) = (Arc::clone(&file), observer.clone());
        // Servers of MariaDB don't have LONG_PASSWORD; other clients always send it.
        let capabilities = open.capabilities | Capabilities::LONG_PASSWORD;
        // The key of a server that isn't verified could be another's.
        let mut options = Options::new(user, password)
            .without_server_key()
            .schema(&open.login.schema)
            .only_capabilities(capabilities - NOT_MIRRORED)
            .character_set(open.character_set)
            .files(move |_name| {
                content
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .clone()
            })
            .on_traffic(move |traffic| observer.pass(traffic));
        if let Some(tls) = open.target.tls.clone() {
            options = match open.target.requires_tls {
                true => options.tls(tls),
                false => options.tls_if_offered(tls),
            };
        }
        Ok(Self {
            client: Client::log_in_on(stream, BytesMut::new(), options).await?,
            ids: HashMap::new(),
            file,
        })
    }

    /// Runs a command that the first server has answered, and reads the answer. Returns why the second server doesn't
    /// get the command, if it doesn't.
    pub(super) async fn run(
        &mut self,
        answer: &Answer,
        file: Bytes,
        accounts: &MirrorAccounts,
    ) -> Result<Option<&'static str>, Failure> {
        let command = &answer.command;
        let code = command.kind.code().unwrap_or(CommandCode(u8::MAX));
        match code {
            CommandCode::QUIT => return Ok(None),
            CommandCode::CHANGE_USER => {
                self.change_user(command, accounts).await?;
                return Ok(None);
            }
            CommandCode::RESET_CONNECTION => self.ids.clear(),
            _ => {}
        }
        let Some(payload) = self.translated(command, code)? else {
            return Ok(Some("the second server hasn't prepared the statement"));
        };
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = file;
        let payload = payload.slice(1.min(payload.len())..);
        self.client.send(Command::Other { code, payload }).await?;
        let mut prepared = None;
        while let Some((part, payload)) = self.client.next().await? {
            if part == Part::Prepared {
                let ok = StmtPrepareOk::from_payload(&payload, self.client.capabilities());
                prepared = ok.ok().map(|ok| ok.statement_id);
            }
        }
        if let Some(second) = prepared {
            match &answer.outcome {
                Outcome::Prepared(ok) => {
                    self.ids.insert(ok.statement_id, second);
                }
                // No client will close it.
                _ => {
                    let statement_id = second;
                    let close = Command::StmtClose(ComStmtClose { statement_id });
                    self.client.send(close).await?;
                }
            }
        }
        Ok(None)
    }

    pub(super) async fn close(self) -> Result<(), Error> {
        self.client.close().await
    }

    async fn change_user(
        &mut self,
        command: &observe::Command,
        accounts: &MirrorAccounts,
    ) -> Result<(), Failure> {
        self.ids.clear();
        let read = ComChangeUser::from_payload_lenient(&command.payload, command.capabilities);
        let Ok((change, _)) = read else {
            return Err(Failure::Other("a COM_CHANGE_USER can't be read"));
        };
        let user = String::from_utf8_lossy(&change.user).into_owned();
        let (user, password) = accounts.of(&user);
        let user = user.to_owned();
        self.client
            .change_user(user, password, change.schema_name)
            .await?;
        Ok(())
    }

    /// The command's message as the second server understands it: with its id of a prepared statement, and in the form
    /// that its flags ask for. `None` if the second server doesn't have the statement.
    fn translated(
        &mut self,
        command: &observe::Command,
        code: CommandCode,
    ) -> Result<Option<Bytes>, Failure> {
        let (first, second) = (command.capabilities, self.client.capabilities());
        let has_other_form = first.contains(Capabilities::QUERY_ATTRIBUTES)
            != second.contains(Capabilities::QUERY_ATTRIBUTES);
        let payload = match code {
            CommandCode::QUERY if has_other_form => query(command, second),
            CommandCode::STMT_EXECUTE if has_other_form => execution(command, second),
            CommandCode::STMT_BULK_EXECUTE
                if !second.contains(Capabilities::MARIADB_STMT_BULK_OPERATIONS) =>
            {
                return Err(Failure::Other(
                    "the second server has no bulk executions (COM_STMT_BULK_EXECUTE)",
                ));
            }
            _ => Some(command.payload.clone()),
        };
        let payload = payload.ok_or(Failure::Other("a command can't be read"))?;
        let has_id = matches!(
            code,
            CommandCode::STMT_EXECUTE
                | CommandCode::STMT_BULK_EXECUTE
                | CommandCode::STMT_SEND_LONG_DATA
                | CommandCode::STMT_FETCH
                | CommandCode::STMT_RESET
                | CommandCode::STMT_CLOSE
        );
        match has_id {
            true => Ok(self.with_id(&payload, code == CommandCode::STMT_CLOSE)),
            false => Ok(Some(payload)),
        }
    }

    fn with_id(&mut self, payload: &Bytes, closes: bool) -> Option<Bytes> {
        let (head, rest) = payload.split_at_checked(5)?;
        let (code, id) = head.split_first()?;
        let first = u32::from_le_bytes(*id.first_chunk()?);
        let second = match first {
            LAST_PREPARED => first,
            _ if closes => self.ids.remove(&first)?,
            _ => *self.ids.get(&first)?,
        };
        let mut bytes = BytesMut::with_capacity(payload.len());
        bytes.extend_from_slice(&[*code]);
        bytes.extend_from_slice(&second.to_le_bytes());
        bytes.extend_from_slice(rest);
        Some(bytes.freeze())
    }
}

/// A COM_QUERY without its query attributes, for which there is no place.
fn query(command: &observe::Command, second: Capabilities) -> Option<Bytes> {
    let read = ComQuery::from_payload_lenient(&command.payload, command.capabilities);
    payload(&ComQuery::new(read.ok()?.0.query), second)
}

/// An execution with its values, without its query attributes, for which there is no place.
fn execution(command: &observe::Command, second: Capabilities) -> Option<Bytes> {
    let executed = command.executed.as_ref()?;
    let read = executed.peek(&command.payload, command.len, command.capabilities);
    let values = read.ok()?.parameters;
    let (before, _) = ComStmtExecute::from_payload_lenient(&command.payload, ()).ok()?;
    let execute = ComStmtExecute::new(
        before.statement_id,
        before.flags - CursorFlags::PARAMETER_COUNT_AVAILABLE,
        &Parameters::new(&values),
        second,
        u16::try_from(values.len()).ok()?,
    );
    payload(&execute.ok()?, ())
}

fn payload<M: mynah_wire::Message>(message: &M, cx: M::Context) -> Option<Bytes> {
    let mut bytes = BytesMut::new();
    message.encode(&mut bytes, cx).ok()?;
    Some(bytes.freeze())
}

/// Flags of the client's that don't matter for answers, or that the second connection has for itself.
const NOT_MIRRORED: Capabilities = Capabilities::SSL
    .union(Capabilities::COMPRESS)
    .union(Capabilities::ZSTD_COMPRESSION_ALGORITHM)
    .union(Capabilities::CONNECT_ATTRS);

/// MariaDB's id for the statement that was prepared last.
const LAST_PREPARED: u32 = u32::MAX;
