//! One process per data directory.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use super::JournalError;

/// Name of the file in a data directory that says which process has it.
pub(crate) const LOCK_NAME: &str = "lock";

/// Holds the directory until it is dropped; the operating system frees it when the process dies.
#[derive(Debug)]
pub(crate) struct DirLock {
    _file: File,
}

impl DirLock {
    /// Takes `<dir>/lock`, creating the directory if need be, and writes this process down in it.
    ///
    /// # Errors
    /// [`JournalError::Locked`] when another process has it, otherwise what the system says.
    pub(crate) fn take(dir: &Path) -> Result<Self, JournalError> {
        let path = dir.join(LOCK_NAME);
        let io = |error: &std::io::Error| JournalError::from_io(&path, error);
        if dir.is_file() {
            return Err(JournalError::NoDirectory {
                path: dir.to_owned(),
            });
        }
        fs::create_dir_all(dir).map_err(|e| JournalError::from_io(dir, &e))?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| io(&e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let named = file.read_to_string(&mut pid).is_ok() && !pid.trim().is_empty();
                return Err(JournalError::Locked {
                    dir: dir.to_owned(),
                    pid: if named { pid.trim() } else { "unknown" }.to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(io(&error)),
        }
        file.set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(|e| io(&e))?;
        Ok(Self { _file: file })
    }
}
