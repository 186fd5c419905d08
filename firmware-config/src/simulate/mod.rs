//! Stand-ins for devices that speak only the wire protocol, on pseudo-terminals or TCP, each with
//! a cloneable handle that shows its state and flips its switches.
//!
//! A stand-in is a sans-IO machine ([`VirtualPrinter`], [`VirtualPanel`], [`VirtualPad`]) behind a
//! shell that owns the line. Handles stay valid while a device is unplugged and plugged in again;
//! the device stops when the last handle is dropped.

mod frames;
mod line;
mod pad;
mod panel;
pub mod printer;
mod pty;
mod shell;

pub use frames::{FRAMES_KEPT, LineFrame, Meaning};
pub use line::{LineHandle, PadHandle, PanelHandle, VirtualLine};
pub use pad::{PadView, VirtualPad};
pub use panel::{PanelView, VirtualPanel};
pub use printer::{Paper, PrinterConfig, PrinterHandle, PrinterView, Switch, VirtualPrinter};
