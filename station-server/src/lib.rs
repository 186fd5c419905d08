//! The station server: writer, journal, readers, hub, HTTP and the staff and chief pages

pub mod journal;
pub mod live;
pub mod projection;
pub mod writer;
pub mod zone;
