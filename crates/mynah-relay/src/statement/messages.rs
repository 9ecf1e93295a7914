//! The kinds and tables of messages that read and write documents and rows.

use mynah_sql::StatementKind as Kind;
use mynah_x::ClientMessage;
use mynah_x::crud::{Collection, Delete, Find, Insert, Update};
use mynah_x::prepare::OneOfMessage;

use super::StatementFacts;

/// What a message of the X Protocol does, to which table; `None` for one that has no table.
pub(super) fn of_message(message: &ClientMessage) -> Option<StatementFacts> {
    let (kind, collection) = match message {
        ClientMessage::Find(find) => find_kind(find),
        ClientMessage::Insert(Insert { collection, .. }) => (Kind::Insert, collection),
        ClientMessage::Update(Update { collection, .. }) => (Kind::Update, collection),
        ClientMessage::Delete(Delete { collection, .. }) => (Kind::Delete, collection),
        ClientMessage::CreateView(view) => (Kind::Ddl, &view.collection),
        ClientMessage::ModifyView(view) => (Kind::Ddl, &view.collection),
        ClientMessage::DropView(view) => (Kind::Ddl, &view.collection),
        _ => return None,
    };
    Some(facts(kind, collection))
}

/// The same for a message that is prepared.
pub(super) fn of_prepared(message: &OneOfMessage) -> Option<StatementFacts> {
    let (kind, collection) = if let Some(find) = &message.find {
        find_kind(find)
    } else if let Some(insert) = &message.insert {
        (Kind::Insert, &insert.collection)
    } else if let Some(update) = &message.update {
        (Kind::Update, &update.collection)
    } else if let Some(delete) = &message.delete {
        (Kind::Delete, &delete.collection)
    } else {
        return None;
    };
    Some(facts(kind, collection))
}

fn find_kind(find: &Find) -> (Kind, &Collection) {
    let kind = match find.locking {
        Some(_) => Kind::LockingSelect,
        None => Kind::Select,
    };
    (kind, &find.collection)
}

fn facts(kind: Kind, collection: &Collection) -> StatementFacts {
    let schema = collection.schema.as_deref();
    let schema = schema.filter(|schema| !schema.is_empty());
    StatementFacts::of_table(kind, schema, &collection.name)
}
