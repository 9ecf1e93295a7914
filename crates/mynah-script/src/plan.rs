//! A trace that is data: read once, shared by all sessions, played in order.

use std::path::Path;
use std::sync::Arc;

use log::warn;
use mynah_session::{Account, Encodings, Failure, Greeting, Handler, Login, Reply, Statement};
use serde_json::Value;

use crate::document::{
    Defaults, Document, Handshake, Json, Kind, Misfit, entry, handshake, notices, sections,
};
use crate::{Notice, reason};

/// What a trace says that is data.
#[derive(Debug)]
pub(crate) struct Plan {
    handshake: Handshake,
    replies: Box<[Reply]>,
    notices: Result<Box<[Notice]>, Misfit>,
    /// Whether the first reply follows the last.
    looped: bool,
}

impl Plan {
    /// Reads a JSON trace.
    ///
    /// # Errors
    /// What is wrong with it as a whole. An entry that is wrong fails its statement only.
    pub(crate) fn read(path: &Path, text: &str) -> Result<Self, Failure> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let value: Value = serde_json::from_str(text)
            .map_err(|error| reason::load(reason::json_syntax_error(path, &error)))?;
        Self::from_value(path, &value).map_err(|misfit| reason::misfit(path, &misfit))
    }

    /// What is answered, in this order.
    pub(crate) fn new(
        handshake: Handshake,
        notices: Result<Vec<Notice>, Misfit>,
        replies: Vec<Reply>,
        looped: bool,
    ) -> Self {
        Self {
            handshake,
            notices: notices.map(Into::into),
            replies: replies.into(),
            looped,
        }
    }

    fn from_value(path: &Path, value: &Value) -> Result<Self, Misfit> {
        let (json, trace) = (&mut Json::default(), Some(value));
        let sections = sections(json, &trace)?;
        let handshake = match json.kind(&sections.handshake) {
            Kind::Undefined => Handshake::default(),
            _ => handshake(json, &sections.handshake)?,
        };
        let defaults = Defaults::read(json, &trace)?;
        let mut replies = Vec::new();
        let mut next = 0;
        while let Some(element) = json.next_element(&sections.stmts, &mut next)? {
            let reply = entry(json, &element, defaults).unwrap_or_else(|misfit| {
                warn!("{}: statement {next}: {misfit}", path.display());
                reason::statement_failed(misfit)
            });
            replies.push(kept(reply));
        }
        let notices = notices(json, &sections.notices);
        if let Err(misfit) = &notices {
            warn!("{}: notices: {misfit}", path.display());
        }
        Ok(Self::new(handshake, notices, replies, sections.looped))
    }
}

/// A reply that is given again and again.
pub(crate) fn kept(reply: Reply) -> Reply {
    Reply {
        encodings: Some(Encodings::default()),
        ..reply
    }
}

/// One session's way through a [`Plan`].
#[derive(Debug)]
pub(crate) struct Playback {
    plan: Arc<Plan>,
    next: usize,
}

impl Playback {
    /// From the first statement on.
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        Self { plan, next: 0 }
    }
}

impl Playback {
    /// What an X Protocol client is told unasked.
    pub(crate) fn notices(&self) -> Result<Vec<Notice>, Failure> {
        match &self.plan.notices {
            Ok(notices) => Ok(notices.to_vec()),
            Err(misfit) => Err(reason::load(misfit)),
        }
    }
}

impl Handler for Playback {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        self.plan.handshake.clone().greeting()
    }

    fn login(&mut self, _login: &Login) -> Result<Account, Failure> {
        self.plan.handshake.clone().account()
    }

    fn statement(&mut self, _statement: &Statement) -> Reply {
        let Plan {
            replies, looped, ..
        } = &*self.plan;
        if *looped && self.next >= replies.len() {
            self.next = 0;
        }
        let Some(reply) = replies.get(self.next) else {
            return reason::end_of_statements();
        };
        self.next += 1;
        reply.clone()
    }
}
