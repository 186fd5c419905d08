//! Visitors with an appointment: they book on the web, most of them come, some early, some late, a few not at all.

use reqwest::Client;
use serde::Deserialize;
use serde_json::json;

use super::door::{Door, Setback};
use super::random::Random;
use queue_core::{ServiceId, StationTime, TicketId};

/// Share of those who come in who have booked, where their service can be booked.
const BOOK: f64 = 0.2;
/// Share of the booked who do not come.
const STAY_AWAY: f64 = 0.12;
/// Minutes from the slot to coming, at the least and at the most.
const COMES_MIN: (f64, f64) = (-22.0, 14.0);
/// Slots ahead that somebody considers.
const CONSIDERED: usize = 8;
/// Booked visitors whose coming is watched.
const WATCHED: usize = 60;

/// Somebody who will come.
#[derive(Debug)]
struct Expected {
    code: String,
    comes_at: StationTime,
}

/// The booked visitors.
#[derive(Debug, Default)]
pub(super) struct Booked {
    expected: Vec<Expected>,
}

#[derive(Deserialize)]
struct Slots {
    slots: Vec<Slot>,
}

#[derive(Deserialize)]
struct Slot {
    start: jiff::Timestamp,
    open: bool,
}

#[derive(Deserialize)]
struct Appointment {
    code: String,
}

impl Booked {
    /// Whether this visitor books instead of taking a ticket; a place is found if there is one.
    pub(super) async fn book(
        &mut self,
        door: &Door,
        service: &ServiceId,
        random: &mut Random,
    ) -> Result<bool, Setback> {
        if self.expected.len() >= WATCHED
            || door.app.slots_info(service).is_none()
            || !random.chance(BOOK)
        {
            return Ok(false);
        }
        let address = format!("{}/api/v1/slots?service={service}", door.server);
        let slots: Slots = read(door.http.get(address).send().await?).await?;
        let open = slots.slots.iter().filter(|slot| slot.open);
        let open: Vec<_> = open.take(CONSIDERED).collect();
        let Some(slot) = random.one(&open) else {
            return Ok(false);
        };
        let body = json!({"service": service, "start": slot.start.to_string(), "channel": "web"});
        let appointment: Appointment = read(post(&door.http, &door.server, &body).await?).await?;
        if !random.chance(STAY_AWAY) {
            let (least, most) = COMES_MIN;
            let after_ms = random.between(least, most) * 60_000.0;
            self.expected.push(Expected {
                code: appointment.code,
                comes_at: StationTime(slot.start.as_millisecond()).plus_ms(after_ms as i64),
            });
        }
        Ok(true)
    }

    /// Lets those check in who are here by `now`.
    pub(super) async fn arrive(
        &mut self,
        door: &Door,
        now: StationTime,
    ) -> Result<Option<TicketId>, Setback> {
        let here = self.expected.iter().position(|e| e.comes_at <= now);
        match here.map(|at| self.expected.swap_remove(at)) {
            Some(visitor) => door.check_in(&visitor.code).await,
            None => Ok(None),
        }
    }
}

async fn post(
    http: &Client,
    server: &str,
    body: &serde_json::Value,
) -> Result<reqwest::Response, Setback> {
    let address = format!("{server}/api/v1/appointments");
    Ok(http.post(address).json(body).send().await?)
}

async fn read<T: serde::de::DeserializeOwned>(answer: reqwest::Response) -> Result<T, Setback> {
    if answer.status().is_success() {
        Ok(answer.json().await?)
    } else {
        Err(Setback::Refused(answer.status()))
    }
}
