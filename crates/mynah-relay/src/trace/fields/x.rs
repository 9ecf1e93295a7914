//! The fields of the X Protocol's messages.

use bytes::Bytes;
use mynah_x::{ClientMessage, Message, ServerMessage};
use mynah_x::{
    connection, crud, cursor, datatypes, expect, expr, notice, prepare, resultset, session, sql,
    status,
};

use super::{Field, FieldWriter, Listed, field, fields, key};

fields! {
    connection::Capability { name, value }
    connection::Capabilities { capabilities }
    connection::CapabilitiesGet {}
    connection::CapabilitiesSet { capabilities }
    connection::Close {}
    connection::Compression { uncompressed_size, server_messages, client_messages, payload }

    session::AuthenticateStart { mech_name, auth_data, initial_response }
    session::AuthenticateContinue { auth_data }
    session::AuthenticateOk { auth_data }
    session::Reset { keep_open }
    session::Close {}

    sql::StmtExecute { namespace, stmt, args, compact_metadata }
    sql::StmtExecuteOk {}

    crud::Find {
        collection, data_model as crud::DataModel, projection, criteria, limit, order, grouping,
        grouping_criteria, args, locking as crud::RowLock, locking_options as crud::RowLockOptions,
        limit_expr,
    }
    crud::Insert { collection, data_model as crud::DataModel, projection, row, args, upsert }
    crud::Update {
        collection, data_model as crud::DataModel, criteria, limit, order, operation, args,
        limit_expr,
    }
    crud::Delete {
        collection, data_model as crud::DataModel, criteria, limit, order, args, limit_expr,
    }
    crud::CreateView {
        collection, definer, algorithm as crud::ViewAlgorithm, security as crud::ViewSqlSecurity,
        check as crud::ViewCheckOption, column, stmt, replace_existing,
    }
    crud::ModifyView {
        collection, definer, algorithm as crud::ViewAlgorithm, security as crud::ViewSqlSecurity,
        check as crud::ViewCheckOption, column, stmt,
    }
    crud::DropView { collection, if_exists }
    crud::Collection { schema, name }
    crud::Column { name, alias, document_path }
    crud::Projection { source, alias }
    crud::Limit { row_count, offset }
    crud::LimitExpr { row_count, offset }
    crud::Order { expr, direction as crud::OrderDirection }
    crud::UpdateOperation { source, operation as crud::UpdateType, value }
    crud::TypedRow { field }

    expr::Expr {
        r#type as expr::ExprType, identifier, variable, literal, function_call, operator, position,
        object, array,
    }
    expr::Identifier { name, schema_name }
    expr::DocumentPathItem { r#type as expr::DocumentPathItemType, value, index }
    expr::ColumnIdentifier { document_path, name, table_name, schema_name }
    expr::FunctionCall { name, param }
    expr::Operator { name, param }
    expr::Object { fld }
    expr::ObjectField { key, value }
    expr::Array { value }

    datatypes::Scalar {
        r#type as datatypes::ScalarType, v_signed_int, v_unsigned_int, v_octets, v_double, v_float,
        v_bool, v_string,
    }
    datatypes::String { value, collation }
    datatypes::Octets { value, content_type }
    datatypes::Object { fld }
    datatypes::ObjectField { key, value }
    datatypes::Array { value }
    datatypes::Any { r#type as datatypes::AnyType, scalar, obj, array }

    expect::Open { op as expect::CtxOperation, cond }
    expect::Condition {
        condition_key as expect::ConditionKey, condition_value, op as expect::ConditionOperation,
    }
    expect::Close {}

    notice::Warning { level as notice::Level, code, msg }
    notice::SessionVariableChanged { param, value }
    notice::SessionStateChanged { param as notice::Parameter, value }
    notice::GroupReplicationStateChanged {
        r#type as notice::GroupReplicationStateChangedType, view_id,
    }
    notice::ServerHello {}

    resultset::ColumnMetaData {
        r#type as resultset::FieldType, name, original_name, table, original_table, schema, catalog,
        collation, fractional_digits, length, flags, content_type,
    }
    resultset::Row { field }
    resultset::FetchDone {}
    resultset::FetchSuspended {}
    resultset::FetchDoneMoreResultsets {}
    resultset::FetchDoneMoreOutParams {}

    prepare::Prepare { stmt_id, stmt }
    prepare::OneOfMessage {
        r#type as prepare::OneOfMessageType, find, insert, update, delete, stmt_execute,
    }
    prepare::Execute { stmt_id, args, compact_metadata }
    prepare::Deallocate { stmt_id }

    cursor::Open { cursor_id, stmt, fetch_rows }
    cursor::OneOfMessage { r#type as cursor::OneOfMessageType, prepare_execute }
    cursor::Fetch { cursor_id, fetch_rows }
    cursor::Close { cursor_id }

    status::Ok { msg }
    status::Error { severity as status::Severity, code, sql_state, msg }
}

macro_rules! messages {
    ($type:ident: $($variant:ident)*) => {
        impl Field for $type {
            fn write_to(&self, to: &mut dyn FieldWriter) {
                match self {
                    $(Self::$variant(message) => message.write_to(to),)*
                    // All there are stand here; the compiler of another crate can't know.
                    _ => to.null(),
                }
            }
        }
    };
}

messages! {
    ClientMessage:
    CapabilitiesGet CapabilitiesSet ConnectionClose AuthenticateStart AuthenticateContinue Reset
    SessionClose StmtExecute Find Insert Update Delete ExpectOpen ExpectClose CreateView ModifyView
    DropView Prepare Execute Deallocate CursorOpen CursorClose CursorFetch Compression
}

messages! {
    ServerMessage:
    Ok Error Capabilities AuthenticateContinue AuthenticateOk Notice ColumnMetaData Row FetchDone
    FetchSuspended FetchDoneMoreResultsets StmtExecuteOk FetchDoneMoreOutParams Compression
}

/// A notice with the message that is in it.
impl Field for notice::Frame {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        let Self {
            r#type,
            scope,
            payload,
        } = self;
        to.begin_object();
        key(to, "type");
        r#type.write_as::<notice::FrameType>(to);
        if scope.is_some() {
            key(to, "scope");
            scope.write_as::<notice::Scope>(to);
        }
        match payload
            .as_ref()
            .and_then(|payload| inside(*r#type, payload))
        {
            Some(message) => field(to, "payload", &message),
            None => field(to, "payload", payload),
        }
        to.end_object();
    }
}

fn inside(kind: u32, payload: &Bytes) -> Option<Box<dyn Field>> {
    fn read<M: Message + Field + 'static>(payload: &Bytes) -> Option<Box<dyn Field>> {
        Some(Box::new(M::from_payload(payload).ok()?))
    }
    use notice::FrameType;
    match FrameType::try_from(i32::try_from(kind).ok()?).ok()? {
        FrameType::Warning => read::<notice::Warning>(payload),
        FrameType::SessionVariableChanged => read::<notice::SessionVariableChanged>(payload),
        FrameType::SessionStateChanged => read::<notice::SessionStateChanged>(payload),
        FrameType::GroupReplicationStateChanged => {
            read::<notice::GroupReplicationStateChanged>(payload)
        }
        FrameType::ServerHello => read::<notice::ServerHello>(payload),
        _ => None,
    }
}
