//! The simulated greeter, who checks identities through the interface of the greeters' tablets.

use std::time::Duration;

use queue_core::TicketId;
use reqwest::Client;
use serde::Deserialize;
use serde_json::json;

use super::pace::Pace;
use super::random::Random;

/// How long a check takes, from and to, life seconds.
const CHECK_S: (f64, f64) = (20.0, 70.0);
/// Somebody who comes in needs so long to the desk, and the greeter looks up that often; life seconds.
const LOOK_S: f64 = 15.0;
/// Share of the checks that fail.
const FAILS: f64 = 0.04;
/// Documents shown, with weights.
const DOCUMENTS: [(&str, u32); 4] = [
    ("national_id", 70),
    ("health_card", 18),
    ("driving_licence", 9),
    ("passport", 3),
];

/// Somebody at the desk.
pub(super) struct Greeter {
    /// For requests.
    pub(super) http: Client,
    /// `http://host:port` of the station.
    pub(super) server: String,
    /// Bearer token of a greeter.
    pub(super) token: &'static str,
    /// Speed of life.
    pub(super) pace: Pace,
    /// Chance.
    pub(super) random: Random,
}

#[derive(Deserialize)]
struct Waiting {
    id: TicketId,
}

impl Greeter {
    /// Checks whoever waits, one after another, for ever.
    pub(super) async fn run(mut self) {
        loop {
            let next = self.longest_waiting().await;
            let rest_s = match next {
                Some(_) => self.random.between(CHECK_S.0, CHECK_S.1),
                None => LOOK_S,
            };
            tokio::time::sleep(Duration::from_millis(self.pace.real_ms(rest_s))).await;
            if let Some(ticket) = next {
                self.check(ticket).await;
            }
        }
    }

    async fn longest_waiting(&self) -> Option<TicketId> {
        let address = format!("{}/api/v1/identity-checks", self.server);
        let answer = self.http.get(address).bearer_auth(self.token).send().await;
        let waiting: Vec<Waiting> = answer.ok()?.json().await.ok()?;
        waiting.first().map(|ticket| ticket.id)
    }

    async fn check(&mut self, ticket: TicketId) {
        let (verb, body) = if self.random.chance(FAILS) {
            ("refuse-identity", json!({"reason": "document_missing"}))
        } else {
            let document = self.random.weighted(&DOCUMENTS);
            let document = document.copied().unwrap_or("other");
            ("verify-identity", json!({"document": document}))
        };
        let address = format!("{}/api/v1/tickets/{ticket}/{verb}", self.server);
        let request = self.http.post(address).bearer_auth(self.token).json(&body);
        // Refused where the visitor has given up meanwhile.
        if let Err(error) = request.send().await {
            tracing::debug!(%ticket, %error, "no answer");
        }
    }
}
