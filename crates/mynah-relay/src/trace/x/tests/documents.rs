//! Passwords in documents, in CRUD messages, and in what servers answer.

use bytes::{Bytes, BytesMut};
use mynah_x::Message as _;
use mynah_x::crud::{
    Collection, Column, DataModel, Delete, Find, Insert, TypedRow, Update, UpdateOperation,
    UpdateType,
};
use mynah_x::datatypes::{Any, Object, Scalar};
use mynah_x::expr::{
    ColumnIdentifier, DocumentPathItem, DocumentPathItemType, Expr, ExprType, Operator,
};
use mynah_x::prepare::{self, Execute, OneOfMessageType, Prepare};
use mynah_x::resultset::{ColumnMetaData, FetchDone, FieldType, Row};
use mynah_x::sql::StmtExecute;

use super::{SECRET, Sent, client, done, error, ok, server, statement};

pub(super) fn conversations() -> Vec<(&'static str, Vec<Sent>)> {
    let document = format!("{{\"name\": \"ada\", \"password\": \"{SECRET}\"}}");
    let find = || Find {
        collection: collection(),
        criteria: Some(equals(Expr {
            r#type: ExprType::Placeholder.into(),
            position: Some(0),
            ..Expr::default()
        })),
        args: vec![],
        ..Find::default()
    };
    let execute = Execute {
        stmt_id: 7,
        args: vec![Scalar::string(SECRET).into()],
        compact_metadata: None,
    };
    let options: Object = [("password", Any::from(Scalar::string(SECRET)))]
        .into_iter()
        .collect();
    vec![
        (
            "documents that are inserted",
            vec![
                client(insert(vec![], literal(&document))),
                error(),
                client(insert(vec!["name", "password"], literal(SECRET))),
                done(),
            ],
        ),
        (
            "a field that is changed",
            vec![
                client(Update {
                    collection: collection(),
                    operation: vec![UpdateOperation {
                        source: field(),
                        operation: UpdateType::ItemSet.into(),
                        value: Some(literal(SECRET)),
                    }],
                    ..Update::default()
                }),
                error(),
            ],
        ),
        (
            "conditions",
            vec![
                client(Find {
                    args: vec![Scalar::string(SECRET)],
                    ..find()
                }),
                error(),
                client(Delete {
                    collection: collection(),
                    criteria: Some(equals(literal(SECRET))),
                    ..Delete::default()
                }),
                error(),
            ],
        ),
        (
            "a prepared find with arguments",
            vec![
                client(Prepare {
                    stmt_id: 7,
                    stmt: prepare::OneOfMessage {
                        r#type: OneOfMessageType::Find.into(),
                        find: Some(Box::new(find())),
                        ..Default::default()
                    },
                }),
                ok(),
                client(execute),
                error(),
            ],
        ),
        (
            "a command of the server with a document",
            vec![
                client(StmtExecute {
                    namespace: Some("mysqlx".to_owned()),
                    ..statement("admin_command", vec![options.into()])
                }),
                error(),
            ],
        ),
        (
            "what is read",
            [
                vec![client(statement("select * from people", vec![]))],
                rows(&[("doc", &document)]),
                vec![client(statement("select * from users", vec![]))],
                rows(&[("name", "ada"), ("password", SECRET)]),
                vec![client(statement("show variables", vec![]))],
                rows(&[("Variable_name", "wsrep_sst_auth"), ("Value", SECRET)]),
                vec![client(statement(
                    &format!("select quote('{SECRET}') as password"),
                    vec![],
                ))],
                rows(&[("password", SECRET)]),
                vec![client(statement(
                    &format!("select password('{SECRET}')"),
                    vec![],
                ))],
                rows(&[(&format!("password('{SECRET}')"), SECRET)]),
                vec![client(statement(
                    "alter user eve identified by random password",
                    vec![],
                ))],
                rows(&[("user", "eve"), ("generated password", SECRET)]),
            ]
            .concat(),
        ),
        (
            "warnings of a statement that is hidden",
            [
                vec![
                    client(statement(
                        &format!("create user eve identified by {SECRET}"),
                        vec![],
                    )),
                    error(),
                    client(statement("show /* all */ warnings", vec![])),
                ],
                rows(&[("Level", "Error"), ("Message", &format!("near '{SECRET}'"))]),
            ]
            .concat(),
        ),
    ]
}

fn collection() -> Collection {
    Collection {
        name: "people".to_owned(),
        schema: Some("shop".to_owned()),
    }
}

fn insert(columns: Vec<&str>, value: Expr) -> Insert {
    let column = |name: &str| Column {
        name: Some(name.to_owned()),
        ..Column::default()
    };
    Insert {
        collection: collection(),
        data_model: Some(DataModel::Document.into()),
        projection: columns.into_iter().map(column).collect(),
        row: vec![TypedRow { field: vec![value] }],
        ..Insert::default()
    }
}

fn literal(text: &str) -> Expr {
    Expr {
        r#type: ExprType::Literal.into(),
        literal: Some(Box::new(Scalar::octets(Bytes::copy_from_slice(
            text.as_bytes(),
        )))),
        ..Expr::default()
    }
}

/// `$.password`.
fn field() -> ColumnIdentifier {
    ColumnIdentifier {
        document_path: vec![DocumentPathItem {
            r#type: DocumentPathItemType::Member.into(),
            value: Some("password".to_owned()),
            index: None,
        }],
        ..ColumnIdentifier::default()
    }
}

fn equals(value: Expr) -> Expr {
    let name = Expr {
        r#type: ExprType::Ident.into(),
        identifier: Some(Box::new(field())),
        ..Expr::default()
    };
    Expr {
        r#type: ExprType::Operator.into(),
        operator: Some(Box::new(Operator {
            name: "==".to_owned(),
            param: vec![name, value],
        })),
        ..Expr::default()
    }
}

/// A result with one row, by column and cell.
fn rows(cells: &[(&str, &str)]) -> Vec<Sent> {
    let mut said: Vec<Sent> = Vec::new();
    let mut row = BytesMut::new();
    for (name, cell) in cells {
        said.push(server(ColumnMetaData {
            r#type: FieldType::Bytes.into(),
            name: Some(Bytes::copy_from_slice(name.as_bytes())),
            ..ColumnMetaData::default()
        }));
        // Text ends with a zero, so that NULL is another.
        Row::put_field(&mut row, &[cell.as_bytes(), b"\0"].concat());
    }
    said.push(server(Row::from_payload(&row.freeze()).unwrap()));
    said.push(server(FetchDone {}));
    said.push(done());
    said
}
