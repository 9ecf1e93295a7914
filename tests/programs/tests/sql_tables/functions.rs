//! Names before parentheses that aren't those of stored functions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use mynah_client::Client;
use mynah_testkit::servers::Server;

use crate::{connect, run};

/// Where a name isn't that of a stored function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Found {
    Anywhere,
    WithoutQuotes,
    Adjacent,
}

/// Asks a server for each name in its program that may be that of a function, and for its keywords.
pub(crate) async fn of(server: &Server) -> BTreeMap<String, Found> {
    let mut client = connect(server).await;
    let mut found = BTreeMap::new();
    let mut asked = 0;
    for name in candidates(server, &mut client).await {
        asked += 1;
        if !is_built_in(&mut client, &name).await {
            continue;
        }
        let quoted = is_built_in(&mut client, &format!("`{name}`")).await;
        let apart = is_built_in(&mut client, &format!("{name} ")).await;
        let kind = match (quoted, apart) {
            (true, true) => Found::Anywhere,
            (false, true) => Found::WithoutQuotes,
            (_, false) => Found::Adjacent,
        };
        found.insert(name, kind);
    }
    println!("{}: {} of {asked} names", server.kind(), found.len());
    client.close().await.unwrap();
    found
}

/// Words in capitals in the server's program, and their ends: linkers let a text share the bytes of a longer one's end.
async fn candidates(server: &Server, client: &mut Client) -> BTreeSet<String> {
    let program = match server.kind().product() {
        "MariaDB" => "usr/sbin/mariadbd",
        _ => "usr/sbin/mysqld",
    };
    let bytes = fs::read(server.root().path(program)).unwrap();
    let mut names = BTreeSet::new();
    if server.kind().product() == "MariaDB" {
        // Functions of plugins that are always there have their names in lower case.
        for text in bytes.split(|byte| *byte == 0) {
            let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            if text.len() < 60
                && text.first().is_some_and(u8::is_ascii_alphabetic)
                && text.iter().all(is_name)
            {
                names.insert(String::from_utf8_lossy(text).to_ascii_uppercase());
            }
        }
    }
    for text in bytes.split(|byte| *byte == 0) {
        let is_name =
            |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
        let len = text.iter().rev().take_while(|byte| is_name(byte)).count();
        let text = &text[text.len() - len.min(60)..];
        for start in 0..text.len().saturating_sub(1) {
            if text[start].is_ascii_uppercase() {
                names.insert(String::from_utf8_lossy(&text[start..]).into_owned());
            }
        }
    }
    let keywords = "SELECT word FROM information_schema.keywords";
    for row in run(client, keywords).await.unwrap().0 {
        let word = row[0].to_ascii_uppercase();
        if word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            names.insert(word);
        }
    }
    names
}

/// Whether the server never looks for a stored function of a name that is written so.
async fn is_built_in(client: &mut Client, name: &str) -> bool {
    for arguments in ["", "1", "1,1", "1,1,1"] {
        let sql = format!("PREPARE p FROM 'SELECT {name}({arguments})'");
        match run(client, &sql).await {
            Err(error) if matches!(error.code(), Some(1305 | 1630)) => return false,
            Err(error) if error.code().is_none() => panic!("{name}: {error}"),
            _ => {}
        }
    }
    true
}

/// What two servers have in common.
pub(crate) fn common(
    one: &BTreeMap<String, Found>,
    other: &BTreeMap<String, Found>,
) -> BTreeMap<String, Found> {
    let both = one.iter().filter_map(|(name, found)| {
        let other = other.get(name)?;
        Some((name.clone(), *found.max(other)))
    });
    both.collect()
}

/// The text of a table.
pub(crate) fn file(doc: &str, found: &BTreeMap<String, Found>) -> String {
    let mut text = format!(
        "//! {doc}\n\nuse super::Names;\n\npub(in crate::effects) const NAMES: Names = Names {{\n"
    );
    for (list, kind) in [
        ("anywhere", Found::Anywhere),
        ("without_quotes", Found::WithoutQuotes),
        ("adjacent", Found::Adjacent),
    ] {
        writeln!(text, "    {list}: &[").unwrap();
        for (name, _) in found.iter().filter(|(_, found)| **found == kind) {
            writeln!(text, "        \"{name}\",").unwrap();
        }
        text += "    ],\n";
    }
    text + "};\n"
}
