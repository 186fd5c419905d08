//! Visitors who touch services at the kiosk.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use reqwest::Method;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::hall::Hall;
use crate::{Client, PATIENCE};

const SERVICES: [&str; 3] = ["pick-up", "enquiries", "resident-certificate"];
/// Between one visitor and the next, in milliseconds.
const PAUSE_MS: std::ops::Range<u64> = 300..900;

/// A page that does not answer is touched again after this time.
const AGAIN: Duration = Duration::from_millis(250);

/// Visitors come until they are told to end, and then until so many have come.
pub(super) struct Visitors {
    day_is_over: Arc<AtomicBool>,
    issued: Issued,
    coming: JoinHandle<()>,
}

/// Ids of the tickets given out so far.
pub(super) type Issued = Arc<Mutex<Vec<String>>>;

impl Visitors {
    pub(super) fn start(hall: &Hall, at_least: usize, chance: &mut Rng) -> Self {
        let day_is_over = Arc::new(AtomicBool::new(false));
        let (kiosk, mut chance) = (hall.kiosk.clone(), chance.fork());
        let over = Arc::clone(&day_is_over);
        let issued = Arc::clone(&hall.issued);
        let into = Arc::clone(&issued);
        let coming = tokio::spawn(async move {
            let mut count = 0;
            while count < at_least || !over.load(Ordering::Relaxed) {
                let service = SERVICES[chance.usize(..SERVICES.len())];
                let id = touch(&kiosk, service).await;
                into.lock().expect("nobody panicked with it").push(id);
                count += 1;
                tokio::time::sleep(Duration::from_millis(chance.u64(PAUSE_MS))).await;
            }
        });
        Self {
            day_is_over,
            issued,
            coming,
        }
    }

    /// The tickets' ids, when the last visitor has one.
    pub(super) async fn end(self) -> Vec<String> {
        self.day_is_over.store(true, Ordering::Relaxed);
        self.coming.await.expect("visitors get tickets");
        let issued = self.issued.lock().expect("nobody panicked with it");
        issued.clone()
    }
}

/// Touches a service. A page that does not answer is touched again, as its script does, with the same key: one visitor, one
/// ticket.
async fn touch(kiosk: &Client, service: &str) -> String {
    let key = uuid::Uuid::new_v4().simple();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let form = format!("service={service}&key={key}");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = kiosk
            .try_send(Method::POST, "/ticket", &headers, Some(form.clone()))
            .await;
        let place = answer
            .ok()
            .and_then(|a| Some(a.header("location")?.to_owned()));
        let id = place
            .as_deref()
            .and_then(|place| place.strip_prefix("/ticket/"));
        if let Some(id) = id.and_then(|id| id.split('?').next()) {
            return id.to_owned();
        }
        assert!(
            Instant::now() < deadline,
            "the kiosk gives no ticket: {place:?}"
        );
        tokio::time::sleep(AGAIN).await;
    }
}
