use std::process::ExitCode;

use diesel::{
    Connection, MysqlConnection, QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{BigInt, Binary, Nullable, Text},
};
use mynah_real_rust::*;

fn main() -> ExitCode {
    run(steps)
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = BigInt)]
    one: i64,
}

#[derive(QueryableByName)]
struct Large {
    #[diesel(sql_type = Text)]
    large: String,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Nullable<Text>)]
    maybe: Option<String>,
    #[diesel(sql_type = Text)]
    day: String,
    #[diesel(sql_type = Binary)]
    bytes: Vec<u8>,
}

fn steps(target: Target) -> Result<(), Failure> {
    let mode = if target.tls { "REQUIRED" } else { "DISABLED" };
    let mut conn = MysqlConnection::establish(&format!("{}?ssl_mode={mode}", target.url()))?;
    ok("connect");
    // Diesel prepares every statement.
    let found: Vec<One> = sql_query("select 1 as one").load(&mut conn)?;
    expect("select", found.iter().map(|row| row.one).collect(), vec![1])?;
    ok("select");
    // Diesel keeps neither code nor SQL state.
    match sql_query(MISSING).execute(&mut conn) {
        Err(diesel::result::Error::DatabaseError(_, error)) => {
            expect(
                "error",
                error.message(),
                "Table 'test.mynah_missing' doesn't exist",
            )?;
        }
        other => return Err(format!("error: {other:?}").into()),
    }
    ok("error");
    let found: Large = sql_query(LARGE).get_result(&mut conn)?;
    check_large(&found.large)?;
    ok("large");
    // Without a library for dates, Diesel has no type for them: the date is read as text.
    let prepared = PREPARED.replace("cast(? as date)", "cast(cast(? as date) as char)");
    for row in rows() {
        let found: Found = sql_query(&prepared)
            .bind::<BigInt, _>(row.number)
            .bind::<Text, _>(&row.text)
            .bind::<Nullable<Text>, _>(&row.maybe)
            .bind::<Text, _>(&row.day)
            .bind::<Binary, _>(&row.bytes)
            .get_result(&mut conn)?;
        let Found {
            number,
            text,
            maybe,
            day,
            bytes,
        } = found;
        expect(
            "prepared",
            Row {
                number,
                text,
                maybe,
                day,
                bytes,
            },
            row,
        )?;
    }
    // Statements with a result are prepared.
    for _ in 0..2 {
        let found: One = sql_query("select 1 as one").get_result(&mut conn)?;
        expect("prepared", found.one, 1)?;
    }
    ok("prepared");
    drop(conn);
    ok("close");
    Ok(())
}
