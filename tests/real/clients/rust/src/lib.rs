//! The steps of each Rust client, and their output; see `common/steps.py` for more.

use std::{env, error::Error, fmt::Debug, process::ExitCode};

pub const MISSING: &str = "select * from test.mynah_missing";
pub const LARGE: &str = "select repeat('x', 1048576) as large";
pub const PREPARED: &str = "select cast(? as signed) as number, cast(? as char) as text, \
    cast(? as char) as maybe, cast(? as date) as day, cast(? as binary) as bytes";

pub type Failure = Box<dyn Error>;

/// The values to bind, which must come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub number: i64,
    pub text: String,
    pub maybe: Option<String>,
    pub day: String,
    pub bytes: Vec<u8>,
}

pub fn rows() -> [Row; 2] {
    [
        Row {
            number: 42,
            text: "café ☃".into(),
            maybe: None,
            day: "2024-02-29".into(),
            bytes: b"\x00\x01'\\\xfe\xff".to_vec(),
        },
        Row {
            number: -7,
            text: "it's \"quoted\" \\ done".into(),
            maybe: Some("now".into()),
            day: "1999-12-31".into(),
            bytes: (0..=255).collect(),
        },
    ]
}

/// The server's address and the user.
#[derive(Clone, Debug)]
pub struct Target {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: String,
    pub tls: bool,
}

impl Target {
    pub fn url(&self) -> String {
        let Self {
            host,
            port,
            user,
            password,
            ..
        } = self;
        format!("mysql://{user}:{password}@{host}:{port}/test")
    }
}

pub fn ok(step: &str) {
    println!("ok {step}");
}

pub fn expect<T: PartialEq + Debug>(step: &str, found: T, wanted: T) -> Result<(), Failure> {
    if found == wanted {
        return Ok(());
    }
    let shown = |value: T| format!("{value:?}").chars().take(300).collect::<String>();
    Err(format!("{step}: {} instead of {}", shown(found), shown(wanted)).into())
}

pub fn check_error(code: u16, state: &str) -> Result<(), Failure> {
    expect("error", (code, state), (1146, "42S02"))
}

pub fn check_large(value: &str) -> Result<(), Failure> {
    expect("large", value.len(), 1_048_576)?;
    expect("large", value.trim_matches('x'), "")
}

/// Runs a client to its end; prints the error in one line if there is one.
pub fn run(client: impl FnOnce(Target) -> Result<(), Failure>) -> ExitCode {
    let variable = |name: &str| env::var(format!("MYNAH_{name}")).unwrap_or_default();
    let target = Target {
        host: variable("HOST"),
        port: variable("PORT").parse().unwrap_or(0),
        user: variable("USER"),
        password: variable("PASSWORD"),
        tls: variable("TLS") == "1",
    };
    match client(target) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = error
                .to_string()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

/// The same for an async client.
pub fn run_async<F: Future<Output = Result<(), Failure>>>(
    client: impl FnOnce(Target) -> F,
) -> ExitCode {
    run(|target| {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(client(target))
    })
}
