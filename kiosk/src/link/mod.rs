//! The kiosk's connection with the station server: what it is told, and what it asks.
//!
//! [`Outbox`] keeps every command under the id it was given until the server has answered it, over any number of
//! connections. [`spawn`] keeps the connection up and tells what the server says.

mod client;
mod outbox;

pub(crate) use client::fresh_id;
pub use client::{Link, LinkSettings, spawn};
pub use outbox::{Answer, Outbox};

use std::sync::Arc;

use protocol::StationInfo;
use queue_core::Board;

/// What the kiosk knows of the station.
#[derive(Clone, Debug, Default)]
pub struct StationView {
    /// The server is reached and has said who it is.
    pub connected: bool,
    /// The station; none until it was told once.
    pub station: Option<Arc<StationInfo>>,
    /// The waits; stale while not connected.
    pub board: Option<Arc<Board>>,
}
