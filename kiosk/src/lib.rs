//! The kiosk agent: touch pages, issuing, the ticket raster and the printer.
//!
//! A press on a page becomes a command on the [`link`]; its answer is put on the [`shelf`], becomes a document
//! ([`ticket`]), a bitmap ([`raster`]), bytes ([`encode`]) and, through the [`printer`], paper. What became of the
//! paper goes to the visitor's page and back to the server.

pub mod agent;
pub mod book;
mod cli;
mod clock;
pub mod encode;
mod issuing;
pub mod link;
pub mod lists;
pub mod notice;
pub mod page;
mod presses;
pub mod preview;
pub mod printer;
pub mod raster;
mod run;
mod settings;
pub mod shelf;
mod text;
pub mod ticket;

pub use cli::main_with_args;
pub use run::{run, serve};
pub use settings::KioskSettings;
