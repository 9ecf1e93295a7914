//! Threads are lost, and their process continues.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may panic")]

use std::alloc::System;
use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::num::NonZeroUsize;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use corosensei::stack::{DefaultStack, Stack};
use corosensei::{Coroutine, CoroutineResult};
use mynah_guard::{Cause, Guard, Guarded, Losses, defer, enlist, enter, held, losses, on_stack};

#[global_allocator]
static ALLOCATOR: Guarded<System> = Guarded::new(System);

const LIMIT: usize = 16 * 1024 * 1024;

/// Starts a thread that may be lost in `run`.
fn worker(run: impl FnOnce() + Send + 'static) -> (Guard, Losses) {
    let (losses, reporter) = losses().unwrap();
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .stack_size(1024 * 1024)
        .spawn(move || {
            let enlisted = enlist(1, &reporter, LIMIT);
            assert!(enlisted.guard().can_be_lost());
            sender.send(enlisted.guard()).unwrap();
            let inside = enter();
            run();
            drop((inside, enlisted));
            reporter.report(2);
        })
        .unwrap();
    (receiver.recv().unwrap(), losses)
}

/// Waits for the thread's loss, and returns its cause.
fn end(mut losses: Losses) -> Option<Cause> {
    losses.wait().unwrap().cause
}

/// Stops the thread until it is lost, and returns the cause.
fn end_stopped(guard: &Guard, mut losses: Losses) -> Option<Cause> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(losses.wait().unwrap().cause));
    loop {
        guard.stop();
        if let Ok(cause) = receiver.recv_timeout(Duration::from_millis(1)) {
            return cause;
        }
    }
}

#[expect(unconditional_recursion, reason = "it is to overflow the stack")]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 100]);
    recurse(depth + 1) + frame[3]
}

#[expect(unconditional_recursion, reason = "it is to overflow the stack")]
fn recurse_and_allocate(depth: u64) -> u64 {
    let frame = black_box(Box::new(depth));
    recurse_and_allocate(*frame + 1) + *frame
}

#[test]
fn what_a_thread_holds_is_counted() {
    let before = held();
    let block = black_box(vec![1_u8; 1000]);
    assert_eq!(held() - before, 1000);
    let mut block = black_box(block);
    block.reserve_exact(5000);
    assert_eq!(held() - before, 6000);
    let given = thread::spawn(move || {
        let before = held();
        drop(block);
        held() - before
    });
    assert_eq!(given.join().unwrap(), -6000);
}

#[test]
fn a_thread_may_hold_as_much_as_its_limit_and_is_lost_with_more() {
    let (_guard, losses) = worker(|| drop(black_box(vec![1_u8; LIMIT - 1024])));
    assert_eq!(end(losses), None);
    let (_guard, losses) = worker(|| drop(black_box(vec![1_u8; LIMIT + 1])));
    assert_eq!(end(losses), Some(Cause::Memory));
    let (_guard, losses) = worker(|| {
        let mut all = Vec::new();
        loop {
            all.push(black_box(Box::new([0_u64; 100])));
        }
    });
    assert_eq!(end(losses), Some(Cause::Memory));
}

#[test]
fn the_limit_is_for_what_is_allocated_inside() {
    let (losses, reporter) = losses().unwrap();
    thread::spawn(move || {
        let enlisted = enlist(1, &reporter, LIMIT);
        let much = black_box(vec![1_u8; 4 * LIMIT]);
        let inside = enter();
        let little = black_box(vec![1_u8; LIMIT / 2]);
        let within = enter();
        drop((within, little, inside, enlisted, much));
        reporter.report(2);
    });
    assert_eq!(end(losses), None);
}

#[test]
fn a_stack_that_overflows_loses_its_thread() {
    let (_guard, losses) = worker(|| {
        black_box(recurse(0));
    });
    assert_eq!(end(losses), Some(Cause::Stack));
    let (_guard, losses) = worker(|| {
        black_box(recurse_and_allocate(0));
    });
    assert_eq!(end(losses), Some(Cause::Stack));
}

#[test]
fn the_stack_of_a_fiber_that_overflows_loses_its_thread() {
    for recurse in [recurse, recurse_and_allocate] {
        let (_guard, losses) = worker(move || {
            let stack = DefaultStack::new(256 * 1024 + 64 * 1024).unwrap();
            let lowest = stack.limit().get();
            let mut fiber = Coroutine::with_stack(stack, move |yielder, ()| {
                yielder.suspend(black_box(Box::new(7)));
                recurse(0)
            });
            let first = on_stack(lowest, || fiber.resume(()));
            assert!(matches!(first, CoroutineResult::Yield(seven) if *seven == 7));
            // On the thread's own stack again, which has room.
            drop(black_box(vec![0; 1000]));
            let _lost = on_stack(lowest, || fiber.resume(()));
        });
        assert_eq!(end(losses), Some(Cause::Stack));
    }
}

#[test]
fn a_thread_that_does_not_come_back_can_be_stopped() {
    let table: [(&str, fn()); 4] = [
        ("without allocating", || {
            loop {
                black_box(0);
            }
        }),
        ("allocating", || {
            loop {
                drop(black_box(vec![0_u8; 100]));
            }
        }),
        ("waiting", || thread::sleep(Duration::from_secs(3600))),
        ("waiting for another thread", || {
            let (_sender, receiver) = mpsc::channel::<()>();
            let _never = receiver.recv();
        }),
    ];
    for (name, run) in table {
        let (guard, losses) = worker(run);
        assert_eq!(end_stopped(&guard, losses), Some(Cause::Stopped), "{name}");
        assert_eq!(guard.lost(), Some(Cause::Stopped), "{name}");
    }
}

#[test]
fn a_lock_is_never_held_by_a_lost_thread() {
    let lock = Arc::new(Mutex::new(0_u64));
    for _ in 0..100 {
        let shared = Arc::clone(&lock);
        let (guard, losses) = worker(move || {
            loop {
                let _deferred = defer();
                let mut count = shared.lock().unwrap();
                *count += 1;
                drop(black_box(vec![*count; 10]));
            }
        });
        assert_eq!(end_stopped(&guard, losses), Some(Cause::Stopped));
        *lock.lock().unwrap() += 1;
    }
    let (_guard, losses) = worker({
        let lock = Arc::clone(&lock);
        move || {
            let mut deferred = Some(defer());
            let locked = lock.lock().unwrap();
            let too_much = black_box(vec![1_u8; 2 * LIMIT]);
            drop(locked);
            deferred.take();
            drop(too_much);
        }
    });
    assert_eq!(end(losses), Some(Cause::Memory));
    *lock.lock().unwrap() += 1;
}

#[test]
fn a_thread_that_was_stopped_outside_is_lost_when_it_leaves() {
    let is_over = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&is_over);
    let (losses, reporter) = losses().unwrap();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let enlisted = enlist(1, &reporter, LIMIT);
        sender.send(enlisted.guard()).unwrap();
        // Outside of what it entered, it isn't parked.
        while !is_over.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        let _inside = enter();
    });
    let guard = receiver.recv().unwrap();
    guard.stop();
    guard.stop();
    assert_eq!(guard.lost(), None);
    seen.store(true, Ordering::SeqCst);
    assert_eq!(end(losses), Some(Cause::Stopped));
}

#[test]
fn a_thread_whose_stop_was_cancelled_continues() {
    let (losses, reporter) = losses().unwrap();
    let (sender, receiver) = mpsc::channel();
    let (go_on, wait) = mpsc::channel::<()>();
    thread::spawn(move || {
        let enlisted = enlist(1, &reporter, LIMIT);
        sender.send(enlisted.guard()).unwrap();
        wait.recv().unwrap();
        drop((enter(), enlisted));
        reporter.report(2);
    });
    let guard = receiver.recv().unwrap();
    guard.stop();
    guard.cancel_stop();
    go_on.send(()).unwrap();
    assert_eq!(end(losses), None);
    // The thread has ended.
    guard.stop();
    assert_eq!(guard.lost(), None);
}

#[test]
fn a_thread_whose_stop_was_cancelled_while_it_deferred_continues() {
    let step = Arc::new(AtomicU8::new(0));
    let wait_for = |step: &AtomicU8, wanted| {
        while step.load(Ordering::SeqCst) != wanted {
            thread::yield_now();
        }
        // Signals that are pending are handled by the end of a system call.
        thread::yield_now();
    };
    let of_worker = Arc::clone(&step);
    let (guard, losses) = worker(move || {
        let deferred = defer();
        of_worker.store(1, Ordering::SeqCst);
        wait_for(&of_worker, 2);
        of_worker.store(3, Ordering::SeqCst);
        wait_for(&of_worker, 4);
        drop(deferred);
        drop(black_box(vec![1_u8; 1000]));
    });
    wait_for(&step, 1);
    guard.stop();
    step.store(2, Ordering::SeqCst);
    wait_for(&step, 3);
    guard.cancel_stop();
    step.store(4, Ordering::SeqCst);
    assert_eq!(end(losses), None);
}

#[test]
fn the_limit_holds_after_a_stop_that_was_cancelled() {
    let step = Arc::new(AtomicU8::new(0));
    let of_worker = Arc::clone(&step);
    let (guard, losses) = worker(move || {
        let deferred = defer();
        of_worker.store(1, Ordering::SeqCst);
        while of_worker.load(Ordering::SeqCst) != 2 {
            thread::yield_now();
        }
        drop(deferred);
        drop(black_box(vec![1_u8; LIMIT + 1]));
    });
    while step.load(Ordering::SeqCst) != 1 {
        thread::yield_now();
    }
    guard.stop();
    guard.cancel_stop();
    step.store(2, Ordering::SeqCst);
    assert_eq!(end(losses), Some(Cause::Memory));
}

#[test]
fn descriptors_are_taken_from_lost_threads_only() {
    let (losses, reporter) = losses().unwrap();
    let (sender, receiver) = mpsc::channel();
    let (go_on, wait) = mpsc::channel::<()>();
    thread::spawn(move || {
        let enlisted = enlist(1, &reporter, LIMIT);
        let guard = enlisted.guard();
        let (closed, open) = (File::open("/dev/null"), File::open("/dev/zero"));
        let (closed, open) = (closed.unwrap(), open.unwrap());
        let lent = guard.lend(&closed);
        let (_lent, descriptor) = guard.lend(&open);
        drop((lent.0, closed));
        sender.send((lent.1, descriptor)).unwrap();
        wait.recv().unwrap();
        let _inside = enter();
        drop(black_box(vec![1_u8; 2 * LIMIT]));
        drop(open);
    });
    let (closed, open) = receiver.recv().unwrap();
    assert!(closed.take().is_none());
    assert!(open.take().is_none());
    go_on.send(()).unwrap();
    assert_eq!(end(losses), Some(Cause::Memory));
    assert!(closed.take().is_none());
    let mut zeroes = [1; 4];
    let mut file = File::from(open.take().unwrap());
    file.read_exact(&mut zeroes).unwrap();
    assert_eq!(zeroes, [0; 4]);
    assert!(open.take().is_none());
}

#[test]
fn many_threads_are_lost_at_once() {
    let workers: Vec<_> = (0..40)
        .map(|number| {
            worker(move || match number % 3 {
                0 => {
                    black_box(recurse(0));
                }
                1 => drop(black_box(vec![1_u8; 2 * LIMIT])),
                _ => loop {
                    drop(black_box(vec![0_u8; NonZeroUsize::MIN.get()]));
                },
            })
        })
        .collect();
    for (number, (guard, losses)) in workers.into_iter().enumerate() {
        let expected = match number % 3 {
            0 => Cause::Stack,
            1 => Cause::Memory,
            _ => {
                assert_eq!(end_stopped(&guard, losses), Some(Cause::Stopped));
                continue;
            }
        };
        assert_eq!(end(losses), Some(expected));
    }
}

#[test]
#[ignore = "it ends the process: the test below runs it in a process of its own"]
fn a_fault_in_a_worker() {
    let (_guard, losses) = worker(|| {
        let nowhere = black_box(std::ptr::without_provenance::<u64>(8));
        // SAFETY: it is unsound on purpose: the fault is what the test is about.
        black_box(unsafe { nowhere.read_volatile() });
    });
    end(losses);
}

#[test]
#[ignore = "it ends the process: the test below runs it in a process of its own"]
fn a_stack_overflow_in_another_thread() {
    let (_guard, _losses) = worker(|| ());
    black_box(recurse(0));
}

#[test]
fn all_other_faults_end_the_process() {
    use std::os::unix::process::ExitStatusExt;
    for (test, signal) in [
        ("a_fault_in_a_worker", 11),
        ("a_stack_overflow_in_another_thread", 6),
    ] {
        let mut program = Command::new(std::env::current_exe().unwrap());
        let ended = program.args([test, "--exact", "--ignored"]).output();
        assert_eq!(ended.unwrap().status.signal(), Some(signal), "{test}");
    }
}
