use std::alloc::{GlobalAlloc, Layout};

use crate::local::{Local, with_local};

/// A global allocator that wraps another one and counts the bytes that each thread holds. On Linux, if an
/// [enlisted](crate::enlist) thread exceeds its limit in code that it has [entered](crate::enter), outside of
/// [deferred](crate::defer) sections, the allocator doesn't return to the thread: it is lost.
#[derive(Debug)]
pub struct Guarded<A>(A);

impl<A> Guarded<A> {
    /// Wraps `allocator`, to which requests are passed on after they were counted.
    pub const fn new(allocator: A) -> Self {
        Self(allocator)
    }
}

/// How many bytes the calling thread has allocated, minus the bytes it has freed, including blocks
/// that other threads had allocated. So the value may be negative, and only the difference of two
/// readings means much. It is always 0 if the program's allocator isn't [`Guarded`].
#[must_use]
pub fn held() -> isize {
    with_local(Local::held)
}

// SAFETY: each call is passed on unchanged, and its result returned unchanged. The code before and
// after touches neither the block nor the layout, allocates nothing and can't unwind: it returns,
// or parks the thread.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Guarded<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = signed(layout.size());
        // SAFETY: the caller's promise is the same.
        allocate(size, || unsafe { self.0.alloc(layout) })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let size = signed(layout.size());
        // SAFETY: the caller's promise is the same.
        allocate(size, || unsafe { self.0.alloc_zeroed(layout) })
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        with_local(|local| {
            local.begin_to_free(signed(layout.size()));
            // SAFETY: the caller's promise is the same.
            unsafe { self.0.dealloc(block, layout) };
            local.end();
        });
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let more = signed(size).wrapping_sub(signed(layout.size()));
        // SAFETY: the caller's promise is the same.
        allocate(more, || unsafe { self.0.realloc(block, layout, size) })
    }
}

#[inline(always)]
fn allocate(size: isize, allocate: impl FnOnce() -> *mut u8) -> *mut u8 {
    with_local(|local| {
        local.begin(size);
        let block = allocate();
        local.end();
        if block.is_null() {
            local.failed(size);
        }
        block
    })
}

/// A size as a signed number, for differences. Layouts are no larger than `isize::MAX`.
#[inline]
fn signed(size: usize) -> isize {
    size.cast_signed()
}
