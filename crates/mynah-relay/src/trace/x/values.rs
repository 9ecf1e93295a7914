use bytes::Bytes;
use mynah_x::crud::Collection;
use mynah_x::datatypes::{Any, AnyValue, ScalarValue};
use mynah_x::field::{Cell, FieldError};
use mynah_x::prepare::Prepare;
use mynah_x::resultset::FieldType;
use mynah_x::sql::StmtExecute;

use crate::trace::record::Shown;

pub(super) fn words(statement: &StmtExecute) -> Bytes {
    match statement.namespace_or_default() {
        "sql" => statement.stmt.clone(),
        namespace => [namespace.as_bytes(), b": ", &statement.stmt]
            .concat()
            .into(),
    }
}

pub(super) fn prepared(prepare: &Prepare, of: impl Fn(&Collection) -> Bytes) -> Bytes {
    let statement = &prepare.stmt;
    let collection = |verb: &str, collection: &Collection| -> Bytes {
        [verb.as_bytes(), &of(collection)].concat().into()
    };
    if let Some(statement) = &statement.stmt_execute {
        words(statement)
    } else if let Some(find) = &statement.find {
        collection("find in ", &find.collection)
    } else if let Some(insert) = &statement.insert {
        collection("insert into ", &insert.collection)
    } else if let Some(update) = &statement.update {
        collection("update ", &update.collection)
    } else if let Some(delete) = &statement.delete {
        collection("delete from ", &delete.collection)
    } else {
        Bytes::new()
    }
}

pub(super) fn value(any: &Any) -> Shown {
    match any.scalar_value() {
        Some(ScalarValue::Null) => Shown::Null,
        Some(ScalarValue::Sint(number)) => Shown::Number(number.to_string()),
        Some(ScalarValue::Uint(number)) => Shown::Number(number.to_string()),
        Some(ScalarValue::Double(number)) => Shown::Number(number.to_string()),
        Some(ScalarValue::Float(number)) => Shown::Number(number.to_string()),
        Some(ScalarValue::Bool(on)) => Shown::Number(on.to_string()),
        Some(ScalarValue::Octets(octets)) => Shown::Bytes(octets.value.clone()),
        Some(ScalarValue::String(text)) => Shown::Bytes(text.value.clone()),
        None if any.value().is_none() => Shown::Null,
        None => Shown::Bytes(nested(any).into()),
    }
}

/// Objects and arrays, much as JSON has them.
fn nested(any: &Any) -> String {
    match any.value() {
        Some(AnyValue::Object(object)) => {
            let fields = object.fld.iter();
            let fields = fields.map(|field| format!("{:?}: {}", field.key, nested(&field.value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Some(AnyValue::Array(array)) => {
            let values = array.value.iter().map(nested);
            format!("[{}]", values.collect::<Vec<_>>().join(", "))
        }
        _ => match value(any) {
            Shown::Number(text) | Shown::Plain(text) => text,
            Shown::Bytes(text) => format!("{:?}", String::from_utf8_lossy(&text)),
            _ => "null".to_owned(),
        },
    }
}

pub(super) fn cell(bytes: &Bytes, field_type: Option<FieldType>) -> Shown {
    let cell = field_type
        .ok_or(())
        .and_then(|kind| Cell::from_field(bytes, kind).map_err(|_: FieldError| ()));
    match cell {
        Ok(Cell::Null) => Shown::Null,
        Ok(Cell::Sint(number)) => Shown::Number(number.to_string()),
        Ok(Cell::Uint(number) | Cell::Bit(number)) => Shown::Number(number.to_string()),
        Ok(Cell::Double(number)) => Shown::Number(number.to_string()),
        Ok(Cell::Float(number)) => Shown::Number(number.to_string()),
        Ok(Cell::Decimal(decimal)) => Shown::Number(decimal.to_string()),
        Ok(Cell::Bytes(text) | Cell::Enum(text)) => Shown::Bytes(bytes.slice_ref(text)),
        Ok(Cell::Time(time)) => Shown::Plain(time.to_string()),
        Ok(Cell::DateTime(moment)) => Shown::Plain(moment.to_string()),
        Ok(Cell::Set(set)) => {
            let members: Vec<_> = set.iter().map(String::from_utf8_lossy).collect();
            Shown::Bytes(members.join(",").into())
        }
        Err(()) => Shown::Bytes(bytes.clone()),
    }
}
