//! The running executable.

/// Where the executable was loaded: addresses in a backtrace are meant relative to it.
#[cfg(target_os = "linux")]
pub(crate) fn load_address() -> u64 {
    unsafe extern "C" fn first(
        info: *mut libc::dl_phdr_info,
        _size: usize,
        load: *mut libc::c_void,
    ) -> libc::c_int {
        // SAFETY: dl_iterate_phdr(3) passes a valid entry.
        let address = unsafe { (*info).dlpi_addr };
        // An address has 32 bits on a 32-bit platform.
        #[allow(clippy::useless_conversion)]
        let address = u64::from(address);
        // SAFETY: dl_iterate_phdr(3) passes the pointer that it was given.
        unsafe { *load.cast::<u64>() = address };
        1
    }
    let mut load = 0_u64;
    // SAFETY: the callback stores one u64 and ends the iteration at the executable, which comes first.
    unsafe { libc::dl_iterate_phdr(Some(first), (&raw mut load).cast()) };
    load
}

#[cfg(not(target_os = "linux"))]
pub fn load_address() -> u64 {
    0
}
