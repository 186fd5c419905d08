//! Clerks: some work with a keypad, others with the console's interface.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fastrand::Rng;
use firmware_config::caller_pad::{Key, Score};
use firmware_config::simulate::PadHandle;
use serde_json::json;
use tokio::task::JoinSet;

use super::hall::Hall;
use super::now_ms;
use crate::Client;

/// A visitor is at the counter for so long, in milliseconds; long enough for every panel to show the call.
const VISIT_MS: std::ops::Range<u64> = 3_000..6_000;
/// Nobody waits: a clerk looks again after so many milliseconds.
const IDLE_MS: std::ops::Range<u64> = 800..1_600;

/// So long a clerk listens whether the pad beeps, which says that a press was refused.
const LISTEN: Duration = Duration::from_millis(1_500);

/// What somebody did at a pad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Press {
    pub(super) from_ms: i64,
    /// When it was acknowledged, or the pad gave it up.
    pub(super) until_ms: i64,
    pub(super) counter: String,
    /// Kinds of events that it may cause, all of them together at most once.
    pub(super) causes: &'static [&'static str],
    pub(super) acknowledged: bool,
    /// The pad beeped before the next press: the press was refused.
    pub(super) beeped: bool,
    /// Beeps of the pad before it.
    beeps_before: u64,
}

/// Clerks at work.
pub(super) struct Clerks {
    day_is_over: Arc<AtomicBool>,
    working: JoinSet<Vec<Press>>,
}

impl Clerks {
    pub(super) fn start(hall: &Hall, chance: &mut Rng) -> Self {
        let day_is_over = Arc::new(AtomicBool::new(false));
        let mut working = JoinSet::new();
        for counter in &hall.counters {
            let mut clerk = Clerk {
                counter: counter.clone(),
                console: hall.station.counter(),
                pad: hall.pads.get(counter).cloned(),
                chance: chance.fork(),
                presses: Vec::new(),
            };
            let over = Arc::clone(&day_is_over);
            working.spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    clerk.serve_one().await;
                }
                clerk.presses
            });
        }
        Self {
            day_is_over,
            working,
        }
    }

    /// What was pressed all day, in no order.
    pub(super) async fn end(self) -> Vec<Press> {
        self.day_is_over.store(true, Ordering::Relaxed);
        self.working.join_all().await.concat()
    }
}

struct Clerk {
    counter: String,
    console: Client,
    pad: Option<PadHandle>,
    chance: Rng,
    presses: Vec<Press>,
}

impl Clerk {
    async fn serve_one(&mut self) {
        let has_pad = self.pad.is_some();
        if has_pad {
            self.press(&[], Key::CallNext, &["ticket_called", "service_finished"])
                .await;
        } else if !self.act("call-next").await {
            return self.wait(IDLE_MS).await;
        }
        self.wait(VISIT_MS).await;
        if has_pad && self.chance.u8(..5) == 0 {
            self.press(&[], Key::Recall, &["ticket_recalled"]).await;
            self.wait(IDLE_MS).await;
        }
        if self.chance.u8(..6) == 0 {
            match has_pad {
                true => self.press(&[6], Key::Confirm, &["ticket_no_show"]).await,
                false => drop(self.act("no-show").await),
            }
        }
        // A visitor who has come is at the counter until somebody says that he left; where nobody came this is refused.
        self.act("start").await;
        if has_pad && self.chance.bool() {
            self.press(&[], Key::AskRating, &["rating_invited"]).await;
            self.wait(IDLE_MS).await;
            if self.pad.as_ref().is_some_and(|pad| pad.view().asks_rating) {
                self.rate().await;
            }
        }
        match has_pad {
            true => self.press(&[], Key::Confirm, &["service_finished"]).await,
            false => drop(self.act("finish").await),
        }
        if has_pad {
            // What the keypad could not do, because its line was out of order, is done by hand.
            self.act("finish").await;
        }
        self.wait(IDLE_MS).await;
    }

    async fn wait(&mut self, for_ms: std::ops::Range<u64>) {
        tokio::time::sleep(Duration::from_millis(self.chance.u64(for_ms))).await;
    }

    /// At the console; whether it was taken.
    async fn act(&self, action: &str) -> bool {
        let answer = self.console.act(&self.counter, action, json!({})).await;
        assert!(
            [200, 404, 409].contains(&answer.status),
            "{}: {} {}",
            answer.request,
            answer.status,
            answer.text
        );
        answer.status == 200
    }

    async fn press(&mut self, digits: &[u8], key: Key, causes: &'static [&'static str]) {
        let Some(pad) = self.pad.clone() else { return };
        self.note(&pad, causes, || pad.press(digits, key)).await;
    }

    async fn rate(&mut self) {
        let Some(pad) = self.pad.clone() else { return };
        let score = Score::try_from(self.chance.u8(1..=5)).expect("1 to 5");
        let causes = &["rating_given", "rating_completed"];
        self.note(&pad, causes, || pad.rate(score)).await;
    }

    /// Does something at the pad and waits until its line has taken it, or nobody has.
    async fn note(&mut self, pad: &PadHandle, causes: &'static [&'static str], act: impl Fn()) {
        let before = pad.view();
        // An answer may have come late.
        if let Some(last) = self.presses.last_mut() {
            last.beeped |= before.beeps > last.beeps_before;
        }
        let from_ms = now_ms();
        act();
        let mut view = pad.watch();
        let settled = view.wait_for(|now| {
            now.acknowledged + now.lost > before.acknowledged + before.lost && !now.is_sending
        });
        let acknowledged = match tokio::time::timeout(crate::PATIENCE, settled).await {
            Ok(Ok(now)) => now.acknowledged > before.acknowledged,
            Ok(Err(_)) | Err(_) => panic!("counter {}: a press has no end", self.counter),
        };
        let until_ms = now_ms();
        let beeped = tokio::time::timeout(LISTEN, view.wait_for(|now| now.beeps > before.beeps));
        let beeped = beeped.await.is_ok();
        self.presses.push(Press {
            from_ms,
            until_ms,
            counter: self.counter.clone(),
            causes,
            acknowledged,
            beeped,
            beeps_before: before.beeps,
        });
    }
}
