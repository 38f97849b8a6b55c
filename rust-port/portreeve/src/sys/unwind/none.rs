//! ARM's own unwinding (EHABI) has none of the functions that a walk needs: there is no backtrace.

use std::ffi::c_void;

pub(super) fn warm_up() {}

pub(super) fn walk(_context: *mut c_void, _pc: u64, _keep: &mut dyn FnMut(u64) -> bool) {}
