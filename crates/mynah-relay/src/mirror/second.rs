//! A client's connection to the second server.

use std::sync::Arc;

use bytes::Bytes;
use mynah_client::Error;
use mynah_session::observe::Answer;
use tokio::time::timeout;

use super::classic::Classic;
use super::failure::Failure;
use super::job::Login;
use super::open_lane::{Common, OpenLane};
use super::traffic_observer::TrafficObserver;
use super::x::X;
use crate::failure::with_causes;
use crate::record::HeldEntry;

/// A connection to the second server, and what is recorded of it.
#[derive(Debug)]
pub(super) struct Second {
    client: Client,
    observer: TrafficObserver,
    /// The server's address as text.
    name: Arc<str>,
}

#[derive(Debug)]
enum Client {
    Classic(Box<Classic>),
    X(Box<X>),
}

/// What has become of a command.
#[derive(Debug)]
pub(super) enum Ran {
    /// The second server has answered; what would be recorded of its answer.
    Answered(Vec<HeldEntry>),
    /// The second server didn't get the command, for this reason.
    Skipped(&'static str),
}

impl Second {
    /// Connects and logs in.
    pub(super) async fn connect(open: &OpenLane, common: &Common) -> Result<Self, String> {
        let name = &open.target.name;
        let stream = match timeout(common.connect_timeout, open.target.address.connect()).await {
            Ok(connected) => connected
                .map_err(|error| format!("can't connect to the second server {name}: {error}"))?,
            Err(_late) => {
                return Err(format!(
                    "the second server {name} doesn't accept connections"
                ));
            }
        };
        let observer = TrafficObserver::new(open.is_x, &common.pairs.second);
        let (user, password) = common.accounts.of(&open.login.user);
        let logged_in = async {
            Ok::<_, Error>(match open.is_x {
                true => Client::X(Box::new(
                    X::log_in(stream, open, user, password, &observer).await?,
                )),
                false => Client::Classic(Box::new(
                    Classic::log_in(stream, open, user, password, &observer).await?,
                )),
            })
        };
        let client = match timeout(common.login_timeout, logged_in).await {
            Ok(logged_in) => logged_in.map_err(|error| refused(name, user, &error))?,
            Err(_late) => {
                return Err(format!(
                    "the login of '{user}' to the second server {name} takes too long"
                ));
            }
        };
        // What is recorded of the login isn't compared.
        drop(observer.take());
        Ok(Self {
            client,
            observer,
            name: Arc::clone(name),
        })
    }

    /// Runs a command of the client, whose statements have the first server's ids.
    pub(super) async fn run(
        &mut self,
        answer: &Answer,
        file: Bytes,
        common: &Common,
    ) -> Result<Ran, String> {
        let skipped = match &mut self.client {
            Client::Classic(classic) => classic.run(answer, file, &common.accounts).await,
            Client::X(x) => x.run(answer).await,
        };
        match skipped {
            Ok(None) => Ok(Ran::Answered(self.observer.take())),
            Ok(Some(reason)) => Ok(Ran::Skipped(reason)),
            Err(failure) => Err(self.reason(failure)),
        }
    }

    /// Logs in once more.
    pub(super) async fn log_in(&mut self, login: &Login, common: &Common) -> Result<(), String> {
        let (user, password) = common.accounts.of(&login.user);
        let logged_in = match &mut self.client {
            Client::Classic(_) => Ok(()),
            Client::X(x) => x.change_user(user, password, &login.schema).await,
        };
        logged_in.map_err(|error| refused(&self.name, user, &error))?;
        drop(self.observer.take());
        Ok(())
    }

    pub(super) async fn close(self) {
        // The server may have closed the connection before.
        let _closed = match self.client {
            Client::Classic(classic) => classic.close().await,
            Client::X(x) => x.close().await,
        };
    }

    fn reason(&self, failure: Failure) -> String {
        match failure {
            Failure::Client(error) => {
                format!("the second server {}: {}", self.name, with_causes(&error))
            }
            Failure::Other(reason) => reason.to_owned(),
        }
    }
}

fn refused(name: &str, user: &str, error: &Error) -> String {
    format!(
        "can't log in to the second server {name} as '{user}': {}",
        with_causes(error)
    )
}
