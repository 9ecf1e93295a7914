use socket2::{Domain, Socket, Type};

use super::*;
use crate::listener::Peer;
use crate::thread::ThreadOptions;
use crate::{ListenAddress, Protocol};

/// Serves each client until its connection is closed.
struct Patient;

impl Threads for Patient {
    type Local = ();

    fn local(&self) {}

    async fn serve(_local: Rc<()>, client: Client) {
        std::future::pending::<()>().await;
        drop(client);
    }
}

#[test]
fn there_are_more_workers_while_each_has_a_client_and_fewer_when_one_is_unused() {
    let host = Host::OwnThread(ThreadOptions::default());
    let number = Number { least: 1, most: 3 };
    let (connections, stop) = (Connections::default(), CancellationToken::new());
    let workers = Workers::start(Patient, number, host, &connections, &stop).unwrap();
    let pool = &workers.pool;
    let numbers = || -> Vec<u32> { pool.slots().iter().map(|slot| slot.number).collect() };
    let loads = || -> Vec<usize> {
        let slots = pool.slots();
        slots.iter().map(|slot| slot.queue.load()).collect()
    };
    let address = Arc::new(ListenAddress::Unix("mynah.sock".into()));
    let connect = || {
        let (socket, _peer) = Socket::pair(Domain::UNIX, Type::STREAM, None).unwrap();
        let admitted = connections.add(&address, Protocol::Classic, Peer::Local);
        let id = admitted.connection().id();
        workers.hand_over(Client::new(socket, admitted, Peer::Local));
        id
    };
    let ids: Vec<_> = (0..4).map(|_| connect()).collect();
    assert_eq!(numbers(), [1, 2, 3], "the most");
    assert_eq!(loads(), [2, 1, 1], "the last client shares a thread");

    assert!(!pool.shrink(2), "it has a client");
    assert!(connections.close(ids[1]));
    while loads() != [2, 0, 1] {
        std::thread::yield_now();
    }
    assert!(pool.shrink(2));
    assert!(!pool.shrink(2), "it is gone");
    assert_eq!(pool.leaving().len(), 1, "its thread runs on");
    assert_eq!(connections.close_all(), 3);
    while loads() != [0, 0] {
        std::thread::yield_now();
    }
    assert!(pool.shrink(1));
    assert!(!pool.shrink(3), "the last one stays");
    connect();
    assert_eq!(numbers(), [3], "it is used again");

    assert!(!workers.wait_until(Instant::now()));
    stop.cancel();
    assert!(workers.wait_until(Instant::now() + Duration::from_secs(20)));
}
