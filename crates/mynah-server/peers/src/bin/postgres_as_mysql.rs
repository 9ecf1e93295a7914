//! Clients of MySQL talk to PostgreSQL: `psql_as_mysql` of msql-srv. PostgreSQL is at localhost:5432, or where the first
//! argument says.

use mynah_client::{Address, Client, Options};
use mynah_server::{
    Account, Backend, Column, ColumnType, Failure, Finished, Login, Param, Prepared, Results,
    Server, Statement, Value, codes,
};
use tokio::sync::OnceCell;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{NoTls, Row};

struct Postgres {
    address: String,
    /// Connected when the client logs in.
    client: OnceCell<tokio_postgres::Client>,
}

impl Postgres {
    async fn client(&self) -> Result<&tokio_postgres::Client, Failure> {
        self.client
            .get_or_try_init(|| async {
                let connecting = tokio_postgres::connect(&self.address, NoTls);
                let (client, connection) = connecting.await.map_err(failure)?;
                tokio::task::spawn_local(connection);
                Ok(client)
            })
            .await
    }
}

impl Backend for Postgres {
    async fn authenticate(&self, _: &Login) -> Result<Account, Failure> {
        self.client().await?;
        Ok(Account::default())
    }

    async fn prepare(&self, statement: &Statement) -> Result<Prepared, Failure> {
        let client = self.client().await?;
        let prepared = client.prepare(&text(statement)).await.map_err(failure)?;
        let columns = prepared.columns();
        let columns = columns
            .iter()
            .map(|column| column_of(column.name(), column.type_()).into());
        Ok(Prepared {
            columns: Some(columns.collect()),
            params: u16::try_from(prepared.params().len()).ok(),
            ..Prepared::default()
        })
    }

    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        let client = self.client().await?;
        let prepared = client.prepare(&text(statement)).await.map_err(failure)?;
        let params: Vec<_> = statement
            .params
            .iter()
            .map(param)
            .collect::<Result<_, _>>()?;
        let params: Vec<_> = params.iter().map(|param| &**param).collect();
        let found = client.query(&prepared, &params).await.map_err(failure)?;
        let columns = prepared.columns();
        if columns.is_empty() {
            return Ok(results.ok());
        }
        let types: Vec<_> = columns
            .iter()
            .map(|column| column.type_().clone())
            .collect();
        let columns = columns
            .iter()
            .map(|column| column_of(column.name(), column.type_()));
        let mut rows = results.columns(columns);
        for row in &found {
            let cells = types.iter().enumerate().map(|(at, of)| cell(row, at, of));
            rows.row(cells.collect::<Result<Vec<_>, _>>()?).await?;
        }
        Ok(rows.finish())
    }
}

fn text(statement: &Statement) -> String {
    String::from_utf8_lossy(&statement.text).into_owned()
}

fn failure(error: tokio_postgres::Error) -> Failure {
    Failure::general(codes::ER_UNKNOWN_ERROR, error.to_string())
}

fn unknown(of: &Type) -> Failure {
    let message = format!("no type of MySQL for PostgreSQL's {of}");
    Failure::general(codes::ER_UNKNOWN_ERROR, message)
}

fn column_of(name: &str, of: &Type) -> Column {
    match *of {
        Type::INT2 => Column::of_type(name, ColumnType::SHORT),
        Type::INT4 => Column::of_type(name, ColumnType::LONG),
        Type::INT8 => Column::integer(name),
        Type::FLOAT4 => Column::of_type(name, ColumnType::FLOAT),
        Type::FLOAT8 => Column::double(name),
        _ => Column::text(name),
    }
}

/// The value as the text protocol sends it; `None` is NULL.
fn cell(row: &Row, at: usize, of: &Type) -> Result<Option<String>, Failure> {
    let value = match *of {
        Type::INT2 => row
            .try_get::<_, Option<i16>>(at)
            .map(|value| value.map(|v| v.to_string())),
        Type::INT4 => row
            .try_get::<_, Option<i32>>(at)
            .map(|value| value.map(|v| v.to_string())),
        Type::INT8 => row
            .try_get::<_, Option<i64>>(at)
            .map(|value| value.map(|v| v.to_string())),
        Type::FLOAT4 => row
            .try_get::<_, Option<f32>>(at)
            .map(|value| value.map(|v| v.to_string())),
        Type::FLOAT8 => row
            .try_get::<_, Option<f64>>(at)
            .map(|value| value.map(|v| v.to_string())),
        Type::TEXT | Type::VARCHAR | Type::NAME => row.try_get(at),
        _ => return Err(unknown(of)),
    };
    value.map_err(failure)
}

fn param(param: &Param) -> Result<Box<dyn ToSql + Sync>, Failure> {
    Ok(match (param.value_type.column_type, param.value()) {
        (_, Value::Null) => Box::new(None::<i32>),
        (ColumnType::SHORT, Value::Int(number)) => Box::new(i16::try_from(number).ok()),
        (ColumnType::LONG, Value::Int(number)) => Box::new(i32::try_from(number).ok()),
        (_, Value::Int(number)) => Box::new(number),
        (_, Value::Float(number)) => Box::new(number),
        (_, Value::Double(number)) => Box::new(number),
        (_, Value::Bytes(text)) => Box::new(String::from_utf8_lossy(text).into_owned()),
        (of, _) => {
            let message = format!("no type of PostgreSQL for a parameter of type {of:?}");
            return Err(Failure::general(codes::ER_UNKNOWN_ERROR, message));
        }
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1);
    let address = address.unwrap_or_else(|| "postgresql://postgres@localhost:5432".to_owned());
    let server = Server::on_port(0).serve(move |_| Postgres {
        address: address.clone(),
        client: OnceCell::new(),
    })?;

    // A client of MySQL connects, but no MySQL server is running.
    let address = Address::Tcp(
        server
            .tcp_address()
            .ok_or("the server has no TCP address")?,
    );
    let mut client = Client::connect(&address, Options::new("", "")).await?;
    client.ping().await?;
    let mut answer = client
        .query("SELECT INT4(1) AS foo, INT8(1) AS bar, 'BAZ' AS baz")
        .await?;
    let row = answer.row().await?.ok_or("no row")?;
    assert_eq!(
        [row.text(0), row.text(1), row.text(2)],
        ["1", "1", "BAZ"].map(Some)
    );
    assert!(answer.row().await?.is_none());
    let statement = client
        .prepare("SELECT INT4(1) AS foo, INT8(?) AS bar, 'BAZ' AS baz")
        .await;
    assert!(statement.is_err(), "PostgreSQL's placeholders are $1, $2");
    let statement = client
        .prepare("SELECT INT4(1) AS foo, INT8(1) AS bar, 'BAZ' AS baz")
        .await?;
    let mut answer = client.execute(&statement, &[]).await?;
    let row = answer.row().await?.ok_or("no row")?;
    assert_eq!(
        [row.text(0), row.text(1), row.text(2)],
        ["1", "1", "BAZ"].map(Some)
    );
    assert!(answer.row().await?.is_none());
    println!("PostgreSQL answered a client of MySQL");
    Ok(())
}
