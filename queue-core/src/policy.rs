//! Who is next: head-start first-in-first-out (提早取號).
//!
//! A ticket stands in the line of its service, or of the counter it is directed to, among those of its class, in the
//! order of its *base* time: the time of issue, kept over transfers. The rule of the station only decides between the
//! first of each class, so the lines stay as they are whatever the rule is. The head start compares `base - head start
//! of the class`. One number, explainable at the counter, and nobody starves: a ticket issued more than the largest
//! head start later never passes.

mod lines;
mod order;
mod reason;

pub use lines::{Calls, Lines, Place, Selected, SortKey};
pub(crate) use order::Order;
pub use order::Standing;
pub use reason::{CallReason, HeadStartKey};
