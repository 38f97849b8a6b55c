//! Signals: what the program does about them, and the stacks that their handlers run on.

/// The calling thread's number, as the kernel and debuggers know it.
pub fn thread_id() -> u32 {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: gettid(2) always succeeds.
        let id = unsafe { libc::gettid() };
        id.unsigned_abs()
    }
    #[cfg(not(target_os = "linux"))]
    {
        0
    }
}

/// Gives the calling thread a stack for signal handlers.
pub fn alternate_stack() {}
