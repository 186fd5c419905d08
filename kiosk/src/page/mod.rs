//! The touch pages: rendered here, complete without script, kept fresh over a WebSocket.

mod appointment;
mod closed;
mod home;
mod live;
mod modes;
mod more;
mod parts;
mod routes;
pub(crate) mod sessions;
mod ticket;

pub use modes::Modes;
pub use routes::router;
