//! Clients of the X Protocol.

use std::process::Command;

use mynah_testkit::servers::Mysqlxtest;

use crate::{
    client::{Client, NotHere, Program, source},
    families::{node, python},
};

/// MySQL's own test client.
#[derive(Debug)]
struct Xtest;

pub(crate) fn clients() -> Vec<Client> {
    vec![
        Client::new(
            "x",
            "x-python",
            "mysqlx-connector-python 26.10.0",
            python::program("x-python.py", &["mysqlx-connector-python==26.10.0"]),
        )
        .x(),
        Client::new(
            "x",
            "x-node",
            "@mysql/xdevapi 8.0.35",
            node::program("x-node.js", &["@mysql/xdevapi@8.0.35"]),
        )
        .x(),
        Client::new("x", "x-mysqlxtest", "mysqlxtest of MySQL 9.7", Xtest).x(),
    ]
}

impl Program for Xtest {
    fn command(&self) -> Result<Command, NotHere> {
        let program = Mysqlxtest::fetch()?.command();
        let mut command = Command::new("sh");
        command
            .arg(source("x-mysqlxtest.sh"))
            .arg(program.get_program())
            .args(program.get_args());
        Ok(command)
    }
}
