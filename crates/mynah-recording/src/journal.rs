use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::optional_timestamp;
use crate::{About, Entry, Login, PartName, Server};

/// A line of the journal, the file that is written while a recording is made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// The journal was opened: the first line, and another one each time the journal is continued.
    Open {
        /// How the recording is made.
        open: About,
    },
    /// The facts about the server that are known by now.
    Server {
        /// The server.
        server: Server,
    },
    /// A login that succeeded.
    Login {
        /// The login.
        login: Login,
    },
    /// A part begins: the statements of a test, or those before all tests.
    Part {
        /// Its name.
        part: PartName,
        /// When the part began.
        #[serde(with = "crate::model::timestamp")]
        recorded_at: Timestamp,
    },
    /// A statement with one answer, or with the answer to preparing it.
    Entry {
        /// The part of the statement.
        part: PartName,
        /// The statement.
        entry: Box<Entry>,
    },
}

/// All keys that a line may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    open: Option<About>,
    server: Option<Server>,
    login: Option<Login>,
    part: Option<PartName>,
    #[serde(default, deserialize_with = "optional_timestamp::deserialize")]
    recorded_at: Option<Timestamp>,
    entry: Option<Box<Entry>>,
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let line = Written::deserialize(from)?;
        Ok(
            match (
                line.open,
                line.server,
                line.login,
                line.part,
                line.recorded_at,
                line.entry,
            ) {
                (Some(open), None, None, None, None, None) => Self::Open { open },
                (None, Some(server), None, None, None, None) => Self::Server { server },
                (None, None, Some(login), None, None, None) => Self::Login { login },
                (None, None, None, Some(part), Some(recorded_at), None) => {
                    Self::Part { part, recorded_at }
                }
                (None, None, None, Some(part), None, Some(entry)) => Self::Entry { part, entry },
                _ => {
                    let why =
                        "a line has open, server, login, part and recorded_at, or part and entry";
                    return Err(D::Error::custom(why));
                }
            },
        )
    }
}

impl Line {
    /// The line as JSON, with its line end.
    ///
    /// # Errors
    /// Never for values of this crate.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}
