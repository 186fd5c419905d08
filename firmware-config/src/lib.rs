//! Everything that hangs on a wire: what is plugged in ([`plugged`]), how a device is reached ([`port`]), what is said to it
//! ([`panel`] with [`led485`], [`dm36`], [`alpha`], [`am03127`], [`cd5220`] and [`template`];
//! [`caller_pad`], [`key_pad`], [`escpos_wire`]; [`modbus`] below them), who may speak when on a shared line
//! ([`bus`]), what a device is ([`profile`]), and stand-ins that speak the same wire ([`simulate`]).
//! Settings inside devices are looked after by [`tool`], those of printers in the words of
//! [`escpos_settings`].
//!
//! Codecs and line masters are sans-IO: bytes and the time go in, bytes and events come out. Only
//! [`port`], [`bus::run`], [`key_pad::run`], the shells in [`simulate`] and the conversations in [`tool`] touch a file
//! descriptor.

pub mod alpha;
pub mod am03127;
pub mod bus;
pub mod caller_pad;
pub mod cd5220;
mod cli;
pub mod dm36;
pub mod escpos_settings;
pub mod escpos_wire;
pub mod key_pad;
pub mod led485;
pub mod modbus;
pub mod panel;
pub mod plugged;
pub mod port;
pub mod profile;
pub mod simulate;
pub mod template;
pub mod tool;

pub use cli::{is_closed_pipe, run, say};
