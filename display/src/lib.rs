//! The display agent of a station: what visitors in the hall see and hear, and what staff touch
//! at the counters without a PC.
//!
//! It holds one WebSocket to the station server and takes the whole state of the topics `station`
//! and `board` and the pulses of `calls`. From these it makes the hall board (`/`), a display for
//! each counter (`/counter/3`), the LED panels over the counters and the displays of the keypads;
//! presses on keypads and rating pads go back as commands. All rules are in pure state machines
//! with the time as input: the amber slot in `slot`, freshness in `feed`, the layout in `pages`,
//! panels and pads in `lines`, pads without a protocol in `key_pads`, the voice in
//! `speaker`, and all of them together in `agent`. `shell` does the I/O, over the
//! connection that all agents have (`agent::link`).
//!
//! After a minute without the server no number is shown anywhere.

mod agent;
mod board;
mod cli;
mod feed;
mod key_pads;
mod line_health;
mod lines;
mod pads;
mod pages;
mod panels;
mod settings;
mod shell;
mod slot;
mod speaker;
mod studio;
mod time;
mod web;

pub use cli::main_with_args;
pub use settings::{
    DisplaySettings, KeyPadSettings, LineSettings, PadSettings, PanelSettings, VoiceSettings,
};
pub use shell::Display;

/// Runs a display agent until the future is dropped.
///
/// # Errors
/// Its address cannot be taken, or the server's address makes no sense.
pub async fn run(settings: DisplaySettings) -> anyhow::Result<()> {
    Display::bind(settings).await?.run().await
}
