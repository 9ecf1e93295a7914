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
        /// How and when the recording is made.
        open: About,
        /// The name of the recording, a file in the journal's folder, to which the statements are added; `None` if they
        /// are a recording of their own. Only the first line counts.
        #[serde(skip_serializing_if = "Option::is_none")]
        adds_to: Option<String>,
    },
    /// Facts about the server. Those of several lines are merged; later ones count.
    Server {
        /// The server's version, collation, status flags and protocols, as far as they are known.
        server: Server,
    },
    /// A login that succeeded.
    Login {
        /// The user, schema, method and protocol of the login.
        login: Login,
    },
    /// A part begins: the statements of a test, or those that belong to no test.
    Part {
        /// The name of the part that begins.
        part: PartName,
        /// When the part began: at its announcement, or at its first statement.
        #[serde(with = "crate::model::timestamp")]
        recorded_at: Timestamp,
    },
    /// A statement with one answer, or with the answer to preparing it.
    Entry {
        /// The name of the part that the statement belongs to.
        part: PartName,
        /// The statement with its answer.
        entry: Box<Entry>,
    },
}

/// All keys that a line may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    open: Option<About>,
    adds_to: Option<String>,
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
        let why = "a line has open, server, login, part and recorded_at, or part and entry";
        let wrong = || D::Error::custom(why);
        if line.adds_to.is_some() && line.open.is_none() {
            return Err(wrong());
        }
        let adds_to = line.adds_to;
        Ok(
            match (
                line.open,
                line.server,
                line.login,
                line.part,
                line.recorded_at,
                line.entry,
            ) {
                (Some(open), None, None, None, None, None) => Self::Open { open, adds_to },
                (None, Some(server), None, None, None, None) => Self::Server { server },
                (None, None, Some(login), None, None, None) => Self::Login { login },
                (None, None, None, Some(part), Some(recorded_at), None) => {
                    Self::Part { part, recorded_at }
                }
                (None, None, None, Some(part), None, Some(entry)) => Self::Entry { part, entry },
                _ => return Err(wrong()),
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
