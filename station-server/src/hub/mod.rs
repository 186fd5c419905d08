//! Fan-out: every screen and agent on its WebSocket, fed from the published state.
//!
//! The hub is a reader with a cursor into the log. Calls go out first, each once; states follow, newest wins, built once
//! and shared by all clients of a topic. The writer never waits for anyone here.

mod agents;
mod devices;
mod ending;
mod faults;
mod keypad;
mod publish;
mod sheets;
mod socket;
mod topics;

pub use devices::{AgentPorts, OrderKind};
pub use faults::run as run_faults;
pub use publish::run;
pub use sheets::{Sheet, SheetAbout};
pub use socket::upgrade;
pub use topics::{Frame, Hub, Topic};
