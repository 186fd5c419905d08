//! Input devices of the kernel: keyboards, and keypads that are some.

use std::io;
use std::os::fd::AsRawFd;

use nix::errno::Errno;

nix::ioctl_write_int!(
    /// `EVIOCGRAB` of `linux/input.h`.
    grab,
    b'E',
    0x90
);

/// Has the device's events handed out to this descriptor alone until it is closed. Gives whether it is an input device:
/// what is none has no events of its own to keep.
///
/// # Errors
/// Another program keeps them, or the device is gone.
pub(super) fn keep_events(device: &impl AsRawFd) -> io::Result<bool> {
    #[expect(unsafe_code, reason = "nobody offers a safe call for it")]
    // SAFETY: the descriptor is open as long as `device` is borrowed, and the call takes a number, no memory.
    let kept = unsafe { grab(device.as_raw_fd(), 1) };
    match kept {
        Ok(_) => Ok(true),
        Err(Errno::ENOTTY | Errno::EINVAL) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
