//! The touch pages: rendered here, complete without script, kept fresh over a WebSocket.

mod appointment;
mod closed;
mod guide;
mod home;
mod live;
mod matter;
mod modes;
mod more;
mod parts;
mod routes;
pub(crate) mod sessions;
mod ticket;
mod waits;
mod ways;
mod work_list;

pub use modes::Modes;
pub use routes::router;
