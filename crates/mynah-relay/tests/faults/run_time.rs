//! Rules that come and go while connections are open.

use mynah_classic::Capabilities;
use mynah_relay::FaultRule;

use crate::scene::{Client, Scene};

#[test]
fn a_rule_holds_from_the_next_command_of_each_open_connection_on() {
    for is_x in [false, true] {
        for tls in [false, true] {
            let scene = Scene::new(is_x, "");
            let mut clients: Vec<_> = (0..3).map(|_| uncompressed(&scene, is_x, tls)).collect();
            for client in &mut clients {
                assert_eq!(client.sql("commit"), Ok(0));
            }
            let rule: FaultRule = "sql = commit: after_execute reset_peer times=1"
                .parse()
                .unwrap();
            let added = scene.faults.add([rule]).unwrap();
            assert_eq!(clients[0].sql("do 1"), Ok(0));
            assert!(clients[1].sql("commit").is_err());
            assert_eq!(clients[2].sql("commit"), Ok(0));
            assert_eq!((added[0].matched(), added[0].played()), (2, 1));
            let rule = "sql = commit: before_forward timeout=1".parse().unwrap();
            let added = scene.faults.add([rule]).unwrap();
            assert!(clients[2].sql("commit").is_err());
            assert_eq!(scene.seen.take().len(), 3 + 1 + 1 + 1);
            scene.faults.clear();
            assert_eq!(clients[0].sql("commit"), Ok(0));
            assert_eq!(added[0].matched(), 1);
        }
    }
}

/// One that doesn't ask to compress.
fn uncompressed(scene: &Scene, is_x: bool, tls: bool) -> Client {
    match is_x {
        true => scene.client(tls),
        false => scene.client_by(tls, Capabilities::empty()),
    }
}

#[test]
fn a_connection_that_compresses_goes_on_unharmed() {
    let scene = Scene::new(false, "");
    let mut old = scene.client(false);
    let Client::Classic(connection) = &old else {
        panic!("it is classic");
    };
    assert!(connection.is_compressed());
    let rule = "sql = commit: after_execute reset_peer".parse().unwrap();
    scene.faults.add([rule]).unwrap();
    // Clients that come now are offered no compression.
    let mut new = scene.client(false);
    let Client::Classic(connection) = &new else {
        panic!("it is classic");
    };
    assert!(!connection.is_compressed());
    assert_eq!(old.sql("commit"), Ok(0));
    assert!(new.sql("commit").is_err());
    assert_eq!(old.sql("do 1"), Ok(0));
    assert_eq!(scene.counts(), (1, 1));
}
