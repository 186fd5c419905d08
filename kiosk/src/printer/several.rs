//! The printers of a kiosk: the first, and those that stand in for it.

use protocol::Names;
use tokio::sync::watch;

use super::{Printer, PrinterHealth};

/// What is known of a printer now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrinterState {
    /// How it is.
    pub health: PrinterHealth,
    /// About how many tickets its paper is enough for, where that is known.
    pub tickets_left: Option<u32>,
}

/// A printer in its place.
pub struct Post {
    /// Takes the papers.
    pub printer: Printer,
    /// What it is called on the link.
    pub name: String,
    /// Where its papers come out; empty: not said.
    pub place: Names,
    /// Papers of each ticket, the visitor's among them.
    pub copies: u8,
}

/// The printers of a kiosk, the first one first.
pub(crate) struct Printers {
    posts: Vec<Post>,
    states: watch::Sender<Vec<PrinterState>>,
}

impl Printers {
    pub(crate) fn new(posts: Vec<Post>) -> Self {
        let states = vec![PrinterState::default(); posts.len()];
        Self {
            posts,
            states: watch::Sender::new(states),
        }
    }

    pub(crate) fn posts(&self) -> &[Post] {
        &self.posts
    }

    pub(crate) fn get(&self, nth: usize) -> Option<&Post> {
        self.posts.get(nth)
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Vec<PrinterState>> {
        self.states.subscribe()
    }

    pub(crate) fn set(&self, nth: usize, change: impl FnOnce(&mut PrinterState)) {
        self.states.send_modify(|states| {
            if let Some(state) = states.get_mut(nth) {
                change(state);
            }
        });
    }

    /// How it goes with printing, as the printer is that would print now; none: there is no printer.
    pub(crate) fn health(&self) -> Option<PrinterHealth> {
        let states = self.states.borrow();
        Some(states.get(best(&states)?)?.health.clone())
    }

    /// The printer for the next paper; none: there is none. Where none can print, the first one says why.
    pub(crate) fn best(&self) -> Option<usize> {
        best(&self.states.borrow())
    }

    /// A printer that can print in the place of another.
    pub(crate) fn instead_of(&self, nth: usize) -> Option<usize> {
        let states = self.states.borrow();
        let mut others = (0..states.len()).filter(|other| *other != nth);
        others.find(|other| states[*other].health.can_print())
    }
}

/// The first of those that can print at once, else of those that can when somebody has taken a ticket or may be stuck, else
/// of all.
fn best(states: &[PrinterState]) -> Option<usize> {
    let hindrance = |health: &PrinterHealth| match health {
        PrinterHealth::TicketNotTaken | PrinterHealth::Unconfirmed => 1,
        health if health.can_print() => 0,
        _ => 2,
    };
    (0..states.len()).min_by_key(|nth| hindrance(&states[*nth].health))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_can_print_is_the_best() {
        use PrinterHealth::{NearEnd, Ok, PaperOut, Silent, Starting, TicketNotTaken, Unconfirmed};
        for (healths, expected) in [
            (vec![], None),
            (vec![Starting, Ok], Some(0)),
            (vec![NearEnd, Ok], Some(0)),
            (vec![PaperOut, Ok], Some(1)),
            (vec![PaperOut, TicketNotTaken], Some(1)),
            (vec![TicketNotTaken, NearEnd], Some(1)),
            (vec![Unconfirmed, Ok], Some(1)),
            (vec![TicketNotTaken, Silent], Some(0)),
            (vec![PaperOut, Silent], Some(0)),
        ] {
            let states: Vec<_> = healths
                .iter()
                .map(|health| PrinterState {
                    health: health.clone(),
                    tickets_left: None,
                })
                .collect();
            assert_eq!(best(&states), expected, "{healths:?}");
        }
    }
}
