//! Waiting for a condition.

use std::time::Duration;

use tokio::time::Instant;

/// How long a condition may take on a busy machine before the test fails. Far above what anything here needs: a test
/// that comes near it has found a fault.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Looks until `condition` yields something.
///
/// # Panics
/// After [`PATIENCE`], saying what was waited for.
pub async fn until<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(
            Instant::now() < deadline,
            "waited {PATIENCE:?} in vain for {what}"
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
