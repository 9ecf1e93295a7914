//! Systems on which no thread is ever lost.

#[derive(Debug)]
pub(crate) struct AlternateStack;

impl AlternateStack {
    pub(crate) fn install() -> Option<Self> {
        None
    }
}

pub(crate) type ThreadId = ();

pub(crate) fn thread_id() {}

pub(crate) fn interrupt(_thread: ThreadId) {}

pub(crate) fn install_handlers() -> bool {
    false
}

pub(crate) fn lowest_stack_address() -> Option<usize> {
    None
}

pub(crate) fn mask_signals() {}

pub(crate) fn sleep_for_good() -> ! {
    loop {
        std::thread::park();
    }
}
