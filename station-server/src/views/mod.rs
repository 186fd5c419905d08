//! What the screens show, built from the published state. Read-only, no SQL.

mod chief;
mod counter;

pub use chief::chief_view;
pub use counter::{THANKS_S, counter_view, rating_view, ticket_page};
