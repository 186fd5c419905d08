//! What the figures of a station mean, and how they are computed from the facts of its tickets.
//!
//! Every report of the product goes through [`Accumulator`]: the caller chooses the groups (service, counter,
//! hour, day, everything), adds each ticket's [`TicketFacts`] to the accumulator of its group and finishes it into
//! [`Figures`]. The raw durations are kept until then, so that groups can be merged exactly and no figure is ever
//! an average of averages. What each figure means is data as well: [`definition`].
//!
//! Rules that hold for all of them: a duration of zero counts like any other, a duration that is not known is not
//! invented (the `n` beside each summary says how many there were), what is left out of one figure is counted in
//! another, and a figure over nothing is absent (`null` in JSON), never `NaN` and never 0.

mod accumulator;
mod balance;
mod bins;
mod definitions;
mod durations;
mod ecdf;
mod facts;
mod figures;
mod proportion;
mod show_up;
mod xmr;

pub use accumulator::Accumulator;
pub use balance::gini;
pub use bins::{day_bin, hour_bin};
pub use definitions::{ATTRIBUTION, Definition, Figure, LEVEL, definition};
pub use durations::type7_quantiles_us;
pub use ecdf::ecdf;
pub use facts::{Moment, Outcome, Score, TicketFacts};
pub use figures::{CensoredWait, Figures, Ratings, Summary, Wait};
pub use proportion::Proportion;
pub use show_up::{AppointmentFacts, ShowUp};
pub use xmr::{XMR_LIMITS_MIN, XMR_RUN, Xmr, XmrSignal};
