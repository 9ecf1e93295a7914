//! Connections are spread as the policy says, and no upstream has more than it may.

use mynah_relay::{Protocol, UpstreamPolicy};

use crate::scene::{Backend, Several, address, wait_until};

#[test]
fn each_policy_spreads_connections_as_it_says() {
    for is_x in [false, true] {
        for (policy, expected) in [
            (UpstreamPolicy::FirstAvailable, [9, 0, 0]),
            (UpstreamPolicy::RoundRobin, [3, 3, 3]),
        ] {
            let backends = [(); 3].map(|()| Backend::start(is_x));
            let ports = backends.each_ref().map(|backend| backend.port);
            let several = Several::new(is_x, &ports, |options| options.routes[0].policy = policy);
            for _ in 0..9 {
                assert_eq!(several.client().sql("rows"), Ok(3));
            }
            assert_eq!(several.totals(&ports), expected, "{policy:?}");
        }
    }
}

#[test]
fn beyond_the_limits_of_all_upstreams_a_client_gets_error_1040() {
    for is_x in [false, true] {
        let backends = [(); 2].map(|()| Backend::start(is_x));
        let ports = backends.each_ref().map(|backend| backend.port);
        let several = Several::new(is_x, &ports, |options| {
            options.routes[0].protocol = match is_x {
                true => Protocol::X,
                false => Protocol::Classic,
            };
            options.upstreams.max_connections = Some(1);
        });
        let clients = [several.client(), several.client()];
        assert_eq!(several.totals(&ports), [1, 1]);
        let Err(error) = several.try_client() else {
            panic!("both upstreams are full");
        };
        let full = "it is full (--upstream-max-connections 1)";
        let [one, other] = ports.map(address);
        let expected = format!("1040 Too many connections: {one}: {full}; {other}: {full}");
        assert!(error.ends_with(&expected), "{error}");
        let [first, _second] = clients;
        drop(first);
        wait_until("the first upstream has no connections", || {
            several.upstream(ports[0])["connections"] == 0
        });
        several.client();
        assert_eq!(several.totals(&ports), [2, 1]);
    }
}
