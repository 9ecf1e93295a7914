use std::process::ExitCode;

use mynah_real_rust::*;
use mysql_async::{Conn, Error, OptsBuilder, SslOpts, Value, prelude::Queryable};

fn main() -> ExitCode {
    run_async(steps)
}

async fn steps(target: Target) -> Result<(), Failure> {
    let ssl = SslOpts::default()
        .with_danger_accept_invalid_certs(true)
        .with_danger_skip_domain_validation(true);
    let options = OptsBuilder::default()
        .ip_or_hostname(target.host)
        .tcp_port(target.port)
        .user(Some(target.user))
        .pass(Some(target.password))
        .db_name(Some("test"))
        .prefer_socket(false)
        .ssl_opts(target.tls.then_some(ssl));
    let mut conn = Conn::new(options).await?;
    ok("connect");
    expect(
        "select",
        conn.query_first::<i64, _>("select 1").await?,
        Some(1),
    )?;
    ok("select");
    match conn.query_drop(MISSING).await {
        Err(Error::Server(error)) => check_error(error.code, &error.state)?,
        other => return Err(format!("error: {other:?}").into()),
    }
    ok("error");
    check_large(
        &conn
            .query_first::<String, _>(LARGE)
            .await?
            .unwrap_or_default(),
    )?;
    ok("large");
    let statement = conn.prep(PREPARED).await?;
    for row in rows() {
        let [year, month, day] = [0..4, 5..7, 8..10].map(|part| row.day[part].parse::<u16>());
        let day = Value::Date(year?, month?.try_into()?, day?.try_into()?, 0, 0, 0, 0);
        let params = (row.number, &row.text, &row.maybe, day, &row.bytes);
        let found: Option<(i64, String, Option<String>, Value, Vec<u8>)> =
            conn.exec_first(&statement, params).await?;
        let (number, text, maybe, day, bytes) = found.ok_or("prepared: no row")?;
        let Value::Date(year, month, day, ..) = day else {
            return Err(format!("prepared: the day is {day:?}").into());
        };
        let day = format!("{year}-{month:02}-{day:02}");
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
    conn.close(statement).await?;
    let statement = conn.prep("select 1").await?;
    for _ in 0..2 {
        expect("prepared", conn.exec_first(&statement, ()).await?, Some(1))?;
    }
    conn.close(statement).await?;
    ok("prepared");
    conn.disconnect().await?;
    ok("close");
    Ok(())
}
