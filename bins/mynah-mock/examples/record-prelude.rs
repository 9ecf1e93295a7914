//! Records the answers of real servers to statements of clients and tools, for the prelude: system
//! variables, and the columns of SHOW statements and system tables.
//!
//! ```sh
//! cargo run -p mynah-mock --example record-prelude -- crates/mynah-script/src/prelude/recorded
//! ```
//!
//! writes a file for each available server. `crates/mynah-script/src/prelude/recorded.rs` reads the
//! files and documents their lines.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

use mynah_testkit::servers::{RealServer, Server};
use mysql_async::consts::{ColumnFlags, ColumnType};
use mysql_async::prelude::Queryable;
use mysql_async::{Column, Conn, OptsBuilder, Row, Value};

type Failed = Box<dyn Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    let mut args = std::env::args_os().skip(1);
    let folder = PathBuf::from(args.next().ok_or("which folder?")?);
    for kind in RealServer::ALL {
        match Server::start_with(kind, &options(kind)) {
            Ok(server) => {
                let text = Recorder::new(&server).await?.record(&server).await?;
                std::fs::write(folder.join(format!("{kind}.txt")), text)?;
                println!("{kind}: {}", server.version());
            }
            Err(unavailable) => println!("{kind}: skipped: {unavailable}"),
        }
    }
    Ok(())
}

/// Options that undo the testkit's deviations from the servers' defaults.
fn options(kind: RealServer) -> Vec<String> {
    let options: &[&str] = match kind {
        RealServer::MySql97 => &[
            "--gtid-mode=OFF",
            "--enforce-gtid-consistency=OFF",
            "--performance-schema=ON",
        ],
        RealServer::MySql56 => &[
            "--skip-log-bin",
            "--gtid-mode=OFF",
            "--skip-enforce-gtid-consistency",
            "--skip-log-slave-updates",
            "--secure-auth",
        ],
        _ => &["--skip-log-bin"],
    };
    options.iter().map(|&option| option.to_owned()).collect()
}

struct Recorder {
    conn: Conn,
    /// Texts of this machine, with their replacements.
    places: Vec<(String, &'static str)>,
    out: String,
}

impl Recorder {
    async fn new(server: &Server) -> Result<Self, Failed> {
        let account = server.kind().accounts().iter();
        let account = account.clone().find(|account| account.password.is_empty());
        let user = account.ok_or("no account without a password")?.user;
        let options = OptsBuilder::default()
            .ip_or_hostname("127.0.0.1")
            .tcp_port(server.address().port())
            .user(Some(user))
            .prefer_socket(false);
        let root = server.root().path("").display().to_string();
        let mut conn = Conn::new(options).await?;
        let hostname: Option<String> = conn.query_first("select @@hostname").await?;
        let hostname = hostname.ok_or("no host name")?;
        Ok(Self {
            conn,
            places: vec![
                (
                    server.folder().join("data").display().to_string(),
                    "/var/lib/mysql",
                ),
                (server.folder().display().to_string(), "/tmp"),
                (root.trim_end_matches('/').to_owned(), ""),
                (format!("{hostname}."), "localhost."),
            ],
            out: String::new(),
        })
    }

    async fn record(mut self, server: &Server) -> Result<String, Failed> {
        writeln!(
            self.out,
            "# {} {}, recorded by bins/mynah-mock/examples/record-prelude.rs",
            server.kind().product(),
            server.version()
        )?;
        self.variables().await?;
        // Without this, columns are described in another character set than their own.
        self.conn
            .query_drop("set character_set_results = null")
            .await?;
        for statement in WITH_ROWS {
            self.table(statement, statement, true).await?;
        }
        for statement in WITHOUT_ROWS {
            self.table(statement, statement, false).await?;
        }
        let system_tables: Vec<(String, String)> = self
            .conn
            .query(format!(
                "select lower(table_schema), lower(table_name) from information_schema.tables \
                 where table_schema in ('information_schema', 'mysql') or \
                 table_schema = 'performance_schema' and table_name in ({STATUS_TABLES}) order by 1, 2"
            ))
            .await?;
        for (schema, table) in system_tables {
            let has_rows = schema == "information_schema" && TABLES_WITH_ROWS.contains(&&*table);
            let limit = if has_rows { "" } else { " limit 0" };
            let select = format!("select * from {schema}.{table}{limit}");
            self.table(&format!("{schema}.{table}"), &select, has_rows)
                .await?;
        }
        Ok(self.out)
    }

    /// `variable NAME KIND SCOPE ACCESS VALUE`
    async fn variables(&mut self) -> Result<(), Failed> {
        let listed: Vec<(String, String)> = self.conn.query("show session variables").await?;
        let globals: Vec<(String, String)> = self.conn.query("show global variables").await?;
        for (name, value) in listed {
            let global = self.selected(&format!("@@global.`{name}`")).await;
            let session = self.selected(&format!("@@session.`{name}`")).await;
            let (scope, column) = match (global, session) {
                (Some(_), Some(column)) => ("both", column),
                (Some(column), None) => ("global", column),
                (None, Some(column)) => ("session", column),
                (None, None) => continue,
            };
            let which = if scope == "session" {
                "session"
            } else {
                "global"
            };
            let set = self
                .conn
                .query_drop(format!("set {which} `{name}` = (1, 2)"));
            let is_fixed =
                matches!(set.await, Err(mysql_async::Error::Server(e)) if e.code == 1238);
            let kind = match column.column_type() {
                ColumnType::MYSQL_TYPE_LONGLONG if column.column_length() == 1 => "flag",
                ColumnType::MYSQL_TYPE_LONGLONG
                    if column.flags().contains(ColumnFlags::UNSIGNED_FLAG) =>
                {
                    "unsigned"
                }
                ColumnType::MYSQL_TYPE_LONGLONG => "integer",
                ColumnType::MYSQL_TYPE_DOUBLE => "double",
                _ => "text",
            };
            let global = globals.iter().find(|(global, _)| *global == name);
            let value = global.map_or(value, |(_, value)| value.clone());
            let access = if is_fixed { "fixed" } else { "free" };
            let value = match NOT_RECORDED.contains(&&*name) {
                true => String::new(),
                false => self.cell(Some(value.as_bytes())),
            };
            writeln!(
                self.out,
                "variable\t{name}\t{kind}\t{scope}\t{access}\t{value}"
            )?;
        }
        Ok(())
    }

    async fn selected(&mut self, expression: &str) -> Option<Column> {
        let result = self.conn.query_iter(format!("select {expression}")).await;
        result.ok()?.columns()?.first().cloned()
    }

    /// Writes `table NAME`, then a `column` per column, then a `row` per row.
    async fn table(&mut self, name: &str, query: &str, with_rows: bool) -> Result<(), Failed> {
        let Ok(mut result) = self.conn.query_iter(query).await else {
            return Ok(()); // Another server has it.
        };
        let columns = result.columns().ok_or("no columns")?;
        let rows: Vec<Row> = result.collect().await?;
        writeln!(self.out, "table\t{name}")?;
        for column in columns.iter() {
            writeln!(
                self.out,
                "column\t{}\t{}\t{}\t{}\t{}\t{}",
                column.name_str(),
                column.column_type() as u8,
                column.column_length(),
                column.decimals(),
                column.flags().bits(),
                column.character_set(),
            )?;
        }
        if with_rows {
            for row in rows {
                let cells: Vec<_> = (0..row.len())
                    .filter_map(|index| row.as_ref(index))
                    .map(|value| match value {
                        Value::NULL => self.cell(None),
                        // A counter, or a size that depends on the machine.
                        Value::Bytes(bytes)
                            if name == STATUS && bytes.iter().all(u8::is_ascii_digit) =>
                        {
                            "0".to_owned()
                        }
                        Value::Bytes(bytes) => self.cell(Some(bytes)),
                        other => other.as_sql(true),
                    })
                    .collect();
                writeln!(self.out, "row\t{}", cells.join("\t"))?;
            }
        }
        Ok(())
    }

    /// A cell as written to the file.
    fn cell(&self, cell: Option<&[u8]>) -> String {
        let Some(cell) = cell else {
            return "\\N".to_owned();
        };
        let mut text = String::from_utf8_lossy(cell).into_owned();
        for (here, elsewhere) in &self.places {
            text = text.replace(here, elsewhere);
        }
        text.replace('\\', "\\\\")
            .replace('\t', "\\t")
            .replace('\n', "\\n")
    }
}

const STATUS: &str = "show status";

const WITH_ROWS: [&str; 5] = [
    STATUS,
    "show collation",
    "show character set",
    "show engines",
    "show privileges",
];

const WITHOUT_ROWS: [&str; 35] = [
    "show variables",
    "show warnings",
    "show errors",
    "show count(*) warnings",
    "show count(*) errors",
    "show plugins",
    "show databases",
    "show tables from test",
    "show full tables from test",
    "show table status from test",
    "show open tables from test",
    "show triggers from test",
    "show events from test",
    "show procedure status",
    "show function status",
    "show package status",
    "show package body status",
    "show processlist",
    "show full processlist",
    "show columns from mysql.user",
    "show full columns from mysql.user",
    "show index from mysql.user",
    "show create database test",
    "show create table mysql.user",
    "show create view information_schema.tables",
    "show master status",
    "show binary log status",
    "show binary logs",
    "show master logs",
    "show slave status",
    "show all slaves status",
    "show replica status",
    "show slave hosts",
    "show replicas",
    "show profiles",
];

/// Variables that depend on the machine, or on how the testkit starts a server; the mock has its
/// own values.
const NOT_RECORDED: [&str; 14] = [
    "hostname",
    "init_file",
    "log_error",
    "mysqlx_port",
    "mysqlx_socket",
    "pid_file",
    "port",
    "server_uid",
    "server_uuid",
    "socket",
    "ssl_ca",
    "ssl_cert",
    "ssl_key",
    "version",
];

/// Tables of information_schema whose rows are the same on every machine.
const TABLES_WITH_ROWS: [&str; 5] = [
    "character_sets",
    "collations",
    "collation_character_set_applicability",
    "engines",
    "keywords",
];

/// Tables of performance_schema that list variables.
const STATUS_TABLES: &str = "'session_status', 'global_status', 'session_variables', 'global_variables', \
                             'variables_info', 'persisted_variables', 'processlist', 'threads'";
