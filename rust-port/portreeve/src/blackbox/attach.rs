//! Takes the black box that the host handed over, as `PORTREEVE_BOX` names it: `fd:<number>:<inode>`, or `path:<absolute
//! path>` for a host that cannot hand over descriptors. It is as untrusted as the pipe: magic and size are checked before
//! anything is stored in it. The environment is read and left as it is, for other threads may run; what is inherited by
//! programs that are started from here names nothing of theirs, and they do without.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::layout::{ATTACHED, LOAD, Layout};
use super::{BlackBox, Ordering};
use crate::sys::executable::load_address;
use crate::sys::mmap::Memory;
use crate::sys::stderr::complain;
use crate::sys::{exit, handed};

/// Names the black box.
const VARIABLE: &str = "PORTREEVE_BOX";
const MAGIC: &[u8; 8] = b"PRBX0001";

/// How a host names it.
#[derive(Debug, PartialEq, Eq)]
enum Name {
    Descriptor { fd: i32, inode: u64 },
    Path(PathBuf),
}

/// The host's black box, when there is one that is meant for this program; memory of our own for `threads` threads
/// otherwise.
///
/// # Errors
/// When there is one that is none, or no memory.
pub(crate) fn open(threads: usize) -> io::Result<BlackBox> {
    let Some(value) = std::env::var_os(VARIABLE) else {
        return BlackBox::private(threads);
    };
    let name = parse(&value)?;
    let taken = take(&name).map_err(|error| {
        io::Error::new(error.kind(), format!("the black box {name:?}: {error}"))
    })?;
    if let Some(taken) = taken {
        return Ok(taken);
    }
    complain(format_args!(
        "{VARIABLE}={} is not meant for this program (it was inherited from another one, perhaps): going on without",
        value.display()
    ));
    BlackBox::private(threads)
}

fn parse(value: &OsString) -> io::Result<Name> {
    let parsed = value.to_str().and_then(|text| {
        if let Some(path) = text.strip_prefix("path:") {
            let path = Path::new(path);
            return path.is_absolute().then(|| Name::Path(path.to_owned()));
        }
        let (fd, inode) = text.strip_prefix("fd:")?.split_once(':')?;
        let fd = fd.parse().ok().filter(|fd| *fd > 2)?;
        let inode = inode.parse().ok()?;
        Some(Name::Descriptor { fd, inode })
    });
    parsed.ok_or_else(|| {
        let text =
            format!("{VARIABLE}={value:?} is neither fd:<number>:<inode> nor path:<absolute path>");
        io::Error::new(ErrorKind::InvalidInput, text)
    })
}

/// `None` when there is nothing that is meant for this program.
fn take(name: &Name) -> io::Result<Option<BlackBox>> {
    match name {
        Name::Descriptor { fd, inode } => match handed::take(*fd, *inode)? {
            Some(file) => attach(&file),
            None => Ok(None),
        },
        Name::Path(path) => {
            let file = match File::options().read(true).write(true).open(path) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                opened => opened?,
            };
            let taken = attach(&file)?;
            if taken.is_some() {
                exit::remove_when_host_is_gone(path.clone());
            }
            Ok(taken)
        }
    }
}

/// The mapping outlives the descriptor, which is closed: programs started from here do not get it.
fn attach(file: &File) -> io::Result<Option<BlackBox>> {
    let layout = read_header(file)?;
    let size = layout.size();
    if file.metadata()?.len() < size as u64 {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            format!("it has less than {size} bytes"),
        ));
    }
    let memory = Memory::shared(file.as_fd(), size)?;
    let taken = BlackBox::over(memory, layout, true);
    // Two programs in one black box would tell of each other's calls: the first one has it.
    let attached = taken.u32_at(ATTACHED);
    if attached.swap(1, Ordering::AcqRel) != 0 {
        return Ok(None);
    }
    taken.u64_at(LOAD).store(load_address(), Ordering::Relaxed);
    Ok(Some(taken))
}

fn read_header(file: &File) -> io::Result<Layout> {
    let mut header = [0; 20];
    file.read_exact_at(&mut header, 0)?;
    if &header[..8] != MAGIC {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            "it does not begin with PRBX0001",
        ));
    }
    let word = |at: usize| {
        u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    Layout::checked(word(8), word(12), word(16))
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "its header makes no sense"))
}

#[cfg(test)]
mod tests {
    use super::{Name, parse};

    #[test]
    fn both_forms_of_the_name_are_read_and_nothing_else() {
        let read = |text: &str| parse(&text.into()).ok();
        let (fd, inode) = (3, 4_294_967_300);
        assert_eq!(
            read("fd:3:4294967300"),
            Some(Name::Descriptor { fd, inode })
        );
        assert_eq!(read("path:/a/b:c"), Some(Name::Path("/a/b:c".into())));
        for wrong in [
            "", "3", "fd:3", "fd:2:1", "fd:-1:1", "fd:3:x", "path:a", "/a",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
