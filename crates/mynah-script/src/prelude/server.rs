//! The facts that all sessions of a mock have in common.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::value::Value;

/// The addresses of a mock server, which its sessions report as system variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The TCP port of the classic protocol, `@@port`; 0 for none.
    pub port: u16,
    /// The path of the Unix socket of the classic protocol, `@@socket`; `None` for none.
    pub socket: Option<PathBuf>,
    /// The TCP port of the X Protocol, `@@mysqlx_port`; `None` for none.
    pub x_port: Option<u16>,
}

impl Identity {
    /// The identity of a server with only this port of the classic protocol.
    #[must_use]
    pub fn at(port: u16) -> Self {
        Self {
            port,
            ..Self::default()
        }
    }

    /// A name of its own for each mock, so that clients can distinguish the mocks of one machine.
    fn hostname(&self) -> String {
        match self.port {
            0 => format!("mynah-{:08x}", self.number()),
            port => format!("mynah-{port}"),
        }
    }

    fn server_id(&self) -> u32 {
        match self.port {
            0 => self.number().max(1),
            port => port.into(),
        }
    }

    /// The same for a mock that is started again at the same place.
    fn uuid(&self) -> String {
        let (a, b) = (self.hash(1), self.hash(2));
        let [time_low, time_mid, time_high] = [a >> 32, a >> 16 & 0xffff, a & 0xfff];
        let (sequence, node) = (b >> 48 & 0x3fff | 0x8000, b & 0xffff_ffff_ffff);
        format!("{time_low:08x}-{time_mid:04x}-4{time_high:03x}-{sequence:04x}-{node:012x}")
    }

    fn number(&self) -> u32 {
        let [.., a, b, c, d] = self.hash(0).to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// FNV-1a of where it listens.
    fn hash(&self, seed: u8) -> u64 {
        let socket = self.socket.as_ref().map(|path| path.to_string_lossy());
        let place = format!("{MACHINE}{}{}{seed}", self.port, socket.unwrap_or_default());
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        place.bytes().fold(0xcbf2_9ce4_8422_2325, step)
    }
}

/// What all sessions have in common.
#[derive(Debug)]
pub(crate) struct Server {
    identity: Identity,
    /// What was set for all sessions.
    set: Mutex<BTreeMap<String, Value>>,
    start: Instant,
}

impl Server {
    pub(crate) fn new(identity: Identity) -> Self {
        Self {
            identity,
            set: Mutex::default(),
            start: Instant::now(),
        }
    }

    pub(super) fn set(&self, name: &str, value: Value) {
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.insert(name.to_owned(), value);
    }

    /// A variable's value, if it is the server's own. A value that was [set](Self::was_set) comes before it.
    pub(super) fn value(&self, name: &str) -> Option<Value> {
        let identity = &self.identity;
        Some(match name {
            "port" => Value::Integer(identity.port.into()),
            "mysqlx_port" => Value::Integer(identity.x_port?.into()),
            "socket" => {
                let path = identity.socket.as_ref();
                Value::Text(path.map_or_else(String::new, |path| path.display().to_string()))
            }
            "server_id" => Value::Integer(identity.server_id().into()),
            "hostname" => Value::Text(identity.hostname()),
            "server_uuid" | "server_uid" => Value::Text(identity.uuid()),
            _ => return own(name),
        })
    }

    /// The global value of a variable, if one was set.
    pub(super) fn was_set(&self, name: &str) -> Option<Value> {
        let set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.get(name).cloned()
    }

    /// All that was set: a session begins with these values, and gets them again when it is reset.
    pub(super) fn all_set(&self) -> BTreeMap<String, Value> {
        let set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.clone()
    }

    pub(super) fn uptime(&self) -> Duration {
        self.start.elapsed()
    }
}

/// What a mock has otherwise than the servers that were recorded.
fn own(name: &str) -> Option<Value> {
    Some(match name {
        "version_comment" => Value::text("Mynah"),
        "license" => Value::text("MIT OR Apache-2.0"),
        "have_ssl" | "have_openssl" => Value::text("YES"),
        "local_infile" => Value::flag(true),
        "performance_schema" => Value::flag(false),
        "system_time_zone" => Value::text("UTC"),
        _ => return None,
    })
}

/// So that the numbers are no others' hashes of the same place.
const MACHINE: &str = "mynah";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mocks_at_different_places_are_different_servers() {
        let socket = |path: &str| Identity {
            socket: Some(path.into()),
            ..Identity::default()
        };
        let all = [
            Identity::at(3306),
            Identity::at(3307),
            socket("/a"),
            socket("/b"),
        ];
        for (index, one) in all.iter().enumerate() {
            let again = one.clone();
            assert_eq!(one.uuid(), again.uuid());
            assert_eq!(one.uuid().len(), 36);
            for other in all.iter().skip(index + 1) {
                assert_ne!(one.uuid(), other.uuid());
                assert_ne!(one.server_id(), other.server_id());
                assert_ne!(one.hostname(), other.hostname());
            }
        }
    }
}
