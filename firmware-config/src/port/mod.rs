//! How a device is reached and opened: a [`Link`] says where it is, a [`Port`] is the open line,
//! a [`Backoff`] says how long to wait before trying again.

mod backoff;
mod device_fd;
mod input;
mod link;
mod open;

pub use backoff::Backoff;
pub use link::{DataBits, Flow, Link, LinkError, LinkText, Parity, StopBits};
pub use open::Port;

pub(crate) use device_fd::DeviceFd;
