//! The unwinder that Rust links into static musl programs (LLVM's). It finds no way through musl's signal frames, so it
//! is given the registers of the fault to begin from: <https://github.com/llvm/llvm-project/tree/main/libunwind>.

use std::ffi::{c_int, c_void};

/// `UNW_REG_IP` of libunwind.h.
const INSTRUCTION: c_int = -1;

unsafe extern "C" {
    fn __unw_init_local(cursor: *mut c_void, context: *mut c_void) -> c_int;
    fn __unw_step(cursor: *mut c_void) -> c_int;
    fn __unw_get_reg(cursor: *mut c_void, register: c_int, value: *mut usize) -> c_int;
    fn __unw_getcontext(context: *mut c_void) -> c_int;
}

/// Room for `unw_cursor_t` and `unw_context_t` of every machine, which are below 700 bytes.
#[repr(align(16))]
struct Room([u8; 2048]);

pub(super) fn warm_up() {
    let mut context = Room([0; 2048]);
    // SAFETY: the room is large enough for the registers of this thread, and this frame outlives the walk.
    unsafe { __unw_getcontext(context.0.as_mut_ptr().cast()) };
    steps(context, &mut |_| true);
}

/// Gives the return addresses above the place where the registers in `context` stand.
pub(super) fn walk(context: *mut c_void, _pc: u64, keep: &mut dyn FnMut(u64) -> bool) {
    let mut room = Room([0; 2048]);
    let mut registers = registers(context);
    // The unwinder takes every program counter for a return address: what it reads of the unwind tables ends before it.
    if let Some(pc) = registers.last_mut() {
        *pc += 1;
    }
    for (at, value) in registers.into_iter().enumerate() {
        let bytes = value.to_ne_bytes();
        room.0[at * bytes.len()..][..bytes.len()].copy_from_slice(&bytes);
    }
    steps(room, keep);
}

fn steps(mut context: Room, keep: &mut dyn FnMut(u64) -> bool) {
    let mut cursor = Room([0; 2048]);
    let cursor: *mut c_void = cursor.0.as_mut_ptr().cast();
    // SAFETY: both rooms are large enough and outlive the walk.
    unsafe {
        __unw_init_local(cursor, context.0.as_mut_ptr().cast());
        let mut ip = 0;
        while __unw_step(cursor) > 0 && __unw_get_reg(cursor, INSTRUCTION, &raw mut ip) == 0 {
            if ip == 0 || !keep(ip as u64) {
                return;
            }
        }
    }
}

/// The registers in the order of libunwind's `Registers_x86_64`.
#[cfg(target_arch = "x86_64")]
fn registers(context: *mut c_void) -> [usize; 17] {
    use libc::{
        REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RAX, REG_RBP,
        REG_RBX, REG_RCX, REG_RDI, REG_RDX, REG_RIP, REG_RSI, REG_RSP,
    };
    // SAFETY: the third argument of an SA_SIGINFO handler is a ucontext_t.
    let registers = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
    [
        REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RDI, REG_RSI, REG_RBP, REG_RSP, REG_R8, REG_R9,
        REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP,
    ]
    .map(|register| registers[register as usize] as usize)
}

/// The registers in the order of libunwind's `Registers_x86`.
#[cfg(target_arch = "x86")]
fn registers(context: *mut c_void) -> [usize; 11] {
    use crate::sys::registers::x86::{
        EAX, EBP, EBX, ECX, EDI, EDX, EFL, EIP, ESI, ESP, SS, general,
    };
    let registers = general(context);
    [EAX, EBX, ECX, EDX, EDI, ESI, EBP, ESP, SS, EFL, EIP]
        .map(|register| registers[register] as usize)
}

/// The registers in the order of libunwind's `Registers_arm64`: x0 to x30, stack pointer, program counter.
#[cfg(target_arch = "aarch64")]
fn registers(context: *mut c_void) -> [usize; 33] {
    // SAFETY: the third argument of an SA_SIGINFO handler is a ucontext_t.
    let machine = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext };
    let mut registers = [0; 33];
    for (to, from) in registers.iter_mut().zip(machine.regs) {
        *to = from as usize;
    }
    registers[31] = machine.sp as usize;
    registers[32] = machine.pc as usize;
    registers
}

/// Other machines begin nowhere: their order of registers is not known here.
#[cfg(not(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64")))]
fn registers(_context: *mut c_void) -> [usize; 0] {
    []
}
