//! What an application does with sqlx: migrations, prepared statements, transactions.

use std::{borrow::Cow, process::ExitCode};

use mynah_real_rust::*;
use sqlx::{
    Connection as _, Error, Executor as _, Row as _,
    migrate::{Migration, MigrationType, Migrator},
    mysql::{MySqlConnectOptions, MySqlPoolOptions, MySqlSslMode},
};

const FIRST: &str = "create table sqlx_person (id bigint primary key auto_increment, name varchar(40) not null unique, weight double)";
const SECOND: &str =
    "alter table sqlx_person add column photo blob; create index weights on sqlx_person (weight)";

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
    let pool = MySqlPoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    pool.execute("drop table if exists sqlx_person, _sqlx_migrations")
        .await?;
    let migrations = [(1, "people", FIRST), (2, "photos", SECOND)];
    let migrations = migrations.map(|(version, name, sql)| {
        let (name, sql) = (Cow::Borrowed(name), sqlx::SqlStr::from_static(sql));
        Migration::new(version, name, MigrationType::Simple, sql, false)
    });
    let migrator = Migrator {
        migrations: Cow::Owned(migrations.into()),
        ..Migrator::DEFAULT
    };
    migrator.run(&pool).await?;
    migrator.run(&pool).await?;
    for row in
        sqlx::query("select version, description, success from _sqlx_migrations order by version")
            .fetch_all(&pool)
            .await?
    {
        let (version, done): (i64, bool) = (row.try_get(0)?, row.try_get(2)?);
        ok(&format!(
            "migration {version} {} {done}",
            row.try_get::<String, _>(1)?
        ));
    }
    let insert = "insert into sqlx_person (name, weight, photo) values (?, ?, ?)";
    for (name, weight, photo) in [
        ("ada ☃", Some(60.5), Some(vec![0, 255, 39])),
        ("zoë", None, None),
    ] {
        let made = sqlx::query(insert)
            .bind(name)
            .bind(weight)
            .bind(photo)
            .execute(&pool)
            .await?;
        let (rows, id) = (made.rows_affected(), made.last_insert_id());
        ok(&format!("inserted {rows} {id}"));
    }
    for id in [1_i64, 2, 1, 9] {
        let found: Option<(i64, String, Option<f64>, Option<Vec<u8>>)> =
            sqlx::query_as("select id, name, weight, photo from sqlx_person where id = ?")
                .bind(id)
                .fetch_optional(&pool)
                .await?;
        ok(&format!("found {found:?}"));
    }
    let mut transaction = pool.begin().await?;
    let gone = sqlx::query("delete from sqlx_person where id > ?")
        .bind(0)
        .execute(&mut *transaction)
        .await?;
    ok(&format!("deleted {}", gone.rows_affected()));
    let mut inner = transaction.begin().await?;
    sqlx::query(insert)
        .bind("undone")
        .bind(1.5)
        .bind(None::<Vec<u8>>)
        .execute(&mut *inner)
        .await?;
    inner.rollback().await?;
    transaction.rollback().await?;
    let (count,): (i64,) = sqlx::query_as("select count(*) from sqlx_person")
        .fetch_one(&pool)
        .await?;
    ok(&format!("count {count}"));
    let failed = sqlx::query(insert)
        .bind("zoë")
        .bind(None::<f64>)
        .bind(None::<Vec<u8>>)
        .execute(&pool)
        .await;
    match failed {
        Err(Error::Database(error)) => ok(&format!("error {error}")),
        other => return Err(format!("error: {other:?}").into()),
    }
    pool.execute("drop table sqlx_person, _sqlx_migrations")
        .await?;
    pool.close().await;
    ok("close");
    Ok(())
}
