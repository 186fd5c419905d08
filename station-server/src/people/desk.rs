//! One counter: a clerk, the console it looks at and the hands it has.

use std::time::Duration;

use protocol::CounterView;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::clerk::Clerk;
use super::hands::Hands;

/// A clerk with nothing to wait for looks up this often anyway.
const LOOK_UP: Duration = Duration::from_secs(30);

/// Works for ever. `start` is when the demo's people began.
pub(super) async fn work(
    mut clerk: Clerk,
    hands: Hands,
    mut console: watch::Receiver<Option<CounterView>>,
    start: Instant,
) {
    let now_ms = || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    loop {
        let wake = match clerk.deadline_ms() {
            Some(at_ms) => start + Duration::from_millis(at_ms),
            None => Instant::now() + LOOK_UP,
        };
        tokio::select! {
            changed = console.changed() => {
                if changed.is_err() {
                    return;
                }
                match console.borrow_and_update().clone() {
                    Some(view) => clerk.see(now_ms(), view),
                    None => clerk.lose_sight(),
                }
            }
            () = sleep_until(wake) => {}
        }
        if let Some(act) = clerk.poll(now_ms()) {
            let outcome = hands.act(&act).await;
            clerk.hear(now_ms(), &act, outcome);
        }
    }
}
