//! Stand-ins for devices that speak only the wire protocol, on pseudo-terminals or TCP, each with
//! a cloneable handle that shows its state and flips its switches.
//!
//! A stand-in is a sans-IO machine ([`VirtualPrinter`]; [`VirtualPanel`], [`VirtualPad`], and [`VirtualDisplay`] for panels of
//! every kind, together on a [`VirtualLine`]; [`VirtualKeyPad`] on a port of its own) behind a shell that owns the port. Handles stay valid while a device is
//! unplugged and plugged in again; the device stops when the last handle is dropped.

mod alpha;
mod am03127;
mod card;
mod cd5220;
mod display;
mod dm36;
mod faults;
mod frames;
mod key_pad;
mod line;
mod pad;
mod panel;
pub mod printer;
mod pty;
mod shell;
mod template;

pub use alpha::VirtualAlpha;
pub use am03127::VirtualAm03127;
pub use card::VirtualCard;
pub use cd5220::VirtualCd5220;
pub use display::{DisplayFault, DisplayView, VirtualDisplay};
pub use dm36::VirtualDm36;
pub use faults::LineFaults;
pub use frames::{FRAMES_KEPT, LineFrame, Meaning};
pub use key_pad::{KeyPadFault, KeyPadHandle, KeyPadView, VirtualKeyPad};
pub use line::{
    CardHandle, DisplayHandle, LineHandle, PadHandle, PanelHandle, Shown, VirtualLine, swap_plugs,
};
pub use pad::{PadView, VirtualPad};
pub use panel::{PanelView, VirtualPanel};
pub use printer::{
    Mishap, Paper, PrinterConfig, PrinterHandle, PrinterMemory, PrinterView, Switch, TextLine,
    VirtualPrinter,
};
pub use template::VirtualTemplate;
