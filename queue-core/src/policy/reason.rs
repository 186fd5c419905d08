//! Why a ticket was called.

use serde::{Deserialize, Serialize};

/// What the head start compared in logs of version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HeadStartKey {
    /// Issue time less head start, station milliseconds.
    pub key_ms: i64,
    /// Sequence number of the issuing event: first come, first served among equals.
    pub seq: u64,
}

/// Why a ticket was called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum CallReason {
    /// Smallest key among the tickets the counter may serve.
    HeadStart {
        /// The key that won.
        key: HeadStartKey,
    },
    /// Staff named the ticket.
    Picked,
}
