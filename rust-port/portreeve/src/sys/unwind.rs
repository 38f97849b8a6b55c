//! The stack of a thread that took a signal: the return addresses above the fault.
//!
//! A jump to a wild address leaves a program counter where no code is, from which no unwinder finds a way (libgcc's
//! reads the bytes there, and faults itself); musl's own functions have no unwind tables. The caller is known all the
//! same, as long as nothing was pushed since: its return address is on top of the stack, or in the link register. The
//! walk begins there then, and shows it only if it leads on.

use std::ffi::c_void;

use super::registers::{self, Registers};

#[cfg(all(target_env = "musl", target_feature = "crt-static"))]
#[path = "unwind/llvm.rs"]
mod unwinder;
#[cfg(not(any(
    all(target_env = "musl", target_feature = "crt-static"),
    target_arch = "arm"
)))]
#[path = "unwind/itanium.rs"]
mod unwinder;
#[cfg(all(
    target_arch = "arm",
    not(all(target_env = "musl", target_feature = "crt-static"))
))]
#[path = "unwind/none.rs"]
mod unwinder;

/// Has the unwinder load and initialise what it needs, while that may still allocate.
pub(super) fn warm_up() {
    unwinder::warm_up();
}

/// Gives the return addresses above the place where the signal was taken, innermost first, until `keep` says false.
/// `context` is the third argument of an SA_SIGINFO handler.
pub(super) fn walk(context: *mut c_void, mut keep: impl FnMut(u64) -> bool) {
    let at = registers::read(context);
    let mut has_begun = false;
    if at.pc == 0 || is_readable(at.pc) {
        unwinder::walk(context, at.pc, &mut |address| {
            has_begun = true;
            keep(address)
        });
    }
    if has_begun || at.pc == 0 {
        return;
    }
    let Some((caller, sp)) = caller(at) else {
        return;
    };
    // Within the call (no machine has one of a single byte), not behind it: what follows a call that never returns belongs
    // to another function.
    let within = caller - 2;
    registers::write(context, within, sp);
    unwinder::walk(context, within, &mut |address| {
        let goes_on = has_begun || keep(caller);
        has_begun = true;
        goes_on && keep(address)
    });
    registers::write(context, at.pc, at.sp);
}

/// The return address of the call that led to the fault, and the stack pointer in the caller.
fn caller(at: Registers) -> Option<(u64, u64)> {
    if let Some(link) = at.link {
        return is_readable(link).then_some((link, at.sp));
    }
    if !is_readable(at.sp) {
        return None;
    }
    // SAFETY: the word at the stack pointer can be read, as was just seen. Stacks are aligned to words.
    let caller = unsafe { (at.sp as usize as *const usize).read_unaligned() } as u64;
    is_readable(caller).then_some((caller, at.sp + size_of::<usize>() as u64))
}

/// Whether code or a stack may be there: nothing is mapped at the lowest addresses, and the kernel says of the others
/// whether they can be read.
fn is_readable(address: u64) -> bool {
    address > 0xffff && can_read(address)
}

/// Whether eight bytes can be read, asked of the kernel without touching them: rt_sigprocmask(2) copies the mask before
/// it looks at `how`, which is none.
#[cfg(target_os = "linux")]
fn can_read(address: u64) -> bool {
    const NONE: libc::c_int = -1;
    let (address, none) = (address as usize, std::ptr::null_mut::<libc::c_void>());
    // SAFETY: the kernel checks the address, and changes nothing for an unknown `how`.
    let answer = unsafe { libc::syscall(libc::SYS_rt_sigprocmask, NONE, address, none, 8_usize) };
    answer == 0 || std::io::Error::last_os_error().raw_os_error() != Some(libc::EFAULT)
}

#[cfg(not(target_os = "linux"))]
fn can_read(_address: u64) -> bool {
    true
}
