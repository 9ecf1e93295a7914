//! What the crate needs from the operating system.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
pub(crate) use linux::{
    AlternateStack, ThreadId, install_handlers, interrupt, lowest_stack_address, mask_signals,
    sleep_for_good, thread_id,
};
#[cfg(not(target_os = "linux"))]
pub(crate) use other::{
    AlternateStack, ThreadId, install_handlers, interrupt, lowest_stack_address, mask_signals,
    sleep_for_good, thread_id,
};
