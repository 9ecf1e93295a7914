//! The state of the mock, for monitoring.

use mynah_net::Connections;

use crate::reply::{self, Reply};

/// Shows that the mock answers, and how many workers scripts have cost.
pub(crate) fn health(connections: &Connections) -> Reply {
    let (open, lost) = (connections.count(), connections.lost_workers().count());
    reply::json(format!(
        r#"{{"status":"ok","connections":{open},"lost_workers":{lost}}}"#
    ))
}

/// The same as metrics for Prometheus.
pub(crate) fn metrics(connections: &Connections) -> Reply {
    let (open, lost) = (connections.count(), connections.lost_workers().count());
    reply::metrics(format!(
        "# HELP mynah_mock_connections Connections of clients.\n\
         # TYPE mynah_mock_connections gauge\n\
         mynah_mock_connections {open}\n\
         # HELP mynah_mock_lost_workers_total Threads that were lost to scripts, and replaced.\n\
         # TYPE mynah_mock_lost_workers_total counter\n\
         mynah_mock_lost_workers_total {lost}\n"
    ))
}
