//! In a program with another allocator nothing is counted, and no thread is lost.

use std::hint::black_box;

use mynah_guard::{defer, enlist, enter, held, losses};

#[test]
fn without_the_allocator_nothing_is_counted_and_nothing_lost() {
    let (_losses, reporter) = losses().expect("there are pipes");
    let enlisted = enlist(1, &reporter, 1000);
    assert!(!enlisted.guard().can_be_lost());
    enlisted.guard().stop();
    let inside = enter();
    let deferred = defer();
    drop(black_box(vec![1_u8; 100_000]));
    assert_eq!(held(), 0);
    drop((deferred, inside));
    assert_eq!(enlisted.guard().lost(), None);
}
