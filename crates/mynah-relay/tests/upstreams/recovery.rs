//! Upstreams that end while clients use them, and come back.

use std::time::Duration;

use crate::scene::{Backend, Several, address};
use crate::support::client::Connection;
use crate::support::server::PASSWORD;

#[test]
fn an_upstream_that_loses_its_connections_is_checked_at_once_and_down() {
    for is_x in [false, true] {
        let (mut first, second) = (Backend::start(is_x), Backend::start(is_x));
        let several = Several::new(is_x, &[first.port, second.port], |options| {
            // Only the lost connection can be the reason.
            options.upstreams.check_interval = Duration::from_secs(3600);
        });
        let mut client = several.client();
        first.end();
        // No client connects meanwhile.
        several.wait_for(first.port, "down");
        assert_eq!(several.upstream(first.port)["failures"], 0);
        assert!(client.sql("rows").is_err());
        assert_eq!(several.client().sql("rows"), Ok(3));
        assert_eq!(several.totals(&[first.port, second.port]), [1, 1]);
    }
}

#[test]
fn a_server_that_closes_a_connection_that_can_not_be_followed_is_checked() {
    let (mut first, second) = (Backend::start(false), Backend::start(false));
    let ports = [first.port, second.port];
    let several = Several::new(false, &ports, |options| {
        options.tls.passthrough = true;
    });
    let log_in = || Connection::log_in(several.address(), true, "ada", PASSWORD);
    // It closes the connection after a goodbye, too.
    let mut client = log_in().unwrap();
    client.quit().unwrap();
    several.wait_until_all_have_left();
    several.wait_for_checks(second.port);
    assert!(several.upstream(first.port)["checked"].is_null());
    let drain = format!("DELETE /upstreams/{}/drain", address(second.port));
    assert_eq!(several.ask(&drain).0, 204);
    let mut client = log_in().unwrap();
    first.end();
    several.wait_for(first.port, "down");
    let upstream = several.upstream(first.port);
    assert_eq!(upstream["failures"], 0);
    assert!(client.query("rows").is_err());
    assert_eq!(log_in().unwrap().query("rows").unwrap(), Some(3));
    assert_eq!(several.totals(&ports), [2, 1]);
}

#[test]
fn an_upstream_that_comes_back_is_used_again() {
    for is_x in [false, true] {
        let (mut first, second) = (Backend::start(is_x), Backend::start(is_x));
        let ports = [first.port, second.port];
        let several = Several::new(is_x, &ports, |_| {});
        several.client();
        first.end();
        several.client();
        several.wait_for(first.port, "down");
        first.start_again();
        several.wait_for(first.port, "up");
        assert_eq!(several.client().sql("rows"), Ok(3));
        assert_eq!(several.totals(&ports), [2, 1]);
        assert_eq!(first.statements(), ["rows"]);
    }
}

#[test]
fn an_upstream_that_comes_back_is_loaded_slowly() {
    let (mut first, second) = (Backend::start(false), Backend::start(false));
    let ports = [first.port, second.port];
    let several = Several::new(false, &ports, |options| {
        options.upstreams.slow_start = Duration::from_secs(3600);
    });
    first.end();
    several.client();
    first.start_again();
    several.wait_for(first.port, "up");
    for _ in 0..10 {
        several.client();
    }
    assert_eq!(several.totals(&ports), [0, 11]);
    assert!(several.upstream(first.port)["share"].as_f64().unwrap() < 0.1);
}

#[test]
fn when_all_are_down_a_client_still_tries_them() {
    let (mut first, mut second) = (Backend::start(false), Backend::start(false));
    let several = Several::new(false, &[first.port, second.port], |options| {
        // Checks don't find it out.
        options.upstreams.check_interval = Duration::from_secs(3600);
    });
    first.end();
    second.end();
    assert!(several.try_client().is_err());
    assert_eq!(several.upstream(second.port)["state"], "down");
    second.start_again();
    assert_eq!(several.client().sql("rows"), Ok(3));
    assert_eq!(several.upstream(second.port)["state"], "up");
}

#[test]
fn a_connection_that_its_client_ends_is_no_reason_for_a_check() {
    for has_tls in [false, true] {
        let (first, second) = (Backend::start(false), Backend::start(false));
        let several = Several::new(false, &[first.port, second.port], |_| {});
        for _ in 0..10 {
            let client = Connection::log_in(several.address(), has_tls, "ada", PASSWORD);
            client.unwrap().quit().unwrap();
        }
        several.wait_until_all_have_left();
        several.wait_for_checks(second.port);
        assert!(
            several.upstream(first.port)["checked"].is_null(),
            "TLS: {has_tls}"
        );
    }
}

#[test]
fn a_login_that_the_server_refuses_is_no_reason_for_a_check() {
    for has_tls in [false, true] {
        let (first, second) = (Backend::start(false), Backend::start(false));
        let several = Several::new(false, &[first.port, second.port], |_| {});
        for _ in 0..10 {
            let client = Connection::log_in(several.address(), has_tls, "ada", "wrong");
            assert!(client.is_err());
        }
        several.wait_until_all_have_left();
        several.wait_for_checks(second.port);
        let upstream = several.upstream(first.port);
        assert_eq!(upstream["connections_total"], 10);
        assert!(upstream["checked"].is_null(), "TLS: {has_tls}");
    }
}
