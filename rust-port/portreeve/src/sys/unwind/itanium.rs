//! The unwinder of the C++ ABI (Itanium, level I): it walks through the frame of the handler and the kernel's own.

use std::ffi::{c_int, c_void};

/// `_URC_NO_REASON` goes on, `_URC_END_OF_STACK` ends.
const GO_ON: c_int = 0;
const END: c_int = 5;

unsafe extern "C-unwind" {
    fn _Unwind_Backtrace(
        trace: extern "C-unwind" fn(context: *mut c_void, argument: *mut c_void) -> c_int,
        argument: *mut c_void,
    ) -> c_int;
    fn _Unwind_GetIP(context: *mut c_void) -> usize;
}

pub(super) fn warm_up() {
    walk(std::ptr::null_mut(), 0, &mut |_| true);
}

/// A walk in progress.
struct Walk<'a> {
    pc: u64,
    /// Whether the frame of the fault was passed; what comes before it is the handler itself.
    outside: bool,
    keep: &'a mut dyn FnMut(u64) -> bool,
}

/// Gives the return addresses above the frame that stands at `pc`; all of them, the handler's own too, where it is 0.
pub(super) fn walk(_context: *mut c_void, pc: u64, keep: &mut dyn FnMut(u64) -> bool) {
    let mut walk = Walk {
        pc,
        outside: pc == 0,
        keep,
    };
    // SAFETY: the callback gets back the pointer to `walk`, which lives over the call.
    unsafe { _Unwind_Backtrace(frame, (&raw mut walk).cast()) };
}

extern "C-unwind" fn frame(context: *mut c_void, argument: *mut c_void) -> c_int {
    // SAFETY: the pointer is the one that `walk` passed in.
    let walk = unsafe { &mut *argument.cast::<Walk<'_>>() };
    // SAFETY: the unwinder passes its own context.
    let ip = unsafe { _Unwind_GetIP(context) } as u64;
    if !walk.outside {
        walk.outside = ip == walk.pc;
        return GO_ON;
    }
    if ip != 0 && (walk.keep)(ip) {
        GO_ON
    } else {
        END
    }
}
