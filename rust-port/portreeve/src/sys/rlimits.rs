//! Bounds that the host puts on the process, set before any user code runs: setrlimit(2).

/// Descriptors that a program needs for itself: poll(2) refuses to look at more than the limit allows to be open.
const FEWEST_FILES: u64 = 16;

/// What is to be limited; what is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes of memory in use. The kernel bounds data (RLIMIT_DATA), and counts the stacks of threads whole: they come on
    /// top. What is resident the monitor looks at.
    pub memory: Option<u64>,
    /// Bytes of the stacks of threads there may be.
    pub stacks: u64,
    /// Seconds of processor time: RLIMIT_CPU.
    pub cpu_seconds: Option<u64>,
    /// Open descriptors: RLIMIT_NOFILE.
    pub open_files: Option<u64>,
}

/// Sets what is given; the hard limits too, so that user code cannot lift them. That of processor time is a second above
/// the soft one: at the soft one comes SIGXCPU, which can be told, at the hard one SIGKILL.
///
/// # Errors
/// Says which limit the system refused, and why.
pub(crate) fn set(limits: Limits) -> Result<(), String> {
    if let Some(few) = limits.open_files.filter(|files| *files < FEWEST_FILES) {
        return Err(format!(
            "limits.open_files: {few} is too few; a program needs {FEWEST_FILES} for itself"
        ));
    }
    super::memory::allow(limits.memory.unwrap_or(0));
    let data = limits
        .memory
        .map(|memory| memory.saturating_add(limits.stacks));
    one("memory", libc::RLIMIT_DATA, data, 0)?;
    one("cpu_seconds", libc::RLIMIT_CPU, limits.cpu_seconds, 1)?;
    one("open_files", libc::RLIMIT_NOFILE, limits.open_files, 0)
}

// What setrlimit(2) takes first: an enum in glibc, an int in every other C library.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
type Resource = libc::c_int;

/// `above`: by how much the hard limit is over the soft one.
fn one(name: &str, resource: Resource, value: Option<u64>, above: u64) -> Result<(), String> {
    let Some(value) = value else { return Ok(()) };
    let bound = |value: u64| libc::rlim_t::try_from(value).unwrap_or(libc::RLIM_INFINITY);
    let limit = libc::rlimit {
        rlim_cur: bound(value),
        rlim_max: bound(value.saturating_add(above)),
    };
    // SAFETY: the pointer is to a whole rlimit that lives over the call.
    if unsafe { libc::setrlimit(resource, &raw const limit) } == 0 {
        return Ok(());
    }
    let error = std::io::Error::last_os_error();
    Err(format!("limits.{name}: {value} was refused: {error}"))
}
