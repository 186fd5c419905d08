//! The interface for programs, as a stranger with the document in hand uses it: every operation, and every refusal with
//! its stable code.

mod appointments;
mod counters;
mod document;
mod identity;
mod limits;
mod mistakes;
mod paper;
mod people;
mod ratings;
mod sessions;
mod station;
mod statistics;
mod tickets;

use serde_json::Value;
use station_tests::{Answer, Client, Station};

/// A ticket as the interface tells it now.
async fn ticket(station: &Station, issued: &Value) -> Value {
    let path = issued["links"]["self"]
        .as_str()
        .expect("a ticket links to itself")
        .to_owned();
    station.anybody().get(&path).await.expect(200)
}

fn id(ticket: &Value) -> String {
    ticket["id"]
        .as_str()
        .expect("a ticket has an id")
        .to_owned()
}

async fn rate(client: &Client, body: Value) -> Answer {
    client.post("/api/v1/ratings", body).await
}
