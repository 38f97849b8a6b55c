//! Ways not to come back, and marks to count how often something ran.

use std::fs::OpenOptions;
use std::hint::spin_loop;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

/// Computes for ever and never looks whether the call was cancelled.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn loop_forever() {
    loop {
        spin_loop();
    }
}

/// Locks a mutex that it has locked already, and waits for itself for ever.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn deadlock() {
    let accounts = Mutex::new(0_u64);
    let first = accounts.lock();
    let second = accounts.lock();
    drop((first, second));
}

/// Sleeps for so many milliseconds, cancelled or not.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn sleep_through_cancel(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}

/// Appends one byte to a file, then sleeps for so many milliseconds. The file's length counts the calls that began,
/// whatever became of them.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn count_on_disk(path: &Path, milliseconds: u64) -> Result<(), String> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    let written = file.and_then(|mut file| file.write_all(b"."));
    written.map_err(|error| format!("{}: {error}", path.display()))?;
    thread::sleep(Duration::from_millis(milliseconds));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_grows_by_one_byte_a_call() {
        let path = std::env::temp_dir().join(format!("compute-count-{}", std::process::id()));
        count_on_disk(&path, 0).expect("a file in the temporary folder");
        count_on_disk(&path, 0).expect("the same file");
        let length = std::fs::metadata(&path).expect("just written").len();
        std::fs::remove_file(&path).expect("still there");
        assert_eq!(length, 2);
        assert!(count_on_disk(Path::new("/"), 0).is_err_and(|error| error.starts_with("/: ")));
    }
}
