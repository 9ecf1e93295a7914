//! Variables: whether a session can set them, what servers report about that, and what else changes.

use std::collections::BTreeMap;

use mynah_classic::response::SessionStateChange;
use mynah_client::{Client, OkPacket};
use mynah_testkit::servers::Server;

use crate::{connect, run};

/// The text of the table of a server's variables.
pub(crate) async fn file(server: &Server) -> String {
    let mut client = connect(server).await;
    let names = all(&mut client).await;
    let version = run(&mut client, "SELECT VERSION()").await.unwrap().0;
    let version = version[0][0].split(['-', '+']).next().unwrap_or_default();
    client.close().await.unwrap();
    let product = server.kind().product();
    let mut text = format!(
        "//! The variables of {product} {version}.\n\nuse super::{{SystemVariable, Told, global, read_only, session}};\n\n#[rustfmt::skip]\npub(in crate::variable) const VARIABLES: &[SystemVariable] = &[\n"
    );
    let mut settable = 0;
    for name in names.keys() {
        let mut client = connect(server).await;
        let facts = facts(&mut client, name).await;
        settable += usize::from(facts.starts_with("session("));
        text += &format!("    {facts},\n");
        // Some variables keep the connection from being closed in order.
        drop(client);
    }
    println!(
        "{}: {} variables, {settable} can be set",
        server.kind(),
        names.len()
    );
    text + "];\n"
}

async fn all(client: &mut Client) -> BTreeMap<String, String> {
    let (rows, _) = run(client, "SHOW SESSION VARIABLES").await.unwrap();
    let mut rows: BTreeMap<_, _> = rows
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    for changing in CHANGING {
        rows.remove(*changing);
    }
    rows
}

async fn value(client: &mut Client, name: &str) -> String {
    let sql = format!("SHOW SESSION VARIABLES WHERE variable_name = '{name}'");
    let rows = run(client, &sql).await.map(|(rows, _)| rows);
    rows.ok()
        .and_then(|rows| rows.first().map(|row| row[1].clone()))
        .unwrap_or_default()
}

/// The line of a variable.
async fn facts(client: &mut Client, name: &str) -> String {
    run(client, "SET SESSION session_track_system_variables = '*'")
        .await
        .unwrap();
    let before = all(client).await;
    let old = value(client, name).await;
    let mut refused = 0;
    for new in values(&old) {
        match run(client, &format!("SET SESSION {name} = {new}")).await {
            Err(error) => match error.code() {
                Some(1229) => return format!("global(\"{name}\")"),
                Some(1238 | 1621) => return format!("read_only(\"{name}\")"),
                Some(_) => refused += 1,
                None => panic!("{name} = {new}: {error}"),
            },
            Ok((_, ok)) => {
                let now = value(client, name).await;
                if now == old {
                    continue;
                }
                let told = told(ok.as_ref(), name, &now);
                let after = all(client).await;
                let changed = after.iter().filter(|(other, value)| {
                    other.as_str() != name && before.get(*other) != Some(value)
                });
                let changed: Vec<_> = changed.map(|(other, _)| format!("\"{other}\"")).collect();
                let reset = run(client, &format!("SET SESSION {name} = DEFAULT")).await;
                let told_default = match reset {
                    Ok((_, ok)) => {
                        let now = value(client, name).await;
                        self::told(ok.as_ref(), name, &now)
                    }
                    Err(_) => "None",
                };
                return format!(
                    "session(\"{name}\", {told}, {told_default}, &[{}])",
                    changed.join(", ")
                );
            }
        }
    }
    println!("{name} = {old}: no other value was found, {refused} were refused");
    format!("session(\"{name}\", None, None, &[])")
}

/// What an OK says of a variable whose value is now this.
fn told(ok: Option<&OkPacket>, name: &str, now: &str) -> &'static str {
    let changes = ok
        .into_iter()
        .flat_map(|ok| ok.session_state_changes.iter());
    let mut found = "Some(Told::Not)";
    for change in changes {
        if let Ok(SessionStateChange::SystemVariable { name: told, value }) = change
            && told.eq_ignore_ascii_case(name.as_bytes())
        {
            found = match value == now.as_bytes() {
                true => "Some(Told::Right)",
                false => "Some(Told::Wrong)",
            };
        }
    }
    found
}

/// Values that may be another one.
fn values(old: &str) -> Vec<String> {
    let mut values = Vec::new();
    if let Ok(number) = old.parse::<i128>() {
        // More than the largest number means nothing good.
        if number > i128::from(u32::MAX) {
            values.push((number / 2).to_string());
        }
        for other in [
            number + 1,
            number * 2,
            number / 2,
            number - 1,
            number + 1024,
            0,
            1,
            2,
            1000,
        ] {
            values.push(other.to_string());
        }
    } else if let Ok(number) = old.parse::<f64>() {
        values.extend([number + 1.0, number / 2.0].map(|value| value.to_string()));
    }
    if matches!(old, "ON" | "OFF") {
        values.extend(["1", "0"].map(ToOwned::to_owned));
    }
    values.extend(OTHERS.iter().map(|other| format!("'{other}'")));
    values
}

/// Variables whose values change with each statement.
const CHANGING: &[&str] = &[
    "timestamp",
    "rand_seed1",
    "rand_seed2",
    "error_count",
    "warning_count",
    "last_gtid",
    "pseudo_thread_id",
    "statement_id",
    "gtid_current_pos",
    "gtid_binlog_pos",
];

/// Values of variables that aren't numbers.
const OTHERS: &[&str] = &[
    "ON",
    "OFF",
    "latin1",
    "latin1_bin",
    "utf8mb4",
    "utf8mb4_bin",
    "+03:00",
    "ANSI",
    "de_DE",
    "SERIALIZABLE",
    "READ-COMMITTED",
    "MEMORY",
    "MyISAM",
    "STATEMENT",
    "ROW",
    "MIXED",
    "FULL",
    "MINIMAL",
    "STATE",
    "CHARACTERISTICS",
    "OWN_GTID",
    "CONCURRENT",
    "RELEASE",
    "CHAIN",
    "FORCE",
    "NONE",
    "AUTO",
    "ALWAYS",
    "NEVER",
    "EXACT",
    "OFF,ON",
    "mrr=off",
    "index_merge=off",
    "sql_mode",
    "time_zone",
    "repeat=5",
    "daemon,1",
    "1",
    "2",
    "0",
    "a",
    "",
    "JSON",
    "TRADITIONAL",
    "TREE",
    "DEFAULT",
    "INPLACE",
    "COPY",
    "NOCOPY",
    "UTC",
    "query_plan",
    "admin",
    "test",
    "DISABLED",
    "PRIMARY",
    "SECONDARY",
    "LENIENT",
    "STRICT",
    "8.0",
    "latin7",
    "greedy",
    "warn",
    "ERROR",
    "aes_256",
    "SAMPLE",
    "NULLS_EQUAL",
    "NULLS_IGNORED",
    "YES",
    "NO",
    "EVENTUAL",
    "BEFORE",
    "aes-256-cbc",
    "PARTIAL_JSON",
    "utf8mb4_general_ci",
    "IDEMPOTENT",
    "BEFORE_8_0_26",
    "BEFORE_8_2_0",
    "SINGLE_PREC_HB",
    "FILTERED",
    "DOTALL",
    "KEEP",
    "DEMAND",
    "RSU",
    "rows",
    "high",
    "enabled=on",
    "greedy_search=off",
    "/tmp",
    "2020-01-01",
    "0-1-5",
];
