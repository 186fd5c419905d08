//! A device's descriptor, read and written without ever blocking the thread.

use std::io;
use std::os::fd::OwnedFd;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use tokio::io::unix::AsyncFd;

use super::input::keep_events;

/// A descriptor that tokio watches. Reads and writes are cancel-safe and work at the same time.
#[derive(Debug)]
pub(crate) struct DeviceFd(AsyncFd<OwnedFd>);

impl DeviceFd {
    /// Makes the descriptor non-blocking and has it watched.
    ///
    /// # Errors
    /// The descriptor cannot be waited on: it is no device.
    pub(crate) fn new(fd: OwnedFd) -> io::Result<Self> {
        let flags = OFlag::from_bits_retain(fcntl(&fd, FcntlArg::F_GETFL)?);
        fcntl(&fd, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
        #[expect(
            unsafe_code,
            reason = "tokio wants a promise that only an owner can give"
        )]
        // SAFETY: an `OwnedFd` is open until dropped, always gives the same number, and nothing
        // takes it out of the `AsyncFd`.
        let watched = unsafe { AsyncFd::register(fd) }?;
        Ok(Self(watched))
    }

    /// Has the events of an input device handed out to this descriptor alone; whether it is one.
    ///
    /// # Errors
    /// Another program keeps them, or the device is gone.
    pub(super) fn keep_events(&self) -> io::Result<bool> {
        keep_events(self.0.get_ref())
    }

    /// Reads what has arrived, waiting for at least one byte.
    pub(crate) async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut ready = self.0.readable().await?;
            match ready.try_io(|fd| retry(|| nix::unistd::read(fd.get_ref(), buffer))) {
                Ok(result) => return result,
                Err(_would_block) => {}
            }
        }
    }

    /// Hands over as many bytes as fit, waiting until at least one does.
    pub(crate) async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            let mut ready = self.0.writable().await?;
            match ready.try_io(|fd| retry(|| nix::unistd::write(fd.get_ref(), bytes))) {
                Ok(result) => return result,
                Err(_would_block) => {}
            }
        }
    }
}

/// A signal is no reason to give up.
fn retry(mut call: impl FnMut() -> nix::Result<usize>) -> io::Result<usize> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            result => return result.map_err(io::Error::from),
        }
    }
}
