//! Upstreams that are drained over HTTP.

use std::time::Duration;

use serde_json::{Value, json};

use crate::scene::{Backend, Several, address, events, wait_until};
use crate::support::json_trace;

#[test]
fn a_drained_upstream_gets_no_connections_and_keeps_those_that_it_has() {
    for is_x in [false, true] {
        let backends = [(); 2].map(|()| Backend::start(is_x));
        let ports = backends.each_ref().map(|backend| backend.port);
        let several = Several::new(is_x, &ports, |_| {});
        let mut old = several.client();
        let drain = format!("/upstreams/{}/drain", address(ports[0]));
        assert_eq!(several.ask(&format!("PUT {drain}")).0, 204);
        assert_eq!(several.client().sql("rows"), Ok(3));
        assert_eq!(several.totals(&ports), [1, 1]);
        assert_eq!(old.sql("rows"), Ok(3));
        let upstream = several.upstream(ports[0]);
        let expected = json!(["up", true, 1]);
        let found = ["state", "drained", "connections"].map(|key| upstream[key].clone());
        assert_eq!(json!(found), expected);
        let metrics = several.ask("GET /metrics").1;
        let name = address(ports[0]);
        let line = format!("mynah_proxy_upstream_drained{{upstream=\"{name}\"}} 1\n");
        assert!(metrics.contains(&line), "{metrics}");
        assert_eq!(several.ask(&format!("DELETE {drain}")).0, 204);
        assert_eq!(several.client().sql("rows"), Ok(3));
        assert_eq!(several.totals(&ports), [2, 1]);
        assert_eq!(several.upstream(ports[0])["drained"], false);
    }
}

#[test]
fn connections_of_a_drained_upstream_end_as_at_a_shutdown_when_the_time_is_over() {
    for is_x in [false, true] {
        let backends = [(); 2].map(|()| Backend::start(is_x));
        let ports = backends.each_ref().map(|backend| backend.port);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let several = Several::new(is_x, &ports, |options| {
            options.trace = Some(json_trace(&path, 0));
        });
        let (mut first, drain) = (several.client(), address(ports[0]));
        assert_eq!(several.ask(&format!("PUT /upstreams/{drain}/drain")).0, 204);
        let mut second = several.client();
        let request = format!("PUT /upstreams/{drain}/drain?close_after=1ms");
        assert_eq!(several.ask(&request).0, 204);
        wait_until("the drained upstream has no connections", || {
            several.upstream(ports[0])["connections"] == 0
        });
        let error = first.sql("rows").unwrap_err();
        assert!(!error.is_empty());
        assert_eq!(second.sql("rows"), Ok(3));
        drop(second);
        several.wait_until_all_have_left();
        assert!(several.front.relay.shut_down(Duration::from_secs(10)));
        let events = events(&path);
        let of_first = |name: &str| -> Vec<&Value> {
            let is_meant = |event: &&Value| event["event"] == name && event["connection"] == 1;
            events.iter().filter(is_meant).collect()
        };
        assert_eq!(of_first("proxy_error")[0]["error"], 1053);
        let close = of_first("close")[0];
        assert_eq!(close["why"], "the upstream is drained");
        assert_eq!(close["by"], "proxy");
    }
}

#[test]
fn the_list_has_all_upstreams_and_requests_that_are_wrong_are_refused() {
    let backends = [(); 2].map(|()| Backend::start(false));
    let ports = backends.each_ref().map(|backend| backend.port);
    let several = Several::new(false, &ports, |_| {});
    let (status, body) = several.ask("GET /upstreams/");
    assert_eq!(status, 200);
    let list: Value = serde_json::from_str(&body).unwrap();
    let listener = several.address().to_string();
    assert_eq!(list[1]["name"], address(ports[1]));
    assert_eq!(list[1]["listeners"], json!([listener]));
    let keys: Vec<_> = list[0].as_object().unwrap().keys().cloned().collect();
    for key in [
        "name",
        "listeners",
        "state",
        "since",
        "why",
        "drained",
        "share",
        "connections",
        "connections_total",
        "failures",
        "failed_checks",
        "checked",
    ] {
        assert!(keys.iter().any(|found| found == key), "{key}: {body}");
    }
    let name = address(ports[0]);
    let encoded = name.replace(':', "%3A");
    for (request, expected) in [
        (format!("GET /upstreams/{encoded}"), 200),
        ("GET /upstreams".to_owned(), 200),
        ("POST /upstreams/".to_owned(), 405),
        (format!("DELETE /upstreams/{name}"), 405),
        (format!("POST /upstreams/{name}/drain"), 405),
        ("PUT /upstreams/nowhere:1/drain".to_owned(), 404),
        ("GET /upstreams/nowhere:1".to_owned(), 404),
        (format!("PUT /upstreams/{name}/drain?close_after=30"), 400),
        (format!("PUT /upstreams/{name}/drain?after=30s"), 400),
        ("GET /upstreamsx".to_owned(), 404),
    ] {
        let (status, body) = several.ask(&request);
        assert_eq!(status, expected, "{request}: {body}");
    }
    assert_eq!(several.upstream(ports[0])["drained"], false);
}

#[test]
fn a_route_with_one_upstream_has_no_list() {
    let backend = Backend::start(false);
    let several = Several::new(false, &[backend.port], |_| {});
    let (status, body) = several.ask("GET /upstreams/");
    assert_eq!(status, 404);
    assert!(body.starts_with("no route has several upstreams"), "{body}");
    assert!(
        !several
            .ask("GET /metrics")
            .1
            .contains("mynah_proxy_upstream")
    );
    let _client = several.client();
    let list: Value = serde_json::from_str(&several.ask("GET /connections/").1).unwrap();
    assert_eq!(list[0]["server"], address(backend.port));
}
