use bytes::Bytes;
use mynah_x::ClientMessage;
use mynah_x::crud::Collection;
use mynah_x::prepare::OneOfMessage;
use mynah_x::sql::StmtExecute;

/// What a client's message of the X Protocol is about: the text of an SQL statement, `namespace: text` of another
/// StmtExecute, `schema.collection` of a find, insert, update or delete, and of a Prepare the text of its statement,
/// or the likes of `find in schema.collection`. Empty for other messages.
#[must_use]
pub fn in_words(message: &ClientMessage) -> Bytes {
    match message {
        ClientMessage::StmtExecute(statement) => text(statement),
        ClientMessage::Find(find) => named("", &find.collection),
        ClientMessage::Insert(insert) => named("", &insert.collection),
        ClientMessage::Update(update) => named("", &update.collection),
        ClientMessage::Delete(delete) => named("", &delete.collection),
        ClientMessage::Prepare(prepare) => prepared(&prepare.stmt),
        _ => Bytes::new(),
    }
}

/// What a statement to prepare is about.
pub(super) fn prepared(statement: &OneOfMessage) -> Bytes {
    if let Some(statement) = &statement.stmt_execute {
        text(statement)
    } else if let Some(find) = &statement.find {
        named("find in ", &find.collection)
    } else if let Some(insert) = &statement.insert {
        named("insert into ", &insert.collection)
    } else if let Some(update) = &statement.update {
        named("update ", &update.collection)
    } else if let Some(delete) = &statement.delete {
        named("delete from ", &delete.collection)
    } else {
        Bytes::new()
    }
}

fn text(statement: &StmtExecute) -> Bytes {
    match statement.namespace_or_default() {
        "sql" => statement.stmt.clone(),
        namespace => [namespace.as_bytes(), b": ", &statement.stmt]
            .concat()
            .into(),
    }
}

fn named(verb: &str, collection: &Collection) -> Bytes {
    let schema = collection.schema.as_deref().unwrap_or_default();
    format!("{verb}{schema}.{}", collection.name).into()
}
