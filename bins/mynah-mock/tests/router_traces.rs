//! MySQL Router in front of the program, with the traces of Router's own tests. If they aren't
//! available, the test prints that it is skipped.
//!
//! `cargo test -p mynah-mock --test router_traces -- --ignored --nocapture`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use mynah_testkit::servers::{Bootstrapped, RouterProgram, router_traces};
use serde_json::{Value, json};
use support::{Mock, program, reached};

/// A kind of cluster, and the traces for it.
struct Kind {
    bootstrap: &'static str,
    metadata: &'static str,
    /// Its name in the output of the bootstrap.
    name: &'static str,
}

const GROUP_REPLICATION: Kind = Kind {
    bootstrap: "bootstrap_gr.js",
    metadata: "metadata_dynamic_nodes_v2_gr.js",
    name: "InnoDB Cluster 'my-cluster'",
};
const ASYNCHRONOUS_REPLICATION: Kind = Kind {
    bootstrap: "bootstrap_ar.js",
    metadata: "metadata_dynamic_nodes_v2_ar.js",
    name: "InnoDB ReplicaSet 'my-cluster'",
};
const CLUSTER_SET: Kind = Kind {
    bootstrap: "bootstrap_clusterset.js",
    metadata: "metadata_clusterset.js",
    name: "ClusterSet 'zoos'",
};

/// A primary and a secondary that answer from traces of Router's tests.
struct Cluster {
    kind: Kind,
    router: RouterProgram,
    traces: PathBuf,
    nodes: [Node; 2],
}

struct Node {
    mock: Mock,
    x: SocketAddr,
    http: String,
}

impl Node {
    fn start(traces: &Path, name: &str) -> Self {
        let mut mock = program();
        // Some traces don't load until a test has set the shared values.
        mock.args(["--compatible", "--filename"])
            .arg(traces.join(name))
            .arg("--module-prefix")
            .arg(traces)
            .args(["--xport", "0", "--http-port", "0"]);
        let mut mock = Mock::start(&mut mock);
        Self {
            x: mock.listening("x").parse().unwrap(),
            http: mock.listening("http"),
            mock,
        }
    }

    fn address(&self) -> SocketAddr {
        self.mock.address
    }

    fn set_globals(&self, globals: &Value) {
        let put = Mock::rest(&self.http, "PUT", "globals/", &globals.to_string());
        assert_eq!(put.0, 204, "{put:?}");
    }

    fn globals(&self) -> Value {
        let (_, globals) = Mock::rest(&self.http, "GET", "globals/", "");
        serde_json::from_str(&globals).unwrap()
    }
}

impl Cluster {
    /// Starts the nodes, which send these notices. `None`, and prints why, if Router or its traces
    /// aren't available.
    fn start(kind: Kind, notices: &Value) -> Option<Self> {
        let router = RouterProgram::fetch()
            .inspect_err(|unavailable| println!("skipped: {unavailable}"))
            .ok()?;
        let traces = router_traces()
            .inspect_err(|reason| println!("skipped: the traces cannot be had: {reason}"))
            .ok()?;
        let cluster = Self {
            nodes: [0, 1].map(|_| Node::start(&traces, kind.metadata)),
            kind,
            router,
            traces,
        };
        for (number, node) in cluster.nodes.iter().enumerate() {
            let mut globals = cluster.globals(number);
            globals["notices"] = notices.clone();
            node.set_globals(&globals);
        }
        Some(cluster)
    }

    /// The globals that Router's tests set for the trace of a node.
    fn globals(&self, number: usize) -> Value {
        let [primary, secondary] = &self.nodes;
        let [first, second] = self.ports();
        json!({
            "gr_id": "cluster-specific-id", "cluster_name": "my-cluster", "view_id": 2,
            "metadata_schema_version": [2, 3, 0], "error_on_md_query": 0, "gr_pos": number,
            "gr_node_host": "127.0.0.1", "router_options": "{}", "router_version": "9.7.4",
            "gr_nodes": [["one", first, "ONLINE", "PRIMARY"], ["two", second, "ONLINE", "SECONDARY"]],
            "cluster_nodes": [["one", first, primary.x.port(), "{}", "PRIMARY"],
                              ["two", second, secondary.x.port(), "{}", "SECONDARY"]],
            "router_expected_target_cluster": ".*", "router_expected_local_cluster": ".*",
            "target_cluster_id": 0,
            "clusterset_data": {
                "clusterset_id": "set", "clusterset_name": "zoos", "this_cluster_id": 0,
                "this_node_id": number, "target_cluster_id": 0, "primary_cluster_id": 0,
                "clusters": [{
                    "uuid": "a", "name": "one", "role": "PRIMARY", "gr_uuid": "group",
                    "nodes": [node("one", first), node("two", second)],
                    "gr_nodes": [member("one", first, "PRIMARY"), member("two", second, "SECONDARY")],
                }],
            },
        })
    }

    fn ports(&self) -> [u16; 2] {
        self.nodes.each_ref().map(|node| node.address().port())
    }

    /// Bootstraps a router against another mock, which knows the nodes.
    fn bootstrap(&self, options: &[&str]) -> Bootstrapped {
        let server = Node::start(&self.traces, self.kind.bootstrap);
        server.set_globals(&self.globals(0));
        // The traces have one password, and no attributes of accounts.
        let mut all = vec![
            "--conf-set-option=routing:bootstrap_rw.router_require_enforce=0",
            "--conf-set-option=routing:bootstrap_ro.router_require_enforce=0",
            "--conf-set-option=logger.level=debug",
        ];
        all.extend(options);
        let bootstrapped = self.router.bootstrap(server.address(), "fake-pass", &all);
        let bootstrapped = bootstrapped.unwrap();
        let said = bootstrapped.said();
        let configured = format!("MySQL Router configured for the {}", self.kind.name);
        assert!(said.contains(&configured), "{said}");
        bootstrapped
    }
}

/// Bootstraps a router with one trace, and routes with another.
async fn routes(kind: Kind) {
    let Some(cluster) = Cluster::start(kind, &json!([])) else {
        return;
    };
    let bootstrapped = cluster.bootstrap(&[]);
    // Some bootstrap traces have no setting for the addresses of the nodes.
    let servers = cluster.nodes.each_ref().map(Node::address);
    bootstrapped.ask_for_metadata(&servers).unwrap();
    let (rw, ro) = (bootstrapped.rw(), bootstrapped.ro());
    let router = bootstrapped.start().unwrap();
    let nodes = cluster.ports().map(|port| BTreeSet::from([port]));
    assert_eq!([reached(rw, 2).await, reached(ro, 2).await], nodes);
    let log = router.log().unwrap();
    let errors: Vec<_> = log
        .lines()
        .filter(|line| line.contains(" ERROR "))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn node(uuid: &str, port: u16) -> Value {
    json!({"uuid": uuid, "host": "127.0.0.1", "classic_port": port, "http_port": 1, "attributes": "{}"})
}

fn member(uuid: &str, port: u16, role: &str) -> Value {
    json!({"uuid": uuid, "classic_port": port, "status": "ONLINE", "role": role, "version": "9.7.4"})
}

/// Waits for an action of the router.
fn wait_until(done: impl Fn() -> bool, state: impl Fn() -> String) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < TIMEOUT, "{}", state());
        thread::sleep(PAUSE);
    }
}

const TIMEOUT: Duration = Duration::from_secs(30);
/// The time between two checks.
const PAUSE: Duration = Duration::from_millis(20);

#[tokio::test]
#[ignore = "fetches MySQL Router and the traces of its tests"]
async fn a_router_bootstraps_and_routes_on_its_traces_of_group_replication() {
    routes(GROUP_REPLICATION).await;
}

#[tokio::test]
#[ignore = "fetches MySQL Router and the traces of its tests"]
async fn a_router_bootstraps_and_routes_on_its_traces_of_asynchronous_replication() {
    routes(ASYNCHRONOUS_REPLICATION).await;
}

#[tokio::test]
#[ignore = "fetches MySQL Router and the traces of its tests"]
async fn a_router_bootstraps_and_routes_on_its_traces_of_a_cluster_set() {
    routes(CLUSTER_SET).await;
}

#[test]
#[ignore = "fetches MySQL Router and the traces of its tests"]
fn a_router_reads_the_metadata_again_when_a_notice_of_the_group_comes() {
    // Sent some time after the login: Router must have requested notices first.
    let notices = json!([{"send_offset": 1000, "type": 4, "scope": "GLOBAL",
                          "payload": {"type": 3, "view-id": "from the trace"}}]);
    let Some(cluster) = Cluster::start(GROUP_REPLICATION, &notices) else {
        return;
    };
    let bootstrapped = cluster.bootstrap(&["--conf-use-gr-notifications=1"]);
    let router = bootstrapped.start().unwrap();
    let primary = &cluster.nodes[0];
    let log = || router.log().unwrap();
    for line in [
        format!(
            "Enabled GR notices for cluster changes on connection to node {}",
            primary.x
        ),
        "Got notification from the cluster. type=3; view_id=from the trace; Refreshing metadata."
            .to_owned(),
    ] {
        wait_until(
            || log().contains(&line),
            || format!("no '{line}' in:\n{}", log()),
        );
    }
    // Without a notice it would read them once a minute.
    wait_until(
        || primary.globals()["md_query_count"].as_u64() >= Some(2),
        || primary.globals().to_string(),
    );
}
