//! The registers of a thread that took a signal, in the context that the kernel hands to a handler (`ucontext_t`).

use std::ffi::c_void;

/// Where a thread stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Registers {
    /// The program counter; 0 where this platform's context is not known here.
    pub pc: u64,
    /// The stack pointer; 0 likewise.
    pub sp: u64,
    /// The link register, on machines whose calls leave the return address in one.
    pub link: Option<u64>,
}

/// Reads them. `context` is the third argument of an SA_SIGINFO handler.
pub(super) fn read(context: *mut c_void) -> Registers {
    platform::read(context)
}

/// Changes program counter and stack pointer in the context. Whoever does so puts them back before the handler returns.
pub(super) fn write(context: *mut c_void, pc: u64, sp: u64) {
    platform::write(context, pc, sp);
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod platform {
    use super::{Registers, c_void};

    pub(super) fn read(context: *mut c_void) -> Registers {
        // SAFETY: the third argument of an SA_SIGINFO handler is a ucontext_t.
        let registers = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
        Registers {
            pc: registers[libc::REG_RIP as usize] as u64,
            sp: registers[libc::REG_RSP as usize] as u64,
            link: None,
        }
    }

    pub(super) fn write(context: *mut c_void, pc: u64, sp: u64) {
        // SAFETY: the same.
        let registers = unsafe { &mut (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
        registers[libc::REG_RIP as usize] = pc as i64;
        registers[libc::REG_RSP as usize] = sp as i64;
    }
}

/// The general registers of 32-bit x86, in the kernel's order (`REG_GS` to `REG_SS` of sys/ucontext.h). `libc` names them
/// for glibc alone.
#[cfg(all(target_os = "linux", target_arch = "x86"))]
pub mod x86 {
    use super::c_void;

    pub const EDI: usize = 4;
    pub const ESI: usize = 5;
    pub const EBP: usize = 6;
    pub const ESP: usize = 7;
    pub const EBX: usize = 8;
    pub const EDX: usize = 9;
    pub const ECX: usize = 10;
    pub const EAX: usize = 11;
    pub const EIP: usize = 14;
    pub const EFL: usize = 16;
    pub const SS: usize = 18;

    /// Those in the context, which lives as long as the handler runs.
    pub fn general<'a>(context: *mut c_void) -> &'a mut [u32; 19] {
        // SAFETY: the third argument of an SA_SIGINFO handler is a ucontext_t; its machine context begins with them.
        unsafe { &mut *(&raw mut (*context.cast::<libc::ucontext_t>()).uc_mcontext).cast() }
    }
}

#[cfg(all(target_os = "linux", target_arch = "x86"))]
mod platform {
    use super::{Registers, c_void, x86};

    pub fn read(context: *mut c_void) -> Registers {
        let registers = x86::general(context);
        Registers {
            pc: u64::from(registers[x86::EIP]),
            sp: u64::from(registers[x86::ESP]),
            link: None,
        }
    }

    pub fn write(context: *mut c_void, pc: u64, sp: u64) {
        let registers = x86::general(context);
        registers[x86::EIP] = pc as u32;
        registers[x86::ESP] = sp as u32;
    }
}

#[cfg(all(target_os = "linux", target_arch = "aarch64"))]
mod platform {
    use super::{Registers, c_void};

    pub fn read(context: *mut c_void) -> Registers {
        // SAFETY: the third argument of an SA_SIGINFO handler is a ucontext_t.
        let machine = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext };
        Registers {
            pc: machine.pc,
            sp: machine.sp,
            link: Some(machine.regs[30]),
        }
    }

    pub fn write(context: *mut c_void, pc: u64, sp: u64) {
        // SAFETY: the same.
        let machine = unsafe { &mut (*context.cast::<libc::ucontext_t>()).uc_mcontext };
        machine.pc = pc;
        machine.sp = sp;
    }
}

#[cfg(target_vendor = "apple")]
mod platform {
    use super::{Registers, c_void};

    #[cfg(target_arch = "x86_64")]
    pub fn read(context: *mut c_void) -> Registers {
        // SAFETY: the third argument of an SA_SIGINFO handler is a ucontext_t, which points at its machine context.
        let state = unsafe { &(*(*context.cast::<libc::ucontext_t>()).uc_mcontext).__ss };
        Registers {
            pc: state.__rip,
            sp: state.__rsp,
            link: None,
        }
    }

    #[cfg(target_arch = "aarch64")]
    pub fn read(context: *mut c_void) -> Registers {
        // SAFETY: the third argument of an SA_SIGINFO handler is a ucontext_t, which points at its machine context.
        let state = unsafe { &(*(*context.cast::<libc::ucontext_t>()).uc_mcontext).__ss };
        Registers {
            pc: state.__pc,
            sp: state.__sp,
            link: Some(state.__lr),
        }
    }

    #[cfg(target_arch = "x86_64")]
    pub fn write(context: *mut c_void, pc: u64, sp: u64) {
        // SAFETY: the same.
        let state = unsafe { &mut (*(*context.cast::<libc::ucontext_t>()).uc_mcontext).__ss };
        state.__rip = pc;
        state.__rsp = sp;
    }

    #[cfg(target_arch = "aarch64")]
    pub fn write(context: *mut c_void, pc: u64, sp: u64) {
        // SAFETY: the same.
        let state = unsafe { &mut (*(*context.cast::<libc::ucontext_t>()).uc_mcontext).__ss };
        state.__pc = pc;
        state.__sp = sp;
    }
}

#[cfg(not(any(
    all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64")
    ),
    all(
        target_vendor = "apple",
        any(target_arch = "x86_64", target_arch = "aarch64")
    )
)))]
mod platform {
    use super::{Registers, c_void};

    pub fn read(_context: *mut c_void) -> Registers {
        Registers::default()
    }

    pub fn write(_context: *mut c_void, _pc: u64, _sp: u64) {}
}
