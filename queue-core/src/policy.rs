//! Who is next.
//!
//! A ticket stands in the line of its service, or of the counter it is directed to, among those of its class, in the
//! order of its *base* time: the time of issue or the slot of its appointment, kept over transfers. The [`Discipline`] of the station only decides
//! between the first of each class, so the lines stay as they are whatever the rule is, and the rule may change during
//! the day. `eligible` says which lines a counter may call now. One routine chooses, [`Lines::select`]; counters, screens and forecast ask the same one, and what it
//! compared is stored with the call as its [`CallReason`].
//!
//! The default is head-start first-in-first-out (提早取號): `base - head start of the class` is compared. One number,
//! explainable at the counter, and nobody starves: a ticket that came more than the largest head start later never passes.
//!
//! Who counts from the slot of an appointment that lies further ahead than the station's `callable_before_s` has no turn yet:
//! such tickets stand behind all others, under every rule, and are called where a counter would otherwise find nobody. They
//! pass others like everybody, and nobody passes them. Those who count from a slot stand in rows of their own, by class, so
//! that the first of each row decide here too. Who lets others go first, or comes back after having been missed, has had a
//! turn: the new place does not count from the slot.
//!
//! *Who is called before this ticket* is asked without a counter and before anybody else comes. Under head start, first
//! come first served and strict rank the answer holds whatever the handling times are. Points of the accumulating rule
//! are compared as they stand at the moment of asking. A ratio is dealt out from its present turn, as if all the
//! line were called one after another.

mod discipline;
mod eligible;
mod lines;
mod order;
mod reason;
mod route;

pub use discipline::{Discipline, Side};
pub use eligible::{Duties, HelpsOut, LineId, Tier, Waiter};
pub use lines::{Calls, Lines, Place, Selected, SortKey};
pub use order::{Standing, Weight};
pub use reason::{CallReason, Choice, Contender, Explanation, HeadStartKey};
pub use route::{FreeCounter, route};
