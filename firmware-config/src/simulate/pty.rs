//! A pseudo-terminal whose host side has a stable name.

use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::libc::{TCGETS2, termios2};
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

use crate::port::{DeviceFd, Port};

nix::ioctl_read_bad!(read_settings, TCGETS2, termios2);

/// The device's end of a raw pseudo-terminal, and the link that names the host's end.
///
/// The host's end is not held open here, so a host that goes away is noticed, as is a lock it left
/// behind: every host gets a fresh terminal. Dropping removes the link: the device is unplugged.
#[derive(Debug)]
pub(super) struct Pty {
    pub(super) port: Port,
    master: PtyMaster,
    target: PathBuf,
    link: PathBuf,
}

impl Pty {
    /// Opens a terminal and points `link` at it, replacing an older link at once.
    ///
    /// # Errors
    /// No terminal can be had, or the link cannot be written, or something that is not a link
    /// stands in its place.
    pub(super) fn plug_in(link: &Path) -> io::Result<Self> {
        let master = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let target = PathBuf::from(ptsname_r(&master)?);
        let mut settings = tcgetattr(&master)?;
        cfmakeraw(&mut settings);
        tcsetattr(&master, SetArg::TCSANOW, &settings)?;
        let fd = DeviceFd::new(master.as_fd().try_clone_to_owned()?)?;
        point(link, &target)?;
        Ok(Self {
            port: Port::from_fd(fd),
            master,
            target,
            link: link.to_owned(),
        })
    }

    /// The name of the host's end.
    pub(super) fn link(&self) -> &Path {
        &self.link
    }

    /// The speed the host has set, in bits per second. `None` when it cannot be told.
    pub(super) fn host_baud_bps(&self) -> Option<u32> {
        let mut settings = termios2 {
            c_iflag: 0,
            c_oflag: 0,
            c_cflag: 0,
            c_lflag: 0,
            c_line: 0,
            c_cc: [0; 19],
            c_ispeed: 0,
            c_ospeed: 0,
        };
        #[expect(
            unsafe_code,
            reason = "the portable call knows no speeds outside its own table"
        )]
        // SAFETY: the descriptor is open as long as `self`, and the kernel fills exactly one
        // `termios2`, to which the pointer is valid and exclusive.
        unsafe { read_settings(self.master.as_raw_fd(), &raw mut settings) }.ok()?;
        Some(settings.c_ospeed)
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // A newer terminal may have taken the name already.
        if fs::read_link(&self.link).is_ok_and(|target| target == self.target) {
            let _ = fs::remove_file(&self.link);
        }
    }
}

/// Makes `link` point at `target` in one step, so that nobody finds the name missing.
fn point(link: &Path, target: &Path) -> io::Result<()> {
    if fs::symlink_metadata(link).is_ok_and(|found| !found.file_type().is_symlink()) {
        let message = format!("{} exists and is not a link", link.display());
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }
    let mut beside = link.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let _ = fs::remove_file(&beside);
    symlink(target, &beside)?;
    fs::rename(&beside, link)
}
