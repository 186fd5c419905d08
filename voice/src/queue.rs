//! Which call sounds next in a hall. One at a time; none is lost. No clock in here: whoever asks says what time it is.

use std::collections::VecDeque;

use queue_core::{CallId, CounterId, LanguageTag, TicketNumber};

/// Without sound after every announcement, so that two are not heard as one.
const GAP_MS: u64 = 400;

/// A call to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Which call.
    pub call: CallId,
    /// Who.
    pub number: TicketNumber,
    /// Where to.
    pub counter: CounterId,
    /// The ticket's language.
    pub language: Option<LanguageTag>,
    /// It was called before and nobody came.
    pub is_recall: bool,
}

/// The calls of one hall that wait to be said.
///
/// They are said in the order in which they came. Only a recall goes before first calls: a clerk presses it because the
/// visitor did not hear, and has nobody to serve until then.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    waiting: VecDeque<Announcement>,
    now: Option<OnAir>,
}

#[derive(Debug, Clone)]
struct OnAir {
    announcement: Announcement,
    /// When it has been said; none: it is being made.
    until_ms: Option<u64>,
}

impl Queue {
    /// Somebody was called. Who is called again while the earlier call still waits is called once, at the better place.
    pub fn add(&mut self, new: Announcement) {
        if let Some(at) = self.waiting.iter().position(|w| w.number == new.number) {
            if let Some(recall) = self.waiting.get_mut(at).filter(|w| w.is_recall) {
                *recall = new;
                return;
            }
            self.waiting.remove(at);
        }
        let at = if new.is_recall {
            let recalls = self.waiting.iter().take_while(|w| w.is_recall);
            recalls.count()
        } else {
            self.waiting.len()
        };
        self.waiting.insert(at, new);
    }

    /// Leaves out those for whom nobody is waiting any more: the visitor is there, has been given up, or was called back.
    /// What sounds already sounds to its end.
    pub fn keep(&mut self, is_awaited: impl FnMut(&Announcement) -> bool) {
        self.waiting.retain(is_awaited);
    }

    /// Forgets all that wait.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The announcement that has its turn now, if any; it has the air until it was said, see [`Queue::sounds`].
    pub fn next(&mut self, now_ms: u64) -> Option<&Announcement> {
        let is_over = |now: &mut OnAir| now.until_ms.is_some_and(|until| until <= now_ms);
        self.now.take_if(is_over);
        if self.now.is_some() {
            return None;
        }
        let announcement = self.waiting.pop_front()?;
        let now = self.now.insert(OnAir {
            announcement,
            until_ms: None,
        });
        Some(&now.announcement)
    }

    /// The announcement whose turn it is sounds from now on for so long; no time at all where it cannot.
    pub fn sounds(&mut self, now_ms: u64, length_ms: u64) {
        if let Some(now) = &mut self.now {
            let gap_ms = if length_ms == 0 { 0 } else { GAP_MS };
            now.until_ms = Some(now_ms.saturating_add(length_ms).saturating_add(gap_ms));
        }
    }

    /// What has the air.
    #[must_use]
    pub fn on_air(&self) -> Option<&Announcement> {
        self.now.as_ref().map(|now| &now.announcement)
    }

    /// When [`Queue::next`] is to be asked again.
    #[must_use]
    pub fn deadline_ms(&self) -> Option<u64> {
        self.now.as_ref().and_then(|now| now.until_ms)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn call(id: u64, visitor: u32, is_recall: bool) -> Announcement {
        Announcement {
            call: CallId(id),
            number: format!("A{visitor:03}").parse().unwrap(),
            counter: visitor.to_string().parse().unwrap(),
            language: None,
            is_recall,
        }
    }

    /// Says all that wait, each for a second, and gives the ids of the calls.
    fn say_all(queue: &mut Queue, mut now_ms: u64) -> Vec<u64> {
        let mut said = Vec::new();
        loop {
            now_ms = queue.deadline_ms().unwrap_or(now_ms);
            let Some(next) = queue.next(now_ms) else {
                return said;
            };
            said.push(next.call.0);
            queue.sounds(now_ms, 1_000);
        }
    }

    #[test]
    fn calls_at_the_same_time_are_said_one_after_the_other() {
        let mut queue = Queue::default();
        for id in 1..=3 {
            queue.add(call(id, id as u32, false));
        }
        assert_eq!(queue.next(0).map(|a| a.call), Some(CallId(1)));
        assert_eq!(queue.next(5_000), None, "the first is still being made");
        queue.sounds(5_000, 2_000);
        assert_eq!(queue.deadline_ms(), Some(7_000 + GAP_MS));
        assert_eq!(queue.next(7_000), None);
        assert_eq!(say_all(&mut queue, 7_400), [2, 3]);
    }

    #[test]
    fn a_recall_comes_after_what_sounds_and_only_once() {
        let mut queue = Queue::default();
        for id in 1..=3 {
            queue.add(call(id, id as u32, false));
        }
        queue.next(0);
        queue.sounds(0, 1_000);
        // Visitor 1 is being called: heard again, before the others. Visitor 3 waits: once, with the recall.
        queue.add(call(4, 1, true));
        queue.add(call(5, 3, true));
        queue.add(call(6, 3, true));
        assert_eq!(say_all(&mut queue, 0), [4, 6, 2]);
    }

    #[test]
    fn who_is_there_is_called_no_more_and_what_sounds_goes_on() {
        let mut queue = Queue::default();
        queue.add(call(1, 1, false));
        queue.add(call(2, 2, false));
        queue.add(call(3, 3, false));
        queue.next(0);
        queue.keep(|a| a.call == CallId(3));
        assert_eq!(queue.on_air().map(|a| a.call), Some(CallId(1)));
        queue.sounds(0, 1_000);
        assert_eq!(say_all(&mut queue, 0), [3]);
    }

    #[derive(Debug, Clone)]
    enum Step {
        Call(u32),
        Recall(u32),
        Over(u32),
        Wait(u64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => (0_u32..6).prop_map(Step::Call),
            2 => (0_u32..6).prop_map(Step::Recall),
            1 => (0_u32..6).prop_map(Step::Over),
            3 => (0_u64..4_000).prop_map(Step::Wait),
        ];
        prop::collection::vec(step, 0..60)
    }

    proptest! {
        #[test]
        fn nothing_is_lost_nothing_overlaps_and_order_is_kept(steps in steps(), length_ms in 0_u64..9_000) {
            let mut queue = Queue::default();
            let (mut now_ms, mut id) = (0_u64, 0_u64);
            // What has to be heard of each visitor: the newest call that nobody has heard and that is not over.
            // With it the place in its row, which a recall that waits keeps.
            let mut owed: BTreeMap<TicketNumber, (u64, bool, u64)> = BTreeMap::new();
            let mut free_at_ms = 0;
            let mut steps: VecDeque<Step> = steps.into();
            // Long enough for all that can wait.
            steps.extend(vec![Step::Wait(10_000); 12]);
            let mut visitors: BTreeMap<u32, bool> = BTreeMap::new();
            for step in steps {
                id += 1;
                match step {
                    Step::Call(v) if visitors.get(&v).is_none_or(|called| !called) => {
                        visitors.insert(v, true);
                        let new = call(id, v, false);
                        owed.insert(new.number.clone(), (id, false, id));
                        queue.add(new);
                    }
                    Step::Recall(v) if visitors.get(&v) == Some(&true) => {
                        let new = call(id, v, true);
                        let place = owed.get(&new.number).filter(|(_, recall, _)| *recall).map_or(id, |(_, _, place)| *place);
                        owed.insert(new.number.clone(), (id, true, place));
                        queue.add(new);
                    }
                    Step::Over(v) if visitors.get(&v) == Some(&true) => {
                        visitors.insert(v, false);
                        let over = call(id, v, false).number;
                        owed.remove(&over);
                        queue.keep(|a| a.number != over);
                    }
                    Step::Wait(ms) => now_ms += ms,
                    _ => {}
                }
                if let Some(next) = queue.next(now_ms).cloned() {
                    prop_assert!(now_ms >= free_at_ms, "two at once");
                    let Some((newest, is_recall, place)) = owed.remove(&next.number) else {
                        return Err(TestCaseError::fail("said without need"));
                    };
                    prop_assert_eq!(next.call.0, newest, "the newest call of a visitor is the one that is said");
                    // Nobody who came earlier in the same row waits; no recall waits behind a first call.
                    for (_, recall, other) in owed.values() {
                        if is_recall {
                            prop_assert!(!recall || *other > place);
                        } else {
                            prop_assert!(!recall && *other > place);
                        }
                    }
                    queue.sounds(now_ms, length_ms);
                    free_at_ms = now_ms + length_ms;
                }
            }
            prop_assert!(owed.is_empty(), "never heard: {:?}", owed);
        }
    }
}
