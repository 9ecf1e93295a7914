//! What messages of a client ask for, seen from outside of a session.

use mynah_x::ClientMessage;
use mynah_x::datatypes::{Any, Scalar};
use mynah_x::prepare::{OneOfMessage, OneOfMessageType};

use super::render::Render;
use super::server::{command_request, scalars};
use crate::{Failure, Statement, StatementCommand};

/// The statement that handlers get for a message that isn't SQL: CRUD, or a command of the X Plugin. Documents
/// without an id stay so, where a server gives them one. `None` for other messages, and for those that a server
/// refuses.
#[must_use]
pub fn statement(message: &ClientMessage) -> Option<Statement> {
    let none = Render::now(&[]);
    let statement = match message {
        ClientMessage::Find(find) => Render::now(&find.args).find(find),
        ClientMessage::Insert(insert) => inserted(Render::now(&insert.args), insert),
        ClientMessage::Update(update) => Render::now(&update.args).update(update),
        ClientMessage::Delete(delete) => Render::now(&delete.args).delete(delete),
        ClientMessage::CreateView(view) => none.create_view(view),
        ClientMessage::ModifyView(view) => none.modify_view(view),
        ClientMessage::DropView(view) => none.drop_view(view),
        ClientMessage::StmtExecute(execute) if execute.namespace_or_default() == "mysqlx" => {
            command_request(execute).map(|request| Statement {
                x: Some(Box::new(request)),
                ..Statement::new(StatementCommand::Admin, execute.stmt.clone())
            })
        }
        _ => return None,
    };
    statement.ok()
}

/// The statement that handlers get when a prepared CRUD message is executed; `args` are the values of its
/// placeholders. Documents without an id stay so, where a server gives them one; `statement_id` and `state`
/// aren't set. `None` if SQL was prepared, and for messages and arguments that a server refuses.
#[must_use]
pub fn prepared_statement(stmt: &OneOfMessage, args: &[Any]) -> Option<Statement> {
    let args: Vec<Scalar> = scalars(args).ok()?;
    let render = Render::now(&args);
    let statement = match OneOfMessageType::try_from(stmt.r#type).ok()? {
        OneOfMessageType::Find => render.find(stmt.find.as_ref()?),
        OneOfMessageType::Insert => inserted(render, stmt.insert.as_ref()?),
        OneOfMessageType::Update => render.update(stmt.update.as_ref()?),
        OneOfMessageType::Delete => render.delete(stmt.delete.as_ref()?),
        // SQL, and types that are added to the protocol.
        _ => return None,
    };
    statement.ok()
}

fn inserted(render: Render<'_>, insert: &mynah_x::crud::Insert) -> Result<Statement, Failure> {
    let (statement, _) = render.insert(insert, &mut || None)?;
    Ok(statement)
}
