use std::mem::MaybeUninit;
use std::ptr;
use std::sync::OnceLock;

use libc::{c_int, c_void, pid_t, sigaction, siginfo_t, stack_t};

use crate::local::LOCAL;
use crate::loss::Cause;

/// The kernel's id of a thread.
pub(crate) type ThreadId = pid_t;

pub(crate) fn thread_id() -> ThreadId {
    // SAFETY: the call only returns a number.
    unsafe { libc::gettid() }
}

/// Makes the thread run [`on_interrupt`]. If the thread has ended, another one may have its id:
/// that one isn't to stop, so the handler does nothing there.
pub(crate) fn interrupt(thread: ThreadId) {
    // SAFETY: the signal has a handler, and goes to a thread of this process or to none.
    unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, interrupt_signal()) };
}

/// Blocks all signals on the calling thread, so that no handler runs on it any more.
pub(crate) fn mask_signals() {
    let mut all = MaybeUninit::uninit();
    // SAFETY: `sigfillset` fills the set before it is read; both may be called in handlers.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_BLOCK, all.as_ptr(), ptr::null_mut());
    }
}

pub(crate) fn sleep_for_good() -> ! {
    loop {
        // SAFETY: the call waits for a signal; all signals that can be blocked are.
        unsafe { libc::pause() };
    }
}

/// The lowest usable address of the calling thread's own stack, above its guard pages.
pub(crate) fn lowest_stack_address() -> Option<usize> {
    let mut attributes = MaybeUninit::uninit();
    // SAFETY: the call fills the attributes, for a thread that is running.
    let failed = unsafe { libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) };
    if failed != 0 {
        return None;
    }
    let (mut lowest, mut size) = (ptr::null_mut(), 0);
    // SAFETY: the attributes are filled, and not used once they are destroyed.
    let failed = unsafe {
        let failed =
            libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut lowest, &raw mut size);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        failed
    };
    (failed == 0).then(|| lowest.addr())
}

/// A stack for the signal handlers of the calling thread, until it is dropped.
#[derive(Debug)]
pub(crate) struct AlternateStack {
    before: stack_t,
    /// Must not move while it is in use.
    _memory: Box<[u8]>,
}

impl AlternateStack {
    pub(crate) fn install() -> Option<Self> {
        let mut memory = vec![0; ALTERNATE_STACK_SIZE].into_boxed_slice();
        let new = stack_t {
            ss_sp: memory.as_mut_ptr().cast(),
            ss_flags: 0,
            ss_size: memory.len(),
        };
        let mut before = MaybeUninit::uninit();
        // SAFETY: the memory outlives its use: it is dropped after the stack was replaced. If the
        // call fails, nothing has changed; otherwise `before` is filled.
        unsafe {
            let failed = libc::sigaltstack(&raw const new, before.as_mut_ptr()) != 0;
            (!failed).then(|| Self {
                before: before.assume_init(),
                _memory: memory,
            })
        }
    }
}

impl Drop for AlternateStack {
    fn drop(&mut self) {
        // SAFETY: the previous stack is the standard library's, which lives as long as the thread.
        // The calling code isn't a signal handler.
        unsafe { libc::sigaltstack(&raw const self.before, ptr::null_mut()) };
    }
}

/// Installs the signal handlers, once, and returns whether they are installed.
pub(crate) fn install_handlers() -> bool {
    *INSTALLED.get_or_init(|| {
        let fault: Handler = on_fault;
        let interrupt: Handler = on_interrupt;
        let Some(before) = set_handler(libc::SIGSEGV, fault) else {
            return false;
        };
        // A fault that comes before this line isn't ours: no thread is enlisted yet.
        BEFORE.get_or_init(|| before);
        set_handler(interrupt_signal(), interrupt).is_some()
    })
}

type Handler = extern "C" fn(c_int, *mut siginfo_t, *mut c_void);

/// Sets a signal handler, and returns the previous one.
fn set_handler(signal: c_int, handler: Handler) -> Option<sigaction> {
    let mut new = MaybeUninit::<sigaction>::zeroed();
    let mut before = MaybeUninit::uninit();
    // SAFETY: zeroes are a valid `sigaction`. The handler has the signature that SA_SIGINFO
    // demands, and does only what signal handlers may: it reads and writes atomics, and calls
    // `pthread_sigmask`, `write` and `pause`.
    unsafe {
        let action = &mut *new.as_mut_ptr();
        action.sa_sigaction = handler as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        libc::sigfillset(&raw mut action.sa_mask);
        let failed = sigaction(signal, new.as_ptr(), before.as_mut_ptr()) != 0;
        (!failed).then(|| before.assume_init())
    }
}

/// Parks a thread whose stack overflowed. All other faults are handled as before.
extern "C" fn on_fault(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel passes its information to a handler with SA_SIGINFO, with an address for
    // this signal.
    let (code, address) = unsafe { ((*info).si_code, (*info).si_addr()) };
    LOCAL.with(|local| {
        // A positive code comes from the kernel; a signal that another program sent has none.
        if code > 0 && local.may_be_lost() && local.is_behind_stack(address.addr()) {
            local.park(Cause::Stack);
        }
    });
    match BEFORE.get() {
        Some(before) if is_function(before) => {
            if before.sa_flags & libc::SA_SIGINFO != 0 {
                // SAFETY: it was the handler before, and its flags state its signature.
                let handler: Handler = unsafe { std::mem::transmute(before.sa_sigaction) };
                handler(signal, info, context);
            } else {
                // SAFETY: as above.
                let handler: extern "C" fn(c_int) =
                    unsafe { std::mem::transmute(before.sa_sigaction) };
                handler(signal);
            }
        }
        // Without a previous handler: the instruction runs again, faults again, and ends the
        // process.
        _ => {
            // SAFETY: the call removes this handler.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    }
}

fn is_function(action: &sigaction) -> bool {
    ![libc::SIG_DFL, libc::SIG_IGN].contains(&action.sa_sigaction)
}

/// Parks a thread that is to stop: at once, or when it next allocates, ends a deferred section, or
/// leaves the untrusted code.
extern "C" fn on_interrupt(_signal: c_int, _info: *mut siginfo_t, _context: *mut c_void) {
    LOCAL.with(|local| {
        if !local.shared().is_some_and(|shared| shared.is_to_stop()) {
            return;
        }
        if local.may_be_lost() {
            local.park(Cause::Stopped);
        }
        local.look_soon();
    });
}

/// A signal number that the C library leaves to programs.
fn interrupt_signal() -> c_int {
    libc::SIGRTMIN() + 3
}

static INSTALLED: OnceLock<bool> = OnceLock::new();
static BEFORE: OnceLock<sigaction> = OnceLock::new();

/// Enough for these handlers and for the standard library's.
const ALTERNATE_STACK_SIZE: usize = 64 * 1024;
