//! Several upstreams under TLS that ends at the proxy, or passes.

use mynah_net::{TlsMode, TlsVerify};

use crate::scene::{Backend, Closed, Several};
use crate::support::client::Connection;
use crate::support::server::{PASSWORD, certificate};

#[test]
fn a_client_under_tls_is_sent_to_the_next_upstream_too() {
    for passthrough in [false, true] {
        let (dead, alive) = (Closed::new(), Backend::start(false));
        let several = Several::new(false, &[dead.port, alive.port], |options| {
            options.tls.passthrough = passthrough;
            if !passthrough {
                options.tls.server = Some(TlsMode::Required);
            }
        });
        let client = Connection::log_in(several.address(), true, "ada", PASSWORD);
        assert_eq!(client.unwrap().query("rows").unwrap(), Some(3));
        assert_eq!(alive.statements(), ["rows"]);
    }
}

#[test]
fn each_upstream_is_verified_by_its_own_name() {
    let (dead, alive) = (Closed::new(), Backend::start(false));
    let several = Several::new(false, &[dead.port, alive.port], |options| {
        // The certificate is for localhost and 127.0.0.1.
        let upstreams = [
            format!("127.0.0.2:{}", dead.port),
            format!("localhost:{}", alive.port),
        ];
        options.routes[0].upstreams = upstreams.map(|one| one.parse().unwrap()).into();
        options.tls.server = Some(TlsMode::Required);
        options.tls.servers.ca = Some(certificate("ca.pem"));
        options.tls.servers.verify = TlsVerify::Identity;
    });
    assert_eq!(several.client().sql("rows"), Ok(3));
}
