//! MySQL Router in front of the program. If Router isn't available, the test prints that it is
//! skipped.
//!
//! `cargo test -p mynah-mock --test router -- --ignored --nocapture`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeSet;

use mynah_testkit::servers::{RouterProgram, free_addresses};
use support::{Mock, fixture, program, reached};

/// Router; if it isn't available, prints why.
fn router() -> Option<RouterProgram> {
    RouterProgram::fetch()
        .inspect_err(|unavailable| println!("skipped: {unavailable}"))
        .ok()
}

/// The members of a cluster, the primary first.
fn cluster() -> Vec<Mock> {
    let addresses = free_addresses::<3>().unwrap();
    let ports = addresses
        .map(|address| address.port().to_string())
        .join(",");
    let start = |address| {
        let mut member = program();
        member
            .env("CLUSTER_PORTS", &ports)
            .arg("--filename")
            .arg(fixture("router/innodb_cluster.js"));
        Mock::start_at(&mut member, address)
    };
    addresses.into_iter().map(start).collect()
}

fn ports(mocks: &[Mock]) -> BTreeSet<u16> {
    mocks.iter().map(|mock| mock.address.port()).collect()
}

#[tokio::test]
#[ignore = "fetches and starts MySQL Router"]
async fn a_router_bootstraps_against_a_cluster_and_routes_to_its_members() {
    let Some(program) = router() else { return };
    let members = cluster();
    let bootstrapped = program
        .bootstrap(members[0].address, "secret", &[])
        .unwrap();
    let said = bootstrapped.said();
    println!("{said}");
    assert!(said.contains("MySQL Router configured for the InnoDB Cluster 'zoo'"));
    assert!(!said.contains("verification failed"));

    let (rw, ro, rw_split) = (
        bootstrapped.rw(),
        bootstrapped.ro(),
        bootstrapped.rw_split(),
    );
    let router = bootstrapped.start().unwrap();
    let (primary, secondaries) = (ports(&members[..1]), ports(&members[1..]));
    assert_eq!(reached(rw, 3).await, primary);
    assert_eq!(reached(ro, 4).await, secondaries);
    assert!(reached(rw_split, 4).await.is_subset(&ports(&members)));

    let log = router.log().unwrap();
    let errors: Vec<_> = log
        .lines()
        .filter(|line| line.contains(" ERROR "))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[tokio::test]
#[ignore = "fetches and starts MySQL Router"]
async fn a_router_without_metadata_alternates_in_each_of_its_modes() {
    let Some(program) = router() else { return };
    let start = || {
        Mock::start(
            support::program()
                .arg("--filename")
                .arg(fixture("clients.js")),
        )
    };
    let servers = [start(), start()];
    let destinations = servers
        .each_ref()
        .map(|server| server.address.to_string())
        .join(",");
    for mode in [
        "client_ssl_mode=PASSTHROUGH\nserver_ssl_mode=AS_CLIENT",
        "client_ssl_mode=DISABLED\nserver_ssl_mode=DISABLED",
        "client_ssl_mode=DISABLED\nserver_ssl_mode=PREFERRED\nconnection_sharing=1\nconnection_sharing_delay=0",
    ] {
        let [address] = free_addresses().unwrap();
        let port = address.port();
        let _router = program
            .start(&format!(
                "[routing:plain]\nbind_address=127.0.0.1\nbind_port={port}\nprotocol=classic\n\
                 destinations={destinations}\nrouting_strategy=round-robin\n{mode}\n\
                 [connection_pool]\nmax_idle_server_connections=4\n"
            ))
            .unwrap();
        assert_eq!(reached(address, 4).await, ports(&servers), "{mode}");
    }
}
