//! Looking after the settings inside devices: finding devices, reading, comparing, changing and
//! restoring what they keep; and [`showing`] a text on a panel, to see that it works.
//!
//! Three files are kept apart: [`targets`] say where each device of one machine is, a
//! [`crate::profile`] says what a kind of device is, and [`desired`] says what the devices of a
//! station shall be set to. Whether anything has to be written is decided by [`plan`], which knows
//! no device.

pub mod catalog;
pub mod desired;
pub mod device;
mod files;
pub mod identify;
pub mod journal;
pub mod plan;
pub mod report;
pub mod scan;
pub mod showing;
pub mod snapshot;
pub mod targets;
pub mod value;
pub mod workshop;
