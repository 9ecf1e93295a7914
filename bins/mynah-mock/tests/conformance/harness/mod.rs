//! Starts the program on a trace in each isolation mode, and has the same conversation with each.

mod answer;
mod bytes;
mod client;
mod entries;
mod greeting;
mod http;
mod login;
mod mock;
mod stream;
mod trace;
mod values;

pub(crate) use answer::{Answer, Column, Done, End, Refusal, Rows, err, ok};
pub(crate) use bytes::{Packet, Reader, lenenc};
pub(crate) use client::Client;
pub(crate) use entries::{Entries, answers, entry, failed, fails, same_answers};
pub(crate) use greeting::Greeting;
pub(crate) use http::{Request, Response, rest};
pub(crate) use login::{Login, capability};
pub(crate) use mock::{Isolation, Mock, program};
pub(crate) use trace::{Script, js, json};
pub(crate) use values::{are_worth, values, values_of};

/// Whether the program has `--isolation`.
pub(crate) fn isolation_is_there() -> bool {
    static THERE: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *THERE.get_or_init(|| {
        let help = program().arg("--help").output().unwrap().stdout;
        String::from_utf8_lossy(&help).contains("--isolation")
    })
}
