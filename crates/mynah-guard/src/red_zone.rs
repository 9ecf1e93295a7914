//! The end of a stack, which code in which a thread must not be parked needs.

/// An address near the current end of the stack.
#[inline(always)]
pub(crate) fn here() -> usize {
    let local = 0_u8;
    (&raw const local).addr()
}

/// How much stack is reserved for code in which a thread must not be parked: the allocator, and
/// sections that hold locks of the process.
pub(crate) const RED_ZONE: usize = 128 * 1024;
