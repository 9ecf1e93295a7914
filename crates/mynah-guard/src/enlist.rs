use std::marker::PhantomData;
use std::ptr;
use std::sync::Arc;

use crate::guard::Guard;
use crate::held;
use crate::local::LOCAL;
use crate::loss::Reporter;
use crate::os::{self, AlternateStack, install_handlers};
use crate::shared::Shared;

/// Registers the calling thread under this number as one that may be lost in code that it [enters](crate::enter).
/// There it may allocate `limit` bytes more than it held when it entered.
///
/// Without a [`Guarded`](crate::Guarded) allocator, and on systems other than Linux, the thread is
/// never lost.
#[must_use]
pub fn enlist(number: u32, reporter: &Reporter, limit: usize) -> Enlisted {
    let limit = isize::try_from(limit).unwrap_or(isize::MAX);
    let lowest = os::lowest_stack_address();
    let stack = match lowest {
        Some(_) if is_counted() && install_handlers() => AlternateStack::install(),
        _ => None,
    };
    let lowest = lowest.filter(|_| stack.is_some());
    let shared = Shared::new(number, reporter.clone(), limit, lowest);
    LOCAL.with(|local| local.enlist(Arc::as_ptr(&shared)));
    Enlisted {
        shared,
        _stack: stack,
        _on_this_thread: PhantomData,
    }
}

/// A thread's registration as one that may be lost; see [`enlist`](crate::enlist). Dropping it ends the
/// registration.
#[derive(Debug)]
pub struct Enlisted {
    shared: Arc<Shared>,
    _stack: Option<AlternateStack>,
    _on_this_thread: PhantomData<*const ()>,
}

impl Enlisted {
    /// A handle to the thread, for other threads.
    #[must_use]
    pub fn guard(&self) -> Guard {
        Guard::new(Arc::clone(&self.shared))
    }
}

impl Drop for Enlisted {
    fn drop(&mut self) {
        LOCAL.with(|local| local.enlist(ptr::null()));
        self.shared.end();
    }
}

/// Whether the program's allocator is a [`Guarded`](crate::Guarded) one.
fn is_counted() -> bool {
    let before = held();
    let block = std::hint::black_box(Box::new(before));
    held() != *block
}
