//! The commands of the classic protocol about the connection or the server.

use std::rc::Rc;

use mynah_classic::command::Command;
use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_session::{BulkExecution, Completion, Failure, Outcome, Reply};

use crate::results::{Done, Finished};
use crate::{Backend, Results};

/// The backend's answer to a command that has a method of its own, if the command is one of these. The session answers
/// what the backend accepts by `Ok(None)`.
pub(crate) async fn own<B: Backend>(
    backend: &B,
    command: &Command,
) -> Option<Result<Option<Reply>, Failure>> {
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    Some(match command {
        Command::Ping(_) => backend.ping().await.map(|()| None),
        Command::SetOption(option) if option.option_operation <= 1 => {
            let multi_statements = option.option_operation == 0;
            backend.set_option(multi_statements).await.map(|()| None)
        }
        // The session has the error for it.
        Command::SetOption(_) => Ok(None),
        Command::CreateDb(create) => {
            let created = backend.create_db(&text(&create.schema_name)).await;
            created.map(|()| Some(ok()))
        }
        Command::DropDb(drop) => {
            let dropped = backend.drop_db(&text(&drop.schema_name)).await;
            dropped.map(|()| Some(ok()))
        }
        Command::Shutdown(_) => backend.shutdown().await.map(|()| Some(ok())),
        _ => return None,
    })
}

/// The backend's answer to any other command.
pub(crate) async fn other<B: Backend>(
    backend: Rc<B>,
    command: Command,
    results: Results,
) -> Result<Finished, Failure> {
    match (backend.command(&command, results).await?, command) {
        (Some(finished), _) => Ok(finished),
        (None, Command::Debug(_)) => Ok(Finished(Done::Left)),
        (None, _) => Err(unknown_command()),
    }
}

/// The backend's answer to a bulk execution.
pub(crate) async fn bulk<B: Backend>(
    backend: Rc<B>,
    bulk: BulkExecution,
    results: Results,
) -> Result<Finished, Failure> {
    let finished = backend.execute_bulk(&bulk, results).await?;
    Ok(finished.unwrap_or(Finished(Done::Left)))
}

/// Error 1047.
pub(crate) fn unknown_command() -> Failure {
    Failure {
        code: error_code::ER_UNKNOWN_COM_ERROR,
        sql_state: SqlState(*b"08S01"),
        message: "Unknown command".into(),
    }
}

fn ok() -> Reply {
    Outcome::Ok(Completion::default()).into()
}
