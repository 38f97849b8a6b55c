//! How much memory the process uses, and which thread takes it. Read from /proc by read(2) alone, so that a signal handler may ask too; where there
//! is no such file nobody knows.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// Bytes that were allowed (`limits.memory`); 0 for no limit.
static ALLOWED: AtomicU64 = AtomicU64::new(0);

/// Notes what is allowed. The kernel does not bound resident memory: who looks at it is the monitor.
pub(crate) fn allow(bytes: u64) {
    ALLOWED.store(bytes, Relaxed);
}

/// The limit and what is in use, in bytes, when that is more.
pub(crate) fn excess() -> Option<(u64, u64)> {
    let allowed = ALLOWED.load(Relaxed);
    if allowed == 0 {
        return None;
    }
    let used = resident()?;
    (used > allowed).then_some((allowed, used))
}

/// Bytes of resident memory that belong to the process alone: what it shares with others, such as its own file, is not
/// its use of memory.
pub(crate) fn resident() -> Option<u64> {
    let mut text = [0; 128];
    let length = read_statm(&mut text)?;
    // proc_pid_statm(5): size, resident, shared, …, in pages.
    let mut fields = text[..length].split(|byte| *byte == b' ').skip(1);
    let resident = number(fields.next()?);
    let shared = number(fields.next()?);
    Some(resident.saturating_sub(shared) * page())
}

fn number(digits: &[u8]) -> u64 {
    digits
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

fn page() -> u64 {
    // SAFETY: sysconf(3) of a name that every system has.
    u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
}

fn read_statm(text: &mut [u8; 128]) -> Option<usize> {
    let flags = libc::O_RDONLY | libc::O_CLOEXEC;
    // SAFETY: open(2), read(2) and close(2) of a path that ends in a zero and a buffer of that length.
    unsafe {
        let file = libc::open(c"/proc/self/statm".as_ptr(), flags);
        if file < 0 {
            return None;
        }
        let length = libc::read(file, text.as_mut_ptr().cast(), text.len());
        libc::close(file);
        usize::try_from(length).ok().filter(|length| *length > 0)
    }
}

/// Pages that a thread has touched for the first time so far (proc_pid_stat(5), minflt).
pub(crate) fn first_touches(thread: u32) -> u64 {
    let path = format!("/proc/self/task/{thread}/stat");
    let stat = std::fs::read_to_string(path).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let touches = fields.split_whitespace().nth(7);
    touches.and_then(|number| number.parse().ok()).unwrap_or(0)
}
