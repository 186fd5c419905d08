//! Everything that hangs on a wire: how a device is reached ([`port`]), what is said to it
//! ([`modbus`], [`led485`], [`caller_pad`], [`escpos_wire`]), who may speak when on a shared line
//! ([`bus`]), what a device is ([`profile`]), and stand-ins that speak the same wire ([`simulate`]).
//!
//! Codecs and line masters are sans-IO: bytes and the time go in, bytes and events come out. Only
//! [`port`], [`bus::run`] and the shells in [`simulate`] touch a file descriptor.

pub mod bus;
pub mod caller_pad;
mod cli;
pub mod escpos_wire;
pub mod led485;
pub mod modbus;
pub mod port;
pub mod profile;
pub mod simulate;

pub use cli::{is_closed_pipe, run, say};
