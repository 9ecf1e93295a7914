use std::process::ExitCode;

use mynah_real_rust::*;
use sqlx::{
    ConnectOptions as _, Connection as _, Error, Executor as _, Row as _,
    mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlSslMode},
};

fn main() -> ExitCode {
    run_async(steps)
}

async fn steps(target: Target) -> Result<(), Failure> {
    let mode = if target.tls {
        MySqlSslMode::Required
    } else {
        MySqlSslMode::Disabled
    };
    let options = MySqlConnectOptions::new()
        .host(&target.host)
        .port(target.port)
        .username(&target.user)
        .password(&target.password)
        .database("test")
        .ssl_mode(mode);
    let mut conn = options.connect().await?;
    ok("connect");
    // A plain string isn't prepared.
    let found = (&mut conn).fetch_one("select 1").await?;
    expect("select", found.try_get::<i64, _>(0)?, 1)?;
    ok("select");
    match conn.execute(MISSING).await {
        Err(Error::Database(error)) => {
            let state = error.code().unwrap_or_default().into_owned();
            let error = error.downcast::<MySqlDatabaseError>();
            check_error(error.number(), &state)?;
        }
        other => return Err(format!("error: {other:?}").into()),
    }
    ok("error");
    let found = (&mut conn).fetch_one(LARGE).await?;
    check_large(found.try_get::<&str, _>(0)?)?;
    ok("large");
    // Prepared the first time, and taken from the cache the second time.
    for row in rows() {
        let found = sqlx::query(PREPARED)
            .bind(row.number)
            .bind(&row.text)
            .bind(&row.maybe)
            .bind(&row.day)
            .bind(&row.bytes)
            .fetch_one(&mut conn)
            .await?;
        let found = Row {
            number: found.try_get(0)?,
            text: found.try_get(1)?,
            maybe: found.try_get(2)?,
            day: found.try_get_unchecked::<Day, _>(3)?.0,
            bytes: found.try_get(4)?,
        };
        expect("prepared", found, row)?;
    }
    for _ in 0..2 {
        let found = sqlx::query("select 1").fetch_one(&mut conn).await?;
        // MariaDB has 32 bits here.
        expect("prepared", found.try_get_unchecked::<i64, _>(0)?, 1)?;
    }
    ok("prepared");
    conn.close().await?;
    ok("close");
    Ok(())
}

/// A date in the binary protocol: its length, the year in two bytes, month and day.
struct Day(String);

impl sqlx::Type<sqlx::MySql> for Day {
    fn type_info() -> sqlx::mysql::MySqlTypeInfo {
        <String as sqlx::Type<sqlx::MySql>>::type_info()
    }
}

impl<'r> sqlx::Decode<'r, sqlx::MySql> for Day {
    fn decode(value: sqlx::mysql::MySqlValueRef<'r>) -> Result<Self, Failure2> {
        let bytes = <&[u8] as sqlx::Decode<sqlx::MySql>>::decode(value)?;
        let &[4, low, high, month, day] = bytes else {
            return Err(format!("the day is {bytes:?}").into());
        };
        Ok(Self(format!(
            "{}-{month:02}-{day:02}",
            u16::from_le_bytes([low, high])
        )))
    }
}

type Failure2 = Box<dyn std::error::Error + Send + Sync>;
