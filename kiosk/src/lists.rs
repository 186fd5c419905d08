//! The lists of papers that visitors print from the guide: they are nobody's ticket, and only the page that asked for one
//! wants to know what became of it.

use std::collections::VecDeque;

use queue_core::{CommandId, PrintOutcome};
use tokio::sync::watch;

/// Lists that are remembered; a page of an older one has been left long ago.
const KEPT: usize = 32;

/// One list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The press that asked for it.
    pub key: CommandId,
    /// Which of the kiosk's printers prints it, from 0.
    pub printer: usize,
    /// What became of it; none: it is being printed.
    pub outcome: Option<PrintOutcome>,
}

/// The lists, the oldest first.
#[derive(Debug)]
pub(crate) struct Lists(watch::Sender<VecDeque<List>>);

impl Lists {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(VecDeque::new()))
    }

    /// Takes a press down; `false` where it has been taken down before.
    pub(crate) fn begin(&self, key: CommandId, printer: usize) -> bool {
        self.0.send_if_modified(|lists| {
            if lists.iter().any(|list| list.key == key) {
                return false;
            }
            lists.push_back(List {
                key,
                printer,
                outcome: None,
            });
            if lists.len() > KEPT {
                lists.pop_front();
            }
            true
        })
    }

    /// Takes down what became of a list; what is no list is left alone.
    pub(crate) fn over(&self, key: CommandId, outcome: &PrintOutcome) {
        self.0.send_if_modified(|lists| {
            let list = lists.iter_mut().find(|list| list.key == key);
            let found = list.is_some();
            if let Some(list) = list {
                list.outcome = Some(outcome.clone());
            }
            found
        });
    }

    pub(crate) fn get(&self, key: CommandId) -> Option<List> {
        self.0.borrow().iter().find(|list| list.key == key).cloned()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<VecDeque<List>> {
        self.0.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_counts_once_and_old_ones_are_forgotten() {
        let lists = Lists::new();
        assert!(lists.begin(CommandId(1), 0));
        assert!(!lists.begin(CommandId(1), 0));
        lists.over(CommandId(1), &PrintOutcome::Printed);
        lists.over(CommandId(9), &PrintOutcome::Printed);
        let list = lists.get(CommandId(1)).expect("it is there");
        assert_eq!(list.outcome, Some(PrintOutcome::Printed));
        for n in 2..=u128::try_from(KEPT).expect("few") + 1 {
            assert!(lists.begin(CommandId(n), 0));
        }
        assert_eq!(lists.get(CommandId(1)), None);
    }
}
