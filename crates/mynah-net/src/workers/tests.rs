use super::*;
use crate::thread::ThreadOptions;

struct Idle;

impl Threads for Idle {
    type Local = ();

    fn local(&self) {}

    async fn serve(_local: Rc<()>, _client: Client) {}
}

#[test]
fn there_are_more_workers_while_each_has_a_client_and_fewer_when_one_is_unused() {
    let host = Host::OwnThread(ThreadOptions::default());
    let number = Number { least: 1, most: 3 };
    let (connections, stop) = (Connections::default(), CancellationToken::new());
    let workers = Workers::start(Idle, number, host, &connections, &stop).unwrap();
    let pool = &workers.pool;
    let numbers = || -> Vec<u32> { pool.slots().iter().map(|slot| slot.number).collect() };
    let take = |at: usize| pool.slots()[at].queue.served();

    pool.grow();
    assert_eq!(numbers(), [1], "it has no client");
    let first = take(0);
    pool.grow();
    assert_eq!(numbers(), [1, 2]);
    let second = take(1);
    pool.grow();
    let third = take(2);
    pool.grow();
    assert_eq!(numbers(), [1, 2, 3], "the most");

    assert!(!pool.shrink(2), "it has a client");
    drop(second);
    assert!(pool.shrink(2));
    assert!(!pool.shrink(2), "it is gone");
    drop(first);
    assert!(pool.shrink(1));
    drop(third);
    assert!(!pool.shrink(3), "the last one stays");
    stop.cancel();
}
